"""YAML text turned into values with their places, by PyYAML's composer."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from yaml.composer import Composer

from events.problems import Problem, Text, Where
from rules.yaml.node import Node, Scalar
from rules.yaml.problems import (
    SYNTAX_CURE,
    duplicate,
    syntax_problem,
    too_deep,
    too_large,
    unknown_tag,
)

MAX_DEPTH = 40
MAX_NODES = 200_000

TEXT_KEYS = frozenset(
    {"id", "clause", "rule", "rules", "unit", "units", "subject", "name", "reading", "document", "retracts", "corrects"}
)
"""Keys whose values are read as text, whatever they look like."""

_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]{1,3})?")
_KNOWN_TAGS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))
_KNOWN_TAGS |= {_TAG + "merge", _TAG + "value"}


class _StopReadingError(Exception):
    """The file cannot be read any further; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.code)
        self.problem = problem


def read_text(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read YAML text of one document, as `rules.yaml.nodes.parse_yaml` returns it.

    Args:
        text: the text.
        file: the name that places show.

    Returns:
        The value, None where it cannot be read, and what is wrong with it.
    """
    try:
        root = _compose(text)
        if root is None:
            fact = Text("文件是空的", "the file is empty")
            cure = Text("请写入内容，或者删除这个文件", "Write something into it, or delete it")
            return None, (Problem("empty-file", Where(file, 1, 1), fact, cure),)
        builder = _Builder(file)
        node = builder.build(root, Where(file, 1, 1), as_text=False, depth=0)
    except _StopReadingError as stop:
        problem = stop.problem
        place = Where(file, problem.where.line, problem.where.column)
        return None, (Problem(problem.code, place, problem.fact, problem.cure, problem.value),)
    except yaml.YAMLError as error:
        return None, (syntax_problem(error, file),)
    except (ValueError, OverflowError) as error:  # an escape such as "\UFFFFFFFF" names no character
        fact = Text("YAML 语法不对：无法识别的转义字符", f"this is not YAML: {error}")
        return None, (Problem("yaml-syntax", Where(file, 1, 1), fact, SYNTAX_CURE),)
    return node, tuple(builder.problems)


class _Bounded(Composer):
    """PyYAML's composer, with an end to depth."""

    depth = 0
    peek_event: Any  # the parser's

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node, unless it lies too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _StopReadingError(too_deep(self.peek_event().start_mark, MAX_DEPTH))
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Loader(_Bounded, yaml.SafeLoader):
    """The composer over PyYAML's own parser, whose messages are the clearer ones."""


@cache
def _quick_loader() -> type[Composer]:
    """Return the composer over libyaml's parser, which is several times faster, where PyYAML has it."""
    if not yaml.__with_libyaml__:
        return _Loader

    class Quick(_Bounded, yaml.CSafeLoader):
        """The composer over libyaml's parser."""

        def __init__(self, text: str) -> None:
            """Open the text."""
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    return Quick


def _compose(text: str) -> yaml.Node | None:
    """Return the tree of the text, or None of an empty one."""
    try:
        return _composed(_quick_loader(), text)
    except yaml.YAMLError:
        return _composed(_Loader, text)


def _composed(kind: Any, text: str) -> yaml.Node | None:  # noqa: ANN401 - PyYAML's loaders share no typed base
    """Return what a sort of loader composes."""
    loader = kind(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


class _Builder:
    """Turns PyYAML's tree into ours, counting what aliases repeat."""

    def __init__(self, file: str) -> None:
        """Start with nothing counted."""
        self.file = file
        self.count = 0
        self.problems: list[Problem] = []

    def place(self, mark: yaml.Mark) -> Where:
        """Return the place of PyYAML's mark."""
        return Where(self.file, mark.line + 1, mark.column + 1)

    def build(self, node: yaml.Node, key: Where, *, as_text: bool, depth: int) -> Node:
        """Return our node for PyYAML's."""
        self.count += 1
        if self.count > MAX_NODES:
            fact = Text(f"展开引用后超过 {MAX_NODES} 个值", f"with its aliases there are over {MAX_NODES} values")
            raise _StopReadingError(too_large(self.place(node.start_mark), fact))
        if depth > MAX_DEPTH:
            raise _StopReadingError(too_deep(node.start_mark, MAX_DEPTH))
        where = self.place(node.start_mark)
        if node.tag not in _KNOWN_TAGS:
            self.problems.append(unknown_tag(where, node.tag))
        if isinstance(node, yaml.MappingNode):
            return Node(where, key, "mapping", children=self._mapping(node, depth))
        if isinstance(node, yaml.SequenceNode):
            children: dict[str | int, Node] = {}
            for position, child in enumerate(node.value):
                children[position] = self.build(child, self.place(child.start_mark), as_text=as_text, depth=depth + 1)
            return Node(where, key, "list", children=children)
        return Node(where, key, "scalar", scalar=_scalar(node, as_text=as_text))

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str | int, Node]:
        """Return the entries of a mapping; a key given twice is a problem, and the first one stays."""
        children: dict[str | int, Node] = {}
        for key_node, value_node in node.value:
            place = self.place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                fact = Text("键不是一个词", "the key is not a word")
                cure = Text("请用一个词作键", "Use one word as the key")
                self.problems.append(Problem("bad-key", place, fact, cure))
                continue
            name = str(key_node.value)
            child = self.build(value_node, place, as_text=name in TEXT_KEYS, depth=depth + 1)
            if name in children:
                self.problems.append(duplicate(place, name, children[name].key))
                continue
            children[name] = child
        return children


def _scalar(node: yaml.Node, *, as_text: bool) -> Scalar:
    """Return what a scalar says."""
    value = str(node.value)
    tag = node.tag.removeprefix(_TAG)
    if tag == "null":
        return None
    if as_text or getattr(node, "style", None):  # plain: None of PyYAML's parser, empty of libyaml's
        return value
    if tag == "bool" and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if tag == "int" and _INT.fullmatch(value):
        return int(value)
    if tag == "float" and _FLOAT.fullmatch(value):
        return float(value)
    return value
