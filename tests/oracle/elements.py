"""Duties that are fulfilled element by element: `respond`, `due` and `contain`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tests.oracle.clock import limits
from tests.oracle.world import Fact, Row, World, end_of, row

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERYTHING = ("",)


def in_turn(rule: Any, fact: Fact) -> bool:
    """Say whether an act is not before the period, nor after it where the duty comes again in the next."""
    return bool(rule.period.start <= fact.day and (not rule.slot or fact.day <= rule.period.end))


def settle(
    world: World,
    covers: Sequence[str],
    answers: Sequence[Fact],
    limit: datetime,
    *,
    certain: bool,
    latest: datetime | None = None,
) -> tuple[str, datetime | None, list[str], int]:
    """Return status, moment of fulfilment, the events that fulfil, and how many elements they cover.

    Args:
        world: the log as of the moment.
        covers: the elements; none means that the event itself is enough.
        answers: what may fulfil.
        limit: the last moment in time.
        certain: whether the duty is certainly set.
        latest: the last moment in time that is possible, where it is not the same.
    """
    firm: list[Fact] = []
    possible: list[Fact] = []
    wanted = tuple(covers) or EVERYTHING
    for element in wanted:
        fitting = [one for one in answers if element == "" or element in one.elements]
        possible += [min(fitting, key=lambda one: one.at)] if fitting else []
        sure = [one for one in fitting if one.certain]
        firm += [min(sure, key=lambda one: one.order)] if sure else []
    done = max((one.at for one in firm), default=None) if len(firm) == len(wanted) else None
    maybe = max((one.at for one in possible), default=None) if len(possible) == len(wanted) else None
    best = _timely(world, maybe, latest or limit)
    status = _status(world, _timely(world, done, limit), best, limit, certain=certain)
    return status, done, sorted({one.event for one in firm}), len(firm)


def _timely(world: World, done: datetime | None, limit: datetime) -> str:
    if done is not None:
        return "met" if done <= limit else "late"
    return "violated" if world.moment >= limit else "pending"


def _status(world: World, firm: str, possible: str, limit: datetime, *, certain: bool) -> str:
    if certain:
        return "unassessed" if firm in ("late", "violated") and possible != firm else firm
    if firm == "met":
        return "met"
    return "unassessed" if world.moment >= limit else "pending"


def limit_of(world: World, trigger: Fact, amount: int, measure: str) -> datetime:
    """Return the last moment of a limit."""
    if measure == "hours":
        start = trigger.at if trigger.timed else end_of(trigger.day)
        return start + timedelta(hours=amount)
    return end_of(world.add(trigger.day, amount, measure))


def respond(world: World, rule: Any, unit: str, amount: int, measure: str) -> list[Row]:
    """Every A is followed by a B on the same subject within a duration."""
    rows = []
    everyone = None if rule.scope == "county" else unit
    turns = answered_in_turn(world, rule, unit) if rule.one_to_one else {}
    for trigger in world.facts(rule.trigger, everyone):
        if not rule.period.start <= trigger.day <= rule.period.end:
            continue
        limit = latest = limit_of(world, trigger, amount, measure)
        due: date | None = limit.date()
        lapsed, undated, seen = False, False, set[str]()
        if rule.clock is not None:
            sure, possible, seen = limits(world, rule, trigger, amount)
            due, lapsed, undated = sure.due, sure.lapsed, sure.undated
            limit, latest = (end_of(one.due or date.max) for one in (sure, possible))
        since = datetime.combine(trigger.day, time()) if rule.same_day == "any_time" else trigger.at
        answers = [
            one
            for one in responses(world, rule, trigger.unit)
            if trigger.subject is not None and one.subject == trigger.subject and one.latest >= since
        ]
        if rule.one_to_one:
            answers = turns.get(trigger.event, [])
        status, done, acts, covered = settle(world, rule.covers, answers, limit, certain=trigger.certain, latest=latest)
        if status == "pending" and (lapsed or undated):
            status = "not_applicable" if lapsed else "unassessed"
        rows.append(
            row(
                status,
                key=trigger.root,
                subject=trigger.subject,
                opened_on=trigger.day,
                due_on=due,
                met_on=done.date() if done is not None and status in ("met", "late") else None,
                required=len(rule.covers) or 1,
                measured=covered,
                evidence=sorted({*acts, *seen, trigger.event}),
                trigger=trigger.event,
                limit_at=limit if measure == "hours" else None,
            )
        )
    return rows or [row("not_applicable")]


def responses(world: World, rule: Any, unit: str) -> list[Fact]:
    """Return what may answer a trigger of a unit: its own records, those of helpers, or those of anyone."""
    helping = {unit, *(world.members[rule.helped_by] if rule.helped_by else ())}
    found = [
        one
        for selector in (rule.response, *rule.also_by)
        for whose in ((None,) if rule.by == "any_unit" else sorted(helping))
        for one in world.facts(selector, whose)
    ]
    return list({(one.event, one.elements, one.certain): one for one in found}.values())


def answered_in_turn(world: World, rule: Any, unit: str) -> dict[str, list[Fact]]:
    """Return the response that serves each trigger: triggers in the order of time take the first that is left."""
    found: dict[str, list[Fact]] = {}
    left = sorted(responses(world, rule, unit), key=lambda one: (one.latest, one.event))
    for trigger in world.facts(rule.trigger, unit):
        if not rule.period.start <= trigger.day <= rule.period.end:
            continue
        same = [one for one in left if one.subject == trigger.subject and trigger.subject is not None]
        fitting = [one for one in same if one.latest >= trigger.at]
        if fitting:
            found[trigger.event] = fitting[:1]
            passed = same[: same.index(fitting[0]) + 1]
            left = [one for one in left if one not in passed]
    return found


def due(world: World, rule: Any, unit: str) -> list[Row]:
    """B exists by a date."""
    certain, limit, latest = True, rule.by, rule.by
    if rule.applies_if:
        reasons = [
            one
            for selector in rule.applies_if
            for one in world.facts(selector, unit)
            if rule.period.start <= one.day <= rule.period.end
        ]
        if not reasons:
            return [row("not_applicable")]
        certain = any(one.certain for one in reasons)
        if rule.within:
            days = [[one.day for one in reasons], [one.day for one in reasons if one.certain or not certain]]
            limit, latest = (max(rule.by, own_limit(world, rule, min(some))) for some in days)
    everyone = None if rule.scope == "county" else unit
    answers = [
        one for one in world.facts(rule.expected, everyone) if in_turn(rule, one) and not _too_early(world, rule, one)
    ]
    answers += [] if rule.in_force_until is None else _still_in_force(world, rule, everyone)
    status, done, acts, covered = settle(
        world, rule.covers, answers, end_of(limit), certain=certain, latest=end_of(latest)
    )
    return [
        row(
            status,
            key=rule.slot or str(rule.by),
            opened_on=rule.period.start,
            due_on=limit,
            met_on=done.date() if done is not None and status in ("met", "late") else None,
            required=len(rule.covers) or 1,
            measured=covered,
            evidence=acts,
        )
    ]


def _still_in_force(world: World, rule: Any, unit: str | None) -> list[Fact]:
    """Return what was there before the period and has not ended, as of the period's first moment."""
    start = rule.period.start
    ends = world.facts(rule.in_force_until, None)
    return [
        replace(one, at=datetime.combine(start, time()), timed=True)
        for one in world.facts(rule.expected, unit)
        if one.day < start
        and not any(
            e.unit == one.unit and e.subject is not None and e.subject == one.subject and e.day >= one.day for e in ends
        )
    ]


