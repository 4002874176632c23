"""The violation list for people: a workbook to filter, print, fill in and hand back."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from reports.output.texts import PAGE, SIGNS, STATUS
from reports.output.workbook import Workbook, print_setup, row_height
from reports.violations.rectification import can_be_mended
from reports.violations.summary import add_about, add_ledger, add_summary
from reports.violations.texts import (
    COLUMNS,
    INPUTS,
    LIST,
    OUTCOME,
    OUTCOME_STATUS,
    PRINTED,
    TECHNICAL,
    WIDTHS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from reports.run.evaluation import Evaluation, Verdict
    from reports.violations.rectification import Item, Rectification

NAMES = list(COLUMNS)
CENTRED = ("number", "clause", "overdue")
EVIDENCE_SHOWN = 2
FIRST_DAY = date(1949, 10, 1)
SHEET_NAME = 31
"""How long the name of a sheet may be."""

_REFUSED = re.compile(r"[\[\]:*?/\\\x00-\x1f\u202a-\u202e\u2066-\u2069]")


def write_xlsx(evaluation: Evaluation, rectification: Rectification, path: Path) -> None:
    """Write the violation list as a workbook.

    Its sheets: the list, the counts with charts, what became of earlier problems, what the words mean, and a list for
    each unit where that is asked for.
    """
    book = Workbook(path)
    lang = evaluation.lang
    rows = _rows(evaluation, rectification)
    _list_sheet(book, LIST["list"].in_(lang), rows, evaluation)
    add_summary(book, evaluation, rectification)
    if rectification.items or rectification.earlier:
        add_ledger(book, evaluation, rectification)
    add_about(book, evaluation, rectification)
    if rectification.sheets_per_unit:
        taken = {sheet.get_name().casefold() for sheet in book.workbook.worksheets()}
        for part in evaluation.units:
            own = [row for row in rows if row.verdict.row["unit"] == part.unit.id]
            if own:
                _list_sheet(book, sheet_name(part.unit.name, taken), own, evaluation)
    book.close()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a sheet may have, unlike those taken, and take it."""
    plain = _REFUSED.sub("_", name).strip("' ") or "_"
    chosen, number = plain[:SHEET_NAME], 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{plain[: SHEET_NAME - 4]}~{number}"
    taken.add(chosen.casefold())
    return chosen


class _Row:
    """One row of the list."""

    __slots__ = ("item", "values", "verdict")

    def __init__(self, verdict: Verdict, item: Item | None, values: dict[str, object]) -> None:
        self.verdict = verdict
        self.item = item
        self.values = values


def _rows(evaluation: Evaluation, rectification: Rectification) -> list[_Row]:
    """Return the rows of the list, by unit in the order of the registry."""
    items = {item.obligation: item for item in rectification.items}
    found = []
    for verdict in evaluation.breaches():
        item = items.get(verdict.row["obligation"])
        found.append(_Row(verdict, item, _values(verdict, item, evaluation, rectification)))
    return found


def _values(
    verdict: Verdict, item: Item | None, evaluation: Evaluation, rectification: Rectification
) -> dict[str, object]:
    """Return what the columns of one row show, its number apart."""
    lang = evaluation.lang
    notes = item.notes if item is not None else None
    open_ = verdict.status == "violated"
    listed = item.due if item is not None and item.due is not None else rectification.due if open_ else None
    return {
        "unit": verdict.row["unit_name"],
        "task": verdict.title,
        "clause": verdict.clause,
        "quote": verdict.quote,
        "problem": _problem(verdict, evaluation),
        "document": verdict.row["document"],
        "due": verdict.due_on,
        "overdue": rectification.overdue(verdict, evaluation.as_of.day),
        "evidence": _evidence(verdict, evaluation),
        "rectify_by": listed,
        "person": notes.person if notes is not None else None,
        "rectification": notes.text if notes is not None else None,
        "done_on": notes.done_on if notes is not None else None,
        "outcome": _outcome(verdict, item, evaluation),
        "status": f"{SIGNS[verdict.status]} {STATUS[verdict.status].in_(lang)}",
        "obligation": verdict.row["obligation"],
        "listed_on": evaluation.as_of.day,
        "set_by": listed,
    }


