"""Duties that are counted over a period: `count`, `cover`, `reach`, `never` and `assess`."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.oracle.elements import in_turn, own_limit
from tests.oracle.world import Fact, Row, World, end_of, period_name, row

if TYPE_CHECKING:
    from datetime import date


def _in_period(rule: Any, fact: Fact) -> bool:
    return bool(rule.period.start <= fact.day <= rule.period.end)


def _things_of(world: World, rule: Any, fact: Fact) -> list[tuple[bool, tuple[str, str]]]:
    """Return what an entry counts as, and whether that is known: one thing, or each word of an attribute."""
    if rule.distinct == "day":
        return [(True, ("day", str(fact.day)))]
    if rule.distinct == "subject" and fact.subject is not None:
        return [(True, ("subject", fact.subject))]
    if isinstance(rule.distinct, str):
        return [(True, ("event", fact.root))]
    found = world.data(fact.event).get(rule.distinct.attribute)
    if found is None:
        return [(False, ("event", fact.root))]
    return [(True, ("word", str(word))) for word in (found if isinstance(found, tuple) else (found,))]


def count(world: World, rule: Any, unit: str) -> list[Row]:
    """At least, or at most, so many in the period."""
    found = world.facts(rule.counted, None if rule.scope == "county" else unit)
    things: dict[tuple[str, str], Fact] = {}
    unsure: set[tuple[str, str]] = set()
    for fact in found:
        if _in_period(rule, fact):
            for known, thing in _things_of(world, rule, fact):
                if fact.certain and known:
                    things.setdefault(thing, fact)
                else:
                    unsure.add(thing)
    firsts = sorted(things.values(), key=lambda fact: fact.order)
    possible = len(unsure | set(things))
    status, met_on = _counted(world, rule, firsts, possible)
    return [
        row(
            status,
            key=period_name(rule),
            opened_on=rule.period.start,
            due_on=rule.period.end,
            met_on=met_on,
            required=rule.at_least if rule.at_least is not None else rule.at_most,
            measured=len(firsts),
            evidence=sorted({fact.event for fact in firsts}),
            broken_on=firsts[rule.at_most].day if rule.at_most is not None and len(firsts) > rule.at_most else None,
        )
    ]


def _counted(world: World, rule: Any, firsts: list[Fact], possible: int) -> tuple[str, date | None]:
    least, most = rule.at_least, rule.at_most
    over = world.over(rule.period.end)
    if least is not None:
        if len(firsts) >= least:
            return "met", firsts[least - 1].day if least > 0 else None
        if not over:
            return "pending", None
        return ("unassessed" if possible >= least else "violated"), None
    if len(firsts) > most:
        return "violated", None
    if not over:
        return "pending", None
    return ("unassessed", None) if possible > most else ("met", rule.period.end)


def _things(world: World, rule: Any, everyone: str | None) -> dict[str, bool]:
    """Return what is to be covered, and whether that is certain."""
    things: dict[str, bool] = dict.fromkeys(rule.items, True)
    for fact in world.facts(rule.of, everyone) if rule.of is not None else ():
        if _in_period(rule, fact) and fact.subject is not None:
            things[fact.subject] = things.get(fact.subject, False) or fact.certain
    return things


def _first_covers(world: World, rule: Any, everyone: str | None, *, certain: bool) -> dict[str | None, Fact]:
    """Return what covers each thing first; a listed thing is covered within the period only, by element too."""
    first: dict[str | None, Fact] = {}
    for fact in world.facts(rule.covered_by, everyone):
        if fact.certain == certain and (not rule.items or in_turn(rule, fact)):
            for name in (fact.subject, *(fact.elements if rule.items else ())):
                first.setdefault(name, fact)
    return first


def cover(world: World, rule: Any, unit: str) -> list[Row]:
    """The share of things that are covered, each by the date or by the end of its own act's limit."""
    everyone = None if rule.scope == "county" else unit
    things = _things(world, rule, everyone)
    if not things:
        return [row("not_applicable")]
    first = _first_covers(world, rule, everyone, certain=True)
    maybe = _first_covers(world, rule, everyone, certain=False)
    certain = [name for name, sure in things.items() if sure]
    ends = {name: end_of(day) for name, day in _last_days(world, rule, everyone, things).items()}
    done = sorted((first[name].at, first[name].event, name) for name in certain if name in first)
    timely = [one for one in done if one[0] <= ends[one[2]]]
    required = math.ceil(len(certain) * rule.share - 1e-9)
    done_at, timely_at = (some[required - 1][0] if 0 < required <= len(some) else None for some in (done, timely))
    waiting = [name for name in certain if name not in first and ends[name] > world.moment]
    unsure = [name for name, sure in things.items() if not sure and name not in first]
    possible = sum(name in first or name in maybe for name in certain)
    late = done_at is not None and timely_at is None
    if rule.items and timely_at is not None:
        status = "met"
    elif world.moment < end_of(rule.by):
        status = "pending"
    elif certain and timely_at is None and not late:
        reachable = len(timely) + len(waiting) >= required
        status = "pending" if reachable else "violated" if possible < required else "unassessed"
    elif late and waiting and len(timely) + len(waiting) >= required:
        status = "pending"
    elif unsure:
        status = "pending" if any(ends[name] > world.moment for name in unsure) else "unassessed"
    else:
        status = "late" if late else "met"
    missed = [ends[name] for name in certain if not (name in first and first[name].at <= ends[name])]
    over = [one for one in missed if one <= world.moment]
    failed = status in ("violated", "late")
    met_at = (timely_at or done_at) if status == "met" else done_at if status == "late" else None
    return [
        row(
            status,
            key=rule.slot or str(rule.by),
            opened_on=rule.period.start,
            due_on=(max(over).date() if over else rule.by) if failed else max(ends.values()).date(),
            met_on=met_at.date() if met_at is not None else None,
            required=required,
            measured=len(done),
            evidence=sorted({event for _, event, _ in done}),
            thing=min([name for name in certain if name not in first] or things),
        )
    ]


