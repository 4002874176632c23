"""Verdicts of many counties on their way into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.batches import written
from engine.verdicts import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def _rows(counts: dict[str, int]) -> pa.Table:
    """Return so many verdicts of each county, sorted, with texts that fill several pages of a column."""
    numbers = [(county, number) for county, count in counts.items() for number in range(count)]
    columns = {
        field.name: pa.nulls(len(numbers), field.type)
        if field.nullable
        else pa.array([False] * len(numbers))
        if field.type == pa.bool_()
        else pa.array([f"{field.name} of {number}" for _, number in numbers])
        for field in SCHEMA
    }
    columns["status"] = pa.array([("met", "late")[number % 2] for _, number in numbers])
    columns["reason"] = pa.array([f"{number} " * 60 for _, number in numbers])
    return pa.table({"county": pa.array([county for county, _ in numbers]), **columns})


@pytest.mark.parametrize("most", [7, 1000, 10**6])
def test_a_file_is_the_same_to_the_byte_however_its_rows_were_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(written, "ROWS", 4000)
    rows = _rows({"a": 9000, "c": 8000, "d": 1})
    paths = {name: tmp_path / f"{name}.parquet" for name in "abcd"}
    whole = {name: tmp_path / f"{name}-whole.parquet" for name in "abcd"}
    counts = written.write_counties(rows.to_batches(max_chunksize=most), paths)
    assert counts == {
        "a": {"late": 4500, "met": 4500},
        "b": {},
        "c": {"late": 4000, "met": 4000},
        "d": {"met": 1},
    }
    written.write_counties(rows.to_batches(), whole)
    assert [paths[name].read_bytes() == whole[name].read_bytes() for name in "abcd"] == [True] * 4
    for name in "abcd":
        table = pq.read_table(paths[name])
        assert table.schema.equals(SCHEMA)
        mine = rows.filter(pa.compute.equal(rows["county"], name)).drop_columns("county").cast(SCHEMA)
        assert table.equals(mine)
