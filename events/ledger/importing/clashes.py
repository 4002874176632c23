"""Events of an import that were there before: the same again is passed over, other content under an id is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.importing.conflicts import Version, conflict, more_conflicts
from events.ledger.importing.contents import bodies_of, differ, event_text
from events.ledger.importing.index import first_places
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from events.ledger.chain import Head
    from events.ledger.importing.stage import Stage
    from events.problems import Problem

_SHOWN = 200
"""How many contradictions are shown one by one."""


class Clash(NamedTuple):
    """A new event that contradicts an earlier one.

    Attributes:
        row: its number on the stage.
        place: the number of the earlier one.
        stored: whether that is in the ledger; else it is on the stage.
    """

    row: int
    place: int
    stored: bool


@dataclass(frozen=True, slots=True)
class StageComparison:
    """A stage held against a ledger.

    Attributes:
        ledger: the ledger.
        head: its state.
        stage: the stage.
        old: the index of the ledger.
        new: the index of the stage.
    """

    ledger: Path
    head: Head
    stage: Stage
    old: pa.Table
    new: pa.Table

    def compared(self) -> tuple[pa.Array, list[Clash]]:
        """Return a mask of the new events that are in neither, and those that contradict an earlier one."""
        there, first = first_places(self.new, self.old), first_places(self.new, self.new)
        in_ledger = pc.is_valid(there)
        again = pc.and_(pc.invert(in_ledger), pc.not_equal(first, pa.arange(0, len(first))))
        clashes = [*self._clashing(in_ledger, there, stored=True), *self._clashing(again, first, stored=False)]
        return pc.invert(pc.or_(in_ledger, again)), sorted(clashes)

    def _clashing(self, mask: pa.Array, earlier: pa.Array, *, stored: bool) -> Iterator[Clash]:
        """Yield the events among some that say something else than the earlier ones."""
        rows, places = pc.indices_nonzero(mask).cast(pa.int64()), earlier.filter(mask)
        wrong = differ((rows, self.stage.bodies), (places, lambda: self._bodies(stored=stored)))
        for row, place in zip(rows.filter(wrong).to_pylist(), places.filter(wrong).to_pylist(), strict=True):
            yield Clash(row, place, stored)

    def problems(self, clashes: list[Clash]) -> Iterator[Problem]:
        """Yield a problem for each contradiction, with both versions."""
        shown = clashes[:_SHOWN]
        stored = self._texts((one.place for one in shown if one.stored), stored=True)
        staged = self._texts(
            (number for one in shown for number in (one.row, *(() if one.stored else (one.place,)))), stored=False
        )
        for one in shown:
            table, texts = (self.old, stored) if one.stored else (self.new, staged)
            earlier = _version(table, one.place, texts[one.place])
            yield conflict(_version(self.new, one.row, staged[one.row]), earlier, stored=one.stored)
        if len(clashes) > len(shown):
            yield more_conflicts(self.ledger, len(clashes) - len(shown))

    def _bodies(self, *, stored: bool) -> Iterator[bytes]:
        return bodies_of(self.ledger, self.head) if stored else self.stage.bodies()

    def _texts(self, numbers: Iterable[int], *, stored: bool) -> dict[int, bytes]:
        """Return the canonical forms of some events by their numbers."""
        wanted = set(numbers)
        if not wanted:
            return {}
        flags = [number in wanted for number in range(max(wanted) + 1)]
        texts = map(event_text, compress(self._bodies(stored=stored), flags))
        return dict(zip(sorted(wanted), texts, strict=True))


def _version(index: pa.Table, number: int, text: bytes) -> Version:
    row = index.slice(number, 1).to_pylist()[0]
    return Version(place_of(row["file"], row["place"]), json.loads(text), text.decode())
