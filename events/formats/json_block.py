"""Blocks of JSON lines as columns of known types: of the many attributes there are, those alone that the lines have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_KEY = re.compile(rb'[{,]\s*"(\w+)"\s*:')
_FIRST = 1 << 16
"""How many bytes of the first block are looked at for its attributes."""

_PART = 1 << 19
"""Bytes that one processor reads of a block at a time."""


class BlockReader:
    """Reads block after block; a column that no line has would take a third of the time for each ten of them."""

    def __init__(
        self, attributes: Mapping[str, pa.DataType], columns: Callable[[pa.DataType], pa.Schema], **options: str
    ) -> None:
        """Know nothing of the lines yet.

        Args:
            attributes: all that lines may have, with their types.
            columns: returns the columns, given the type of the one that has the attributes.
            options: further ones of `pyarrow.json.ParseOptions`.
        """
        self._all = dict(attributes)
        self._seen: set[str] = set()
        self._columns = columns
        self._options = options

    def read(self, block: bytes) -> pa.Table:
        """Return a block as columns.

        Args:
            block: whole lines.

        Raises:
            pyarrow.ArrowException: a line is no JSON, has a field that is not known, or a value of another type.
        """
        if self._all and not self._seen:
            self._seen = self._named(block[:_FIRST])
        if len(self._seen) < len(self._all):
            try:
                return self._read(block, self._seen)
            except pa.ArrowException:  # a line may have an attribute that the first ones had not
                table = self._whole(block)
                self._seen |= _used(table)
                return table
        return self._whole(block)

    def _whole(self, block: bytes) -> pa.Table:
        """Return a block with all attributes that there are."""
        try:
            return self._read(block, self._all.keys())
        except pa.ArrowException:  # a line is longer than a part, or wrong: then it is counted from the block's start
            return self._read(block, self._all.keys(), len(block) + 1)

    def _named(self, lines: bytes) -> set[str]:
        """Return the attributes of some lines; one at least, since a column of none cannot be read."""
        found = {name.decode() for name in _KEY.findall(lines)}
        return {name for name in self._all if name in found} or set(list(self._all)[:1])

    def _read(self, block: bytes, names: Collection[str], part: int = _PART) -> pa.Table:
        """Return a block with these attributes, parts of it read on all processors at once."""
        known = pa.struct([(name, one) for name, one in self._all.items() if name in names])
        parse = pj.ParseOptions(explicit_schema=self._columns(known), **self._options)
        read = pj.ReadOptions(use_threads=part < len(block), block_size=part)
        return pj.read_json(pa.BufferReader(block), read, parse)


def _used(table: pa.Table) -> set[str]:
    """Return the attributes that some line has: those of `data`, on its own or in an `event`."""
    column = table["data"] if "data" in table.column_names else pc.struct_field(table["event"], "data")
    return {one.name for chunk in column.chunks for one in chunk.type if chunk.field(one.name).null_count < len(chunk)}
