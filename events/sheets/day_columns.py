"""Days kept in three columns: 年, 月 and 日 beside each other are one date."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from events.rows import is_blank
from events.sheets.heading_rows import SEARCHED
from events.values.measures import half_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.grid import Grid, Row

_PARTS = ((re.compile("年(?:份|度)?"), "年"), (re.compile("月份?"), "月"), (re.compile("[日号]"), "日"))
_NUMBER = re.compile(r"(\d{1,4})(?:\.0+)?\s*(?:年度?|月份?|[日号])?", re.ASCII)
_DATE = "发生日期"


def with_days(grid: Grid, field_of: Callable[[object], tuple[int, str] | None]) -> Grid:
    """Return a table whose columns 年, 月 and 日 are one column of dates; itself where it has no such columns.

    The date stands in the first of the three, under the heading above them (会议日期), else as the day of the event.

    Args:
        grid: the table.
        field_of: rank and field of a heading.
    """
    for index, (_, cells) in enumerate(grid.rows[:SEARCHED]):
        for column in range(len(cells) - 2):
            if all(_is_part(cells[column + at], part) for at, (part, _) in enumerate(_PARTS)):
                heading = _heading(grid.rows, index, column, field_of)
                return replace(grid, rows=_joined(grid.rows, index, column, heading)) if heading else grid
    return grid


def _is_part(cell: object, part: re.Pattern[str]) -> bool:
    return isinstance(cell, str) and part.fullmatch("".join(half_width(cell).split())) is not None


def _heading(rows: Sequence[Row], index: int, column: int, field_of: Callable[[object], tuple[int, str] | None]) -> str:
    """Return the heading of the date: the one above; 发生日期 where none is and no other column has it; else blank."""
    above = rows[index - 1][1] if index else ()
    group = above[column] if column < len(above) else ""
    if isinstance(group, str) and not is_blank(group) and field_of(group) is not None:
        return group
    others = [one for at, one in enumerate(rows[index][1]) if not column <= at <= column + 2]
    fields = {found[1] for one in others if isinstance(one, str) and (found := field_of(one)) is not None}
    return "" if "occurred_at" in fields or not fields else _DATE


def _joined(rows: Sequence[Row], index: int, column: int, heading: str) -> list[Row]:
    """Return the rows with one date for each three cells."""
    found: list[Row] = list(rows[:index])
    own = rows[index][1]
    if index and column < len(rows[index - 1][1]) and rows[index - 1][1][column] == heading:
        number, cells = rows[index - 1]
        spanned = ["" if one == heading else one for one in cells[column + 1 : column + 3]]
        found[-1] = (number, [*cells[: column + 1], *spanned, *cells[column + 3 :]])
        if all(is_blank(one) for at, one in enumerate(own) if not column <= at <= column + 2):
            heading = ""
    for at, (number, cells) in enumerate(rows[index:]):
        parts = list(cells[column : column + 3])
        date = heading if not at or parts == list(own[column : column + 3]) else _date(parts)
        found.append((number, [*cells[:column], date, *("" for _ in parts[1:]), *cells[column + 3 :]]))
    return found


def _date(parts: Sequence[object]) -> object:
    """Return the date of three cells; what is missing or no number is left as it is, to be told as a date would be."""
    filled = [(one, sign) for one, (_, sign) in zip(parts, _PARTS, strict=False) if not is_blank(one)]
    if len(filled) == 1 and filled[0][1] == "年":
        return filled[0][0]  # a caption or a remark that begins in this column
    numbers = [_NUMBER.fullmatch(half_width(str(one)).strip()) for one, _ in filled]
    texts = [
        str(one).strip() if number is None else number[1] for (one, _), number in zip(filled, numbers, strict=True)
    ]
    return "".join(f"{text}{sign}" for text, (_, sign) in zip(texts, filled, strict=True))
