"""A file's values and places as plain lists and dictionaries, which is what is kept of it between runs.

A value is `[line, column, content]`, its content a scalar, a list of values, or a dictionary of
`[line of the key, its column, line, column, content]`.
"""

from __future__ import annotations

from typing import Any

from events.problems import Where
from rules.yaml.node import Node


def pack(node: Node) -> list[Any]:
    """Return a value and its places."""
    return [node.where.line, node.where.column, _content(node)]


def _content(node: Node) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return what a value says."""
    if node.shape == "mapping":
        return {key: [child.key.line, child.key.column, *pack(child)] for key, child in node.children.items()}
    if node.shape == "list":
        return [pack(child) for child in node.children.values()]
    return node.scalar


def unpack(packed: Any, file: str) -> Node:  # noqa: ANN401 - whatever JSON can say
    """Return the value that was packed, as standing in `file`.

    Raises:
        ValueError, TypeError: it is no packed value.
    """
    line, column, content = packed
    return _node(file, Where(file, line, column), Where(file, 1, 1), content)


def _node(file: str, where: Where, key: Where, content: Any) -> Node:  # noqa: ANN401 - whatever JSON can say
    """Return the value with this content at this place."""
    if isinstance(content, dict):
        children: dict[str | int, Node] = {}
        for name, (key_line, key_column, line, column, inner) in content.items():
            children[name] = _node(file, Where(file, line, column), Where(file, key_line, key_column), inner)
        return Node(where, key, "mapping", children=children)
    if isinstance(content, list):
        entries: dict[str | int, Node] = {}
        for position, (line, column, inner) in enumerate(content):
            place = Where(file, line, column)
            entries[position] = _node(file, place, place, inner)
        return Node(where, key, "list", children=entries)
    return Node(where, key, "scalar", scalar=content)
