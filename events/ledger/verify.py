"""Verifying a ledger: every byte of it is looked at, some megabytes at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from events.ledger.beyond import state_of
from events.ledger.damage import DamageError, backwards
from events.ledger.entries import follow_blocks, state_at
from events.ledger.folder import ENTRIES, standing_still
from events.ledger.importing.contents import bodies_of
from events.ledger.importing.index import INDEX, conflicts_in, index_of
from events.ledger.load import attributes_of, entry_tables, events_of, origin_tables, records_in
from events.normalise.chains import chain_problems
from events.problems import Where
from events.table import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
    columns = schema(vocabulary)
    warnings: list[Problem] = []
    try:
        with standing_still(ledger):
            head, left = state_of(ledger, alone=True)
            index = [INDEX.empty_table()]
            entries = entry_tables(ledger / ENTRIES, follow_blocks(ledger, head), attributes_of(vocabulary))
            for rows in origin_tables(_noting_times(entries, ledger, warnings)):
                events_of(rows, columns)
                index.append(index_of(rows))
            if expected is not None:
                state_at(ledger, head, expected)
            table = pa.concat_tables(index)
            wrong = conflicts_in(table, lambda: bodies_of(ledger, head))
    except DamageError as error:
        return Verified(None, (error.problem,))
    wrong += chain_problems(table, ())[0].values()
    if wrong:
        return Verified(None, tuple(wrong))
    return Verified(head, (*left, *warnings))


def _noting_times(entries: Iterable[pa.Table], ledger: Path, warnings: list[Problem]) -> Iterator[pa.Table]:
    """Yield entries, and note imports that say that they were made before the one before."""
    before = ""
    for table in entries:
        numbers = table["entry"].filter(table["import"].is_valid()).to_pylist()
        for number, record in zip(numbers, records_in(table).to_pylist(), strict=True):
            at = record["at"] or ""
            if at < before:
                warnings.append(backwards(Where(str(ledger / ENTRIES), number), at, before))
            before = at
        yield table
