"""Marks of an .xls workbook (BIFF8) beside the values: formats, struck-out and raised fonts, errors, hidden rows.

The reader of cells hands over values only. The records are those of [MS-XLS]; what is not understood says nothing.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from events.formats.compound_file import CompoundFile
from events.formats.office.binary_workbook import shown_runs
from events.formats.office.number_formats import BUILT_IN, Look, look_numbered
from events.formats.office.xlsx_marks import SheetMarks
from events.grid import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OLE = b"\xd0\xcf\x11\xe0"
_FONT, _FORMAT, _XF, _SHEET, _ROW, _MULTIPLE, _ERROR, _FORMULA = 0x31, 0x41E, 0xE0, 0x85, 0x208, 0xBD, 0x205, 0x06
_LABEL, _SHARED, _CONTINUED = 0xFD, 0xFC, 0x3C
_CELLS = frozenset({0x203, 0x27E, _LABEL, 0x204, _FORMULA, _ERROR, 0xD6})
_RICH, _PHONETIC = 0x08, 0x04
_STRUCK, _HIDDEN_ROW = 0x08, 0x20
_SKIPPED_FONT = 4
"""There is no font of this number: those after it are counted one too high."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def old_marks(raw: bytes) -> dict[str, SheetMarks]:
    """Return what stands out in each sheet of an .xls workbook, by the sheet's name; nothing where it is damaged."""
    try:
        stream = CompoundFile(raw).find({"Workbook", "Book"})
        return _marks(stream) if stream else {}
    except (struct.error, IndexError, ValueError, OverflowError):
        return {}


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place on, up to the end of that part."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        depth += {0x809: 1, 0x0A: -1}.get(kind, 0)
        if depth <= 0:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _marks(stream: bytes) -> dict[str, SheetMarks]:
    formats: dict[int, str] = dict(BUILT_IN)
    fonts: list[bool] = []
    raised: list[int] = []
    shared: list[bytes] = []
    styles: list[tuple[int, int]] = []
    sheets: dict[str, int] = {}
    before = 0
    for kind, data in _records(stream, 0):
        if kind == _FONT:
            fonts.append(bool(struct.unpack_from("<H", data, 2)[0] & _STRUCK))
            raised.append(struct.unpack_from("<H", data, 8)[0])
        elif kind == _SHARED or (kind == _CONTINUED and shared and before in {_SHARED, _CONTINUED}):
            shared.append(data)
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", data, 0)[0]] = _text(data[2:], 2)
        elif kind == _XF:
            font, number = struct.unpack_from("<2H", data, 0)
            styles.append((number, font - (font > _SKIPPED_FONT)))
        elif kind == _SHEET:
            sheets[_text(data[6:], 1)] = struct.unpack_from("<I", data, 0)[0]
        before = kind
    looks = [look_numbered(number, formats, struck=font < len(fonts) and fonts[font]) for number, font in styles]
    texts = _rich_texts(shared, fonts, raised)
    return {name: _sheet(stream, at, looks, texts) for name, at in sheets.items()}


class _Blocks:
    """Goes through the content of a record that goes on in others; characters that do have their width told again."""

    def __init__(self, blocks: Sequence[bytes]) -> None:
        self._blocks = blocks
        self._block, self._at = 0, 0

    def take(self, number: int) -> bytes:
        """Return the next bytes."""
        taken = b""
        while len(taken) < number:
            piece = self._blocks[self._block][self._at : self._at + number - len(taken)]
            taken += piece
            self._at += len(piece)
            if len(taken) < number:
                self._block, self._at = self._block + 1, 0
        return taken

    def characters(self, number: int, *, wide: bool) -> str:
        """Return the next characters, of two bytes each or of one."""
        text = ""
        while len(text) < number:
            block = self._blocks[self._block]
            count = min(number - len(text), (len(block) - self._at) >> wide)
            piece = block[self._at : self._at + (count << wide)]
            text += piece.decode("utf-16-le" if wide else "latin-1", "replace")
            self._at += len(piece)
            if len(text) < number:
                self._block, self._at = self._block + 1, 1
                wide = bool(self._blocks[self._block][0] & 1)
        return text


def _rich_texts(blocks: Sequence[bytes], struck: list[bool], raised: list[int]) -> dict[int, str | Flaw]:
    """Return the shared texts with parts in raised or struck-out fonts, by number, as they are shown."""
    found: dict[int, str | Flaw] = {}
    if not blocks or not (any(struck) or any(raised)):
        return found
    parts = _Blocks(blocks)
    _, total = struct.unpack("<2I", parts.take(8))
    for number in range(min(total, sum(map(len, blocks)))):
        length, flags = struct.unpack("<HB", parts.take(3))
        count = struct.unpack("<H", parts.take(2))[0] if flags & _RICH else 0
        beside = struct.unpack("<I", parts.take(4))[0] if flags & _PHONETIC else 0
        text = parts.characters(length, wide=bool(flags & 1))
        runs = [struct.unpack("<2H", parts.take(4)) for _ in range(count)]
        parts.take(beside)
        fitting = [(start, font - (font > _SKIPPED_FONT)) for start, font in runs]
        shown = shown_runs(text, fitting, struck, raised) if runs else None
        if shown is not None:
            found[number] = shown
    return found


def _text(data: bytes, width: int) -> str:
    """Return a text with its length before it, of one or two bytes."""
    length = data[0] if width == 1 else struct.unpack_from("<H", data, 0)[0]
    wide = data[width] & 1
    body = data[width + 1 : width + 1 + length * (1 + wide)]
    return body.decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet(stream: bytes, at: int, looks: list[Look], texts: Mapping[int, str | Flaw]) -> SheetMarks:
    marks = SheetMarks()
    for kind, data in _records(stream, at):
        if kind == _ROW and len(data) >= 14 and struct.unpack_from("<H", data, 12)[0] & _HIDDEN_ROW:  # noqa: PLR2004
            marks.hidden_rows.add(struct.unpack_from("<H", data, 0)[0] + 1)
        elif kind in _CELLS:
            row, column, style = struct.unpack_from("<3H", data, 0)
            error = _error(kind, data)
            if error is not None:
                marks.flaws[row, column] = Flaw("error", error)
            if kind == _LABEL and (text := texts.get(struct.unpack_from("<I", data, 6)[0])) is not None:
                marks.texts[row, column] = text
            _look(marks, row, column, style, looks)
        elif kind == _MULTIPLE:
            row, first = struct.unpack_from("<2H", data, 0)
            for index in range((len(data) - 6) // 6):
                _look(marks, row, first + index, struct.unpack_from("<H", data, 4 + index * 6)[0], looks)
    return marks


def _error(kind: int, data: bytes) -> str | None:
    """Return the error that a cell came to, None where it has a value."""
    if kind == _ERROR and data[7]:
        return _ERRORS.get(data[6], "#N/A")
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004 - an error
        return _ERRORS.get(data[8], "#N/A")
    return None


def _look(marks: SheetMarks, row: int, column: int, style: int, looks: list[Look]) -> None:
    if style < len(looks) and (looks[style].struck or looks[style].kind != "plain"):
        marks.looks[row, column] = looks[style]