def _last_days(world: World, rule: Any, everyone: str | None, things: dict[str, bool]) -> dict[str, date]:
    """Return the last day for each thing: the rule's date, or that of the limit of the last act about it."""
    found = dict.fromkeys(things, rule.by)
    for fact in world.facts(rule.of, everyone) if rule.of is not None and rule.within else ():
        if _in_period(rule, fact) and fact.subject is not None:
            found[fact.subject] = max(found[fact.subject], own_limit(world, rule, fact.day))
    return found


def _fits(rule: Any, total: Decimal) -> bool:
    target = Decimal(repr(rule.target))
    if rule.compare == "about":
        return bool(abs(total - target) <= Decimal(repr(rule.tolerance)))
    return bool(
        {
            "at_least": total >= target,
            "more_than": total > target,
            "at_most": total <= target,
            "equal": total == target,
        }[rule.compare]
    )


def reach(world: World, rule: Any, unit: str) -> list[Row]:
    """A reported figure compares with a target by a date."""
    owing = world.members[rule.owed_by]
    reports = [
        fact
        for fact in world.facts(rule.reported, None if rule.jointly else unit)
        if fact.certain
        and fact.value is not None
        and fact.day >= rule.period.start
        and (not rule.jointly or {fact.unit, *world.heirs.get(fact.unit, ())} & set(owing))
    ]
    totals: list[tuple[Fact, Decimal]] = []
    running = Decimal(0)
    for fact in reports:
        figure = Decimal(repr(fact.value))
        running = running + figure if rule.reports == "increments" else figure
        totals.append((fact, running))
    status, met_on, measured = _reached(world, rule, totals)
    return [
        row(
            status,
            key=rule.slot or str(rule.by),
            opened_on=rule.period.start,
            due_on=rule.by,
            met_on=met_on,
            required=rule.target,
            measured=None if measured is None else float(measured),
            evidence=sorted(fact.event for fact in reports),
        )
    ]


def _reached(world: World, rule: Any, totals: list[tuple[Fact, Decimal]]) -> tuple[str, date | None, Decimal | None]:
    if not totals:
        return "unassessed", None, None
    before = [(fact, total) for fact, total in totals if fact.day <= rule.by]
    after = [(fact, total) for fact, total in totals if fact.day > rule.by]
    fitting = bool(before) and _fits(rule, before[-1][1])
    measured = before[-1][1] if before and (fitting or not after) else (after or before)[-1][1]
    firsts = [fact.day for fact, total in before if _fits(rule, total)]
    keeps = rule.measure == "flow" and rule.compare in ("at_least", "more_than")
    if keeps and fitting:
        return "met", firsts[0], measured
    if not world.over(rule.by):
        return "pending", None, measured
    if fitting:
        return "met", before[-1][0].day, measured
    if keeps and rule.reports == "cumulative" and firsts:
        return "unassessed", None, measured
    late = [fact.day for fact, total in after if _fits(rule, total)]
    return ("late", late[0], measured) if late else ("violated", None, measured)


def never(world: World, rule: Any, unit: str) -> list[Row]:
    """A must not happen; where it stands for years, each act found is one duty, and each year without is one."""
    found = [fact for fact in world.facts(rule.forbidden, unit) if _in_period(rule, fact)]
    certain = [fact for fact in found if fact.certain]
    if rule.slot and certain:
        return [_broken(fact) for fact in certain]
    if rule.slot and rule.period.start > world.today:
        return []
    over = world.over(rule.period.end)
    status = "violated" if certain else "pending" if not over else "unassessed" if found else "met"
    if not certain and not world.filed(unit):
        status = "unassessed"
    return [
        row(
            status,
            key=period_name(rule),
            opened_on=rule.period.start,
            due_on=rule.period.end,
            met_on=rule.period.end if status == "met" else None,
            required=0,
            measured=len(certain),
            evidence=sorted(fact.event for fact in found),
            acted_on=certain[0].day if certain else None,
            broken_on=certain[0].day if certain else None,
            act=certain[0].event if certain else None,
        )
    ]


def _broken(fact: Fact) -> Row:
    """Return the duty that one act broke."""
    return row(
        "violated",
        key=fact.root,
        subject=fact.subject,
        opened_on=fact.day,
        due_on=fact.day,
        required=0,
        measured=1,
        evidence=[fact.event],
        trigger=fact.event,
        act=fact.event,
    )


def assess(world: World, rule: Any, unit: str) -> list[Row]:
    """The last judgement recorded counts."""
    marks = [
        (fact.order, role, fact)
        for role, selector in rule.selectors()
        for fact in world.facts(selector, unit)
        if fact.certain
        and in_turn(rule, fact)
        and world.evaluators.get(world.data(fact.event).get("evaluator", ""), unit) != unit
    ]
    status, last = "unassessed", None
    if marks:
        _, role, last = max(marks, key=lambda mark: mark[0])
        status = "met" if role == "passed" else "violated" if world.over(rule.by) else "pending"
    return [
        row(
            status,
            key=rule.slot or str(rule.by),
            opened_on=rule.period.start,
            due_on=rule.by,
            met_on=last.day if last is not None and status == "met" else None,
            required=1,
            measured=None if last is None else int(status == "met"),
            evidence=[last.event] if last is not None else [],
        )
    ]
