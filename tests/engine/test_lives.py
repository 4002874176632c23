"""Units that were abolished and their heirs: what was logged once counts once, and duties end with the unit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.units import Registry, Unit
from tests.engine.asking import event, judge, rule

REFORMED = Registry(
    "county",
    "某县",
    (
        Unit("minzheng", "县民政局", "department", until=date(2023, 6, 30), successors=("yangshan",)),
        Unit("yangshan", "羊山镇", "town"),
        Unit("office", "县政府办公室", "department", evaluates=True),
    ),
    {"units": ("minzheng", "yangshan", "office")},
)
ALL = {"owed_by": ["units"]}
FIGURE = {"reported": {"event": "indicator.reported", "where": {"indicator": "甲"}}, "figure": {"zh": "人"}}
ENDS = [("2023-06-10", None), ("2023-06-29", None), ("2023-06-01", "violated")]
ACCOUNT = {"opened": "account.opened", "refreshed": "account.updated", "closed": "account.closed"}


def judged(one: dict[str, Any], *log: dict[str, Any], as_of: str = "2023-12-31") -> dict[str, dict[str, Any]]:
    """Return the verdicts by unit and the last part of the obligation's id."""
    rows = judge([one], log, as_of, county=REFORMED)
    found = {f"{row['unit']}/{row['obligation'].split('/', 3)[3]}": row for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_figure_that_an_abolished_unit_reported_is_added_once() -> None:
    joint = rule("reach", **ALL, **FIGURE, target=20, reports="increments", jointly=True, by="2023-12-31")
    log = [event("indicator.reported", "2023-03-01", indicator="甲", value=10.0)]
    assert {row["measured"] for row in judged(joint, *log).values()} == {10.0}


def test_what_any_unit_sets_off_is_owed_once() -> None:
    asks = {"trigger": "opinion.detected", "response": "opinion.answered", "within": "3 working days"}
    found = judged(
        rule("respond", owed_by=["yangshan"], **asks, scope="county"), event("opinion.detected", "2023-03-01", "甲")
    )
    assert [(name, row["status"]) for name, row in found.items()] == [("yangshan/e0", "violated")]


def test_one_answer_does_not_serve_two_because_it_counts_for_the_heir_as_well() -> None:
    asks = {"trigger": "opinion.detected", "response": "opinion.answered", "within": "3 working days"}
    one = rule("respond", owed_by=["office"], **asks, by="any_unit", one_to_one=True)
    log = [event("opinion.detected", f"2023-03-0{day}", "甲", unit="office") for day in (1, 2)]
    found = judged(one, *log, event("opinion.answered", "2023-03-03", "甲"))
    assert {name: row["status"] for name, row in found.items()} == {"office/e0": "met", "office/e1": "violated"}


def test_one_publication_is_one_version_for_the_unit_and_its_heir() -> None:
    first = rule(
        "precede", **ALL, act="information.published", before="review.completed", one_to_one=True, by="any_unit"
    )
    log = [event("review.completed", "2023-03-01", "甲"), event("information.published", "2023-03-02", "甲")]
    found = judged(first, *log)
    assert {name: row["status"] for name, row in found.items() if row["subject"]} == {
        "minzheng/e1": "met",
        "yangshan/e1": "met",
    }
    again = judged(first, *log, event("information.published", "2023-03-05", "甲"))
    assert {row["status"] for name, row in again.items() if name.endswith("e2")} == {"violated"}


@pytest.mark.parametrize(("updated", "status"), ENDS)
def test_a_gap_that_was_not_over_when_the_unit_ended_is_not_its_own(updated: str, status: str | None) -> None:
    fresh = rule("refresh", **ACCOUNT, every="28 days")
    log = [event("account.opened", "2023-06-01", "微信"), event("account.updated", updated, "微信")]
    found = judged(fresh, *log, as_of="2023-12-31").get("minzheng/e0")
    assert (found and found["status"]) == status


def test_a_post_that_was_empty_while_the_unit_existed_is_its_fault() -> None:
    staff = rule("hold", opened="staff.appointed", closed="staff.released")
    log = [event("staff.appointed", "2023-01-01", "001"), event("staff.released", "2023-03-01", "001")]
    assert judged(staff, *log)["minzheng/2023"]["status"] == "violated"
    log = [log[0], event("staff.released", "2023-07-01", "001")]
    assert judged(staff, *log) == {}


def test_a_prohibition_that_was_broken_while_the_unit_existed_is_its_fault() -> None:
    ban = rule("never", forbidden="request.extended")
    log = [event("request.extended", "2023-03-01", "甲")]
    assert judged(ban, *log)["minzheng/2023"]["status"] == "violated"
    assert judged(ban, event("request.extended", "2023-07-01", "甲")) == {}


@pytest.mark.parametrize(("third", "status"), [("2023-06-30", "violated"), ("2023-07-01", None)])
def test_a_bound_that_an_abolished_unit_passed_while_it_existed_is_broken(third: str, status: str | None) -> None:
    most = rule("count", **ALL, counted={"event": "opinion.detected"}, at_most=2)
    log = [event("opinion.detected", day) for day in ("2023-02-01", "2023-03-01", third)]
    found = judged(most, *log)
    old = found.get("minzheng/2023")
    assert (old and old["status"]) == status
    assert found["yangshan/2023"]["status"] == "violated"
