"""Importing an exported ledger: its entries go in as they are, so that the ledger has the same head again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.ledger.chain import BODY, Head
from events.ledger.damage import DamageError
from events.ledger.entries import follow_export, lines_of, mapped, state_at
from events.ledger.folder import ENTRIES, adding, append, is_ledger, read_head
from events.ledger.imports import Imported
from events.ledger.load import load_export
from events.normalise.whole_log import check_whole_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.problems import Problem
    from events.vocabulary import Vocabulary


def continues(ledger: Path, path: Path) -> bool:
    """Say whether an exported file goes on from the state of a ledger, or the ledger from that of the file.

    Raises:
        DamageError: file or ledger is damaged, or cannot be read.
    """
    head = read_head(ledger) if is_ledger(ledger) else Head()
    end, passed = follow_export(path, mapped(path), head)
    return passed or _passed(ledger, head, end)


def import_export(
    ledger: Path, path: Path, vocabulary: Vocabulary, waiting: Callable[[], None] = lambda: None
) -> tuple[Imported | None, tuple[Problem, ...]]:
    """Add the entries of an exported file that go on from the state of a ledger, as they are.

    Args:
        ledger: the folder; it is made where there is none.
        path: the exported file.
        vocabulary: the vocabulary.
        waiting: called once where another import is under way, before waiting for its end.

    Returns:
        What was done, None where entries of the file lead nowhere; and what is wrong.

    Raises:
        DamageError: file or ledger is damaged, or cannot be read or written; the ledger is as it was.
    """
    content = mapped(path)
    loaded = load_export(path, vocabulary)
    wrong = check_whole_log(loaded.table).problems
    if wrong:
        return None, wrong
    with adding(ledger, waiting) as before:
        head = before
        # another import may have added something since: then nothing of this one fits
        if loaded.head != head and follow_export(path, content, head)[1]:
            lines = enumerate(lines_of(content, loaded.head.size), 1)
            head = append(ledger, head, (line[BODY:] for number, line in lines if number > before.entries))
        added = head.events - before.events
        return Imported(head, (added,), (loaded.head.events - added,)), ()


def _passed(ledger: Path, head: Head, wanted: Head) -> bool:
    """Say whether a ledger was in a state."""
    try:
        return state_at(ledger, mapped(ledger / ENTRIES), head, wanted.hash) == wanted
    except DamageError:
        return False
