"""Ordinary files, opened without following a link or waiting for a pipe, and brought to the disk."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
"""What the system has of these: no link, no waiting, not for programs that are started, bytes as they are."""

_TRIES = 50
_PAUSE = 0.02


class NotOrdinaryError(OSError):
    """There is a link, a pipe, a device or a socket where an ordinary file belongs."""


def open_ordinary(path: Path, flags: int = os.O_RDONLY) -> int:
    """Return the descriptor of an ordinary file.

    Args:
        path: the file; folders above it may be links.
        flags: as `os.open` has them.

    Raises:
        NotOrdinaryError: it is something else.
        OSError: it cannot be opened.
    """
    with suppress(FileNotFoundError):  # before it is opened: opening a device can do something
        _refuse(path, path.lstat().st_mode)
    try:
        descriptor = os.open(path, flags | _FLAGS, 0o644)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotOrdinaryError(error.errno, "it is a symbolic link", str(path)) from error
        raise
    try:
        _refuse(path, os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refuse(path: Path, mode: int) -> None:
    """Raise where a mode is neither that of an ordinary file nor of a folder, which opening refuses itself."""
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise NotOrdinaryError(errno.ELOOP, "it is no ordinary file", str(path))
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, or take the place of an ordinary one; it is on the disk when this returns."""
    path.unlink(missing_ok=True)  # a link goes, and not what it leads to
    with os.fdopen(open_ordinary(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(source: Path, target: Path) -> None:
    """Let a file take the place of another; where a reader has that open and the system minds, try again for a second.

    Raises:
        OSError: it cannot be replaced; both are as they were.
    """
    for _ in range(_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(_PAUSE)
        else:
            return
    source.replace(target)


def rewrite(path: Path, content: bytes) -> None:
    """Write a file that a command is asked to edit: it is there whole or as it was, a link to it and its mode stay.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    real = path.resolve()
    staged = real.with_name(f".{secrets.token_hex(8)}.gongkai-new")
    try:
        staged.write_bytes(content)
        if real.exists():
            shutil.copymode(real, staged)
        settle_file(staged)
        replace_file(staged, real)
    finally:
        staged.unlink(missing_ok=True)


def settle_file(path: Path) -> None:
    """Let what is in a file reach the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk, on systems where a folder can be opened for that."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except PermissionError:  # Windows opens no folder; elsewhere a folder may be written and not read
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EBADF, errno.ENOTSUP}:  # file systems that know no such thing
            raise
    finally:
        os.close(descriptor)
