"""Random logs and random rules, small enough that what matters meets often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from events.model import Event
from events.problems import Where

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = ("minzheng", "yangshan", "sifa")
OFTEN = ("minzheng", "minzheng", "minzheng", "yangshan", "sifa")
SUBJECTS = ("甲", "甲", "乙", "text", None)
FIRST = date(2023, 9, 20)
"""What happens lies around the holidays of autumn 2023, with two make-up workdays among them."""

OFFSETS = (-60, 0, 4, 5, 8, 8, 9, 9, 10, 16, 17, 18, 19, 22, 30, 40, 75)
"""The days that things happen on: few, so that they meet, with days before and after every period among them."""

TYPES = {
    "decision.issued": "consulted",
    "consultation.feedback_published": "covers",
    "policy.issued": "normative",
    "policy.interpreted": "forms",
    "review.completed": None,
    "executive_meeting.attended": "delegates",
    "indicator.reported": "value",
    "assessment.recorded": "result",
}
ELEMENTS = ("collected", "adopted", "reasons")
FORMS = ("text", "picture", "video")
EMPTY = Where("log")


@dataclass(frozen=True)
class Scene:
    """A log, rules as YAML has them, and what is asked: the moment, what was known by when, and for which days."""

    events: tuple[Event, ...]
    rules: tuple[dict[str, Any], ...]
    as_of: str
    known_by: str | None = None
    period: tuple[date, date] | None = None
    issued: date = date(2023, 1, 1)
    from_issue: bool = False


def values(attribute: str | None) -> st.SearchStrategy[dict[str, Any]]:
    """Return the attributes of an event; now and then the one that decides is missing."""
    known: dict[str | None, st.SearchStrategy[Any]] = {
        "consulted": st.booleans(),
        "normative": st.booleans(),
        "covers": st.lists(st.sampled_from(ELEMENTS), unique=True).map(tuple),
        "forms": st.lists(st.sampled_from(FORMS), unique=True).map(tuple),
        "delegates": st.integers(0, 3),
        "value": st.sampled_from((1.0, 2.0, 5.0, 10.0)),
        "result": st.sampled_from(("pass", "fail")),
    }
    if attribute is None:
        return st.just({})
    one = known[attribute].map(lambda value: {attribute: value})
    found = one if attribute in ("value", "result") else st.one_of(st.just({}), one, one, one)
    if attribute not in ("covers", "forms"):
        return found
    # a second attribute, so that what an act covers can be known and whether the act counts unknown
    second = st.sampled_from(({}, {"major": True}, {"major": True}, {"major": False}))
    return st.tuples(found, second).map(lambda pair: pair[0] | pair[1])


def moments(edges: Sequence[date]) -> st.SearchStrategy[tuple[datetime, bool]]:
    """Return a day, or a moment of one; the days on which something ends, and those after them, often."""
    usual = st.sampled_from(OFFSETS).map(lambda number: FIRST + timedelta(days=number))
    days = st.one_of(usual, usual, st.sampled_from(edges)) if edges else usual
    clocks = st.one_of(st.none(), st.sampled_from((time(9), time(12), time(16, 30))))
    return st.tuples(days, clocks).map(lambda pair: (datetime.combine(pair[0], pair[1] or time()), pair[1] is not None))


@st.composite
def events(draw: st.DrawFn, types: Sequence[str], edges: Sequence[date] = ()) -> tuple[Event, ...]:
    """Return a log of these types: entries, and corrections and retractions of them that are recorded later.

    Half of the logs are of one unit and hardly more than one subject, so that what belongs together meets.
    """
    found: list[Event] = []
    units, subjects = draw(st.sampled_from(((OFTEN, SUBJECTS), (UNITS[:1], ("甲", "甲", "甲", "乙")))))
    open_for_change: list[Event] = []
    for number in range(draw(st.one_of(st.integers(10, 18), st.integers(0, 9)))):
        at, timed = draw(moments(edges))
        kind = draw(st.sampled_from(types))
        unit, subject = draw(st.sampled_from(units)), draw(st.sampled_from(subjects))
        recorded = at + timedelta(days=draw(st.sampled_from((0, 0, 0, 1, 20))))
        data = draw(values(TYPES[kind]))
        if kind == "assessment.recorded":
            data["clause"] = draw(st.sampled_from(("1.1", "1.2")))
            judge = draw(st.sampled_from(("sifa", "sifa 张三", "sifa", "minzheng", None)))
            data |= {"evaluator": judge} if judge is not None else {}
        if kind == "indicator.reported":
            data["indicator"] = "a"
        corrects = retracts = None
        if open_for_change and draw(st.integers(0, 6)) == 0:
            target = draw(st.sampled_from(open_for_change))
            kind, unit = target.type, target.unit
            kept = {k: v for k, v in target.data.items() if k in ("clause", "indicator", "evaluator")}
            data = draw(values(TYPES[kind])) | kept
            replaces = target.retracts is None and draw(st.booleans())
            corrects, retracts = (target.id, None) if replaces else (None, target.id)
            recorded = max(recorded, target.recorded_at)
        event = Event(f"e{number}", kind, unit, subject, at, timed, recorded, EMPTY, data, corrects, retracts)
        found.append(event)
        open_for_change.append(event)
    return tuple(found)


def selectors(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return selectors of one event type, with and without a condition."""
    conditions: dict[str, list[dict[str, Any]]] = {
        "decision.issued": [{"consulted": True}],
        "policy.issued": [{"normative": True}, {"normative": {"equals": False, "or_missing": True}}],
        "policy.interpreted": [{"forms": {"includes": "text"}}, {"forms": {"includes": "text", "only_recorded": True}}],
        "executive_meeting.attended": [{"delegates": {"at_least": 1}}, {"delegates": {"more_than": 0, "less_than": 3}}],
        "consultation.feedback_published": [{"covers": {"includes": "reasons"}}],
    }
    choices: list[dict[str, Any]] = [{"event": kind}]
    choices += [{"event": kind, "where": where} for where in conditions.get(kind, [])]
    return st.sampled_from(choices)


