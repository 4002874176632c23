"""A value of a YAML file, with its places; and as plain lists and dictionaries, which is what is kept between runs.

What is kept of a value is `[line, column, content]`, its content a scalar, a list of values, or a dictionary of
`[line of the key, its column, line, column, content]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from events.problems import Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | dict[str, Plain] | list[Plain]"


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a YAML file, with where it and its key stand.

    Attributes:
        where: place of the value.
        key: place of the key that it stands under; the place of the value in a list.
        scalar: the value, where it is neither a mapping nor a list.
        children: the values of a mapping or list, by key or position.
        shape: what it is.
    """

    where: Where
    key: Where
    shape: str
    scalar: Scalar = None
    children: Mapping[str | int, Node] = field(default_factory=dict)

    def plain(self) -> Plain:
        """Return the value as Python's own dictionaries, lists and scalars."""
        if self.shape == "mapping":
            return {str(key): child.plain() for key, child in self.children.items()}
        if self.shape == "list":
            return [child.plain() for child in self.children.values()]
        return self.scalar

    def get(self, key: str | int) -> Node | None:
        """Return the value under `key`, or None."""
        return self.children.get(key)

    def items(self, key: str) -> tuple[Node, ...]:
        """Return the entries of the list under `key`; nothing where there is no list."""
        child = self.children.get(key)
        return tuple(child.children.values()) if child is not None and child.shape == "list" else ()

    def text(self, key: str) -> str | None:
        """Return the text under `key`, or None."""
        child = self.children.get(key)
        return child.scalar if child is not None and isinstance(child.scalar, str) else None

    def walk(self) -> Iterator[Node]:
        """Go through this value and everything in it, in the order of the file."""
        yield self
        for child in self.children.values():
            yield from child.walk()

    def place_of(self, word: str) -> Where:
        """Return where `word` first stands as a value or a key in here, or the place of the whole."""
        for node in self.walk():
            if node.scalar == word:
                return node.where
            if word in node.children:
                return node.children[word].key
        return self.where


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
