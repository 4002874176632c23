"""The entries of a ledger, followed from the first to the last: whatever was changed is found, and named."""

from __future__ import annotations

from io import BytesIO
from itertools import chain as joined
from typing import TYPE_CHECKING

from events.ledger.chain import GENESIS, Chain, ChainError, Head, carried, hash_of, is_event, precedes
from events.ledger.damage import DamageError, damaged, state_unreadable, unknown_head, unreadable
from events.ledger.folder import ENTRIES, opened
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from events.problems import Problem

EXPORT = f'{{"prev":"{GENESIS}","import":'.encode()
"""What an exported file begins with."""

_BLOCK = 4 << 20
"""How many bytes of entries are looked at together, and the most of a line that goes on beyond them.

Entries that are added are shorter by far (`stage.MOST`).
"""

CHANGED = Text("这一条被改动或者损坏", "this entry was changed or is damaged")
LINK = Text(
    "这一条被改动，或者它后面有记录被删去、调换、插入",
    "this entry was changed, or some after it were removed, reordered or inserted",
)
STRANGE = Text("这一条不接在前一条后面：被插入、调换或者改动", "it does not follow: inserted, reordered or changed")
LAST = Text(
    "这一条和 head.json 不符：两者之一被改动或者损坏",
    "it and head.json differ: one of the two was changed or is damaged",
)
MISSING = Text("从这一条起的记录不见了", "the entries from this one on are missing")


def blocks_of(path: Path, size: int | None = None, start: int = 0) -> Iterator[list[bytes]]:
    """Yield the lines of a file of entries, some megabytes at a time; one without an end comes in pieces.

    Args:
        path: the file.
        size: where the last line begins before; the end of the file without.
        start: where the first one begins.

    Raises:
        DamageError: it is a link or a pipe, or cannot be read.
    """
    with opened(path) as file:
        if file is None:
            return
        try:
            file.seek(start)
            yield from _blocks(file, None if size is None else size - start)
        except OSError as error:
            raise DamageError(unreadable(path, error)) from error


def _blocks(file: BinaryIO, left: int | None = None) -> Iterator[list[bytes]]:
    """Yield the lines of a file; the last of them begins within the bytes that are left to read."""
    while left is None or left > 0:
        block = file.read(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            return
        if not block.endswith(b"\n"):
            block += file.readline(_BLOCK)
        left = None if left is None else left - len(block)
        yield BytesIO(block).readlines()


def lines_of(path: Path, size: int | None = None) -> Iterator[bytes]:
    """Yield the lines of a file of entries one after another, as `blocks_of` reads them."""
    return joined.from_iterable(blocks_of(path, size))


def follow(ledger: Path, head: Head, start: Head | None = None) -> Iterator[bytes]:
    """Yield the entries up to a state one after another, as `follow_blocks` does."""
    return joined.from_iterable(follow_blocks(ledger, head, start))


def follow_blocks(ledger: Path, head: Head, start: Head | None = None) -> Iterator[Sequence[bytes]]:
    """Yield the entries up to a state, some megabytes at a time, after each was found to be what it was.

    What follows an entry says that it is: so none are yielded before what follows them was looked at, too.

    Args:
        ledger: the folder.
        head: the state.
        start: an earlier state, whose entries are passed over.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted, or the state does not fit; the first.
    """
    start = start or Head()
    chain = Chain(start)
    held: Sequence[bytes] = ()
    try:
        for lines in chain.follow(blocks_of(ledger / ENTRIES, head.size, start.size)):
            if held:
                yield held
            held = lines
    except ChainError as error:
        raise DamageError(_blame(ledger / ENTRIES, error, head)) from None
    if chain.head != head:
        raise DamageError(_end(ledger, chain.head, head))
    if held:
        yield held


def is_export(path: Path) -> bool:
    """Say whether a file has the entries of a ledger."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            return file.read(len(EXPORT)) == EXPORT
    except (OSError, ValueError):
        return False


def follow_export(path: Path, base: Head | None = None) -> tuple[Head, bool]:
    """Return the state that the entries of an exported file lead to, and whether they go through another state.

    Args:
        path: the file; a link that was named itself is followed.
        base: the other state.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted; it names the first.
    """
    return _follow_export(path, blocks_of(path.resolve()), base)


def follow_bytes(path: Path, raw: bytes) -> None:
    """Follow the entries of an exported file that is in memory; its last line need not have an end.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted; it names the first.
    """
    _follow_export(path, _blocks(BytesIO(raw if raw.endswith(b"\n") else raw + b"\n")), None)


def _follow_export(path: Path, blocks: Iterable[Sequence[bytes]], base: Head | None) -> tuple[Head, bool]:
    chain = Chain()
    passed = base == chain.head
    try:
        for _ in chain.follow(_cut(blocks, 0 if base is None else base.entries)):
            passed = passed or base == chain.head
    except ChainError as error:
        raise DamageError(_blame(path, error, chain.head)) from None
    return chain.head, passed


def _cut(blocks: Iterable[Sequence[bytes]], entries: int) -> Iterator[Sequence[bytes]]:
    """Yield lines so that one of the blocks ends after so many entries."""
    for lines in blocks:
        yield from (lines[:entries], lines[entries:]) if 0 < entries < len(lines) else (lines,)
        entries -= len(lines)


def state_at(ledger: Path, head: Head, wanted: str) -> Head:
    """Return the earlier state of a ledger with this hash.

    Raises:
        DamageError: the ledger was never in it, or is damaged.
    """
    found = None
    size = entries = events = 0
    sought = wanted.encode()
    for line in follow(ledger, head):
        if carried(line) == sought:
            found = Head(size, entries, events, wanted)
        size, entries, events = size + len(line), entries + 1, events + is_event(line)
    if wanted == head.hash:
        return head
    if found is None:
        raise DamageError(unknown_head(ledger, wanted))
    return found


def _blame(file: Path, error: ChainError, head: Head) -> Problem:
    """Return the problem of the first entry that is not what it was.

    An entry that does not carry the hash of the one before may be right itself: what follows it, or the state, says so.
    """
    following = error.following
    intact = hash_of(error.line) == head.hash if following is None else precedes(error.line, following)
    if not error.formed:
        return damaged(file, error.entry, CHANGED)
    if intact:
        return damaged(file, max(error.entry - 1, 1), LINK)
    return damaged(file, error.entry, STRANGE)


def _end(ledger: Path, found: Head, head: Head) -> Problem:
    """Return the problem of entries that lead to another state than that of `head.json`."""
    if found.size < head.size:
        return damaged(ledger / ENTRIES, found.entries + 1, MISSING)
    if found.hash != head.hash and (found.size == head.size or found.entries == head.entries):
        return damaged(ledger / ENTRIES, found.entries, LAST)
    return state_unreadable(ledger)
