"""What an .xls workbook (BIFF8) says beside the values: number formats, struck-out fonts, errors, hidden rows.

The reader of cells hands over values only. The records are those of [MS-XLS]; what is not understood says nothing.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from events.formats.number_formats import BUILT_IN, Look, look_numbered
from events.formats.xlsx_marks import SheetMarks
from events.grid import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

OLE = b"\xd0\xcf\x11\xe0"
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_SHORT_STREAM = 4096
_FONT, _FORMAT, _XF, _SHEET, _ROW, _MULTIPLE, _ERROR, _FORMULA = 0x31, 0x41E, 0xE0, 0x85, 0x208, 0xBD, 0x205, 0x06
_CELLS = frozenset({0x203, 0x27E, 0xFD, 0x204, _FORMULA, _ERROR, 0xD6})
_STRUCK, _HIDDEN_ROW = 0x08, 0x20
_SKIPPED_FONT = 4
"""There is no font of this number: those after it are counted one too high."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def old_marks(raw: bytes) -> dict[str, SheetMarks]:
    """Return what stands out in each sheet of an .xls workbook, by the sheet's name; nothing where it is damaged."""
    try:
        stream = _workbook(raw)
        return _marks(stream) if stream else {}
    except (struct.error, IndexError, ValueError, OverflowError):
        return {}


def _workbook(raw: bytes) -> bytes:
    """Return the stream of the workbook in a compound file."""
    shift = struct.unpack_from("<H", raw, 30)[0]
    size = 1 << shift
    if not 7 <= shift <= 16:  # noqa: PLR2004 - no compound file has other sectors
        return b""

    def sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    heads = [one for one in struct.unpack_from("<109I", raw, 76) if one < _END]
    following, count = struct.unpack_from("<2I", raw, 68)
    for _ in range(min(count, len(raw) // size)):
        part = struct.unpack(f"<{size // 4}I", sector(following))
        heads += [one for one in part[:-1] if one < _END]
        following = part[-1]
    table = [entry for head in heads for entry in struct.unpack(f"<{size // 4}I", sector(head))]

    def stream(start: int) -> bytes:
        pieces, seen = [], 0
        while start < len(table) and seen <= len(table):
            pieces.append(sector(start))
            start, seen = table[start], seen + 1
        return b"".join(pieces)

    directory = stream(struct.unpack_from("<I", raw, 48)[0])
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, bytes_ = struct.unpack_from("<2I", directory, at + 116)
        if name in {"Workbook", "Book"} and bytes_ >= _SHORT_STREAM:
            return stream(start)[:bytes_]
    return b""


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
    styles: list[tuple[int, int]] = []
    sheets: dict[str, int] = {}
    for kind, data in _records(stream, 0):
        if kind == _FONT:
            fonts.append(bool(struct.unpack_from("<H", data, 2)[0] & _STRUCK))
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", data, 0)[0]] = _text(data[2:], 2)
        elif kind == _XF:
            font, number = struct.unpack_from("<2H", data, 0)
            styles.append((number, font - (font > _SKIPPED_FONT)))
        elif kind == _SHEET:
            sheets[_text(data[6:], 1)] = struct.unpack_from("<I", data, 0)[0]
    looks = [look_numbered(number, formats, struck=font < len(fonts) and fonts[font]) for number, font in styles]
    return {name: _sheet(stream, at, looks) for name, at in sheets.items()}


def _text(data: bytes, width: int) -> str:
    """Return a text with its length before it, of one or two bytes."""
    length = data[0] if width == 1 else struct.unpack_from("<H", data, 0)[0]
    wide = data[width] & 1
    body = data[width + 1 : width + 1 + length * (1 + wide)]
    return body.decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet(stream: bytes, at: int, looks: list[Look]) -> SheetMarks:
    marks = SheetMarks()
    for kind, data in _records(stream, at):
        if kind == _ROW and len(data) >= 14 and struct.unpack_from("<H", data, 12)[0] & _HIDDEN_ROW:  # noqa: PLR2004
            marks.hidden_rows.add(struct.unpack_from("<H", data, 0)[0] + 1)
        elif kind in _CELLS:
            row, column, style = struct.unpack_from("<3H", data, 0)
            error = _error(kind, data)
            if error is not None:
                marks.flaws[row, column] = Flaw("error", error)
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
