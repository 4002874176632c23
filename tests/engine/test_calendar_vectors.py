"""The calendar against due dates that others computed, and day by day against another library."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from engine.time.calendar import Calendar, calendar_from_days, china_calendar
from engine.time.durations import Duration, due_day, parse_duration

VECTORS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "calendar_vectors.json").read_text(encoding="utf-8")
)
ABROAD = ("alaveteli", "moj")


def injected(name: str) -> Calendar:
    given = VECTORS[name]
    first, last = date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
    return calendar_from_days(first, last, holidays=map(date.fromisoformat, given["holidays"]))


CALENDARS = {
    "china": china_calendar(date(2019, 1, 1), date(2026, 12, 31)),
    **{name: injected(name) for name in ABROAD},
}
WORKING = [(name, *vector) for name in VECTORS for vector in VECTORS[name]["working"]]


@pytest.mark.parametrize(("name", "start", "days", "due"), WORKING)
def test_working_day_vectors(name: str, start: str, days: int, due: str) -> None:
    begin, end, calendar = date.fromisoformat(start), date.fromisoformat(due), CALENDARS[name]
    assert calendar.add_working_days(begin, days) == end
    assert due_day(begin, Duration(days, "working days"), calendar) == end
    assert calendar.working_days_between(begin, end) == days
    assert calendar.is_firm(begin, end)


@pytest.mark.parametrize(("start", "days", "due"), VECTORS["alaveteli"]["rolled"])
def test_rolled_calendar_day_vectors(start: str, days: int, due: str) -> None:
    found = due_day(date.fromisoformat(start), Duration(days, "days"), CALENDARS["alaveteli"], roll=True)
    assert found == date.fromisoformat(due)


@pytest.mark.parametrize(("start", "end", "days"), VECTORS["moj"]["taken"])
def test_days_taken_count_both_ends(start: str, end: str, days: int) -> None:
    before = date.fromisoformat(start) - timedelta(days=1)
    assert CALENDARS["moj"].working_days_between(before, date.fromisoformat(end)) == days


@pytest.mark.parametrize(("due", "done", "days"), VECTORS["moj"]["late"])
def test_days_late_do_not_count_the_due_day(due: str, done: str, days: int) -> None:
    assert CALENDARS["moj"].working_days_between(date.fromisoformat(due), date.fromisoformat(done)) == days


def test_restart_moves_a_month_limit_to_the_nearest_working_day() -> None:
    calendar = CALENDARS["moj"]
    old = due_day(date(2025, 11, 1), parse_duration("1 month"), calendar, roll=True)
    assert old == date(2025, 12, 1)
    assert due_day(old, parse_duration("1 day"), calendar, roll=True) == date(2025, 12, 2)


def test_vectors_are_all_there() -> None:
    assert [len(VECTORS[name]["working"]) for name in VECTORS] == [69, 14, 14]


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_day_agrees_with_the_other_library(year: int) -> None:
    calendar, day = CALENDARS["china"], date(year, 1, 1)
    while day.year == year:
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        assert calendar.is_announced(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "days"),
    list(zip(range(2019, 2027), (250, 249, 250, 249, 249, 251, 248, 248), strict=True)),
)
def test_working_days_of_a_year(year: int, days: int) -> None:
    calendar = china_calendar(date(year, 1, 1), date(year, 12, 31))
    assert calendar.ordinal(date(year, 12, 31)) == days
