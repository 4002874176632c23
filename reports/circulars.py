"""Circulars of the county (情况通报, 表扬通报): the run in numbers, lists by status and by clause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.output.languages import share
from reports.output.texts import BREACHES, SIGNS, STATUS, WORST_FIRST
from reports.scoring.words import GROUPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.run.folder import Row, RunFolder

NAMED = 3
"""How many units of a group are named first and last."""


@dataclass(frozen=True, slots=True)
class CircularStatus:
    """How often one status was given: its sign, words, number and share, and the units with how many they have."""

    sign: str
    status: str
    number: int
    share: str
    units: str


@dataclass(frozen=True, slots=True)
class CircularClause:
    """A clause with problems: its document, what it asks, how many are open and late, and in how many units."""

    clause: str
    document: str
    title: str
    open: int
    late: int
    units: int


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit that the policy ranks or praises: its group, place, name, points and grade."""

    group: str
    rank: str
    unit: str
    score: str
    grade: str


@dataclass(frozen=True, slots=True)
class Circular:
    """What a template of a circular is filled with; every field is a placeholder.

    Attributes:
        county: name of the county.
        as_of: the as-of date in Chinese.
        period: the days whose duties are listed.
        documents: title and number of each document.
        unit_count: how many units owe something.
        clean_count: how many of those that filed have nothing violated or late.
        duty_count: how many obligations there are.
        open_count: how many are violated.
        cause_count: how many acts or missing acts those follow from.
        late_count: how many are late.
        unfiled: names of the units that filed nothing, joined; empty where all did.
        unfiled_count: how many they are.
        statuses: lines of the statuses, what needs attention first.
        clauses: lines of the clauses with problems, in the order of the documents.
        policy: title of the scoring policy; empty without one, and then nobody is named first or last.
        first: the units ranked first in each group; empty without a policy.
        last: those ranked last.
        praised: the units that are praised; of a circular without a policy, those named by hand.
    """

    county: str
    as_of: str
    period: str
    documents: str
    unit_count: int
    clean_count: int
    duty_count: int
    open_count: int
    cause_count: int
    late_count: int
    unfiled: str
    unfiled_count: int
    statuses: tuple[CircularStatus, ...]
    clauses: tuple[CircularClause, ...]
    policy: str
    first: tuple[RankedUnit, ...]
    last: tuple[RankedUnit, ...]
    praised: tuple[RankedUnit, ...]


def circular_parts() -> tuple[str, ...]:
    """Return the names of what the lines of a circular have."""
    return tuple(name for line in (CircularStatus, CircularClause, RankedUnit) for name in line.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the scores of a run say of its units.

    Attributes:
        policy: title of the policy; empty without one.
        units: the rows of `scores.json`.
    """

    policy: str = ""
    units: Sequence[Mapping[str, Any]] = ()


def make_circular(
    run: RunFolder, summary: Mapping[str, Any], ranking: Ranking, praised: Sequence[str] = ()
) -> Circular:
    """Return what a circular says of a run.

    Args:
        run: the run.
        summary: what `summary.json` says.
        ranking: the scores, or nothing where no policy is given.
        praised: names of the units that are praised.
    """
    rows = list(run.rows.values())
    units = {str(one["unit"]): str(one["unit_name"]) for one in summary["units"]}
    silent = [name for name in summary.get("unfiled", ()) if name in units]
    order = {unit: number for number, unit in enumerate([*silent, *(one for one in units if one not in silent)])}
    bad = {row["unit"] for row in rows if row["status"] in BREACHES}
    counts = Counter(row["status"] for row in rows)
    day = run.as_of.day
    points = {str(one["unit_name"]): _ranked(one) for one in ranking.units}
    first, last = _ends(ranking)
    return Circular(
        county=str(run.receipt["registry"].get("name", "")),
        as_of=f"{day.year}年{day.month}月{day.day}日",
        period=str(run.receipt.get("period", "")).replace("/", "至"),
        documents="、".join(f"《{one.get('title', one['id'])}》（{one['document']}）" for one in run.receipt["books"]),
        unit_count=len(units),
        clean_count=sum(unit not in bad and unit not in silent for unit in units),
        duty_count=len(rows),
        open_count=counts["violated"],
        cause_count=len({row.get("cause") or row["obligation"] for row in rows if row["status"] == "violated"}),
        late_count=counts["late"],
        unfiled="、".join(units[one] for one in silent),
        unfiled_count=len(silent),
        statuses=tuple(_status(name, rows, units, order) for name in WORST_FIRST if counts[name]),
        clauses=_clauses(run, summary, rows),
        policy=ranking.policy,
        first=first,
        last=last,
        praised=tuple(points.get(name, RankedUnit("", "", name, "", "")) for name in praised),
    )


def _status(status: str, rows: Sequence[Row], units: Mapping[str, str], order: Mapping[str, int]) -> CircularStatus:
    """Return the line of one status; only of what needs somebody to act the units are listed."""
    found = [row["unit"] for row in rows if row["status"] == status]
    by_unit = sorted(Counter(found).items(), key=lambda one: order.get(one[0], len(order)))
    listed = "、".join(f"{units.get(unit, unit)}{number}项" for unit, number in by_unit) if status in BREACHES else ""
    return CircularStatus(SIGNS[status], STATUS[status].zh, len(found), share(len(found) / len(rows), "zh"), listed)


def _clauses(run: RunFolder, summary: Mapping[str, Any], rows: Sequence[Row]) -> tuple[CircularClause, ...]:
    """Return the clauses that have problems, in the order of their documents."""
    by_clause: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["status"] in BREACHES:
            by_clause.setdefault((row["book"], row["clause"]), []).append(row)
    lines = []
    for one in summary["clauses"]:
        found = by_clause.get((one["book"], one["clause"]), [])
        if found:
            counts = Counter(row["status"] for row in found)
            titles = "；".join(dict.fromkeys(run.title(row) for row in found))
            document = run.document(found[0])
            units = len({row["unit"] for row in found})
            lines.append(
                CircularClause(run.cited(found[0]), document, titles, counts["violated"], counts["late"], units)
            )
    return tuple(lines)


def _ranked(one: Mapping[str, Any]) -> RankedUnit:
    rank = "" if one["rank"] is None else str(one["rank"])
    score = "" if one["score"] is None else f"{one['score']:g}"
    group = str(one["group"])
    return RankedUnit(
        GROUPS[group].zh if group in GROUPS else group,
        rank,
        str(one["unit_name"]),
        score,
        str(one["grade"]),
    )


def _ends(ranking: Ranking) -> tuple[tuple[RankedUnit, ...], tuple[RankedUnit, ...]]:
    """Return the units ranked first and last in each group, never one in both."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in ranking.units:
        if one["rank"] is not None:
            groups.setdefault(str(one["group"]), []).append(one)
    first: list[RankedUnit] = []
    last: list[RankedUnit] = []
    for found in groups.values():
        best_first = sorted(found, key=lambda one: int(one["rank"]))
        most = min(NAMED, len(best_first) // 2)
        first += [_ranked(one) for one in best_first[:most]]
        last += [_ranked(one) for one in best_first[len(best_first) - most :]]
    return tuple(first), tuple(last)
