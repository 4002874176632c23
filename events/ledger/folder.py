"""The files of a ledger, and the state that they are in.

`entries.jsonl` has the entries, `head.json` the state, `lock` is held by the one who adds. `unfinished` is there from
before entries are written until the state names them, and has the state from before: what stands in `entries.jsonl`
beyond that state is then the rest of an import that was broken off, no part of the ledger; the next import puts it
aside as `entries.rest-…`. Anything else beyond the state is a damage: an older `head.json` was put back.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from events.ledger.chain import Head
from events.ledger.damage import (
    DamageError,
    no_locks,
    not_a_ledger,
    state_lost,
    state_unreadable,
    strange_file,
    unreadable,
)
from events.storage.files import NotOrdinaryError, open_ordinary
from events.storage.locks import BusyError, NoLocksError, locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRIES, STATE, LOCK, UNFINISHED = "entries.jsonl", "head.json", "lock", "unfinished"
NEW_STATE = "head.json.new"
REST = "entries.rest-"
OURS = re.compile(rf"entries\.jsonl|head\.json(\.new)?|lock(\.held)?|unfinished|{re.escape(REST)}[0-9a-f]+")
"""Names of the files of a ledger."""

_LONGEST_STATE = 4096


def is_ledger(path: Path) -> bool:
    """Say whether a folder is a ledger, a damaged one included."""
    return any(_is_there(path / name) for name in (STATE, ENTRIES))


def _is_there(path: Path) -> bool:
    """Say whether there is something other than a folder: a link or a pipe is told when it is read."""
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):  # a name that the system refuses is told when the file is read
        return False


def read_head(ledger: Path) -> Head:
    """Return the state of a ledger.

    Raises:
        DamageError: there is none, or it cannot be read.
    """
    try:
        with os.fdopen(open_ordinary(ledger / STATE), "rb") as file:
            raw = file.read(_LONGEST_STATE)
    except FileNotFoundError:
        raise DamageError(state_lost(ledger) if is_ledger(ledger) else not_a_ledger(ledger)) from None
    except NotADirectoryError:
        raise DamageError(not_a_ledger(ledger)) from None
    except NotOrdinaryError as error:
        raise DamageError(strange_file(ledger / STATE)) from error
    except OSError as error:
        raise DamageError(unreadable(ledger / STATE, error)) from error
    head = Head.parse(raw)
    if head is None:
        raise DamageError(state_unreadable(ledger))
    return head


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO | None]:
    """Give a file of entries to read, or None where there is none.

    Raises:
        DamageError: it is a link or a pipe, or cannot be read.
    """
    try:
        descriptor = open_ordinary(path)
    except FileNotFoundError:
        yield None
        return
    except NotOrdinaryError as error:
        raise DamageError(strange_file(path)) from error
    except OSError as error:
        raise DamageError(unreadable(path, error)) from error
    with os.fdopen(descriptor, "rb", 1 << 20) as file:
        yield file


def size_of(path: Path) -> int:
    """Return how many bytes a file of entries has, 0 where there is none.

    Raises:
        DamageError: it is a link or a pipe, or cannot be read.
    """
    with opened(path) as file:
        return os.fstat(file.fileno()).st_size if file is not None else 0


def begun_from(ledger: Path) -> bytes | None:
    """Return the state that an import which was broken off began from; empty where it did not say, None without one."""
    try:
        with os.fdopen(open_ordinary(ledger / UNFINISHED), "rb") as file:
            return file.read(_LONGEST_STATE)
    except FileNotFoundError:
        return None
    except NotOrdinaryError as error:
        raise DamageError(strange_file(ledger / UNFINISHED)) from error
    except OSError as error:
        raise DamageError(unreadable(ledger / UNFINISHED, error)) from error


@contextmanager
def standing_still(ledger: Path) -> Iterator[None]:
    """Keep others from adding while the ledger is looked at; where the lock cannot be written, nobody is kept.

    Raises:
        DamageError: the file system has no locks.
    """
    if not _is_there(ledger / LOCK):
        yield
        return
    with _held(ledger, wait=True):
        yield


def is_being_added_to(ledger: Path) -> bool:
    """Say whether somebody else is adding to a ledger just now."""
    if not _is_there(ledger / LOCK):
        return False
    with suppress(DamageError), _held(ledger, wait=False) as held:
        return held is False
    return False


@contextmanager
def _held(ledger: Path, *, wait: bool) -> Iterator[bool | None]:
    """Hold the lock of a ledger, and say so: False where somebody else does, None where it cannot be written."""
    entered = False
    try:
        with locked(ledger / LOCK, (lambda: None) if wait else None):
            entered = True
            yield True
    except BusyError:
        yield False
    except NoLocksError as error:
        raise DamageError(no_locks(ledger)) from error
    except OSError:
        if entered:
            raise
        yield None
