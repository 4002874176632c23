"""Checking that the words of a rule exist: its event types, attributes, elements and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, did_you_mean, suggestion
from rules.derived import derived_of
from rules.model import ANY_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.vocabulary import Vocabulary
    from rules.model import AttributeUse, Rule, Selector
    from rules.units import Registry
    from rules.yaml.nodes import Node


def check_events(rule: Rule, node: Node, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    """Return a problem for every event type, attribute and element of a rule that the vocabulary does not have.

    Args:
        rule: the rule.
        node: where it stands.
        vocabulary: the words that there are.
    """
    problems: list[Problem] = []
    for _, selector in rule.selectors():
        kind = vocabulary.types.get(selector.event)
        if kind is None:
            problems.append(_unknown_event(selector.event, node, vocabulary))
            continue
        known = (*kind.attributes, *vocabulary.common, *derived_of(selector.event))
        strange = [name for name in _attributes(selector) if name not in known]
        problems += [_unknown_attribute(name, selector.event, known, node) for name in strange]
        problems += _check_elements(rule, selector, known, node, vocabulary)
    for use in rule.attributes():
        problems += _check_use(use, node, vocabulary)
    return tuple(problems)


def _check_use(use: AttributeUse, node: Node, vocabulary: Vocabulary) -> list[Problem]:
    """Return the problem of an attribute whose value a rule reads and that the event does not have, or not as such."""
    kind = vocabulary.types.get(use.event)
    if kind is None:
        return []  # said of the selector
    known = (*kind.attributes, *vocabulary.common)
    if use.name not in known:
        return [_unknown_attribute(use.name, use.event, known, node)]
    found = vocabulary.attributes[use.name].type
    if use.type in (found, ANY_TYPE):
        return []
    fact = Text(f"属性“{use.name}”的类型是 {found}，不是 {use.type}", f"{use.name!r} is {found} and not {use.type}")
    fitting = [name for name in known if vocabulary.attributes[name].type == use.type]
    names = "、".join(fitting), ", ".join(fitting)
    cure = Text(f"请用 {use.type} 类型的属性：{names[0]}", f"Name an attribute of type {use.type}: {names[1]}")
    return [Problem("bad-attribute", node.place_of(use.name), fact, cure, use.name)]


def _attributes(selector: Selector) -> tuple[str, ...]:
    """Return the attributes that a selector names."""
    named = [name for group in selector.where for name in group]
    return tuple(dict.fromkeys([*named, *([selector.elements_in] if selector.elements_in else [])]))


def _check_elements(
    rule: Rule, selector: Selector, known: Iterable[str], node: Node, vocabulary: Vocabulary
) -> list[Problem]:
    """Return a problem where the elements are not in a list attribute, or are not among its values."""
    name = selector.elements_in
    if name is None or name not in known or name not in vocabulary.attributes:
        return []
    attribute = vocabulary.attributes[name]
    if attribute.type != "list":
        fact = Text(f"属性“{name}”不是列表", f"the attribute {name!r} is not a list")
        cure = Text("请用列表属性", "Name a list attribute")
        return [Problem("bad-attribute", node.place_of(name), fact, cure, name)]
    values = [value.value for value in attribute.values] if attribute.closed else []
    covers: Iterable[str] = getattr(rule, "covers", ())
    return [_unknown_element(word, name, values, node) for word in covers if values and word not in values]


def check_units(rules: Iterable[tuple[Rule, Node]], registry: Registry) -> tuple[Problem, ...]:
    """Return a problem for every unit or group that owes a rule and is not in the registry, told once a name.

    Args:
        rules: the rules, each with its place.
        registry: the units and groups that there are.
    """
    missing: dict[str, dict[str, Node]] = {}
    for rule, node in rules:
        for name in rule.owed_by:
            if not registry.knows(name):
                missing.setdefault(name, {}).setdefault(rule.id, node)
    return tuple(_unknown_unit(name, tuple(places.values()), registry) for name, places in missing.items())


def check_event_data(event: str, data: Mapping[str, object], node: Node, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    """Return a problem for an event whose type or attributes the vocabulary does not have.

    Args:
        event: the type.
        data: the attributes.
        node: where the event stands.
        vocabulary: the words that there are.
    """
    kind = vocabulary.types.get(event)
    if kind is None:
        return (_unknown_event(event, node, vocabulary),)
    known = (*kind.attributes, *vocabulary.common)
    return tuple(_unknown_attribute(name, event, known, node) for name in data if name not in known)


def _unknown_event(name: str, node: Node, vocabulary: Vocabulary) -> Problem:
    """Return the problem of an event type that the vocabulary does not have."""
    labels = (vocabulary.find_type(label) for label in vocabulary.near_type(name))
    near = did_you_mean(name, vocabulary.types) or tuple(dict.fromkeys(label for label in labels if label))
    fact = Text(f"没有事件类型“{name}”", f"there is no event type {name!r}")
    otherwise = Text("请先在事件词汇表中登记", "Add it to the vocabulary of events first")
    return Problem("unknown-event", node.place_of(name), fact, suggestion(near, otherwise), name)


def _unknown_attribute(name: str, event: str, known: tuple[str, ...], node: Node) -> Problem:
    """Return the problem of an attribute that an event type does not have."""
    fact = Text(f"事件 {event} 没有属性“{name}”", f"the event {event} has no attribute {name!r}")
    otherwise = Text(f"它的属性：{'、'.join(known)}", f"It has {', '.join(known)}")
    cure = suggestion(did_you_mean(name, known), otherwise)
    return Problem("unknown-attribute", node.place_of(name), fact, cure, name)


def _unknown_element(word: str, name: str, values: list[str], node: Node) -> Problem:
    """Return the problem of an element that is none of an attribute's values."""
    fact = Text(f"“{word}”不是 {name} 的值", f"{word!r} is none of the values of {name}")
    otherwise = Text(f"可用：{'、'.join(values)}", f"There are {', '.join(values)}")
    cure = suggestion(did_you_mean(word, values), otherwise)
    return Problem("unknown-element", node.place_of(word), fact, cure, word)


def _unknown_unit(name: str, places: tuple[Node, ...], registry: Registry) -> Problem:
    """Return the problem of a unit or group that the registry does not have, at the first rule that names it."""
    more = len(places) - 1
    fact = Text(
        f"名录中没有单位或组“{name}”" + (f"（另有{more}条规则也写了它）" if more else ""),
        f"the registry has no unit or group {name!r}" + (f" (named by {more} more rules)" if more else ""),
    )
    near = registry.near(name) or did_you_mean(name, (*registry.groups, *registry.words()))
    cure = suggestion(near, Text("请在单位名录中登记", "Add it to the unit registry"))
    return Problem("unknown-unit", places[0].place_of(name), fact, cure, name)
