"""The log as an explanation looks at it: the events of a type, by what they are about and by whose they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from engine.explain.worked_out import RESTS_ON, with_values
from events.table import python_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.time.asof import AsOf

    Act = Mapping[str, Any]

T = TypeVar("T")


def moment_of(act: Act) -> datetime:
    """Return when an event happened; without a time of day, the first moment of its day."""
    at: datetime = act["occurred_at"]
    return at


def day_of(act: Act) -> date:
    """Return the day of an event."""
    return moment_of(act).date()


def when(act: Act) -> str:
    """Return the day of an event, with its time of day where one is recorded."""
    at = moment_of(act)
    return at.isoformat(sep=" ", timespec="minutes") if act["timed"] else at.date().isoformat()


def in_order(acts: Sequence[Act]) -> list[Act]:
    """Return events in the order of time."""
    return sorted(acts, key=lambda act: (act["occurred_at"], act["id"]))


def _saying(events: pa.Table) -> pa.Table:
    """Return events without the attributes that none of them has: most types have few of all that there are."""
    names = events.column_names
    return events.select([name for name in names if name[:5] != "data." or events[name].null_count < len(events)])


def _but(by_kind: Mapping[str, T], changed: Collection[str]) -> dict[str, T]:
    """Return what there is of the types that did not change; others may be added to it meanwhile."""
    return {kind: one for kind, one in dict(by_kind).items() if kind not in changed}


@dataclass(frozen=True)
class Record:
    """What is on record as of a moment: neither what came later, nor what was corrected or withdrawn.

    Rows are made for a type when something of it is asked for, so that a report of a large log stays quick.

    Attributes:
        events: the event table (`events.table`).
        as_of: the moment.
        units: what the units are called, by id.
        known_by: what was recorded later is not seen; None is the moment asked about.
        before: for units that took the work of others over, these others.
        members: which units names and groups of the registry stand for.
    """

    events: pa.Table
    as_of: AsOf
    units: Mapping[str, str]
    known_by: AsOf | None = None
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    members: Callable[[tuple[str, ...]], tuple[str, ...]] = field(default=tuple, repr=False)
    _rows: dict[str, list[Act]] = field(default_factory=dict, repr=False, compare=False)
    _by_subject: dict[str, dict[str, list[Act]]] = field(default_factory=dict, repr=False, compare=False)
    _by_id: dict[str, dict[str, Act]] = field(default_factory=dict, repr=False, compare=False)
    _by_unit: dict[str, dict[str, list[Act]]] = field(default_factory=dict, repr=False, compare=False)

    def with_more(self, events: pa.Table, new: pa.Table) -> Record:
        """Return the record of a log that got more entries; rows of types that it got none of are not made again.

        Args:
            events: the whole log.
            new: the entries that it got, which are its last ones.
        """
        grown = Record(events, self.as_of, self.units, self.known_by, self.before, self.members)
        if new["corrects"].null_count < new.num_rows or new["retracts"].null_count < new.num_rows:
            return grown  # entries of any type may have gone
        types = set(pc.unique(new["type"]).to_pylist())
        changed = types | {kind for kind, other in RESTS_ON.items() if other in types}
        grown._rows.update(_but(self._rows, changed))
        grown._by_subject.update(_but(self._by_subject, changed))
        grown._by_unit.update(_but(self._by_unit, changed))
        grown._by_id.update(_but(self._by_id, changed))
        return grown

    @cached_property
    def _gone(self) -> frozenset[tuple[str, str]]:
        """Unit and id of the entries that others correct or withdraw, as far as these were known by the moment."""
        table = self.events
        recorded = pc.coalesce(table["recorded_at"], table["occurred_at"])
        known = pc.less_equal(recorded, pa.scalar((self.known_by or self.as_of).moment, pa.timestamp("us")))
        mends = pc.or_(pc.is_valid(table["corrects"]), pc.is_valid(table["retracts"]))
        found = table.select(["unit", "corrects", "retracts"]).filter(pc.and_(mends, known)).to_pylist()
        return frozenset((one["unit"], one["corrects"] or one["retracts"]) for one in found)

    def filers(self, first: date, last: date) -> frozenset[str]:
        """Return the units that filed something of these days; what evaluators found of a unit is not filed by it."""
        table = self.events.select(["id", "unit", "type", "occurred_at", "recorded_at", "retracts"])
        known = (self.known_by or self.as_of).moment
        days = pc.cast(table["occurred_at"], pa.date32(), safe=False)
        seen = pc.and_(
            pc.less_equal(table["occurred_at"], self.as_of.moment),
            pc.less_equal(pc.coalesce(table["recorded_at"], table["occurred_at"]), known),
        )
        of_period = pc.and_(pc.greater_equal(days, first), pc.less_equal(days, last))
        own = pc.and_(pc.not_equal(table["type"], "assessment.recorded"), pc.is_null(table["retracts"]))
        rows = table.filter(pc.and_(pc.and_(seen, of_period), own)).select(["unit", "id"])
        doubtful = pc.is_in(rows["id"], pa.array(sorted({one for _, one in self._gone}), pa.string()))
        found = set(pc.unique(rows["unit"].filter(pc.invert(doubtful))).to_pylist())
        rest = rows.filter(doubtful)
        pairs = zip(rest["unit"].to_pylist(), rest["id"].to_pylist(), strict=True)
        return frozenset(found | {unit for unit, one in pairs if (unit, one) not in self._gone})

    def of(self, kind: str) -> list[Act]:
        """Return the events of a type, in the order of time."""
        known = self._rows.get(kind)
        if known is None:
            table = _saying(self.events)
            table = _saying(table.filter(pc.equal(table["type"], kind)))
            rows = in_order([row for row in python_rows(table) if self._stands(row)])
            others = self.of(RESTS_ON[kind]) if kind in RESTS_ON else []
            known = self._rows[kind] = with_values(kind, rows, others)
        return known

    def _stands(self, row: Act) -> bool:
        """Say whether an entry is seen and holds."""
        known = (self.known_by or self.as_of).moment
        seen = row["occurred_at"] <= self.as_of.moment and (row["recorded_at"] or row["occurred_at"]) <= known
        return seen and row["retracts"] is None and (row["unit"], row["id"]) not in self._gone

    def about(self, kind: str, subject: str) -> list[Act]:
        """Return the events of a type and subject, of any unit."""
        if kind not in self._by_subject:
            self._by_subject[kind] = self._grouped(kind, "subject")
        return self._by_subject[kind].get(subject, [])

    def by(self, kind: str, unit: str) -> list[Act]:
        """Return the events of a type and unit, with those of the units whose work it took over."""
        if kind not in self._by_unit:
            self._by_unit[kind] = self._grouped(kind, "unit")
        groups = [self._by_unit[kind].get(one, []) for one in sorted(self.own(unit))]
        return groups[0] if len(groups) == 1 else in_order([act for group in groups for act in group])

    def own(self, unit: str) -> frozenset[str]:
        """Return the units whose records are a unit's own: itself, and those whose work it took over."""
        return self.before.get(unit, frozenset()) | {unit}

    def _grouped(self, kind: str, name: str) -> dict[str, list[Act]]:
        groups: dict[str, list[Act]] = defaultdict(list)
        for row in self.of(kind):
            if row[name] is not None:
                groups[row[name]].append(row)
        return groups

    def called(self, unit: str) -> str:
        """Return what a unit is called."""
        return self.units.get(unit, unit)

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """The type of each event, by id."""
        return dict(zip(self.events["id"].to_pylist(), self.events["type"].to_pylist(), strict=True))

    def named(self, ids: Sequence[str]) -> dict[str, Act]:
        """Return events by id."""
        found: dict[str, Act] = {}
        for one in ids:
            kind = self._kinds.get(one)
            if kind is None:
                continue
            if kind not in self._by_id:
                self._by_id[kind] = {row["id"]: row for row in self.of(kind)}
            if one in self._by_id[kind]:
                found[one] = self._by_id[kind][one]
        return found
