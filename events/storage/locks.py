"""A lock on a folder or a ledger: one process at a time, let go when the process ends, however it ends."""

from __future__ import annotations

import errno
import stat
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from events.storage.files import NotOrdinaryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import filelock

_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENOSPC})
"""Errors that say that the lock's file cannot be made or opened; any other one says that locks do not work there."""


class BusyError(Exception):
    """Somebody else has the lock."""


class NoLocksError(OSError):
    """The file system has no locks that hold."""


@contextmanager
def locked(path: Path, waiting: Callable[[], None] | None = None, *, keep: bool = True) -> Iterator[None]:
    """Hold a lock.

    Args:
        path: the lock's file, which is empty; where the system has no locks of its own, another one beside it.
        waiting: called once before waiting for somebody else; without it nobody is waited for.
        keep: whether the file stays when the lock is let go.

    Raises:
        BusyError: somebody else has it, and `waiting` was not given.
        NoLocksError: there are no locks on this file system.
        NotOrdinaryError: in the place of the file is something that no lock of ours left there.
        OSError: the file cannot be made or opened.
    """
    native = _native()
    place = path if native else path.with_name(f"{path.name}.held")
    lock = _lock(place, native=native)
    _look(place, empty=native)
    try:
        _acquire(lock, waiting)
    except (OSError, NotImplementedError) as error:
        number = getattr(error, "errno", None)
        if number == errno.ELOOP:
            raise NotOrdinaryError(errno.ELOOP, "it is a symbolic link", str(place)) from error
        if isinstance(error, OSError) and number in _REFUSED:
            raise
        raise NoLocksError(number or errno.ENOSYS, "the file system has no locks", str(place)) from error
    try:
        yield
    finally:
        if native and not keep:
            with suppress(OSError):  # Windows keeps what is open
                place.unlink()
        lock.release()


def _native() -> bool:
    """Say whether the system has locks of its own, which end with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where there are none, which is answered here
        import filelock  # noqa: PLC0415 (only what writes needs it)
    return filelock.FileLock is not filelock.SoftFileLock


def _lock(place: Path, *, native: bool) -> filelock.BaseFileLock:
    """Return a lock of the system, or one that is a file's being there."""
    import filelock  # noqa: PLC0415

    if native:
        return filelock.FileLock(place, fallback_to_soft=False)
    return filelock.SoftFileLock(place)


def _look(place: Path, *, empty: bool) -> None:
    """Raise where something stands in the place of the lock that no lock left there."""
    try:
        found = place.lstat()
    except OSError:
        return  # what is wrong with it is said when it is opened
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(place))
    if not stat.S_ISREG(found.st_mode) or (empty and found.st_size):
        raise NotOrdinaryError(errno.EEXIST, "something else is in the place of the lock", str(place))


def _acquire(lock: filelock.BaseFileLock, waiting: Callable[[], None] | None) -> None:
    """Take a lock, after saying that it is waited for."""
    from filelock import Timeout  # noqa: PLC0415

    try:
        lock.acquire(blocking=False)
    except Timeout:
        if waiting is None:
            raise BusyError from None
        waiting()
        lock.acquire()
