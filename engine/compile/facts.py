"""Facts as SQL: which events serve which selectors of the rules, with the elements and values that they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from engine.compile.candidates import AccessPath, number_residuals
from engine.compile.conditions import attribute, test_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.compile.candidates import Candidate, Test
    from rules.model import AttributeUse, Selector

_LEAF: Final = 4
"""Among so few tests the right one is looked for one after another."""

_COLUMNS: Final = ("subject", "day", "at", "timed", "latest", "event", "root")
"""What a fact keeps of its event as it stands."""

ELEMENTS: Final = """
SELECT f.sel, f.event, UNNEST(f.elements) AS element
FROM facts AS f
WHERE NOT f.elements IS NULL
"""
"""The elements that the facts cover: selector, event, element."""


def facts_sql(selectors: Sequence[Selector], candidates: Sequence[Candidate]) -> exp.Expr:
    """Return the query of every selector that an event satisfies, or may satisfy, over the standing events.

    `county` and `unit` of a fact are the numbers that the table of units gives them; `elements` is the list that the
    selector finds elements in, where it does.

    Args:
        selectors: the selectors in the order of their numbers.
        candidates: how an event meets each (`engine.compile.candidates`); the table `candidates` has them as rows.
    """
    paths = sorted({one.path for one in candidates}) or [AccessPath("type")]
    numbers = number_residuals(candidates)
    parts = [_met_sql(path, selectors, [one for one in candidates if one.path == path], numbers) for path in paths]
    found = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)
    return (
        exp.select("sel", "county", "unit", *_COLUMNS, "value", "elements")
        .select("CASE WHEN sure THEN 1 ELSE 0 END AS certain")
        .from_(found.subquery("found", copy=False), copy=False)
        .where("sure OR sure IS NULL", copy=False)
    )


def _met_sql(
    path: AccessPath, selectors: Sequence[Selector], candidates: Sequence[Candidate], numbers: Mapping[Test, int]
) -> exp.Select:
    """Return the events beside the selectors that they meet in one way, and whether these hold, NULL if unknown."""
    columns = [exp.column(name, table="e") for name in _COLUMNS]
    asked = {numbers[one.test]: one.test for one in candidates if one.test in numbers}
    tests = [(number, test_sql(asked[number])) for number in sorted(asked)]
    lists = sorted({name for one in candidates if (name := selectors[one.sel].elements_in) is not None})
    same_way = [
        exp.column(name, table="s").eq(exp.Literal.string(value))
        for name, value in (("how", path.how), ("attribute", path.key))
    ]
    same_type = exp.column("event_type", table="s").eq(exp.column("type", table="e"))
    source, on = _meeting(path, sorted({one.event_type for one in candidates}))
    return (
        exp.select("s.sel", "u.county", "u.number AS unit", *columns)
        .select(exp.column("data.value", table="e", quoted=True).as_("value"))
        .select(exp.alias_(_listed(lists), "elements", copy=False), copy=False)
        .select(exp.alias_(_choice(tests), "sure", copy=False), copy=False)
        .from_(source, copy=False)
        .join("candidates AS s", on=exp.and_(*same_way, same_type, *on), copy=False)
        .join("units AS u", on="u.unit = e.unit AND u.county_id = e.county", copy=False)
    )


def _meeting(path: AccessPath, types: Sequence[str]) -> tuple[exp.Expr, list[exp.Expr]]:
    """Return the events of these types that can meet selectors in this way, and what joins them beyond their type."""
    events = exp.to_table("standing").as_("e")
    if path.how == "type":
        return events, []
    key = attribute(path.key)
    of_these = exp.column("type", table="e").isin(*map(exp.Literal.string, types))
    gone = exp.Is(this=key, expression=exp.Null())
    chosen = exp.select("*").from_(events).where(of_these, gone if path.how == "lacking" else exp.Not(this=gone))
    if path.how == "lacking":
        return chosen.subquery("e"), []
    if path.how == "element":
        chosen = chosen.select(exp.Explode(this=exp.ArrayDistinct(this=key.copy())).as_("one"))
        key = exp.column("one", table="e")
    return chosen.subquery("e"), [exp.column("value", table="s").eq(key.copy())]


def _listed(names: Sequence[str]) -> exp.Expr:
    """Return the list that a selector finds its elements in, NULL where it finds none."""
    if not names:
        return exp.cast(exp.Null(), "TEXT[]")
    ifs = [exp.If(this=exp.Literal.string(name), true=attribute(name)) for name in names]
    return exp.Case(this=exp.column("elements_in", table="s"), ifs=ifs)


def _choice(tests: Sequence[tuple[int, exp.Expr]]) -> exp.Expr:
    """Return whether a selector holds: by what is left to ask of the event, where anything is."""
    if not tests:
        return exp.true()
    settled = exp.Is(this=exp.column("test", table="s"), expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=settled, true=exp.true())], default=_halved(tests))


def _halved(tests: Sequence[tuple[int, exp.Expr]]) -> exp.Expr:
    """Return the choice among tests by their numbers, halved again and again: a row tries few comparisons."""
    # the builders copy what they get each time, which would make this quadratic in the number of tests
    number = exp.column("test", table="s")
    if len(tests) <= _LEAF:
        return exp.Case(this=number, ifs=[exp.If(this=exp.Literal.number(one), true=test) for one, test in tests])
    half = len(tests) // 2
    lower = exp.LT(this=number, expression=exp.Literal.number(tests[half][0]))
    return exp.Case(ifs=[exp.If(this=lower, true=_halved(tests[:half]))], default=_halved(tests[half:]))


def values_sql(uses: Iterable[AttributeUse]) -> exp.Expression:
    """Return the values of the attributes that rules read: event, attribute, amount and day, one of the two set."""
    parts = [_value_sql(use) for use in sorted(uses)]
    if not parts:
        empty = "CAST(NULL AS TEXT) AS attribute", "CAST(NULL AS BIGINT) AS amount", "CAST(NULL AS DATE) AS day"
        return exp.select("event", *empty).from_("facts").where(exp.false())
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _value_sql(use: AttributeUse) -> exp.Select:
    """Return the values of one attribute of one type of event; a date with a time of day is its day."""
    value = attribute(use.name)
    amount: exp.Expression = exp.Null()
    day: exp.Expression = exp.Null()
    if use.type == "int":
        amount = value.copy()
    else:
        day = exp.Substring(this=value.copy(), start=exp.Literal.number(1), length=exp.Literal.number(10))
    return (
        exp.select("e.event")
        .select(exp.Literal.string(use.name).as_("attribute"))
        .select(exp.cast(amount, "BIGINT").as_("amount"))
        .select(exp.TryCast(this=day, to=exp.DataType.build("DATE")).as_("day"))
        .from_("standing AS e")
        .where(exp.column("type", table="e").eq(exp.Literal.string(use.event)))
        .where(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))
    )
