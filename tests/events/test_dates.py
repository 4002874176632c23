from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.values.dates import DateError, read_moment
from tests.events.reading import HEADINGS, column, csv_file, event, jsonl, only, read, xlsx

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime(2023, 7, 14)


@pytest.mark.parametrize(
    "text",
    [
        "2023-07-14",
        "2023-7-14",
        "2023/07/14",
        "2023/7/14",
        "2023.7.14",
        "2023.07.14",
        "20230714",
        "2023年7月14日",
        "2023年07月14日",
        "2023 年 7 月 14 日",
        "2023年7月14号",
        "2023年7月14",
        "２０２３年７月１４日",
        "２０２３－０７－１４",
        "２０２３．７．１４",
        "二〇二三年七月十四日",
        "二○二三年七月十四日",
        " 2023-07-14　",
        20230714,
        20230714.0,
        date(2023, 7, 14),
        datetime(2023, 7, 14),
    ],
)
def test_a_day_may_be_written_in_many_ways(text: object) -> None:
    assert read_moment(text) == (DAY, False)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-07-14T14:30", datetime(2023, 7, 14, 14, 30)),
        ("2023-07-14 14:30:05", datetime(2023, 7, 14, 14, 30, 5)),
        ("2023/7/14 9:05", datetime(2023, 7, 14, 9, 5)),
        ("2023-07-14T14:30:05.250", datetime(2023, 7, 14, 14, 30, 5, 250000)),
        ("2023年7月14日14时30分", datetime(2023, 7, 14, 14, 30)),
        ("2023年7月14日 下午2点30分", datetime(2023, 7, 14, 14, 30)),
        ("2023-07-14T14:30+08:00", datetime(2023, 7, 14, 14, 30)),
        ("2023-07-14T16:30:00Z", datetime(2023, 7, 15, 0, 30)),
        ("2023-07-14T12:00-05:00", datetime(2023, 7, 15, 1, 0)),
        ("2023-07-14T00:00", DAY),
        (datetime(2023, 7, 14, 6, 30, tzinfo=UTC), datetime(2023, 7, 14, 14, 30)),
        (datetime(2023, 7, 14, 6, tzinfo=timezone(timedelta(hours=-2))), datetime(2023, 7, 14, 16)),
    ],
)
def test_a_moment_is_read_as_local_time_of_shanghai(text: object, moment: datetime) -> None:
    assert read_moment(text) == (moment, True)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2023-02-30", "no-such-day"),
        ("2023年2月30日", "no-such-day"),
        ("二〇二三年二月三十日", "no-such-day"),
        ("2023-13-01", "no-such-day"),
        ("2023-02-29", "no-such-day"),
        ("20230230", "no-such-day"),
        ("2023-07-14T25:00", "no-such-time"),
        ("2023-07-14T10:61", "no-such-time"),
        ("2023-07-14T10:00+99:00", "no-such-time"),
        ("1023-07-14", "year"),
        ("0000-01-01", "year"),
        ("9999-12-31T23:00-08:00", "year"),
        ("45121", "serial"),
        (45121, "serial"),
        (45121.5, "serial"),
        ("7月14日", "no-year"),
        ("23年7月14日", "no-year"),
        ("7.14", "no-year"),
        ("2023年7月", "no-day"),
        ("2023-07", "no-day"),
        ("2023年7月底", "no-day"),
        ("2023.7.14-16", "range"),
        ("2023年7月14日至7月16日", "range"),
        ("2023年7月14日下午", "half-day"),
        ("2023年7月14日（星期四）", "weekday"),
        ("2023-7-1411", "form"),
        ("202307141430", "form"),
        ("14.7.2023", "form"),
        ("2023-07-14 完成", "form"),
        ("二〇二三年十十十月一日", "form"),
        ("昨天", "form"),
        (True, "form"),
        ([2023, 7, 14], "form"),
        (float("nan"), "serial"),
        (float("inf"), "serial"),
    ],
)
def test_what_is_no_date_says_why(value: object, reason: str) -> None:
    with pytest.raises(DateError) as error:
        read_moment(value)
    assert error.value.reason == reason


@pytest.mark.parametrize("day", range(1, 32))
def test_every_day_of_a_month_can_be_written_in_chinese_numerals(day: int) -> None:
    ones = "〇一二三四五六七八九"
    tens = ("", "十", "二十", "三十")[day // 10]
    numeral = tens + (ones[day % 10] if day % 10 else "")
    assert read_moment(f"二〇二三年十二月{numeral}日") == (datetime(2023, 12, day), False)


@given(
    st.text(alphabet="〇○零一二三四五六七八九十年月日号 0123456789-/.:T+Z上下午时点分秒٣", max_size=24)
    | st.text(max_size=12)
)
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    try:
        moment, _ = read_moment(text)
    except DateError:
        return
    assert moment.tzinfo is None
    assert 1949 <= moment.year <= 2100


def test_a_day_that_does_not_exist_names_cell_value_and_cure(tmp_path: Path) -> None:
    problem = only(read(xlsx(tmp_path / "log.xlsx", [HEADINGS, ("1", "training.held", "县民政局", "2023年2月30日")])))
    assert (problem.code, str(problem.where).endswith("log.xlsx[台账]!D2")) == ("bad-date", True)
    assert problem.value == "2023年2月30日"
    assert problem.line("zh").endswith("没有“2023年2月30日”这一天。请核对月和日。")


def test_a_serial_number_in_a_text_is_not_guessed_but_the_day_it_may_mean_is_named(tmp_path: Path) -> None:
    problem = only(read(csv_file(tmp_path / "log.csv", [HEADINGS, ("1", "training.held", "县民政局", 45121)])))
    assert problem.code == "bad-date"
    assert "2023-07-14" in problem.cure.zh


def test_a_serial_number_in_a_workbook_is_the_day_it_stands_for_there_and_told(tmp_path: Path) -> None:
    log = read(xlsx(tmp_path / "log.xlsx", [HEADINGS, ("1", "training.held", "县民政局", 45121)]))
    assert (only(log).code, only(log).severity, only(log).where.cell) == ("date-number", "warning", "D2")
    assert column(log, "occurred_at") == [DAY]


def test_date_cells_are_read_with_and_without_their_time_of_day(tmp_path: Path) -> None:
    moments = [date(2023, 7, 14), datetime(2023, 7, 14, 14, 30)]
    path = xlsx(
        tmp_path / "log.xlsx",
        [HEADINGS, *((str(n), "training.held", "县民政局", one) for n, one in enumerate(moments))],
    )
    log = read(path)
    assert column(log, "occurred_at") == [DAY, datetime(2023, 7, 14, 14, 30)]
    assert column(log, "timed") == [False, True]


def test_what_is_recorded_on_no_other_day_is_recorded_when_it_occurred(tmp_path: Path) -> None:
    log = read(
        jsonl(tmp_path / "log.jsonl", event("1"), event("2", recorded_at="2023-08-01"), event("3", recorded_at=""))
    )
    assert column(log, "recorded_at") == [DAY, datetime(2023, 8, 1), DAY]
