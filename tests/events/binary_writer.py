"""Writing an .xlsb workbook of one sheet, record by record: no library of Python writes any."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Cell = str | float | tuple[float, int] | None
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def record(kind: int, data: bytes = b"") -> bytes:
    """Return a record."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide(text: str) -> bytes:
    """Return a text with its length before it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def relations(*targets: tuple[str, str, str]) -> str:
    """Return a part of relationships."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in targets
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def _style(number: int, font: int) -> bytes:
    return record(47, struct.pack("<3H", 0, number, font) + bytes(10))


def styles(formats: Sequence[str]) -> bytes:
    """Return the styles: 0 is plain, 1 and so on have the formats, the one after them strikes out."""
    fonts = [
        record(43, struct.pack("<5H", 220, flags, 400, raised, 0) + bytes(11)) for flags, raised in ((0, 0), (8, 0))
    ]
    codes = [record(44, struct.pack("<H", 164 + number) + wide(code)) for number, code in enumerate(formats)]
    xfs = [
        _style(0, 0),
        *(_style(164 + number, 0) for number in range(len(formats))),
        _style(0, 1),
    ]
    parts = [
        record(278),
        record(615, struct.pack("<I", len(codes))), *codes, record(616),
        record(611, struct.pack("<I", len(fonts))), *fonts, record(612),
        record(617, struct.pack("<I", len(xfs))), *xfs, record(618),
        record(279),
    ]  # fmt: skip
    return b"".join(parts)


def _cell(column: int, value: Cell) -> bytes:
    number, style = value if isinstance(value, tuple) else (value, 0)
    head = struct.pack("<I", column) + style.to_bytes(3, "little") + b"\0"
    if isinstance(number, str):
        return record(6, head + wide(number))
    return record(5, head + struct.pack("<d", number)) if number is not None else b""


def write(
    path: Path, rows: Sequence[Sequence[Cell]], formats: Sequence[str] = (), *, hidden: Sequence[int] = ()
) -> Path:
    """Write the workbook: a number may come with the number of its style, that of one of the formats counted from 1."""
    width = max(map(len, rows))
    sheet = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)) + record(145)
    for number, cells in enumerate(rows):
        flags = bytes([0, 0x10 if number + 1 in hidden else 0])
        sheet += record(0, struct.pack("<2IH", number, 0, 300) + flags + bytes(5))
        sheet += b"".join(_cell(column, value) for column, value in enumerate(cells))
    sheet += record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<2I", 0, 1) + wide("rId1") + wide("台账"))
    book += record(144) + record(132)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", relations(("rId1", "officeDocument", "xl/workbook.bin")))
        archive.writestr("xl/workbook.bin", book)
        sheets = relations(("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "styles", "styles.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", sheets)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr("xl/styles.bin", styles(formats))
    return path
