"""`gongkai calendar …`: working days as a calculator that shows its steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.time.calendar import CalendarRangeError, china_calendar
from engine.time.durations import DurationError, due_day, is_provisional, parse_duration
from events.problems import Lang, Problem, Text, Where, has_errors
from gongkai.cli.terminal import say, say_problems
from gongkai.files.calendar import CalendarFile, load_calendar_file

if TYPE_CHECKING:
    from pathlib import Path

    from engine.time.calendar import Calendar

OK, UNUSABLE = 0, 2
BEHIND, AHEAD = timedelta(days=40), timedelta(days=800)
FIRST, LAST = date(1951, 1, 1), date(2097, 12, 31)


def _day(text: str, lang: Lang) -> date | None:
    """Return the day a text names, or say what is wrong and return None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        fact = Text(f"“{text}”不是能推算的日期", f"{text!r} is not a date that can be reckoned with")
        cure = Text("写作 2023-09-28（1951年至2097年）", "Write 2023-09-28 (1951 to 2097)")
        say_problems([Problem("bad-date", Where("calendar"), fact, cure, text)], lang)
        return None
    return day


def _calendar(path: Path | None, first: date, last: date, lang: Lang) -> Calendar | None:
    """Return the calendar with the local file's closures, or say what is wrong in the file and return None."""
    file = CalendarFile({}, {}, ()) if path is None else load_calendar_file(path)
    say_problems(file.problems, lang)
    if has_errors(file.problems):
        return None
    return china_calendar(first, last, closures=file.closures, extra=file.arrangements)


def add(start_text: str, duration_text: str, path: Path | None, lang: Lang) -> int:
    """Print each day from the start to the due date, whether it counts, and the due date."""
    start = _day(start_text, lang)
    try:
        duration = parse_duration(duration_text)
    except DurationError as error:
        say_problems([Problem("bad-duration", Where("calendar"), error.fact, error.cure, duration_text)], lang)
        return UNUSABLE
    if start is None:
        return UNUSABLE
    calendar = _calendar(path, start - BEHIND, min(start + AHEAD + timedelta(days=2 * duration.amount), LAST), lang)
    if calendar is None:
        return UNUSABLE
    try:
        due = due_day(start, duration, calendar)
    except (CalendarRangeError, OverflowError) as error:
        fact, cure = Text(str(error), str(error)), Text("缩短期限", "Give a shorter limit")
        say_problems([Problem("out-of-range", Where("calendar"), fact, cure, duration_text)], lang)
        return UNUSABLE
    if duration.unit == "working days":
        for step in calendar.steps(start, duration.amount):
            number = f"{step.number:>3}" if step.number is not None else "  –"
            say(f"{step.day} {number}  {step.kind.text.in_(lang)}")
    provisional = is_provisional(start, duration, calendar)
    note = Text("（暂定：该年放假安排尚未公布）", " (provisional: that year's arrangement is not announced)")
    say(Text(f"到期日 {due}", f"Due {due}").in_(lang) + (note.in_(lang) if provisional else ""))
    return OK


def between(start_text: str, end_text: str, path: Path | None, lang: Lang) -> int:
    """Print how many working days lie after the start, up to and including the end."""
    start, end = _day(start_text, lang), _day(end_text, lang)
    if start is None or end is None:
        return UNUSABLE
    calendar = _calendar(path, min(start, end) - BEHIND, max(start, end) + BEHIND, lang)
    if calendar is None:
        return UNUSABLE
    count = calendar.working_days_between(start, end)
    say(Text(f"{start}之后至{end}：{count}个工作日", f"After {start} up to {end}: {count} working days").in_(lang))
    return OK


def show(year: int, path: Path | None, lang: Lang) -> int:
    """Print the days of a year that are not what their weekday says."""
    first, last = _day(f"{year:04d}-01-01", lang), _day(f"{year:04d}-12-31", lang)
    if first is None or last is None:
        return UNUSABLE
    calendar = _calendar(path, first - BEHIND, last + BEHIND, lang)
    if calendar is None:
        return UNUSABLE
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for day in days:
        kind = calendar.why(day)
        if str(kind.kind) not in {"workday", "weekend"}:
            say(f"{day}  {kind.text.in_(lang)}")
    count = sum(calendar.is_working(day) for day in days)
    say(Text(f"{year}年共{count}个工作日", f"{year}: {count} working days").in_(lang))
    if not calendar.is_announced(first):
        say(Text("暂定：该年放假安排尚未公布", "Provisional: the arrangement is not announced").in_(lang))
    return OK
