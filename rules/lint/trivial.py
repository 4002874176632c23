"""Rules that are true by themselves: whatever happens, they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.model import Rule, Selector
    from rules.yaml.nodes import Node


def always_true(rule: Rule, node: Node) -> Iterator[Problem]:
    """Find a rule that no log can break."""
    found = next((text for text in (_answers_itself(rule), _no_bound(rule), _asks_for_itself(rule)) if text), None)
    if found is not None:
        fact = Text(f"规则 {rule.id} 永远成立：{found.zh}", f"{rule.id} always holds: {found.en}")
        cure = Text("请核对所写的事件和数", "Check the events and numbers that it names")
        yield Problem("always-true", node.where, fact, cure, rule.id, severity="warning")


def _answers_itself(rule: Rule) -> Text | None:
    """Say that what opens a duty also fulfils it."""
    fields = rule.facets.answered
    if fields is None or getattr(rule, "covers", None):
        return None
    opens, answers = (getattr(rule, field, None) for field in fields)
    if opens is None or answers is None or not _takes_in(answers, opens):
        return None
    event = answers.event
    return Text(f"引起义务的“{event}”本身就是完成的记录", f"the {event} that opens the duty also fulfils it")


def _asks_for_itself(rule: Rule) -> Text | None:
    """Say that a duty is owed only by who has already done it."""
    conditions: tuple[Selector, ...] | None = getattr(rule, "applies_if", None)
    expected: Selector | None = getattr(rule, "expected", None)
    if not conditions or expected is None or getattr(rule, "covers", None):
        return None
    if not all(_takes_in(expected, one) for one in conditions):
        return None
    return Text(f"有“{expected.event}”才承担，而它本身就是完成", f"only who has {expected.event} owes it, which is it")


def _no_bound(rule: Rule) -> Text | None:
    """Say that a number asks for nothing."""
    least = getattr(rule, "at_least", None)
    if isinstance(least, int) and rule.facets.enough and least <= 0:
        return Text("不少于 0 总是成立", "at least none is always so")
    target, compare = getattr(rule, "target", None), getattr(rule, "compare", "")
    flow = getattr(rule, "measure", "") == "flow"
    if not rule.facets.figure or not flow or target is None:
        return None
    if (compare == "at_least" and target <= 0) or (compare == "more_than" and target < 0):
        return Text(f"累计数总是达到{target:g}", f"a running total always reaches {target:g}")
    return None


def _takes_in(wide: Selector, narrow: Selector) -> bool:
    """Say whether every event that `narrow` selects is one that `wide` selects."""
    if wide.event != narrow.event:
        return False
    return not wide.where or wide.where == narrow.where or any(not group for group in wide.where)
