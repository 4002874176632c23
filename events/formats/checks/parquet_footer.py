"""The footer of a Parquet file, read before its reader may: columns, row groups, pages, and what they come to.

Two kilobytes can stand for gigabytes: a page may say that it has two thousand million numbers, all equal, while the
footer says ten; a schema may be nested a hundred thousand deep, which ends the process of the native reader. So footer
and page headers of the columns that are read are gone through here.
Source: apache/parquet-format, parquet.thrift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from events.formats.checks.thrift import Reader, Struct, ThriftError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAGIC = b"PAR1"
_TAIL = 8
_DEEPEST = 12
"""How deep a column may be nested: a list of attributes in `data` is four deep."""
_BYTE_ARRAY, _FIXED = 6, 7
_REPEATED = 2
_DATA, _DICTIONARY, _DATA_2 = 0, 2, 3
_WIDTH = 8
"""Bytes that a value takes at least once it is read."""
_WIDE = 16
"""Bytes that a value takes whose bytes are stored as such: an offset, or a decimal."""
_MOST_PAGES = 200_000
_PREFIXED = 7
"""DELTA_BYTE_ARRAY: a text says how much of the one before it starts with; a page can come to any size."""
_OBJECT = 40
"""Bytes that a value in a list takes besides: a row is taken apart as a whole, however many values are in it."""
_Typed = TypeVar("_Typed", int, bytes, "list[Any]", "dict[Any, Any]")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column that holds values: one of the table, or a part of one.

    Attributes:
        path: the names down to it; the first is that of the table's column.
        width: bytes of a value once it is read.
        is_text: whether its values are texts or bytes of any length.
        repeated: how many lists it lies in.
    """

    path: tuple[str, ...]
    width: int
    is_text: bool
    repeated: int


@dataclass(frozen=True, slots=True)
class Footer:
    """The footer of a file.

    Attributes:
        leaves: the columns that hold values, in their order.
        rows: how many rows there are.
        groups: each row group: its rows, and its chunk of each leaf.
    """

    leaves: tuple[Leaf, ...]
    rows: int
    groups: tuple[tuple[int, tuple[Struct, ...]], ...]

    def names(self) -> tuple[str, ...]:
        """Return the columns of the table, in their order; one that is there twice, twice."""
        names: list[str] = []
        for leaf in self.leaves:
            if not (names and names[-1] == leaf.path[0] and len(leaf.path) > 1):
                names.append(leaf.path[0])
        return tuple(names)


def read_footer(raw: bytes, most: int) -> Footer:
    """Return the footer of a file.

    Args:
        raw: the whole file.
        most: the most columns that it may have, parts of columns included.

    Raises:
        ThriftError: it has none, or one that contradicts itself or is nested too deep.
        TooManyColumnsError: it has more columns.
    """
    if len(raw) < len(MAGIC) + _TAIL or raw[-4:] != MAGIC or raw[:4] != MAGIC:
        message = "no PAR1"
        raise ThriftError(message)
    length = int.from_bytes(raw[-8:-4], "little")
    start = len(raw) - _TAIL - length
    if start < len(MAGIC):
        message = f"footer of {length} bytes"
        raise ThriftError(message)
    said = Reader(raw, start, len(raw) - _TAIL).structure()
    leaves = tuple(_leaves(_typed(said, 2, list), most))
    groups = tuple(_group(one, len(leaves)) for one in _typed(said, 4, list))
    rows = _typed(said, 3, int)
    if rows != sum(number for number, _ in groups):
        message = f"{rows} rows"
        raise ThriftError(message)
    return Footer(leaves, rows, groups)


class TooManyColumnsError(ValueError):
    """A file with more columns than the limit.

    Attributes:
        found: how many it says that it has.
    """

    def __init__(self, found: int) -> None:
        super().__init__(str(found))
        self.found = found


def _typed(said: object, number: int, kind: type[_Typed], otherwise: _Typed | None = None) -> _Typed:
    """Return a field of a struct, which must be of this type."""
    value = said.get(number, otherwise) if isinstance(said, dict) else None
    if isinstance(value, kind):
        return value
    message = f"field {number}"
    raise ThriftError(message)


def _leaves(elements: list[object], most: int) -> Iterator[Leaf]:
    """Yield the columns of a schema, which is written as a list, each group before its parts."""
    if len(elements) > 4 * most:  # a list has three elements
        raise TooManyColumnsError(len(elements))
    open_groups: list[tuple[str, int, int]] = []  # name, parts to come, lists that it lies in
    for number, element in enumerate(elements):
        name = _typed(element, 4, bytes, b"").decode("utf-8", "replace")
        parts, repeated = _typed(element, 5, int, 0), open_groups[-1][2] if open_groups else 0
        repeated += _typed(element, 3, int, 0) == _REPEATED
        if number and not open_groups:
            message = "schema"
            raise ThriftError(message)
        if open_groups:
            parent, left, depth = open_groups.pop()
            open_groups.append((parent, left - 1, depth))
        if parts > 0:
            open_groups.append((name, parts, repeated))
        elif number:
            yield _leaf(element, (*(one for one, _, _ in open_groups[1:]), name), repeated)
        if len(open_groups) > _DEEPEST:
            message = "nested"
            raise ThriftError(message)
        while open_groups and not open_groups[-1][1]:
            open_groups.pop()
    if open_groups:
        message = "schema"
        raise ThriftError(message)


