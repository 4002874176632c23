"""A unit's self-check: what is open, in the order to do it, and what would settle each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.explain.beside import VerdictCase
from engine.explain.matters import uncovered
from engine.explain.short import lacking
from events.problems import Text
from events.table import python_rows
from reports.pages.to_see import ToSee
from reports.selfcheck.remedies import Remedy, pace, remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.pages.to_see import ToSeeTo
    from reports.run.evaluation import Evaluation, UnitPart, Verdict
    from reports.run.sources import Sources
    from rules.facets import Facets
    from rules.model import Rule

SOON = 10
"""Working days within which something is due soon."""

GROUPS = {
    "overdue": Text("已过期限，马上补做", "Overdue: make it good now"),
    "soon": Text(f"{SOON}个工作日内到期", f"Due within {SOON} working days"),
    "behind": Text("次数和指标的进度", "How far counts and figures are"),
    "unrecorded": Text(
        "待核定：缺评价意见、数据或者登记的内容",
        "For a person to judge: a judgement, a figure or a part of a record is missing",
    ),
    "joint": Text("共同承担，本单位台账看不全", "Owed together with others: this unit's log does not show all of it"),
    "judged": Text("由县里评定", "Judged by the county"),
    "later": Text("以后到期", "Due later"),
    "past": Text("时间已过，不能补做", "The time is over: it cannot be made good"),
}
"""The groups of a self-check, in the order to do them."""

FOLDED = ("judged",)
"""Groups that the unit cannot settle: one line, how many they are."""

OPEN = ("violated", "unassessed", "pending")
"""The statuses of what there may be something to do about."""

FIRST = date.min


@dataclass(frozen=True, slots=True)
class ToDo:
    """One duty to see to.

    Attributes:
        verdict: the duty.
        remedy: what would settle it.
        left: working days until its due date, the as-of day not counted; negative where it is over; None without one.
        pace: how far it is and what it needs a month, or None.
    """

    verdict: Verdict
    remedy: Remedy
    left: int | None
    pace: str | None

    @property
    def done(self) -> float | None:
        """What share of the count or figure is there, where the duty has one."""
        row = self.verdict.row
        if not row["required"] or row["measured"] is None or row["required"] <= 1:
            return None
        return float(min(max(row["measured"] / row["required"], 0), 1))


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What one unit has to see to.

    Attributes:
        part: the unit and all its verdicts.
        groups: the duties by group, in the order to do them; groups without any are left out.
    """

    part: UnitPart
    groups: Mapping[str, Sequence[ToDo]]


def _covered(sources: Sources, parts: Sequence[UnitPart]) -> dict[tuple[str, str], set[str]]:
    """Return the elements that each event of the evidence covers, by event and list attribute."""
    wanted = {event for part in parts for verdict in part.verdicts for event in verdict.row["evidence"]}
    names = sorted(
        {
            selector.elements_in
            for book in sources.books
            for rule in book.rules
            for _, selector in rule.selectors()
            if selector.elements_in is not None
        }
    )
    said = sources.events.select(["id", *(f"data.{name}" for name in names)])
    chosen = said.filter(pc.is_in(said["id"], pa.array(sorted(wanted), pa.string())))
    found: dict[tuple[str, str], set[str]] = {}
    for event in python_rows(chosen):
        for name in names:
            if event[f"data.{name}"]:
                found.setdefault((event["id"], name), set()).update(event[f"data.{name}"])
    return found


def _to_do(verdict: Verdict, sources: Sources, covered: Mapping[tuple[str, str], set[str]]) -> ToDo:
    """Return one duty with what would settle it."""
    rule, _ = sources.rule_of(verdict.row)
    selector = rule.settling()
    missing: list[str] = []
    if selector is not None and selector.elements_in is not None:
        name = selector.elements_in
        there = {one for event in verdict.row["evidence"] for one in covered.get((event, name), ())}
        missing = [one for one in getattr(rule, "covers", ()) if one not in there]
    if hasattr(rule, "covered_by") and verdict.status in {"pending", "violated", "unassessed"}:
        missing = list(uncovered(VerdictCase(verdict.row, rule, sources.record)))
    today, due = sources.as_of.day, verdict.due_on
    left = None
    if due is not None and sources.calendar.first <= due <= sources.calendar.last:
        days = sources.calendar.working_days_between
        left = days(today, due) if due >= today else -days(due, today)
    rate = pace(verdict, rule, today, sources.lang) if rule.facets.paced else None
    lacks = [line.in_(sources.lang) for line in lacking(VerdictCase(verdict.row, rule, sources.record))]
    return ToDo(verdict, remedy(verdict, rule, missing, sources.lang, lacks), left, rate)


