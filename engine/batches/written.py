"""Verdicts of many counties as files, one a county: streamed in their order, a row group held at a time."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.batches.layout import COUNTY
from engine.verdicts import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

COMPRESSION: Final = "zstd"
ROWS: Final = 122_880
"""Rows of a row group: a file's bytes follow from its rows, however they were handed over."""


class _File:
    """A county's file: rows wait until they are a row group."""

    def __init__(self, path: Path) -> None:
        """Open the file."""
        self._writer = pq.ParquetWriter(path, SCHEMA, compression=COMPRESSION)
        self._waiting = SCHEMA.empty_table()

    def __enter__(self) -> Self:
        """Return the file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, and close the file."""
        if kind is None and self._waiting.num_rows:
            self._write(self._waiting)
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Add rows, and write the row groups that are full."""
        self._waiting = pa.concat_tables([self._waiting, rows])
        full = self._waiting.num_rows // ROWS * ROWS
        if full:
            self._write(self._waiting.slice(0, full))
            self._waiting = self._waiting.slice(full)

    def _write(self, rows: pa.Table) -> None:
        """Write rows in one piece: where the pieces end would show in the pages of a column."""
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROWS)


def write_counties(rows: Iterable[pa.RecordBatch], paths: Mapping[str, Path]) -> dict[str, dict[str, int]]:
    """Write the verdicts of each county into its file, and count them by county and status.

    Args:
        rows: the columns of verdicts and `county`, sorted by county and then as the files shall have them.
        paths: where the file of each county goes; a county without verdicts gets an empty one.

    Returns:
        The number of verdicts by status, sorted, by county in the order of `paths`.
    """
    counts = {county: Counter[str]() for county in paths}
    for county, parts in groupby(_parts(rows), itemgetter(0)):
        with _File(paths[county]) as file:
            for _, part in parts:
                file.add(part)
                found = pc.value_counts(part["status"]).to_pylist()
                counts[county].update({one["values"]: one["counts"] for one in found})
    for county in (one for one, found in counts.items() if not found):
        pq.write_table(SCHEMA.empty_table(), paths[county], compression=COMPRESSION)
    return {county: dict(sorted(found.items())) for county, found in counts.items()}


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of batches with their county: a piece wherever the county changes."""
    for batch in batches:
        ends = pc.run_end_encode(batch[COUNTY])
        rows, start = pa.table(batch).select(SCHEMA.names).cast(SCHEMA), 0
        for county, end in zip(ends.values.to_pylist(), ends.run_ends.to_pylist(), strict=True):
            yield county, rows.slice(start, end - start)
            start = end
