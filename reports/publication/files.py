"""The files of a publication: a page, a workbook, and the receipt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.texts import COLUMNS, PAGE, SIGNS, STATUS
from reports.output.workbook import Workbook, print_setup, row_height
from reports.pages.html import render

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from events.problems import Lang
    from reports.publication.version import Published, PublishedRow

RECEIPT, PAGE_FILE, WORKBOOK = "receipt.json", "index.html", "published.xlsx"

TITLE = Text("政务公开工作落实情况", "Open-government duties: what became of them")
WIDTHS = {
    "unit": 20,
    "document": 20,
    "clause": 8,
    "task": 34,
    "subject": 28,
    "word": 12,
    "due": 12,
    "met": 12,
    "reason": 60,
}
HEADS = {
    "unit": COLUMNS["unit_name"],
    "document": Text("依据", "Document"),
    "clause": COLUMNS["clause"],
    "task": COLUMNS["title"],
    "subject": COLUMNS["subject"],
    "word": COLUMNS["status"],
    "due": COLUMNS["due_on"],
    "met": COLUMNS["met_on"],
    "reason": COLUMNS["reason"],
}


def write_publication(published: Published, folder: Path, lang: Lang) -> None:
    """Write `index.html`, `published.xlsx` and `receipt.json` into an empty folder."""
    page = render("publication.html.j2", lang, {"published": published, "heads": HEADS, "main": TITLE})
    (folder / PAGE_FILE).write_text(page, encoding="utf-8", newline="\n")
    _workbook(published, folder / WORKBOOK, lang)
    text = json.dumps(published.receipt, ensure_ascii=False, indent=2) + "\n"
    (folder / RECEIPT).write_text(text, encoding="utf-8", newline="\n")


def _workbook(published: Published, path: Path, lang: Lang) -> None:
    """Write the workbook: the counts of each unit, and every verdict."""
    book = Workbook(path)
    title, foot = f"{published.county[:40]}{TITLE.in_(lang)}", f"{PAGE['as_of'].in_(lang)} {published.as_of}"
    sheet = book.workbook.add_worksheet(PAGE["summary"].in_(lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(published.statuses), 12)
    heads = [f"{SIGNS[status]} {STATUS[status].in_(lang)}" for status in published.statuses]
    book.heads(sheet, [PAGE["unit"].in_(lang), *heads])
    for number, (unit, counts) in enumerate(published.units, start=1):
        book.put(sheet, number, 0, unit)
        for column, status in enumerate(published.statuses, start=1):
            book.put(sheet, number, column, counts.get(status), book.fills.get(status, book.centred))
    sheet.freeze_panes(1, 1)
    print_setup(sheet, title, foot, (len(published.units), len(published.statuses)))
    sheet = book.workbook.add_worksheet(Text("逐项", "Duties").in_(lang))
    sheet.hide_gridlines(2)
    for column, (name, label) in enumerate(HEADS.items()):
        sheet.set_column(column, column, WIDTHS[name])
        book.put(sheet, 0, column, label.in_(lang), book.head)
    for number, row in enumerate(published.rows, start=1):
        _write_row(book, sheet, number, row)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(published.rows), 1), len(HEADS) - 1)
    print_setup(sheet, title, foot, (max(len(published.rows), 1), len(HEADS) - 1))
    book.close()


def _write_row(book: Workbook, sheet: Worksheet, number: int, row: PublishedRow) -> None:
    """Write one verdict."""
    values = {name: getattr(row, name) for name in HEADS} | {"word": f"{row.sign} {row.word}"}
    for column, (name, value) in enumerate(values.items()):
        book.put(sheet, number, column, value, book.fills.get(row.status) if name == "word" else None)
    sheet.set_row(number, row_height([(value, WIDTHS[name]) for name, value in values.items()]))
