"""Conditions of selectors as SQL: sqlglot expressions, every value of a rulebook a literal node, never pasted text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rules.model import YEAR_OF

if TYPE_CHECKING:
    from engine.compile.candidates import Test
    from rules.model import Condition, Scalar


def attribute(name: str) -> exp.Expression:
    """Return the column of the event table that holds an attribute; a year may follow from the day of the act."""
    if name.startswith(YEAR_OF):
        stated, _, later = name.removeprefix(YEAR_OF).rpartition("/")
        own = exp.Sub(this=exp.Year(this=exp.column("day", table="e")), expression=exp.Literal.number(later))
        return exp.Coalesce(this=attribute(stated), expressions=[own])
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
    parts += [exp.not_(exp.ArrayContains(this=column.copy(), expression=literal(word))) for word in condition.excludes]
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


def test_sql(test: Test) -> exp.Expr:
    """Return a test of an event: true, false, or NULL where an attribute that decides was not recorded."""
    groups = []
    for group in test:
        conditions: list[exp.Expr] = [condition_sql(name, one) for name, one in group.conditions]
        if not group.known:
            conditions.append(exp.cast(exp.Null(), "BOOLEAN"))
        groups.append(exp.and_(*conditions, copy=False) if conditions else exp.true())
    return exp.paren(exp.or_(*groups, copy=False), copy=False)
