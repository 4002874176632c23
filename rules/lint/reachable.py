"""Rules that can never be triggered, kept or broken as they are written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from events.problems import Problem, Text
from rules.lint.conditions import check_conditions
from rules.lint.trivial import always_true
from rules.lint.values import check_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.problems import Where
    from events.vocabulary import Vocabulary
    from rules.book import Book
    from rules.loading.resolved import LoadedRule
    from rules.model import Period, Rule
    from rules.yaml.nodes import Node


def check_reachable(loaded: LoadedRule, vocabulary: Vocabulary | None) -> list[Problem]:
    """Return what makes a rule unreachable, in any of its readings and at any time."""
    problems: list[Problem] = []
    for rule in loaded.versions:
        problems += _dates(rule, loaded.node)
        problems += _counts(rule, loaded.node)
        problems += check_values(rule, loaded.node)
        problems += always_true(rule, loaded.node)
        if vocabulary is not None:
            problems += check_conditions(rule, loaded.node, vocabulary)
            problems += _subjects(rule, loaded.node, vocabulary)
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
    if rule.facets.counts and getattr(rule, "distinct", None) == "day" and least is not None and least > days:
        fact = Text(f"期间只有{days}天，达不到{least}天", f"the period has {days} days, never {least}")
        yield _unreachable(node, "at_least", fact, Text("请核对 at_least 和 period", "Check at_least and period"))


def _subjects(rule: Rule, node: Node, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Find events that have no subject to belong together by."""
    for role in rule.facets.paired or ():
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
