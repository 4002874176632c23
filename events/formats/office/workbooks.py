"""Spreadsheets and documents by what is in them, whatever their extension says: .xlsx, .xls, .ods, .xlsb, .docx."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from events import findings
from events.formats.office import opendocument, word, xlsx
from events.formats.office.binary_workbook import binary_marks
from events.formats.office.guarded import read_workbook
from events.formats.office.old_workbook import OLE, old_marks
from events.formats.office.shown_cells import fill_merged, set_marks
from events.formats.office.xlsx_marks import SheetMarks
from events.formats.office.xlsx_package import locked
from events.grid import Grid
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from events.formats.office.guarded import GuardedSheet

_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<head|<style)", re.IGNORECASE)
_FLAT = b"office:document"
_BOM = b"\xef\xbb\xbf"

Found = tuple[tuple[Grid, ...], tuple[Problem, ...]]


def read_sheets(raw: bytes, file: str) -> Found | None:
    """Return the tables of a spreadsheet or a document, and what is wrong; None where the file is a text.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    if raw.startswith(OLE):
        grids, problems = _guarded(raw, file, old_marks(raw))
        damaged = any(one.code == "bad-workbook" for one in problems)
        # an encrypted .xlsx lies in a container of the same kind, without a workbook in it
        wrong = (locked(file),) if damaged and "Workbook".encode("utf-16-le") not in raw else problems
        return grids, wrong
    if raw.startswith(b"PK"):
        return _zipped(raw, file)
    head = raw.removeprefix(_BOM)[:2000]
    if _HTML.match(head):
        return (), (_html(file),)
    if head.lstrip().startswith(b"<?xml") and _FLAT in head:
        return opendocument.read_opendocument(raw, file)
    return None


def _zipped(raw: bytes, file: str) -> Found:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = {one.replace("\\", "/").casefold() for one in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        names = set()
    if "content.xml" in names and "mimetype" in names:
        return opendocument.read_opendocument(raw, file)
    if "word/document.xml" in names:
        return word.read_word(raw, file)
    if "xl/workbook.bin" in names:
        return _binary(raw, file)
    return xlsx.read_grids(raw, file)


def _guarded(raw: bytes, file: str, marks: dict[str, SheetMarks]) -> Found:
    """Return the tables of a workbook that only the native reader reads, in a process of its own."""
    sheets, wrong = read_workbook(raw, file)
    if wrong is not None:
        return (), (wrong,)
    grids = [_grid(one, file, marks.get(one.name, SheetMarks())) for one in sheets]
    return tuple(one for one in grids if one.rows), ()


def _grid(sheet: GuardedSheet, file: str, marks: SheetMarks) -> Grid:
    rows = sheet.rows
    struck = set_marks(rows, marks)
    merged, filled = fill_merged(rows, sheet.merged)
    while rows and all(one == "" for one in rows[-1]):
        rows.pop()
    hidden = frozenset(
        one for one in marks.hidden_rows if one <= len(rows) and any(cell != "" for cell in rows[one - 1])
    )
    numbered = list(enumerate(rows, 1))
    return Grid(
        file,
        sheet.name,
        numbered,
        merged,
        sheet.hidden,
        hidden,
        xlsx.DAY_ZERO,
        filled=filled,
        struck=struck,
        doubtful=marks.doubtful,
    )


def _binary(raw: bytes, file: str) -> Found:
    """Return the tables of an .xlsb workbook; where its number formats cannot be read, that is told if it matters."""
    marks = binary_marks(raw)
    grids, problems = _guarded(raw, file, marks or {})
    numbers = any(
        isinstance(one, float) and not isinstance(one, bool) for grid in grids for _, row in grid.rows for one in row
    )
    return grids, (*problems, *([_formats_unread(file)] if numbers and marks is None else ()))


def _formats_unread(file: str) -> Problem:
    fact = Text(
        "这个 xlsb 工作簿的数字格式读不到：显示为 97% 的读作 0.97，显示为 000012 的读作 12",
        "the number formats of this xlsb workbook cannot be read: 97% is read as 0.97, 000012 as 12",
    )
    cure = Text(
        "有百分数或者带格式的编号的，请另存为 .xlsx", "Where it has percentages or formatted numbers, save it as .xlsx"
    )
    return Problem("formats-unread", Where(file), fact, cure, None, "warning")


def _html(file: str) -> Problem:
    fact = Text("这是网页，不是工作簿（系统导出时改了扩展名）", "this is a web page with the extension of a workbook")
    cure = Text("请在 WPS 或 Excel 中打开，另存为 .xlsx", "Open it in a spreadsheet program and save it as .xlsx")
    return findings.simple("web-page", Where(file), fact, cure)
