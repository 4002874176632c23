"""What a workbook's XML says beside the values: errors, formulas without results, percents, what is hidden, its size.

The reader of cells hands over values only: it gives a blank for `#REF!` and for a formula that was never computed, and
0.97 for a cell that shows 97%.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from events.grid import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.')
_PERCENTS = frozenset({9, 10})
"""The built-in number formats 0% and 0.00%."""
_TEXTS = frozenset({"s", "str", "inlineStr", "b", "e", "d"})


class SheetError(ValueError):
    """XML that no workbook has."""


class TooLargeError(ValueError):
    """A sheet with more cells than the limit.

    Attributes:
        cells: how many there are at least.
        cell: the cell that is too far away, or None where there are too many.
    """

    def __init__(self, cells: int, cell: str | None) -> None:
        super().__init__(str(cells))
        self.cells = cells
        self.cell = cell


@dataclass(slots=True)
class SheetMarks:
    """What stands out in a sheet, by row and column from 0.

    Attributes:
        flaws: cells without a value that could be read.
        percents: cells that show their number as a percentage.
        hidden_rows: numbers of the hidden rows, from 1.
        height: number of the last row with a value.
        width: number of the last column with a value.
    """

    flaws: dict[tuple[int, int], Flaw] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    height: int = 0
    width: int = 0


@dataclass(slots=True)
class BookMarks:
    """What the parts of a workbook other than its sheets say.

    Attributes:
        sheets: name of the part of each sheet, by the sheet's name.
        from_1904: whether its date numbers count from 1904.
    """

    sheets: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False


Attributes = dict[str, str]


def _parse(xml: bytes, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None,
           text: Callable[[str], None] | None = None) -> None:  # fmt: skip
    """Go through a part's XML; names are without their prefix."""

    def refuse(*_: object) -> None:
        message = "DOCTYPE"
        raise SheetError(message)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position
    except (expat.ExpatError, LookupError) as error:
        raise SheetError(str(error)) from error


def read_book(workbook: bytes, relations: bytes) -> BookMarks:
    """Return which part each sheet is, and how days are counted.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
    """
    marks, targets, ids = BookMarks(), {}, {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def book(name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            marks.from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            rid = next(
                (value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key), ""
            )
            ids[attributes.get("name", "")] = rid

    _parse(relations, relation)
    _parse(workbook, book)
    marks.sheets = {name: targets[rid] for name, rid in ids.items() if rid in targets}
    return marks


def percent_styles(styles: bytes) -> frozenset[str]:
    """Return the numbers of the cell styles that show percentages.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
    """
    formats: set[int] = set(_PERCENTS)
    found: set[str] = set()
    inside, count = False, 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside, count
        number = attributes.get("numFmtId", "")
        if name == "numFmt" and number.isdigit() and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            formats.add(int(number))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            if number.isdigit() and int(number) in formats:
                found.add(str(count))
            count += 1

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    _parse(styles, start, end)
    return frozenset(found)


def read_marks(xml: bytes, percents: frozenset[str], most: int) -> SheetMarks:
    """Return what stands out in a sheet.

    Args:
        xml: the sheet's part.
        percents: the styles that show percentages.
        most: the most cells that it may have, blank ones between others included.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
        TooLargeError: it has more cells.
    """
    scan = _Scan(percents, most)
    _parse(xml, scan.start, scan.end, scan.text)
    return scan.marks


class _Scan:
    """Goes through the cells of a sheet."""

    def __init__(self, percents: frozenset[str], most: int) -> None:
        self.marks = SheetMarks()
        self._percents = percents
        self._most = most
        self._row = self._column = self._cells = 0
        self._attributes: Attributes = {}
        self._into: list[str] | None = None
        self._formula: list[str] | None = None
        self._value: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element as it starts."""
        if name == "c":
            self._cell(attributes)
        elif name == "v":
            self._into = self._value = self._value or []
        elif name == "is":
            self._value = ["", *(self._value or ())]
        elif name == "f":
            self._into = self._formula = []
        elif name == "row":
            row = attributes.get("r", "")
            self._row = int(row) if row.isascii() and row.isdigit() and len(row) < 9 else self._row + 1  # noqa: PLR2004
            self._column = 0
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden_rows.add(self._row)

    def _cell(self, attributes: Attributes) -> None:
        """Take a cell as it starts; one without a name stands right of the last."""
        found = _CELL.fullmatch(attributes.get("r", ""))
        if found is not None:
            self._column, self._row = column_number(found[1]), int(found[2])
        else:
            self._column += 1
        self._attributes, self._formula, self._value = attributes, None, None

    def text(self, text: str) -> None:
        """Take the text of a formula or a value."""
        if self._into is not None:
            self._into.append(text)

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        if name in {"v", "f"}:
            self._into = None
        elif name == "c" and (self._value is not None or self._formula is not None):
            self._settle()

    def _settle(self) -> None:
        """Keep what is to be kept of a cell that has something in it."""
        marks, at = self.marks, (self._row - 1, self._column - 1)
        marks.height, marks.width = max(marks.height, self._row), max(marks.width, self._column)
        self._cells += 1
        if marks.height * marks.width > self._most or self._cells > self._most:
            name = self._attributes.get("r")
            raise TooLargeError(max(marks.height * marks.width, self._cells), name)
        kind, value = self._attributes.get("t", "n"), "".join(self._value or ())
        if kind == "e":
            marks.flaws[at] = Flaw("error", value.strip() or "#N/A")
        elif self._formula is not None and kind != "str" and not value.strip() and "is" not in kind:
            marks.flaws[at] = Flaw("unvalued", "=" + "".join(self._formula))
        elif kind not in _TEXTS and self._attributes.get("s") in self._percents:
            marks.percents.add(at)


def column_number(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
