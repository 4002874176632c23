"""The entries of a ledger, followed from the first to the last: whatever was changed is found, and named."""

from __future__ import annotations

from itertools import chain as joined
from typing import TYPE_CHECKING

from events.ledger.chain import GENESIS, Chain, ChainError, Head, hash_of, precedes
from events.ledger.damage import DamageError, damaged, state_unreadable, unknown_head, unreadable
from events.ledger.folder import ENTRIES, opened
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.problems import Problem

EXPORT = f'{{"prev":"{GENESIS}","import":'.encode()
"""What an exported file begins with."""

LONGEST = 4 << 20
"""The most bytes of a line that is read; entries that are added are shorter by far (`stage.MOST`)."""

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


def lines_of(path: Path, size: int | None = None, start: int = 0) -> Iterator[bytes]:
    """Yield the lines of a file of entries, read one after another; one without an end comes in pieces.

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
            while (size is None or start < size) and (line := file.readline(LONGEST)):
                start += len(line)
                yield line
        except OSError as error:
            raise DamageError(unreadable(path, error)) from error


def follow(ledger: Path, head: Head, start: Head | None = None) -> Iterator[bytes]:
    """Yield the entries up to a state, each after it was found to follow from the one before.

    Args:
        ledger: the folder.
        head: the state.
        start: an earlier state, whose entries are passed over.

    Raises:
        DamageError: an entry was changed, removed, reordered or inserted, or the state does not fit; the first.
    """
    start = start or Head()
    chain = Chain(start)
    lines = lines_of(ledger / ENTRIES, head.size, start.size)
    try:
        yield from chain.follow(lines)
    except ChainError as error:
        raise DamageError(_blame(ledger / ENTRIES, error, head, next(lines, None))) from None
    if chain.head != head:
        raise DamageError(_end(ledger, chain.head, head))


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
    return follow_lines(path, lines_of(path.resolve()), base)


def follow_lines(path: Path, lines: Iterator[bytes], base: Head | None = None) -> tuple[Head, bool]:
    """Return what `follow_export` does of the lines of an exported file."""
    chain = Chain()
    passed = base == chain.head
    try:
        for _ in chain.follow(lines):
            passed = passed or (base is not None and chain.hash == base.hash and chain.head == base)
    except ChainError as error:
        raise DamageError(_blame(path, error, chain.head, next(lines, None))) from None
    return chain.head, passed


def state_at(ledger: Path, head: Head, wanted: str) -> Head:
    """Return the earlier state of a ledger with this hash.

    Raises:
        DamageError: the ledger was never in it, or is damaged.
    """
    found = None
    chain = Chain()
    for line in joined([b""], follow(ledger, head)):
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
