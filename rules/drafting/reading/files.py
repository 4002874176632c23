"""Read a document by the form of its content: Word, PDF, HTML, spreadsheet or text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from events.formats.decoding import decode
from events.formats.office.workbooks import read_sheets
from events.grid import ShownNumber
from events.problems import Problem, Text, Where
from events.storage.files import NotOrdinaryError
from events.storage.ordinary import TooLongError, read_ordinary
from rules.drafting.blocks import Document, TableRow
from rules.drafting.reading.docx import read_docx
from rules.drafting.reading.html import read_html
from rules.drafting.reading.pdf import read_pdf
from rules.drafting.reading.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 64 << 20
"""How large a document may be."""

_OLE: Final = b"\xd0\xcf\x11\xe0"
_SHEETS: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".et")
_PAGES: Final = (".html", ".htm", ".xhtml", ".mht")


def read_document(path: Path) -> Document:
    """Return the paragraphs and rows of a document; what is wrong with it is among its problems."""
    name = str(path)
    try:
        content = read_ordinary(path, MOST_BYTES)
    except (NotOrdinaryError, TooLongError, OSError) as error:
        fact = Text(f"读不了“{path}”：{error.strerror or error}", f"cannot read {path}: {error.strerror or error}")
        cure = Text("写上文件的路径：docx、pdf、html、xlsx 或 txt", "Name a file: docx, pdf, html, xlsx or txt")
        return Document((), (Problem("not-readable", Where(name), fact, cure),))
    return _by_form(name, path.suffix.lower(), content)


def _by_form(name: str, ending: str, content: bytes) -> Document:
    """Return what the reader for a content's form gives."""
    if content.startswith(b"%PDF"):
        return read_pdf(name, content)
    if ending in _SHEETS:
        return _read_sheets(name, content)
    if ending in (".docx", ".doc", ".wps") or content.startswith((b"PK\x03\x04", _OLE)):
        return read_docx(name, content)
    if ending in _PAGES or content.lstrip()[:1] == b"<":
        return read_html(name, content)
    text, problems = decode(content, name)
    return Document((), problems) if text is None else read_text(name, text)


def _read_sheets(name: str, content: bytes) -> Document:
    """Return the rows of the visible sheets of a workbook, its cells as a person sees them (95%, 6月30日)."""
    found = read_sheets(content, name)
    grids, problems = found if found is not None else ((), (_no_workbook(name),))
    wrong = next((one for one in problems if one.severity == "error"), None)
    if wrong is not None:
        return Document((), (_locked(name) if wrong.code == "locked-file" else wrong,))
    blocks = []
    for page, grid in enumerate(one for one in grids if not one.hidden):
        for number, row in grid.rows:
            cells = tuple("" if (number, at) in grid.filled else _shown(value) for at, value in enumerate(row, 1))
            if any(cells):
                blocks.append(TableRow(cells, Where(name, sheet=grid.sheet, cell=f"A{number}"), page))
    return Document(tuple(blocks))


def _no_workbook(name: str) -> Problem:
    fact = Text("这不是工作簿", "this is no workbook")
    cure = Text("在表格软件里另存为 .xlsx", "Save it as .xlsx in a spreadsheet program")
    return Problem("not-readable", Where(name), fact, cure)


def _locked(name: str) -> Problem:
    fact = Text("这个工作簿加了密码", "this workbook has a password")
    cure = Text("在表格软件里去掉密码，另存为 .xlsx", "Take the password away, and save it as .xlsx")
    return Problem("encrypted", Where(name), fact, cure)


def _shown(value: object) -> str:
    """Return a cell's value as text."""
    if isinstance(value, ShownNumber):
        return value.shown
    if isinstance(value, date):
        return f"{value:%Y年}{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
