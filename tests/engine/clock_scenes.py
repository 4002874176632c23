"""Random lives of requests, so dense that every event of a clock meets every other often."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from events.model import Event
from tests.engine.strategies import EMPTY, Scene

FIRST = date(2023, 9, 21)
"""Three weeks around the holidays of autumn 2023, with two make-up workdays among them."""
SPAN = 34
DAYS = (0, 1, 2, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 21, 22, 25, 26, 30)
"""The days that things happen on: mostly working ones, so that they meet at the edges of limits."""
UNITS = ("minzheng", "minzheng", "minzheng", "minzheng", "sifa")
TYPES = (
    "request.received",
    "request.confirmed",
    "request.third_party_asked",
    "request.third_party_answered",
    "request.opinion_asked",
    "request.opinion_given",
    "request.correction_asked",
    "request.corrected",
    "request.fee_asked",
    "request.fee_paid",
    "request.extended",
    "request.deferred",
    "request.answered",
)
PAUSES = (
    {"from": "request.third_party_asked", "to": "request.third_party_answered"},
    {"from": "request.third_party_asked", "to": "request.third_party_answered", "at_most": "2 working days"},
    {"from": "request.opinion_asked", "to": "request.opinion_given", "by": "any_unit"},
)
CHANNELS = (
    {"channel": {"one_of": ["internet"], "or_missing": True}},
    {"channel": {"equals": "post", "only_recorded": True}},
)
DEFERRED = {"event": "request.deferred", "where": {"notified": True}}
NEEDED = ("at", "asked", "done")
COUNTS = st.sampled_from(("counts", "does_not_count"))


@st.composite
def some(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping, now and then without one of its keys."""
    return {name: value for name, value in whole.items() if name in NEEDED or draw(st.integers(0, 3))}


@st.composite
def clocks(draw: st.DrawFn) -> dict[str, Any]:
    """Return clocks with and without each of their parts."""
    correction = {
        "asked": "request.correction_asked",
        "done": "request.corrected",
        "within": draw(st.sampled_from(("1 working day", "2 working days", "3 working days"))),
        "until_in": "until",
        "late": draw(COUNTS),
        "alone": draw(COUNTS),
    }
    fee = {
        "asked": "request.fee_asked",
        "done": "request.fee_paid",
        "lasts": draw(st.sampled_from(("1 working day", "2 working days", "4 working days"))),
        "late": draw(COUNTS),
    }
    of = {"event": "request.received", "where": draw(st.sampled_from(CHANNELS))}
    approved = {"approved": True} if draw(st.booleans()) else {"approved": True, "notified": True}
    extended = {
        "event": {"event": "request.extended", "where": approved},
        "days_in": "working_days",
        "at_most": draw(st.sampled_from((2, 6))),
    }
    restarts = [draw(some(one)) for one in draw(st.sampled_from(([correction, fee], [correction], [fee])))]
    whole = {
        "starts": draw(some({"at": "request.confirmed", "of": of})),
        "pauses": draw(st.lists(st.sampled_from(PAUSES), max_size=2, unique_by=str)),
        "restarts": restarts,
        "extended": extended,
        "deferred": {"event": DEFERRED, "until_in": "until"},
    }
    return draw(some(whole))


@st.composite
def data(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Return the attributes of an event; now and then one is missing."""
    days = st.sampled_from((*DAYS, 32, 40)).map(lambda number: str(FIRST + timedelta(days=number)))
    known: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "request.received": {"channel": st.sampled_from(("internet", "post"))},
        "request.correction_asked": {"until": days},
        "request.extended": {
            "working_days": st.integers(1, 4),
            "approved": st.sampled_from((True, True, False)),
            "notified": st.sampled_from((True, True, True, False)),
        },
        "request.deferred": {"until": days, "notified": st.sampled_from((True, True, True, False))},
    }
    return {name: draw(values) for name, values in known.get(kind, {}).items() if draw(st.integers(0, 5))}


@st.composite
def life(draw: st.DrawFn, number: int) -> list[Event]:
    """Return a request and what happens to it, now and then to two; some entries are corrected or withdrawn later."""
    found: list[Event] = []
    for place in range(draw(st.integers(3, 12))):
        kind = "request.received" if place == 0 else draw(st.sampled_from(TYPES))
        day = FIRST + timedelta(days=draw(st.integers(0, 5) if kind == "request.received" else st.sampled_from(DAYS)))
        clock = draw(st.sampled_from((None, None, None, time(9), time(15))))
        at = datetime.combine(day, clock or time())
        unit = draw(st.sampled_from(UNITS))
        recorded = at + timedelta(days=draw(st.sampled_from((0, 0, 0, 0, 3))))
        corrects = retracts = None
        if place and draw(st.integers(0, 11)) == 0:
            target = draw(st.sampled_from(found))
            if target.retracts is None:
                kind, unit = target.type, target.unit
                replaces = target.corrects is None and draw(st.booleans())
                corrects, retracts = (target.id, None) if replaces else (None, target.id)
                recorded = max(recorded, target.recorded_at)
        name, timed = f"e{number}-{place:02}", clock is not None
        more = draw(data(kind))
        found.append(Event(name, kind, unit, f"申请{number}", at, timed, recorded, EMPTY, more, corrects, retracts))
    return found


@st.composite
def scenes(draw: st.DrawFn, requests: int = 8) -> Scene:
    """Return a log of several requests, rules of which all but one have a clock, and a moment."""
    rules: list[dict[str, Any]] = [
        {
            "id": f"1.{number}.reply",
            "clause": f"1.{number}",
            "title": {"zh": "答复"},
            "quote": "原文",
            "owed_by": ["units"],
            "kind": "respond",
            "trigger": "request.received",
            "response": {"event": "request.answered"},
            "within": f"{draw(st.integers(1, 6))} working days",
            "period": {"from": "2023-09-01", "to": "2023-12-31"},
        }
        for number in range(1, 5)
    ]
    for rule in rules[1:]:
        rule["clock"] = draw(clocks())
    day = FIRST + timedelta(days=draw(st.integers(4, SPAN + 8)))
    as_of = draw(st.sampled_from((str(day), f"{day}T12:00", "2023-12-31", "2023-12-31")))
    log = [event for number in range(requests) for event in draw(life(number))]
    return Scene(tuple(log), tuple(rules), as_of)
