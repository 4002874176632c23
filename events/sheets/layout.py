"""The layout that a reader took a table for: the row of its headings, the field of each column, rows passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Passed = Literal["title", "total", "note", "section", "example", "headings", "undone", "struck"]
"""Why a row is not an event."""


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """One column of a table.

    Attributes:
        cell: its heading's cell, such as `B4`; the number of the column in a CSV file.
        heading: what stands there.
        field: the field or attribute that it was taken as, `ignore` where it says nothing (序号), None where it was
            not understood and not read.
        event: the event type that the dates of the column are events of, in a register with one row a matter.
    """

    cell: str
    heading: str
    field: str | None
    event: str | None = None


@dataclass(slots=True)
class TableLayout:
    """What one CSV file or sheet was taken for; filled as its rows are taken.

    Attributes:
        file: the file.
        sheet: the sheet, or None of a CSV file.
        headings: the numbers of the rows with the headings; none where none were found and nothing was read.
        columns: its columns with a heading, in their order.
        hidden: whether the sheet is a hidden one.
        rows: how many rows were read as events, those with problems included.
        blank: how many rows below the headings have nothing in the columns that are read.
        duties: the duty that each row of a self-check to fill in is for, by the number of the row.
        passed: number of each row that was passed over otherwise, and why.
    """

    file: str
    sheet: str | None
    headings: tuple[int, ...] = ()
    columns: tuple[ColumnLayout, ...] = ()
    hidden: bool = False
    rows: int = 0
    blank: int = 0
    duties: dict[int, str] = field(default_factory=dict)
    passed: list[tuple[int, Passed]] = field(default_factory=list)
