"""Where output may go: not into a folder of somebody else's, a home, the folder of the log, or a ledger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.folder import is_ledger
from events.problems import Problem, Text, Where
from reports.output.receipts import NOTES, listed, noted_of
from reports.output.work import is_work

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHOOSE = Text(
    "没有改动任何内容。请换一个新的文件夹，例如 --out 报告",
    "Nothing was touched. Choose a new folder, for example --out report",
)
NAMED = 5
"""How many files a refusal names."""


def place_of(out: Path) -> Path:
    """Return the folder or file itself that a path leads to; links are followed."""
    return Path(os.path.realpath(out))


def refusal(out: Path, reading: Iterable[Path] = ()) -> Problem | None:
    """Return why nothing may be written into a folder, None where it may.

    Args:
        out: the folder, which need not exist.
        reading: the files and folders of the log.
    """
    real = place_of(out)
    ledger = ledger_around(real)
    if ledger is not None:
        return in_ledger(out, ledger)
    kind = _kind(real, [place_of(one) for one in reading])
    if kind is not None:
        fact = Text(f"“{out}”是{kind.zh}，不能作为输出文件夹", f"{out} is {kind.en}: no folder for output")
        return Problem("unsafe-out", Where("--out"), fact, _CHOOSE, str(out))
    if not real.is_dir():
        return None
    try:
        names = sorted(one.name for one in real.iterdir() if one.name != NOTES and not is_work(one))
    except OSError:
        return None  # that it cannot be read is said when it is written
    if not names or listed(real) is not None or noted_of(real):
        return None
    return not_empty(out, names)


def not_empty(out: Path, names: list[str]) -> Problem:
    """Return the problem of a folder with files that no run of ours wrote."""
    fact = Text(
        f"“{out}”里已有别的文件（{'、'.join(names[:NAMED])}{'等' if len(names) > NAMED else ''}），"
        "没有 gongkai 写过的收据",
        f"{out} holds other files ({', '.join(names[:NAMED])}{' and others' if len(names) > NAMED else ''}) and no "
        "receipt of an earlier run",
    )
    return Problem("not-empty", Where(str(out)), fact, _CHOOSE, str(out))


def ledger_around(real: Path) -> Path | None:
    """Return the ledger that a place is, or lies in."""
    return next((one for one in (real, *real.parents) if is_ledger(one)), None)


def in_ledger(out: Path, ledger: Path) -> Problem:
    """Return the problem of output that would go into a ledger."""
    fact = Text(f"“{out}”在账本“{ledger}”里面", f"{out} lies in the ledger {ledger}")
    cure = Text("没有改动任何内容。请写到别处", "Nothing was touched. Write it somewhere else")
    return Problem("unsafe-out", Where("--out"), fact, cure, str(out))


def _kind(real: Path, reading: list[Path]) -> Text | None:
    """Return what a place is that no output may go into, None where it may."""
    here, home = Path.cwd().resolve(), _home()
    if real in {here, *here.parents}:
        return Text("当前文件夹或者它的上级", "the folder you are in, or one above it")
    if home is not None and real in {home, *home.parents}:
        return Text("用户主目录或者它的上级", "a home, or a folder above it")
    if any(real in {one, one.parent} for one in reading):
        return Text("台账所在的文件夹", "the folder of the log")
    return None


def _home() -> Path | None:
    try:
        return Path.home().resolve()
    except (RuntimeError, OSError):  # nobody is known to the system
        return None
