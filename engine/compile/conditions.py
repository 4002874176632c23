"""Conditions of selectors as SQL, every value of a rulebook a literal (`engine.backends.text`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.backends.text import NULL, all_of, any_of, column, listed, literal
from rules.model import YEAR_OF

if TYPE_CHECKING:
    from engine.compile.candidates import Test
    from rules.model import Condition


def attribute(name: str) -> str:
    """Return the column of the event table that holds an attribute; a year may follow from the day of the act."""
    if name.startswith(YEAR_OF):
        stated, _, later = name.removeprefix(YEAR_OF).rpartition("/")
        return f"COALESCE({attribute(stated)}, YEAR(e.day) - {literal(int(later))})"
    return column(f"data.{name}", "e")


def _bounds(condition: Condition, value: str) -> list[str]:
    """Return the parts of a condition on one column."""
    parts = [
        f"{value} {sign} {literal(bound)}"
        for bound, sign in (
            (condition.at_least, ">="),
            (condition.more_than, ">"),
            (condition.at_most, "<="),
            (condition.less_than, "<"),
            (condition.equals, "="),
        )
        if bound is not None
    ]
    if condition.one_of is not None:
        parts.append(f"{value} IN {listed(condition.one_of)}")
    if condition.includes is not None:
        parts.append(f"LIST_CONTAINS({value}, {literal(condition.includes)})")
    return parts + [f"NOT LIST_CONTAINS({value}, {literal(word)})" for word in condition.excludes]


def condition_sql(name: str, condition: Condition) -> str:
    """Return the test of one attribute; its value is NULL where the attribute was not recorded."""
    value = attribute(name)
    test = all_of(_bounds(condition, value))
    if condition.or_missing:
        test = f"{value} IS NULL OR ({test})"
    if condition.only_recorded:
        test = f"NOT {value} IS NULL AND ({test})"
    return f"({test})"


def test_sql(test: Test) -> str:
    """Return a test of an event: true, false, or NULL where an attribute that decides was not recorded."""
    groups = []
    for group in test:
        conditions = [condition_sql(name, one) for name, one in group.conditions]
        if not group.known:
            conditions.append(f"CAST({NULL} AS BOOLEAN)")
        groups.append(all_of(conditions))
    return f"({any_of(groups)})"
