"""Waivers that exempt nobody: their unit does not owe the rule, or they name a matter or a period that it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.compile.plan import period_label
from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry
    from rules.yaml.nodes import Node


def idle_waiver(
    unit: str, rule: str, matter: tuple[str | None, str | None], books: Sequence[Book], registry: Registry, place: Node
) -> Iterator[Problem]:
    """Find what keeps a waiver from exempting anybody.

    Args:
        unit: id of its unit.
        rule: id of its rule.
        matter: the subject and the period that it names, None where it names none.
        books: the rulebooks, their readings chosen.
        registry: the units.
        place: where it stands.
    """
    versions = [one for book in books for one in book.versions() if one.id == rule]
    subject, period = matter
    if not any(unit in registry.members(one.owed_by) for one in versions):
        name = registry.unit(unit).name
        fact = Text(f"{name}不承担规则 {rule}，这项豁免没有作用", f"{name} does not owe {rule}: it exempts nobody")
        yield _idle(place, fact, Text("核对单位和规则", "Check the unit and the rule"), name)
        return
    about_none = not any(one.facets.by_matter for one in versions)
    if subject is not None and (not subject.strip() or about_none):
        fact = Text(f"规则 {rule} 不按事项核对，没有“{subject}”这一项", f"{rule} is about no single matter {subject!r}")
        yield _idle(place, fact, Text("去掉 subject", "Leave out the subject"), subject)
    known = {name for one in versions for name in _periods(one)}
    if period is not None and about_none and known and period not in known:
        fact = Text(f"规则 {rule} 没有“{period}”这一期", f"{rule} has no period {period!r}")
        names = "、".join(sorted(known)), ", ".join(sorted(known))
        yield _idle(place, fact, Text(f"写作 {names[0]}", f"Write {names[1]}"), period)


def _periods(rule: Rule) -> tuple[str, ...]:
    """Return how the obligations of a rule name their period or due date; nothing where it recurs within the year."""
    if getattr(rule, "every", None) is not None:
        return ()
    by = getattr(rule, "by", None)
    return (period_label(rule), *((str(by),) if by is not None else ()))


def _idle(place: Node, fact: Text, cure: Text, value: str) -> Problem:
    """Return the warning."""
    return Problem("idle-waiver", place.place_of(value), fact, cure, value, severity="warning")
