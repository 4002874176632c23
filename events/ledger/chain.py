"""The chain of entries: each line carries the SHA-256 of the line before, so that no line can change unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from operator import and_
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GENESIS = "0" * 64
"""What the first entry carries: there is none before it."""

FORMAT = "gongkai-ledger/1"
_OPEN, _CLOSE, _END = b'{"prev":"', b'",', b"}\n"
_AFTER = len(_OPEN) + len(GENESIS)
BODY = _AFTER + len(_CLOSE)
"""Where the body of an entry starts in its line."""
_SORTS = (b'"event":{', b'"import":')


class ChainError(ValueError):
    """A line that does not follow from the one before it.

    Attributes:
        entry: its number, from 1.
        line: the line.
        following: the line after it, where it is known.
        formed: whether it is an entry at all, if of another chain.
    """

    def __init__(self, entry: int, line: bytes, following: bytes | None, *, formed: bool) -> None:
        super().__init__(f"entry {entry} does not follow")
        self.entry = entry
        self.line = line
        self.following = following
        self.formed = formed


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a ledger: everything up to one entry.

    Attributes:
        size: bytes of the entries up to here.
        entries: how many there are.
        events: how many of them are events; the others are records of imports.
        hash: the hash of the last one, `GENESIS` where there is none.
    """

    size: int = 0
    entries: int = 0
    events: int = 0
    hash: str = GENESIS

    def text(self) -> bytes:
        """Return the file `head.json`: there is one way only to write a state."""
        content = {
            "format": FORMAT,
            "bytes": self.size,
            "entries": self.entries,
            "events": self.events,
            "head": self.hash,
        }
        return json.dumps(content, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def parse(cls, raw: bytes) -> Self | None:
        """Return the state that `head.json` names, or None where it is not one, to the byte."""
        try:
            content = json.loads(raw)
            head = cls(content["bytes"], content["entries"], content["events"], content["head"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return head if head.text() == raw else None


def hash_of(line: bytes) -> str:
    """Return the hash of an entry: SHA-256 of its line without the line feed, in hexadecimal."""
    return sha256(line.removesuffix(b"\n")).hexdigest()


class Chain:
    """Entries one after another, and the state that they lead to."""

    def __init__(self, head: Head | None = None) -> None:
        """Start at a state; at the beginning without one."""
        head = head or Head()
        self._size, self._entries, self._events, self.hash = head.size, head.entries, head.events, head.hash

    @property
    def head(self) -> Head:
        """The state after the last entry."""
        return Head(self._size, self._entries, self._events, self.hash)

    def follow(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[Sequence[bytes]]:
        """Yield the lines, so many at a time as they come, as long as each follows from the one before.

        Raises:
            ChainError: a line does not; the state is that before it.
        """
        waiting = iter(blocks)
        for lines in waiting:
            hashes = [sha256(line[:-1]).hexdigest().encode() for line in lines]
            good = _following(lines, [self.hash.encode(), *hashes])
            self._go_on(lines[:good], hashes[good - 1] if good else self.hash.encode())
            if good < len(lines):
                line = lines[good]
                following = lines[good + 1] if good + 1 < len(lines) else next(waiting, (None,))[0]
                raise ChainError(self._entries + 1, line, following, formed=is_entry(line))
            yield lines

    def _go_on(self, lines: Sequence[bytes], last: bytes) -> None:
        """Go on by lines that are known to follow, given the hash of the last one."""
        self._size += sum(map(len, lines))
        self._entries += len(lines)
        self._events += sum(map(bytes.startswith, lines, repeat(_SORTS[0]), repeat(BODY)))
        self.hash = last.decode()

    def extend(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[Sequence[bytes]]:
        """Yield a line for each body, which ends in `}` and a line feed; the state is that of the last one."""
        for bodies in blocks:
            lines: list[bytes] = []
            last = self.hash.encode()
            for body in bodies:
                line = b"%b%b%b%b" % (_OPEN, last, _CLOSE, body)
                last = sha256(line[:-1]).hexdigest().encode()
                lines.append(line)
            self._go_on(lines, last)
            yield lines


def _following(lines: Sequence[bytes], before: Sequence[bytes]) -> int:
    """Return how many lines, from the first, are entries that carry the hash that is before them."""
    starts = [_OPEN + one + _CLOSE for one in before]
    sorts = map(bytes.startswith, lines, repeat(_SORTS), repeat(BODY))
    formed = map(and_, sorts, map(bytes.endswith, lines, repeat(_END)))
    good = [*map(and_, map(bytes.startswith, lines, starts), formed)]
    return good.index(False) if False in good else len(good)


def is_entry(line: bytes) -> bool:
    """Say whether a line has the form of an entry."""
    return (
        line.startswith(_OPEN) and line[_AFTER:BODY] == _CLOSE and line.startswith(_SORTS, BODY) and line.endswith(_END)
    )


def is_event(line: bytes) -> bool:
    """Say whether an entry is an event."""
    return line.startswith(_SORTS[0], BODY)


def carried(line: bytes) -> bytes:
    """Return the hash that an entry carries: that of the one before."""
    return line[len(_OPEN) : _AFTER]


def precedes(line: bytes, following: bytes) -> bool:
    """Say whether a line carries the hash of another."""
    return is_entry(following) and carried(following) == hash_of(line).encode()
