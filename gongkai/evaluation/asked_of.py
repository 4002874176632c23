"""Demands of the rulebooks on a unit: the event types, the indicators and the topics of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from engine.mattering import seen_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.kinds.base import KindRule
    from events.vocabulary import Vocabulary
    from rules.book import Book
    from rules.units import Registry


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What the rules of a unit look at.

    Attributes:
        types: event types, in the order of the vocabulary, which keeps those of a matter together.
        values: the values that an attribute has to have, of `indicator` and `topics`.
    """

    types: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


def asked_of(unit: str, books: Sequence[Book], registry: Registry, vocabulary: Vocabulary) -> AskedOf:
    """Return what the rulebooks ask of a unit.

    Args:
        unit: its id.
        books: the rulebooks.
        registry: the units.
        vocabulary: the vocabulary.
    """
    types: set[str] = set()
    values: dict[str, dict[str, None]] = {"indicator": {}, "topics": {}}
    owed = [rule for book in books for rule in book.rules if unit in registry.members(rule.owed_by)]
    for rule in (cast("KindRule", one) for one in owed):
        types |= seen_types(rule)
        for _, selector in rule.selectors():
            for name, condition in (pair for group in selector.where for pair in group.items()):
                if name in values:
                    first = condition.one_of[:1] if condition.one_of else ()
                    said = [one for one in (condition.equals, condition.includes, *first) if one is not None]
                    values[name].update(dict.fromkeys(map(str, said)))
    known = tuple(name for name in vocabulary.types if name in types)
    return AskedOf(known, {name: tuple(found) for name, found in values.items()})
