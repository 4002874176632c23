"""The heads of earlier runs, held against the ledger: one that was rolled back or made anew is said loudly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.ledger.beyond import state_of
from events.ledger.damage import DamageError
from events.ledger.entries import state_at
from events.ledger.folder import is_ledger
from events.problems import Problem, Text, Where
from reports.run.folder import RunFolder, RunFolderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.read import LedgerRead


def hold_heads(runs: Iterable[RunFolder], ledgers: Iterable[LedgerRead]) -> tuple[Problem, ...]:
    """Return a warning for each earlier run whose state no ledger that was read now has ever been in.

    Args:
        runs: the folders of the earlier runs; those without a receipt are passed over.
        ledgers: the ledgers that were read now.
    """
    now = [one for one in ledgers if is_ledger(Path(one.path))]
    if not now:
        return ()
    return tuple(
        _lost(run.option or "", run.path, head)
        for run in {(run.option, run.path): run for run in runs}.values()
        for head in _heads(run)
        if not any(_was_in(one, head) for one in now)
    )


def heads_part(before: Mapping[str, Any], after: Mapping[str, Any], where: str) -> tuple[Problem, ...]:
    """Return a warning where the later of two runs cannot be over the ledger of the earlier one gone on.

    Args:
        before: the receipt of the earlier run.
        after: that of the later one.
        where: the folder of the later one, for the problem.
    """
    older = {str(one["ledger"]): one for one in before.get("ledgers", ())}
    problems = []
    known_by = after.get("ledger_heads", ())
    for number, one in enumerate(after.get("ledgers", ())):
        other = older.get(str(one["ledger"]))
        if other is None or one["head"] == other["head"]:
            continue
        known = known_by[number] if number < len(known_by) else None
        if one["entries"] <= other["entries"] or (known is not None and other["head"] not in known):
            problems.append(_lost("compare", Path(where), str(other["head"])))
    return tuple(problems)


def _heads(run: RunFolder) -> tuple[str, ...]:
    """Return the heads of the ledgers that a run read, none where there is no run."""
    try:
        return run.heads
    except RunFolderError:
        return ()


def _was_in(ledger: LedgerRead, head: str) -> bool:
    """Say whether a ledger ever was in a state, later ones than the one that was asked for included."""
    path = Path(ledger.path)
    if ledger.loaded.entries_at(path, head) is not None:
        return True
    try:
        whole, _ = state_of(path)
        return whole != ledger.loaded.head and bool(state_at(path, whole, head))
    except DamageError:
        return False


def _lost(option: str, folder: Path, head: str) -> Problem:
    """Return the warning that the ledger of an earlier run is not the one that was read now."""
    fact = Text(
        f"“{folder}”里先前的评估依据的账本状态（链头 {head}），现在的账本从来没有过："
        "账本被换回旧的、重建过，或者不是同一个账本",
        f"the ledger never was in the state that the earlier run in {folder} read (head {head}): an older one was put "
        "back, it was made anew, or it is another ledger",
    )
    cure = Text(
        "请先查明，用备份恢复账本；结论与先前的不可比较",
        "Find out first, and restore the ledger; the runs cannot be compared",
    )
    return Problem("ledger-rolled-back", Where(option), fact, cure, str(folder), "warning")
