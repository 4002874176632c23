"""Importing an exported ledger: its entries go in as they are, so that the ledger has the same head again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from events.ledger.beyond import state_of
from events.ledger.canonical import json_text, record_text
from events.ledger.chain import BODY, Head, is_event
from events.ledger.damage import DamageError, put_aside
from events.ledger.entries import blocks_of, follow_export, lines_of, state_at
from events.ledger.folder import is_ledger
from events.ledger.importing.adding import adding, append
from events.ledger.importing.contents import PLACE, event_text
from events.ledger.importing.imports import Imported
from events.ledger.importing.index import conflicts_in
from events.normalise.chains import chain_problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.ledger.importing.imports import Checks
    from events.ledger.importing.stage import Stage
    from events.problems import Problem


def known_already(ledger: Path, path: Path) -> Imported | None:
    """Return what importing an exported file does where the ledger was in its state: nothing; else None.

    Raises:
        DamageError: file or ledger is damaged, or cannot be read.
    """
    end, _ = follow_export(path)
    if not is_ledger(ledger):
        return None
    head, _ = state_of(ledger)
    return Imported(head, (0,), (end.events,)) if _passed(ledger, head, end) else None


def continues(ledger: Path, path: Path) -> bool:
    """Say whether an exported file goes on from the state of a ledger.

    Raises:
        DamageError: file or ledger is damaged, or cannot be read.
    """
    head = state_of(ledger)[0] if is_ledger(ledger) else Head()
    return follow_export(path, head)[1]


def as_it_is(path: Path, stage: Stage) -> bool:
    """Say whether the entries of an exported file are what a ledger writes of the events in it.

    Args:
        path: the file.
        stage: its events, read and checked as those of any other file.
    """
    bodies = stage.bodies()
    count = 0
    for line in lines_of(path.resolve()):
        if not _is_canonical(line):
            return False
        if is_event(line):
            count += 1
            if PLACE not in line or event_text(line[BODY:]) != event_text(next(bodies, b"")):
                return False
    return count == stage.count


def whole_log_problems(stage: Stage, checks: Checks) -> list[Problem]:
    """Return what is wrong between the events of an exported file: ids given twice, corrections that lead nowhere."""
    index = stage.index()
    return [*conflicts_in(index, stage.bodies), *chain_problems(index, checks.rejected, checks.evaluates)[0].values()]


def import_export(
    ledger: Path, path: Path, waiting: Callable[[], None] = lambda: None
) -> tuple[Imported | None, tuple[Problem, ...]]:
    """Add the entries of an exported file that go on from the state of a ledger, as they are.

    Args:
        ledger: the folder; it is made where there is none.
        path: the exported file, whose events were checked and are as a ledger writes them (`as_it_is`).
        waiting: called once where another import is under way, before waiting for its end.

    Returns:
        What was done, None where the file no longer goes on from the state; and what is to be told.

    Raises:
        DamageError: file or ledger is damaged, or cannot be read or written; the ledger is as it was.
    """
    warnings: list[Problem] = []
    with adding(ledger, waiting) as before:
        end, passed = follow_export(path, before)
        if not passed:  # another import has added something since
            return None, ()
        head = before
        if end != before:
            blocks = blocks_of(path.resolve(), end.size, before.size)
            head, aside = append(ledger, head, ([line[BODY:] for line in lines] for lines in blocks))
            warnings += [put_aside(aside)] if aside is not None else []
        added = head.events - before.events
        return Imported(head, (added,), (end.events - added,)), tuple(warnings)


def _is_canonical(line: bytes) -> bool:
    """Say whether an entry is written as a ledger writes it: no space, no key twice, and what belongs in it."""
    try:
        entry = json.loads(line, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return False
    names = [name for name, _ in entry]
    known = (["prev", "import"], ["prev", "event", "place"], ["prev", "event", "place", "file"])
    if names not in known:
        return False
    if names[1] == "import":
        return line.endswith(f',"import":{record_text(dict(entry[1][1]))}}}\n'.encode())
    tail = "".join(f',"{name}":{json_text(value)}' for name, value in entry[2:] if isinstance(value, str))
    return line.endswith(f"{tail}}}\n".encode()) and len(tail) > 0


class _Pairs(list[tuple[str, object]]):
    """An object of JSON as its pairs."""


def _passed(ledger: Path, head: Head, wanted: Head) -> bool:
    """Say whether a ledger was in a state."""
    try:
        return state_at(ledger, head, wanted.hash) == wanted
    except DamageError:
        return False
