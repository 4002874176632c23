"""Crowds of requests at the edges of a clock: hundreds of lives in one log, each about one or two of the clock's parts.

The random scenes of `tests.engine.clock_scenes` seldom bring two events of a part to the two sides of the same edge.
Here everything happens within a few working days of the receipt, often twice, with the moment of the question among it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from events.model import Event
from tests.engine.strategies import EMPTY

if TYPE_CHECKING:
    from random import Random

DAYS = tuple(date(2023, 9, 25) + timedelta(days=number) for number in range(25))
"""Monday 25 September 2023 and after: four workdays, eight days of holiday, then seven workdays on end and more."""

ACTS = {
    "start": ("request.confirmed",),
    "pause": ("request.third_party_asked", "request.third_party_answered"),
    "opinion": ("request.opinion_asked", "request.opinion_given"),
    "correction": ("request.correction_asked", "request.corrected"),
    "fee": ("request.fee_asked", "request.fee_paid"),
    "extension": ("request.extended",),
    "deferral": ("request.deferred",),
}
THEMES = (
    *((name,) for name in ACTS),
    *combinations(ACTS, 2),
    ("pause", "extension"),
    ("pause", "deferral"),
    ("correction", "fee", "pause"),
    ("fee", "deferral"),
)
THIRD = {"from": "request.third_party_asked", "to": "request.third_party_answered"}
OPINION = {"from": "request.opinion_asked", "to": "request.opinion_given"}
CORRECTION = {"asked": "request.correction_asked", "done": "request.corrected"}
FEE = {"asked": "request.fee_asked", "done": "request.fee_paid"}
EXTENDED = {"event": {"event": "request.extended", "where": {"approved": True}}, "days_in": "working_days"}
DEFERRED = {"event": {"event": "request.deferred", "where": {"notified": True}}, "until_in": "until"}
POST = {"event": "request.received", "where": {"channel": {"equals": "post", "only_recorded": True}}}
WEB = {"event": "request.received", "where": {"channel": {"one_of": ["internet"], "or_missing": True}}}

CLOCKS: tuple[tuple[int, dict[str, Any]], ...] = (
    (2, {"starts": {"at": "request.confirmed"}, "pauses": [THIRD], "extended": {**EXTENDED, "at_most": 2}}),
    (3, {"starts": {"at": "request.confirmed", "of": POST}, "extended": {**EXTENDED, "at_most": 2}}),
    (1, {"starts": {"at": "request.confirmed", "of": WEB}, "restarts": [{**FEE, "lasts": "1 working day"}]}),
    (3, {"pauses": [THIRD, {**OPINION, "by": "any_unit"}], "extended": {**EXTENDED, "at_most": 6}}),
    (2, {"pauses": [{**THIRD, "at_most": "2 working days"}, {**OPINION, "at_most": "1 working day"}],
         "deferred": DEFERRED}),
    (4, {"restarts": [{**CORRECTION, "within": "2 working days", "until_in": "until"}], "deferred": DEFERRED}),
    (2, {"restarts": [{**CORRECTION, "within": "1 working day", "until_in": "until", "late": "counts"}],
         "pauses": [THIRD]}),
    (3, {"restarts": [{**CORRECTION, "alone": "counts"}, {**FEE, "lasts": "2 working days"}],
         "pauses": [THIRD], "extended": {**EXTENDED, "at_most": 3}}),
    (2, {"restarts": [{**FEE, "lasts": "2 working days", "late": "counts"}, CORRECTION], "deferred": DEFERRED}),
    (1, {"restarts": [{**FEE, "lasts": "3 working days", "alone": "counts"}], "pauses": [OPINION],
         "extended": {**EXTENDED, "at_most": 2}, "deferred": DEFERRED}),
    (5, {"starts": {"at": "request.confirmed"}, "pauses": [THIRD, {**OPINION, "by": "any_unit"}],
         "restarts": [{**CORRECTION, "within": "3 working days", "until_in": "until"}, FEE],
         "extended": {**EXTENDED, "at_most": 4}, "deferred": DEFERRED}),
)  # fmt: skip
"""Limits in working days, and their clocks: each part with and without each of its settings."""


def rules() -> list[dict[str, Any]]:
    """Return a rule for each clock, in force from a day on that some requests come before."""
    return [
        {
            "id": f"1.{number}.reply",
            "clause": f"1.{number}",
            "title": {"zh": "答复"},
            "quote": "原文",
            "owed_by": ["units"],
            "kind": "respond",
            "trigger": "request.received",
            "response": {"event": "request.answered"},
            "within": f"{limit} working days",
            "clock": clock,
            "period": {"from": "2023-09-26", "to": "2023-12-31"},
        }
        for number, (limit, clock) in enumerate(CLOCKS, start=1)
    ]


def _data(rng: Random, kind: str, near: list[int]) -> dict[str, Any]:
    """Return what an event says, days among those that things happen on; now and then an attribute is missing."""
    day = str(DAYS[rng.choice(near)])
    told: dict[str, dict[str, Any]] = {
        "request.received": {"channel": rng.choice(("internet", "post"))},
        "request.correction_asked": {"until": day},
        "request.extended": {"working_days": rng.randint(1, 3), "approved": rng.random() < 0.85},
        "request.deferred": {"until": day, "notified": rng.random() < 0.85},
    }
    return {name: value for name, value in told.get(kind, {}).items() if rng.random() < 0.88}


def life(rng: Random, number: int) -> list[Event]:
    """Return one request and what happens to it, nearly all of it on a few days."""
    theme = rng.choice(THEMES)
    kinds = [kind for part in theme for kind in ACTS[part]]
    first = rng.choice((0, 1, 2, 3, 4, 6, 12, 13, 14))
    near = [first, *(first + step for step in rng.sample(range(1, 10 if first > 6 else 16), 4))]
    found: list[Event] = []
    acts = ["request.received", *(rng.choice(kinds) for _ in range(rng.randint(1, 6)))]
    acts += [kind for kind, often in (("request.answered", 0.5), ("request.received", 0.08)) if rng.random() < often]
    for place, kind in enumerate(acts):
        day = DAYS[first if place == 0 else rng.choice(near)]
        if place and rng.random() < 0.05:
            day -= timedelta(days=rng.randint(1, 4))
        clock = rng.choice((None, None, time(9), time(9), time(15)))
        at = datetime.combine(day, clock or time())
        unit = "minzheng" if place == 0 or rng.random() < 0.85 else "sifa"
        name = f"e{number:04}-{rng.randint(0, 99):02}-{place}"
        found.append(
            Event(
                name, kind, unit, f"申请{number}", at, clock is not None, at, EMPTY, _data(rng, kind, near), None, None
            )
        )
    return found


def moments(rng: Random) -> str:
    """Return a moment among what happens, or after all of it."""
    day = rng.choice(DAYS[8:])
    return rng.choice((str(day), str(day), f"{day}T12:00", "2023-12-31"))
