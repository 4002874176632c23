"""A mapping file: how a department's own layout becomes events (YAML)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.sheets.headings import IGNORE, rows_named
from events.vocabulary import load_vocabulary
from rules.yaml.nodes import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from events.rows import UnitNames
    from rules.yaml.nodes import Node

KEYS = ("columns", "constants", "types", "units", "sheets")


def load_mapping(
    path: Path | None, names: UnitNames | None = None
) -> tuple[Mapping[str, Mapping[str, str]] | None, tuple[Problem, ...]]:
    """Read a mapping file; every mistake in it is told with its line and column.

    Args:
        path: the file, or None for no mapping.
        names: the units; without them the names of units are not looked up here.

    Returns:
        `columns` (heading to field), `constants` (field to value), `types` (label to event type), `units` (name to
        unit) and `sheets` (sheet to the row of its headings), None where the file cannot be used; and what is wrong
        with it.
    """
    if path is None:
        return None, ()
    root, problems = read_yaml(path)
    if root is None:
        return None, problems
    if root.shape != "mapping":
        return None, (*problems, _shape(root.where, Text("对应表不是一张表", "The mapping is no table")))
    wrong = list(problems)
    content: dict[str, dict[str, str]] = {}
    for key, part in root.children.items():
        if key not in KEYS:
            fact = Text(f"对应表没有“{key}”这一部分", f"a mapping has no part {key!r}")
            cure = suggestion(
                did_you_mean(str(key), KEYS), Text(f"可用：{'、'.join(KEYS)}", f"There are {', '.join(KEYS)}")
            )
            wrong.append(Problem("bad-mapping", part.key, fact, cure, str(key)))
        elif part.shape != "mapping":
            wrong.append(_shape(part.where, Text(f"{key} 不是“名称: 名称”的表", f"{key} is no table of names")))
        else:
            content[str(key)] = _pairs(str(key), part, wrong, names)
    return (None if has_errors(wrong) else content), tuple(wrong)


def _pairs(key: str, part: Node, wrong: list[Problem], names: UnitNames | None) -> dict[str, str]:
    """Return the names of one part with what they stand for."""
    pairs: dict[str, str] = {}
    for name, child in part.children.items():
        if child.shape != "scalar" or child.scalar is None:
            fact = Text(f"“{name}”后面不是一个词", f"{name!r} does not stand for one word")
            wrong.append(_shape(child.where, fact))
            continue
        value = _text(child.scalar)
        pairs[str(name)] = value
        told = _CHECKS[key](str(name), value, names)
        if told is not None:
            at = child.key if key == "constants" else child.where
            wrong.append(Problem("bad-mapping", at, told[0], told[1], str(name) if key == "constants" else value))
    return pairs


def _text(value: str | float | bool) -> str:
    """Return a scalar as it would stand in a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


Told = tuple[Text, Text] | None


def _nothing_like(name: str, value: str, near: tuple[str, ...], cure: Text) -> Told:
    fact = Text(f"“{name}”指向不存在的“{value}”", f"{name!r} is mapped to {value!r}, which does not exist")
    return fact, suggestion(near, cure)


def _column(name: str, value: str, _: UnitNames | None) -> Told:
    vocabulary = load_vocabulary()
    if value.strip() == IGNORE or value.strip() in vocabulary.fields or vocabulary.find_attribute(value):
        return None
    cure = Text("请写字段名、data.属性名或者 ignore", "Name a field, data.attribute, or ignore")
    return _nothing_like(name, value, vocabulary.near_attribute(value), cure)


def _constant(name: str, _value: str, _: UnitNames | None) -> Told:
    vocabulary = load_vocabulary()
    if name.strip() in vocabulary.fields or vocabulary.find_attribute(name):
        return None
    cure = Text("请写字段名或者 data.属性名", "Name a field or data.attribute")
    fact = Text(f"没有名为“{name}”的字段或者属性", f"there is no field or attribute {name!r}")
    return fact, suggestion(vocabulary.near_attribute(name), cure)


def _type(name: str, value: str, _: UnitNames | None) -> Told:
    vocabulary = load_vocabulary()
    if value == IGNORE or vocabulary.find_type(value):
        return None
    cure = Text("请写词汇表中的事件类型，或者 ignore", "Name an event type of the vocabulary, or ignore")
    return _nothing_like(name, value, vocabulary.near_type(value), cure)


def _unit(name: str, value: str, names: UnitNames | None) -> Told:
    if names is None or value == IGNORE or names.find(value):
        return None
    cure = Text("请写单位名录中的名称，或者 ignore", "Name a unit of the registry, or ignore")
    return _nothing_like(name, value, names.near(value), cure)


def _sheet(name: str, value: str, _: UnitNames | None) -> Told:
    if value.strip() == IGNORE or rows_named(value) is not None:
        return None
    fact = Text(f"工作表“{name}”的列名行写成了“{value}”", f"the headings of sheet {name!r} are in row {value!r}")
    return fact, Text("写行号，例如 3；两行的写 3-4；不读取的写 ignore", "Write a row such as 3, two as 3-4, or ignore")


_CHECKS: dict[str, Callable[[str, str, UnitNames | None], Told]] = {
    "columns": _column,
    "constants": _constant,
    "types": _type,
    "units": _unit,
    "sheets": _sheet,
}


def _shape(where: Where, fact: Text) -> Problem:
    cure = Text(f"{'、'.join(KEYS)} 各是“名称: 名称”的表", f"{', '.join(KEYS)} are tables of names")
    return Problem("bad-mapping", where, fact, cure)
