"""The backfill of a run: what was recorded late, and an earlier run that did not see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.time.asof import AsOf, AsOfError
from events.ledger.folder import is_ledger
from events.ordinary import parse_json, read_ordinary
from events.problems import Problem, Text, Where, has_errors
from reports.output.interrupted import recover
from reports.violations.backfill import Backfill, EarlierReport, find_backfilled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.read import LedgerRead
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import RunRequest


def load_backfill(request: RunRequest, inputs: Inputs) -> tuple[Backfill | None, tuple[Problem, ...]]:
    """Return what was recorded late, None where the earlier run that is named cannot be read; and what is wrong."""
    earlier, problems = load_since(request.since, inputs.ledgers)
    if has_errors(problems):
        return None, problems
    origins = [one.loaded.origin for one in inputs.ledgers]
    return find_backfilled(inputs.table, origins, inputs.as_of, request.backfill_days, earlier), problems


def load_since(folder: Path | None, ledgers: Sequence[LedgerRead]) -> tuple[EarlierReport | None, tuple[Problem, ...]]:
    """Read the receipt of an earlier run.

    Args:
        folder: its folder, or None.
        ledgers: the ledgers of this run; of those that were in a state of the earlier one it is known what came since.
    """
    if folder is None:
        return None, ()
    put_right = recover(folder)
    try:
        receipt = parse_json(read_ordinary(folder / "run.json"))
        as_of = AsOf.parse(receipt["as_of"])
        heads = [str(one["head"]) for one in receipt.get("ledgers", ())]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AsOfError):
        fact = Text(
            "这不是一次评估的文件夹（读不了 run.json）", "it is not the folder of a run: run.json cannot be read"
        )
        cure = Text("请写先前一次评估的输出文件夹", "Name the folder of an earlier run")
        return None, (*put_right, Problem("bad-option", Where("--since"), fact, cure, str(folder)))
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
