"""Selectors the other way round: what an entry must say to be selected, and whether one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.model import AttributeValue
    from events.vocabulary import Attribute
    from gongkai.demo.year.log import Entry
    from rules.model import Condition, Scalar, Selector

Data = dict[str, "AttributeValue"]


def _items(value: AttributeValue | None) -> tuple[str, ...]:
    """Return the elements of a list attribute."""
    return value if isinstance(value, tuple) else ()


def _bounds_hold(condition: Condition, value: AttributeValue) -> bool:
    """Say whether a figure lies within the bounds of a condition."""
    bounds = (condition.at_least, condition.more_than, condition.at_most, condition.less_than)
    if all(bound is None for bound in bounds):
        return True
    if isinstance(value, str | tuple):
        return False
    least, above, most, below = bounds
    return not (
        (least is not None and value < least)
        or (above is not None and value <= above)
        or (most is not None and value > most)
        or (below is not None and value >= below)
    )


def _holds(condition: Condition, value: AttributeValue | None) -> bool:
    """Say whether a condition certainly holds."""
    if value is None:
        return condition.or_missing
    if condition.includes is not None and condition.includes not in _items(value):
        return False
    if any(word in _items(value) for word in condition.excludes):
        return False
    if condition.equals is not None and value != condition.equals:
        return False
    if condition.one_of is not None and value not in condition.one_of:
        return False
    return _bounds_hold(condition, value)


def matches(entry: Entry, selector: Selector) -> bool:
    """Say whether a selector certainly selects an entry."""
    if entry.type != selector.event or entry.retracts is not None:
        return False
    groups = selector.where or ({},)
    return any(all(_holds(one, entry.data.get(name)) for name, one in group.items()) for group in groups)


def elements_of(entry: Entry, selector: Selector) -> tuple[str, ...]:
    """Return the elements that an entry covers for a selector."""
    return _items(entry.data.get(selector.elements_in)) if selector.elements_in is not None else ()


def _value(condition: Condition) -> Scalar:
    """Return a value that a condition on one value holds for."""
    if condition.equals is not None:
        return condition.equals
    if condition.one_of is not None:
        return condition.one_of[0]
    if condition.at_least is not None:
        return condition.at_least
    if condition.more_than is not None:
        return (
            condition.more_than + 1 if condition.less_than is None else (condition.more_than + condition.less_than) / 2
        )
    if condition.at_most is not None:
        return condition.at_most
    return condition.less_than - 1 if condition.less_than is not None else True


def _another(attribute: Attribute, excluded: tuple[str, ...]) -> str:
    """Return a value of a list attribute that is none of those excluded."""
    return next((one.value for one in attribute.values if one.value not in excluded), "other")


def fitting(selector: Selector, elements: tuple[str, ...] = ()) -> Data:
    """Return the attributes that an entry needs for a selector to select it, with the elements that it is to cover."""
    types = load_vocabulary().attributes
    data: Data = {}
    for name, condition in (selector.where[0] if selector.where else {}).items():
        if condition.includes is not None:
            data[name] = (condition.includes,)
        elif condition.excludes:
            if not condition.or_missing:
                data[name] = (_another(types[name], condition.excludes),)
        else:
            value = _value(condition)
            data[name] = int(value) if types[name].type == "int" and not isinstance(value, str) else value
    if selector.elements_in is not None and elements:
        data[selector.elements_in] = tuple(dict.fromkeys((*_items(data.get(selector.elements_in)), *elements)))
    return data


def plain_answers(selector: Selector) -> Data:
    """Return the yes-or-no attributes of the selector's event type, all answered with no."""
    vocabulary = load_vocabulary()
    names = vocabulary.types[selector.event].attributes
    return {name: False for name in names if vocabulary.attributes[name].type == "bool"}


def subject_for(selector: Selector, name: str) -> str | None:
    """Return a subject for an entry of the selector's type, or None where the type has none."""
    return None if load_vocabulary().types[selector.event].subject == "none" else name


def merged(data: Mapping[str, AttributeValue], more: Data) -> Data:
    """Return attributes with others added, lists joined."""
    joined: Data = dict(data)
    for name, value in more.items():
        old = joined.get(name)
        joined[name] = (
            tuple(dict.fromkeys((*old, *value))) if isinstance(old, tuple) and isinstance(value, tuple) else value
        )
    return joined
