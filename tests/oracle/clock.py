"""The clock of a limit, day by day: what a clerk with a calendar and the file of the request would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.oracle.world import Fact, World

ONE_DAY = timedelta(days=1)


@dataclass
class Stop:
    """The clock stands from `start` until the day before `end`.

    A stop that `waits` for a restart also stops a limit that was set to a day; it has `lapsed` where it was given up.
    """

    start: date
    end: date | None
    waits: bool = False
    lapsed: bool = False
    undated: bool = False


@dataclass(frozen=True)
class Move:
    """An event that extends or defers the limit, and by how much or until when; None where that was not recorded."""

    fact: Fact
    extends: bool
    days: int | None = None
    until: date | None = None

    @property
    def sure(self) -> bool:
        return self.fact.certain and (self.days if self.extends else self.until) is not None


@dataclass
class File:
    """What is on record of one obligation.

    Attributes:
        first: the day on which the clock starts.
        stops: when it stands.
        restarts: the days on which it starts anew.
        moves: the events that extend or defer.
        seen: ids of all events that the clock looks at.
    """

    first: date
    stops: list[Stop] = field(default_factory=list)
    restarts: list[date] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Ended:
    """What the clock says: the last day, or none while it stands, and then whether it stands for good."""

    due: date | None
    lapsed: bool
    undated: bool = False


def limits(world: World, rule: Any, trigger: Fact, amount: int) -> tuple[Ended, Ended, set[str]]:
    """Return what the clock says with what is certain, what it may say at the latest, and the events looked at."""
    file = _file(world, rule, trigger, amount)
    certain = [move for move in file.moves if move.sure]
    return _walk(world, rule, file, certain, amount), _walk(world, rule, file, file.moves, amount), file.seen


def _walk(world: World, rule: Any, file: File, moves: Sequence[Move], amount: int) -> Ended:
    """Go from day to day until the limit is over."""
    most = rule.clock.extended.at_most if rule.clock.extended is not None else 0
    working = set(world.working)
    day = run = file.first
    counted: dict[date, int] = {}
    number, added, until = 0, 0, date.min
    while True:
        if day > run and day in file.restarts:
            run, counted, number, added, until = day, {}, 0, 0, date.min
        for move in moves:
            if move.fact.day == day and move.extends:
                added += most if move.days is None else move.days
            elif move.fact.day == day:
                until = max(until, move.until or date.max)
        stands = [stop for stop in file.stops if stop.start <= day and (stop.end is None or day < stop.end)]
        if day > run and day in working and not stands:
            number += 1
        counted[day] = number
        limit = amount + min(added, most)
        reached = [one for one, count in counted.items() if count >= limit]
        waits = any(stop.waits for stop in stands)
        if reached and day >= until and not waits:
            return Ended(max(min(reached), until), lapsed=False)
        later = [one for one in (*file.restarts, *(move.fact.day for move in moves)) if one > day]
        if reached and until == date.max and not later and not waits:
            return Ended(None, lapsed=False)
        if not later and any(stop.end is None and (stop.waits or not reached) for stop in stands):
            return Ended(
                None,
                lapsed=any(stop.lapsed for stop in file.stops),
                undated=any(stop.undated for stop in file.stops),
            )
        day += ONE_DAY


def _file(world: World, rule: Any, trigger: Fact, amount: int) -> File:
    """Return what is on record."""
    clock = rule.clock

    def acts(selector: Any, *, anyone: bool = False) -> list[Fact]:
        found = [
            one
            for one in world.facts(selector, None if anyone else trigger.unit)
            if trigger.subject is not None and one.subject == trigger.subject and one.latest >= trigger.at
        ]
        file.seen |= {one.event for one in found}
        return found

    file = File(trigger.day)
    if clock.starts is not None:
        file.first = _first_day(world, clock.starts, trigger, acts(clock.starts.at), amount)
    for pause in clock.pauses:
        anyone = pause.by == "any_unit"
        begins, ends = acts(pause.since, anyone=anyone), acts(pause.until, anyone=anyone)
        for unit in {one.unit for one in begins}:
            file.stops += _pauses(
                world, pause, [one for one in begins if one.unit == unit], [one for one in ends if one.unit == unit]
            )
    for restart in clock.restarts:
        _restart(world, restart, file, acts(restart.asked), acts(restart.done))
    if clock.extended is not None:
        for fact in acts(clock.extended.event):
            file.moves.append(Move(fact, extends=True, days=world.data(fact.event).get(clock.extended.days_in)))
    if clock.deferred is not None:
        for fact in acts(clock.deferred.event):
            text = world.data(fact.event).get(clock.deferred.until_in)
            until = date.fromisoformat(text[:10]) if text else None
            file.moves.append(Move(fact, extends=False, until=until))
    return file


def _first_day(world: World, starts: Any, trigger: Fact, begun: list[Fact], amount: int) -> date:
    """Return the day on which the clock starts: another event's, where that comes before the limit is over."""
    among = starts.of is None or any(one.event == trigger.event for one in world.facts(starts.of, trigger.unit))
    if begun and among and begun[0].day <= world.add_working(trigger.day, amount):
        return max(trigger.day, begun[0].day)
    return trigger.day


def _pauses(world: World, pause: Any, begins: list[Fact], ends: list[Fact]) -> list[Stop]:
    """Return the pauses of one kind and unit: each that waits is ended by the next end, the oldest first."""
    turns = [(one.at, 0, one.event, one.day) for one in begins] + [(one.latest, 1, one.event, one.day) for one in ends]
    waiting: list[Stop] = []
    found: list[Stop] = []
    for _, ends_it, _, day in sorted(turns):
        if not ends_it:
            waiting.append(Stop(day, None))
            found.append(waiting[-1])
        elif waiting:
            waiting.pop(0).end = day
    for stop in found:
        if pause.at_most is not None:
            longest = world.add_working(stop.start, int(pause.at_most.split()[0])) + ONE_DAY
            stop.end = min(stop.end or longest, longest)
    return found


def _restart(world: World, restart: Any, file: File, asked: list[Fact], done: list[Fact]) -> None:
    """Put what one kind of restart does into the file."""
    if not asked:
        if restart.alone == "counts" and done:
            file.restarts.append(done[0].day)
        return
    first = asked[0]
    if restart.within is not None and first.day > world.add_working(file.first, int(restart.within.split()[0])):
        return
    last = None
    if restart.lasts is not None:
        last = world.add_working(first.day, int(restart.lasts.split()[0]))
    elif restart.until_in is not None and world.data(first.event).get(restart.until_in):
        last = date.fromisoformat(world.data(first.event)[restart.until_in][:10])
    for one in done:
        if one.latest >= first.at and (last is None or restart.late == "counts" or one.day <= last):
            file.stops.append(Stop(first.day, one.day, waits=True))
            file.restarts.append(one.day)
            return
    undated = restart.until_in is not None and last is None
    file.stops.append(Stop(first.day, None, waits=True, lapsed=last is not None and world.over(last), undated=undated))
