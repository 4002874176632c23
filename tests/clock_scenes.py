"""Random lives of requests, so dense that every event of a clock meets every other often."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from events.model import Event
from tests.strategies import EMPTY, Scene

FIRST = date(2023, 9, 21)
"""Three weeks around the holidays of autumn 2023, with two make-up workdays among them."""
SPAN = 34
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
COUNTS = st.sampled_from(("counts", "does_not_count"))


def restarts() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return the two kinds of restart, one of them, or none."""
    correction = st.fixed_dictionaries(
        {
            "asked": st.just("request.correction_asked"),
            "done": st.just("request.corrected"),
            "late": COUNTS,
            "alone": COUNTS,
        },
        optional={"within": st.sampled_from(("1 working day", "3 working days")), "until_in": st.just("until")},
    )
    fee = st.fixed_dictionaries(
        {"asked": st.just("request.fee_asked"), "done": st.just("request.fee_paid"), "late": COUNTS},
        optional={"lasts": st.sampled_from(("2 working days", "5 working days"))},
    )
    return st.tuples(correction, fee).flatmap(
        lambda both: st.sampled_from(([], [both[0]], [both[1]], list(both), list(both)))
    )


def clocks() -> st.SearchStrategy[dict[str, Any]]:
    """Return clocks with and without each of their parts."""
    at = st.just("request.confirmed")
    of = st.sampled_from([{"event": "request.received", "where": where} for where in CHANNELS])
    where = st.sampled_from(({"approved": True}, {"approved": True, "notified": True}))
    event = where.map(lambda one: {"event": "request.extended", "where": one})
    extended = st.fixed_dictionaries(
        {"event": event, "days_in": st.just("working_days"), "at_most": st.sampled_from((2, 6))}
    )
    return st.fixed_dictionaries(
        {"pauses": st.lists(st.sampled_from(PAUSES), max_size=2), "restarts": restarts()},
        optional={
            "starts": st.one_of(st.fixed_dictionaries({"at": at}), st.fixed_dictionaries({"at": at, "of": of})),
            "extended": extended,
            "deferred": st.just({"event": DEFERRED, "until_in": "until"}),
        },
    )


@st.composite
def data(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Return the attributes of an event; now and then one is missing."""
    days = st.integers(0, SPAN + 6).map(lambda number: str(FIRST + timedelta(days=number)))
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
    for place in range(draw(st.integers(2, 12))):
        kind = "request.received" if place == 0 else draw(st.sampled_from(TYPES))
        day = FIRST + timedelta(days=draw(st.integers(0, 6 if kind == "request.received" else SPAN)))
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
    day = FIRST + timedelta(days=draw(st.integers(0, SPAN + 8)))
    as_of = draw(st.sampled_from((str(day), f"{day}T12:00", "2023-12-31")))
    log = [event for number in range(requests) for event in draw(life(number))]
    return Scene(tuple(log), tuple(rules), as_of)