def limits() -> st.SearchStrategy[str]:
    """Return durations of every measure."""
    return st.sampled_from(("0 working days", "1 working day", "3 working days", "5 days", "24 hours", "1 month"))


def gaps() -> st.SearchStrategy[str]:
    """Return durations that are some time."""
    return st.sampled_from(("1 working day", "5 working days", "7 days", "3 hours", "24 hours", "100 hours", "1 month"))


def days() -> st.SearchStrategy[str]:
    """Return days as rules write them."""
    return st.sampled_from(OFFSETS[1:]).map(lambda number: str(FIRST + timedelta(days=number)))


OWN_LIMITS = st.sampled_from((None, "0 days", "3 working days", "5 days", "1 month"))
COVERING = st.sampled_from(([], ["reasons"], ["collected", "adopted"], ["collected", "reasons"], [*ELEMENTS]))
FEEDBACK = {"event": "consultation.feedback_published", "elements_in": "covers"}
ANSWERS = st.sampled_from((FEEDBACK, FEEDBACK | {"where": {"major": True}}))
BY = st.sampled_from(("same_unit", "any_unit"))
SCOPE = st.sampled_from(("unit", "county"))


Rules = st.SearchStrategy[dict[str, Any]]
DECIDED, ISSUED = selectors("decision.issued"), selectors("policy.issued")
INTERPRETED, REVIEWED = selectors("policy.interpreted"), st.just({"event": "review.completed"})
FORMED = {"event": "policy.interpreted", "elements_in": "forms"}


def counts() -> Rules:
    """Return the fields of `count`."""
    distinct = st.sampled_from(("subject", "event", "day"))
    counted = selectors("executive_meeting.attended")
    plain = st.fixed_dictionaries({"counted": counted, "distinct": distinct, "scope": SCOPE})
    values = st.fixed_dictionaries(
        {"counted": INTERPRETED, "distinct": st.just({"attribute": "forms"}), "scope": SCOPE}
    )
    figures = st.fixed_dictionaries({"counted": counted, "distinct": st.just({"attribute": "delegates"})})
    count = st.one_of(plain, plain, values, figures)
    bounds = st.one_of(
        st.fixed_dictionaries({"at_least": st.integers(1, 3)}), st.fixed_dictionaries({"at_most": st.integers(0, 2)})
    )
    return st.tuples(count, bounds).map(lambda pair: pair[0] | pair[1])


def covers() -> Rules:
    """Return the fields of `cover`, over listed things and over acts."""
    items = st.lists(st.sampled_from(("甲", "乙", *FORMS)), unique=True, min_size=1)
    acts = st.fixed_dictionaries({"of": ISSUED, "within": OWN_LIMITS})
    things = st.one_of(st.fixed_dictionaries({"items": items}), acts)
    shared = st.fixed_dictionaries(
        {
            "covered_by": st.one_of(INTERPRETED, st.just(FORMED)),
            "share": st.sampled_from((1.0, 0.5, 0.34)),
            "by": days(),
            "scope": SCOPE,
        }
    )
    return st.tuples(things, shared).map(lambda pair: pair[0] | pair[1])


