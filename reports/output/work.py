"""Work folders: where output is written before it takes its place, told from everything else by a file in them."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from events.storage.files import open_ordinary
from events.storage.locks import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARK = "GONGKAI-WORK"
_TEXT = b"This folder was made by gongkai while it wrote its output; a later run puts right what is left of it.\n"
NEW, OLD = "new", "old"
LOCK = ".gongkai-lock"
_PREFIX = ".gongkai-work-"


def is_work(path: Path) -> bool:
    """Say whether something in a folder is ours while output is written: a work folder with its mark, or the lock."""
    if path.name.startswith(".") and path.name.removesuffix(".held").endswith(LOCK):
        return True
    return path.name.startswith(".") and _has_mark(path)


def _has_mark(path: Path) -> bool:
    """Say whether a folder has the mark of a work folder; a folder that only looks like one has not."""
    try:
        if not stat.S_ISDIR(path.lstat().st_mode):
            return False
        with os.fdopen(open_ordinary(path / MARK), "rb") as file:
            return file.read(len(_TEXT) + 1) == _TEXT
    except OSError:
        return False


def work_folders(real: Path) -> list[Path]:
    """Return the work folders of a folder, beside it and in it."""
    found = []
    for parent, start in ((real.parent, f".{real.name}{_PREFIX}"), (real, _PREFIX)):
        with suppress(OSError):
            found += [one for one in parent.iterdir() if one.name.startswith(start) and _has_mark(one)]
    return sorted(found)


def make_work(real: Path) -> Path:
    """Make a work folder from which files can be moved into a folder: beside it, or in it where that is another disk.

    Raises:
        OSError: neither can be written.
    """
    if not real.exists():
        return _make(real.parent, f".{real.name}{_PREFIX}")
    with suppress(OSError):
        work = _make(real.parent, f".{real.name}{_PREFIX}")
        probe = real / f"{_PREFIX}{secrets.token_hex(8)}"
        try:
            (work / "probe").write_bytes(b"")
            (work / "probe").rename(probe)
        except OSError:
            shutil.rmtree(work, ignore_errors=True)
        else:
            probe.unlink()
            return work
    return _make(real, _PREFIX)


def _make(parent: Path, start: str) -> Path:
    work = parent / f"{start}{secrets.token_hex(8)}"
    work.mkdir()
    (work / MARK).write_bytes(_TEXT)
    return work


def remove_work(work: Path) -> None:
    """Take a work folder away, its mark last, so that what is left of it is known again."""
    for one in work.iterdir():
        if one.name != MARK:
            shutil.rmtree(one, ignore_errors=True) if one.is_dir() and not one.is_symlink() else one.unlink()
    shutil.rmtree(work, ignore_errors=True)


@contextmanager
def only_one(real: Path, waiting: Callable[[], None] | None) -> Iterator[None]:
    """Keep other runs out of a folder.

    Args:
        real: the folder, which need not exist; the one above it does.
        waiting: called once before waiting for another run; without it nobody is waited for.

    Raises:
        events.storage.locks.BusyError: another run has it, and `waiting` was not given.
        events.storage.locks.NoLocksError: the file system has no locks.
        OSError: the lock cannot be written.
    """
    beside = not real.exists() or (os.access(real.parent, os.W_OK) and not os.path.ismount(real))
    place = real.parent / f".{real.name}{LOCK}" if beside else real / LOCK
    with locked(place, waiting, keep=False):
        yield
