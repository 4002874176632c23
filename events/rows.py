"""Rows as the readers hand them over: raw values by field, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from events.problems import Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

    from events.mapping import TableMapping

Fields = dict[str, object]
"""Raw values by contract field (`unit`, `data.covers`); what is blank is not there."""


class UnitNames(Protocol):
    """What the log needs of a unit registry."""

    def find(self, name: str) -> str | None:
        """Return the id of the unit of this name, or None."""

    def near(self, name: str) -> tuple[str, ...]:
        """Return the known names most like `name`, best first."""

    def evaluates(self, unit_id: str) -> bool:
        """Say whether the unit of this id carries out the evaluation."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of one file or sheet stand.

    Attributes:
        file: the file as the caller named it.
        sheet: the sheet, or None where rows are lines.
        columns: number of the column of each field, from 1.
        main: the field whose cell stands for a row; the first cell does without.
        measures: the unit of measure that a column's heading, or the table, states for its figures, by field.
    """

    file: str
    sheet: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    main: str | None = None
    measures: Mapping[str, str] = field(default_factory=dict)

    def row(self, number: int) -> Where:
        """Return the place of a row: its line, or its first cell."""
        if self.sheet is None:
            return Where(self.file, number)
        first = min(self.columns.values(), default=1)
        column = first if self.main is None else self.columns.get(self.main, first)
        return Where(self.file, sheet=self.sheet, cell=cell_name(number, column))

    def cell(self, number: int, name: str) -> Where:
        """Return the place of a field in a row."""
        column = self.columns.get(name)
        if self.sheet is None:
            return Where(self.file, number, column)
        return (
            self.row(number) if column is None else Where(self.file, sheet=self.sheet, cell=cell_name(number, column))
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file, as columns and as rows.

    Attributes:
        columns: the fields as columns, None where the rows cannot be had so.
        numbers: the number of each row of `columns`.
        rows: gives number and raw values of each row.
    """

    columns: pa.Table | None
    numbers: Sequence[int]
    rows: Callable[[], Iterable[tuple[int, Fields]]]


@dataclass(frozen=True, slots=True)
class RowSource:
    """The rows of one file or sheet.

    Attributes:
        places: where they stand.
        rows: number and raw values of each row.
        has_ids: whether the rows name their ids; those of a table without ids are derived.
        blocks: the same rows by blocks, where the file can be read so.
        mapping: the mapping by which they are read.
        constants: values of fields where a row has none.
    """

    places: Places
    rows: Iterable[tuple[int, Fields]]
    has_ids: bool = True
    blocks: Iterable[Block] | None = None
    mapping: TableMapping | None = None
    constants: Fields = field(default_factory=dict)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as `B4`, from numbers that count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def is_blank(value: object) -> bool:
    """Say whether a cell has nothing in it."""
    return value is None or (isinstance(value, str) and (not value or value.isspace()))
