"""Importing: what is new is added, what is there already is passed over, what contradicts it is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from itertools import compress, islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.canonical import record_text
from events.ledger.chain import is_event
from events.ledger.damage import backwards, put_aside, too_long
from events.ledger.entries import follow, follow_blocks
from events.ledger.folder import ENTRIES
from events.ledger.importing.adding import adding, append
from events.ledger.importing.conflicts import Version, conflict, more_conflicts
from events.ledger.importing.index import PLACE, Index, event_text
from events.ledger.importing.stage import MOST
from events.ledger.load import entry_tables, origin_tables, read_back, records_in
from events.normalise.chains import chain_problems
from events.problems import Where
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from events.ledger.chain import Head
    from events.ledger.importing.known import Known
    from events.ledger.importing.stage import Source, Stage
    from events.problems import Problem

_SHOWN = 200
"""How many contradictions are shown one by one."""


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
        remembered = checks.memory.at(head) if checks.memory is not None else None
        old, last_at = _index_of(ledger, head) if remembered is None else (remembered, "")
        new = stage.index()
        keep, clashes = compare_index(old, new)
        problems = [*stage.problems, *_clash_problems(ledger, head, stage, (old, new), clashes)]
        kept = new.filter(keep)
        problems += chain_problems(pa.concat_tables([old, kept]), checks.rejected, checks.evaluates)[0].values()
        problems += _long_records(stage, provenance)
        if problems:
            return None, tuple(problems)
        flags = keep.to_pylist()
        added = tuple(sum(flags[one.start : one.stop]) for one in stage.sources)
        if any(added):
            bodies = _bodies(stage, flags, added, provenance)
            head, aside = append(ledger, head, bodies, partial(read_back, ledger, stage.attributes))
            warnings += [put_aside(aside)] if aside is not None else []
            warnings += [backwards(Where("--at"), provenance.at, last_at)] if provenance.at < last_at else []
        if checks.memory is not None:
            checks.memory.keep(head, pa.concat_tables([old, kept]))
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


def _bodies(stage: Stage, keep: Sequence[bool], added: Sequence[int], provenance: Provenance) -> Iterator[bytes]:
    """Yield the entries of an import: of each file the record, then its events that are new."""
    bodies = iter(compress(stage.bodies(), keep))
    for source, count in zip(stage.sources, added, strict=True):
        if count:
            yield record_body(source, count, provenance)
        yield from islice(bodies, count)


def _index_of(ledger: Path, head: Head) -> tuple[pa.Table, str]:
    """Return what is known of every event of a ledger (`INDEX`), after following its chain; and when the last came."""
    index, last_at = Index(), ""

    def noting(entries: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Yield entries, and note when the last import was."""
        nonlocal last_at
        for table in entries:
            records = records_in(table)
            last_at = (records[-1].as_py()["at"] or "") if len(records) else last_at
            yield table

    entries = noting(entry_tables(ledger / ENTRIES, index.noting(follow_blocks(ledger, head)), None))
    for rows in origin_tables(entries):
        index.add(rows)
    return index.table(), last_at


def compare_index(old: pa.Table, new: pa.Table) -> tuple[pa.Array, list[tuple[int, int, bool]]]:
    """Return which new events are kept, and those that contradict an earlier one.

    Returns:
        A mask of the new events; and number of the new event, number of the earlier, and whether that is in the ledger.
    """
    numbers = pa.array(range(new.num_rows), pa.int64())
    there = _position(new, old)
    first = _position(new, new)
    in_ledger = pc.is_valid(there)
    again = pc.and_(pc.invert(in_ledger), pc.not_equal(first, numbers))
    clashes = []
    for mask, position, earlier, stored in ((in_ledger, there, old, True), (again, first, new, False)):
        rows, places = numbers.filter(mask), position.filter(mask)
        differ = pc.not_equal(_digests(new).take(rows), _digests(earlier).take(places))
        pairs = zip(rows.filter(differ).to_pylist(), places.filter(differ).to_pylist(), strict=True)
        clashes += [(row, place, stored) for row, place in pairs]
    return pc.invert(pc.or_(in_ledger, again)), sorted(clashes)


def _position(new: pa.Table, earlier: pa.Table) -> pa.Array:
    """Return the number of the first entry of the same id of the same unit, of each new one."""
    return pc.index_in(_keys(new), _keys(earlier)).cast(pa.int64())


def _keys(index: pa.Table) -> pa.Array:
    """Return what an entry is known by: an id is unique within its unit."""
    return pc.binary_join_element_wise(index["unit"], index["id"], "\x1f").combine_chunks()


def _digests(index: pa.Table) -> pa.Array:
    return index["digest"].combine_chunks()


def _clash_problems(
    ledger: Path, head: Head, stage: Stage, tables: tuple[pa.Table, pa.Table], clashes: Sequence[tuple[int, int, bool]]
) -> Iterator[Problem]:
    """Yield a problem for each contradiction, with both versions."""
    shown = clashes[:_SHOWN]
    old, new = tables
    stored = {place for _, place, is_stored in shown if is_stored}
    staged = {row for row, _, _ in shown} | {place for _, place, is_stored in shown if not is_stored}
    events = (line for line in follow(ledger, head) if is_event(line)) if stored else iter(())
    texts = {
        True: {number: event_text(line) for number, line in enumerate(events) if number in stored},
        False: {
            number: body[len(b'"event":') : body.rindex(PLACE) + 1]
            for number, body in enumerate(stage.bodies() if staged else ())
            if number in staged
        },
    }
    for row, place, is_stored in shown:
        earlier = _version(old if is_stored else new, place, texts[is_stored][place])
        yield conflict(_version(new, row, texts[False][row]), earlier, stored=is_stored)
    if len(clashes) > len(shown):
        yield more_conflicts(ledger, len(clashes) - len(shown))


def _version(index: pa.Table, number: int, text: bytes) -> Version:
    row = index.slice(number, 1).to_pylist()[0]
    return Version(place_of(row["file"], row["place"]), json.loads(text), text.decode())
