"""Entries as tables: the events that the engine reads, and where each came from; read some megabytes at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.formats.json_block import BlockReader
from events.ledger.beyond import state_of
from events.ledger.chain import Head, carried, is_event
from events.ledger.damage import DamageError, other_fields
from events.ledger.entries import follow_blocks, state_at
from events.ledger.folder import ENTRIES
from events.table import ATTRIBUTE_TYPES, MOMENT, joined, nulls, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from events.problems import Problem
    from events.vocabulary import Vocabulary

_TEXT = pa.string()
_DAY = len("2023-07-14")
_NAMED = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")
_WORDS = ("at", "by", "file", "sha256", "units", "mapping", "gongkai")
_RECORD = pa.struct(dict.fromkeys(_WORDS, _TEXT) | dict.fromkeys(("rows", "events"), pa.int64()))
_HELD_RECORD = pa.struct(dict.fromkeys(("at", "file"), _TEXT))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A ledger as it was read.

    Attributes:
        table: its events (`events.table`) in their order; file and place are those that they were imported from.
        origin: for each of them `id`, `entry` (its number), `at` (when it was imported) and `by`.
        head: the state that was read.
        heads: hash of the state before and after each import, and how many entries it had.
        problems: warnings, such as of an import that was broken off.
    """

    table: pa.Table
    origin: pa.Table
    head: Head
    heads: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def entries_at(self, ledger: Path, head: str) -> int | None:
        """Return how many entries the ledger had in a state, None where it never was in it."""
        if head in self.heads:
            return self.heads[head]
        try:
            return state_at(ledger, self.head, head).entries
        except DamageError:
            return None


def load_ledger(ledger: Path, vocabulary: Vocabulary, until: str | None = None) -> Loaded:
    """Return the events of a ledger, after following its chain.

    Args:
        ledger: the folder.
        vocabulary: the vocabulary; its attributes are the columns.
        until: hash of an earlier state, to read the ledger as it was then.

    Raises:
        DamageError: the ledger cannot be read, is damaged, or never was in that state.
    """
    head, problems = state_of(ledger)
    if until is not None:
        head = state_at(ledger, head, until)
    return _between(ledger, vocabulary, Head(), head, problems)


def load_further(ledger: Path, vocabulary: Vocabulary, before: Head) -> Loaded | None:
    """Return the events that a ledger got since a state, after following its chain from there.

    Args:
        ledger: the folder.
        vocabulary: the vocabulary; its attributes are the columns.
        before: a state that it was read in before.

    Returns:
        Its new events; None where it does not go on from that state, and has to be read from the beginning.

    Raises:
        DamageError: the ledger cannot be read.
    """
    head, problems = state_of(ledger)
    if head.entries < before.entries or head.size < before.size:
        return None
    try:
        return _between(ledger, vocabulary, before, head, problems)
    except DamageError:
        return None  # whoever reads all of it says what is wrong


def _between(ledger: Path, vocabulary: Vocabulary, before: Head, after: Head, problems: tuple[Problem, ...]) -> Loaded:
    """Return the events between two states, after following the chain from one to the other.

    Raises:
        DamageError: it does not lead there, or an entry cannot be read.
    """
    heads: dict[str, int] = {}
    columns, attributes = schema(vocabulary), attributes_of(vocabulary)
    tables, origins = [columns.empty_table()], [_ORIGIN.empty_table()]
    blocks = _noting(follow_blocks(ledger, after, before), heads, before, after)
    for rows in origin_tables(entry_tables(ledger / ENTRIES, blocks, attributes, before.entries + 1)):
        tables.append(events_of(rows, columns))
        origins.append(_origin(rows))
    table = joined(pa.concat_tables(tables))
    origin = pa.concat_tables(origins).add_column(0, "id", table["id"])
    return Loaded(table, origin, after, heads, problems)


def _noting(
    blocks: Iterable[Sequence[bytes]], heads: dict[str, int], before: Head, after: Head
) -> Iterator[Sequence[bytes]]:
    """Yield the lines between two states, and note the states before and after each import."""
    count = before.entries
    for lines in blocks:
        heads |= {carried(line).decode(): number for number, line in enumerate(lines, count) if not is_event(line)}
        count += len(lines)
        yield lines
    heads[after.hash] = after.entries


def attributes_of(vocabulary: Vocabulary) -> dict[str, pa.DataType]:
    """Return the attributes that entries can have, and their types."""
    return {one.name: ATTRIBUTE_TYPES[one.type] for one in vocabulary.attributes.values()}


