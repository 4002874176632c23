"""Writing files and folders so that they are there whole or as they were, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from events.problems import Problem, ProblemError, Text, Where
from events.storage.files import replace_file, settle_file, settle_folder
from events.storage.locks import BusyError, NoLocksError
from reports.output.interrupted import put_right
from reports.output.place import in_ledger, ledger_around, place_of, refusal
from reports.output.receipts import NOTES, RECEIPT, complete, digest_of, listed, note, note_text, noted, noted_of
from reports.output.swap import make_plan, swap
from reports.output.work import NEW, make_work, only_one, remove_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from reports.output.receipts import Known

PROBLEMS = "problems.txt"
"""What is wrong with the input of a run; a batch writes it where the run itself could not be."""


_BLOCK = 1 << 20


class WriteError(ProblemError):
    """A file or folder cannot be written; what was there before is as it was."""


def not_writable(out: Path, error: OSError) -> Problem:
    """Return the problem of a folder that cannot be written."""
    if isinstance(error, NoLocksError):
        lacks = Text(f"“{out}”所在的文件系统不能加锁", f"the file system of {out} has no locks")
        return Problem("no-locks", Where(str(out)), lacks, Text("请写到本机硬盘上", "Write to a disk of this machine"))
    why = error.strerror or str(error)
    fact = Text(f"无法写入“{out}”：{why}", f"cannot write {out}: {why}")
    cure = Text("换一个可以写入的文件夹，原有内容没有改动", "Choose a folder that can be written; nothing was changed")
    return Problem("not-writable", Where(str(out)), fact, cure)


def _failed(out: Path, error: OSError) -> WriteError:
    """Return the failure as a problem."""
    return WriteError(not_writable(out, error))


def alone_in(out: Path) -> AbstractContextManager[None]:
    """Keep other runs out of a folder, or raise `BusyError`; see `work.only_one`."""
    return only_one(place_of(out), None)


def write_one(path: Path, content: bytes | Iterable[bytes], top: Path | None = None) -> None:
    """Write one file so that it is there whole or as it was.

    Args:
        path: the file; one that no run of ours wrote is not overwritten, and a link is followed.
        content: its bytes, or blocks of them.
        top: the folder beside which it is noted that the file is ours; the file's own one without.

    Raises:
        WriteError: it cannot be written, or somebody else's file stands there.
    """
    real = place_of(path)
    ledger = ledger_around(real)
    if ledger is not None:
        raise WriteError(in_ledger(path, ledger))
    staged = real.with_name(f".{secrets.token_hex(8)}.gongkai-new")
    beside = real.parent if top is None else place_of(top).parent
    try:
        if real.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        real.parent.mkdir(parents=True, exist_ok=True)
        try:
            with staged.open("xb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
            digest = digest_of(staged)
            name = real.relative_to(beside).as_posix()
            if os.path.lexists(real) and not _is_ours(real, name, digest, beside):
                raise WriteError(_in_the_way(path))
            note(beside, {name: digest})
            settle_file(staged)
            replace_file(staged, real)
            settle_folder(real.parent)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise _failed(path, error) from error


def blocks_of(path: Path) -> Iterator[bytes]:
    """Yield what is in a file of our own, a block at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _is_ours(real: Path, name: str, digest: str, beside: Path) -> bool:
    """Say whether a file is an ordinary one that we wrote and nobody changed, or what is written now."""
    return real.is_file() and digest_of(real) in {digest, *noted(beside).get(name, ()), *_run_wrote(real)}


def _run_wrote(real: Path) -> set[str]:
    """Return what the run in whose folder a file stands wrote into it."""
    return (listed(real.parent) or {}).get(real.name, set())


def _in_the_way(path: Path) -> Problem:
    """Return the problem of a file of somebody else's."""
    fact = Text(
        f"“{path}”已经存在，不是 gongkai 写的，或者写出之后有人改过，没有覆盖",
        f"{path} is there already; gongkai did not write it, or somebody changed it since, and it is not overwritten",
    )
    cure = Text("请移开它，或者换一个文件名", "Move it, or choose another name")
    return Problem("in-the-way", Where(str(path)), fact, cure, str(path))


