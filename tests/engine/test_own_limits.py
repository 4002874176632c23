"""Gaps in hours, and the own limits of acts beside a date."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from engine.kinds.due import DueRule
from tests.engine.asking import event, judge, rule, statuses

HOURLY = rule(
    "refresh", opened="account.opened", refreshed="account.updated", closed="account.closed", every="48 hours"
)
PLANNED = rule(
    "due", expected="policy.interpreted", applies_if="policy.issued", by="2023-12-31", within="3 working days"
)


@pytest.mark.parametrize(
    ("opened", "updates", "status", "limit"),
    [
        ("2023-05-10T09:00", ["2023-05-12T09:00", "2023-05-14T08:59"], "pending", "2023-05-16T08:59"),
        ("2023-05-10T09:00", ["2023-05-12T09:01"], "violated", "2023-05-12T09:00"),
        ("2023-05-10T09:00", ["2023-05-12", "2023-05-14"], "pending", "2023-05-16T23:59:59.999999"),
        ("2023-05-10", ["2023-05-12T23:30", "2023-05-14T10:00"], "pending", "2023-05-16T10:00"),
        ("2023-05-10", ["2023-05-13T00:01"], "violated", "2023-05-12T23:59:59.999999"),
    ],
)
def test_a_gap_in_hours_ends_at_its_moment(opened: str, updates: list[str], status: str, limit: str) -> None:
    log = [event("account.opened", opened, "微信"), *(event("account.updated", at, "微信") for at in updates)]
    [row] = judge([HOURLY], log, "2023-05-15T12:00")
    assert (row["status"], row["limit_at"]) == (status, datetime.fromisoformat(limit))
    assert row["due_on"] == row["limit_at"].date()
    assert f"{row['limit_at']:%Y-%m-%d %H:%M}" in row["reason"]


def test_a_gap_in_hours_is_not_over_before_its_moment_and_ends_with_the_closing() -> None:
    log = [event("account.opened", "2023-05-10T09:00", "微信"), event("account.closed", "2023-05-12T08:59", "微信")]
    for as_of, status in (("2023-05-12T08:58", "pending"), ("2023-05-12T23:00", "met")):
        assert statuses(judge([HOURLY], log, as_of)) == {"e0": status}
    late = [log[0], event("account.closed", "2023-05-12T09:01", "微信")]
    assert statuses(judge([HOURLY], late, "2023-05-12T23:00")) == {"e0": "violated"}


def test_an_account_opened_again_on_the_day_it_was_closed_is_timed_anew() -> None:
    log = [
        event("account.opened", "2023-05-10T09:00", "微信"),
        event("account.updated", "2023-05-11T08:00", "微信"),
        event("account.closed", "2023-05-11T10:00", "微信"),
        event("account.opened", "2023-05-11T12:00", "微信"),
    ]
    rows = judge([HOURLY], log, "2023-05-13T12:00")
    assert {row["trigger"]: (row["status"], row["measured"]) for row in rows} == {
        "e0": ("met", 1),
        "e3": ("violated", 0),
    }
    assert [row["limit_at"] for row in rows if row["trigger"] == "e3"] == [datetime(2023, 5, 13, 12)]


@pytest.mark.parametrize(
    ("issued", "done", "as_of", "status", "due"),
    [
        ("2023-12-29", None, "2023-12-31", "pending", "2024-01-04"),
        ("2023-12-29", "2024-01-04", "2024-01-31", "met", "2024-01-04"),
        ("2023-12-29", "2024-01-05", "2024-01-31", "late", "2024-01-04"),
        ("2023-12-29", None, "2024-01-04", "violated", "2024-01-04"),
        ("2023-12-25", None, "2023-12-31", "violated", "2023-12-31"),
        ("2023-12-25", "2024-01-02", "2024-01-31", "late", "2023-12-31"),
    ],
)
def test_what_an_act_makes_owed_has_that_acts_own_limit_where_it_ends_after_the_date(
    issued: str, done: str | None, as_of: str, status: str, due: str
) -> None:
    log = [event("policy.issued", issued, "策1")]
    log += [event("policy.interpreted", done, "策1")] if done is not None else []
    [row] = judge([PLANNED], log, as_of)
    assert (row["status"], row["due_on"]) == (status, date.fromisoformat(due))


def test_the_first_of_several_acts_sets_the_limit() -> None:
    log = [event("policy.issued", "2023-03-01", "策1"), event("policy.issued", "2023-12-29", "策2")]
    [row] = judge([PLANNED], log, "2023-12-31")
    assert (row["status"], row["due_on"]) == ("violated", date(2023, 12, 31))


def test_an_act_that_may_not_count_leaves_its_limit_undecided() -> None:
    asks = {"event": "policy.issued", "where": {"normative": True}}
    log = [event("policy.issued", "2023-03-01", "策1"), event("policy.issued", "2023-12-29", "策2", normative=True)]
    [row] = judge([PLANNED | {"applies_if": asks}], log, "2023-12-31")
    assert row["status"] == "unassessed"
    [row] = judge([PLANNED | {"applies_if": asks}], log, "2024-01-31")
    assert row["status"] == "violated"


@pytest.mark.parametrize("fields", [{"within": "48 hours"}, {"applies_if": []}])
def test_a_limit_beside_a_date_is_in_days_and_of_an_act(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="within is"):
        DueRule.model_validate(PLANNED | fields)
