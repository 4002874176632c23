"""Which selectors an event is tried against: found by joins on its type and on values that it has.

Many selectors of a type often ask for a value of the same attribute: an assessment's clause, an indicator, a topic.
That attribute is a key of the type. A selector that asks for one of its values is joined by the value, so that an event
never meets the hundred selectors that ask for another one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.model import Condition, Selector

How: TypeAlias = Literal["type", "value", "element", "lacking"]
"""By what an event meets a selector: its type alone; a value, or an element of a list, that a key of the type has in it
as well; or that the key was not recorded."""

_ENOUGH: Final = 4
"""An attribute is a key where at least so many selectors of the type ask for a value of it: each key is a pass more."""

_BOUNDS: Final = ("equals", "one_of", "includes", "excludes", "at_least", "more_than", "at_most", "less_than")
"""What a condition may ask of an attribute."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """An attribute by whose values selectors are found, and whether it is a list."""

    name: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that hold together.

    Attributes:
        known: False where one more is not known, so that the group is false or not known.
        conditions: by the attribute that each is on.
    """

    known: bool
    conditions: tuple[tuple[str, Condition], ...]


Test: TypeAlias = tuple[Group, ...]
"""What is left to ask of an event that meets a selector; it holds where any of the groups does."""

ALWAYS: Final[Test] = (Group(known=True, conditions=()),)


@dataclass(frozen=True, slots=True, order=True)
class AccessPath:
    """An access path from events to selectors; `key` is the attribute it looks at, empty where the type is enough."""

    how: How
    key: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A selector that an event may meet.

    Attributes:
        path: how the event meets it.
        event_type: the type that the event must have.
        value: the value of the key that the event must have; None where no value decides.
        sel: the selector's number.
        test: what is left to ask of the event; selectors that differ in the key's value alone share it.
    """

    path: AccessPath
    event_type: str
    value: str | None
    sel: int
    test: Test


def _asked(condition: Condition) -> tuple[bool, tuple[str, ...]]:
    """Return whether a condition is on a list, and the texts of which it demands one; none where it demands no text."""
    if condition.includes is not None:
        return True, (condition.includes,)
    if condition.excludes:
        return True, ()
    asked = condition.one_of if condition.one_of is not None else (condition.equals,)
    texts = tuple(value for value in asked if isinstance(value, str))
    return False, texts if len(texts) == len(asked) else ()


def _values(selector: Selector, key: Key) -> tuple[str, ...]:
    """Return the values of a key of which an event must have one for this selector; none where it may do without.

    A selector that asks for any of several elements of a list is not found by them: an event with two would meet it
    twice.
    """
    found: set[str] = set()
    for group in selector.where:
        listed, values = _asked(group[key.name]) if key.name in group else (key.listed, ())
        if not values or listed != key.listed:
            return ()
        found.update(values)
    return () if key.listed and len(found) > 1 else tuple(sorted(found))


def _keys(selectors: Sequence[Selector]) -> dict[str, list[Key]]:
    """Return the keys of each type, those first that most of its selectors ask a value of."""
    asking: Counter[tuple[str, Key]] = Counter()
    for selector in selectors:
        candidates = {Key(name, _asked(one)[0]) for group in selector.where for name, one in group.items()}
        asking.update((selector.event, key) for key in candidates if _values(selector, key))
    keys: dict[str, list[Key]] = {}
    for (event_type, key), number in sorted(asking.items(), key=lambda one: (-one[1], one[0])):
        if number >= _ENOUGH:
            keys.setdefault(event_type, []).append(key)
    return keys


def _residual(selector: Selector, key: Key | None, value: str | None) -> Test:
    """Return what is left to ask of an event whose key has, or includes, this value; None where it was not recorded."""
    groups = []
    for group in selector.where:
        others = tuple(sorted((name, one) for name, one in group.items() if key is None or name != key.name))
        if key is None:
            groups.append(Group(known=True, conditions=others))
            continue
        asked = group[key.name]
        if value is None and not asked.only_recorded:
            groups.append(Group(known=asked.or_missing, conditions=others))
        elif value is not None and value in _asked(asked)[1]:
            more = sum(getattr(asked, bound) not in {None, ()} for bound in _BOUNDS) > 1
            groups.append(Group(known=True, conditions=((key.name, asked), *others) if more else others))
    return ALWAYS if not selector.where or ALWAYS[0] in groups else tuple(groups)


def _candidates_of(number: int, selector: Selector, keys: Sequence[Key]) -> list[Candidate]:
    """Return how an event meets one selector."""
    key = next((key for key in keys if _values(selector, key)), None)
    if key is None:
        return [Candidate(AccessPath("type"), selector.event, None, number, _residual(selector, None, None))]
    path = AccessPath("element" if key.listed else "value", key.name)
    rows = [
        Candidate(path, selector.event, value, number, _residual(selector, key, value))
        for value in _values(selector, key)
    ]
    lacking = _residual(selector, key, None)
    return (
        [*rows, Candidate(AccessPath("lacking", key.name), selector.event, None, number, lacking)] if lacking else rows
    )


def find_candidates(selectors: Sequence[Selector]) -> tuple[Candidate, ...]:
    """Return how an event meets each of the selectors, which are numbered in their order."""
    keys = _keys(selectors)
    return tuple(
        one
        for number, selector in enumerate(selectors)
        for one in _candidates_of(number, selector, keys.get(selector.event, ()))
    )


def number_residuals(candidates: Sequence[Candidate]) -> dict[Test, int]:
    """Return the distinct tests with their numbers; what always holds needs none."""
    return {
        test: number for number, test in enumerate(dict.fromkeys(one.test for one in candidates if one.test != ALWAYS))
    }


def candidates_table(candidates: Sequence[Candidate], selectors: Sequence[Selector]) -> pa.Table:
    """Return the candidates as rows, each with its test and the list that its selector finds elements in."""
    numbers = number_residuals(candidates)
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "how": (pa.string(), [one.path.how for one in candidates]),
        "attribute": (pa.string(), [one.path.key for one in candidates]),
        "event_type": (pa.string(), [one.event_type for one in candidates]),
        "value": (pa.string(), [one.value for one in candidates]),
        "sel": (pa.int32(), [one.sel for one in candidates]),
        "test": (pa.int32(), [numbers.get(one.test) for one in candidates]),
        "elements_in": (pa.string(), [selectors[one.sel].elements_in for one in candidates]),
    }
    return pa.table({name: pa.array(values, sort) for name, (sort, values) in columns.items()})
