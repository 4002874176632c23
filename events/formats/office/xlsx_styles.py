"""Styles of a workbook's cells: number formats, struck-out fonts, texts in several fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.formats.office.number_formats import BUILT_IN, Look, look_numbered
from events.formats.office.xlsx_marks import parse
from events.grid import Flaw

if TYPE_CHECKING:
    from events.formats.office.xlsx_marks import Attributes

_OFF = frozenset({"0", "false"})
RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
"""Raised and lowered digits as characters of their own."""


def style_looks(styles: bytes) -> tuple[Look, ...]:
    """Return how each style of cells shows them, by its number.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
    """
    scan = _Styles()
    parse(styles, scan.start, scan.end)
    known = {**BUILT_IN, **scan.formats}
    struck = frozenset(number for number, one in enumerate(scan.fonts) if one)
    return tuple(look_numbered(number, known, struck=font in struck) for number, font in scan.styles)


class _Styles:
    """Goes through the part with the styles."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.fonts: list[bool] = []
        self.styles: list[tuple[int, int]] = []
        self._inside = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element as it starts."""
        if name in {"fonts", "cellXfs"}:
            self._inside = name
        elif name == "numFmt" and (number := attributes.get("numFmtId", "")).isdigit():
            self.formats[int(number)] = attributes.get("formatCode", "")
        elif name == "font" and self._inside == "fonts":
            self.fonts.append(False)
        elif name == "strike" and self._inside == "fonts" and self.fonts:
            self.fonts[-1] = attributes.get("val", "1") not in _OFF
        elif name == "xf" and self._inside == "cellXfs":
            self.styles.append((_number(attributes, "numFmtId"), _number(attributes, "fontId")))

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        if name == self._inside:
            self._inside = ""


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else 0


class Runs:
    """Puts a text in several fonts together: what is raised becomes ¹, what is struck out in part a flaw."""

    def __init__(self) -> None:
        """Start with no text."""
        self._pieces: list[str] = []
        self._align = ""
        self._struck = self._any_struck = self._odd = self._into = False
        self._phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element as it starts."""
        if name == "r":
            self._align, self._struck = "", False
        elif name == "vertAlign":
            self._align = attributes.get("val", "")
            self._odd = self._odd or self._align in {"superscript", "subscript"}
        elif name == "strike" and attributes.get("val", "1") not in _OFF:
            self._struck = self._any_struck = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._into = not self._phonetic

    def text(self, text: str) -> None:
        """Take some text."""
        if self._into:
            raised = {"superscript": RAISED, "subscript": LOWERED}.get(self._align)
            self._pieces.append(text.translate(raised) if raised is not None else text)

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        if name == "t":
            self._into = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "r":
            self._align, self._struck = "", False

    def found(self) -> str | Flaw | None:
        """Return the text, or the flaw that a part of it is struck out; None where all of it is as usual."""
        text = "".join(self._pieces)
        if self._any_struck and text.strip():
            return Flaw("struck", text)
        return text if self._odd else None


def rich_texts(part: bytes) -> dict[int, str | Flaw]:
    """Return the shared texts that are not what they seem to be without their fonts, by number.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
    """
    if b"vertAlign" not in part and b"strike" not in part:
        return {}
    found: dict[int, str | Flaw] = {}
    count = -1
    runs = Runs()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal count, runs
        if name == "si":
            count, runs = count + 1, Runs()
        runs.start(name, attributes)

    def end(name: str) -> None:
        runs.end(name)
        if name == "si" and (text := runs.found()) is not None:
            found[count] = text

    def text(content: str) -> None:
        runs.text(content)

    parse(part, start, end, text)
    return found
