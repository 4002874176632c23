"""The record of a clock over the events of one obligation: where it starts, stands, starts anew, what moves its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.explain.matching import selects
from engine.time.durations import parse_duration
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.kinds.clock.model import Clock, Pause, Restart
    from engine.time.calendar import Calendar
    from rules.model import Selector

    Act = Mapping[str, Any]

ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class Stop:
    """The clock stands from `start` until the day before `end`; `last` is the day on which a wait is given up."""

    start: date
    end: date | None
    acts: tuple[Act, ...]
    waits: bool = False
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An event that extends the limit by `days`, or sets its end to `until`."""

    act: Act
    days: int | None = None
    until: date | None = None


@dataclass(slots=True)
class ClockFile:
    """Everything on record that the clock of one obligation looks at.

    Attributes:
        first: the day that the clock starts on, which is not counted.
        started: the event that it starts with.
        stops: when it stands.
        restarts: the event that starts it anew, by its day.
        moves: what moves its end, in the order of time.
        aside: what is on record and does not count, with the reason.
    """

    first: date
    started: Act
    stops: list[Stop] = field(default_factory=list)
    restarts: dict[date, Act] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    aside: list[tuple[Act, Text]] = field(default_factory=list)


def day_of(act: Act) -> date:
    """Return the day of an event."""
    at: datetime = act["occurred_at"]
    return at.date()


def _latest(act: Act) -> datetime:
    """Return the last moment that an event may have happened at."""
    at: datetime = act["occurred_at"]
    return at if act["timed"] else datetime.combine(at.date(), time()) + ONE_DAY - _TICK


def _read_day(act: Act, name: str | None) -> date | None:
    """Return the day in an attribute, where one is recorded."""
    text = act.get(f"data.{name}") if name is not None else None
    return date.fromisoformat(str(text)[:10]) if text else None


def _over(start: date, days: str | None, calendar: Calendar) -> date | None:
    """Return the last day of so many working days after a day."""
    return None if days is None else calendar.add_working_days(start, parse_duration(days).amount)


def open_file(clock: Clock, amount: int, trigger: Act, acts: Sequence[Act], calendar: Calendar) -> ClockFile:
    """Sort the events of one obligation.

    Args:
        clock: the rule's clock.
        amount: the limit in working days.
        trigger: what opened the obligation, a row of the event table.
        acts: the rows of the other events that stand on its subject.
        calendar: the working days.
    """
    known = sorted(
        (act for act in acts if _latest(act) >= trigger["occurred_at"]), key=lambda act: (act["occurred_at"], act["id"])
    )

    def found(selector: Selector, *, anyone: bool = False) -> list[Act]:
        return [act for act in known if (anyone or act["unit"] == trigger["unit"]) and selects(selector, act)]

    file = ClockFile(day_of(trigger), trigger)
    if clock.starts is not None:
        begun = found(clock.starts.at)
        among = clock.starts.of is None or selects(clock.starts.of, trigger)
        if begun and among and day_of(begun[0]) <= calendar.add_working_days(file.first, amount):
            file.first, file.started = max(file.first, day_of(begun[0])), begun[0]
            begun = begun[1:]
        why = Text("收到之日不以它为准", "the day of receipt is not this one's")
        file.aside += [(act, why) for act in begun]
    for pause in clock.pauses:
        anyone = pause.by == "any_unit"
        _pause(file, pause, found(pause.since, anyone=anyone), found(pause.until, anyone=anyone), calendar)
    for restart in clock.restarts:
        _restart(file, restart, found(restart.asked), found(restart.done), calendar)
    _moves(file, clock, [act for act in known if act["unit"] == trigger["unit"]])
    return file


def _pause(file: ClockFile, pause: Pause, begins: list[Act], ends: list[Act], calendar: Calendar) -> None:
    """Let each end finish the oldest pause of its unit that waits for one."""
    turns = [(act["occurred_at"], 0, act["id"], act) for act in begins] + [
        (_latest(act), 1, act["id"], act) for act in ends
    ]
    waiting: dict[str, list[Stop]] = {}
    own: list[Stop] = []
    for _, ends_it, _, act in sorted(turns, key=lambda turn: turn[:3]):
        line = waiting.setdefault(act["unit"], [])
        if not ends_it:
            line.append(Stop(day_of(act), None, (act,)))
            own.append(line[-1])
        elif line:
            stop = line.pop(0)
            stop.end, stop.acts = day_of(act), (*stop.acts, act)
        else:
            file.aside.append((act, Text("没有对应的征求或者询问", "nothing on record that it ends")))
    for stop in own:
        if pause.at_most is not None:
            longest = calendar.add_working_days(stop.start, parse_duration(pause.at_most).amount) + ONE_DAY
            stop.end = min(stop.end or longest, longest)
    file.stops += own


def _restart(file: ClockFile, restart: Restart, asked: list[Act], done: list[Act], calendar: Calendar) -> None:
    """Let the first asking stop the clock, and what is done after it start it anew."""
    if not asked:
        if restart.alone == "counts" and done:
            file.restarts[day_of(done[0])] = done[0]
        elif done:
            file.aside += [(act, Text("没有告知的记录", "nothing was asked on record")) for act in done]
        return
    first, *others = asked
    file.aside += [(act, Text("只认第一次告知", "only the first one counts")) for act in others]
    latest = _over(file.first, restart.within, calendar)
    if latest is not None and day_of(first) > latest:
        file.aside.append((first, Text(f"晚于{latest}，不停止期限", f"later than {latest}; it stops nothing")))
        return
    last = _over(day_of(first), restart.lasts, calendar) or _read_day(first, restart.until_in)
    for act in done:
        if _latest(act) < first["occurred_at"]:
            continue
        if last is None or restart.late == "counts" or day_of(act) <= last:
            file.stops.append(Stop(day_of(first), day_of(act), (first, act), waits=True))
            file.restarts[day_of(act)] = act
            return
        file.aside.append((act, Text(f"晚于{last}，已视为放弃", f"later than {last}, when it counted as abandoned")))
    file.stops.append(Stop(day_of(first), None, (first,), waits=True, last=last))


def _moves(file: ClockFile, clock: Clock, acts: list[Act]) -> None:
    """Collect what moves the end; what lacks the attribute that decides is put aside."""
    unsure = Text("没有登记决定性的内容，须人工核定", "the attribute that decides was not recorded")
    refused = Text("不符合条件，不改变期限", "it does not meet the conditions")
    for act in acts:
        if clock.extended is not None and act["type"] == clock.extended.event.event:
            sure, days = selects(clock.extended.event, act), act.get(f"data.{clock.extended.days_in}")
            if sure and days is not None:
                file.moves.append(Move(act, days=int(days)))
            else:
                file.aside.append((act, refused if sure is False else unsure))
        if clock.deferred is not None and act["type"] == clock.deferred.event.event:
            sure, until = selects(clock.deferred.event, act), _read_day(act, clock.deferred.until_in)
            if sure and until is not None:
                file.moves.append(Move(act, until=until))
            else:
                file.aside.append((act, refused if sure is False else unsure))
