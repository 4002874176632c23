"""Attributes, values and conditions in the words of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.explain.matching import attribute_of, value_of
from events.problems import Text
from events.vocabulary import load_vocabulary
from rules.derived import DERIVED_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.explain.record import Act
    from rules.model import Condition, Rule, Selector

UNRECORDED = Text("没有登记", "not recorded")
COMMON = ("evaluator", "score", "evidence", "measure")
"""Attributes that are shown wherever they are recorded: they say who judged, and in what a figure is counted."""


def joined(words: Sequence[Text]) -> Text:
    """Return words as a list: 甲、乙; A, B."""
    return Text("、".join(word.zh for word in words), ", ".join(word.en for word in words))


def value_word(name: str, value: Any) -> Text:  # noqa: ANN401 - a value is of its attribute's type
    """Return a value of an attribute as people call it."""
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no")
    if isinstance(value, list | tuple):
        return joined([value_word(name, one) for one in value]) if value else Text("（空）", "(empty)")
    if isinstance(value, float):
        digits = f"{value:.8f}".rstrip("0").rstrip(".")
        return Text(digits, digits)
    known = load_vocabulary().attributes.get(name)
    for one in known.values if known is not None else ():
        if one.value == value:
            return Text(one.zh, one.en)
    return Text(str(value), str(value))


def label(name: str) -> Text:
    """Return what an attribute is called."""
    known = load_vocabulary().attributes.get(name) or DERIVED_ATTRIBUTES.get(name)
    return known.label if known is not None else Text(name, name)


def deciding(rule: Rule, selectors: Sequence[Selector]) -> tuple[str, ...]:
    """Return the attributes of an event that a rule looks at through any of some selectors."""
    found: dict[str, None] = {}
    kinds = load_vocabulary().types
    for selector in selectors:
        names = [attribute_of(name) for group in selector.where for name in group]
        names += [name for name in (selector.elements_in, selector.year_in) if name is not None]
        names += [use.name for use in rule.attributes() if use.event == selector.event]
        kind = kinds.get(selector.event)
        if rule.facets.figure and kind is not None and "value" in kind.attributes:
            names.append("value")
        found.update(dict.fromkeys(names))
    return tuple(found)


def told(act: Act, names: Sequence[str], always: Sequence[str] = ()) -> Text:
    """Return the attributes of an event that decide: `公众代表人数 3；年度 没有登记`.

    Args:
        act: the event.
        names: the attributes that a rule looks at.
        always: attributes that are told where they are recorded.
    """
    said = []
    for name in names:
        value = act.get(f"data.{name}")
        word = UNRECORDED if value is None else value_word(name, value)
        said.append((label(name), word))
    for name in always:
        value = act.get(f"data.{name}")
        if value is not None and name not in names:
            said.append((label(name), value_word(name, value)))
    return Text(
        "；".join(f"{one.zh} {word.zh}" for one, word in said),
        "; ".join(f"{one.en}: {word.en}" for one, word in said),
    )


_BOUNDS = (
    ("equals", Text("应为{0}", "has to be {0}")),
    ("one_of", Text("应为{0}之一", "has to be one of {0}")),
    ("includes", Text("应含{0}", "has to include {0}")),
    ("excludes", Text("不得含{0}", "may not include {0}")),
    ("at_least", Text("应不少于{0}", "has to be at least {0}")),
    ("more_than", Text("应多于{0}", "has to be more than {0}")),
    ("at_most", Text("应不超过{0}", "may be at most {0}")),
    ("less_than", Text("应少于{0}", "has to be less than {0}")),
)


_BREACHES = {
    "equals": Text("为{0}的才是", "only {0} is one"),
    "one_of": Text("为{0}之一的才是", "only one of {0} is"),
    "includes": Text("含{0}的才是", "only what includes {0} is one"),
    "excludes": Text("不含{0}的才是", "only what does not include {0} is one"),
    "at_least": Text("不少于{0}的才是", "only {0} or more is one"),
    "more_than": Text("多于{0}的才是", "only more than {0} is one"),
    "at_most": Text("不超过{0}的才是", "only {0} or less is one"),
    "less_than": Text("少于{0}的才是", "only less than {0} is one"),
}
"""What an attribute of an act has to be for the act to be a breach."""


def unfit(condition: Condition, act: Act, name: str, *, breach: bool = False) -> Text:
    """Return why an attribute of an event does not meet a condition: what is recorded, and what it has to be.

    Args:
        condition: the condition.
        act: the event.
        name: the attribute.
        breach: whether an event that meets it would be a breach, and no fulfilment.
    """
    attribute = attribute_of(name)
    value = value_of(act, name)
    there = UNRECORDED if value is None else value_word(attribute, value)
    bounds = []
    for key, words in _BOUNDS:
        bound = getattr(condition, key)
        if bound not in {None, ()}:
            word, said = value_word(attribute, bound), _BREACHES[key] if breach else words
            bounds.append(Text(said.zh.format(word.zh), said.en.format(word.en)))
    named, asked = label(attribute), joined(bounds)
    return Text(f"{named.zh}登记为{there.zh}，{asked.zh}", f"{named.en} is {there.en}, {asked.en}")
