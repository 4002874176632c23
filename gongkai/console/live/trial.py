"""Trial judging (试算): what a submission would settle and what it would set off, before it is entered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.normalise.whole_log import check_whole_log
from events.problems import Problem, Text, Where, sort_problems
from events.vocabulary import load_vocabulary
from gongkai.console.live import judging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gongkai.console.live.snapshot import Snapshot

_LANE = threading.Lock()
"""One trial at a time: each has tables of its own in memory."""
_KEPT = 200
"""How many trials a snapshot keeps."""
_SHOWN = ("status", "due_on", "met_on", "measured", "reason", "limit_at")


@dataclass(frozen=True, slots=True)
class Effect:
    """One duty that a submission changes.

    Attributes:
        before: its row now, None where it would be a new one.
        after: its row then, None where it would be gone.
    """

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def row(self) -> Mapping[str, Any]:
        """The row to name it by."""
        return self.after or self.before or {}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a submission would do.

    Attributes:
        effects: the duties that change.
        problems: what the ledger would say against it.
    """

    effects: tuple[Effect, ...]
    problems: tuple[Problem, ...]


def try_entry(snapshot: Snapshot, table: pa.Table, unit: str) -> Trial:
    """Return what events of a unit would do to its duties.

    Args:
        snapshot: the verdicts now.
        table: the events (`events.table`).
        unit: id of the unit.
    """
    whole, problems = _with_log(snapshot, table, unit)
    new = pc.unique(table["id"]) if table.num_rows else pa.array([], pa.string())
    effects: list[Effect] = []
    for inputs, before in ((snapshot.day_inputs, snapshot.day), (snapshot.hour_inputs, snapshot.hour)):
        if inputs.books:
            after = judging.judge_new(before, replace(inputs, table=whole), new)
            effects += _effects(_own(before, unit), _own(after, unit))
    return Trial(tuple(effects), sort_problems(problems))


def objections(snapshot: Snapshot, table: pa.Table, unit: str) -> tuple[Problem, ...]:
    """Return what the ledger would say against events of a unit, without judging anything."""
    return sort_problems(_with_log(snapshot, table, unit)[1])


def _with_log(snapshot: Snapshot, table: pa.Table, unit: str) -> tuple[pa.Table, list[Problem]]:
    """Return the log with the events, and what is wrong with them in it."""
    present = snapshot.inputs.table
    whole = pa.concat_tables([present, table.cast(present.schema)]).combine_chunks()
    problems = [*_foreign(present, table, unit)]
    wrong = check_whole_log(whole).problems
    problems += [one for one in wrong if one.where.file in set(table["file"].to_pylist())]
    return whole, problems


def kept_trial(snapshot: Snapshot, table: pa.Table, unit: str, key: str) -> Trial:
    """Return what events would do, as it was worked out before for the same content and state, or worked out now.

    Args:
        snapshot: the verdicts now.
        table: the events.
        unit: id of the unit.
        key: hash of the content.
    """
    name = (unit, key)
    with _LANE:
        found: Trial | None = snapshot.trials.get(name)
        if found is None:
            found = try_entry(snapshot, table, unit)
            if len(snapshot.trials) >= _KEPT:
                snapshot.trials.clear()
            snapshot.trials[name] = found
    return found


def _own(table: pa.Table, unit: str) -> dict[str, dict[str, Any]]:
    return {
        f"{row['obligation']}|{row['trigger']}": row for row in table.filter(pc.equal(table["unit"], unit)).to_pylist()
    }


def _effects(before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]) -> Sequence[Effect]:
    found = []
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one is None or other is None or any(one.get(name) != other.get(name) for name in _SHOWN):
            found.append(Effect(one, other))
    return found


def _foreign(present: pa.Table, table: pa.Table, unit: str) -> Sequence[Problem]:
    """Return a problem for each event that corrects or withdraws what the unit did not enter itself."""
    targets = {
        target: row
        for row in table.select(["corrects", "retracts", "file", "place"]).to_pylist()
        for target in (row["corrects"], row["retracts"])
        if target
    }
    if not targets:
        return ()
    known = present.filter(pc.is_in(present["id"], pa.array(sorted(targets), pa.string())))
    types = load_vocabulary().types
    office = {name for name, one in types.items() if one.entered_by == "evaluator"}
    rows = known.select(["id", "unit", "type"]).to_pylist()
    own = {row["id"] for row in rows if row["unit"] == unit and row["type"] not in office}
    own |= set(table["id"].to_pylist())
    fact = Text("本单位没有这条记录", "this unit has no such entry")
    cure = Text("从“已入账”里选要更正或者撤回的记录", "Choose it from the unit's entries")
    return [
        Problem("not-own-entry", Where(row["file"], line=int(row["place"] or 0)), fact, cure, target)
        for target, row in targets.items()
        if target not in own
    ]
