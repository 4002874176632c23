"""Letting new files take their places in a folder, all or none: what was there stays until all new ones are in.

The folder itself stays, with its mode and its owner. Each step can be undone from the work folder, by this process or,
where it was killed, by a later one (`put_right`).
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from events.problems import Problem, ProblemError, Text, Where
from events.storage.files import replace_file, settle_folder, write_new
from reports.output.receipts import RECEIPT, digest_of
from reports.output.work import NEW, OLD, remove_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.output.receipts import Known

_PLAN, _DONE = "plan.json", "done"
_PEOPLE_WRITE_IN = frozenset({".xlsx", ".xlsm", ".docx", ".csv"})
"""Documents: where one was changed since it was written, somebody has worked in it."""

_NAMED = 5


@dataclass(frozen=True, slots=True)
class SwapPlan:
    """What changes in a folder.

    Attributes:
        new: the new files, and their hashes; those that are there already, to the byte, are none of them.
        replaced: those of them that take the place of one that we wrote.
        gone: files that we wrote and that are not written now.
        kept: files that we wrote and somebody has changed since, and the names under which they stay.
    """

    new: dict[str, str]
    replaced: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def make_plan(real: Path, new: Mapping[str, str], known: Known, *, whole: bool) -> SwapPlan:
    """Return what changes in a folder.

    Args:
        real: the folder.
        new: hash by path of what is written.
        known: what earlier runs wrote there, by their receipts.
        whole: whether what is not written again goes.

    Raises:
        ProblemError: a file of somebody else stands where one would be written.
        OSError: something cannot be read.
    """
    plan = SwapPlan(dict(new))
    in_the_way = []
    for name in new:
        if _is_strange(real, name) or (os.path.lexists(real / name) and name not in known):
            in_the_way.append(name)
        elif os.path.lexists(real / name) and digest_of(real / name) == new[name]:
            del plan.new[name]  # it says what it said, and stays as it is
        elif os.path.lexists(real / name):
            plan.replaced.append(name)
            if PurePosixPath(name).suffix in _PEOPLE_WRITE_IN and digest_of(real / name) not in known[name]:
                plan.kept[name] = _free_name(real, name)
    if in_the_way:
        raise ProblemError(_foreign(real, in_the_way))
    for name in sorted(known) if whole else ():
        if name in new or not os.path.lexists(real / name) or _is_strange(real, name):
            continue
        if digest_of(real / name) in known[name]:
            plan.gone.append(name)
    return plan


def _is_strange(real: Path, name: str) -> bool:
    """Say whether a path leads through something that is no folder, or to something that is no ordinary file."""
    place = real
    for part in PurePosixPath(name).parts[:-1]:
        place /= part
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            return True
    place = real / name
    return os.path.lexists(place) and (place.is_symlink() or not place.is_file())


def _free_name(real: Path, name: str) -> str:
    """Return a name beside a file that nothing has yet."""
    path = PurePosixPath(name)
    number = 1
    while os.path.lexists(real / path.with_name(f"{path.stem}.edited-{number}{path.suffix}")):
        number += 1
    return str(path.with_name(f"{path.stem}.edited-{number}{path.suffix}"))


def _foreign(real: Path, names: list[str]) -> Problem:
    """Return the problem of files of others where output would be written."""
    some = names[:_NAMED]
    fact = Text(
        f"“{real}”里的{'、'.join(some)}{'等' if len(names) > _NAMED else ''}不是 gongkai 写的，没有覆盖",
        f"{', '.join(some)}{' and others' if len(names) > _NAMED else ''} in {real} was not written by gongkai, and is "
        "not overwritten",
    )
    cure = Text(
        "没有改动任何内容。请移开它们，或者换一个文件夹", "Nothing was touched. Move them, or choose another folder"
    )
    return Problem("in-the-way", Where(str(real)), fact, cure, names[0])


def swap(work: Path, real: Path, plan: SwapPlan) -> tuple[Problem, ...]:
    """Carry a plan out; return a warning for each file that somebody had changed and that has another name now.

    Raises:
        OSError: something cannot be moved; the folder is as it was.
    """
    try:
        write_new(work / _PLAN, json.dumps(asdict(plan), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        settle_folder(work)
        _bring_in(work, real, plan)
    except BaseException:  # an interruption from the keyboard too
        undo(work, real, plan)
        raise
    finish(work, real, plan)
    return tuple(_kept(real, name, other) for name, other in plan.kept.items())


def _bring_in(work: Path, real: Path, plan: SwapPlan) -> None:
    """Put what is there aside and what is new in its place; `done` says that all of it is."""
    for name in plan.replaced:
        old = work / OLD / name
        old.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(real / name, old)  # it is never missing in its place
        except OSError:
            shutil.copy2(real / name, old)
    for name in sorted(plan.new, key=lambda one: (one == RECEIPT, one)):
        (real / name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(work / NEW / name, real / name)
    for name in plan.gone:
        old = work / OLD / name
        old.parent.mkdir(parents=True, exist_ok=True)
        (real / name).rename(old)
    for folder in {real, *((real / name).parent for name in plan.new)}:
        settle_folder(folder)
    write_new(work / _DONE, b"")
    settle_folder(work)


def undo(work: Path, real: Path, plan: SwapPlan) -> None:
    """Make a folder what it was before a swap that was broken off.

    Raises:
        OSError: something cannot be moved; it is in the work folder still.
    """
    for name in plan.gone:
        if os.path.lexists(work / OLD / name) and not os.path.lexists(real / name):
            (work / OLD / name).rename(real / name)
    for name in plan.new:
        came_in = not os.path.lexists(work / NEW / name)
        if name in plan.replaced:
            if came_in and os.path.lexists(work / OLD / name):
                replace_file(work / OLD / name, real / name)
        elif came_in and os.path.lexists(real / name) and digest_of(real / name) == plan.new[name]:
            (real / name).rename(work / NEW / name)
            _remove_empty(real, name)
    (work / _PLAN).unlink(missing_ok=True)
    remove_work(work)


def finish(work: Path, real: Path, plan: SwapPlan) -> None:
    """Do what is left to do when all new files are in: give those that somebody changed their names, and clear up."""
    for name, other in plan.kept.items():
        if os.path.lexists(work / OLD / name) and not os.path.lexists(real / other):
            (work / OLD / name).rename(real / other)
    for name in plan.gone:
        _remove_empty(real, name)
    (work / _PLAN).unlink(missing_ok=True)  # before `done`: a plan that is not done is undone
    remove_work(work)


def _remove_empty(real: Path, name: str) -> None:
    """Remove the folders above a file that is gone, where nothing is left in them."""
    for above in PurePosixPath(name).parents:
        if str(above) != ".":
            with suppress(OSError):
                (real / above).rmdir()


def left_plan(work: Path) -> tuple[SwapPlan | None, bool]:
    """Return the plan that a killed run was carrying out, None where it had not begun; and whether all was in."""
    try:
        plan = SwapPlan(**json.loads((work / _PLAN).read_bytes().decode("utf-8", "surrogatepass")))
    except FileNotFoundError:
        return None, False
    except (ValueError, TypeError):
        return None, False  # it was killed while the plan was written, before anything was moved
    return plan, (work / _DONE).exists()


def _kept(real: Path, name: str, other: str) -> Problem:
    """Return the warning that a file which somebody changed is there under another name."""
    fact = Text(
        f"“{name}”在写出之后有人改过，改过的一份已改名为“{other}”",
        f"{name} was changed since it was written; the changed one is {other} now",
    )
    cure = Text("请核对后合并或者删去", "Look at it, and merge or delete it")
    return Problem("edited-kept", Where(str(real / name)), fact, cure, name, "warning")
