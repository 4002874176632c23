"""XLSX workbooks: every sheet that has a row of headings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from events import findings
from events.formats.checks.xlsx_texts import expanded, text_sizes
from events.formats.office.shown_cells import fill_merged, set_marks
from events.formats.office.xlsx_marks import (
    BadReferenceError,
    BookMarks,
    SheetError,
    SheetMarks,
    TooLargeError,
    read_book,
    read_marks,
)
from events.formats.office.xlsx_package import Package, locked, unpack, unreadable
from events.formats.office.xlsx_parts import RELATIONS, SHEETS, STYLES, TEXTS, WORKBOOK
from events.formats.office.xlsx_styles import Runs, rich_texts, style_looks
from events.grid import Grid
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLD = b"\xd0\xcf\x11\xe0"
DAY_ZERO, _DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_OUTSIDE = Text("有内容离表格太远的，请删去表格以外的单元格", "Delete what stands far outside the table")


def read_grids(raw: bytes, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the cells of every sheet that is not empty; merged cells have their value in each row.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    if raw.startswith(_OLD):
        return (), (locked(file),)
    package, wrong = unpack(raw, file)
    if package is None:
        return (), (wrong,) if wrong is not None else ()
    try:
        return _Book(package, file).grids()
    except (SheetError, CalamineError, OSError, ValueError) as error:
        return (), (unreadable(file, findings.shown(str(error))),)
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # a panic of the reader of cells is no Exception
            raise
        return (), (unreadable(file, findings.shown(str(error))),)


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook whose parts are unpacked."""

    package: Package
    file: str

    def grids(self) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
        """Return the sheets that are not empty, or why they cannot be read."""
        parts = self.package.parts
        if WORKBOOK not in parts:
            return (), (unreadable(self.file, f"{WORKBOOK}?"),)
        book = read_book(parts[WORKBOOK], parts.get(RELATIONS, b"<x/>"))
        if len(book.sheets) > limits().sheets:
            return (), (over_limit(Where(self.file), "sheets", len(book.sheets)),)
        marks, problems = self._marks(book)
        if problems:
            return (), tuple(problems)
        opened = CalamineWorkbook.from_filelike(self.package.packed())
        hidden = {one.name for one in opened.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
        zero = _DAY_ZERO_1904 if book.from_1904 else DAY_ZERO
        grids = [
            _grid(opened.get_sheet_by_name(name), self.file, marks[name], zero, hidden=name in hidden)
            for name in opened.sheet_names
            if name in marks
        ]
        return tuple(grid for grid in grids if grid.rows), ()

    def _marks(self, book: BookMarks) -> tuple[dict[str, SheetMarks], list[Problem]]:
        """Return what stands out in each sheet, and a problem for each that is too large."""
        parts = self.package.parts
        looks = style_looks(parts[STYLES]) if STYLES in parts else ()
        rich = rich_texts(parts[TEXTS]) if TEXTS in parts else {}
        marks: dict[str, SheetMarks] = {}
        problems: list[Problem] = []
        left = limits().cells  # of all sheets together: they can all be one part
        for name, part in book.sheets.items():
            if not part.startswith(SHEETS):
                continue  # a chart on a sheet of its own
            if part not in parts:
                problems.append(_missing_part(Where(self.file, sheet=name)))
                continue
            try:
                marks[name] = read_marks(parts[part], looks, rich, left, Runs)
                left -= marks[name].height * marks[name].width
            except TooLargeError as error:
                where = Where(self.file, sheet=name, cell=error.cell)
                problems.append(over_limit(where, "cells", limits().cells - left + error.cells, _OUTSIDE))
            except BadReferenceError as error:
                problems.append(_bad_reference(Where(self.file, sheet=name), error.reference))
        return marks, problems or self._too_much_text(marks)

    def _too_much_text(self, marks: Mapping[str, SheetMarks]) -> list[Problem]:
        """Return the problem of the sheet whose cells repeat more text than there may be, if one does."""
        sizes = text_sizes(self.package.parts)
        total = 0
        for name, one in marks.items():
            total += expanded(one.shared, sizes)
            if total > limits().text_bytes:
                return [over_limit(Where(self.file, sheet=name), "text_bytes", total)]
        return []


def _missing_part(where: Where) -> Problem:
    """Return the problem of a sheet whose cells are nowhere in the file."""
    fact = Text("文件里没有这张工作表的内容", "the cells of this sheet are nowhere in the file")
    cure = Text(
        "请在表格软件中打开检查，另存为 .xlsx", "Open it in a spreadsheet program, check it, and save it as .xlsx"
    )
    return findings.simple("missing-sheet", where, fact, cure)


def _bad_reference(where: Where, reference: str) -> Problem:
    """Return the problem of a cell that no sheet has."""
    shown = findings.shown(reference)
    fact = Text(f"单元格“{shown}”不存在", f"there is no cell {shown!r}")
    cure = Text(
        "最后一格是 XFD1048576，列名用大写；请在表格软件中打开检查，另存为 .xlsx",
        "The last cell is XFD1048576, columns are capitals; open it in a spreadsheet program and save it as .xlsx",
    )
    return findings.simple("bad-cell-reference", where, fact, cure, shown)


def _grid(sheet: CalamineSheet, file: str, marks: SheetMarks, zero: date, *, hidden: bool) -> Grid:
    """Return the cells of one sheet; rows that are blank at its end are left out."""
    rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    struck = set_marks(rows, marks)
    merged, filled = fill_merged(rows, sheet.merged_cell_ranges or ())
    while rows and all(one == "" for one in rows[-1]):
        rows.pop()
    hidden_rows = frozenset(
        number for number in marks.hidden_rows if number <= len(rows) and any(one != "" for one in rows[number - 1])
    )
    numbered = list(enumerate(rows, 1))
    return Grid(
        file,
        sheet.name,
        numbered,
        merged,
        hidden,
        hidden_rows,
        zero,
        filled=filled,
        struck=struck,
        doubtful=marks.doubtful,
    )