def _problem(verdict: Verdict, evaluation: Evaluation) -> str:
    """Return the problem in words: the status, what it is about, and the reason."""
    lang = evaluation.lang
    subject = verdict.row["subject"]
    colon = "：" if lang == "zh" else ": "
    about = [f"{LIST['subject'].in_(lang)}{colon}{subject}"] if subject else []
    return "\n".join([f"{SIGNS[verdict.status]} {STATUS[verdict.status].in_(lang)}", *about, verdict.row["reason"]])


def _evidence(verdict: Verdict, evaluation: Evaluation) -> str:
    """Return the evidence, an entry a line; of many the first few, the derivation on the unit's page has all."""
    lines = list(verdict.evidence[:EVIDENCE_SHOWN])
    if len(verdict.evidence) > EVIDENCE_SHOWN:
        lines.append(f"… {len(verdict.evidence)}")
    return "\n".join(lines) or LIST["no_record"].in_(evaluation.lang)


def _outcome(verdict: Verdict, item: Item | None, evaluation: Evaluation) -> str:
    """Return what became of a problem that was known before, or that a new problem is made good already."""
    lang = evaluation.lang
    if item is not None:
        return OUTCOME[item.outcome].in_(lang)
    if verdict.status == "violated" and not can_be_mended(verdict, evaluation):
        return OUTCOME["past"].in_(lang)
    return LIST["made_good"].in_(lang) if verdict.status == "late" else ""


def _list_sheet(book: Workbook, name: str, rows: Sequence[_Row], evaluation: Evaluation) -> None:
    """Write one sheet of the list."""
    lang = evaluation.lang
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    for column, (key, label) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, WIDTHS[key])
        book.put(sheet, 0, column, label.in_(lang), _head(book, key))
    sheet.set_row(0, 32)
    for number, row in enumerate(rows, start=1):
        _write_row(book, sheet, number, row)
    last = max(len(rows), 1)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(NAMES) - 1)
    title = f"{evaluation.registry.name[:40]}{PAGE['title'].in_(lang)}：{name}"
    print_setup(sheet, title, f"{PAGE['as_of'].in_(lang)} {evaluation.as_of.text}", (last, PRINTED - 1))
    if rows:
        _guard(sheet, len(rows), lang)
    else:
        book.put(sheet, 1, 1, LIST["none"].in_(lang))


def _head(book: Workbook, key: str) -> Format:
    """Return the look of a heading."""
    return book.input_head if key in INPUTS else book.grey_head if key in TECHNICAL else book.head


def _write_row(book: Workbook, sheet: Worksheet, number: int, row: _Row) -> None:
    """Write one row, as high as its texts need."""
    values = {"number": number, **row.values}
    for column, key in enumerate(NAMES):
        book.put(sheet, number, column, values[key], _form(book, key, row))
    sheet.set_row(number, row_height([(values[key], WIDTHS[key]) for key in NAMES[:PRINTED]]))


def _form(book: Workbook, key: str, row: _Row) -> Format | None:
    """Return the look of a cell; None for the plain one."""
    shown = OUTCOME_STATUS[row.item.outcome] if row.item is not None else "met"
    own = {
        "status": book.fills[row.verdict.status],
        "problem": book.problems[row.verdict.status],
        "outcome": book.fills.get(shown, book.centred) if row.values["outcome"] else book.centred,
        "rectify_by": book.input_day,
        "done_on": book.input_day,
        "obligation": book.grey,
        "listed_on": book.grey_day,
        "set_by": book.grey_day,
    }
    return own.get(key) or (book.input if key in INPUTS else book.centred if key in CENTRED else None)


def _guard(sheet: Worksheet, rows: int, lang: str) -> None:
    """Let only dates into the columns of days, and nothing be typed over what the list is read back by."""
    said = {name: text.zh if lang == "zh" else text.en for name, text in LIST.items()}
    for key in ("rectify_by", "done_on"):
        column = NAMES.index(key)
        hint = said["date_hint" if key == "rectify_by" else "done_hint"]
        rule = {"validate": "date", "criteria": ">", "value": FIRST_DAY, "ignore_blank": True, "error_message": hint}
        sheet.data_validation(1, column, rows, column, {**rule, "input_message": hint})
    for key in TECHNICAL:
        column = NAMES.index(key)
        rule = {"validate": "custom", "value": "=FALSE", "ignore_blank": False}
        words = {"error_title": said["warning_title"], "error_message": said["warning"]}
        sheet.data_validation(1, column, rows, column, {**rule, **words})
