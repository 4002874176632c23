"""Verifying a ledger: every byte of it is looked at."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.ledger.damage import DamageError, extra_bytes, unfinished
from events.ledger.entries import follow, mapped, state_at
from events.ledger.folder import ENTRIES, UNFINISHED, read_head, standing_still
from events.ledger.load import load_ledger
from events.normalise.whole_log import check_whole_log

if TYPE_CHECKING:
    from pathlib import Path

    from events.ledger.chain import Head
    from events.problems import Problem
    from events.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying says.

    Attributes:
        head: the state, None where the ledger is damaged.
        problems: what is wrong, the first damage only; the rest of an import that was broken off is a warning.
    """

    head: Head | None
    problems: tuple[Problem, ...]


def verify_ledger(ledger: Path, vocabulary: Vocabulary, expected: str | None = None) -> Verified:
    """Follow the chain from the first entry to the last, and read every event.

    Args:
        ledger: the folder.
        vocabulary: the vocabulary.
        expected: hash of a state that the ledger must have gone through, such as that of a report.
    """
    try:
        with standing_still(ledger):
            head = read_head(ledger)
            content = mapped(ledger / ENTRIES)
            deque(follow(ledger, content, head), 0)
            rest = len(content) - head.size
            if rest and not (ledger / UNFINISHED).exists():
                return Verified(None, (extra_bytes(ledger, head.entries + 1, rest),))
            if expected is not None:
                state_at(ledger, content, head, expected)
            loaded = load_ledger(ledger, vocabulary)
    except DamageError as error:
        return Verified(None, (error.problem,))
    wrong = check_whole_log(loaded.table).problems
    if wrong:
        return Verified(None, wrong)
    return Verified(head, (unfinished(ledger, rest),) if rest else ())
