"""Several tables one above the other in one sheet or CSV file: each has headings of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from events.rows import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.grid import Grid

_LEAST = 2
"""A row with fewer known headings is not one of headings."""
_SHARE = 0.6
"""In a row of headings at least so many of the cells are known."""


def tables_of(grid: Grid, known: Callable[[Sequence[object]], int], meant: Callable[[object], bool]) -> list[Grid]:
    """Return the tables of a sheet, each with the rows above its headings; the sheet itself where it has only one.

    Args:
        grid: the sheet.
        known: how many fields the headings among some cells stand for.
        meant: whether a heading is known, be it as one to ignore.
    """
    starts: list[int] = []
    headings: list[list[object]] = []
    last = -2
    for index in _heading_rows(grid, known, meant):
        cells = _trimmed(grid.rows[index][1])
        beside, last = index == last + 1, index
        if cells not in headings:
            headings.append(cells)
            if not beside:
                starts.append(index)
        elif beside:
            continue
        elif cells != headings[-1] or _captioned(grid, index):  # those of an earlier table, or of another unit, again
            headings.append(cells)
            starts.append(index)
    if len(starts) <= 1:
        return [grid]
    cuts = [0, *(_top(grid, start) for start in starts[1:]), len(grid.rows)]
    tables = [replace(grid, rows=grid.rows[first:end]) for first, end in pairwise(cuts)]
    above = tuple(grid.rows[: starts[0]])
    return [tables[0], *(replace(one, above=(*grid.above, *above)) for one in tables[1:])]


def _heading_rows(
    grid: Grid, known: Callable[[Sequence[object]], int], meant: Callable[[object], bool]
) -> Iterator[int]:
    """Yield the indices of the rows that can only be headings: texts, most of them known, two of them fields."""
    seen: dict[object, bool] = {}
    for index, (_, cells) in enumerate(grid.rows):
        first = next((one for one in cells if not is_blank(one)), None)
        if not isinstance(first, str):
            continue
        if first not in seen:
            seen[first] = meant(first)
        if not seen[first]:
            continue
        filled = [one for one in cells if not is_blank(one)]
        texts = [one for one in filled if isinstance(one, str)]
        if len(texts) == len(filled) and known(texts) >= _LEAST and sum(map(meant, texts)) >= _SHARE * len(filled):
            yield index


def _top(grid: Grid, start: int) -> int:
    """Return the index of the first row that belongs to the headings at `start`: blank rows and captions above them."""
    while start > 0 and sum(not is_blank(one) for one in grid.rows[start - 1][1]) <= 1:
        start -= 1
    return start


def _captioned(grid: Grid, start: int) -> bool:
    """Say whether something of its own stands above headings, such as another 填报单位."""
    return any(not is_blank(one) for _, cells in grid.rows[_top(grid, start) : start] for one in cells)


def _trimmed(cells: Sequence[object]) -> list[object]:
    """Return cells without the blank ones at their end."""
    trimmed = list(cells)
    while trimmed and is_blank(trimmed[-1]):
        trimmed.pop()
    return trimmed
