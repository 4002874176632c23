"""The cells of a CSV file or a sheet, as the readers of both hand them over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from events.problems import Where
from events.rows import cell_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Row = tuple[int, "Sequence[object]"]
"""Line or row number, and the cells."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell without a value that could be read.

    Attributes:
        kind: `error` (a formula came to an error) or `unvalued` (its result was not saved with it).
        text: the error, such as `#REF!`, or the formula.
    """

    kind: Literal["error", "unvalued"]
    text: str

    def __str__(self) -> str:
        """Return the error, or the formula."""
        return self.text


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
    """

    file: str
    sheet: str | None
    rows: Sequence[Row]
    merged: frozenset[int] = frozenset()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    day_zero: date | None = None

    def cell(self, row: int, column: int) -> Where:
        """Return the place of a cell; both numbers count from 1."""
        if self.sheet is None:
            return Where(self.file, row, column)
        return Where(self.file, sheet=self.sheet, cell=cell_name(row, column))

    def top(self) -> Where:
        """Return the place of the whole."""
        return Where(self.file, 1) if self.sheet is None else Where(self.file, sheet=self.sheet)
