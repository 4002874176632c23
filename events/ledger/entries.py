"""The entries of a ledger, followed from the first to the last: whatever was changed is found, and named."""

from __future__ import annotations

import mmap
from itertools import chain as joined
from typing import TYPE_CHECKING

from events.ledger.chain import GENESIS, Chain, ChainError, Head, hash_of, precedes
from events.ledger.damage import DamageError, damaged, state_unreadable, unknown_head, unreadable
from events.ledger.folder import ENTRIES
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.problems import Problem

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


def mapped(path: Path) -> mmap.mmap | bytes:
    """Return what is in a file without reading it into memory; an empty one, or none, as no bytes.

    Raises:
        DamageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.seek(0, 2) else b""
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DamageError(unreadable(path, error)) from error


def lines_of(content: mmap.mmap | bytes, size: int) -> Iterator[bytes]:
    """Yield the lines that begin within the first `size` bytes."""
    if isinstance(content, bytes):
        return
    content.seek(0)
    left = min(size, len(content))
    while left > 0:
        line = content.readline()
        left -= len(line)
        yield line


def follow(ledger: Path, content: mmap.mmap | bytes, head: Head) -> Iterator[bytes]:
    """Yield the entries up to a state, each after it was found to follow from the one before.

    Args:
        ledger: the folder.
        content: what is in `entries.jsonl`.
        head: the state.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted, or the state does not fit; the first.
    """
    chain = Chain()
    lines = lines_of(content, head.size)
    try:
        yield from chain.follow(lines)
    except ChainError as error:
        raise DamageError(_blame(ledger / ENTRIES, error, head, next(lines, None))) from None
    if chain.head != head:
        raise DamageError(_end(ledger, chain.head, head))


def is_export(path: Path) -> bool:
    """Say whether a file has the entries of a ledger."""
    start = f'{{"prev":"{GENESIS}","import":'.encode()
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            return file.read(len(start)) == start
    except OSError:
        return False


def follow_export(path: Path, content: mmap.mmap | bytes, base: Head | None = None) -> tuple[Head, bool]:
    """Return the state that the entries of an exported file lead to, and whether they go through another state.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted; it names the first.
    """
    chain = Chain()
    lines = lines_of(content, len(content))
    passed = base == chain.head
    try:
        for _ in chain.follow(lines):
            passed = passed or (base is not None and chain.hash == base.hash and chain.head == base)
    except ChainError as error:
        raise DamageError(_blame(path, error, chain.head, next(lines, None))) from None
    return chain.head, passed


def state_at(ledger: Path, content: mmap.mmap | bytes, head: Head, wanted: str) -> Head:
    """Return the earlier state of a ledger with this hash.

    Raises:
        DamageError: the ledger was never in it, or is damaged.
    """
    found = None
    chain = Chain()
    for line in joined([b""], follow(ledger, content, head)):
        if line:
            chain.step(line)
        if chain.hash == wanted:
            found = chain.head
    if found is None:
        raise DamageError(unknown_head(ledger, wanted))
    return found


def _blame(file: Path, error: ChainError, head: Head, following: bytes | None) -> Problem:
    """Return the problem of the first entry that is not what it was.

    An entry that does not carry the hash of the one before may be right itself: what follows it, or the state, says so.
    """
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
