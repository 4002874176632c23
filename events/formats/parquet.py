"""Parquet files: the contract's columns, typed or as text, row by row."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from events import findings
from events.formats.parquet_file import open_parquet
from events.problems import Problem, Text, Where
from events.rows import Block, Fields, Places, RowSource, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.sheets.headings import Headings

_BATCH = 20_000
_OWN = ("file", "place", "timed")
"""Columns of the event table that the contract does not have."""
_NO_VALUE = (ValueError, OverflowError, KeyError, pa.ArrowException)
"""What a date out of Python's range, text that is no UTF-8 and an unknown time zone raise."""


def rows_of(raw: bytes, file: str, headings: Headings, problems: list[Problem]) -> RowSource | None:
    """Return the rows of a file, a row's number as its place; None where it cannot be read, or has not what is needed.

    Args:
        raw: what is in the file: the columns of the contract or headings that stand for them; attributes as `data.x`,
            or as a struct, a map or JSON text in `data`. Other columns are told and not read.
        file: the name that problems show.
        headings: what the columns stand for.
        problems: where to add what is wrong, also as the rows are taken.
    """
    opened, wrong = open_parquet(raw, file)
    if opened is None:
        problems += [wrong] if wrong is not None else []
        return None
    names = [name for name in opened.names if name not in {*_OWN, "data"}]
    columns, told = headings.read_names(names, file)
    problems += told
    if columns is None:
        return None
    kept = [name for name in opened.names if name in columns or name == "data"]
    table, wrong = opened.read(kept)
    if table is None:
        problems += [wrong] if wrong is not None else []
        return None
    fields = [columns.get(name, name) for name in kept]
    table = table.select(kept).rename_columns(fields)
    return RowSource(
        Places(file),
        _rows(table, 0, file, problems),
        has_ids="id" in fields,
        blocks=_blocks(table, file, problems) if "id" in fields else None,
    )


def _blocks(table: pa.Table, file: str, problems: list[Problem]) -> Iterator[Block]:
    for start in range(0, table.num_rows, _BATCH):
        block = table.slice(start, _BATCH)
        numbers = range(start + 1, start + block.num_rows + 1)
        yield Block(block, numbers, partial(_rows, block, start, file, problems))


def _rows(table: pa.Table, start: int, file: str, problems: list[Problem]) -> Iterator[tuple[int, Fields]]:
    number = start
    for batch in table.to_batches(_BATCH):
        for values in zip(*map(_values, batch.columns), strict=True):
            number += 1
            row = _fields(dict(zip(table.column_names, values, strict=True)), Where(file, number), problems)
            if row is not None:
                yield number, row


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column; one that Python has no value for as bytes or text, which no field takes."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        return list(column.to_pylist())
    except _NO_VALUE:
        return [_value(one) for one in column]


def _value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except _NO_VALUE:
        if isinstance(scalar, pa.MapScalar):
            return [tuple(map(_value, pair.values())) for pair in scalar.values]
        if isinstance(scalar, pa.ListScalar):
            return [_value(one) for one in scalar.values]
        if isinstance(scalar, pa.StructScalar):
            return {name: _value(one) for name, one in scalar.items()}
        return str(scalar.value) if hasattr(scalar, "value") else scalar.as_buffer().to_pybytes()


def _fields(row: Fields, where: Where, problems: list[Problem]) -> Fields | None:
    """Return the raw fields of one row."""
    fields = {name: value for name, value in row.items() if name != "data" and not is_blank(value)}
    data, wrong = _data(row.get("data"), where)
    if wrong is not None:
        problems.append(wrong)
        return None
    fields.update({f"data.{name}": value for name, value in data.items() if not is_blank(value)})
    return fields or None


def _data(value: object, where: Where) -> tuple[dict[str, Any], Problem | None]:
    """Return the attributes in a column `data`."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = 0
    if is_blank(value):
        return {}, None
    if isinstance(value, list) and all(isinstance(one, tuple) for one in value):
        value = dict(value)
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}, None
    fact = Text("data 不是对象", "data is not an object")
    return {}, findings.simple("bad-value", where, fact, Text("写成 JSON 对象", "Write a JSON object"))
