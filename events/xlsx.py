"""XLSX workbooks: every sheet that has a row of headings."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from events import findings
from events.headings import Grid
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED = 1 << 30
"""The most bytes that a workbook may unpack to."""


def read_grids(raw: bytes, path: Path) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the cells of every sheet that is not empty; merged cells have their value in each row.

    Args:
        raw: what is in the file.
        path: the file.
    """
    file = str(path)
    wrong = _unpacked_problem(raw, file)
    if wrong is not None:
        return (), (wrong,)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        grids = [_grid(book.get_sheet_by_name(name), file) for name in book.sheet_names]
    except PasswordError:
        fact, cure = (
            Text("工作簿有密码", "the workbook has a password"),
            Text("请去掉密码后另存", "Save it without one"),
        )
        return (), (findings.simple("locked-file", Where(file), fact, cure),)
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


def _unpacked_problem(raw: bytes, file: str) -> Problem | None:
    """Return the problem of a file that is no workbook, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        return _unreadable(file, str(error))
    if size > MAX_UNPACKED:
        fact = Text(f"工作簿展开后有 {size} 字节", f"the workbook unpacks to {size} bytes")
        return findings.simple("file-too-large", Where(file), fact, Text("请拆成几个文件", "Split it"))
    return None


def _unreadable(file: str, detail: str) -> Problem:
    fact = Text(f"这不是可以读取的 XLSX 工作簿（{detail}）", f"this is not a readable XLSX workbook: {detail}")
    return findings.simple(
        "bad-workbook", Where(file), fact, Text("请在表格软件中另存为 .xlsx", "Save it again as .xlsx")
    )
