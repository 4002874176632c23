"""Marks in a workbook's XML beside the values: errors, formulas without results, percents, what is hidden, its size.

The reader of cells hands over values only: it gives a blank for `#REF!` and for a formula that was never computed, and
0.97 for a cell that shows 97%.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from events.formats.office.number_formats import hides
from events.grid import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from events.formats.office.number_formats import Look

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
"""The last column and row of a sheet."""
_DIGITS = 9
"""The most digits of the number of a shared text."""
_TEXTS = frozenset({"s", "str", "inlineStr", "b", "e", "d"})


Attributes = dict[str, str]

_PREFIXED = re.compile(rb"</?[^\s<>/:]*:")
"""The beginning of an element under a prefix; without one, names are handed on as they are."""
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class TextRuns(Protocol):
    """Puts a text in several fonts together (`events.formats.office.xlsx_styles.Runs`)."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element as it starts."""

    def text(self, text: str) -> None:
        """Take some text."""

    def end(self, name: str) -> None:
        """Take an element as it ends."""

    def found(self) -> str | Flaw | None:
        """Return the text, or what is wrong with it; None where it is as usual."""


class SheetError(ValueError):
    """XML that no workbook has."""


class BadReferenceError(ValueError):
    """A cell or row that no sheet has: the reader of cells would take memory for all that lies before it.

    Attributes:
        reference: what the sheet says it is.
    """

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


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
        looks: cells whose style shows something else than what is in them, or strikes it out.
        texts: cells whose text has parts in raised or struck-out fonts, as it is shown.
        hidden_rows: numbers of the hidden rows, from 1.
        doubtful: what a Chinese program shows of a date whose format goes by its language, by row and column from 1.
        height: number of the last row with a value.
        width: number of the last column with a value.
        shared: how often each shared text is used, by its number.
    """

    flaws: dict[tuple[int, int], Flaw] = field(default_factory=dict)
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)
    texts: dict[tuple[int, int], str | Flaw] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    doubtful: dict[tuple[int, int], str] = field(default_factory=dict)
    height: int = 0
    width: int = 0
    shared: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class BookMarks:
    """What the parts of a workbook other than its sheets say.

    Attributes:
        sheets: name of the part of each sheet, by the sheet's name.
        from_1904: whether its date numbers count from 1904.
    """

    sheets: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False


def parse(xml: bytes, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None,
           text: Callable[[str], None] | None = None) -> None:  # fmt: skip
    """Go through a part's XML; names are without their prefix."""

    def refuse(*_: object) -> None:
        message = "DOCTYPE / UTF-16"
        raise SheetError(message)

    def declared(_version: str, encoding: str | None, _alone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            refuse()

    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")):
        refuse()  # the reader of cells would see other characters in it
    parser = expat.ParserCreate()
    parser.buffer_text = True
    plain = _PREFIXED.search(xml) is None
    parser.StartElementHandler = start if plain else lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = end if plain else lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.XmlDeclHandler = declared
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position
    except (expat.ExpatError, LookupError) as error:
        raise SheetError(str(error)) from error


def read_book(workbook: bytes, relations: bytes) -> BookMarks:
    """Return which part each sheet is, and how days are counted; the parts are under their usual names.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
    """
    marks, targets, ids = BookMarks(), {}, {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = f"xl/{target}"

    def book(name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            marks.from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            rid = next(
                (value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key), ""
            )
            ids[attributes.get("name", "")] = rid

    parse(relations, relation)
    parse(workbook, book)
    marks.sheets = {name: targets[rid] for name, rid in ids.items() if rid in targets}
    return marks


def read_marks(
    xml: bytes, looks: Sequence[Look], rich: Mapping[int, str | Flaw], most: int, runs: Callable[[], TextRuns]
) -> SheetMarks:
    """Return what stands out in a sheet.

    Args:
        xml: the sheet's part.
        looks: how each style shows a cell.
        rich: the shared texts in several fonts, as they are shown.
        runs: makes what puts a text in several fonts together.
        most: the most cells that it may have, blank ones between others included.

    Raises:
        SheetError: it is not XML, or has a DOCTYPE.
        BadReferenceError: a cell or row lies where no sheet has any.
        TooLargeError: it has more cells.
    """
    scan = _Scan(looks, rich, most, runs)
    parse(xml, scan.start, scan.end, scan.text)
    return scan.marks


class _Scan:
    """Goes through the cells of a sheet."""

    def __init__(
        self, looks: Sequence[Look], rich: Mapping[int, str | Flaw], most: int, runs: Callable[[], TextRuns]
    ) -> None:
        self.marks = SheetMarks()
        self._looks = {str(number): look for number, look in enumerate(looks) if look.struck or look.kind != "plain"}
        self._rich = rich
        self._new_runs = runs
        self._runs: TextRuns | None = None
        self._most = most
        self._row = self._column = self._cells = 0
        self._named = False
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
            self._runs = self._new_runs()
        elif self._runs is not None:
            self._runs.start(name, attributes)
        elif name == "f":
            self._into = self._formula = []
        elif name == "row":
            self._start_row(attributes.get("r"))
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden_rows.add(self._row)

    def _start_row(self, said: str | None) -> None:
        """Take a row as it starts; one without a number stands below the last."""
        self._row = row_number(said) if said is not None else self._row + 1
        self._named, self._column = said is not None, 0

    def _cell(self, attributes: Attributes) -> None:
        """Take a cell as it starts; one without a name stands right of the last."""
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            row, self._column = cell_position(reference)
            if self._named and row != self._row:
                raise BadReferenceError(reference)
            self._row = max(self._row, row)  # one that says nothing comes after it, or where the row itself stands
        self._attributes, self._formula, self._value = attributes, None, None

    def text(self, text: str) -> None:
        """Take the text of a formula or a value."""
        if self._into is not None:
            self._into.append(text)
        elif self._runs is not None:
            self._runs.text(text)

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        if self._runs is not None:
            self._runs.end(name)
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
        else:
            self._look(at, kind, value)
        self._runs = None

    def _look(self, at: tuple[int, int], kind: str, value: str) -> None:
        """Keep how a cell is shown, where that is not what is in it."""
        marks = self.marks
        if kind == "s":
            number = shared_number(value)
            marks.shared[number] += 1
            if number in self._rich:
                marks.texts[at] = self._rich[number]
        elif self._runs is not None and (text := self._runs.found()) is not None:
            marks.texts[at] = text
        look = self._looks.get(self._attributes.get("s", ""))
        if look is not None and (look.struck or kind not in _TEXTS or hides(look.code)):
            marks.looks[at] = look


def row_number(text: str) -> int:
    """Return the number of a row.

    Raises:
        BadReferenceError: there is no such row.
    """
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_ROW)) else 0
    if not 1 <= number <= _LAST_ROW:
        raise BadReferenceError(text)
    return number


@lru_cache(maxsize=1 << 14)
def cell_position(reference: str) -> tuple[int, int]:
    """Return the row and column of a cell's reference, from 1; capitals and digits only, as every program writes it.

    Raises:
        BadReferenceError: there is no such cell.
    """
    found = _CELL.fullmatch(reference)
    row, column = (int(found[2]), column_number(found[1])) if found is not None else (0, 0)
    if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
        raise BadReferenceError(reference)
    return row, column


def shared_number(text: str) -> int:
    """Return the number of a shared text.

    Raises:
        SheetError: it is no number.
    """
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        message = f'<c t="s"><v>{text[:20]}'
        raise SheetError(message)
    return int(text)


def column_number(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
