"""What a run that was killed while it wrote has left beside its folder, and how it is put right.

A folder is written beside its place and then takes it by two renames: what was there goes aside, the new one comes in.
A process that is killed between the two leaves the earlier folder aside, in `.NAME-xxxxxxxx/old`, and nothing in its
place. A writer holds the folder that it writes in; the hold ends with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

OLD, NEW = "old", "new"
_RANDOM = re.compile(r"[a-z0-9_]{8}")
"""What `tempfile` puts behind a prefix; it tells `.a-` of the folder `a` from `.a-b-` of the folder `a-b`."""


@contextmanager
def claimed(folder: Path) -> Iterator[bool]:
    """Hold a folder against others, and say whether nobody else does; it is let go when the process ends.

    On a file system without such locks everybody may have it.

    Raises:
        OSError: there is no such folder, or it cannot be looked at.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = True
        except BlockingIOError:
            mine = False
        except OSError:
            mine = True
        yield mine
    finally:
        os.close(descriptor)


def recover(out: Path, ours: Collection[str] | None = None) -> tuple[Problem, ...]:
    """Put right what a killed process has left of a folder.

    Where nothing is in the folder's place, the earlier one comes back. Where the new one is, only other people's files
    are still aside; a writer, who knows which are its own, brings them back, and takes away what is half written.

    Args:
        out: the folder.
        ours: names of what its writer writes; None where it is only read.

    Returns:
        A warning for each folder that was put back or could not be.
    """
    out = out.absolute()
    problems = []
    for work in _left_by(out):
        try:
            with claimed(work) as mine:
                if mine and (problem := _settled(work, out, ours)) is not None:
                    problems.append(problem)
        except FileNotFoundError:
            continue  # somebody else has just put it right
        except OSError as error:
            problems.append(_stuck(work, out, error))
    return tuple(problems)


def _left_by(out: Path) -> list[Path]:
    """Return the folders in which a folder was being written, those of writers at work included."""
    start = f".{out.name}-"
    try:
        beside = sorted(out.parent.iterdir())
    except OSError:
        return []
    return [
        path
        for path in beside
        if path.name.startswith(start)
        and _RANDOM.fullmatch(path.name[len(start) :])
        and not path.is_symlink()
        and ((path / OLD).is_dir() or (path / NEW).is_dir())
    ]


def _settled(work: Path, out: Path, ours: Collection[str] | None) -> Problem | None:
    """Put right what one killed process has left; return what there is to say of it.

    Raises:
        OSError: something cannot be moved.
    """
    old, back = work / OLD, None
    if old.is_dir() and not out.exists():
        old.rename(out)
        back = _put_back(out)
    elif ours is None:
        return None
    elif old.is_dir():
        others = [entry for entry in old.iterdir() if entry.name not in ours]
        for entry in others:
            if (out / entry.name).exists():
                return None  # there are two of it, and which one is wanted is for people to say
            entry.rename(out / entry.name)
    shutil.rmtree(work, ignore_errors=True)
    return back


def _put_back(out: Path) -> Problem:
    """Return the warning that the earlier folder is in its place again."""
    fact = Text(
        f"上一次写“{out}”时中断，已把中断以前的内容放回原处",
        f"writing {out} was interrupted; what was there before is in its place again",
    )
    cure = Text("中断的那一次请重新运行", "Run the interrupted one again")
    return Problem("interrupted-run", Where(str(out)), fact, cure, severity="warning")


def _stuck(work: Path, out: Path, error: OSError) -> Problem:
    """Return the warning that an earlier folder cannot be put back."""
    why = error.strerror or str(error)
    fact = Text(
        f"上一次写“{out}”时中断，原来的内容在“{work / OLD}”，放不回去（{why}）",
        f"writing {out} was interrupted; what was there is in {work / OLD} and cannot be put back ({why})",
    )
    cure = Text("检查权限，或者手工移回", "Check the permissions, or move it back by hand")
    return Problem("interrupted-run", Where(str(out)), fact, cure, severity="warning")