def write_folder(
    out: Path, fill: Callable[[Path], None], *, whole: bool = True, reading: Iterable[Path] = ()
) -> tuple[Problem, ...]:
    """Write a folder, all of it or nothing; first put right what a killed process has left of it.

    Only what an earlier run wrote by its receipt (`reports.output.receipts`) is replaced or taken away.

    Args:
        out: the folder; a link is followed.
        fill: writes everything into an empty folder; where it writes `run.json`, that becomes the receipt.
        whole: whether what an earlier run wrote and this one does not is taken away.
        reading: the files and folders of the log, in whose folder nothing is written.

    Returns:
        Warnings: what was put right, and files that somebody had changed and that have another name now.

    Raises:
        WriteError: `out` must not or cannot be written; it is as it was.
    """
    real = place_of(out)
    _refuse(out, reading)
    made: list[Path] = []
    try:
        _refuse_file(real)
        made += _make_above(real)
        with only_one(real, lambda: None):
            told = put_right(real)
            _refuse(out, reading)
            return (*told, *_write(real, fill, whole=whole))
    except OSError as error:
        _unmake(made)
        raise _failed(out, error) from error
    except BaseException:
        _unmake(made)
        raise


def _refuse(out: Path, reading: Iterable[Path]) -> None:
    """Raise where nothing may be written into a folder."""
    problem = refusal(out, reading)
    if problem is not None:
        raise WriteError(problem)


def _refuse_file(real: Path) -> None:
    """Raise where something else than a folder stands in its place."""
    if os.path.lexists(real) and not real.is_dir():
        raise NotADirectoryError(20, "Not a directory")


def _write(real: Path, fill: Callable[[Path], None], *, whole: bool) -> tuple[Problem, ...]:
    """Write everything into a work folder, and let it take its place."""
    work = make_work(real)
    begun = False
    try:
        staged = work / NEW
        staged.mkdir()
        fill(staged)
        new = {one.relative_to(staged).as_posix(): digest_of(one) for one in _files(staged)}
        if RECEIPT in new:
            complete(staged, new)
            new[RECEIPT] = digest_of(staged / RECEIPT)
        elif whole:
            (staged / NOTES).write_bytes(note_text(new))
            new[NOTES] = digest_of(staged / NOTES)
        _settle(staged)
        if not real.exists():
            staged.rename(real)
            _note_beside(real, new)
            return ()
        known = _known(real, new)
        plan = make_plan(real, new, known, whole=whole)
        _note_beside(real, new)
        begun = True
        return swap(work, real, plan)
    finally:
        if not begun:
            remove_work(work)


def _note_beside(real: Path, new: Mapping[str, str]) -> None:
    """Note files that have no receipt in their own folder."""
    if RECEIPT not in new and NOTES not in new:
        note(real.parent, {f"{real.name}/{name}": one for name, one in new.items()})


def _known(real: Path, new: Mapping[str, str]) -> Known:
    """Return what may be replaced in a folder, or taken away: what the earlier run of the same sort wrote there."""
    run, notes = listed(real), noted_of(real)
    if NOTES in new:
        before, others = notes, run or {}
        if notes:
            before[NOTES] = set()
    elif RECEIPT not in new:
        start = f"{real.name}/"
        before = {one.removeprefix(start): found for one, found in noted(real.parent).items() if one.startswith(start)}
        others = run or {}
    else:
        before, others = run or {}, {}
        if run is not None:
            before[RECEIPT] = set()
        if PROBLEMS in notes:  # of a batch, where a run was not usable
            before[PROBLEMS] = before.get(PROBLEMS, set()) | notes[PROBLEMS]
    for found in (notes, others):
        for name in new.keys() & found.keys():
            before[name] = before.get(name, set()) | found[name]
    return before


def _files(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.rglob("*")) if not one.is_dir())


def _settle(folder: Path) -> None:
    """Let everything in a folder reach the disk, so that a loss of power does not leave empty files under its name."""
    for entry in folder.rglob("*"):
        settle_folder(entry) if entry.is_dir() else settle_file(entry)
    settle_folder(folder)


def _make_above(real: Path) -> list[Path]:
    """Make the folders above a place; return those that were not there, the lowest first."""
    missing = [one for one in real.parents if not one.exists()]
    real.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _unmake(made: list[Path]) -> None:
    """Remove folders that were made for nothing."""
    for one in made:
        with suppress(OSError):
            one.rmdir()


__all__ = ["PROBLEMS", "BusyError", "WriteError", "alone_in", "blocks_of", "not_writable", "write_folder", "write_one"]
