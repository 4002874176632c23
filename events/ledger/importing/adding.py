"""Adding to a ledger: one at a time, all or nothing, read back before it counts."""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from events.ledger.beyond import state_of
from events.ledger.chain import Chain, Head
from events.ledger.damage import (
    DamageError,
    damaged,
    inside_a_ledger,
    no_locks,
    not_a_ledger,
    shared_file,
    strange_file,
    unwritable,
)
from events.ledger.entries import CHANGED, follow_blocks
from events.ledger.folder import ENTRIES, LOCK, NEW_STATE, OURS, REST, STATE, UNFINISHED, is_ledger, read_head
from events.storage.files import NotOrdinaryError, open_ordinary, replace_file, settle_folder, write_new
from events.storage.locks import NoLocksError, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from events.problems import Problem

_BUFFER = 1 << 20


@contextmanager
def adding(ledger: Path, waiting: Callable[[], None]) -> Iterator[Head]:
    """Make the ledger where there is none, keep all others from adding, and give its state.

    Args:
        ledger: the folder.
        waiting: called once where somebody else is adding, before waiting until they have done.

    Raises:
        DamageError: the folder is something else, or damaged, or cannot be written.
    """
    entered = False
    if not is_ledger(ledger) and any(is_ledger(one) for one in ledger.absolute().resolve().parents):
        raise DamageError(inside_a_ledger(ledger))
    try:
        ledger.mkdir(parents=True, exist_ok=True)
        if not is_ledger(ledger) and not all(_is_ours(one) for one in ledger.iterdir()):
            raise DamageError(not_a_ledger(ledger))
        with locked(ledger / LOCK, waiting):
            entered = True
            if not is_ledger(ledger):
                _make(ledger)
            yield state_of(ledger, alone=True)[0]
    except NoLocksError as error:
        raise DamageError(no_locks(ledger)) from error
    except NotOrdinaryError as error:
        raise DamageError(strange_file(ledger / LOCK)) from error
    except OSError as error:
        if entered:
            raise
        raise DamageError(unwritable(ledger, error)) from error


def _is_ours(path: Path) -> bool:
    """Say whether a file is one that making a ledger leaves where it is broken off: they have no more than a state."""
    return OURS.fullmatch(path.name) is not None and path.lstat().st_size <= len(Head().text())


def append(
    ledger: Path,
    head: Head,
    bodies: Iterable[Sequence[bytes]],
) -> tuple[Head, Path | None]:
    """Add entries after the state, all or none; they are on disk when this returns.

    Args:
        ledger: the folder, which `adding` keeps.
        head: its state.
        bodies: what stands in each entry after the hash of the one before, some of them at a time.

    Returns:
        The new state; and the file in which what an import that was broken off had left is now, or None.

    Raises:
        DamageError: they cannot be written or read back; the ledger is as it was.
    """
    chain = Chain(head)
    try:
        aside = _put_aside(ledger, head)
    except OSError as error:
        raise DamageError(_why(ledger, error)) from error
    try:
        _open(ledger / UNFINISHED, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, head.text())
        settle_folder(ledger)
        written = _write(ledger, head, chain.extend(bodies))
        _read_back(ledger, head, chain.head, written)
        _set_state(ledger, chain.head)
    except OSError as error:
        _clear(ledger, head)
        raise DamageError(_why(ledger, error)) from error
    except DamageError:
        _clear(ledger, head)
        raise
    with suppress(OSError):
        (ledger / UNFINISHED).unlink(missing_ok=True)
    return chain.head, aside


def _why(ledger: Path, error: OSError) -> Problem:
    """Return the problem of a ledger that could not be written."""
    return strange_file(ledger / ENTRIES) if isinstance(error, NotOrdinaryError) else unwritable(ledger, error)


def _open(path: Path, flags: int, content: bytes) -> None:
    """Write something small into a file."""
    with os.fdopen(open_ordinary(path, flags), "wb") as file:
        file.write(content)


def _make(ledger: Path) -> None:
    """Write the state of an empty ledger, before there are entries: entries without a state are a damage."""
    try:
        _set_state(ledger, Head())
        settle_folder(ledger.parent)
    except OSError as error:
        raise DamageError(unwritable(ledger, error)) from error


def _put_aside(ledger: Path, head: Head) -> Path | None:
    """Copy what stands beyond the state into a file of its own; return the file, None where nothing stands there.

    Raises:
        OSError: it cannot be written; then nothing is taken away.
        DamageError: the entries have another name, so that whoever uses that would find them changed.
    """
    path = ledger / ENTRIES
    try:
        descriptor = open_ordinary(path)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if found.st_nlink > 1:
            raise DamageError(shared_file(path))
        if found.st_size <= head.size:
            return None
        digest = sha256()
        file.seek(head.size)
        while block := file.read(_BUFFER):
            digest.update(block)
        aside = ledger / f"{REST}{digest.hexdigest()[:16]}"
        if not aside.is_file() or aside.is_symlink() or aside.stat().st_size != found.st_size - head.size:
            aside.unlink(missing_ok=True)
            file.seek(head.size)
            with os.fdopen(open_ordinary(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as copy:
                while block := file.read(_BUFFER):
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
    settle_folder(ledger)
    return aside


def _write(ledger: Path, head: Head, blocks: Iterable[Sequence[bytes]]) -> bytes:
    """Write lines after the state, over what an import that was broken off left there; return the hash of them all."""
    digest = sha256()
    with os.fdopen(open_ordinary(ledger / ENTRIES, os.O_RDWR | os.O_CREAT), "r+b", _BUFFER) as file:
        file.truncate(head.size)
        file.seek(head.size)
        for lines in blocks:
            block = b"".join(lines)
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    settle_folder(ledger)
    return digest.digest()


def _read_back(ledger: Path, before: Head, after: Head, written: bytes) -> None:
    """Read the entries between two states from the disk, and hold them against the hash of what was written.

    Raises:
        DamageError: they are something else; it names the first.
    """
    path = ledger / ENTRIES
    digest = sha256()
    with os.fdopen(open_ordinary(path), "rb", 0) as file:
        file.seek(before.size)
        while block := file.read(_BUFFER):
            digest.update(block)
    if digest.digest() != written:
        deque(follow_blocks(ledger, after, before), 0)
        raise DamageError(damaged(path, before.entries + 1, CHANGED))


def _set_state(ledger: Path, head: Head) -> None:
    """Replace the state; from here on its entries are part of the ledger, whatever happens."""
    new = ledger / NEW_STATE
    write_new(new, head.text())
    replace_file(new, ledger / STATE)
    settle_folder(ledger)


def _clear(ledger: Path, head: Head) -> None:
    """Take away what was not finished, unless the state names it already."""
    with suppress(OSError):
        (ledger / NEW_STATE).unlink(missing_ok=True)
    with suppress(OSError, DamageError):
        if read_head(ledger) != head:
            return
        with suppress(FileNotFoundError), os.fdopen(open_ordinary(ledger / ENTRIES, os.O_RDWR), "r+b") as file:
            file.truncate(head.size)
        (ledger / UNFINISHED).unlink(missing_ok=True)
