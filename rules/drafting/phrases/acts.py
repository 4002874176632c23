"""Which event types words of a document speak of, the likeliest first: candidates for a person to choose from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from events.vocabulary import Vocabulary

MOST: Final = 3
"""How many candidates are shown."""

_WORDS: Final = Path(__file__).with_name("acts.yaml")


@cache
def _acts() -> dict[str, Any]:
    """Return the words of the file beside this module."""
    found: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return found


def candidates(text: str, vocabulary: Vocabulary, *, trigger: bool = False) -> tuple[str, ...]:
    """Return the event types that a text may speak of, the likeliest first, three at the most.

    Args:
        text: the words around a phrase.
        vocabulary: the types that there are, with labels and synonyms.
        trigger: whether it is what sets a limit off, and not what is owed.
    """
    points: dict[str, float] = {}
    for one in _acts()["triggers" if trigger else "acts"]:
        if one["event"] in vocabulary.types and all(word in text for word in one["words"]):
            points[one["event"]] = max(points.get(one["event"], 0), sum(len(word) for word in one["words"]))
    for kind in vocabulary.types.values():
        for name in (kind.label.zh, *kind.synonyms):
            if name in text:
                points[kind.name] = max(points.get(kind.name, 0), len(name) + 0.5)
    order = sorted(points, key=lambda event: (-points[event], list(vocabulary.types).index(event)))
    return tuple(order[:MOST])


def fallback(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what is offered where no word fits."""
    return tuple(event for event in _acts()["fallback"] if event in vocabulary.types)
