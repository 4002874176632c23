"""The events of the headline rules as a log of cases, a unit and a subject each, as process mining reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DECIDED, ANSWERED = "decision.issued", "consultation.feedback_published"
PUBLISHED, REVIEWED = "information.published", "review.completed"


def matters(events: Mapping[str, Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return a row an event, with its case, activity and moment."""
    return [
        {
            "case:concept:name": f"{row['unit']}/{row['subject']}",
            "concept:name": row["type"],
            # a review without a time of day comes before what was published that day
            "time:timestamp": row["latest"] if row["type"] == PUBLISHED else row["occurred_at"],
        }
        for kind in (DECIDED, ANSWERED, PUBLISHED, REVIEWED)
        for row in events[kind]
        if row["subject"] is not None and (kind != DECIDED or row["data.consulted"])
    ]