def figures() -> Rules:
    """Return the fields of `reach`."""
    return st.fixed_dictionaries(
        {
            "reported": st.just({"event": "indicator.reported", "where": {"indicator": "a"}}),
            "target": st.sampled_from((2.0, 5.0, 12.0)),
            "figure": st.just({"zh": "人"}),
            "compare": st.sampled_from(("at_least", "more_than", "equal", "at_most")),
            "measure": st.sampled_from(("flow", "stock", "ratio")),
            "reports": st.sampled_from(("cumulative", "increments")),
            "jointly": st.booleans(),
            "by": days(),
        }
    )


def dues() -> Rules:
    """Return the fields of `due`."""
    return st.fixed_dictionaries(
        {
            "expected": ANSWERS,
            "covers": COVERING,
            "by": days(),
            "scope": SCOPE,
            "applies_if": st.lists(st.one_of(DECIDED, ISSUED), max_size=2),
        }
    )


def precedes() -> Rules:
    """Return the fields of `precede`."""
    return st.fixed_dictionaries(
        {
            "act": st.one_of(DECIDED, st.just(FEEDBACK)),
            "before": st.one_of(REVIEWED, INTERPRETED),
            "one_to_one": st.booleans(),
            "same_day": st.sampled_from(("counts", "does_not_count")),
            "by": BY,
        }
    )


def contains() -> Rules:
    """Return the fields of `contain`."""
    return st.fixed_dictionaries(
        {
            "act": ANSWERS,
            "linked": st.lists(st.sampled_from((FORMED, FORMED | {"where": {"major": True}})), max_size=1),
            "covers": st.sampled_from((["text"], ["text", "picture"], ["reasons", "text"], ["collected"], [*ELEMENTS])),
        },
        optional={"by": days()},
    )


def responds() -> Rules:
    """Return the fields of `respond`: who may answer, what else proves it, whose triggers are owed."""
    told = {"trigger": DECIDED, "response": ANSWERS, "covers": COVERING, "within": limits()}
    told |= {"same_day": st.sampled_from(("after", "any_time"))}
    also = {"also_by": st.lists(st.sampled_from((FORMED, FEEDBACK | {"where": {"major": True}})), max_size=1)}
    anyone = st.fixed_dictionaries(told | {"by": BY, "scope": SCOPE}, optional=also)
    helped = st.fixed_dictionaries(told | {"helped_by": st.sampled_from((["sifa"], ["units"]))}, optional=also)
    return st.one_of(anyone, anyone, helped)


def in_turns() -> Rules:
    """Return the fields of `respond` where each response serves one trigger."""
    return st.fixed_dictionaries(
        {"trigger": DECIDED, "response": INTERPRETED, "within": limits(), "by": BY, "one_to_one": st.just(value=True)}
    )


def refreshes() -> Rules:
    """Return the fields of `refresh`, by gaps and by calendar periods."""
    gap = st.fixed_dictionaries({"every": gaps()})
    calendar = st.fixed_dictionaries(
        {"every": st.sampled_from(("1 month", "3 months")), "by_calendar": st.just(value=True)}
    )
    shared = st.fixed_dictionaries({"opened": DECIDED, "refreshed": REVIEWED}, optional={"closed": INTERPRETED})
    return st.tuples(shared, st.one_of(gap, calendar)).map(lambda pair: pair[0] | pair[1])


KINDS: dict[str, Rules] = {
    "count": counts(),
    "respond": st.one_of(responds(), responds(), in_turns()),
    "due": dues(),
    "precede": precedes(),
    "hold": st.fixed_dictionaries(
        {"opened": DECIDED, "closed": st.one_of(REVIEWED, INTERPRETED), "at_least": st.integers(1, 2)}
    ),
    "cover": covers(),
    "contain": contains(),
    "refresh": refreshes(),
    "reach": figures(),
    "never": st.fixed_dictionaries({"forbidden": st.one_of(DECIDED, ISSUED)}),
    "assess": st.fixed_dictionaries({"by": days(), "look_for": st.just({"zh": "看"})}),
}
"""The fields of each kind of rule."""


