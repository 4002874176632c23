"""A Parquet file as a table, within the limits: a few bytes of it can stand for millions of long texts.

Only the columns that are known are read. Footer and pages are looked at first, since the reader of Parquet believes
what they say (`events.formats.checks.parquet_footer`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from events import findings
from events.formats.checks.parquet_footer import TooManyColumnsError, bytes_of, read_footer
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.formats.checks.parquet_footer import Footer

_BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError, TypeError, NotImplementedError, KeyError)


class ParquetFile:
    """A file whose footer has been looked at.

    Attributes:
        names: its columns, in their order.
    """

    def __init__(self, raw: bytes, file: str, footer: Footer) -> None:
        """Keep the file; `open_parquet` makes one."""
        self._raw, self._file, self._footer = raw, file, footer
        self.names = footer.names()

    def read(self, columns: Sequence[str]) -> tuple[pa.Table | None, Problem | None]:
        """Return the table of some columns, or what is wrong with it.

        Args:
            columns: names of columns, each once.
        """
        where, most = Where(self._file), limits().unpacked_bytes
        try:
            size = bytes_of(self._raw, self._footer, columns, most)
            if size > most:
                return None, over_limit(where, "unpacked_bytes", size)
            texts = [".".join(leaf.path) for leaf in self._footer.leaves if leaf.is_text]
            opened = pq.ParquetFile(io.BytesIO(self._raw), read_dictionary=texts)
            tables = []
            for number in range(opened.num_row_groups):
                table = opened.read_row_group(number, columns=list(columns))
                size += sum(_expanded(chunk) for column in table.columns for chunk in column.chunks)
                if size > most:
                    return None, over_limit(where, "unpacked_bytes", size)
                tables.append(_decoded(table))
            return (pa.concat_tables(tables) if tables else _decoded(opened.read(columns=list(columns)))), None
        except _BROKEN as error:
            return None, _broken(self._file, error)


def open_parquet(raw: bytes, file: str) -> tuple[ParquetFile | None, Problem | None]:
    """Return a Parquet file, or what is wrong with it before anything of it is read.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    where = Where(file)
    try:
        footer = read_footer(raw, limits().columns)
    except TooManyColumnsError as error:
        return None, over_limit(where, "columns", error.found)
    except _BROKEN as error:
        return None, _broken(file, error)
    if footer.rows > limits().rows:
        return None, over_limit(where, "rows", footer.rows)
    if len(footer.leaves) > limits().columns:
        return None, over_limit(where, "columns", len(footer.leaves))
    found = ParquetFile(raw, file, footer)
    twice = sorted({name for name in found.names if found.names.count(name) > 1})
    return (None, _twice(where, twice[0])) if twice else (found, None)


def _twice(where: Where, name: str) -> Problem:
    shown = findings.shown(name)
    fact = Text(f"列“{shown}”出现了两次", f"the column {shown!r} is there twice")
    return findings.simple("repeated-column", where, fact, Text("请只保留一列", "Keep one of them"), shown)


def _broken(file: str, error: Exception) -> Problem:
    detail = findings.shown(str(error).split("\n")[0] or type(error).__name__)
    fact = Text(f"这不是可以读取的 Parquet 文件（{detail}）", f"this is not a readable Parquet file: {detail}")
    return findings.simple("bad-parquet", Where(file), fact, Text("请重新导出", "Export it again"))


def _expanded(array: pa.Array) -> int:
    """Return how many bytes the texts take once each row has its own."""
    return sum(_text_bytes(one) for one in _coded(array))


def _coded(array: pa.Array) -> Iterator[pa.DictionaryArray]:
    """Yield the arrays of texts of an array, which are lists of different texts with a number a row."""
    if isinstance(array, pa.DictionaryArray):
        yield array
    elif isinstance(array, pa.MapArray):
        yield from _coded(array.keys)
        yield from _coded(array.items)
    elif isinstance(array, pa.StructArray):
        for part in array.flatten():
            yield from _coded(part)
    elif isinstance(array, pa.ListArray | pa.LargeListArray | pa.FixedSizeListArray):
        yield from _coded(array.flatten())


def _text_bytes(array: pa.DictionaryArray) -> int:
    if not len(array.dictionary):
        return 0
    lengths = pc.binary_length(array.dictionary)
    return int(pc.sum(pc.cast(lengths.take(array.indices), pa.int64())).as_py() or 0)


def _decoded(table: pa.Table) -> pa.Table:
    """Return the table with a text in each row, where there is a number of one."""
    return table.cast(pa.schema([pa.field(field.name, _plain(field.type)) for field in table.schema]))


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return a type without dictionaries in it."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(part.name, _plain(part.type)) for part in kind])
    if pa.types.is_map(kind):
        return pa.map_(_plain(kind.key_type), _plain(kind.item_type))
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind
