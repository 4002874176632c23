"""Values of a rule that nothing can be computed with: no finite number, too large, a day of no year in use, a blank."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Final

from events.problems import Problem, Text
from rules.model import Condition, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.model import Rule
    from rules.yaml.nodes import Node

LARGEST: Final = 2**31 - 1
"""The largest whole number that a rule may have."""

MOST: Final = 1e15
"""The largest figure that a rule may have: beyond it a number is no longer exactly what was written."""

_SHOWN: Final = 40
YEARS: Final = range(1949, 2101)
"""The years whose days a rule may name: a calendar is laid out over all of them."""

WORDS: Final = frozenset({"covers", "items", "owed_by"})


def check_values(rule: Rule, node: Node) -> Iterator[Problem]:
    """Find values that cannot be computed with, in the order of the fields."""
    for name in type(rule).model_fields:
        yield from _walk(getattr(rule, name), name, node.get(name) or node)
    if not rule.owed_by:
        fact = Text("owed_by 是空的，没有单位承担", "owed_by is empty: nobody owes the rule")
        where = (node.get("owed_by") or node).where
        yield Problem("owed-by-nobody", where, fact, Text("请写上单位或者组", "Name units or groups"), "owed_by")


def _walk(value: object, name: str, node: Node) -> Iterator[Problem]:
    """Go through a value and what is inside it."""
    if isinstance(value, Condition):  # looked at together with its attribute
        return
    if isinstance(value, Model):
        for field, info in type(value).model_fields.items():
            key = info.alias or field
            yield from _walk(getattr(value, field), key, node.get(key) or node)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(one, str(key), node.get(key) or node)
    elif isinstance(value, tuple):
        yield from _blanks(value, name, node)
        for position, one in enumerate(value):
            yield from _walk(one, name, node.get(position) or node)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(value, name, node)
    elif isinstance(value, date) and value.year not in YEARS:
        fact = Text(f"“{name}”的日期{value}太远", f"the {name!r} of {value} is too far off")
        cure = Text(f"请写{YEARS[0]}年至{YEARS[-1]}年的日期", f"Give a day between {YEARS[0]} and {YEARS[-1]}")
        yield Problem("bad-value", node.where, fact, cure, str(value))


def _number(value: float, name: str, node: Node) -> Iterator[Problem]:
    """Find a number that is not finite, or too large."""
    most = LARGEST if isinstance(value, int) else MOST
    if abs(value) <= most:  # false of what is no number
        return
    shown = f"{value}"[:_SHOWN]
    fact = (
        Text(f"“{name}”的数{shown}太大", f"the {name!r} of {shown} is too large")
        if isinstance(value, int) or math.isfinite(value)
        else Text(f"“{name}”不是有限的数", f"the {name!r} is no finite number")
    )
    yield Problem("bad-value", node.where, fact, Text("请写一个实际会有的数", "Write a number that occurs"), shown)


def _blanks(words: tuple[object, ...], name: str, node: Node) -> Iterator[Problem]:
    """Find blanks among the elements, items or units that a rule names."""
    for position, word in enumerate(words):
        if name in WORDS and isinstance(word, str) and not word.strip():
            fact = Text(f"“{name}”里有一项是空的", f"an entry of {name!r} is blank")
            place = (node.get(position) or node).where
            yield Problem("bad-value", place, fact, Text("请写上内容，或者去掉", "Write it, or leave it out"), word)
