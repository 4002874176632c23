"""The streams of a compound file, the container of .xls workbooks ([MS-CFB])."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_END = 0xFFFFFFFE
_SHORT_STREAM, _SMALL = 4096, 64
"""A shorter stream lies in sectors of 64 bytes within the stream of the root."""


class CompoundFile:
    """A compound file whose bytes are at hand.

    Raises:
        struct.error, IndexError: it is damaged.
        ValueError: it has sectors of a size that no compound file has.
    """

    def __init__(self, raw: bytes) -> None:
        """Read which sector follows which."""
        shift = struct.unpack_from("<H", raw, 30)[0]
        if not 7 <= shift <= 16:  # noqa: PLR2004 - no compound file has other sectors
            message = "sectors"
            raise ValueError(message)
        self._raw, self._size = raw, 1 << shift
        heads = [one for one in struct.unpack_from("<109I", raw, 76) if one < _END]
        following, count = struct.unpack_from("<2I", raw, 68)
        for _ in range(min(count, len(raw) // self._size)):
            part = self._numbers(self._sector(following))
            heads += [one for one in part[:-1] if one < _END]
            following = part[-1]
        self._next = [entry for head in heads for entry in self._numbers(self._sector(head))]
        self._next_small = self._numbers(self._stream(struct.unpack_from("<I", raw, 60)[0]))
        self._directory = self._stream(struct.unpack_from("<I", raw, 48)[0])
        self._root = self._stream(struct.unpack_from("<I", self._directory, 116)[0])

    def find(self, names: Collection[str]) -> bytes:
        """Return the first stream of one of these names, nothing where there is none."""
        directory = self._directory
        for at in range(128, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<2I", directory, at + 116)
            if name in names:
                whole = self._stream(start) if size >= _SHORT_STREAM else self._small_stream(start)
                return whole[:size]
        return b""

    def _sector(self, number: int) -> bytes:
        return self._raw[(number + 1) * self._size : (number + 2) * self._size]

    def _stream(self, start: int) -> bytes:
        return _chain(start, self._next, self._sector)

    def _small_stream(self, start: int) -> bytes:
        return _chain(start, self._next_small, lambda one: self._root[one * _SMALL : (one + 1) * _SMALL])

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(start: int, following: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
    """Return the sectors from one on, each with the one that follows it; a circle ends when all were passed."""
    pieces, seen = [], 0
    while start < len(following) and seen <= len(following):
        pieces.append(sector(start))
        start, seen = following[start], seen + 1
    return b"".join(pieces)
