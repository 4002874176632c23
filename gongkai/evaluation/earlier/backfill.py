"""The backfill of a run: what was recorded late, and an earlier run that did not see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.folder import is_ledger
from events.problems import Problem, Text, Where, has_errors
from reports.output.interrupted import recover
from reports.run.folder import RunFolder, RunFolderError
from reports.violations.backfill import Backfill, EarlierReport, find_backfilled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.read import LedgerRead
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import RunRequest


def load_backfill(
    request: RunRequest, inputs: Inputs, since: RunFolder | None
) -> tuple[Backfill | None, tuple[Problem, ...]]:
    """Return what was recorded late, None where the earlier run that is named cannot be read; and what is wrong."""
    earlier, problems = load_since(since, inputs.ledgers)
    if has_errors(problems):
        return None, problems
    origins = [one.loaded.origin for one in inputs.ledgers]
    return find_backfilled(inputs.table, origins, inputs.as_of, request.backfill_days, earlier), problems


def load_since(
    run: RunFolder | None, ledgers: Sequence[LedgerRead]
) -> tuple[EarlierReport | None, tuple[Problem, ...]]:
    """Return an earlier run as the backfill needs it; its receipt alone is read.

    Args:
        run: its folder, or None.
        ledgers: the ledgers of this run; of those that were in a state of the earlier one it is known what came since.
    """
    if run is None:
        return None, ()
    put_right = recover(run.path)
    try:
        as_of, heads = run.as_of, run.heads
    except RunFolderError:
        fact = Text(
            "这不是一次评估的文件夹（读不了 run.json）", "it is not the folder of a run: run.json cannot be read"
        )
        cure = Text("请写先前一次评估的输出文件夹", "Name the folder of an earlier run")
        return None, (*put_right, Problem("bad-option", Where("--since"), fact, cure, str(run.path)))
    entries = {}
    for number, one in enumerate(ledgers):
        found = [count for head in heads if (count := _entries_at(one, head)) is not None]
        if found:
            entries[number] = max(found)
    return EarlierReport(as_of, entries), put_right


def _entries_at(ledger: LedgerRead, head: str) -> int | None:
    """Return how many entries a ledger had in a state, None where it never was in it."""
    path = Path(ledger.path)
    return ledger.loaded.entries_at(path, head) if is_ledger(path) else None
