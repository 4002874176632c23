"""What is worked out of other entries: whether a consultation that closed was about a major decision."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.asking import event, judge, rule

CLOSED = rule(
    "respond",
    trigger={"event": "consultation.closed", "where": {"major_decision": {"equals": True, "or_missing": True}}},
    response="consultation.feedback_published",
    within="3 working days",
)


@pytest.mark.parametrize("urgent", [None, True, False])
def test_a_closing_is_of_a_major_decision_if_its_opening_says_so_urgent_or_not(urgent: bool | None) -> None:  # noqa: FBT001
    more: dict[str, Any] = {} if urgent is None else {"urgency_explained": urgent}
    log = [
        event("consultation.opened", "2023-05-04", "甲", major_decision=False, **more),
        event("consultation.closed", "2023-05-10", "甲"),
        event("consultation.opened", "2023-05-04", "乙", major_decision=True, **more),
        event("consultation.closed", "2023-05-10", "乙"),
        event("consultation.closed", "2023-05-10", "丙"),
    ]
    assert [row["subject"] for row in judge([CLOSED], log, "2023-06-30")] == ["乙", "丙"]
