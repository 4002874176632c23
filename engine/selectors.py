"""Selectors as SQL: which events of the log are facts for the rules.

Conditions become sqlglot expressions; every value of a rulebook is a literal node, never pasted text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rules.model import AttributeUse, Condition, Scalar, Selector


_LEAF: Final = 4
"""Among so few tests the right one is looked for one after another."""


def attribute(name: str) -> exp.Column:
    """Return the column of the event table that holds an attribute."""
    return exp.column(f"data.{name}", table="e", quoted=True)


def literal(value: Scalar) -> exp.Expression:
    """Return a value of a rulebook as a literal."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | float):
        return exp.Literal.number(value)
    return exp.Literal.string(value)


def _bounds(condition: Condition, column: exp.Expression) -> list[exp.Expression]:
    """Return the parts of a condition on one column."""
    parts: list[exp.Expression] = []
    for value, node in (
        (condition.at_least, exp.GTE),
        (condition.more_than, exp.GT),
        (condition.at_most, exp.LTE),
        (condition.less_than, exp.LT),
        (condition.equals, exp.EQ),
    ):
        if value is not None:
            parts.append(node(this=column.copy(), expression=literal(value)))
    if condition.one_of is not None:
        parts.append(exp.In(this=column.copy(), expressions=[literal(value) for value in condition.one_of]))
    if condition.includes is not None:
        parts.append(exp.ArrayContains(this=column.copy(), expression=literal(condition.includes)))
    return parts


def condition_sql(name: str, condition: Condition) -> exp.Expression:
    """Return the test of one attribute; its value is NULL where the attribute was not recorded."""
    column = attribute(name)
    test = exp.and_(*_bounds(condition, column))
    if condition.or_missing:
        test = exp.or_(exp.Is(this=column.copy(), expression=exp.Null()), test)
    if condition.only_recorded:
        test = exp.and_(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())), test)
    return exp.paren(test, copy=False)


def selector_sql(selector: Selector) -> exp.Expression | None:
    """Return the test of a selector beyond its event type, or None where the type is all."""
    groups = [
        exp.and_(*(condition_sql(name, one) for name, one in sorted(group.items())), copy=False)
        for group in selector.where
    ]
    return exp.paren(exp.or_(*groups, copy=False), copy=False) if groups else None


def certainty_sql(selectors: Sequence[Selector]) -> exp.Expression:
    """Return one CASE over the selectors' numbers: true, false, or NULL where an attribute was not recorded."""
    # the builders copy what they get each time, which would make this quadratic in the number of selectors
    tests = [(number, selector_sql(selector)) for number, selector in enumerate(selectors)]
    conditional = [(number, test) for number, test in tests if test is not None]
    if not conditional:
        return exp.true()
    return _choice(conditional)


def _choice(tests: Sequence[tuple[int, exp.Expression]]) -> exp.Expression:
    """Return the choice among tests by the selector's number, halved again and again: a row tries few comparisons."""
    number = exp.column("sel", table="s")
    if len(tests) <= _LEAF:
        cases = [exp.If(this=exp.Literal.number(one), true=test) for one, test in tests]
        return exp.Case(this=number, ifs=cases, default=exp.true())
    half = len(tests) // 2
    lower = exp.LT(this=number, expression=exp.Literal.number(tests[half][0]))
    return exp.Case(ifs=[exp.If(this=lower, true=_choice(tests[:half]))], default=_choice(tests[half:]))


def facts_sql(selectors: Sequence[Selector]) -> exp.Expression:
    """Return the one pass over the standing events: every selector that an event satisfies, or may satisfy.

    `county` and `unit` of a fact are the numbers that the table of units gives them.
    """
    inner = (
        exp.select("s.sel", "u.county", "e.subject", "e.day", "e.at", "e.timed", "e.latest", "e.event", "e.root")
        .select(exp.column("number", table="u").as_("unit"))
        .select(exp.column("data.value", table="e", quoted=True).as_("value"))
        .select(exp.alias_(certainty_sql(selectors), "sure", copy=False), copy=False)
        .from_("standing AS e", copy=False)
        .join("selectors AS s", on="s.event_type = e.type", copy=False)
        .join("units AS u", on="u.unit = e.unit AND u.county_id = e.county", copy=False)
    )
    columns = ["sel", "county", "unit", "subject", "day", "at", "timed", "latest", "event", "root", "value"]
    return (
        exp.select(*columns)
        .select("CASE WHEN sure THEN 1 ELSE 0 END AS certain")
        .from_(inner.subquery("found", copy=False), copy=False)
        .where("sure OR sure IS NULL", copy=False)
    )


def elements_sql(attributes: Iterable[str]) -> exp.Expression:
    """Return the elements that the facts cover: selector, event, element."""
    parts = [
        exp.select("s.sel", "e.event")
        .select(exp.Explode(this=attribute(name)).as_("element"))
        .from_("standing AS e")
        .join("selectors AS s", on="s.event_type = e.type")
        .where(exp.column("elements_in", table="s").eq(exp.Literal.string(name)))
        for name in sorted(attributes)
    ]
    if not parts:
        return exp.select("sel", "event", "event AS element").from_("facts").where(exp.false())
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


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
