"""Subjects that open again, days without a gap, moments of limits, figures as they are written."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.engine.asking import event, judge, rule, statuses

ACCOUNT = rule(
    "refresh", opened="account.opened", refreshed="account.updated", closed="account.closed", every="14 days"
)
STAFF = rule("hold", opened="staff.appointed", closed="staff.released")
ANSWER = rule("respond", trigger="opinion.detected", response="opinion.answered", within="48 hours")
REPORTED = {"event": "indicator.reported", "where": {"indicator": "甲"}}
FIGURE = rule("reach", reported=REPORTED, target=200.05, figure={"zh": "亿元"}, by="2023-12-31")


def figure(at: str, value: float, unit: str = "minzheng") -> dict[str, object]:
    return event("indicator.reported", at, unit=unit, indicator="甲", value=value)


def test_an_account_that_was_closed_and_opened_again_is_judged_again() -> None:
    log = [
        event("account.opened", "2023-01-02", "微信"),
        event("account.updated", "2023-01-10", "微信"),
        event("account.closed", "2023-01-20", "微信"),
        event("account.opened", "2023-06-01", "微信"),
    ]
    rows = judge([ACCOUNT], log)
    assert statuses(rows) == {"e0": "met", "e3": "violated"}
    assert {row["trigger"]: row["due_on"] for row in rows}["e3"] == date(2023, 6, 15)


def test_an_account_closed_before_the_year_and_opened_in_it_is_judged() -> None:
    log = [
        event("account.opened", "2021-01-02", "微信"),
        event("account.closed", "2022-05-01", "微信"),
        event("account.opened", "2023-03-01", "微信"),
    ]
    assert statuses(judge([ACCOUNT], log)) == {"e2": "violated"}


def test_opening_what_is_open_and_closing_what_is_closed_changes_nothing() -> None:
    log = [
        event("account.closed", "2023-01-01", "微信"),
        event("account.opened", "2023-12-01", "微信"),
        event("account.opened", "2023-12-10", "微信"),
        event("account.closed", "2023-12-12", "微信"),
        event("account.closed", "2023-12-13", "微信"),
    ]
    rows = judge([ACCOUNT], log)
    assert [(row["trigger"], row["status"], row["met_on"]) for row in rows] == [("e1", "met", date(2023, 12, 12))]


def test_released_and_appointed_again_on_one_day_is_no_gap() -> None:
    start = event("staff.appointed", "2023-01-01", "001")
    again = [start, event("staff.released", "2023-05-04", "001"), event("staff.appointed", "2023-05-04", "001")]
    assert statuses(judge([STAFF], again)) == {"2023": "met"}
    assert statuses(judge([STAFF], [again[0], again[2], again[1]])) == {"2023": "met"}


@pytest.mark.parametrize(("released", "appointed", "status"), [("09", "15", "met"), ("15", "09", "violated")])
def test_clock_times_of_one_day_keep_their_order(released: str, appointed: str, status: str) -> None:
    log = [
        event("staff.appointed", "2023-01-01", "001"),
        event("staff.released", f"2023-05-04T{released}:00", "001"),
        event("staff.appointed", f"2023-05-04T{appointed}:00", "001"),
    ]
    assert statuses(judge([STAFF], log)) == {"2023": status}


def test_a_limit_in_hours_ends_at_a_moment_and_is_over_by_hours() -> None:
    log = [
        event("opinion.detected", "2023-05-10T09:00", "舆情1"),
        event("opinion.answered", "2023-05-12T10:30", "舆情1"),
        event("opinion.detected", "2023-05-12T09:00", "舆情2"),
    ]
    first, second = judge([ANSWER], log, "2023-05-15T08:00")
    assert (first["status"], first["limit_at"]) == ("late", datetime(2023, 5, 12, 9))
    assert "2023-05-12 09:00" in first["reason"]
    assert "逾期2小时" in first["reason"]
    assert (second["status"], second["limit_at"]) == ("violated", datetime(2023, 5, 14, 9))
    assert "逾期23小时" in second["reason"]


def test_a_limit_in_days_has_no_moment() -> None:
    days = ANSWER | {"within": "2 working days"}
    (row,) = judge([days], [event("opinion.detected", "2023-05-10T09:00", "舆情1")])
    assert row["limit_at"] is None
    assert "个工作日" in row["reason"]


def test_figures_add_up_as_they_are_written() -> None:
    parts = [figure("2023-03-01", 185.76), figure("2023-06-01", 14.29)]
    (row,) = judge([FIGURE | {"reports": "increments"}], parts)
    assert (row["status"], row["measured"]) == ("met", 200.05)
    (row,) = judge([FIGURE | {"reports": "increments", "compare": "equal"}], parts)
    assert row["status"] == "met"
    (row,) = judge([FIGURE | {"reports": "increments", "compare": "more_than"}], parts)
    assert row["status"] == "violated"


def test_two_leads_whose_running_totals_contradict_each_other_are_left_to_a_person() -> None:
    shared = FIGURE | {"target": 1000.0, "jointly": True, "owed_by": ["minzheng", "yangshan"]}
    rows = judge([shared], [figure("2023-12-20", 1050.0), figure("2023-12-28", 600.0, "yangshan")])
    assert {row["status"] for row in rows} == {"unassessed"}
    assert all("县民政局 1050" in row["reason"] and "羊山镇 600" in row["reason"] for row in rows)


def test_a_running_total_that_falls_contradicts_itself_only_where_it_matters() -> None:
    falls = [figure("2023-06-01", 300.0), figure("2023-12-01", 100.0)]
    assert [row["status"] for row in judge([FIGURE], falls)] == ["unassessed"]
    assert [row["status"] for row in judge([FIGURE | {"target": 50.0}], falls)] == ["met"]
    assert [row["status"] for row in judge([FIGURE | {"target": 500.0}], falls)] == ["violated"]
    assert [row["status"] for row in judge([FIGURE], falls, "2023-12-30")] == ["pending"]


def test_a_notice_of_correction_without_a_day_is_left_to_a_person() -> None:
    clock = {
        "restarts": [{"asked": "request.correction_asked", "done": "request.corrected", "until_in": "until"}],
    }
    reply = rule("respond", trigger="request.received", response="request.answered", within="20 working days")
    log = [event("request.received", "2023-03-01", "甲"), event("request.correction_asked", "2023-03-06", "甲")]
    assert statuses(judge([reply | {"clock": clock}], log)) == {"e0": "unassessed"}
    done = [*log, event("request.corrected", "2023-03-10", "甲"), event("request.answered", "2023-03-20", "甲")]
    assert statuses(judge([reply | {"clock": clock}], done)) == {"e0": "met"}
    dated = [log[0], event("request.correction_asked", "2023-03-06", "甲", until="2023-03-20")]
    assert statuses(judge([reply | {"clock": clock}], dated)) == {"e0": "not_applicable"}


def test_one_review_serves_one_version_through_many_channels() -> None:
    published = {"event": "information.published", "elements_in": "media"}
    first = rule("precede", act=published, before="review.completed", one_to_one=True)
    log = [
        event("review.completed", "2023-03-01", "项"),
        event("information.published", "2023-03-05", "项", media=["website"]),
        event("information.published", "2023-03-06", "项", media=["wechat_group"]),
        event("information.published", "2023-03-20", "项", media=["website"]),
    ]
    assert statuses(judge([first], log)) == {"e1": "met", "e2": "met", "e3": "violated"}
    assert statuses(judge([first], [*log, event("review.completed", "2023-03-19", "项")]))["e3"] == "met"
    other = event("information.published", "2023-03-06", "另", media=["website"])
    assert statuses(judge([first], [*log[:2], other])) == {"e1": "met", "e2": "violated"}
