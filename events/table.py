"""The table of events: one row an event, one typed column an attribute; what the engine reads."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.problems import Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.model import Event
    from events.vocabulary import Vocabulary

ATTRIBUTE_TYPES = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "date": pa.string(),
    "list": pa.list_(pa.string()),
}
"""The column type of each attribute type."""

MOMENT = pa.timestamp("us")
"""A local time of Asia/Shanghai."""

_BLANK = 20_000
"""How many rows the blank columns have that others are parts of."""

CORE = (
    ("id", pa.string()),
    ("type", pa.string()),
    ("unit", pa.string()),
    ("subject", pa.string()),
    ("occurred_at", MOMENT),
    ("timed", pa.bool_()),
    ("recorded_at", MOMENT),
    ("corrects", pa.string()),
    ("retracts", pa.string()),
    ("file", pa.string()),
    ("place", pa.string()),
)
"""The columns before the attributes."""


def schema(vocabulary: Vocabulary) -> pa.Schema:
    """Return the columns of the event table: those of every event, then `data.<attribute>` as in the vocabulary."""
    attributes = [(f"data.{one.name}", ATTRIBUTE_TYPES[one.type]) for one in vocabulary.attributes.values()]
    return pa.schema([*CORE, *attributes])


@cache
def _nulls(count: int, kind: pa.DataType) -> pa.Array:
    return pa.nulls(count, kind)


def nulls(count: int, kind: pa.DataType) -> pa.Array:
    """Return a column without a value; all such columns share their memory, since most of the table is blank."""
    size = _BLANK
    while size < count:
        size *= 2
    return _nulls(size, kind).slice(0, count)


def joined(table: pa.Table) -> pa.Table:
    """Return the table with each column in one piece, but for those that are blank and take no memory as they are."""
    columns = [one if one.null_count == len(one) else _in_one_piece(one) for one in table.columns]
    return pa.Table.from_arrays(columns, schema=table.schema)


def _in_one_piece(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return a column in one piece; it is not copied where it is."""
    pieces = [one for one in column.chunks if len(one)]
    return pieces[0] if len(pieces) == 1 else column.combine_chunks()


def changing(events: pa.Table) -> pa.ChunkedArray:
    """Say of each entry whether it corrects or withdraws another one.

    Masks are made of columns, and not of `pyarrow.dataset`'s expressions: these load a quarter of Arrow.
    """
    return pc.or_(pc.is_valid(events["corrects"]), pc.is_valid(events["retracts"]))


def python_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return rows as `Table.to_pylist` does; a value that repeats is made once, which takes a third of it."""
    names = table.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*map(python_values, table.columns), strict=True)]


def python_values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """Return the values of a column, scalars or lists of them, as Python has them; one that repeats is made once."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if whole.null_count == len(whole):
        return [None] * len(whole)
    if pa.types.is_list(whole.type):
        inner, ends = python_values(whole.values), whole.offsets.to_pylist()
        known = whole.is_valid().to_pylist()
        return [
            inner[start:end] if is_known else None for is_known, (start, end) in zip(known, pairwise(ends), strict=True)
        ]
    coded = whole.dictionary_encode()
    words = [*coded.dictionary.to_pylist(), None]
    return [words[index] for index in coded.indices.fill_null(len(words) - 1).to_pylist()]


def joined_bytes(texts: pa.Array) -> memoryview:
    """Return texts one after another in UTF-8, nothing where one is missing."""
    _, offsets, content = texts.buffers()
    ends = pa.Array.from_buffers(pa.int32(), len(texts) + 1, [None, offsets], offset=texts.offset)
    return memoryview(content or b"")[ends[0].as_py() : ends[len(texts)].as_py()]


def table_of(events: Sequence[Event], vocabulary: Vocabulary) -> pa.Table:
    """Return the events as a table, in the order given."""
    columns: dict[str, list[object]] = {
        "id": [event.id for event in events],
        "type": [event.type for event in events],
        "unit": [event.unit for event in events],
        "subject": [event.subject for event in events],
        "occurred_at": [event.occurred_at for event in events],
        "timed": [event.timed for event in events],
        "recorded_at": [event.recorded_at for event in events],
        "corrects": [event.corrects for event in events],
        "retracts": [event.retracts for event in events],
        "file": [event.where.file for event in events],
        "place": [place_text(event.where) for event in events],
    }
    used = {name for event in events for name in event.data}
    arrays = []
    for column in schema(vocabulary):
        name = column.name.removeprefix("data.")
        if column.name in columns:
            arrays.append(pa.array(columns[column.name], column.type))
        elif name in used:
            arrays.append(pa.array([event.data.get(name) for event in events], column.type))
        else:
            arrays.append(nulls(len(events), column.type))
    return pa.Table.from_arrays(arrays, schema=schema(vocabulary))


def place_text(where: Where) -> str:
    """Return a place inside its file, as the column `place` has it: `12`, or `Sheet1!B4`."""
    if where.sheet is not None:
        return f"{where.sheet}!{where.cell}" if where.cell else where.sheet
    return "" if where.line is None else str(where.line)


def place_of(file: str, place: str) -> Where:
    """Return the place that the columns `file` and `place` name."""
    sheet, mark, cell = place.rpartition("!")
    if mark:
        return Where(file, sheet=sheet, cell=cell)
    return Where(file, line=int(place)) if place.isdigit() else Where(file)
