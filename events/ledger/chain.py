"""The chain of entries: each line carries the SHA-256 of the line before, so that no line can change unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GENESIS = "0" * 64
"""What the first entry carries: there is none before it."""

FORMAT = "gongkai-ledger/1"
_OPEN, _CLOSE, _END = b'{"prev":"', b'",', b"}\n"
_LINE = _OPEN + b"%b" + _CLOSE + b"%b"
_AT = len(_OPEN)
_AFTER = _AT + len(GENESIS)
BODY = _AFTER + len(_CLOSE)
"""Where the body of an entry starts in its line."""
_SORTS = (b'"event":{', b'"import":')
_BEGUN = BODY + len(_SORTS[0])
_BEGINNINGS = {_CLOSE + one for one in _SORTS}


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
            hashes = [sha256(line[:-1]).hexdigest() for line in lines]
            before = [self.hash, *hashes]
            good = len(lines) if _all_follow(lines, before) else _following(lines, before)
            self._go_on(lines[:good], before[good])
            if good < len(lines):
                line = lines[good]
                following = lines[good + 1] if good + 1 < len(lines) else next(waiting, (None,))[0]
                raise ChainError(self._entries + 1, line, following, formed=is_entry(line))
            yield lines

    def _go_on(self, lines: Sequence[bytes], last: str) -> None:
        """Go on by lines that are known to follow, given the hash of the last one."""
        self._size += sum(map(len, lines))
        self._entries += len(lines)
        self._events += [line[BODY:_BEGUN] for line in lines].count(_SORTS[0])
        self.hash = last

    def extend(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[Sequence[bytes]]:
        """Yield a line for each body, which ends in `}` and a line feed; the state is that of the last one."""
        for bodies in blocks:
            lines: list[bytes] = []
            last = self.hash.encode()
            for body in bodies:
                line = _LINE % (last, body)
                last = sha256(line[:-1]).hexdigest().encode()
                lines.append(line)
            self._go_on(lines, last.decode())
            yield lines


def _all_follow(lines: Sequence[bytes], before: Sequence[str]) -> bool:
    """Say whether all lines are entries that carry the hash that is before them; all are looked at together."""
    return (
        b"".join([line[_AT:_AFTER] for line in lines]) == "".join(before[: len(lines)]).encode()
        and {line[:_AT] for line in lines} <= {_OPEN}
        and {line[_AFTER:_BEGUN] for line in lines} <= _BEGINNINGS
        and {line[-len(_END) :] for line in lines} <= {_END}
    )


def _following(lines: Sequence[bytes], before: Sequence[str]) -> int:
    """Return how many lines, from the first, are entries that carry the hash that is before them."""
    pairs = zip(lines, before, strict=False)
    return next((place for place, pair in enumerate(pairs) if not _follows(*pair)), len(lines))


def _follows(line: bytes, before: str) -> bool:
    return is_entry(line) and carried(line) == before.encode()


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
    return line[_AT:_AFTER]


def precedes(line: bytes, following: bytes) -> bool:
    """Say whether a line carries the hash of another."""
    return is_entry(following) and carried(following) == hash_of(line).encode()
