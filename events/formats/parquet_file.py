"""A Parquet file as a table, within the limits: a few bytes of it can stand for millions of long texts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from events import findings
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterable

_BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError, TypeError, NotImplementedError)


def open_table(raw: bytes, file: str) -> tuple[pa.Table | None, tuple[Problem, ...]]:
    """Return the table of a Parquet file, or what is wrong with it.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    where = Where(file)
    try:
        meta = pq.read_metadata(io.BytesIO(raw))
        found = pq.ParquetFile(io.BytesIO(raw), read_dictionary=_text_columns(meta))
        wrong = _wrong(meta, where)
        if wrong is not None:
            return None, (wrong,)
        # by row groups: pyarrow cannot put dictionaries inside a struct together itself
        groups = [found.read_row_group(number) for number in range(found.num_row_groups)]
        table = pa.concat_tables(groups) if groups else found.read()
        size = _expanded(table)
        if size > limits().unpacked_bytes:
            return None, (over_limit(where, "unpacked_bytes", size),)
        plain = {name for name in table.column_names if pa.types.is_dictionary(table[name].type)}
        return _decoded(table, plain), ()
    except _BROKEN as error:
        detail = findings.shown(str(error).split("\n")[0])
        fact = Text(f"这不是可以读取的 Parquet 文件（{detail}）", f"this is not a readable Parquet file: {detail}")
        return None, (findings.simple("bad-parquet", where, fact, Text("请重新导出", "Export it again")),)


def _text_columns(meta: pq.FileMetaData) -> list[str]:
    """Return the flat columns of texts: those are read as a list of different texts with a number a row."""
    columns = [meta.schema.column(at) for at in range(meta.num_columns)]
    return [one.path for one in columns if one.physical_type == "BYTE_ARRAY" and one.max_repetition_level == 0]


def _wrong(meta: pq.FileMetaData, where: Where) -> Problem | None:
    """Return the limit that the file says itself that it is over."""
    if meta.num_rows > limits().rows:
        return over_limit(where, "rows", meta.num_rows)
    if meta.num_columns > limits().columns:
        return over_limit(where, "columns", meta.num_columns)
    size = sum(meta.row_group(at).total_byte_size for at in range(meta.num_row_groups))
    return over_limit(where, "unpacked_bytes", size) if size > limits().unpacked_bytes else None


def _expanded(table: pa.Table) -> int:
    """Return how many bytes the texts take once each row has its own."""
    return sum(_chunk_size(chunk) for column in table.columns for chunk in column.chunks if _is_coded(chunk))


def _is_coded(chunk: pa.Array) -> bool:
    return isinstance(chunk, pa.DictionaryArray) and len(chunk.dictionary) > 0


def _chunk_size(chunk: pa.DictionaryArray) -> int:
    lengths = pc.binary_length(chunk.dictionary)
    return int(pc.sum(pc.cast(lengths.take(chunk.indices), pa.int64())).as_py() or 0)


def _decoded(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Return the table with a text in each row of these columns."""
    for name in names:
        at = table.column_names.index(name)
        column = table.column(at)
        table = table.set_column(at, name, column.cast(column.type.value_type))
    return table