def _leaf(element: object, path: tuple[str, ...], repeated: int) -> Leaf:
    kind, length = _typed(element, 1, int, -1), max(_typed(element, 2, int, 0), 0)
    decimal = _typed(element, 6, int, -1) == 5 or length  # noqa: PLR2004 (ConvertedType.DECIMAL)
    width = max(length, _WIDE) if decimal or kind in {_BYTE_ARRAY, _FIXED} else _WIDTH
    width += _OBJECT if repeated else 0
    return Leaf(path, width, kind == _BYTE_ARRAY, repeated)


def _group(said: object, leaves: int) -> tuple[int, tuple[Struct, ...]]:
    chunks = [_typed(one, 3, dict) for one in _typed(said, 1, list)]
    rows = _typed(said, 3, int)
    if len(chunks) != leaves or rows < 0 or any({8, 9} & one.keys() for one in _typed(said, 1, list)):
        message = "row group"
        raise ThriftError(message)
    return rows, tuple(chunks)


def bytes_of(raw: bytes, footer: Footer, columns: Collection[str], most: int) -> int:
    """Return how many bytes the values of some columns come to at least, their pages being unpacked.

    Args:
        raw: the whole file.
        footer: its footer.
        columns: names of columns; what lies in them counts, and so does `a.b` for `a`.
        most: where it is more than this it is not counted on.

    Raises:
        ThriftError: the pages contradict the footer.
    """
    read = [number for number, leaf in enumerate(footer.leaves) if _is_read(leaf, columns)]
    walk = _Pages(raw, most)
    for rows, chunks in footer.groups:
        for number in read:
            leaf = footer.leaves[number]
            values = walk.chunk(chunks[number], leaf)
            if not leaf.repeated and values != rows and walk.total <= most:
                message = f"{'.'.join(leaf.path)}: {values} ≠ {rows}"
                raise ThriftError(message)
    return walk.total


def _is_read(leaf: Leaf, columns: Collection[str]) -> bool:
    """Say whether pyarrow reads a column for one of these names: it goes by the path with dots, from the start."""
    dotted = ".".join(leaf.path)
    return leaf.path[0] in columns or any(dotted == name or dotted.startswith(f"{name}.") for name in columns)


class _Pages:
    """Goes through the pages of chunks, and counts.

    Attributes:
        total: bytes that the values come to, so far.
    """

    def __init__(self, raw: bytes, most: int) -> None:
        """Start with nothing counted; beyond `most` nothing more is."""
        self.total = self._pages = 0
        self._raw, self._most = raw, most

    def chunk(self, chunk: Struct, leaf: Leaf) -> int:
        """Count the pages of a chunk, and return how many values they have."""
        start, dictionary = _typed(chunk, 9, int), _typed(chunk, 11, int, 0)
        start = dictionary if 0 < dictionary < start else start
        wanted = _typed(chunk, 5, int)
        end = start + _typed(chunk, 7, int)
        if wanted == 0:
            return 0
        if start < len(MAGIC) or end > len(self._raw) - _TAIL or wanted < 0:
            message = "column chunk"
            raise ThriftError(message)
        values = 0
        while values < wanted and self.total <= self._most:
            reader = Reader(self._raw, start, end)
            values += self._page(reader, leaf)
            start = reader.at
            if values > wanted or self._pages > _MOST_PAGES:
                message = f"pages: {values} > {wanted}" if values > wanted else f"pages > {_MOST_PAGES}"
                raise ThriftError(message)
        return values

    def _page(self, reader: Reader, leaf: Leaf) -> int:
        """Count a page, go to its end, and return how many values of the column it has."""
        header = reader.structure()
        size, packed, kind = (_typed(header, number, int) for number in (2, 3, 1))
        said = {_DATA: 5, _DATA_2: 8, _DICTIONARY: 7}.get(kind)
        inner = _typed(header, said, dict) if said is not None else {}
        values = _typed(inner, 1, int, 0)
        reader.skip(packed)
        encoding = _typed(inner, 4 if kind == _DATA_2 else 2, int, 0)
        if min(size, values) < 0 or (kind == _DICTIONARY and values > size) or encoding == _PREFIXED:
            message = "DELTA_BYTE_ARRAY" if encoding == _PREFIXED else "page"
            raise ThriftError(message)
        self._pages += 1
        self.total += values * leaf.width + size
        return values if kind in {_DATA, _DATA_2} else 0
