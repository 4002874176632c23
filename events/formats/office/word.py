"""Tables of Word documents (.docx): each is a table of the log, with the paragraphs above it as its titles."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from events import findings
from events.formats.office.xlsx_styles import LOWERED, RAISED
from events.grid import Flaw, Grid
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where
from events.rows import is_blank

if TYPE_CHECKING:
    from docx.table import Table, _Cell
    from docx.text.run import Run

_RATIO = 16 << 20


def read_word(raw: bytes, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the tables of a Word document.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    wrong = _wrong(raw, file)
    if wrong is not None:
        return (), (wrong,)
    import docx  # noqa: PLC0415 - it takes a while, and few logs are documents
    from docx.table import Table  # noqa: PLC0415

    try:
        blocks = list(docx.Document(io.BytesIO(raw)).iter_inner_content())
    except Exception as error:  # noqa: BLE001 - the reader of documents raises whatever a part makes it raise
        return (), (_unreadable(file, findings.shown(str(error))),)
    grids: list[Grid] = []
    above: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            grids.append(_grid(block, file, len(grids) + 1, above))
            above = []
        elif not is_blank(block.text):
            above.append(block.text)
    return tuple(one for one in grids if one.rows), ()


def _wrong(raw: bytes, file: str) -> Problem | None:
    """Return why a document is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        return _unreadable(file, findings.shown(str(error)))
    size = sum(one.file_size for one in entries)
    if size > limits().unpacked_bytes:
        return over_limit(Where(file), "unpacked_bytes", size)
    large = [one.file_size // max(one.compress_size, 1) for one in entries if one.file_size > _RATIO]
    return over_limit(Where(file), "ratio", max(large)) if max(large, default=0) > limits().ratio else None


def _grid(table: Table, file: str, number: int, above: list[str]) -> Grid:
    """Return the cells of a table; a merged cell has its value in each of its rows, and once in a row."""
    rows: list[list[object]] = []
    filled: dict[tuple[int, int], int] = {}
    first: dict[int, int] = {}
    wide: set[int] = set()
    for at, row in enumerate(table.rows, 1):
        cells: list[object] = [""] * row.grid_cols_before
        seen: dict[int, int] = {}
        for cell in row.cells:
            key = id(cell._tc)  # noqa: SLF001 - it is one for all places of a merged cell
            top = first.setdefault(key, at)
            if top != at and key not in seen:
                filled[at, len(cells) + 1] = top
            cells.append("" if key in seen else _value(cell))
            seen[key] = seen.get(key, 0) + 1
        if len(cells) > 1 and max(seen.values(), default=0) * 2 > len(cells):
            wide.add(at)
        rows.append(cells)
    titles = [(0, [text]) for text in above]
    return Grid(file, f"表格{number}", list(enumerate(rows, 1)), frozenset(wide), above=titles, filled=filled)


def _value(cell: _Cell) -> str | Flaw:
    """Return the text of a cell, or that a part of it is struck out."""
    lines = ["".join(_text(run) for run in one.runs) or one.text for one in cell.paragraphs]
    text = "\n".join(lines).strip()
    struck = any(
        run.font.strike or run.font.double_strike for one in cell.paragraphs for run in one.runs if run.text.strip()
    )
    return Flaw("struck", text) if struck and text else text


def _text(run: Run) -> str:
    raised = RAISED if run.font.superscript else LOWERED if run.font.subscript else None
    return run.text if raised is None else run.text.translate(raised)


def _unreadable(file: str, detail: str) -> Problem:
    fact = Text(f"这不是可以读取的 Word 文档（{detail}）", f"this is not a readable Word document: {detail}")
    cure = Text(
        "请在 Word 或 WPS 中另存为 .docx，或者把表格粘贴到 .xlsx",
        "Save it again as .docx, or paste its table into .xlsx",
    )
    return findings.simple("bad-document", Where(file), fact, cure)