def _too_early(world: World, rule: Any, fact: Fact) -> bool:
    """Say whether what has to come first is on record, and only later than this."""
    if rule.after is None:
        return False
    first = world.facts(rule.after, fact.unit)
    same = [one for one in first if one.subject is not None and one.subject == fact.subject]
    return bool(first) and min(one.at for one in same or first) > fact.latest


def own_limit(world: World, rule: Any, day: date) -> date:
    """Return the last day of the limit of an act itself; the day of the act where there is none."""
    found = re.fullmatch(r"(\d+) (working day|day|month)s?", getattr(rule, "within", None) or "0 days")
    assert found is not None
    return world.add(day, int(found[1]), f"{found[2]}s")


def contain(world: World, rule: Any, unit: str) -> list[Row]:
    """Every A carries the stated elements, its own and those of linked acts."""
    rows = []
    for act in world.facts(rule.act, unit):
        if not rule.period.start <= act.day <= rule.period.end:
            continue
        last = max(rule.by or act.day, own_limit(world, rule, act.day))
        own = replace(act, at=datetime.combine(act.day, time()), certain=True)
        linked = [
            one
            for selector in rule.linked
            for whose in sorted({unit, *(world.members[rule.helped_by] if rule.helped_by else ())})
            for one in world.facts(selector, whose)
            if act.subject is not None and one.subject == act.subject and (rule.by or one.at <= end_of(last))
        ]
        status, done, acts, covered = settle(world, rule.covers, [own, *linked], end_of(last), certain=act.certain)
        rows.append(
            row(
                status,
                key=act.root,
                subject=act.subject,
                opened_on=act.day,
                due_on=last,
                met_on=done.date() if done is not None and status in ("met", "late") else None,
                required=len(rule.covers),
                measured=covered,
                evidence=sorted({*acts, act.event}),
                trigger=act.event,
            )
        )
    return rows or [row("not_applicable")]