def _kept(verdict: Verdict, facets: Facets) -> bool:
    """Say whether an open duty is kept so far, and nothing is to be done about it now."""
    required, measured = verdict.row["required"], verdict.row["measured"]
    if facets.forbids:
        return True
    return facets.enough and required is not None and (measured or 0) >= required


def _joint(rule: Rule, unit: str, sources: Sources) -> bool:
    """Say whether others owe a duty too, and what they did counts, but the log has nothing of one of them."""
    together = getattr(rule, "scope", None) == "county" or bool(getattr(rule, "jointly", False))
    return together and any(
        other != unit and other not in sources.filed for other in sources.registry.members(rule.owed_by)
    )


def _group(one: ToDo, facets: Facets, *, joint: bool) -> str | None:
    """Return the group of a duty; None where there is nothing to do about it."""
    status = one.verdict.status
    if status == "unassessed" and facets.by_person:
        return "judged"
    if status in {"violated", "unassessed"}:
        settled = "unrecorded" if status == "unassessed" else "overdue" if facets.mendable else "past"
        return "joint" if joint else settled
    if status != "pending" or _kept(one.verdict, facets):
        return None
    if one.left is not None and one.left <= SOON:
        return "soon"
    return "behind" if one.pace is not None else "later"


def self_check(evaluation: Evaluation, sources: Sources) -> tuple[SelfCheck, ...]:
    """Return the self-check of each unit of an evaluation.

    Args:
        evaluation: the verdicts as reports show them.
        sources: what they were made from.
    """
    covered = _covered(sources, evaluation.units)
    checks = []
    for part in evaluation.units:
        groups: dict[str, list[ToDo]] = {name: [] for name in GROUPS}
        for verdict in part.verdicts:
            if verdict.status not in OPEN:
                continue
            one = _to_do(verdict, sources, covered)
            rule, _ = sources.rule_of(verdict.row)
            group = _group(one, rule.facets, joint=_joint(rule, verdict.row["unit"], sources))
            if group is not None:
                groups[group].append(one)
        for found in groups.values():
            found.sort(key=lambda one: (one.verdict.due_on or FIRST, one.verdict.row["obligation"]))
        checks.append(SelfCheck(part, {name: tuple(found) for name, found in groups.items() if found}))
    return tuple(checks)


def numbered(check: SelfCheck) -> Iterator[tuple[str, int, ToDo]]:
    """Yield the duties of a self-check that a unit can see to: group, number from 1, duty."""
    number = 0
    for group, found in check.groups.items():
        for one in found if group not in FOLDED else ():
            number += 1
            yield group, number, one


def to_see(checks: Sequence[SelfCheck], evaluation: Evaluation) -> ToSeeTo:
    """Return what there is to see to, by obligation, as the pages of units show it."""
    found: ToSeeTo = {}
    for check in checks:
        for name in FOLDED:
            for one in check.groups.get(name, ()):
                found[one.verdict.row["obligation"]] = ToSee(None, "", one.remedy.words, None, judged=True)
        for _, number, one in numbered(check):
            see = ToSee(number, when(one, evaluation), one.remedy.words, one.pace, judged=False)
            found[one.verdict.row["obligation"]] = see
    return found


def _hours_left(limit: datetime, now: datetime) -> Text:
    """Return how many hours are left until a moment, or how long ago it was."""
    hours = (limit - now).total_seconds() / 3600
    if hours <= 0:
        return Text(f"，已过{math.ceil(-hours)}小时", f", {math.ceil(-hours)} hours ago")
    return Text(f"，还有{math.floor(hours)}小时", f", {math.floor(hours)} hours left")


def when(one: ToDo, evaluation: Evaluation) -> str:
    """Return when a duty is due, and how far away that is."""
    lang, due = evaluation.lang, one.verdict.due_on
    if due is None:
        return ""
    limit = one.verdict.row["limit_at"]
    at = f"{due}" if limit is None else f"{limit:%Y-%m-%d %H:%M}"
    words = Text(f"到期 {at}", f"due {at}").in_(lang)
    if limit is not None and one.left is not None:
        return words + _hours_left(limit, evaluation.as_of.moment).in_(lang)
    if one.verdict.row["provisional"]:
        words += Text("（暂定）", " (provisional)").in_(lang)
    if one.left is None:
        return words
    if one.left == 0:
        over = one.verdict.status == "violated"
        said = Text("，期限今天已满", ", the time ran out today") if over else Text("，就是今天", ", today")
        return words + said.in_(lang)
    if one.left < 0:
        return words + Text(f"，已过{-one.left}个工作日", f", {-one.left} working days ago").in_(lang)
    return words + Text(f"，还有{one.left}个工作日", f", {one.left} working days left").in_(lang)
