"""The cells of a CSV file or a sheet, as the readers of both hand them over."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Self

from events.problems import Where
from events.rows import cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

Row = tuple[int, "Sequence[object]"]
"""Line or row number, and the cells."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell without a value that could be read.

    Attributes:
        kind: `error` (a formula came to an error), `unvalued` (its result was not saved with it), `ditto` (同上 with
            nothing above it), `elsewhere` (同左), `struck` (struck out in part) or `unshown` (its number format is not
            understood).
        text: the error, such as `#REF!`, the formula, or what stands there.
    """

    kind: Literal["error", "unvalued", "ditto", "elsewhere", "struck", "unshown"]
    text: str

    def __str__(self) -> str:
        """Return the error, or the formula."""
        return self.text


class ShownNumber(float):
    """A number of a cell whose format shows it as something else: 000012, 3.10, 0.9万.

    Attributes:
        shown: what the cell shows.
        unit: what stands behind the digits, such as 万 or 人次; blank where nothing does.
        scale: how many times the number that is shown it is: 10,000 where the format 0!.0,"万" shows 9000 as 0.9万.
    """

    shown: str
    unit: str
    scale: int

    def __new__(cls, value: float, shown: str, unit: str = "", scale: int = 1) -> Self:
        """Return a number with what it is shown as."""
        number = super().__new__(cls, value)
        number.shown, number.unit, number.scale = shown, unit, scale
        return number

    def __reduce__(self) -> tuple[object, ...]:
        """Return how it is made again in another process."""
        return ShownNumber, (float(self), self.shown, self.unit, self.scale)

    def counted(self) -> tuple[Decimal, str]:
        """Return the number in the unit that is shown."""
        return Decimal(repr(float(self))) / self.scale, self.unit


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a CSV file or a sheet.

    Attributes:
        file: the file.
        sheet: the sheet, or None of a CSV file.
        rows: the rows with their numbers.
        merged: numbers of the rows that one merged cell takes most of, as captions do.
        hidden: whether the sheet is hidden.
        hidden_rows: numbers of its hidden rows.
        day_zero: the day that the workbook's date numbers count from, or None of a CSV file.
        above: rows that stand above the table elsewhere: above another table of the sheet, or, numbered 0, the
            paragraphs of a document.
        filled: the first row of the merged cell that a cell below it has its value from, by row and column from 1.
        struck: numbers of the rows all of which is struck out.
        doubtful: what a Chinese program shows of a date whose format goes by its language, by row and column from 1.
    """

    file: str
    sheet: str | None
    rows: Sequence[Row]
    merged: frozenset[int] = frozenset()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    day_zero: date | None = None
    above: Sequence[Row] = ()
    filled: Mapping[tuple[int, int], int] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    doubtful: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Where:
        """Return the place of a cell; both numbers count from 1."""
        if self.sheet is None:
            return Where(self.file, row, column)
        return Where(self.file, sheet=self.sheet, cell=cell_name(row, column))

    def top(self) -> Where:
        """Return the place of the whole."""
        return Where(self.file, 1) if self.sheet is None else Where(self.file, sheet=self.sheet)
