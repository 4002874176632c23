"""The calendar and the durations as such."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time.calendar import (
    Arrangement,
    Calendar,
    CalendarRangeError,
    Kind,
    calendar_from_days,
    china_calendar,
)
from engine.time.durations import Duration, DurationError, Unit, due_day, is_provisional, parse_duration

FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)
CHINA = china_calendar(FIRST, LAST)
WIDE = china_calendar(FIRST, date(2030, 12, 31))
ANNOUNCED_LATER = Arrangement(
    year=2027,
    holidays=frozenset({date(2027, 1, 1), *(date(2027, 2, day) for day in range(5, 12))}),
    workdays=frozenset({date(2027, 1, 2), date(2027, 2, 20)}),
    notice="国务院办公厅关于2027年部分节假日安排的通知",
)

starts = st.dates(date(2019, 1, 1), date(2027, 12, 31))
amounts = st.integers(min_value=1, max_value=200)


@given(start=starts, n=amounts)
def test_between_undoes_add(start: date, n: int) -> None:
    end = CHINA.add_working_days(start, n)
    assert end > start
    assert CHINA.is_working(end)
    assert CHINA.working_days_between(start, end) == n
    assert CHINA.working_days_between(start, end - timedelta(days=1)) == n - 1


@given(day=st.dates(date(2019, 1, 2), LAST))
def test_ordinal_grows_by_one_on_working_days_only(day: date) -> None:
    assert CHINA.ordinal(day) - CHINA.ordinal(day - timedelta(days=1)) == int(CHINA.is_working(day))


@given(start=starts, n=st.integers(min_value=0, max_value=60))
def test_steps_agree_with_add(start: date, n: int) -> None:
    steps = CHINA.steps(start, n)
    end = CHINA.add_working_days(start, n)
    assert [step.day for step in steps] == [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert [step.number for step in steps if step.counted] == list(range(1, n + 1))
    assert all(step.number is None for step in steps if not step.counted)
    assert all(step.kind == CHINA.why(step.day) for step in steps)


@given(start=starts, a=amounts, b=amounts)
def test_adding_twice_is_adding_the_sum(start: date, a: int, b: int) -> None:
    assert WIDE.add_working_days(WIDE.add_working_days(start, a), b) == WIDE.add_working_days(start, a + b)


def test_the_state_council_has_announced_until_2026() -> None:
    assert CHINA.last_announced == 2026
    assert china_calendar(date(2020, 1, 1), date(2020, 12, 31)).last_announced == 2026
    assert CHINA.is_announced(date(2026, 12, 31))
    assert not CHINA.is_announced(date(2027, 1, 1))


def test_a_limit_into_the_next_year_is_provisional() -> None:
    start, limit = date(2026, 12, 1), parse_duration("20 working days")
    assert due_day(start, limit, CHINA) == date(2026, 12, 29)
    assert not is_provisional(start, limit, CHINA)
    assert due_day(date(2026, 12, 4), limit, CHINA).year == 2027
    assert is_provisional(date(2026, 12, 4), limit, CHINA)
    assert is_provisional(start, parse_duration("40 working days"), CHINA)


def test_an_arrangement_announced_later_moves_the_date_and_makes_it_firm() -> None:
    later = china_calendar(FIRST, LAST, extra={2027: ANNOUNCED_LATER})
    start, limit = date(2026, 12, 31), parse_duration("1 working day")
    assert due_day(start, limit, CHINA) == date(2027, 1, 4)
    assert is_provisional(start, limit, CHINA)
    assert due_day(start, limit, later) == date(2027, 1, 2)
    assert not is_provisional(start, limit, later)
    assert later.last_announced == 2027
    assert later.why(date(2027, 2, 20)).kind is Kind.MAKE_UP
    assert later.why(date(2027, 2, 11)).text.zh == "节假日：放假安排（国务院办公厅关于2027年部分节假日安排的通知）"
    assert later.is_working(date(2027, 5, 3)), "the estimate of the library must not survive"
    assert not later.is_announced(date(2028, 1, 1))


def test_a_gap_before_an_announced_year_is_not_closed() -> None:
    arrangement = Arrangement(2028, frozenset({date(2028, 1, 1)}), frozenset(), "notice")
    calendar = china_calendar(FIRST, LAST, extra={2028: arrangement})
    assert calendar.last_announced == 2026
    assert calendar.is_announced(date(2028, 3, 1))
    assert not calendar.is_firm(date(2026, 12, 1), date(2028, 3, 1))


def test_an_arrangement_may_reach_into_the_year_before() -> None:
    arrangement = Arrangement(2027, frozenset({date(2027, 1, 1)}), frozenset({date(2026, 12, 26)}), "notice")
    calendar = china_calendar(FIRST, LAST, extra={2027: arrangement})
    assert calendar.is_working(date(2026, 12, 26))
    assert calendar.why(date(2026, 10, 10)).kind is Kind.MAKE_UP


def test_contradictory_arrangements_are_refused() -> None:
    day = date(2027, 1, 1)
    with pytest.raises(ValueError, match="both a holiday"):
        Arrangement(2027, frozenset({day}), frozenset({day}), "notice")
    with pytest.raises(ValueError, match="does not belong"):
        Arrangement(2030, frozenset({day}), frozenset(), "notice")
    with pytest.raises(ValueError, match="under the year 2028"):
        china_calendar(FIRST, LAST, extra={2028: ANNOUNCED_LATER})


def test_a_closure_shifts() -> None:
    local = china_calendar(FIRST, LAST, closures={date(2023, 8, 15): "台风停工", date(2027, 3, 1): ""})
    assert CHINA.add_working_days(date(2023, 8, 14), 3) == date(2023, 8, 17)
    assert local.add_working_days(date(2023, 8, 14), 3) == date(2023, 8, 18)
    assert local.why(date(2023, 8, 15)).text.zh == "本地停止办公：台风停工"
    assert local.why(date(2027, 3, 1)).estimate


def test_a_closure_on_a_day_off_changes_nothing() -> None:
    assert china_calendar(FIRST, LAST, closures=[date(2023, 10, 1)]) == CHINA


def test_a_closure_stops_a_make_up_workday() -> None:
    assert not china_calendar(FIRST, LAST, closures=[date(2023, 10, 7)]).is_working(date(2023, 10, 7))


@pytest.mark.parametrize(
    ("day", "kind", "zh"),
    [
        (date(2023, 7, 14), Kind.WORKDAY, "工作日"),
        (date(2023, 7, 15), Kind.WEEKEND, "周末"),
        (date(2023, 9, 29), Kind.HOLIDAY, "节假日：中秋节"),
        (date(2023, 10, 7), Kind.MAKE_UP, "调休上班"),
        (date(2023, 3, 8), Kind.WORKDAY, "工作日"),
        (date(2027, 5, 1), Kind.HOLIDAY, "节假日：劳动节（当年放假安排未公布，暂估）"),
    ],
)
def test_why(day: date, kind: Kind, zh: str) -> None:
    found = CHINA.why(day)
    assert (found.kind, found.text.zh) == (kind, zh)
    assert found.working == CHINA.is_working(day)


def test_steps_show_the_national_day_week() -> None:
    steps = CHINA.steps(date(2023, 9, 28), 3)
    assert [(step.day.isoformat(), step.number) for step in steps if step.counted] == [
        ("2023-10-07", 1),
        ("2023-10-08", 2),
        ("2023-10-09", 3),
    ]
    assert len(steps) == 11


def test_rows_are_the_calendar_table() -> None:
    rows = CHINA.rows()
    assert len(rows) == (LAST - FIRST).days + 1
    assert rows[0] == (FIRST, False, 0, True)
    assert rows[1] == (date(2019, 1, 2), True, 1, True)
    assert rows[-1] == (LAST, False, len(CHINA.working_days), False)


def test_edges_of_adding() -> None:
    assert CHINA.add_working_days(date(2023, 10, 1), 0) == date(2023, 10, 1)
    assert CHINA.next_working_day(date(2023, 10, 1)) == date(2023, 10, 7)
    assert CHINA.next_working_day(date(2023, 10, 8)) == date(2023, 10, 8)
    with pytest.raises(ValueError, match="must not be negative"):
        CHINA.add_working_days(FIRST, -1)


def test_out_of_range_is_said_in_a_sentence() -> None:
    with pytest.raises(CalendarRangeError, match="2018-12-31 is outside the calendar, which runs from 2019-01-01"):
        CHINA.is_working(date(2018, 12, 31))
    with pytest.raises(CalendarRangeError, match="run past the calendar's last day, 2028-12-31") as caught:
        CHINA.add_working_days(date(2028, 12, 20), 40)
    assert caught.value.text.zh == "从2028-12-20起数40个工作日超出了工作日历的最后一天2028-12-31。"
    with pytest.raises(CalendarRangeError, match="ends"):
        china_calendar(LAST, FIRST)


def test_the_same_day_is_the_same_in_any_span() -> None:
    narrow = china_calendar(date(2023, 12, 29), date(2024, 1, 4))
    assert [narrow.why(row[0]) for row in narrow.rows()] == [CHINA.why(row[0]) for row in narrow.rows()]


def test_an_injected_calendar_with_another_weekend() -> None:
    calendar = calendar_from_days(
        date(2024, 1, 1),
        date(2024, 1, 31),
        holidays={date(2024, 1, 2): "Founders' Day"},
        weekend={4},
        workdays=[date(2024, 1, 12)],
    )
    assert [calendar.is_working(date(2024, 1, day)) for day in (2, 5, 6, 12)] == [False, False, True, True]
    assert calendar.why(date(2024, 1, 2)).text.en == "public holiday: Founders' Day"


def test_the_library_is_imported_when_it_is_needed_only() -> None:
    code = "import sys, engine.time.calendar; sys.exit('holidays' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3 working days", 3, "working days"),
        ("1 working day", 1, "working days"),
        (" 20  Working  Days ", 20, "working days"),
        ("30 days", 30, "days"),
        ("48 hours", 48, "hours"),
        ("1 month", 1, "months"),
        ("3个工作日", 3, "working days"),
        ("20 个工作日", 20, "working days"),
        ("30日", 30, "days"),
        ("14天", 14, "days"),
        ("48小时", 48, "hours"),
        ("1个月", 1, "months"),
    ],
)
def test_parse_duration(text: str, amount: int, unit: Unit) -> None:
    found = parse_duration(text)
    assert found == Duration(amount, unit)
    assert parse_duration(str(found)) == found
    assert parse_duration(found.text.zh) == found


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("3 workin days", "Did you mean '3 working days'?"),
        ("3 monts", "Did you mean '3 months'?"),
        ("2 weeks", "Did you mean '14 days'?"),
        ("1 year", "Did you mean '12 months'?"),
        ("2周", "Did you mean '14 days'?"),
        ("3个工做日", "Did you mean '3 working days'?"),
        ("soon", "Write it as"),
        ("-3 days", "Write it as"),
        ("1.5 days", "Write it as"),
        ("", "Write it as"),
        ("3", "Write it as"),
        ("3 xyzzy", "Write it as"),
        ("100000 days", "at most 9999"),
    ],
)
def test_a_text_that_is_no_duration_says_what_to_write(text: str, cure: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(text)
    assert cure in caught.value.cure.en
    assert caught.value.value == text
    assert caught.value.fact.zh
    assert caught.value.cure.zh


@given(text=st.text(max_size=20))
def test_parsing_anything_gives_a_duration_or_a_duration_error(text: str) -> None:
    try:
        found = parse_duration(text)
    except DurationError:
        return
    assert parse_duration(str(found)) == found


@pytest.mark.parametrize(
    ("start", "text", "due", "rolled"),
    [
        ("2023-09-01", "30 days", "2023-10-01", "2023-10-07"),
        ("2023-09-01", "1 month", "2023-10-01", "2023-10-07"),
        ("2023-01-31", "1 month", "2023-02-28", "2023-02-28"),
        ("2024-01-31", "1 month", "2024-02-29", "2024-02-29"),
        ("2023-07-14", "48 hours", "2023-07-16", "2023-07-17"),
        ("2023-07-14", "36 hours", "2023-07-16", "2023-07-17"),
        ("2023-07-14", "0 days", "2023-07-14", "2023-07-14"),
    ],
)
def test_calendar_limits_roll_only_when_asked(start: str, text: str, due: str, rolled: str) -> None:
    begin, limit = date.fromisoformat(start), parse_duration(text)
    assert due_day(begin, limit, CHINA) == date.fromisoformat(due)
    assert due_day(begin, limit, CHINA, roll=True) == date.fromisoformat(rolled)


def test_a_calendar_limit_is_provisional_only_where_it_rests_on_an_estimate() -> None:
    limit = parse_duration("30 days")
    assert not is_provisional(date(2026, 12, 20), limit, CHINA)
    assert is_provisional(date(2026, 12, 20), limit, CHINA, roll=True)
    assert not is_provisional(date(2026, 11, 20), limit, CHINA, roll=True)


def test_a_calendar_does_not_change() -> None:
    with pytest.raises(AttributeError):
        CHINA.first = LAST  # type: ignore[misc]
    assert isinstance(hash(calendar_from_days(FIRST, FIRST)), int)
    assert Calendar.__slots__
