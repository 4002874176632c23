"""A mapping file: how a department's own layout becomes events (YAML)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from events.mapping import CONSTANTS, DATE, EVENT, IGNORE, TableMapping, mapping_of, rows_named
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.storage.ordinary import read_ordinary
from events.vocabulary import load_vocabulary
from rules.yaml.nodes import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from events.rows import UnitNames
    from events.vocabulary import Vocabulary
    from rules.yaml.nodes import Node

TABLES = ("columns", "constants", "types", "units", "sheets")
"""The parts that are tables of names."""

KEYS = (*TABLES, "headings", "subject", "time_zone", "files", "titled", "recognised_by")

Told = tuple[Text, Text] | None


def load_mapping(
    path: Path | None, names: UnitNames | None = None, vocabulary: Vocabulary | None = None
) -> tuple[tuple[TableMapping, ...] | None, tuple[Problem, ...]]:
    """Read a mapping file; see `load_mappings`."""
    return load_mappings(() if path is None else (path,), names, vocabulary)


def load_mappings(
    paths: Sequence[Path], names: UnitNames | None = None, vocabulary: Vocabulary | None = None
) -> tuple[tuple[TableMapping, ...] | None, tuple[Problem, ...]]:
    """Read mapping files; every mistake in them is told with its line and column.

    Args:
        paths: the files.
        names: the units; without them the names of units are not looked up here.
        vocabulary: the vocabulary; that of the product by default.

    Returns:
        The mappings, None where one cannot be used; and what is wrong with them.
    """
    found: list[TableMapping] = []
    wrong: list[Problem] = []
    for path in paths:
        mapping = _File(names, vocabulary or load_vocabulary(), wrong).read(path)
        if mapping is not None:
            found.append(mapping)
    return (None if has_errors(wrong) else tuple(found)), tuple(wrong)


def hash_of(paths: Sequence[Path]) -> str | None:
    """Return the hash of the mapping file, of several that of their hashes; None where there is none to read."""
    try:
        return _hash_of(paths)
    except OSError:  # what reads the file says what is wrong with it
        return None


def _hash_of(paths: Sequence[Path]) -> str | None:
    hashes = [hashlib.sha256(read_ordinary(path)).hexdigest() for path in paths]
    if len(hashes) <= 1:
        return hashes[0] if hashes else None
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


class _File:
    """One mapping file as it is read."""

    def __init__(self, names: UnitNames | None, vocabulary: Vocabulary, wrong: list[Problem]) -> None:
        self._names = names
        self._vocabulary = vocabulary
        self._wrong = wrong
        self._checks: dict[str, Callable[[str, str], Told]] = {
            "columns": self._column,
            "constants": self._constant,
            "types": self._type,
            "units": self._unit,
            "sheets": _sheet,
        }

    def read(self, path: Path) -> TableMapping | None:
        """Return the mapping, None where the file is none."""
        root, problems = read_yaml(path)
        self._wrong += problems
        if root is None:
            return None
        if root.shape != "mapping":
            self._shape(root.where, Text("对应表不是一张表", "The mapping is no table"))
            return None
        content: dict[str, Any] = {}
        for key, part in root.children.items():
            if key in TABLES:
                content[str(key)] = self._table(str(key), part)
            elif key in KEYS:
                content[str(key)] = self._other(str(key), part)
            else:
                fact = Text(f"对应表没有“{key}”这一部分", f"a mapping has no part {key!r}")
                cure = Text(f"可用：{'、'.join(KEYS)}", f"There are {', '.join(KEYS)}")
                self._bad(part.key, fact, suggestion(did_you_mean(str(key), KEYS), cure), str(key))
        return None if has_errors(self._wrong) else mapping_of(content, str(path))

    def _table(self, key: str, part: Node) -> dict[str, Any]:
        """Return the names of one part with what they stand for."""
        pairs: dict[str, Any] = {}
        if part.shape != "mapping":
            self._shape(part.where, Text(f"{key} 不是“名称: 名称”的表", f"{key} is no table of names"))
        for name, child in part.children.items() if part.shape == "mapping" else ():
            if key == "columns" and child.shape == "mapping":
                pairs[str(name)] = self._event(str(name), child)
                continue
            if child.shape != "scalar" or child.scalar is None:
                fact = Text(f"“{name}”后面不是一个词", f"{name!r} does not stand for one word")
                self._shape(child.where, fact)
                continue
            value = pairs[str(name)] = _text(child.scalar)
            told = self._checks[key](str(name), value)
            if told is not None:
                at = child.key if key == "constants" else child.where
                self._bad(at, told[0], told[1], str(name) if key == "constants" else value)
        return pairs

    def _event(self, heading: str, entry: Node) -> dict[str, Any]:
        """Return a column of dates each of which is an event."""
        event, date = entry.get(EVENT), entry.get(DATE)
        if event is None or event.shape != "scalar":
            fact = Text(
                f"“{heading}”没有写明是哪种事件（event）", f"{heading!r} does not say of which event it is the day"
            )
            cure = Text("例如 {event: 答复申请, date: true}", "For example {event: request.answered, date: true}")
            self._bad(entry.where, fact, cure, heading)
        elif (told := self._type(heading, _text(event.scalar or ""))) is not None:
            self._bad(event.where, told[0], told[1], _text(event.scalar or ""))
        if date is not None and date.scalar is not True:
            fact = Text(f"“{heading}”的 date 只能是 true", f"`date` of {heading!r} can be true only")
            self._bad(date.where, fact, Text("这一列写的就是日期", "The column has the date itself"), None)
        for name, child in entry.children.items():
            if name == CONSTANTS:
                for one, value in child.children.items():
                    self._named(self._constant(str(one), ""), value.key, str(one))
            elif name not in {EVENT, DATE}:
                target = _text(child.scalar or "") if child.shape == "scalar" else ""
                self._named(self._column(str(name), target), child.where, target)
        return {str(name): child.plain() for name, child in entry.children.items()}

    def _named(self, told: Told, where: Where, value: str) -> None:
        if told is not None:
            self._bad(where, told[0], told[1], value)

    def _other(self, key: str, part: Node) -> object:
        """Return a part that is not a table of names."""
        value = part.plain()
        fitting = {
            "headings": isinstance(value, dict) and all(isinstance(one, list) for one in value.values()),
            "titled": isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()),
            "subject": isinstance(value, str),
            "time_zone": isinstance(value, str) and value in available_timezones(),
            "files": isinstance(value, str | list),
            "recognised_by": isinstance(value, list),
        }
        if not fitting[key]:
            forms = {
                "headings": "收到日期: [收件日期, 受理日期]",
                "titled": "规范性文件: {normative: true}",
                "subject": '"{year}-{序号}"',
                "time_zone": "UTC，或者 Asia/Urumqi",
                "files": "[县司法局*.xlsx]",
                "recognised_by": "[收到日期, 答复日期]",
            }
            fact = Text(f"{key} 写得不对", f"{key} is not of its form")
            self._bad(part.where, fact, Text(f"例如 {forms[key]}", f"For example {forms[key]}"), None)
            return {} if key in {"headings", "titled"} else ""
        return value

    def _column(self, name: str, value: str) -> Told:
        vocabulary = self._vocabulary
        if value.strip() == IGNORE or value.strip() in vocabulary.fields or vocabulary.find_attribute(value):
            return None
        cure = Text("请写字段名、data.属性名或者 ignore", "Name a field, data.attribute, or ignore")
        return _nothing_like(name, value, vocabulary.near_attribute(value), cure)

    def _constant(self, name: str, _value: str) -> Told:
        vocabulary = self._vocabulary
        if name.strip() in vocabulary.fields or vocabulary.find_attribute(name):
            return None
        cure = Text("请写字段名或者 data.属性名", "Name a field or data.attribute")
        fact = Text(f"没有名为“{name}”的字段或者属性", f"there is no field or attribute {name!r}")
        return fact, suggestion(vocabulary.near_attribute(name), cure)

    def _type(self, name: str, value: str) -> Told:
        if value == IGNORE or self._vocabulary.find_type(value):
            return None
        cure = Text("请写词汇表中的事件类型，或者 ignore", "Name an event type of the vocabulary, or ignore")
        return _nothing_like(name, value, self._vocabulary.near_type(value), cure)

    def _unit(self, name: str, value: str) -> Told:
        if self._names is None or value == IGNORE or self._names.find(value):
            return None
        cure = Text("请写单位名录中的名称，或者 ignore", "Name a unit of the registry, or ignore")
        return _nothing_like(name, value, self._names.near(value), cure)

    def _shape(self, where: Where, fact: Text) -> None:
        cure = Text(f"{'、'.join(TABLES)} 各是“名称: 名称”的表", f"{', '.join(TABLES)} are tables of names")
        self._bad(where, fact, cure, None)

    def _bad(self, where: Where, fact: Text, cure: Text, value: str | None) -> None:
        self._wrong.append(Problem("bad-mapping", where, fact, cure, value))


def _text(value: str | float | bool) -> str:
    """Return a scalar as it would stand in a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _nothing_like(name: str, value: str, near: tuple[str, ...], cure: Text) -> Told:
    fact = Text(f"“{name}”指向不存在的“{value}”", f"{name!r} is mapped to {value!r}, which does not exist")
    return fact, suggestion(near, cure)


def _sheet(name: str, value: str) -> Told:
    if value.strip() == IGNORE or rows_named(value) is not None:
        return None
    fact = Text(f"工作表“{name}”的列名行写成了“{value}”", f"the headings of sheet {name!r} are in row {value!r}")
    return fact, Text("写行号，例如 3；两行的写 3-4；不读取的写 ignore", "Write a row such as 3, two as 3-4, or ignore")
