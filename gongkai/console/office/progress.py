"""全县进度: who has filed up to which day, what waits, open problems with their trend, what is due this week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.vocabulary import load_vocabulary
from gongkai.console.clock import now
from gongkai.console.models.store import submissions
from gongkai.console.models.submissions import DRAFT, RETURNED, WAITING
from gongkai.console.office import runs as official
from gongkai.console.registry import registry

if TYPE_CHECKING:
    from datetime import date

    from gongkai.console.live.snapshot import Snapshot

SHOW = {"": "全部", "unfiled": "未报", "wrong": "有错", "problems": "有问题", "due": "本周到期"}
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """How one unit stands.

    Attributes:
        id: the unit.
        name: its name.
        filed: the day up to which it has filed, None where it has filed nothing.
        waiting: submissions that wait for review.
        wrong: submissions that were returned.
        drafts: submissions that are not handed in.
        violated: open problems.
        before: the same in the last published run, None where there is none.
        late: done late.
        unassessed: what waits for a judgement.
        due: what is due within a week.
    """

    id: str
    name: str
    filed: date | None
    waiting: int
    wrong: int
    drafts: int
    violated: int
    before: int | None
    late: int
    unassessed: int
    due: int

    @property
    def state(self) -> str:
        """有错, 未报 or 已报."""
        return "有错" if self.wrong else "未报" if self.filed is None else "已报"

    def shown(self, show: str) -> bool:
        """Say whether a filter shows it."""
        return {
            "unfiled": self.filed is None,
            "wrong": bool(self.wrong),
            "problems": bool(self.violated),
            "due": bool(self.due),
        }.get(show, True)


@dataclass(frozen=True, slots=True)
class ReadOf:
    """What the verdicts are made of.

    Attributes:
        recorded: how many entries the ledger has.
        counted: how many of them say what was done; withdrawals do not.
        replaced: how many do not, since a later one corrects or withdraws them.
        told: what was noticed in reading, a line each.
    """

    recorded: int
    counted: int
    replaced: int
    told: tuple[str, ...]


def read_of(snapshot: Snapshot) -> ReadOf:
    """Return what was read of the ledger, and what was left out."""
    table = snapshot.inputs.table
    corrections, withdrawals = (len(pc.unique(table[name].drop_null())) for name in ("corrects", "retracts"))
    told = tuple(dict.fromkeys(f"{one.fact.zh}。{one.cure.zh}" for one in snapshot.inputs.problems))
    replaced = corrections + withdrawals
    return ReadOf(table.num_rows, table.num_rows - replaced - withdrawals, replaced, told)


def filed_until(snapshot: Snapshot) -> dict[str, date]:
    """Return the day of the last act that each unit filed; what evaluators enter of it is not filed by it."""
    types = load_vocabulary().types
    office = pa.array([name for name, one in types.items() if one.entered_by == "evaluator"], pa.string())
    table = snapshot.inputs.table
    own = table.filter(pc.invert(pc.is_in(table["type"], office)))
    found = own.group_by("unit").aggregate([("occurred_at", "max")]).to_pylist()
    return {row["unit"]: row["occurred_at_max"].date() for row in found}


def lines(snapshot: Snapshot) -> list[Line]:
    """Return how each unit stands, in the order of the registry."""
    table = snapshot.verdicts.select(["unit", "status", "due_on"])
    found = list(zip(*(table[name].to_pylist() for name in ("unit", "status", "due_on")), strict=True))
    counts = Counter((unit, status) for unit, status, _ in found)
    last = now().date() + _WEEK
    due = Counter(unit for unit, status, day in found if status == "pending" and day is not None and day <= last)
    filed = filed_until(snapshot)
    states = Counter(submissions().filter(state__in=[DRAFT, RETURNED, WAITING]).values_list("unit", "state"))
    before = _before()
    return [
        Line(
            unit.id,
            unit.name,
            filed.get(unit.id),
            states[unit.id, WAITING],
            states[unit.id, RETURNED],
            states[unit.id, DRAFT],
            counts[unit.id, "violated"],
            None if before is None else before[unit.id],
            counts[unit.id, "late"],
            counts[unit.id, "unassessed"],
            due[unit.id],
        )
        for unit in registry().units
    ]


def _before() -> Counter[str] | None:
    """Return the open problems by unit in the last published run."""
    published = next((one for one in official.finished() if one.published), None)
    found = None if published is None else official.read(published)
    if found is None:
        return None
    return Counter(row["unit"] for row in found.rows.values() if row["status"] == "violated")
