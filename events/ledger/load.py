"""Entries as tables: the events that the engine reads, and where each came from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from events.ledger.damage import DamageError, other_fields
from events.ledger.entries import follow, follow_export, mapped, state_at
from events.ledger.folder import ENTRIES, read_head
from events.table import ATTRIBUTE_TYPES, MOMENT, schema

if TYPE_CHECKING:
    import mmap
    from pathlib import Path

    from events.ledger.chain import Head
    from events.vocabulary import Vocabulary

_TEXT = pa.string()
_BLOCK = 4 << 20
_DAY = len("2023-07-14")
_NAMED = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")
_WORDS = ("at", "by", "file", "sha256", "units", "mapping", "gongkai")
_RECORD = pa.struct([*((name, _TEXT) for name in _WORDS), ("rows", pa.int64()), ("events", pa.int64())])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A ledger as it was read.

    Attributes:
        table: its events (`events.table`) in their order; file and place are those that they were imported from.
        origin: for each of them `id`, `entry` (its number), `at` (when it was imported) and `by`.
        head: the state that was read.
    """

    table: pa.Table
    origin: pa.Table
    head: Head


def load_ledger(ledger: Path, vocabulary: Vocabulary, until: str | None = None) -> Loaded:
    """Return the events of a ledger, after following its chain.

    Args:
        ledger: the folder.
        vocabulary: the vocabulary; its attributes are the columns.
        until: hash of an earlier state, to read the ledger as it was then.

    Raises:
        DamageError: the ledger cannot be read, is damaged, or never was in that state.
    """
    head = read_head(ledger)
    content = mapped(ledger / ENTRIES)
    if until is None:
        deque(follow(ledger, content, head), 0)
    else:
        head = state_at(ledger, content, head, until)
    entries = read_entries(ledger / ENTRIES, content, head.size, vocabulary)
    return Loaded(_events(entries, vocabulary), _origin(entries), head)


def load_export(path: Path, vocabulary: Vocabulary) -> Loaded:
    """Return the events of an exported file, after following its chain.

    Raises:
        DamageError: the file cannot be read, or is damaged.
    """
    content = mapped(path)
    head, _ = follow_export(path, content)
    entries = read_entries(path, content, head.size, vocabulary)
    return Loaded(_events(entries, vocabulary), _origin(entries), head)


def read_entries(file: Path, content: mmap.mmap | bytes, size: int, vocabulary: Vocabulary | None = None) -> pa.Table:
    """Return entries as a table of `import` (its record), `event`, `place`, `file`, and `entry` (its number).

    Args:
        file: the file, for problems.
        content: what is in it; it is known to follow.
        size: how many bytes of it.
        vocabulary: the vocabulary; only what holds entries together is read without it.

    Raises:
        DamageError: they have fields that this version does not know.
    """
    names = [(name, _TEXT) for name in (_NAMED if vocabulary else ("id", "unit", "corrects", "retracts"))]
    if vocabulary:
        attributes = [(one.name, ATTRIBUTE_TYPES[one.type]) for one in vocabulary.attributes.values()]
        names.append(("data", pa.struct(attributes)))
    columns = pa.schema([("import", _RECORD), ("event", pa.struct(names)), ("place", _TEXT), ("file", _TEXT)])
    if not size:
        return columns.append(pa.field("entry", pa.int64())).empty_table()
    known = pa.schema([("prev", _TEXT), *columns]) if vocabulary else columns
    options = pj.ParseOptions(explicit_schema=known, unexpected_field_behavior="error" if vocabulary else "ignore")
    try:
        source = pa.BufferReader(pa.py_buffer(content).slice(0, size))
        table = pj.read_json(source, pj.ReadOptions(block_size=_BLOCK), options)
    except pa.ArrowException as error:
        raise DamageError(other_fields(file, str(error).split("\n")[0])) from error
    numbers = pa.array(range(1, table.num_rows + 1), pa.int64())
    return table.select(columns.names).append_column("entry", numbers)


def with_origin(entries: pa.Table) -> pa.Table:
    """Return the entries that are events, with the `import` and the `file` that they came with."""
    imports = entries["import"].combine_chunks()
    is_record = pc.is_valid(imports)
    record = pc.subtract(pc.cumulative_sum(is_record.cast(pa.int64())), 1)
    records = imports.filter(is_record)
    origin = records.take(record)
    file = pc.coalesce(entries["file"].combine_chunks(), pc.struct_field(origin, "file"))
    table = entries.set_column(entries.column_names.index("import"), "import", origin)
    table = table.set_column(entries.column_names.index("file"), "file", file)
    return table.filter(pc.invert(is_record))


def _events(entries: pa.Table, vocabulary: Vocabulary) -> pa.Table:
    """Return the event table of entries."""
    columns = schema(vocabulary)
    if not entries.num_rows:
        return columns.empty_table()
    rows = with_origin(entries)
    event = rows["event"].combine_chunks()
    field = {name: pc.struct_field(event, name) for name in _NAMED}
    occurred = field["occurred_at"].cast(MOMENT)
    field |= {
        "timed": pc.greater(pc.utf8_length(field["occurred_at"]), _DAY),
        "occurred_at": occurred,
        "recorded_at": pc.coalesce(field["recorded_at"].cast(MOMENT), occurred),
        "file": rows["file"],
        "place": rows["place"],
    }
    data = pc.struct_field(event, "data")
    for name in vocabulary.attributes:
        field[f"data.{name}"] = pc.struct_field(data, name)
    return pa.Table.from_arrays([_one(field[name]) for name in columns.names], schema=columns)


def _origin(entries: pa.Table) -> pa.Table:
    """Return where each event came from."""
    rows = with_origin(entries) if entries.num_rows else entries
    event, record = rows["event"].combine_chunks(), rows["import"].combine_chunks()
    return pa.table(
        {
            "id": pc.struct_field(event, "id"),
            "entry": rows["entry"],
            "at": pc.struct_field(record, "at"),
            "by": pc.struct_field(record, "by"),
        }
    )


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
