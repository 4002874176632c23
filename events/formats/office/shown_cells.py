"""The cells of a sheet as a person sees them: 97%, 000012, 2023年7月, 3900¹, and what is struck out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from events.formats.office.number_formats import hides, shown_date, shown_number
from events.grid import Flaw
from events.limits import limits
from events.rows import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.formats.office.number_formats import Look
    from events.formats.office.xlsx_marks import SheetMarks


def set_marks(rows: list[list[object]], marks: SheetMarks) -> frozenset[int]:
    """Put into the cells what is shown of them, and flaws where they have no value.

    Args:
        rows: the values of the cells; changed in place.
        marks: what the sheet says beside the values.

    Returns:
        The numbers of the rows all of which is struck out.
    """
    for (row, column), flaw in marks.flaws.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = flaw
    for (row, column), text in marks.texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    struck: dict[int, set[int]] = {}
    for (row, column), look in marks.looks.items():
        if row >= len(rows) or column >= len(rows[row]) or is_blank(rows[row][column]):
            continue
        value = rows[row][column]
        if look.kind == "language" and isinstance(value, date):
            marks.doubtful[row + 1, column + 1] = shown_date(look.code, value)
        if look.struck:
            struck.setdefault(row, set()).add(column)
        rows[row][column] = _shown(rows[row][column], look)
    return strike(rows, struck)


def _shown(value: object, look: Look) -> object:
    """Return what a cell shows of its value."""
    if isinstance(value, bool | Flaw):
        return value
    if hides(look.code):
        return Flaw("unshown", str(value))
    if isinstance(value, int | float):
        if look.kind == "percent":
            return f"{(Decimal(repr(value)) * 100).normalize():f}%"
        if look.kind == "number":
            shown = shown_number(look.code, value)
            return value if shown is None else shown
        return value
    return shown_date(look.code, value) if look.kind == "date" and isinstance(value, date) else value


def strike(rows: list[list[object]], struck: dict[int, set[int]]) -> frozenset[int]:
    """Return the numbers of the rows that are struck out as a whole; cells that are it alone become flaws.

    Args:
        rows: the values of the cells; changed in place.
        struck: the columns of the struck-out cells by row, both from 0.
    """
    whole: set[int] = set()
    for row, columns in struck.items():
        filled = {column for column, one in enumerate(rows[row]) if not is_blank(one)}
        if filled <= columns:
            whole.add(row + 1)
            continue
        for column in columns:
            rows[row][column] = Flaw("struck", str(rows[row][column]))
    return frozenset(whole)


def fill_merged(
    rows: list[list[object]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[frozenset[int], dict[tuple[int, int], int]]:
    """Put the value of a merged cell into each of its rows.

    Args:
        rows: the values of the cells; changed in place.
        ranges: first and last cell of each merged range, as row and column from 0.

    Returns:
        The numbers of the rows that one takes most of; and the first row of each cell that was filled so.
    """
    wide: set[int] = set()
    first: dict[tuple[int, int], int] = {}
    width = max((len(row) for row in rows), default=0)
    filled = 0
    for (top, left), (bottom, right) in ranges:
        if left >= width or top >= len(rows):
            continue
        if (right - left + 1) * 2 > width and right > left:
            wide.add(top + 1)
        filled += max(min(bottom, len(rows)) - top, 0)
        if filled > limits().cells:
            message = "mergeCells"
            raise ValueError(message)
        value = rows[top][left] if left < len(rows[top]) else ""
        for number in range(top + 1, min(bottom + 1, len(rows))):
            rows[number] += [""] * (left + 1 - len(rows[number]))
            rows[number][left] = value
            if value != "":
                first[number + 1, left + 1] = top + 1
    return frozenset(wide), first