@st.composite
def scenes(draw: st.DrawFn, kind: str) -> Scene:
    """Return a log, up to three rules of a kind, and a moment."""
    rules = []
    for number in range(draw(st.integers(1, 3))):
        start = FIRST + timedelta(days=draw(st.sampled_from((0, 5, 9))))
        end = start + timedelta(days=draw(st.sampled_from((0, 10, 40))))
        rule = draw(KINDS[kind]) | {
            "id": f"1.{number + 1}.rule",
            "clause": f"1.{number + 1}",
            "title": {"zh": "规则"},
            "quote": "原文",
            "owed_by": draw(st.sampled_from((["units"], ["minzheng"], ["minzheng", "yangshan"]))),
            "kind": kind,
            "modality": draw(st.sampled_from(("must", "must", "strive", "may"))),
            "period": draw(
                st.sampled_from(({"from": str(start), "to": str(end)}, {"from": "2023-01-01", "to": "2023-12-31"}))
            ),
        }
        if (
            kind in ("count", "reach")
            and not rule.get("jointly")
            and rule.get("scope") != "county"
            and draw(st.booleans())
        ):
            rule |= draw(SHARES)
        if (kind == "never" or rule.get("by_calendar")) and draw(st.booleans()):
            rule["period"] = LONG
        if (kind == "contain" and "by" in rule) or rule.get("applies_if"):
            rule["within"] = draw(OWN_LIMITS)
        if kind in RECUR and draw(st.integers(0, 2)) == 0:
            rule = recurring(rule, draw(st.sampled_from(EVERY)), draw(st.sampled_from((None, 5, 31))))
        if draw(st.integers(0, 5)) == 0:
            rule["from_issue"] = True
        rules.append(rule)
    edges = edges_of(rules)
    usual = st.sampled_from((*OFFSETS, 11, 12, 24, 35)).map(lambda number: FIRST + timedelta(days=number))
    day = draw(st.one_of(usual, st.sampled_from(edges)))
    as_of = draw(st.sampled_from((str(day), str(day), f"{day}T12:00", "2023-12-31", "2024-02-01")))
    return Scene(
        draw(events(types_of(rules), edges)),
        tuple(rules),
        as_of,
        draw(st.sampled_from((None, None, None, "2023-10-01", "2024-03-01"))),
        draw(st.sampled_from((None, None, None, *PERIODS))),
        draw(st.sampled_from((date(2023, 1, 1), FIRST + timedelta(days=8)))),
        draw(st.sampled_from((False, False, True))),
    )


PERIODS = (
    (date(2023, 1, 1), date(2023, 12, 31)),
    (date(2023, 10, 1), date(2023, 12, 31)),
    (date(2023, 9, 1), date(2023, 9, 28)),
)
"""The days whose obligations are listed, in some runs."""

SHARES = st.sampled_from(
    (
        {"owed_by": ["minzheng", "yangshan"], "shares": {"minzheng": 1, "yangshan": 2}},
        {"owed_by": ["minzheng", "sifa"], "shares": {"minzheng": "40%", "sifa": "60%"}},
    )
)
"""A number of which each of two units owes its part."""

RECUR = ("count", "due", "cover", "contain", "assess")
EVERY = ("year", "half-year", "quarter", "month", "month")

LONG = {"from": "2022-03-01", "to": "2024-06-30"}
"""A period over several calendar years, as a standing law has it."""


def recurring(rule: dict[str, Any], every: str, on: int | None) -> dict[str, Any]:
    """Return a rule that comes again in every such period of some years."""
    dated = {"by": on} if "by" in rule and on is not None else {}
    return {key: value for key, value in rule.items() if key != "by"} | dated | {"every": every, "period": LONG}


def edges_of(rules: Sequence[dict[str, Any]]) -> list[date]:
    """Return the days on which periods start and end and on which things are due, and the days after."""
    named = [day for rule in rules for day in (rule.get("by"), *rule["period"].values())]
    days = {date.fromisoformat(day) for day in named if isinstance(day, str) and day[:1].isdigit()}
    return sorted({*days, *(day + timedelta(days=1) for day in days)})


def types_of(rules: Sequence[dict[str, Any]]) -> list[str]:
    """Return the event types that rules look at."""
    found = {"assessment.recorded"} if any(rule["kind"] == "assess" for rule in rules) else set()
    for rule in rules:
        for value in rule.values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict) and "event" in part:
                    found.add(part["event"])
    return sorted(found)
