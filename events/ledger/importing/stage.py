"""The stage of an import: events on their way from files into the ledger, in a file of its own until then."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.canonical import event_texts, joined, joined_bytes, quoted
from events.ledger.damage import too_long
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from events.problems import Problem

DIGEST = 16
"""How many bytes of the SHA-256 of its canonical form stand for the content of an event when contents are compared."""

INDEX = pa.schema(
    [
        ("id", pa.string()),
        ("unit", pa.string()),
        ("corrects", pa.string()),
        ("retracts", pa.string()),
        ("file", pa.string()),
        ("place", pa.string()),
        ("digest", pa.binary(DIGEST)),
    ]
)
"""What is known of every event while entries are compared."""

MOST = 1 << 20
"""The most bytes of an entry."""

_CHAIN = 100
"""More bytes than the hash before an entry takes in its line."""

_IN_MEMORY = 1 << 24
_ROWS = 20_000


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
        attributes: what events can have, and its type.
        problems: events that are longer than an entry may be.
    """

    def __init__(self) -> None:
        """Start empty; the temporary file has no name, so that it is gone with the process."""
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._parts: list[pa.Table] = []
        self._count = 0
        self.sources: list[Source] = []
        self.attributes: dict[str, pa.DataType] = {}
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
        """Return id, target, place and digest of each event (`INDEX`), in their order."""
        return pa.concat_tables([INDEX.empty_table(), *self._parts])

    def bodies(self) -> Iterator[bytes]:
        """Yield what stands in the entry of each event after the hash of the one before."""
        self._file.seek(0)
        for line in self._file:  # noqa: UP028 - a generator that is closed would close the file that it yields from
            yield line

    def _add(self, table: pa.Table, path: str) -> None:
        texts = event_texts(table)
        file = table["file"].combine_chunks()
        other = pc.if_else(pc.equal(file, path), pa.scalar(None, pa.string()), file)
        named = pc.coalesce(joined(',"file":', quoted(other)), pa.scalar(""))
        bodies = joined('"event":', texts, ',"place":', quoted(table["place"]), named, "}")
        self._look_at_sizes(bodies, table)
        for column in table.schema:
            if column.name.startswith("data."):
                self.attributes[column.name.removeprefix("data.")] = column.type
        self._file.write(joined_bytes(joined(bodies, "\n")))
        digests = pa.array(map(digest_of, texts.cast(pa.binary()).to_pylist()), pa.binary(DIGEST))
        columns = [table[name].combine_chunks() for name in INDEX.names[:-1]]
        self._parts.append(pa.Table.from_arrays([*columns, digests], schema=INDEX))
        self._count += table.num_rows

    def _look_at_sizes(self, bodies: pa.Array, table: pa.Table) -> None:
        """Note a problem for each event that is longer than an entry may be."""
        sizes = pc.binary_length(bodies)
        for number in pc.indices_nonzero(pc.greater(sizes, MOST - _CHAIN)).to_pylist():
            where = place_of(table["file"][number].as_py(), table["place"][number].as_py())
            self.problems.append(too_long(where, sizes[number].as_py(), MOST))


def digest_of(text: bytes) -> bytes:
    """Return what stands for the content of an event, given its canonical form."""
    return sha256(text).digest()[:DIGEST]
