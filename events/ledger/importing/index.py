"""The index of a ledger's events, used while entries are compared: id, target, place, and what stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events import findings
from events.ledger.chain import BODY, is_event
from events.ledger.importing.stage import DIGEST, INDEX, digest_of
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.problems import Problem

PLACE = b'},"place":"'
_START = BODY + len(b'"event":')


def event_text(line: bytes) -> bytes:
    """Return the canonical form in the entry of an event."""
    return line[_START : line.rindex(PLACE) + 1]


def _digest(line: bytes) -> bytes:
    """Return what stands for the content of an event, given its entry."""
    end = line.rfind(PLACE)
    return digest_of(line if end < 0 else line[_START : end + 1])


class Index:
    """The index as entries are read."""

    def __init__(self) -> None:
        """Start empty."""
        self._digests: list[bytes] = []
        self._parts = [INDEX.empty_table()]

    def noting(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[Sequence[bytes]]:
        """Yield lines, so many at a time as they come, and note what stands for the content of each event."""
        for lines in blocks:
            self._digests += [_digest(line) for line in lines if is_event(line)]
            yield lines

    def add(self, rows: pa.Table) -> None:
        """Add events whose lines were noted before.

        Args:
            rows: what `load.origin_tables` gives.
        """
        event = rows["event"].combine_chunks()
        columns = {name: pc.struct_field(event, name) for name in ("id", "unit", "corrects", "retracts")}
        columns |= {name: rows[name].combine_chunks() for name in ("file", "place")}
        digests, self._digests = self._digests[: rows.num_rows], self._digests[rows.num_rows :]
        self._parts.append(pa.table({**columns, "digest": pa.array(digests, pa.binary(DIGEST))}, INDEX))

    def table(self) -> pa.Table:
        """Return the index (`stage.INDEX`), in the order of the entries."""
        return pa.concat_tables(self._parts)


def conflicts_in(index: pa.Table) -> list[Problem]:
    """Return a problem for each event whose id an earlier one of its unit with other content has."""
    counts = index.group_by("id").aggregate([([], "count_all")])
    repeated = counts.filter(pc.greater(counts["count_all"], 1))["id"]
    if not len(repeated):
        return []
    first: dict[tuple[str, str], dict[str, object]] = {}
    problems = []
    for row in index.filter(pc.is_in(index["id"], repeated.combine_chunks())).to_pylist():
        kept = first.setdefault((row["unit"], row["id"]), row)
        if kept["digest"] != row["digest"]:
            there = place_of(str(kept["file"]), str(kept["place"]))
            problems.append(findings.duplicate_id(place_of(row["file"], row["place"]), row["id"], there))
    return problems
