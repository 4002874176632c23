"""Importing: what is new is added, what is there already is passed over, what contradicts it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress, islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.canonical import record_text
from events.ledger.damage import backwards, put_aside, too_long
from events.ledger.entries import follow_blocks
from events.ledger.folder import ENTRIES
from events.ledger.importing.adding import adding, append
from events.ledger.importing.clashes import StageComparison
from events.ledger.importing.index import INDEX, index_of
from events.ledger.importing.stage import MOST
from events.ledger.load import entry_tables, origin_tables, records_in
from events.normalise.chains import chain_problems
from events.problems import Where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from events.ledger.chain import Head
    from events.ledger.importing.known import Known
    from events.ledger.importing.stage import Source, Stage
    from events.problems import Problem

_TOGETHER = 2_000
"""How many entries are written together: so many stay in the cache of a processor while they are hashed."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an import comes from, besides its files.

    Attributes:
        at: when, as ISO date-time of Asia/Shanghai without a zone.
        by: who.
        gongkai: version of the program.
        units: hash of the unit registry.
        mapping: hash of the mapping file, or None.
    """

    at: str
    by: str
    gongkai: str
    units: str
    mapping: str | None = None


@dataclass(frozen=True, slots=True)
class Checks:
    """What new entries are held against.

    Attributes:
        rejected: ids of rows that could not be read, which corrections may point to.
        evaluates: says of a unit whether it may correct the entries of others; everybody may without it.
        memory: what an earlier import of the same process knows of the ledger; it is brought up to date.
    """

    rejected: Collection[str] = ()
    evaluates: Callable[[str], bool] | None = None
    memory: Known | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        head: the state of the ledger after it.
        added: how many events each file added, in the order of the files.
        known: how many of its events were there already.
    """

    head: Head
    added: tuple[int, ...]
    known: tuple[int, ...]


def import_stage(
    ledger: Path,
    stage: Stage,
    provenance: Provenance,
    checks: Checks | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> tuple[Imported | None, tuple[Problem, ...]]:
    """Add what is on the stage to a ledger: everything that is new, or nothing.

    Args:
        ledger: the folder; it is made where there is none.
        stage: the events of the files.
        provenance: what is kept of the import besides.
        checks: what corrections are held against.
        waiting: called once where another import is under way, before waiting for its end.

    Returns:
        What was done, None where something contradicts the ledger or leads nowhere; and what is wrong, or to be told.

    Raises:
        DamageError: the ledger is damaged, or cannot be written; it is as it was.
    """
    checks = checks or Checks()
    with adding(ledger, waiting) as before:
        head, warnings = before, []
        remembered = checks.memory.at(ledger, head) if checks.memory is not None else None
        old, last_at = _index_of(ledger, head) if remembered is None else (remembered, "")
        new = stage.index()
        comparison = StageComparison(ledger, head, stage, old, new)
        keep, clashes = comparison.compared()
        problems = [*stage.problems, *comparison.problems(clashes)]
        kept = new if pc.all(keep).as_py() else new.filter(keep)
        problems += chain_problems(pa.concat_tables([old, kept]), checks.rejected, checks.evaluates)[0].values()
        problems += _long_records(stage, provenance)
        if problems:
            return None, tuple(problems)
        added = tuple(pc.sum(keep.slice(one.start, one.stop - one.start)).as_py() or 0 for one in stage.sources)
        if any(added):
            head, aside = append(ledger, head, _bodies(stage, keep, added, provenance))
            warnings += [put_aside(aside)] if aside is not None else []
            warnings += [backwards(Where("--at"), provenance.at, last_at)] if provenance.at < last_at else []
        if checks.memory is not None:
            checks.memory.keep(ledger, head, pa.concat_tables([old, kept]))
    known = tuple(one.stop - one.start - count for one, count in zip(stage.sources, added, strict=True))
    return Imported(head, added, known), tuple(warnings)


def record_body(source: Source, events: int, provenance: Provenance) -> bytes:
    """Return what stands in the record of an import after the hash of the entry before."""
    record = {
        "at": provenance.at,
        "by": provenance.by,
        "file": source.name,
        "sha256": source.sha256,
        "rows": source.rows,
        "events": events,
        "units": provenance.units,
        **({"mapping": provenance.mapping} if provenance.mapping else {}),
        "gongkai": provenance.gongkai,
    }
    return f'"import":{record_text(record)}}}\n'.encode()


def _long_records(stage: Stage, provenance: Provenance) -> list[Problem]:
    """Return a problem where the record of an import is longer than an entry may be: `--by` has no limit of its own."""
    sizes = [len(record_body(one, one.stop - one.start, provenance)) for one in stage.sources]
    return [too_long(Where("--by"), max(sizes), MOST)] if sizes and max(sizes) > MOST else []


def _bodies(stage: Stage, keep: pa.Array, added: Sequence[int], provenance: Provenance) -> Iterator[Sequence[bytes]]:
    """Yield the entries of an import, some at a time: of each file the record, then its events that are new."""
    bodies = stage.bodies() if sum(added) == len(keep) else compress(stage.bodies(), keep.to_pylist())
    for source, count in zip(stage.sources, added, strict=True):
        if count:
            yield [record_body(source, count, provenance)]
        of_source = islice(bodies, count)
        while some := list(islice(of_source, _TOGETHER)):
            yield some


def _index_of(ledger: Path, head: Head) -> tuple[pa.Table, str]:
    """Return what is known of every event of a ledger (`INDEX`), after following its chain; and when the last came."""
    index, last_at = [INDEX.empty_table()], ""

    def noting(entries: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Yield entries, and note when the last import was."""
        nonlocal last_at
        for table in entries:
            records = records_in(table)
            last_at = (records[-1].as_py()["at"] or "") if len(records) else last_at
            yield table

    entries = noting(entry_tables(ledger / ENTRIES, follow_blocks(ledger, head), None))
    index += map(index_of, origin_tables(entries))
    return pa.concat_tables(index), last_at
