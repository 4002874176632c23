"""Whether entries can matter to a rule: not by their types alone, but by what they say and what they are about.

An entry cannot matter to a rule whose selectors it surely does not meet, nor where it could only answer something that
nothing in the log asks: a review or a publication on a subject on which there is no act. What is worked out of several
entries (`engine.compile.derived`) may make any entry of its types matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.derived import DERIVED_OF, WORKED_OUT
from engine.compile.standing import ANSWERED, RECEIVED
from engine.explain.matching import holds
from rules.model import YEAR_OF

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.kinds.base import KindRule
    from rules.model import Selector
    from rules.units import Registry

RESTS_ON: Mapping[str, tuple[str, ...]] = {RECEIVED: (ANSWERED,), "consultation.closed": ("consultation.opened",)}
"""Types of events of which other types say something: whether a request is a new one, how long it was open."""

_TOGETHER = frozenset(DERIVED_OF) | frozenset(RESTS_ON) | {one for others in RESTS_ON.values() for one in others}
"""Types of entries that change what other entries say."""

_FOLLOWING = {"year"} | {name.removeprefix("data.") for names in WORKED_OUT.values() for name in names}
"""Attributes that may be worked out where they are not recorded."""

_MOST = 200
"""So many entries are looked at one by one; of more it is taken that they matter."""


@dataclass(frozen=True, slots=True)
class Mattering:
    """Entries that were added to a log, with those that they change.

    Attributes:
        types: their types.
        units: their units.
        rows: the entries themselves; None where they are too many.
        registry: the units, which may be listed under any of their names.
        about: the types of all entries of the log on their subjects, each with the subject.
    """

    types: frozenset[str]
    units: frozenset[str]
    rows: Sequence[Mapping[str, Any]] | None
    about: frozenset[tuple[str, str]]
    registry: Registry

    @classmethod
    def of(cls, events: pa.Table, chosen: pa.ChunkedArray, registry: Registry) -> Self:
        """Return the chosen entries of a log (`events.table`)."""
        found = events.filter(chosen)
        types, units = (frozenset(pc.unique(found[name]).to_pylist()) for name in ("type", "unit"))
        if found.num_rows > _MOST:
            return cls(types, units, None, frozenset(), registry)
        subjects = pc.unique(found["subject"]).drop_null()
        among = events.select(["type", "subject"]).filter(pc.is_in(events["subject"], subjects))
        about = frozenset(zip(among["type"].to_pylist(), among["subject"].to_pylist(), strict=True))
        said = [name for name in found.column_names if found[name].null_count < found.num_rows]
        return cls(types, units, found.select(said).to_pylist(), about, registry)

    def to(self, rule: KindRule) -> bool:
        """Say whether any of the entries can matter to a rule, one of whose types it has."""
        return self.rows is None or any(self._to(rule, row) for row in self.rows)

    def _to(self, rule: KindRule, row: Mapping[str, Any]) -> bool:
        """Say whether one entry can matter to a rule."""
        kind, subject = row["type"], row.get("subject")
        if kind not in seen_types(rule):
            return False
        selectors = rule.selectors()
        if kind in _TOGETHER or all(one.event != kind for _, one in selectors):
            return True
        met = [(role, one) for role, one in selectors if one.event == kind and _may_meet(row, one)]
        if rule.listed():
            return any(self._names_one(rule.listed(), row, one) for _, one in met)
        first, second = rule.paired() or ("", "")
        if subject is None or {role for role, _ in met} != {second}:
            return bool(met)
        return any((one.event, subject) in self.about for role, one in selectors if role == first)

    def _names_one(self, things: Collection[str], row: Mapping[str, Any], selector: Selector) -> bool:
        """Say whether an entry may name one of some things."""
        subject = row.get("subject")
        named = {subject, *(row.get(f"data.{selector.elements_in}") or ())}
        return not named.isdisjoint(things) or (subject is not None and self.registry.find(subject) is not None)


def seen_types(rule: KindRule) -> set[str]:
    """Return the event types that a rule looks at, and those that say something of these."""
    seen = {selector.event for _, selector in rule.selectors()} | {use.event for use in rule.attributes()}
    return seen | {other for one in seen for other in RESTS_ON.get(one, ())}


def _may_meet(row: Mapping[str, Any], selector: Selector) -> bool:
    """Say whether an entry may meet a selector: it surely does not where an attribute that it asks for is another."""
    return not selector.where or any(
        all(_follows(name) or holds(one, row, name) is not False for name, one in group.items())
        for group in selector.where
    )


def _follows(name: str) -> bool:
    return name.startswith(YEAR_OF) or name in _FOLLOWING
