"""Checking how a number is shared out among the units of a registry."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.model import Rule
    from rules.units import Registry
    from rules.yaml.nodes import Node


def check_shares(rules: Iterable[tuple[Rule, Node]], registry: Registry) -> tuple[Problem, ...]:
    """Return a problem for every unit that has two shares of one number, and for shares that do not make up the whole.

    Args:
        rules: the rules, each with its place.
        registry: the units that there are.
    """
    found: dict[Problem, None] = {}
    for rule, node in rules:
        if getattr(rule, "shares", None):
            found |= dict.fromkeys(_checked(rule, node, registry))
    return tuple(found)


def _checked(
    rule: Any,  # noqa: ANN401 - a rule of a kind that the layer above knows
    node: Node,
    registry: Registry,
) -> Iterable[Problem]:
    """Go through what is wrong with the shares of one rule."""
    place = node.get("shares") or node
    held = {owner: registry.members((owner,)) for owner in rule.shares}
    twice = [unit for unit, times in Counter(unit for units in held.values() for unit in units).items() if times > 1]
    for unit in twice:
        name = registry.unit(unit).name
        fact = Text(f"“{name}”在 shares 里有两份", f"{name!r} has two of the shares")
        cure = Text("请只留一份：写单位，或者写它所在的组", "Keep one: that of the unit, or of its group")
        yield Problem("shares-twice", place.where, fact, cure, name)
    _, whole = rule.goal()
    made = sum((Decimal(repr(rule.share_of(owner))) * len(units) for owner, units in held.items()), Decimal())
    if not twice and made != Decimal(repr(whole)) and not _by_percent(rule, held):
        fact = Text(f"各单位合计 {made:f}，总数是 {whole:g}", f"the shares make {made:f}, the whole is {whole:g}")
        cure = Text("请核对各单位的数和总数", "Check the shares and the whole")
        yield Problem("shares-sum", place.where, fact, cure, f"{made:f}", severity="warning")


def _by_percent(
    rule: Any,  # noqa: ANN401 - as above
    held: dict[str, tuple[str, ...]],
) -> bool:
    """Say whether all shares are percentages of single units that make up the whole: parts of events are rounded up."""
    said = [text for text in rule.shares.values() if isinstance(text, str)]
    if len(said) != len(held) or any(len(units) != 1 for units in held.values()):
        return False
    return sum(Decimal(text.strip().rstrip("%％").strip()) for text in said) == 100  # noqa: PLR2004
