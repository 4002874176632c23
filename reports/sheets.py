"""The violation lists: CSV for programs, under the names of the verdict columns, and XLSX for people."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from engine.verdicts import SCHEMA
from reports.files import plain_row
from reports.texts import COLUMNS, MEANING, PAGE, SIGNS, STATUS, WORST_FIRST

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from reports.evaluation import Evaluation, Verdict

WIDTHS = {
    "unit_name": 18,
    "clause": 7,
    "title": 30,
    "subject": 24,
    "status": 11,
    "opened_on": 11,
    "due_on": 11,
    "met_on": 11,
    "required": 8,
    "measured": 8,
    "reason": 46,
    "quote": 46,
    "evidence": 26,
    "reading": 12,
    "obligation": 40,
}
"""Column widths of the violation sheet, in characters."""

FILLS = {"violated": "#F8D7DA", "late": "#FFE8C2", "unassessed": "#E7E0F7", "pending": "#DCEBFA", "met": "#DDF2E3"}
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run
LINE, MOST_LINES, WIDE = 14, 8, 0x2E7F  # points; lines of the highest row; letters beyond are Chinese
UNMEASURED = ("evidence", "obligation")  # ids, which may run on below the row
CELL = 32_767  # characters that a cell can hold
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: an apostrophe goes before one that looks so."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv_cell(value: object) -> str:
    """Return a value of a verdict row as a CSV cell."""
    if isinstance(value, list):
        return guarded(";".join(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return "" if value is None else guarded(str(value))


def write_csv(evaluation: Evaluation, path: Path) -> None:
    """Write what is violated or late, with the columns of the verdicts, as UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SCHEMA.names)
        for verdict in evaluation.breaches():
            row = plain_row(verdict.row)
            writer.writerow([_csv_cell(row[name]) for name in SCHEMA.names])


def _cell(verdict: Verdict, column: str, evaluation: Evaluation) -> object:
    """Return what a column of the violation sheet shows."""
    row = plain_row(verdict.row)
    special: dict[str, object] = {
        "title": verdict.title,
        "quote": verdict.quote,
        "status": f"{SIGNS[verdict.status]} {STATUS[verdict.status].in_(evaluation.lang)}",
        "evidence": "; ".join(verdict.row["evidence"]),
    }
    return special.get(column, row.get(column))


class _Book:
    """A workbook being written: its formats, and cells that are texts or numbers and never formulas."""

    def __init__(self, path: Path) -> None:
        """Start a workbook."""
        self.workbook = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.workbook.set_properties({"created": EPOCH})
        base = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9CED6", "font_size": 10}
        self.head = self._format({**base, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
        self.text = self._format(base)
        self.title = self._format({"bold": True, "font_size": 14})
        self.fills = {status: self._format({**base, "bg_color": colour}) for status, colour in FILLS.items()}

    def _format(self, properties: dict[str, Any]) -> Format:
        """Return a format in a font that has Chinese."""
        return self.workbook.add_format({"font_name": "Microsoft YaHei", **properties})

    def put(self, sheet: Worksheet, row: int, column: int, value: object, form: Format | None = None) -> None:
        """Write one cell."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value, form or self.text)
        elif value is None or value == "":
            sheet.write_blank(row, column, None, form or self.text)
        else:
            text = str(value)
            sheet.write_string(row, column, text if len(text) <= CELL else f"{text[: CELL - 1]}…", form or self.text)


def _lines(text: str, width: int) -> int:
    """Return the lines that a text takes in a column: a Chinese character is as wide as two others."""
    return sum(1 + sum(1 + (ord(letter) > WIDE) for letter in part) // width for part in text.split("\n"))


def _violation_row(book: _Book, sheet: Worksheet, number: int, verdict: Verdict, evaluation: Evaluation) -> None:
    """Write one verdict, its row as high as its texts need."""
    most = 1
    for column, name in enumerate(COLUMNS):
        value = _cell(verdict, name, evaluation)
        book.put(sheet, number, column, value, book.fills[verdict.status] if name == "status" else None)
        if name not in UNMEASURED:
            most = max(most, _lines(str(value or ""), WIDTHS[name]))
    sheet.set_row(number, LINE * min(most, MOST_LINES))


def _violation_sheet(book: _Book, evaluation: Evaluation) -> None:
    """Write the sheet of what is violated or late."""
    lang = evaluation.lang
    sheet = book.workbook.add_worksheet(PAGE["breaches"].in_(lang))
    breaches = evaluation.breaches()
    for column, (name, label) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, WIDTHS[name])
        book.put(sheet, 0, column, label.in_(lang), book.head)
    for number, verdict in enumerate(breaches, start=1):
        _violation_row(book, sheet, number, verdict, evaluation)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(breaches), 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.print_area(0, 0, max(len(breaches), 1), list(COLUMNS).index("reason"))
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if not breaches:
        book.put(sheet, 1, 0, PAGE["no_breaches"].in_(lang))


def _unit_sheet(book: _Book, evaluation: Evaluation) -> None:
    """Write the sheet of counts, a unit a row."""
    lang = evaluation.lang
    sheet = book.workbook.add_worksheet(PAGE["summary"].in_(lang))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(WORST_FIRST), 11)
    book.put(sheet, 0, 0, PAGE["unit"].in_(lang), book.head)
    for column, status in enumerate(WORST_FIRST, start=1):
        book.put(sheet, 0, column, f"{SIGNS[status]} {STATUS[status].in_(lang)}", book.head)
    for number, part in enumerate(evaluation.units, start=1):
        counts = part.counts()
        book.put(sheet, number, 0, part.unit.name)
        for column, status in enumerate(WORST_FIRST, start=1):
            count = counts.get(status, 0)
            book.put(sheet, number, column, count, book.fills.get(status) if count else None)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(evaluation.units), 1), len(WORST_FIRST))


def _about_sheet(book: _Book, evaluation: Evaluation) -> None:
    """Write the sheet that says what the list is and what its words mean."""
    lang = evaluation.lang
    sheet = book.workbook.add_worksheet(PAGE["about"].in_(lang))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    lines = [(PAGE["as_of"].in_(lang), evaluation.as_of.text)]
    lines += [(PAGE["books"].in_(lang), f"{one.title.in_(lang)}（{one.document}）") for one in evaluation.books]
    lines += [
        (PAGE["readings"].in_(lang), f"{rule}：{name}")
        for one in evaluation.books
        for rule, name in sorted(one.readings.items())
    ]
    lines += [(f"{SIGNS[status]} {STATUS[status].in_(lang)}", MEANING[status].in_(lang)) for status in WORST_FIRST]
    lines.append((PAGE["note"].in_(lang), PAGE["argue"].in_(lang)))
    for number, (name, text) in enumerate(lines):
        book.put(sheet, number, 0, name)
        book.put(sheet, number, 1, text)


def write_xlsx(evaluation: Evaluation, path: Path) -> None:
    """Write the violation list as a workbook: the list, the counts by unit, and what the words mean."""
    book = _Book(path)
    _violation_sheet(book, evaluation)
    _unit_sheet(book, evaluation)
    _about_sheet(book, evaluation)
    book.workbook.close()
