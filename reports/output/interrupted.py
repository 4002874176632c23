"""Recovery of a folder that a killed run has left half written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where
from events.storage.locks import BusyError
from reports.output.place import place_of
from reports.output.swap import finish, left_plan, undo
from reports.output.work import only_one, remove_work, work_folders

if TYPE_CHECKING:
    from pathlib import Path


def recover(out: Path) -> tuple[Problem, ...]:
    """Put right what a killed process has left of a folder: the earlier files come back, or all of the new are in.

    Args:
        out: the folder; where another process is writing it, it is left to that.

    Returns:
        A warning where files were put back or could not be.
    """
    real = place_of(out)
    if not work_folders(real):
        return ()
    try:
        with only_one(real, None):
            return put_right(real)
    except BusyError:
        return ()
    except OSError as error:
        return tuple(_stuck(work, real, error) for work in work_folders(real) if left_plan(work)[0] is not None)


def put_right(real: Path) -> tuple[Problem, ...]:
    """Do what `recover` does, where the folder is kept from others already."""
    problems = []
    for work in work_folders(real):
        plan, done = left_plan(work)
        try:
            if plan is None:
                remove_work(work)
            elif done:
                finish(work, real, plan)
            else:
                undo(work, real, plan)
                problems.append(_put_back(real))
        except OSError as error:
            problems.append(_stuck(work, real, error))
    return tuple(problems)


def _put_back(out: Path) -> Problem:
    """Return the warning that the earlier files are in their places again."""
    fact = Text(
        f"上一次写“{out}”时中断，已把中断以前的内容放回原处",
        f"writing {out} was interrupted; what was there before is in its place again",
    )
    cure = Text("中断的那一次请重新运行", "Run the interrupted one again")
    return Problem("interrupted-run", Where(str(out)), fact, cure, severity="warning")


def _stuck(work: Path, out: Path, error: OSError) -> Problem:
    """Return the warning that earlier files cannot be put back."""
    why = error.strerror or str(error)
    fact = Text(
        f"上一次写“{out}”时中断，原来的内容在“{work / 'old'}”，放不回去（{why}）",
        f"writing {out} was interrupted; what was there is in {work / 'old'} and cannot be put back ({why})",
    )
    cure = Text("检查权限，或者手工移回", "Check the permissions, or move it back by hand")
    return Problem("interrupted-run", Where(str(out)), fact, cure, severity="warning")
