"""The words of a rule in the vocabulary's own ids: labels and synonyms are read as what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rules.model import Condition, Model, Rule, Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.vocabulary import Attribute, Vocabulary

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Rule)


def in_ids(rule: R, vocabulary: Vocabulary) -> R:
    """Return a rule whose event types, attributes, values and elements are ids of the vocabulary.

    What the vocabulary does not know stays as it is written, so that the rule's checks name it.
    """
    changed = {name: _walked(getattr(rule, name), vocabulary) for name in type(rule).model_fields}
    made = _with(rule, changed)
    lists = [
        vocabulary.attributes[name]
        for _, selector in made.selectors()
        if (name := selector.elements_in) is not None and name in vocabulary.attributes
    ]
    named = {name: _elements(getattr(made, name, ()), lists) for name in ("covers", "items") if hasattr(made, name)}
    return _with(made, named)


def _with(value: M, parts: Mapping[str, object]) -> M:
    """Return a value with these parts; itself where they are its own, which most are, and copying takes a while."""
    new = {name: part for name, part in parts.items() if part != getattr(value, name)}
    return value.model_copy(update=new) if new else value


def _walked(value: object, vocabulary: Vocabulary) -> object:
    """Return a part of a rule with the selectors inside it in ids."""
    if isinstance(value, Selector):
        return _selector(value, vocabulary)
    if isinstance(value, tuple):
        return tuple(_walked(one, vocabulary) for one in value)
    if isinstance(value, Model):
        parts = {name: _walked(getattr(value, name), vocabulary) for name in type(value).model_fields}
        named = parts.get("attribute")
        if isinstance(named, str):
            parts["attribute"] = vocabulary.find_attribute(named) or named
        return _with(value, parts)
    return value


def _selector(selector: Selector, vocabulary: Vocabulary) -> Selector:
    """Return a selector in ids."""
    elements = selector.elements_in
    parts = {
        "event": vocabulary.find_type(selector.event) or selector.event,
        "where": tuple(_group(one, vocabulary) for one in selector.where),
        "elements_in": elements and (vocabulary.find_attribute(elements) or elements),
    }
    return _with(selector, parts)


def _group(group: Mapping[str, Condition], vocabulary: Vocabulary) -> dict[str, Condition]:
    """Return a group of conditions in ids."""
    found = {}
    for written, condition in group.items():
        name = vocabulary.find_attribute(written) or written
        attribute = vocabulary.attributes.get(name)
        found[name] = condition if attribute is None else _condition(condition, attribute)
    return found


def _condition(condition: Condition, attribute: Attribute) -> Condition:
    """Return a condition whose words are the attribute's values."""
    found = {
        name: attribute.find_value(value) or value
        for name in ("equals", "includes")
        if isinstance(value := getattr(condition, name), str)
    }
    several = condition.one_of and tuple(
        attribute.find_value(value) or value if isinstance(value, str) else value for value in condition.one_of
    )
    excluded = tuple(attribute.find_value(word) or word for word in condition.excludes)
    return condition.model_copy(update={**found, "one_of": several, "excludes": excluded})


def _elements(words: tuple[str, ...], lists: list[Attribute]) -> tuple[str, ...]:
    """Return elements as values of the lists that they are looked for in."""
    return tuple(next((found for one in lists if (found := one.find_value(word))), word) for word in words)
