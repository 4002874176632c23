"""The headline rules in DuckDB, as somebody writes them who needs these and no others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
from work import CALENDAR, EVENTS, UNITS, run

SQL = Path(__file__).with_name("headline.sql")


def judge(folder: Path, out: Path) -> None:
    """Write the verdicts of a folder's log."""
    database = duckdb.connect(":memory:", config={"preserve_insertion_order": False})
    for name, file in (("events", EVENTS), ("calendar", CALENDAR), ("units", UNITS)):
        database.read_parquet(str(folder / file)).create_view(name)
    moment = datetime(2023, 12, 31, 23, 59, 59, 999999)
    database.execute("CREATE TABLE asked AS SELECT CAST(? AS TIMESTAMP) AS moment, DATE '2023-12-31' AS day", [moment])
    database.sql(SQL.read_text(encoding="utf-8")).write_parquet(str(out), compression="zstd")


if __name__ == "__main__":
    run(judge)
