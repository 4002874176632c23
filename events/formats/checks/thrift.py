"""Thrift's compact protocol, as far as Parquet writes its footer and page headers in it; read within bounds.

Source: Apache Thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

import struct
from typing import TypeAlias

Value: TypeAlias = "int | float | bytes | list[Value] | Struct"
Struct: TypeAlias = "dict[int, Value]"

MOST_VALUES = 2_000_000
"""How many values a footer may have."""
_DEEPEST = 24
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12
_WHOLE = frozenset({4, 5, 6})
_LONGEST = 10
"""Bytes of the longest varint."""


class ThriftError(ValueError):
    """Bytes that are not in this form, or more values or a greater depth than there may be."""


class Reader:
    """Reads values one after another.

    Attributes:
        at: where the next byte is.
    """

    def __init__(self, raw: bytes | memoryview, at: int, end: int) -> None:
        """Start at a byte; nothing from `end` on is read."""
        self._raw = memoryview(raw)[:end]
        self.at = at
        self._left = MOST_VALUES

    def structure(self, depth: int = 0) -> Struct:
        """Return a struct as its fields by number.

        Raises:
            ThriftError: there is none.
        """
        if depth > _DEEPEST:
            message = "nested"
            raise ThriftError(message)
        fields: Struct = {}
        number = 0
        while (head := self._byte()) != _STOP:
            number = number + (head >> 4) if head >> 4 else self._signed()
            kind = head & 15
            fields[number] = int(kind == _TRUE) if kind in {_TRUE, _FALSE} else self._value(kind, depth)
        return fields

    def skip(self, count: int) -> None:
        """Go on behind some bytes.

        Raises:
            ThriftError: there are not so many.
        """
        if count < 0:
            message = "bytes"
            raise ThriftError(message)
        self._take(count)

    def _value(self, kind: int, depth: int) -> Value:
        self._left -= 1
        if self._left < 0:
            message = "values"
            raise ThriftError(message)
        if kind in _WHOLE:
            return self._signed()
        if kind == _BINARY:
            return bytes(self._take(self._varint()))
        if kind in {_TRUE, _FALSE, _BYTE}:
            return self._byte()
        if kind == _DOUBLE:
            return float(struct.unpack("<d", self._take(8))[0])
        return self._container(kind, depth)

    def _container(self, kind: int, depth: int) -> Value:
        if kind in {_LIST, _SET}:
            head = self._byte()
            size = self._varint() if head >> 4 == 15 else head >> 4  # noqa: PLR2004 (four bits, all set)
            return [self._value(head & 15, depth + 1) for _ in range(size)]
        if kind == _STRUCT:
            return self.structure(depth + 1)
        if kind == _MAP and (size := self._varint()):
            kinds = self._byte()
            return [[self._value(kinds >> 4, depth + 1), self._value(kinds & 15, depth + 1)] for _ in range(size)]
        if kind == _MAP:
            return []
        message = f"type {kind}"
        raise ThriftError(message)

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> memoryview:
        piece = self._raw[self.at : self.at + count]
        if len(piece) < count:
            message = "end"
            raise ThriftError(message)
        self.at += count
        return piece

    def _varint(self) -> int:
        number = 0
        for place in range(_LONGEST):
            byte = self._byte()
            number |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:  # noqa: PLR2004 (the bit that says that more follows)
                return number
        message = "varint"
        raise ThriftError(message)

    def _signed(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
