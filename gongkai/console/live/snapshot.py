"""The snapshot that pages read: verdicts of one state of the ledger, made once, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.vocabulary import Vocabulary, load_vocabulary
from gongkai.evaluation.build import explain_row
from reports.run.evaluation import build_evaluation
from reports.selfcheck.check import self_check

if TYPE_CHECKING:
    from datetime import datetime

    from events.ledger.chain import Head
    from gongkai.evaluation.inputs import Inputs
    from reports.run.evaluation import Evaluation
    from reports.run.sources import Sources
    from reports.selfcheck.check import SelfCheck

PartKey = tuple[str, str]
"""A unit, and which part of its pages it is."""


@dataclass(frozen=True)
class Snapshot:
    """Verdicts of one state of the ledger.

    Attributes:
        head: the state.
        inputs: what the verdicts are made of; the day's as-of.
        day_inputs: the same with the rules that have no limits in hours.
        hour_inputs: the same as of the moment, with the rules that have limits in hours.
        sources: what explanations of day rules look at.
        hour_sources: what those of hour rules look at.
        day: verdicts of the day rules.
        hour: verdicts of the rules with limits in hours.
        made_at: when they were made.
        vocabulary: the vocabulary with what the books add to it.
        trials: what submissions would do in this state, by unit and hash of the content.
        parts: parts of units' pages that are the same for everybody who may see them, by what they are of.
    """

    head: Head
    inputs: Inputs
    day_inputs: Inputs
    hour_inputs: Inputs
    sources: Sources
    hour_sources: Sources
    day: pa.Table
    hour: pa.Table
    made_at: datetime
    vocabulary: Vocabulary = field(default_factory=load_vocabulary)
    trials: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    parts: dict[PartKey, Any] = field(default_factory=dict, repr=False, compare=False)
    _checks: dict[str, tuple[UnitState, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def verdicts(self) -> pa.Table:
        """All verdicts, sorted by obligation."""
        whole = pa.concat_tables([self.day, self.hour])
        return whole.sort_by([("obligation", "ascending"), ("trigger", "ascending")])

    def states(self, unit: str) -> tuple[UnitState, ...]:
        """Return the self-check of a unit, by day rules and by hour rules."""
        known = self._checks.get(unit)
        if known is None:
            pairs = ((self.sources, self.day), (self.hour_sources, self.hour))
            made = (_unit_state(sources, table, unit) for sources, table in pairs)
            known = self._checks[unit] = tuple(one for one in made if one is not None)
        return known

    def rows(self, unit: str) -> list[dict[str, Any]]:
        """Return the verdict rows of a unit, sorted by obligation."""
        own = pa.concat_tables([table.filter(pc.equal(table["unit"], unit)) for table in (self.day, self.hour)])
        found: list[dict[str, Any]] = own.sort_by([("obligation", "ascending"), ("trigger", "ascending")]).to_pylist()
        return found

    def explain(self, row: dict[str, Any]) -> tuple[str, ...]:
        """Return the derivation of one verdict row."""
        hours = pc.any(pc.equal(self.hour["obligation"], row["obligation"])).as_py()
        return explain_row(self.hour_inputs if hours else self.inputs, row, "zh")

    def entries(self, unit: str) -> list[dict[str, Any]]:
        """Return the entries of a unit in the ledger, the latest first."""
        table = self.inputs.table
        found: list[dict[str, Any]] = table.filter(pc.equal(table["unit"], unit)).to_pylist()
        return found[::-1]


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit's verdicts of one moment, with what to do about them."""

    check: SelfCheck
    evaluation: Evaluation


def _unit_state(sources: Sources, table: pa.Table, unit: str) -> UnitState | None:
    """Return the self-check of a unit, None where it owes nothing."""
    own = table.filter(pc.equal(table["unit"], unit))
    if not own.num_rows:
        return None
    evaluation = build_evaluation(sources, own, {})
    return UnitState(self_check(evaluation, sources)[0], evaluation)
