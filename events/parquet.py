"""Parquet files: the contract's columns, typed or as text, row by row."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from events import findings
from events.problems import Problem, Text, Where
from events.rows import Fields, Places, RowSource, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 10_000
_OWN = ("file", "place", "timed")
"""Columns of the event table that the contract does not have."""


def read_table(raw: bytes, file: str) -> tuple[pa.Table | None, tuple[Problem, ...]]:
    """Return the table of a Parquet file.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    try:
        return pq.read_table(io.BytesIO(raw)), ()
    except (pa.ArrowException, OSError, ValueError) as error:
        detail = findings.shown(str(error).split("\n")[0])
        fact = Text(f"这不是可以读取的 Parquet 文件（{detail}）", f"this is not a readable Parquet file: {detail}")
        return None, (findings.simple("bad-parquet", Where(file), fact, Text("请重新导出", "Export it again")),)


def rows_of(table: pa.Table, file: str, problems: list[Problem]) -> RowSource:
    """Return the rows of a table; a row's number is its place.

    Args:
        table: contract columns, with the attributes as `data.x`, or as a struct, a map or JSON text in `data`.
        file: the name that problems show.
        problems: where to add what is wrong, as the rows are taken.
    """
    return RowSource(Places(file), _rows(table, file, problems))


def _rows(table: pa.Table, file: str, problems: list[Problem]) -> Iterator[tuple[int, Fields]]:
    number = 0
    for batch in table.to_batches(_BATCH):
        for row in batch.to_pylist():
            number += 1
            fields = _fields(row, Where(file, number), problems)
            if fields is not None:
                yield number, fields


def _fields(row: dict[str, Any], where: Where, problems: list[Problem]) -> Fields | None:
    """Return the raw fields of one row."""
    fields = {name: value for name, value in row.items() if name not in {*_OWN, "data"} and not is_blank(value)}
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
