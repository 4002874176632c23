"""Writing files and folders so that they are there whole or as they were."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import Problem, ProblemError, Text, Where
from reports.output.interrupted import NEW, OLD, claimed, recover

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


class WriteError(ProblemError):
    """A file or folder cannot be written; what was there before is as it was."""


def not_writable(out: Path, error: OSError) -> Problem:
    """Return the problem of a folder that cannot be written."""
    why = error.strerror or str(error)
    fact = Text(f"无法写入“{out}”：{why}", f"cannot write {out}: {why}")
    cure = Text("换一个可以写入的文件夹，原有内容没有改动", "Choose a folder that can be written; nothing was changed")
    return Problem("not-writable", Where(str(out)), fact, cure)


def _failed(out: Path, error: OSError) -> WriteError:
    """Return the failure as a problem."""
    return WriteError(not_writable(out, error))


def _put_in_place(staged: Path, out: Path, aside: Path, ours: Collection[str]) -> None:
    """Let the staged folder take the place of `out`; other people's files in `out` stay.

    If anything fails on the way, `out` is what it was.
    """
    if not out.exists():
        staged.rename(out)
        return
    try:
        out.rename(aside)
        staged.rename(out)
        for entry in aside.iterdir():
            if entry.name not in ours:
                entry.rename(out / entry.name)
    except BaseException:  # an interruption from the keyboard too: what was there must not go with the folder aside
        if aside.exists() and out.exists():
            out.rename(staged)
            for entry in staged.iterdir():
                if entry.name not in ours:
                    entry.rename(aside / entry.name)
        if aside.exists():
            aside.rename(out)
        raise


def _settle(folder: Path) -> None:
    """Let everything in a folder reach the disk, so that a loss of power does not leave empty files under its name."""
    for entry in (*folder.rglob("*"), folder):
        descriptor = os.open(entry, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_one(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write one file so that it is there whole or as it was.

    Raises:
        WriteError: it cannot be written.
    """
    path = path.absolute()
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as work:
            staged = Path(work) / "new"
            with staged.open("wb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
            _settle(Path(work))
            staged.replace(path)
    except OSError as error:
        raise _failed(path, error) from error


def write_folder(out: Path, fill: Callable[[Path], None], ours: Collection[str]) -> None:
    """Write a folder, which is replaced as a whole; first put right what a killed process has left of it.

    Args:
        out: the folder.
        fill: writes everything into an empty folder.
        ours: names of what it writes; earlier ones are replaced, other files in `out` stay.

    Raises:
        WriteError: `out` cannot be written; it is as it was.
    """
    out = out.absolute()
    try:
        if out.exists() and not out.is_dir():
            raise NotADirectoryError(20, "Not a directory")
        out.parent.mkdir(parents=True, exist_ok=True)
        recover(out, ours)
        with (
            tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as work,
            claimed(Path(work)),
        ):
            staged = Path(work) / NEW
            staged.mkdir()
            fill(staged)
            _settle(staged)
            _put_in_place(staged, out, Path(work) / OLD, ours)
    except OSError as error:
        raise _failed(out, error) from error
