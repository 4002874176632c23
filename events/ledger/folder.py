"""The files of a ledger: the entries, the state that they are in, and who may add to them.

`entries.jsonl` has the entries, `head.json` the state, `lock` is held by the one who adds. `unfinished` is there from
before entries are written until the state names them: what stands in `entries.jsonl` beyond the state is then the rest
of an import that was broken off, no part of the ledger, and the next import takes it away.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from events.ledger.chain import Chain, Head
from events.ledger.damage import DamageError, not_a_ledger, state_lost, state_unreadable, unreadable, unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

ENTRIES, STATE, LOCK, UNFINISHED = "entries.jsonl", "head.json", "lock", "unfinished"
_NEW_STATE = "head.json.new"
OURS = frozenset((ENTRIES, STATE, LOCK, UNFINISHED, _NEW_STATE))
_BUFFER = 1 << 20


def is_ledger(path: Path) -> bool:
    """Say whether a folder is a ledger, a damaged one included."""
    try:
        return (path / STATE).is_file() or (path / ENTRIES).is_file()
    except OSError:  # a name that the system refuses is told when the file is read
        return False


def read_head(ledger: Path) -> Head:
    """Return the state of a ledger.

    Raises:
        DamageError: there is none, or it cannot be read.
    """
    try:
        raw = (ledger / STATE).read_bytes()
    except FileNotFoundError:
        raise DamageError(state_lost(ledger) if is_ledger(ledger) else not_a_ledger(ledger)) from None
    except OSError as error:
        raise DamageError(unreadable(ledger / STATE, error)) from error
    head = Head.parse(raw)
    if head is None:
        raise DamageError(state_unreadable(ledger))
    return head


@contextmanager
def adding(ledger: Path, waiting: Callable[[], None]) -> Iterator[Head]:
    """Make the ledger where there is none, keep all others from adding, and give its state.

    Args:
        ledger: the folder.
        waiting: called once where somebody else is adding, before waiting until they have done.

    Raises:
        DamageError: the folder is something else, or damaged, or cannot be written.
    """
    try:
        ledger.mkdir(parents=True, exist_ok=True)
        if not is_ledger(ledger) and {one.name for one in ledger.iterdir()} - OURS:
            raise DamageError(not_a_ledger(ledger))
        descriptor = os.open(ledger / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise DamageError(unwritable(ledger, error)) from error
    try:
        _hold(descriptor, fcntl.LOCK_EX, waiting)
        if not is_ledger(ledger):
            _make(ledger)
        yield read_head(ledger)
    finally:
        os.close(descriptor)


@contextmanager
def standing_still(ledger: Path) -> Iterator[None]:
    """Keep others from adding while the ledger is looked at; where nothing can be written, nobody adds."""
    try:
        descriptor = os.open(ledger / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        _hold(descriptor, fcntl.LOCK_SH, lambda: None)
        yield
    finally:
        os.close(descriptor)


def append(ledger: Path, head: Head, bodies: Iterable[bytes]) -> Head:
    """Add entries after the state, all or none, and return the new state; they are on disk when this returns.

    Args:
        ledger: the folder, which `adding` keeps.
        head: its state.
        bodies: what stands in each entry after the hash of the one before.

    Raises:
        DamageError: they cannot be written; the ledger is as it was.
    """
    chain = Chain(head)
    try:
        (ledger / UNFINISHED).touch()
        _sync(ledger)
        _write(ledger, head, chain.extend(bodies))
        _set_state(ledger, chain.head)
    except OSError as error:
        with suppress(OSError):
            _clear(ledger, head)
        raise DamageError(unwritable(ledger, error)) from error
    (ledger / UNFINISHED).unlink(missing_ok=True)
    return chain.head


def _hold(descriptor: int, how: int, waiting: Callable[[], None]) -> None:
    """Take the lock, which a process gives back whatever way it ends."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(descriptor, how)


def _make(ledger: Path) -> None:
    """Write the state of an empty ledger, before there are entries: entries without a state are a damage."""
    try:
        _set_state(ledger, Head())
        _sync(ledger.parent)
    except OSError as error:
        raise DamageError(unwritable(ledger, error)) from error


def _write(ledger: Path, head: Head, lines: Iterable[bytes]) -> None:
    """Write lines after the state, over what an import that was broken off left there."""
    with os.fdopen(os.open(ledger / ENTRIES, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b", _BUFFER) as file:
        file.truncate(head.size)
        file.seek(head.size)
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    _sync(ledger)


def _set_state(ledger: Path, head: Head) -> None:
    """Replace the state; from here on its entries are part of the ledger, whatever happens."""
    new = ledger / _NEW_STATE
    with new.open("wb") as file:
        file.write(head.text())
        file.flush()
        os.fsync(file.fileno())
    new.replace(ledger / STATE)
    _sync(ledger)


def _clear(ledger: Path, head: Head) -> None:
    """Take away what was not finished, unless the state names it already."""
    with suppress(OSError):
        (ledger / _NEW_STATE).unlink(missing_ok=True)
    if read_head(ledger) == head:
        if (ledger / ENTRIES).exists():
            os.truncate(ledger / ENTRIES, head.size)
        (ledger / UNFINISHED).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
