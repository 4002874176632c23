"""Facts are found by joins on keys; one event at a time against one selector at a time says the same."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.backends.duck import DuckBackend
from engine.compile.candidates import candidates_table, find_candidates
from engine.compile.facts import facts_sql
from engine.explain.matching import selects
from rules.model import Selector

TYPES = ("policy.issued", "policy.issued", "policy.issued", "task.completed")
WORDS = ("a", "b", "c")
COLUMNS: dict[str, pa.DataType] = {
    "data.clause": pa.string(),
    "data.topics": pa.list_(pa.string()),
    "data.amount": pa.int64(),
    "data.value": pa.float64(),
}

word = st.sampled_from(WORDS)
missing = st.sampled_from(({}, {}, {"or_missing": True}, {"only_recorded": True}))
clause = st.one_of(
    st.builds(lambda value: {"equals": value}, word),
    st.builds(lambda values: {"one_of": values}, st.lists(word, min_size=1, max_size=3)),
    st.builds(lambda value, values: {"equals": value, "one_of": values}, word, st.just([*WORDS])),
)
topics = st.builds(lambda value: {"includes": value}, word)
amount = st.builds(lambda value: {"at_least": value}, st.integers(0, 2))


def asked(condition: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a condition that says, or does not say, what a missing attribute means."""
    return st.builds(lambda one, other: one | other, condition, missing)


# most groups ask for a clause or a topic, so that both become keys
group = st.one_of(
    st.fixed_dictionaries({"clause": asked(clause)}),
    st.fixed_dictionaries({"topics": asked(topics)}),
    st.fixed_dictionaries({}, optional={"clause": asked(clause), "topics": asked(topics), "amount": asked(amount)}),
)
selector = st.builds(
    lambda event, where, listed: Selector.model_validate(
        {"event": event, "where": [one for one in where if one], "elements_in": listed}
    ),
    st.sampled_from(TYPES),
    st.one_of(st.lists(group, min_size=1, max_size=1), st.lists(group, max_size=2)),
    st.sampled_from((None, None, "topics")),
)
event = st.fixed_dictionaries(
    {
        "type": st.sampled_from(TYPES),
        "data.clause": st.sampled_from((None, *WORDS)),
        "data.topics": st.one_of(st.none(), st.lists(word, max_size=4)),
        "data.amount": st.sampled_from((None, 0, 1, 2)),
        "data.value": st.just(1.0),
    }
)


def standing(events: list[dict[str, Any]]) -> pa.Table:
    """Return the events as the table of those that stand."""
    at = datetime(2023, 3, 1, 9)
    same = {"county": "", "unit": "u", "subject": "s", "day": at.date(), "at": at, "timed": True, "latest": at}
    rows = [{**same, **one, "event": str(number), "root": str(number)} for number, one in enumerate(events)]
    sorts = {
        **dict.fromkeys(("county", "unit", "subject", "event", "root", "type"), pa.string()),
        "day": pa.date32(),
        "at": pa.timestamp("us"),
        "timed": pa.bool_(),
        "latest": pa.timestamp("us"),
        **COLUMNS,
    }
    return pa.Table.from_pylist(rows, schema=pa.schema(list(sorts.items())))


@cache
def engine() -> DuckBackend:
    """Return a database whose memory and processor all examples share: to start one takes longer than to ask."""
    return DuckBackend(threads=1)


def found(selectors: list[Selector], events: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Return the facts that the statements find, and their elements, both sorted."""
    candidates = find_candidates(selectors)
    units = {"county": [0], "county_id": [""], "unit": ["u"], "number": [7]}
    with DuckBackend(beside=engine()) as backend:
        backend.load("standing", standing(events))
        backend.load("candidates", candidates_table(candidates, selectors))
        backend.load("units", pa.table(units))
        backend.create("facts", facts_sql(selectors, candidates))
        facts = backend.fetch("SELECT sel, event, certain, elements FROM facts").to_pylist()
    return (
        sorted((one["sel"], one["event"], one["certain"]) for one in facts),
        sorted((one["sel"], one["event"], element) for one in facts for element in one["elements"] or ()),
    )


@settings(max_examples=120, deadline=None)
@given(st.lists(selector, min_size=9, max_size=16), st.lists(event, max_size=12))
def test_facts_are_what_each_selector_selects(selectors: list[Selector], events: list[dict[str, Any]]) -> None:
    """Whatever becomes a key, each event is a fact of the selectors that select it, once, and known or not known."""
    pairs = [
        (number, str(place), holds, one)
        for number, asks in enumerate(selectors)
        for place, one in enumerate(events)
        if (holds := selects(asks, one)) is not False
    ]
    facts, elements = found(selectors, events)
    assert facts == sorted((sel, name, 0 if holds is None else 1) for sel, name, holds, _ in pairs)
    assert elements == sorted(
        (sel, name, element)
        for sel, name, _, one in pairs
        if selectors[sel].elements_in
        for element in one["data.topics"] or ()
    )


def test_an_event_meets_only_the_selectors_that_ask_for_its_value() -> None:
    """Of many selectors that ask for a clause each, none is tried by the type alone."""
    many = [Selector.model_validate({"event": "policy.issued", "where": {"clause": one}}) for one in "abcdef"]
    assert {(one.path.how, one.path.key, one.value) for one in find_candidates(many)} == {
        ("lacking", "clause", None),
        *(("value", "clause", one) for one in "abcdef"),
    }
    assert [one.path.how for one in find_candidates(many[:3])] == ["type"] * 3
