"""Duties about order and time: `precede`, `hold` and `refresh`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.oracle.world import Fact, Row, World, changes, end_of, period_name, row


def precede(world: World, rule: Any, unit: str) -> list[Row]:
    """No A without an earlier B on the same subject; with one to one, a B serves one A only."""
    anyone = None if rule.by == "any_unit" else unit
    rows = []
    served = _served(world, rule, anyone)
    for act in world.facts(rule.act, unit):
        if not rule.period.start <= act.day <= rule.period.end:
            continue
        before = served.get(act.event)
        status = "met" if before is not None else "violated" if act.certain else "unassessed"
        rows.append(
            row(
                status,
                key=act.root,
                subject=act.subject,
                opened_on=act.day,
                due_on=act.day,
                met_on=act.day if status == "met" else None,
                required=1,
                measured=0 if before is None else 1,
                evidence=sorted({act.event, *([before.event] if before is not None else [])}),
                trigger=act.event,
            )
        )
    return rows or [row("not_applicable")]


def _served(world: World, rule: Any, anyone: str | None) -> dict[str, Fact]:
    """Return the earlier act that serves each act."""

    def moment(act: Fact) -> datetime:
        return (
            act.latest if rule.same_day == "counts" else datetime.combine(act.day, time()) - timedelta(microseconds=1)
        )

    free = [one for one in world.facts(rule.before, anyone) if one.certain and one.subject is not None]
    found: dict[str, Fact] = {}
    times: dict[tuple[str | None, frozenset[str]], int] = {}
    versions: dict[tuple[str | None, int], Fact | None] = {}
    for act in sorted(world.facts(rule.act, anyone), key=lambda one: (moment(one), one.event)):
        through = (act.subject, act.elements)
        times[through] = times.get(through, 0) + 1
        version = (act.subject, times[through])
        if rule.one_to_one and version in versions:
            shared = versions[version]
            found |= {act.event: shared} if shared is not None else {}
            continue
        versions[version] = None
        fitting = [one for one in free if one.subject == act.subject and one.at <= moment(act)]
        if fitting:
            found[act.event] = min(fitting, key=lambda one: one.order)
            if rule.one_to_one:
                free.remove(found[act.event])
                versions[version] = found[act.event]
    return found


def hold(world: World, rule: Any, unit: str) -> list[Row]:
    """On every day of the period so many subjects are open."""
    levels: dict[date, int] = {}
    moved: dict[date, int] = {}
    for steps in changes(world, rule.opened, rule.closed, unit, rule.period.end).values():
        for day, opens, _ in steps:
            moved[day] = moved.get(day, 0) + (1 if opens else -1)
    level = 0
    for day in sorted(moved):
        level += moved[day]
        levels[day] = level
    seen_events = [
        fact.event
        for selector in (rule.opened, rule.closed)
        for fact in world.facts(selector, unit)
        if fact.certain and fact.subject is not None and fact.day <= rule.period.end
    ]
    born = world.lives.get(unit, (None, None))[0]
    start = max(rule.period.start, born or rule.period.start)
    first = min(start, world.today)
    at_start = [level for day, level in sorted(levels.items()) if day <= first]
    seen = [at_start[-1] if at_start else 0, *(level for day, level in levels.items() if day > first)]
    if world.today < start:
        status = "pending"
    elif min(seen) < rule.at_least:
        status = "violated"
    else:
        status = "met" if world.over(rule.period.end) else "pending"
    return [
        row(
            status,
            key=period_name(rule),
            opened_on=start,
            due_on=rule.period.end,
            met_on=rule.period.end if status == "met" else None,
            required=rule.at_least,
            measured=min(seen),
            evidence=sorted(set(seen_events)),
            broken_on=min(
                (day for day in (first, *levels) if _level(levels, day) < rule.at_least and day >= first), default=None
            ),
        )
    ]


def _level(levels: dict[date, int], day: date) -> int:
    """Return how many are there on a day."""
    return next((level for turned, level in sorted(levels.items(), reverse=True) if turned <= day), 0)


def refresh(world: World, rule: Any, unit: str, amount: int, measure: str) -> list[Row]:
    """Never more than a gap between refreshing events while a subject is open."""
    start, stop = rule.period.start, rule.period.end
    rows: list[Row] = []
    if rule.slot and start > world.today:
        return [row("not_applicable")]
    for steps in changes(world, rule.opened, rule.closed, unit).values():
        for number, (day, opens, opened) in enumerate(steps):
            closing = steps[number + 1][2] if number + 1 < len(steps) else None
            closed = closing.day if closing is not None else None
            if opens and day <= stop and (closed is None or closed >= start):
                rows.append(
                    _refreshed_by_hour(world, rule, unit, (opened, closing), amount)
                    if measure == "hours"
                    else _refreshed(world, rule, unit, opened, closed, amount, measure)
                )
    return rows or [row("not_applicable")]


def _period_end(day: date, months: int, later: int) -> date:
    """Return the last day of the calendar period that a day lies in, or of one so many periods later."""
    ends = [
        date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1)
        for year in range(day.year, day.year + 3)
        for month in range(months, 13, months)
    ]
    return [end for end in ends if end >= day][later]


def _refreshed(world: World, rule: Any, unit: str, opened: Fact, closed: date | None, amount: int, measure: str) -> Row:
    """Return the verdict on one open subject."""
    start, stop = rule.period.start, rule.period.end
    begin = max(opened.day, start)
    last = min(stop, closed) if closed is not None else stop
    beats = [
        fact
        for fact in world.facts(rule.refreshed, unit)
        if fact.certain and fact.subject == opened.subject and begin <= fact.day <= last
    ]
    beats.sort(key=lambda fact: (fact.day, fact.event))
    days = [begin, *(fact.day for fact in beats)]
    events = [None, *(fact.event for fact in beats)]
    dues = [world.add(day, amount, measure) for day in days]
    if rule.by_calendar:
        whole = events[0] is None and begin == start
        dues = [_period_end(day, amount, 0 if whole and number == 0 else 1) for number, day in enumerate(days)]
    broken = []
    for number, due in enumerate(dues):
        ends = [day for day in (days[number + 1] if number + 1 < len(days) else None, closed) if day is not None]
        until = min(ends) if ends else stop if rule.slot else date.max
        told = world.period is None or until >= world.period[0]
        if told and world.over(due) and due <= stop and (not ends or due < min(ends)):
            broken.append(number)
    if broken:
        status, due_on = "violated", dues[min(broken, key=lambda number: (days[number], dues[number]))]
    elif (closed is not None and closed <= world.today) or world.moment >= end_of(stop):
        status, due_on = "met", last
    else:
        status, due_on = "pending", min(max(dues), stop)
    shown = {events[number] for number in (*broken, len(days) - 1)} - {None}
    return row(
        status,
        key=f"{opened.root}@{rule.slot}" if rule.slot else opened.root,
        subject=opened.subject,
        opened_on=begin,
        due_on=due_on,
        met_on=last if status == "met" else None,
        measured=len(beats),
        evidence=sorted({str(event) for event in shown} | {opened.event}),
        trigger=opened.event,
    )


def _refreshed_by_hour(world: World, rule: Any, unit: str, ends: tuple[Fact, Fact | None], amount: int) -> Row:
    """Return the verdict on one open subject whose gap is in hours: a sign of life lasts so long from when it ended."""
    opened, closing = ends
    start, stop = rule.period.start, rule.period.end
    begin = datetime.combine(start, time())
    since, last = (begin, begin) if opened.day < start else (opened.at, opened.latest)
    closed = closing.day if closing is not None else date.max
    signs: list[tuple[datetime, datetime, str]] = [(since, last, "")]
    for fact in world.facts(rule.refreshed, unit):
        known = fact.certain and fact.subject == opened.subject
        if known and since.date() <= fact.day <= min(stop, closed) and fact.latest >= since:
            signs.append((fact.at, fact.latest, fact.event))
    signs.sort(key=lambda sign: sign[1:])
    broken = []
    for number, (_, latest, event) in enumerate(signs):
        runs_out = latest + timedelta(hours=amount)
        following = [sign[0] for sign in signs[number + 1 :]] + ([closing.at] if closing is not None else [])
        known_until = min(following).date() if following else stop if rule.slot else date.max
        told = world.period is None or known_until >= world.period[0]
        if told and runs_out <= world.moment and runs_out.date() <= stop and all(at > runs_out for at in following):
            broken.append((latest, runs_out, event))
    limit: datetime | None = None
    end = min(stop, closed)
    if broken:
        status, limit = "violated", min(broken)[1]
        end = limit.date()
    elif closed <= world.today or world.moment >= end_of(stop):
        status = "met"
    else:
        status, limit = "pending", max(sign[1] for sign in signs) + timedelta(hours=amount)
        end, limit = (limit.date(), limit) if limit.date() <= stop else (stop, None)
    shown = {event for _, _, event in broken} | {signs[-1][2]}
    return row(
        status,
        key=f"{opened.root}@{rule.slot}" if rule.slot else opened.root,
        subject=opened.subject,
        opened_on=since.date(),
        due_on=end,
        met_on=end if status == "met" else None,
        measured=len(signs) - 1,
        evidence=sorted((shown - {""}) | {opened.event}),
        trigger=opened.event,
        limit_at=limit,
    )
