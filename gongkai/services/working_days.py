"""Working days, reckoned step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.time.calendar import CalendarRangeError, china_calendar
from engine.time.durations import DurationError, due_day, is_provisional, parse_duration
from events.problems import Problem, ProblemError, Text, Where, has_errors
from events.values.dates import DateError, read_moment
from gongkai.files.calendar import CalendarFile, load_calendar_file

if TYPE_CHECKING:
    from pathlib import Path

    from engine.time.calendar import Calendar, DayKind, DayStep

BEHIND, AHEAD = timedelta(days=40), timedelta(days=800)
FIRST, LAST = date(1951, 1, 1), date(2097, 12, 31)

Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A due date.

    Attributes:
        due: the day.
        steps: each day up to it, and whether it counts; none for a limit that is not in working days.
        provisional: whether it depends on a year whose arrangement is not announced.
    """

    due: date
    steps: tuple[DayStep, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Year:
    """The working days of a year.

    Attributes:
        odd: the days that are not what their weekday says.
        count: how many working days there are.
        announced: whether the year's arrangement is announced.
    """

    odd: tuple[tuple[date, DayKind], ...]
    count: int
    announced: bool


def add(start_text: str, duration_text: str, path: Path | None) -> tuple[Reckoned | None, Problems]:
    """Return the day that a limit ends on, None where it cannot be reckoned, and what is wrong.

    Raises:
        ProblemError: the day or the limit is none.
    """
    try:
        duration = parse_duration(duration_text)
    except DurationError as error:
        problem = Problem("bad-duration", Where("calendar"), error.fact, error.cure, duration_text)
        raise ProblemError(problem) from error
    start = _day(start_text)
    last = min(start + AHEAD + timedelta(days=2 * duration.amount), LAST)
    calendar, problems = _calendar(path, start - BEHIND, last)
    if calendar is None:
        return None, problems
    try:
        due = due_day(start, duration, calendar)
    except (CalendarRangeError, OverflowError) as error:
        fact, cure = Text(str(error), str(error)), Text("缩短期限", "Give a shorter limit")
        return None, (*problems, Problem("out-of-range", Where("calendar"), fact, cure, duration_text))
    steps = tuple(calendar.steps(start, duration.amount)) if duration.unit == "working days" else ()
    return Reckoned(due, steps, is_provisional(start, duration, calendar)), problems


def between(start_text: str, end_text: str, path: Path | None) -> tuple[tuple[date, date, int] | None, Problems]:
    """Return two days, and how many working days lie after the first, up to and including the second.

    Raises:
        ProblemError: one of them is no day.
    """
    start, end = _day(start_text), _day(end_text)
    calendar, problems = _calendar(path, min(start, end) - BEHIND, max(start, end) + BEHIND)
    if calendar is None:
        return None, problems
    return (start, end, calendar.working_days_between(start, end)), problems


def show(year: int, path: Path | None) -> tuple[Year | None, Problems]:
    """Return the working days of a year.

    Raises:
        ProblemError: it is no year that can be reckoned with.
    """
    first, last = _day(f"{year:04d}-01-01"), _day(f"{year:04d}-12-31")
    calendar, problems = _calendar(path, first - BEHIND, last + BEHIND)
    if calendar is None:
        return None, problems
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    kinds = [(day, calendar.why(day)) for day in days]
    odd = tuple((day, kind) for day, kind in kinds if str(kind.kind) not in {"workday", "weekend"})
    return Year(odd, sum(calendar.is_working(day) for day in days), calendar.is_announced(first)), problems


def _day(text: str) -> date:
    """Return the day that a text names.

    Raises:
        ProblemError: it names none, or one that is out of reach.
    """
    try:
        day = read_moment(text)[0].date()
    except DateError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        fact = Text(f"“{text}”不是能推算的日期", f"{text!r} is not a date that can be reckoned with")
        cure = Text("写作 2023-09-28（1951年至2097年）", "Write 2023-09-28 (1951 to 2097)")
        raise ProblemError(Problem("bad-date", Where("calendar"), fact, cure, text))
    return day


def _calendar(path: Path | None, first: date, last: date) -> tuple[Calendar | None, Problems]:
    """Return the calendar with the local file's closures, None where the file is not usable, and what is wrong."""
    file = CalendarFile({}, {}, ()) if path is None else load_calendar_file(path)
    if has_errors(file.problems):
        return None, tuple(file.problems)
    return china_calendar(first, last, closures=file.closures, extra=file.arrangements), tuple(file.problems)
