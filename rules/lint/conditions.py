"""Conditions against the attributes that they ask about: of the right type, with values that a log can have."""

from __future__ import annotations

import math
import operator
from datetime import date
from typing import TYPE_CHECKING

from events.problems import Problem, Text, did_you_mean, suggestion
from rules.derived import DERIVED_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.vocabulary import Attribute, Vocabulary
    from rules.model import Condition, Rule, Scalar
    from rules.yaml.nodes import Node

SORTS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int, float),
    "number": (int, float),
    "text": (str,),
    "date": (str,),
    "list": (str,),
}
BOUNDS = ("at_least", "more_than", "at_most", "less_than")
NUMBERS = frozenset({"int", "number"})


def check_conditions(rule: Rule, node: Node, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Find conditions that cannot run, that no event meets, or that say nothing."""
    for _, selector in rule.selectors():
        for group in selector.where:
            for name, condition in group.items():
                attribute = vocabulary.attributes.get(name) or DERIVED_ATTRIBUTES.get(name)
                if attribute is not None:  # an unknown one is told where names are checked
                    yield from _Checked(attribute, condition, node).problems()


class _Checked:
    """One condition and its attribute."""

    def __init__(self, attribute: Attribute, condition: Condition, node: Node) -> None:
        self.attribute, self.condition, self.node = attribute, condition, node
        self.name = attribute.name
        self.bounds = {name: value for name in BOUNDS if (value := getattr(condition, name)) is not None}
        single = (condition.equals, condition.includes)
        named = (*(condition.one_of or ()), *condition.excludes)
        self.values: list[Scalar] = [*(one for one in single if one is not None), *named]

    def problems(self) -> Iterator[Problem]:
        """Find what is wrong; what makes no sense at all is told alone."""
        first = next(self._senseless(), None)
        if first is not None:
            yield first
            return
        for value in self.values:
            yield from self._value(value)
        yield from self._empty_range()

    def error(self, fact: Text, cure: Text, word: str | None = None, code: str = "unreachable-rule") -> Problem:
        """Return the problem of a condition that cannot hold, or cannot run."""
        return Problem(code, self.node.place_of(word or self.name), fact, cure, word or self.name)

    def _senseless(self) -> Iterator[Problem]:
        """Find a condition that asks nothing, contradicts itself, or does not fit the attribute's type."""
        condition, name, sort = self.condition, self.name, self.attribute.type
        if not self.bounds and not self.values:
            fact = Text(f"“{name}”的条件没有内容", f"the condition on {name!r} asks nothing")
            yield self.error(fact, Text("请写 equals、one_of、includes 或上下限", "Give a value or a bound"))
        if condition.or_missing and condition.only_recorded:
            fact = Text(
                f"“{name}”同时写了 or_missing 和 only_recorded", f"{name!r} has both or_missing and only_recorded"
            )
            yield self.error(fact, Text("请只留一个", "Keep one of them"))
        for bound, value in self.bounds.items():
            if not math.isfinite(value):
                fact = Text(f"“{name}”的 {bound} 不是有限的数", f"the {bound} of {name!r} is no finite number")
                yield self.error(fact, Text("请写一个数", "Write a number"), code="bad-value")
        if self.bounds and sort not in NUMBERS:
            fact = Text(
                f"“{name}”{_SORTS[sort].zh}，不能用 {next(iter(self.bounds))}",
                f"{name!r} {_SORTS[sort].en}, which has no {next(iter(self.bounds))}",
            )
            yield self.error(fact, _USE[sort])
        listed = condition.includes or next(iter(condition.excludes), None)
        if listed is not None and sort != "list":
            fact = Text(
                f"“{name}”{_SORTS[sort].zh}，不能用 includes 或 excludes", f"{name!r} {_SORTS[sort].en}, not a list"
            )
            yield self.error(fact, _USE[sort], listed)
        if condition.includes is not None and condition.includes in condition.excludes:
            fact = Text(f"“{name}”既要含有又不能含有同一个值", f"{name!r} includes and excludes the same")
            yield self.error(fact, Text("请只留一个", "Keep one of them"), condition.includes)
        if sort == "list" and (condition.equals is not None or condition.one_of is not None):
            word = condition.equals if isinstance(condition.equals, str) else name
            fact = Text(f"“{name}”是列表，不会等于一个值", f"{name!r} is a list and never equals one value")
            yield self.error(fact, _USE[sort], word)

    def _value(self, value: Scalar) -> Iterator[Problem]:
        """Find a value that the attribute never has, or that it seldom has."""
        attribute = self.attribute
        known = [one.value for one in attribute.values]
        word = value if isinstance(value, str) else attribute.name
        near = did_you_mean(str(value), [*known, *(one.zh for one in attribute.values)])
        cure = Text(f"可用：{'、'.join(known)}", f"There are {', '.join(known)}") if known else _USE[attribute.type]
        if not _fits(value, attribute.type) or (attribute.closed and value not in known):
            fact = Text(
                f"“{attribute.name}”从不是“{value}”，条件永远不成立",
                f"{attribute.name!r} is never {value!r}, so that the condition never holds",
            )
            yield self.error(fact, suggestion(near, cure), word)
        elif known and value not in known and not _is_reference(value):
            fact = Text(f"“{value}”不是“{attribute.name}”的常用值", f"{value!r} is no usual {attribute.name!r}")
            where = self.node.place_of(word)
            yield Problem("unusual-value", where, fact, suggestion(near, cure), word, severity="warning")

    def _empty_range(self) -> Iterator[Problem]:
        """Find bounds that no number meets, and values that lie outside the bounds."""
        if not self.bounds:
            return
        candidates = [self.condition.equals] if self.condition.equals is not None else list(self.condition.one_of or ())
        if candidates:
            possible = any(isinstance(one, int | float) and self._within(one) for one in candidates)
        else:
            possible = self._has_number()
        if not possible:
            fact = Text(f"没有数能满足“{self.name}”的条件", f"no number meets the condition on {self.name!r}")
            yield self.error(fact, Text("请核对上限和下限", "Check the bounds"))

    def _has_number(self) -> bool:
        """Say whether some number of the attribute's type lies within the bounds."""
        low = max((v for name, v in self.bounds.items() if name in {"at_least", "more_than"}), default=None)
        high = min((v for name, v in self.bounds.items() if name in {"at_most", "less_than"}), default=None)
        if low is None or high is None:
            return True
        if self.attribute.type == "int":
            return any(self._within(one) for one in (math.ceil(low), math.floor(low) + 1))
        return self._within(low) or self._within(high) or low < high

    def _within(self, number: float) -> bool:
        """Say whether a number meets every bound."""
        return all(_TESTS[name](number, value) for name, value in self.bounds.items())


def _fits(value: Scalar, sort: str) -> bool:
    """Say whether a value is of an attribute's type."""
    if isinstance(value, bool) or sort == "bool":
        return isinstance(value, bool) and sort == "bool"
    if not isinstance(value, SORTS[sort]):
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if sort == "int":
        return float(value).is_integer()
    return sort != "date" or _is_day(str(value))


def _is_day(text: str) -> bool:
    """Say whether a text is a date as the log has them."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_reference(value: Scalar) -> bool:
    """Say whether a word names a row or an article, such as `3.13`, `N7`, `art20-1`: each document has its own."""
    return isinstance(value, str) and any(letter.isdigit() for letter in value) and value.isascii()


_TESTS = {"at_least": operator.ge, "more_than": operator.gt, "at_most": operator.le, "less_than": operator.lt}
_SORTS = {
    "bool": Text("是“是/否”", "is true or false"),
    "int": Text("是整数", "is a whole number"),
    "number": Text("是数", "is a number"),
    "text": Text("是文字", "is text"),
    "date": Text("是日期", "is a date"),
    "list": Text("是列表", "is a list"),
}
_USE = {
    "bool": Text("它只有 true 和 false", "It is true or false"),
    "int": Text("请写整数，或者用 at_least、at_most 等上下限", "Write a whole number, or bounds such as at_least"),
    "number": Text("请写数，或者用 at_least、at_most 等上下限", "Write a number, or bounds such as at_least"),
    "text": Text("请用 equals 或 one_of", "Use equals or one_of"),
    "date": Text("请用 equals 或 one_of，日期写作 2023-12-31", "Use equals or one_of, with dates such as 2023-12-31"),
    "list": Text(
        "请用 includes: 甲（含有它），或者 includes: [甲, 乙]（含有其中任何一个）",
        "Use includes: a, or includes: [a, b] for any of several",
    ),
}
