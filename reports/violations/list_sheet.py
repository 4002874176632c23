"""One sheet of a violation list: to filter, print, fill in and hand back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reports.output.texts import PAGE
from reports.output.workbook import print_setup, row_height
from reports.violations.texts import COLUMNS, INPUTS, LIST, PRINTED, TECHNICAL, WIDTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from events.problems import Lang
    from reports.output.workbook import Workbook

NAMES = list(COLUMNS)
CENTRED = ("number", "clause", "overdue")
FIRST_DAY = date(1949, 10, 1)


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a list.

    Attributes:
        status: the status of the verdict.
        unit: id of the unit.
        shown: the status whose colour the outcome of the rectification has.
        values: what the columns (`COLUMNS`) show, the number apart.
    """

    status: str
    unit: str
    shown: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ListHead:
    """What stands above and below every page of a list.

    Attributes:
        title: the title, without the name of the sheet.
        as_of: the as-of moment as it was put.
        lang: the language of its words.
    """

    title: str
    as_of: str
    lang: Lang


def list_sheet(book: Workbook, name: str, rows: Sequence[ListedRow], head: ListHead) -> None:
    """Write one sheet of the list."""
    lang = head.lang
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
    foot = f"{PAGE['as_of'].in_(lang)} {head.as_of}"
    print_setup(sheet, f"{head.title}：{name}", foot, (last, PRINTED - 1))
    if rows:
        _guard(sheet, len(rows), lang)
    else:
        book.put(sheet, 1, 1, LIST["none"].in_(lang))


def _head(book: Workbook, key: str) -> Format:
    """Return the look of a heading."""
    return book.input_head if key in INPUTS else book.grey_head if key in TECHNICAL else book.head


def _write_row(book: Workbook, sheet: Worksheet, number: int, row: ListedRow) -> None:
    """Write one row, as high as its texts need."""
    values = {"number": number, **row.values}
    for column, key in enumerate(NAMES):
        book.put(sheet, number, column, values[key], _form(book, key, row))
    sheet.set_row(number, row_height([(values[key], WIDTHS[key]) for key in NAMES[:PRINTED]]))


def _form(book: Workbook, key: str, row: ListedRow) -> Format | None:
    """Return the look of a cell; None for the plain one."""
    own = {
        "status": book.fills[row.status],
        "problem": book.problems[row.status],
        "outcome": book.fills.get(row.shown, book.centred) if row.values["outcome"] else book.centred,
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
