"""The stage of an import: events on their way from files into the ledger, as the columns that they were read in."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.canonical import escaped, event_parts, joined
from events.ledger.damage import too_long
from events.ledger.importing.index import INDEX
from events.table import joined_bytes, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from events.ledger.canonical import Parts
    from events.problems import Problem

MOST = 1 << 20
"""The most bytes of an entry."""

_CHAIN = 100
"""More bytes than the hash before an entry takes in its line."""

_ROWS = 5_000
_TOGETHER = 1 << 29
"""How many rows, and the most bytes of entries, are put together at once."""

_LONGER = 6
"""How many bytes a byte of a text takes at most once it is escaped."""

_MEMBER = 100
"""More bytes than a member of an object takes besides texts: its name, a figure, a moment."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is imported.

    Attributes:
        name: its name without its folders, or as it was first imported.
        sha256: hash of its bytes.
        rows: how many rows it had.
        start: number of its first event on the stage, from 0.
        stop: number after its last one.
    """

    name: str
    sha256: str
    rows: int
    start: int
    stop: int


class Stage:
    """Events one after another; each is put into its canonical form when that is asked for.

    To put them into it takes less than to write that into a file and to read it again, and the columns are less memory.

    Attributes:
        sources: the files.
        problems: events that are longer than an entry may be.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._tables: list[tuple[pa.Table, str]] = []
        self._parts: list[pa.Table] = []
        self._count = 0
        self.sources: list[Source] = []
        self.problems: list[Problem] = []

    def __enter__(self) -> Self:
        """Return the stage."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the events go."""
        self._tables.clear()

    @property
    def count(self) -> int:
        """How many events there are."""
        return self._count

    def add(self, table: pa.Table, path: str) -> None:
        """Put events of a file on the stage.

        Args:
            table: the events (`events.table`).
            path: the file; an event that says it came from another one keeps that.
        """
        most = _most_of(table)
        rows = min(_ROWS, _TOGETHER // (most + 1) + 1)
        for start in range(0, table.num_rows, rows):
            part = pa.concat_tables([table.slice(start, rows)])
            if most > MOST:
                self._look_at_sizes(part, path)
            self._add(part, path)

    def end(self, name: str, digest: str, rows: int) -> None:
        """Say that all events since the last file were one file's."""
        start = self.sources[-1].stop if self.sources else 0
        self.sources.append(Source(name, digest, rows, start, self._count))

    def index(self) -> pa.Table:
        """Return id, target and place of each event (`INDEX`), in their order."""
        return pa.concat_tables([INDEX.empty_table(), *self._parts])

    def blocks(self) -> Iterator[Sequence[bytes]]:
        """Yield what stands in the entry of each event after the hash of the one before, some megabytes at a time."""
        for table, path in self._tables:
            yield BytesIO(joined_bytes(_bodies(table, path))).readlines()

    def bodies(self) -> Iterator[bytes]:
        """Yield the same one after another."""
        return chain.from_iterable(self.blocks())

    def _add(self, table: pa.Table, path: str) -> None:
        self._tables.append((table, path))
        self._parts.append(table.select(INDEX.names).combine_chunks())
        self._count += table.num_rows

    def _look_at_sizes(self, table: pa.Table, path: str) -> None:
        """Note a problem for each event that is longer than an entry may be."""
        sizes = pc.subtract(pc.binary_length(_bodies(table, path)), len("\n"))
        for number in pc.indices_nonzero(pc.greater(sizes, MOST - _CHAIN)).to_pylist():
            where = place_of(table["file"][number].as_py(), table["place"][number].as_py())
            self.problems.append(too_long(where, sizes[number].as_py(), MOST))


def _most_of(table: pa.Table) -> int:
    """Return more bytes than an event takes in an entry."""
    return sum(map(_most_of_value, table.columns))


def _most_of_value(column: pa.ChunkedArray) -> int:
    """Return more bytes than a value of a column takes in an entry."""
    if column.null_count == len(column):
        return 0
    number, texts = 1, column
    if pa.types.is_list(column.type):
        number, texts = pc.max(pc.list_value_length(column)).as_py() or 0, pc.list_flatten(column)
    longest = pc.max(pc.binary_length(texts)).as_py() or 0 if pa.types.is_string(texts.type) else 0
    return _MEMBER + number * (_LONGER * longest + len('"",'))


def _bodies(table: pa.Table, path: str) -> pa.Array:
    """Return what stands in the entry of each event after the hash of the one before."""
    place = ['"place":"', escaped(_one(table["place"])), '"']
    return joined(['"event":', *event_parts(table), ",", *place, *_source(table, path), "}\n"])


def _source(table: pa.Table, path: str) -> Parts:
    """Return the member that says from which file an event came where that is another one than what is imported."""
    file = _one(table["file"])
    if pc.all(pc.equal(file, path)).as_py():
        return []
    other = pc.if_else(pc.equal(file, path), pa.scalar(None, pa.string()), file)
    return [pc.fill_null(joined([',"file":"', escaped(other), '"']), "")]


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
