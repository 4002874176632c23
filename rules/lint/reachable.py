"""Rules that can never be triggered, kept or broken as they are written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from events.problems import Problem, Text, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.problems import Where
    from events.vocabulary import Attribute, Vocabulary
    from rules.book import Book
    from rules.loading.resolved import LoadedRule
    from rules.model import Condition, Period, Rule, Scalar
    from rules.yaml.nodes import Node

PAIRED = {"respond": ("trigger", "response"), "precede": ("act", "before"), "refresh": ("opened", "refreshed")}
"""Kinds whose events belong together by their subject, with the roles of those that need one."""

SORTS: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "number": (int, float), "text": (str,)}


def check_reachable(loaded: LoadedRule, vocabulary: Vocabulary | None) -> list[Problem]:
    """Return what makes a rule unreachable, in any of its readings and at any time."""
    problems: list[Problem] = []
    for rule in loaded.versions:
        problems += _dates(rule, loaded.node)
        problems += _counts(rule, loaded.node)
        for _, selector in rule.selectors():
            for group in selector.where:
                for name, condition in group.items():
                    problems += _bounds(name, condition, loaded.node)
                    if vocabulary is not None and name in vocabulary.attributes:
                        problems += _values(condition, vocabulary.attributes[name], loaded.node)
        problems += _subjects(rule, loaded.node, vocabulary) if vocabulary is not None else ()
    return list(dict.fromkeys(problems))


def _unreachable(where: Node, word: str, fact: Text, cure: Text) -> Problem:
    """Return the problem of a rule that can never be fulfilled or triggered."""
    return Problem("unreachable-rule", where.place_of(word), fact, cure, word)


def _dates(rule: Rule, node: Node) -> Iterator[Problem]:
    """Find a due date that lies before the first day that the rule looks at."""
    by = getattr(rule, "by", None)
    if isinstance(by, date) and by < rule.period.start:
        fact = Text(
            f"到期日{by}早于规则的第一天{rule.period.start}，没有记录能按期",
            f"it is due on {by}, before the first day that the rule looks at, {rule.period.start}",
        )
        yield _unreachable(node, str(by), fact, Text("请核对 by 和 period", "Check by and period"))

    acts = getattr(rule, "of", None) or getattr(rule, "act", None)
    if isinstance(by, date) and acts is not None and rule.period.start <= by < rule.period.end:
        fact = Text(
            f"期间到{rule.period.end}止，{by}以后发生的事项没有发生就已经到期",
            f"the period goes on to {rule.period.end}: what happens after {by} is due before it happens",
        )
        yield _unreachable(node, str(by), fact, Text(f"请写 period，到{by}止", f"Give a period that ends on {by}"))


def _counts(rule: Rule, node: Node) -> Iterator[Problem]:
    """Find a number of days that the period does not have."""
    least, days = getattr(rule, "at_least", None), (rule.period.end - rule.period.start).days + 1
    if rule.kind == "count" and getattr(rule, "distinct", None) == "day" and least is not None and least > days:
        fact = Text(f"期间只有{days}天，达不到{least}天", f"the period has {days} days, never {least}")
        yield _unreachable(node, "at_least", fact, Text("请核对 at_least 和 period", "Check at_least and period"))


def _bounds(name: str, condition: Condition, node: Node) -> Iterator[Problem]:
    """Find bounds that no number meets."""
    low = max((one for one in (condition.at_least, condition.more_than) if one is not None), default=None)
    high = min((one for one in (condition.at_most, condition.less_than) if one is not None), default=None)
    if low is None or high is None:
        return
    strict = low == condition.more_than or high == condition.less_than
    if low > high or (low == high and strict):
        fact = Text(f"没有数能满足“{name}”的条件", f"no number meets the condition on {name!r}")
        yield _unreachable(node, name, fact, Text("请核对上限和下限", "Check the bounds"))


def _wanted(condition: Condition) -> list[Scalar]:
    """Return the values that a condition names."""
    single = (condition.equals, condition.includes)
    return [*(one for one in single if one is not None), *(condition.one_of or ())]


def _values(condition: Condition, attribute: Attribute, node: Node) -> Iterator[Problem]:
    """Find values that an attribute never has."""
    sorts = (str,) if condition.includes is not None else SORTS.get(attribute.type, (str,))
    known = [value.value for value in attribute.values]
    for value in _wanted(condition):
        near = did_you_mean(str(value), known)
        word = str(value) if isinstance(value, str) else attribute.name
        wrong_sort = not isinstance(value, sorts) or (isinstance(value, bool) and bool not in sorts)
        if wrong_sort or (attribute.closed and value not in known):
            fact = Text(
                f"“{attribute.name}”从不是“{value}”，条件永远不成立",
                f"{attribute.name!r} is never {value!r}, so that the condition never holds",
            )
            cure = Text(f"可用：{'、'.join(known)}", f"There are {', '.join(known)}") if known else _typed(attribute)
            yield _unreachable(node, word, fact, suggestion(near, cure))
        elif near and value not in known:
            fact = Text(f"“{value}”不是“{attribute.name}”的常用值", f"{value!r} is no usual {attribute.name!r}")
            cure = suggestion(near, _typed(attribute))
            yield Problem("unusual-value", node.place_of(word), fact, cure, word, severity="warning")


def _typed(attribute: Attribute) -> Text:
    """Return what an attribute's values are."""
    words = {
        "bool": Text("它只有 true 和 false", "It is true or false"),
        "int": Text("它是整数", "It is a whole number"),
        "number": Text("它是数", "It is a number"),
        "list": Text("它是列表，请用 includes", "It is a list: use includes"),
    }
    return words.get(attribute.type, Text("它是文字", "It is text"))


def _subjects(rule: Rule, node: Node, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Find events that have no subject to belong together by."""
    for role in PAIRED.get(rule.kind, ()):
        event = getattr(rule, role).event
        if event in vocabulary.types and vocabulary.types[event].subject == "none":
            fact = Text(
                f"事件 {event} 没有事项（subject），无法前后对应", f"the event {event} has no subject to be matched by"
            )
            cure = Text("请换一种事件", "Name another event")
            yield _unreachable(node, event, fact, cure)


def overlapping_books(books: Sequence[Book], where: Where) -> list[Problem]:
    """Return a warning for every two books that hold the same rules at the same time, so that a duty counts twice."""
    problems = []
    for number, later in enumerate(books):
        for earlier in books[:number]:
            known = {rule.id: rule.period for rule in earlier.rules}
            both = [rule.id for rule in later.rules if rule.id in known and _meet(rule.period, known[rule.id])]
            if both:
                fact = Text(
                    f"{earlier.id} 和 {later.id} 的{len(both)}条规则期间重叠（如 {both[0]}），同一义务会算两次",
                    f"{len(both)} rules of {earlier.id} and {later.id} overlap ({both[0]}): a duty counts twice",
                )
                cure = Text("请只用一部，或者核对 in_force 和 period", "Use one of them, or check in_force and period")
                problems.append(Problem("overlapping-books", where, fact, cure, later.id, severity="warning"))
    return problems


def _meet(one: Period, other: Period) -> bool:
    """Say whether two periods have a day in common."""
    return one.start <= other.end and other.start <= one.end
