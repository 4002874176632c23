"""What a run asks: known by when, for which days, of whom; and what verdicts say of document and cause."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.asking import event, judge, rule, statuses

TRAINING = rule("count", counted="training.held", at_least=1)
REPLY = rule("respond", trigger="request.received", response="request.answered", within="20 working days")
LAW = {"from": "2019-05-15", "to": "2030-12-31"}
FORBIDDEN = rule("never", forbidden={"event": "policy.issued", "where": {"normative": True}}, period=LAW)


def test_what_was_recorded_later_counts_up_to_the_known_by_moment() -> None:
    late = [event("training.held", "2023-05-10", recorded="2024-01-15")]
    assert statuses(judge([TRAINING], late)) == {"2023": "violated"}
    assert statuses(judge([TRAINING], late, known_by="2024-01-14")) == {"2023": "violated"}
    assert statuses(judge([TRAINING], late, known_by="2024-01-15")) == {"2023": "met"}


def test_known_by_can_lie_before_the_moment_asked_about() -> None:
    held = [event("training.held", "2023-05-10", recorded="2023-06-10")]
    assert statuses(judge([TRAINING], held, known_by="2023-06-09")) == {"2023": "violated"}


def test_what_occurred_after_the_moment_never_counts() -> None:
    held = [event("training.held", "2024-01-10", recorded="2024-01-10")]
    assert statuses(judge([TRAINING | {"period": LAW}], held, known_by="2024-06-30")) == {
        "2019-05-15..2030-12-31": "pending"
    }


def test_a_correction_recorded_after_the_moment_counts_by_known_by() -> None:
    log = [
        event("training.held", "2023-05-10"),
        event("training.held", "2023-05-10", recorded="2024-01-05", retracts="e0"),
    ]
    assert statuses(judge([TRAINING], log)) == {"2023": "met"}
    assert statuses(judge([TRAINING], log, known_by="2024-01-05")) == {"2023": "violated"}


def test_the_calendar_s_duties_before_the_period_are_not_listed_and_open_acts_are() -> None:
    report = rule("due", id="1.2.report", expected="annual_report.published", by="2022-01-31", period=LAW)
    log = [
        event("request.received", "2022-03-01", "旧"),
        event("request.received", "2022-03-01", "了"),
        event("request.answered", "2022-03-10", "了"),
        event("request.received", "2023-03-01", "新"),
    ]
    rows = judge([REPLY | {"period": LAW}, report], log, period=("2023-01-01", "2023-12-31"))
    assert {(row["subject"], row["status"]) for row in rows} == {("旧", "violated"), ("新", "violated")}
    carried = {row["subject"]: "本期以前" in row["reason"] for row in rows}
    assert carried == {"旧": True, "新": False}


def test_an_act_that_was_wrong_in_an_earlier_year_is_not_of_this_one() -> None:
    log = [
        event("policy.issued", "2020-03-01", "甲", normative=True),
        event("policy.issued", "2023-04-01", "乙", normative=True),
    ]
    assert statuses(judge([FORBIDDEN], log, period=("2023-01-01", "2023-12-31"))) == {"e1": "violated"}
    assert statuses(judge([FORBIDDEN], log, "2022-12-31", period=("2022-01-01", "2022-12-31"))) == {
        "2022": "unassessed"
    }


@pytest.mark.parametrize("number", [1, 2])
def test_a_standing_prohibition_is_one_obligation_an_act(number: int) -> None:
    log = [event("policy.issued", f"2023-04-0{day + 1}", "甲", normative=True) for day in range(number)]
    rows = judge([FORBIDDEN], log, period=("2023-01-01", "2023-12-31"))
    assert [(row["opened_on"], row["trigger"]) for row in rows] == [
        (date(2023, 4, day + 1), f"e{day}") for day in range(number)
    ]


def test_a_unit_that_filed_nothing_is_not_said_to_have_done_nothing_wrong() -> None:
    yearly = FORBIDDEN | {"period": {"from": "2023-01-01", "to": "2023-12-31"}, "owed_by": ["units"]}
    log = [
        event("training.held", "2023-05-01"),
        event("training.held", "2022-05-01", unit="yangshan"),
        event("assessment.recorded", "2023-05-01", unit="office", clause="1.1", result="pass"),
    ]
    found = {row["unit"]: row["status"] for row in judge([yearly], log)}
    assert found == {"minzheng": "met", "yangshan": "unassessed", "office": "unassessed"}


def test_entries_that_were_withdrawn_or_recorded_too_late_are_no_filing() -> None:
    yearly = FORBIDDEN | {"period": {"from": "2023-01-01", "to": "2023-12-31"}}
    gone = [event("training.held", "2023-05-01"), event("training.held", "2023-06-01", retracts="e0")]
    assert statuses(judge([yearly], gone)) == {"2023": "unassessed"}
    late = [event("training.held", "2023-05-01", recorded="2024-02-01")]
    assert statuses(judge([yearly], late)) == {"2023": "unassessed"}
    assert statuses(judge([yearly], late, known_by="2024-02-01")) == {"2023": "met"}


def test_acts_before_the_day_of_issue_are_marked_or_left_out() -> None:
    log = [event("request.received", "2023-07-13", "前"), event("request.received", "2023-07-14", "后")]
    marked = {row["subject"]: row["before_issue"] for row in judge([REPLY], log, issued="2023-07-14")}
    assert marked == {"前": True, "后": False}
    rows = judge([REPLY], log, issued="2023-07-14", reading="from-issue")
    assert [row["subject"] for row in rows] == ["后"]


def test_a_state_is_asked_for_from_the_day_of_issue_where_the_rule_says_so() -> None:
    staff = rule("hold", opened="staff.appointed", closed="staff.released", from_issue=True)
    log = [event("staff.appointed", "2023-07-14", "001")]
    assert statuses(judge([staff], log, issued="2023-07-14")) == {"2023": "met"}
    assert statuses(judge([staff], log, issued="2023-07-13")) == {"2023": "violated"}


def test_one_omission_is_one_cause_however_many_rules_tell_it() -> None:
    issued = {"event": "policy.issued", "where": {"normative": True}}
    rules = [
        rule("respond", id="1.1.a", trigger=issued, response="policy.interpreted", within="3 working days"),
        rule("cover", id="1.2.b", of=issued, covered_by="policy.interpreted", by="2023-12-31"),
        rule("precede", id="1.3.c", act=issued, before="policy.interpreted", duty="policy.interpreted"),
    ]
    log = [event("policy.issued", f"2023-0{month}-10", f"策{month}", normative=True) for month in (5, 6)]
    causes = [row["cause"] for row in judge(rules, log)]
    assert sorted(causes) == ["policy.interpreted/minzheng/策5"] * 3 + ["policy.interpreted/minzheng/策6"] * 2


def test_verdicts_say_whose_words_the_clause_is() -> None:
    assert [row["document"] for row in judge([TRAINING], [])] == ["文〔2023〕1号"]


def test_a_duty_that_comes_again_is_one_obligation_a_period() -> None:
    quarterly = TRAINING | {"every": "quarter"}
    log = [event("training.held", "2023-03-31"), event("training.held", "2023-04-01")]
    found = statuses(judge([quarterly], log, "2023-09-30"))
    assert found == {"2023-Q1": "met", "2023-Q2": "met", "2023-Q3": "violated", "2023-Q4": "pending"}


@pytest.mark.parametrize(
    ("every", "by", "dues"),
    [
        ("month", 25, [date(2023, month, 25) for month in range(1, 13)]),
        ("month", 31, [date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31)]),
        ("quarter", 10, [date(2023, 3, 10), date(2023, 6, 10), date(2023, 9, 10), date(2023, 12, 10)]),
        ("half-year", None, [date(2023, 6, 30), date(2023, 12, 31)]),
        ("year", "01-31", [date(2023, 1, 31)]),
    ],
)
def test_a_day_within_the_period(every: str, by: int | str | None, dues: list[date]) -> None:
    filed = rule("due", expected="training.held", every=every) | ({"by": by} if by is not None else {})
    rows = judge([filed], [])
    assert sorted(row["due_on"] for row in rows)[: len(dues)] == dues


def test_an_act_of_one_period_does_not_serve_another() -> None:
    filed = rule("due", expected="training.held", every="half-year", by=15)
    rows = judge([filed], [event("training.held", "2023-06-16")])
    assert statuses(rows) == {"2023-H1": "late", "2023-H2": "violated"}
    assert [row["met_on"] for row in rows] == [date(2023, 6, 16), None]


def test_the_year_that_a_plan_or_a_report_is_for_decides() -> None:
    plan = rule("due", expected={"event": "work_plan.issued", "year_in": "year"}, by="2023-12-31")
    assert statuses(judge([plan], [event("work_plan.issued", "2023-12-20", year=2024)])) == {"2023-12-31": "violated"}
    assert statuses(judge([plan], [event("work_plan.issued", "2023-12-20", year=2023)])) == {"2023-12-31": "met"}
    assert statuses(judge([plan], [event("work_plan.issued", "2023-12-20")])) == {"2023-12-31": "met"}
    before = {"event": "annual_report.published", "year_in": "year", "year_else": "before"}
    report = rule("due", expected=before, by="2023-01-31")
    assert statuses(judge([report], [event("annual_report.published", "2023-01-20")])) == {"2023-01-31": "violated"}
    assert statuses(judge([report], [event("annual_report.published", "2023-01-20", year=2023)])) == {
        "2023-01-31": "met"
    }


def test_a_book_of_which_nothing_is_left_gives_no_verdicts() -> None:
    early = rule(
        "precede", act="policy.issued", before="review.completed", period={"from": "2023-01-01", "to": "2023-02-01"}
    )
    assert judge([early], [event("policy.issued", "2023-01-05", "甲")], issued="2023-07-14", reading="from-issue") == []


@pytest.mark.parametrize(
    ("evaluator", "status"),
    [
        ("县政府办公室", "met"),
        ("县政府办公室 张三", "met"),
        ("县民政局", "unassessed"),
        (None, "unassessed"),
    ],
)
def test_only_who_is_of_a_unit_that_evaluates_settles_an_assessment(evaluator: str | None, status: str) -> None:
    assessed = rule("assess", by="2023-12-31", look_for={"zh": "看"})
    named = {"evaluator": evaluator} if evaluator is not None else {}
    (row,) = judge([assessed], [event("assessment.recorded", "2023-10-01", clause="1.1", result="pass", **named)])
    assert row["status"] == status
    assert ("不作数" in row["reason"]) == (status == "unassessed")