def entry_tables(
    file: Path, blocks: Iterable[Sequence[bytes]], attributes: Mapping[str, pa.DataType] | None, first: int = 1
) -> Iterator[pa.Table]:
    """Yield entries as tables of `import` (its record), `event`, `place`, `file`, and `entry` (its number).

    Args:
        file: the file, for problems.
        blocks: the entries, some megabytes at a time.
        attributes: those that events can have; only what holds entries together is read without them.
        first: number of the first entry.

    Raises:
        DamageError: they have fields or values that this version does not know.
    """
    reader = (
        BlockReader(attributes, _columns, unexpected_field_behavior="error")
        if attributes is not None
        else BlockReader({}, _held, unexpected_field_behavior="ignore")
    )
    for lines in blocks:
        try:
            table = reader.read(b"".join(lines))
        except pa.ArrowException as error:
            raise DamageError(other_fields(file, str(error).split("\n")[0])) from error
        numbers = pa.arange(first, first + table.num_rows)
        first += table.num_rows
        yield table.select(_ENTRY).append_column("entry", numbers)


_ENTRY = ("import", "event", "place", "file")


def _columns(data: pa.DataType) -> pa.Schema:
    """Return the columns of entries whose events have these attributes."""
    return pa.schema([("prev", _TEXT), *_entry([*((name, _TEXT) for name in _NAMED), ("data", data)])])


def _held(data: pa.DataType) -> pa.Schema:
    """Return the columns of what holds entries together."""
    del data
    return pa.schema(_entry([(name, _TEXT) for name in ("id", "unit", "corrects", "retracts")], _HELD_RECORD))


def _entry(event: list[tuple[str, pa.DataType]], record: pa.DataType = _RECORD) -> list[tuple[str, pa.DataType]]:
    return list(zip(_ENTRY, (record, pa.struct(event), _TEXT, _TEXT), strict=True))


def origin_tables(entries: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the entries that are events, with the `import` and the `file` that they came with."""
    last: pa.Array | None = None
    for table in entries:
        imports = table["import"].combine_chunks()
        last = pa.nulls(1, imports.type) if last is None else last
        is_record = pc.is_valid(imports)
        record = pc.cumulative_sum(is_record.cast(pa.int64()))
        records = pa.concat_arrays([last, imports.filter(is_record)])
        last = records.slice(len(records) - 1)
        origin = records.take(record)
        file = pc.coalesce(table["file"].combine_chunks(), pc.struct_field(origin, "file"))
        rows = table.set_column(table.column_names.index("import"), "import", origin)
        rows = rows.set_column(rows.column_names.index("file"), "file", file)
        yield rows.filter(pc.invert(is_record))


def records_in(entries: pa.Table) -> pa.Array:
    """Return the records of imports among entries."""
    return entries["import"].combine_chunks().drop_null()


def events_of(rows: pa.Table, columns: pa.Schema) -> pa.Table:
    """Return the event table of entries that are events.

    Args:
        rows: what `origin_tables` gives.
        columns: the columns (`events.table.schema`).

    Raises:
        DamageError: a value is none of its type.
    """
    event = rows["event"].combine_chunks()
    found = {name: pc.struct_field(event, name) for name in _NAMED}
    try:
        occurred = found["occurred_at"].cast(MOMENT)
        recorded = pc.coalesce(found["recorded_at"].cast(MOMENT), occurred)
    except pa.ArrowException as error:
        raise DamageError(other_fields(_first_file(rows), str(error).split("\n")[0])) from error
    found |= {
        "timed": pc.greater(pc.utf8_length(found["occurred_at"]), _DAY),
        "occurred_at": occurred,
        "recorded_at": recorded,
        "file": rows["file"],
        "place": rows["place"],
    }
    data = pc.struct_field(event, "data")
    found |= {f"data.{one.name}": pc.struct_field(data, one.name) for one in data.type}
    arrays = [_one(found[one.name]) if one.name in found else nulls(rows.num_rows, one.type) for one in columns]
    return pa.Table.from_arrays(arrays, schema=columns)


def _first_file(rows: pa.Table) -> str:
    return str(rows["file"][0].as_py())


_ORIGIN = pa.schema([("entry", pa.int64()), ("at", _TEXT), ("by", _TEXT)])


def _origin(rows: pa.Table) -> pa.Table:
    """Return where each event came from: its number, and when and by whom it was imported."""
    record = rows["import"].combine_chunks()
    columns = [_one(rows["entry"]), pc.struct_field(record, "at"), pc.struct_field(record, "by")]
    return pa.Table.from_arrays(columns, schema=_ORIGIN)


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
