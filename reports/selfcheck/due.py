"""Duties that fall due within a time: as lines, and as a calendar file that a phone or Outlook takes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm
from icalendar import Calendar as CalendarFile
from icalendar import Event as CalendarEntry

from events.problems import Text
from reports.output.plain import plain, plain_lines
from reports.output.texts import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.time.calendar import Calendar
    from reports.run.evaluation import Evaluation, Verdict

FIRST_DAY = date(2000, 1, 1)
"""The day from which revisions of a calendar entry are counted."""


DAYS_BEFORE = 3
"""Working days before a due date on which a calendar reminds of it."""

HOURS_BEFORE = 2
"""Hours before a limit in hours at which it does."""


@dataclass(frozen=True, slots=True)
class DueVerdict:
    """One open obligation that falls due soon.

    Attributes:
        verdict: the pending verdict.
        day: its due date.
        working_days: working days left after the as-of day, the due date included.
    """

    verdict: Verdict
    day: date
    working_days: int


def due_within(evaluation: Evaluation, calendar: Calendar, last: date) -> tuple[DueVerdict, ...]:
    """Return what is pending and due by `last`, by due date, then by unit in the order of the registry."""
    today = evaluation.as_of.day
    found = [
        DueVerdict(verdict, verdict.due_on, calendar.working_days_between(today, verdict.due_on))
        for verdict in evaluation.verdicts
        if verdict.status == "pending" and verdict.due_on is not None and verdict.due_on <= last
    ]
    return tuple(sorted(found, key=lambda one: one.day))


def standing(evaluation: Evaluation) -> tuple[Verdict, ...]:
    """Return what is pending without a due date, because its clock stands, by unit in the order of the registry."""
    return tuple(one for one in evaluation.verdicts if one.status == "pending" and one.due_on is None)


def _summary(verdict: Verdict, *, named: bool = True) -> str:
    """Return one obligation in a line: unit where it is named, clause, duty, subject."""
    words = (
        f"{verdict.row['unit_name']} {verdict.cited} {verdict.title}" if named else f"{verdict.cited} {verdict.title}"
    )
    return f"{words}：{verdict.row['subject']}" if verdict.row["subject"] else words


def _until(one: DueVerdict) -> str:
    """Return the due date, with the hour where the limit is in hours."""
    limit = one.verdict.row["limit_at"]
    return str(one.day) if limit is None else f"{limit:%Y-%m-%d %H:%M}"


def _left(one: DueVerdict, evaluation: Evaluation) -> Text:
    """Return how long there is until the due date: working days, or hours where the limit is in hours."""
    limit = one.verdict.row["limit_at"]
    if limit is None:
        return Text(f"还有{one.working_days}个工作日", f"{one.working_days} working days left")
    hours = int((limit - evaluation.as_of.moment).total_seconds() // 3600)
    return Text(f"还有{hours}小时", f"{hours} hours left")


def _alarm(one: DueVerdict, evaluation: Evaluation) -> Alarm:
    """Return an alarm: some working days before the due date at nine o'clock, or some hours before a limit in hours."""
    limit = one.verdict.row["limit_at"]
    if limit is not None:
        at = limit - timedelta(hours=HOURS_BEFORE)
    else:
        calendar, day = evaluation.grounds.sources.calendar, one.day
        while day > calendar.first and not (
            calendar.is_working(day) and calendar.working_days_between(day, one.day) >= DAYS_BEFORE
        ):
            day -= timedelta(days=1)
        at = datetime.combine(day, time(9))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", plain(_summary(one.verdict)))
    alarm.add("trigger", _utc(at), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _utc(at: datetime) -> datetime:
    """Return a local moment of Asia/Shanghai as calendar programs keep it."""
    return (at - timedelta(hours=8)).replace(tzinfo=UTC)


def _provisional(one: DueVerdict, evaluation: Evaluation) -> str:
    """Return the mark of a provisional due date, or nothing."""
    return f"（{PAGE['provisional'].in_(evaluation.lang)}）" if one.verdict.row["provisional"] else ""


def due_lines(found: tuple[DueVerdict, ...], evaluation: Evaluation, last: date) -> Iterator[str]:
    """Return what falls due, two lines each: the date and the duty; what is missing and the obligation's id.

    Where it is of several units, each has a heading, in the order of the registry.

    What has no due date because its clock stands follows under a heading of its own.
    """
    lang = evaluation.lang
    span = Text(
        f"{evaluation.as_of.text}之后至{last}到期的事项：{len(found)}项",
        f"Due after {evaluation.as_of.text} and by {last}: {len(found)}",
    )
    yield span.in_(lang)
    units = list(dict.fromkeys(one.verdict.row["unit_name"] for one in found))
    order = {part.unit.name: number for number, part in enumerate(evaluation.units)}
    for unit in sorted(units, key=lambda name: order.get(name, len(order))):
        own = [one for one in found if one.verdict.row["unit_name"] == unit]
        if len(units) > 1:
            yield plain(Text(f"■ {unit}（{len(own)}）", f"■ {unit} ({len(own)})").in_(lang))
        yield from _due_lines(own, evaluation, named=len(units) == 1)
    still = standing(evaluation)
    if still:
        heading = Text(f"期限停止计算的事项：{len(still)}项", f"Clocks that stand: {len(still)}")
        yield heading.in_(lang)
        for verdict in still:
            yield plain(f"  {_summary(verdict)}")
            yield plain(f"    {verdict.row['reason']} {verdict.row['obligation']}")


def _due_lines(found: Sequence[DueVerdict], evaluation: Evaluation, *, named: bool) -> Iterator[str]:
    """Return what falls due of one unit, whose name is said where it has no heading."""
    lang = evaluation.lang
    for one in found:
        left = _left(one, evaluation).in_(lang)
        yield plain(f"{_until(one)}{_provisional(one, evaluation)}  {left}  {_summary(one.verdict, named=named)}")
        yield plain(f"    {one.verdict.row['reason']} {one.verdict.row['obligation']}")


def calendar_file(found: tuple[DueVerdict, ...], evaluation: Evaluation) -> bytes:
    """Return an iCalendar file with an entry for each due date, and an alarm before it.

    It is of the whole day, or at the hour of a limit in hours.

    The UID is the obligation, so that taking in a later file moves the entry instead of adding another; the stamp and
    the revision are the as-of day's, so that the same input gives the same bytes.
    """
    file = CalendarFile()
    file.add("prodid", "-//gongkai//due dates//ZH")
    file.add("version", "2.0")
    file.add("x-wr-calname", PAGE["title"].in_(evaluation.lang))
    stamp = evaluation.as_of.moment.replace(microsecond=0, tzinfo=UTC) - timedelta(hours=8)
    for one in found:
        entry = CalendarEntry()
        entry.add("uid", f"{one.verdict.row['obligation']}@gongkai")
        entry.add("dtstamp", stamp)
        entry.add("sequence", (evaluation.as_of.day - FIRST_DAY).days)
        limit = one.verdict.row["limit_at"]
        entry.add("dtstart", one.day if limit is None else _utc(limit))
        entry.add("summary", plain(f"{_summary(one.verdict)}{_provisional(one, evaluation)}"))
        entry.add("description", plain_lines(f"{one.verdict.row['reason']}\n{one.verdict.quote}"))
        entry.add_component(_alarm(one, evaluation))
        file.add_component(entry)
    return bytes(file.to_ical())
