"""The logs that are measured: made-up years as Parquet, with the tables that peers need besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.judging import calendar_of, load_rules
from gongkai.demo.many import make_many

if TYPE_CHECKING:
    from pathlib import Path

SEED = 1


def make_log(folder: Path, events: int, counties: int = 1) -> Path:
    """Return a folder with `events.parquet`, and the calendar and the owing units for peers; it is made once.

    Args:
        folder: where logs are kept between runs.
        events: about how many events.
        counties: how many counties they are of.
    """
    out = folder / f"log-{events}-{counties}"
    if not (out / "units.parquet").exists():
        registry, books = load_rules("headline")
        make_many(out, registry, counties=counties, events=events, seed=SEED)
        made = out / "events" / "events.parquet" if counties == 1 else out / "events"
        (out / "events.parquet").symlink_to(made.relative_to(out))
        pq.write_table(_days(*zip(*calendar_of(books).rows(), strict=True)), out / "calendar.parquet")
        owing = [
            {"rule": rule.id, "unit": unit.id, "unit_name": unit.name}
            for rule in books[0].rules
            for unit in registry.units
            if unit.id in registry.members(rule.owed_by)
        ]
        pq.write_table(pa.Table.from_pylist(owing), out / "units.parquet")
    return out


def _days(*columns: tuple[object, ...]) -> pa.Table:
    """Return the calendar as a table."""
    return pa.table(dict(zip(("day", "working", "ordinal", "announced"), columns, strict=True)))


def number_of(folder: Path) -> int:
    """Return how many events a log has."""
    return sum(pq.read_metadata(path).num_rows for path in (folder / "events").rglob("*.parquet"))
