"""The stage of an import: events on their way from files into the ledger, in a file of its own until then."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
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

_IN_MEMORY = 1 << 24
_ROWS = 20_000
_BLOCK = 4 << 20


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
    """Events in their canonical form, one after another; small imports stay in memory.

    Attributes:
        sources: the files.
        problems: events that are longer than an entry may be.
    """

    def __init__(self) -> None:
        """Start empty; the temporary file has no name, so that it is gone with the process."""
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
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
        """Take the temporary file away."""
        self._file.close()

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
        for start in range(0, table.num_rows, _ROWS):
            self._add(pa.concat_tables([table.slice(start, _ROWS)]), path)

    def end(self, name: str, digest: str, rows: int) -> None:
        """Say that all events since the last file were one file's."""
        start = self.sources[-1].stop if self.sources else 0
        self.sources.append(Source(name, digest, rows, start, self._count))

    def index(self) -> pa.Table:
        """Return id, target and place of each event (`INDEX`), in their order."""
        return pa.concat_tables([INDEX.empty_table(), *self._parts])

    def blocks(self) -> Iterator[Sequence[bytes]]:
        """Yield what stands in the entry of each event after the hash of the one before, some megabytes at a time."""
        self._file.seek(0)
        while bodies := self._file.readlines(_BLOCK):
            yield bodies

    def bodies(self) -> Iterator[bytes]:
        """Yield the same one after another."""
        return chain.from_iterable(self.blocks())

    def _add(self, table: pa.Table, path: str) -> None:
        place = ['"place":"', escaped(_one(table["place"])), '"']
        bodies = joined(['"event":', *event_parts(table), ",", *place, *_source(table, path), "}\n"])
        self._look_at_sizes(bodies, table)
        self._file.write(joined_bytes(bodies))
        self._parts.append(table.select(INDEX.names).combine_chunks())
        self._count += table.num_rows

    def _look_at_sizes(self, bodies: pa.Array, table: pa.Table) -> None:
        """Note a problem for each event that is longer than an entry may be."""
        sizes = pc.subtract(pc.binary_length(bodies), len("\n"))
        for number in pc.indices_nonzero(pc.greater(sizes, MOST - _CHAIN)).to_pylist():
            where = place_of(table["file"][number].as_py(), table["place"][number].as_py())
            self.problems.append(too_long(where, sizes[number].as_py(), MOST))


def _source(table: pa.Table, path: str) -> Parts:
    """Return the member that says from which file an event came where that is another one than what is imported."""
    file = _one(table["file"])
    if pc.all(pc.equal(file, path)).as_py():
        return []
    other = pc.if_else(pc.equal(file, path), pa.scalar(None, pa.string()), file)
    return [pc.fill_null(joined([',"file":"', escaped(other), '"']), "")]


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
