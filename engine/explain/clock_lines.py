"""The clock of one obligation in lines to check by hand: each span that counts, and each that does not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.explain.clock_record import ONE_DAY, Stop, day_of, open_file
from engine.time.durations import parse_duration
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.explain.clock_record import Act, ClockFile, Move
    from engine.kinds.clock.model import Clocked
    from engine.time.calendar import Calendar

    Name = Callable[[Act], Text]


class ClockStory:
    """A clock followed from day to day until its limit is over, or until nothing more is on record while it stands.

    Attributes:
        due: the last day of the limit; None while the clock stands.
        lines: what was passed on the way.
    """

    def __init__(self, rule: Clocked, trigger: Act, acts: Sequence[Act], calendar: Calendar, name: Name) -> None:
        """Follow the clock.

        Args:
            rule: a rule with a clock.
            trigger: the event that opened the obligation, a row of the event table.
            acts: the other events on its subject.
            calendar: the working days.
            name: what to call an event in a line.
        """
        clock = rule.clock
        if clock is None:
            msg = f"{rule.id} has no clock"
            raise ValueError(msg)
        self._amount = parse_duration(rule.within).amount
        self._most = clock.extended.at_most if clock.extended is not None else 0
        self._calendar = calendar
        self._name = name
        self._file: ClockFile = open_file(clock, self._amount, trigger, acts, calendar)
        self.lines: list[Text] = []
        self.due: date | None = None
        self._begin(self._file.first)
        self._say(
            self._file.first,
            "起算，当日不计：{0}",
            "the clock starts, this day is not counted: {0}",
            self._file.started,
        )
        self._follow()

    def _begin(self, day: date) -> None:
        """Start to count from nothing."""
        self._run, self._number, self._added = day, 0, 0
        self._until: date | None = None
        self._counts: dict[date, int] = {}
        self._from, self._before = day + ONE_DAY, 0

    def _say(self, day: date, zh: str, en: str, *acts: Act) -> None:
        """Add a line about events of one day."""
        names = [self._name(act) for act in acts]
        self.lines.append(
            Text(
                f"  {day} " + zh.format(*(name.zh for name in names)),
                f"  {day} " + en.format(*(name.en for name in names)),
            )
        )

    def _stops(self, day: date) -> list[Stop]:
        """Return why the clock stands on a day."""
        return [stop for stop in self._file.stops if stop.start <= day and (stop.end is None or day < stop.end)]

    def _close(self, last: date, stop: Stop | None) -> None:
        """Add the line of a span that ends on `last`."""
        start, self._from = self._from, last + ONE_DAY
        if last < start:
            return
        if stop is None:
            counted, self._before = self._number - self._before, self._number
            text = f"计{counted}个工作日，累计{self._number}个", f"{counted} working days count, {self._number} so far"
        else:
            days = self._calendar.working_days_between(start - ONE_DAY, last)
            names = [self._name(act) for act in stop.acts]
            zh, en = "，".join(name.zh for name in names), "; ".join(name.en for name in names)
            text = f"停止计算，{days}个工作日不计：{zh}", f"the clock stands, {days} working days do not count: {en}"
        self.lines.append(Text(f"  {start}至{last} {text[0]}", f"  {start} to {last}: {text[1]}"))

    def _events(self, day: date, stop: Stop | None) -> None:
        """Let what happens on a day start the clock anew, extend the limit or set its end."""
        if day > self._run and day in self._file.restarts:
            self._close(day - ONE_DAY, stop)
            self._begin(day)
            self._say(
                day,
                "重新起算，当日不计：{0}",
                "the clock starts anew, this day is not counted: {0}",
                self._file.restarts[day],
            )
        for move in self._file.moves:
            if day_of(move.act) == day:
                self._close(day - ONE_DAY, stop)
                self._move(day, move)

    def _move(self, day: date, move: Move) -> None:
        """Extend the limit, or set its end."""
        if move.days is not None:
            self._added += move.days
            limit = self._amount + min(self._added, self._most)
            zh, en = f"延长后共{limit}个工作日：{{0}}", f"extended to {limit} working days in all: {{0}}"
        else:
            self._until = max(self._until or day, move.until or day)
            zh, en = f"期限定为不早于{self._until}：{{0}}", f"the limit does not end before {self._until}: {{0}}"
        self._say(day, zh, en, move.act)

    def _follow(self) -> None:
        """Go from day to day."""
        last_event = max([day_of(move.act) for move in self._file.moves] + list(self._file.restarts), default=date.min)
        day, stop = self._run, None
        while day <= self._calendar.last:
            self._events(day, stop)
            standing = self._stops(day)
            now = standing[0] if standing and day > self._run else None
            if now is not stop:
                self._close(day - ONE_DAY, stop)
                stop = now
            self._number += day > self._run and stop is None and not standing and self._calendar.is_working(day)
            self._counts[day] = self._number
            limit = self._amount + min(self._added, self._most)
            waits = any(one.waits for one in standing)
            reached = self._number >= limit
            if reached and not waits and day >= (self._until or day):
                self._end(day, stop, limit)
                return
            if day >= last_event and any(one.end is None and (one.waits or not reached) for one in standing):
                self._stand(standing, limit)
                return
            day += ONE_DAY

    def _end(self, day: date, stop: Stop | None, limit: int) -> None:
        """Say when the limit is over."""
        self._close(day, stop)
        counted = min(one for one, number in self._counts.items() if number >= limit)
        self.due = max(counted, self._until or counted)
        self.lines.append(Text(f"到期日：{self.due}", f"Due: {self.due}"))
        for move in self._file.moves:
            if day_of(move.act) > self.due:
                self._file.aside.append((move.act, Text("期限已过，不再改变期限", "the limit was over by then")))

    def _stand(self, standing: list[Stop], limit: int) -> None:
        """Say since when the clock stands."""
        start = self._from
        rest = max(0, limit - self._number)
        names = [self._name(act) for one in standing for act in one.acts]
        zh, en = "，".join(name.zh for name in names), "; ".join(name.en for name in names)
        self.lines.append(
            Text(
                f"  {start}起 停止计算，还剩{rest}个工作日：{zh}",
                f"  from {start} on the clock stands with {rest} working days left: {en}",
            )
        )
        for one in standing:
            if one.waits and one.last is not None:
                self.lines.append(
                    Text(f"  等到{one.last}为止，逾期视为放弃", f"  waiting until {one.last}, then abandoned")
                )

    def asides(self) -> list[Text]:
        """Return what is on record and does not count, a line each, with the reason."""
        return [
            Text(
                f"  {day_of(act)} 不计入：{self._name(act).zh}（{why.zh}）",
                f"  {day_of(act)} not counted: {self._name(act).en} ({why.en})",
            )
            for act, why in sorted(self._file.aside, key=lambda one: (one[0]["occurred_at"], one[0]["id"]))
        ]


def clock_lines(
    rule: Clocked,
    trigger: Act,
    acts: Sequence[Act],
    calendar: Calendar,
    labels: Mapping[str, Text],
) -> list[Text]:
    """Return how the end of a limit follows from what is on record.

    Args:
        rule: a rule with a clock.
        trigger: the event that opened the obligation, a row of the event table.
        acts: the other events that its clock looks at.
        calendar: the working days.
        labels: what the types of events are called.
    """

    def name(act: Act) -> Text:
        label = labels.get(act["type"], Text(act["type"], act["type"]))
        return Text(f"{label.zh}（{act['id']}）", f"{label.en} ({act['id']})")

    within = parse_duration(rule.within).text
    story = ClockStory(rule, trigger, acts, calendar, name)
    return [Text(f"期限：{within.zh}", f"Limit: {within.en}"), *story.lines, *story.asides()]
