"""Importing: what is new is added, what is there already is passed over, what contradicts it is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.chain import BODY, is_event
from events.ledger.conflicts import Version, conflict, more_conflicts
from events.ledger.entries import follow, mapped
from events.ledger.folder import ENTRIES, adding, append
from events.ledger.load import read_entries, with_origin
from events.ledger.stage import INDEX, digests_of
from events.normalise.chains import chain_problems
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from events.ledger.chain import Head
    from events.ledger.known import Known
    from events.ledger.stage import Source, Stage
    from events.problems import Problem

_PLACE = b'},"place":"'
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
        What was done, None where something contradicts the ledger or leads nowhere; and what is wrong.

    Raises:
        DamageError: the ledger is damaged, or cannot be written; it is as it was.
    """
    checks = checks or Checks()
    with adding(ledger, waiting) as before:
        head = before
        remembered = checks.memory.at(head) if checks.memory is not None else None
        old, new = _index_of(ledger, head) if remembered is None else remembered, stage.index()
        keep, clashes = _compare(old, new)
        problems = [*_clash_problems(ledger, head, stage, (old, new), clashes)]
        kept = new.filter(keep)
        problems += chain_problems(pa.concat_tables([old, kept]), checks.rejected, checks.evaluates)[0].values()
        if problems:
            return None, tuple(problems)
        flags = keep.to_pylist()
        added = tuple(sum(flags[one.start : one.stop]) for one in stage.sources)
        if any(added):
            head = append(ledger, head, _bodies(stage, flags, added, provenance))
        if checks.memory is not None:
            checks.memory.keep(head, pa.concat_tables([old, kept]))
    known = tuple(one.stop - one.start - count for one, count in zip(stage.sources, added, strict=True))
    return Imported(head, added, known), ()


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
    return f'"import":{json.dumps(record, ensure_ascii=False, separators=(",", ":"))}}}\n'.encode()


def event_text(line: bytes) -> bytes:
    """Return the canonical form in the entry of an event."""
    return line[BODY + len(b'"event":') : line.rindex(_PLACE) + 1]


def _bodies(stage: Stage, keep: Sequence[bool], added: Sequence[int], provenance: Provenance) -> Iterator[bytes]:
    """Yield the entries of an import: of each file the record, then its events that are new."""
    bodies = iter(compress(stage.bodies(), keep))
    for source, count in zip(stage.sources, added, strict=True):
        if count:
            yield record_body(source, count, provenance)
        for _ in range(count):
            yield next(bodies)


def _index_of(ledger: Path, head: Head) -> pa.Table:
    """Return what is known of every event of a ledger (`INDEX`), after following its chain."""
    content = mapped(ledger / ENTRIES)
    digests = digests_of(event_text(line) for line in follow(ledger, content, head) if is_event(line))
    if not digests:
        return INDEX.empty_table()
    rows = with_origin(read_entries(ledger / ENTRIES, content, head.size))
    event = rows["event"].combine_chunks()
    columns = {name: pc.struct_field(event, name) for name in ("id", "unit", "corrects", "retracts")}
    columns |= {name: rows[name].combine_chunks() for name in ("file", "place")}
    return pa.table({**columns, "digest": pa.array(digests, INDEX.field("digest").type)}, INDEX)


def _compare(old: pa.Table, new: pa.Table) -> tuple[pa.Array, list[tuple[int, int, bool]]]:
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
    events = (line for line in follow(ledger, mapped(ledger / ENTRIES), head) if is_event(line)) if stored else iter(())
    texts = {
        True: {number: event_text(line) for number, line in enumerate(events) if number in stored},
        False: {
            number: body[len(b'"event":') : body.rindex(_PLACE) + 1]
            for number, body in enumerate(stage.bodies())
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
