"""XLSX workbooks: every sheet that has a row of headings."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from events import findings
from events.grid import Grid
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED = 1 << 30
"""The most bytes that a workbook may unpack to."""
MAX_CELLS = 20_000_000
"""The most cells of a sheet, blank ones between others included: they are all held in memory."""
_OLD = b"\xd0\xcf\x11\xe0"
_COLUMN = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})\d')
_ROW = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="[A-Z]{1,3}(\d{1,7})"')


def read_grids(raw: bytes, path: Path) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the cells of every sheet that is not empty; merged cells have their value in each row.

    Args:
        raw: what is in the file.
        path: the file.
    """
    file = str(path)
    wrong = _locked_problem(raw, file) or _size_problem(raw, file)
    if wrong is not None:
        return (), (wrong,)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        grids = [_grid(book.get_sheet_by_name(name), file) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        return (), (_unreadable(file, str(error)),)
    return tuple(grid for grid in grids if grid.rows), ()


def _grid(sheet: CalamineSheet, file: str) -> Grid:
    """Return the cells of one sheet; rows that are blank at its end are left out."""
    rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if left < max((len(row) for row in rows), default=0) and rows[top : bottom + 1]:
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    while rows and all(one == "" for one in rows[-1]):
        rows.pop()
    return Grid(file, sheet.name, list(enumerate(rows, 1)))


def _locked_problem(raw: bytes, file: str) -> Problem | None:
    """Return the problem of a file that Excel kept in its old container: with a password, or in the old format."""
    if not raw.startswith(_OLD):
        return None
    fact = Text("工作簿有密码，或者是旧版 .xls 格式", "the workbook has a password, or is an old .xls")
    cure = Text("请去掉密码，另存为 .xlsx", "Save it as .xlsx without a password")
    return findings.simple("locked-file", Where(file), fact, cure)


def _size_problem(raw: bytes, file: str) -> Problem | None:
    """Return the problem of a file that is no workbook, or needs too much memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MAX_UNPACKED:
                fact = Text(f"工作簿展开后有 {size} 字节", f"the workbook unpacks to {size} bytes")
                return findings.simple("file-too-large", Where(file), fact, Text("请拆成几个文件", "Split it"))
            sheets = [one for one in archive.namelist() if one.startswith("xl/worksheets/") and one.endswith(".xml")]
            wide = any(_area(archive.read(one)) > MAX_CELLS for one in sheets)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError) as error:
        return _unreadable(file, str(error))
    if wide:
        fact = Text(
            "有内容离表格太远，整张表超过两千万格", "a cell is so far from the table that the sheet is too large"
        )
        cure = Text("请删去表格以外的单元格", "Delete what stands outside the table")
        return findings.simple("file-too-large", Where(file), fact, cure)
    return None


def _area(sheet: bytes) -> int:
    """Return how many cells there are from A1 to the last row and column of a sheet."""
    columns = set(_COLUMN.findall(sheet))
    rows = map(int, _ROW.findall(sheet))
    return max(rows, default=0) * max((_column_number(one) for one in columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _unreadable(file: str, detail: str) -> Problem:
    fact = Text(f"这不是可以读取的 XLSX 工作簿（{detail}）", f"this is not a readable XLSX workbook: {detail}")
    return findings.simple(
        "bad-workbook", Where(file), fact, Text("请在表格软件中另存为 .xlsx", "Save it again as .xlsx")
    )
