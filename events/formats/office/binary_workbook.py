"""Marks of an .xlsb workbook beside the values: number formats, struck-out and raised fonts, errors, hidden rows.

The reader of cells hands over values only. The records are those of [MS-XLSB]; what is not understood says nothing.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from events.formats.office.number_formats import BUILT_IN, Look, look_numbered
from events.formats.office.xlsx_marks import SheetMarks
from events.formats.office.xlsx_styles import LOWERED, RAISED
from events.grid import Flaw
from events.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW, _ERROR, _SHARED, _FORMULA_ERROR, _TEXT = 0, 3, 7, 11, 19
_LAST_CELL = 11
_FONT, _FORMAT, _STYLE, _SHEET = 43, 44, 47, 156
_STYLES, _STYLES_END = 617, 618
_STRUCK, _HIDDEN, _RICH = 0x08, 0x10, 0x01
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_RELATIONS = "xl/_rels/workbook.bin.rels"


@dataclass(slots=True)
class _Styles:
    """The fonts and styles of a workbook."""

    formats: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    struck: list[bool] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)


def binary_marks(raw: bytes) -> dict[str, SheetMarks] | None:
    """Return what stands out in each sheet of an .xlsb workbook, by the sheet's name; None where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _marks(archive)
    except (zipfile.BadZipFile, struct.error, IndexError, KeyError, ValueError, OverflowError, OSError):
        return None
    except etree.XMLSyntaxError:
        return None


def _marks(archive: zipfile.ZipFile) -> dict[str, SheetMarks]:
    names = {one.casefold(): one for one in archive.namelist()}

    def part(name: str) -> bytes:
        info = archive.getinfo(names[name.casefold()])
        if info.file_size > limits().unpacked_bytes:
            message = name
            raise ValueError(message)
        return archive.read(info)

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    tree = etree.fromstring(part(_RELATIONS), parser)
    targets = {str(one.get("Id")): str(one.get("Target")) for one in tree}
    styles = _styles(part("xl/styles.bin")) if "xl/styles.bin" in names else _Styles()
    shared = "xl/sharedstrings.bin" in names
    texts = _rich_texts(part("xl/sharedStrings.bin"), styles) if shared else {}
    found = {}
    for kind, data in _records(part("xl/workbook.bin")):
        if kind == _SHEET:
            relation, at = _text(data, 8)
            name, _ = _text(data, at)
            place = posixpath.normpath(posixpath.join("xl", targets[relation])).removeprefix("/")
            found[name] = _sheet(part(place), styles, texts)
    return found


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a part: number and content."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text with its length before it, and where it ends."""
    length = struct.unpack_from("<I", data, at)[0]
    if length == 0xFFFFFFFF:  # noqa: PLR2004 - there is none
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _styles(part: bytes) -> _Styles:
    styles, inside = _Styles(), False
    for kind, data in _records(part):
        if kind == _FORMAT:
            styles.formats[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind == _FONT:
            flags, _, raised = struct.unpack_from("<3H", data, 2)
            styles.struck.append(bool(flags & _STRUCK))
            styles.raised.append(raised)
        elif kind in {_STYLES, _STYLES_END}:
            inside = kind == _STYLES
        elif kind == _STYLE and inside:
            _, number, font = struct.unpack_from("<3H", data)
            struck = font < len(styles.struck) and styles.struck[font]
            styles.looks.append(look_numbered(number, styles.formats, struck=struck))
    return styles


def _rich_texts(part: bytes, styles: _Styles) -> dict[int, str | Flaw]:
    """Return the shared texts with parts in raised or struck-out fonts, by number, as they are shown."""
    found: dict[int, str | Flaw] = {}
    number = 0
    for kind, data in _records(part):
        if kind == _TEXT:
            if data[0] & _RICH:
                text, at = _text(data, 1)
                count = struct.unpack_from("<I", data, at)[0]
                runs = [struct.unpack_from("<2H", data, at + 4 + 4 * one) for one in range(count)]
                shown = shown_runs(text, [(start, font) for start, font in runs], styles.struck, styles.raised)
                if shown is not None:
                    found[number] = shown
            number += 1
    return found


def shown_runs(text: str, runs: list[tuple[int, int]], struck: list[bool], raised: list[int]) -> str | Flaw | None:
    """Return a text in several fonts as it is shown: ¹ where it is raised; None where nothing stands out.

    Args:
        text: the characters.
        runs: the first character and the number of the font of each part, but of a first one in the cell's font.
        struck: of each font, whether it strikes out.
        raised: of each font, 1 where it raises and 2 where it lowers.
    """
    ends = [start for start, _ in runs[1:]] + [len(text)]
    pieces = [text[: runs[0][0]]] if runs else [text]
    odd = False
    for (start, font), end in zip(runs, ends, strict=True):
        if font < len(struck) and struck[font] and text[start:end].strip():
            return Flaw("struck", text)
        table = {1: RAISED, 2: LOWERED}.get(raised[font] if font < len(raised) else 0)
        odd = odd or table is not None
        pieces.append(text[start:end] if table is None else text[start:end].translate(table))
    return "".join(pieces) if odd else None


def _sheet(part: bytes, styles: _Styles, texts: dict[int, str | Flaw]) -> SheetMarks:
    marks, row = SheetMarks(), 0
    for kind, data in _records(part):
        if kind == _ROW and len(data) > 11:  # noqa: PLR2004 - the byte of the flags
            row = struct.unpack_from("<I", data)[0]
            if data[11] & _HIDDEN:
                marks.hidden_rows.add(row + 1)
        elif 0 < kind <= _LAST_CELL and len(data) >= 8:  # noqa: PLR2004 - column and style
            column = struct.unpack_from("<I", data)[0]
            style = int.from_bytes(data[4:7], "little")
            if kind in {_ERROR, _FORMULA_ERROR}:
                marks.flaws[row, column] = Flaw("error", _ERRORS.get(data[8], "#N/A"))
            if kind == _SHARED and (text := texts.get(struct.unpack_from("<I", data, 8)[0])) is not None:
                marks.texts[row, column] = text
            if style < len(styles.looks) and (styles.looks[style].struck or styles.looks[style].kind != "plain"):
                marks.looks[row, column] = styles.looks[style]
    return marks
