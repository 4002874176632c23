"""Whether a peer gives the same answers, row by row, or in what it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

CELLS = """
SELECT COUNT(*), COUNT(*) FILTER (WHERE a.obligation IS NULL OR b.obligation IS NULL),
  COUNT(*) FILTER (WHERE {differs})
FROM read_parquet($ours) AS a FULL JOIN read_parquet($theirs) AS b USING (obligation)
"""

MATTERS = """
SELECT a.status AS ours, b.status AS theirs, COUNT(*) AS number
FROM read_parquet($ours) AS a
JOIN read_parquet($theirs) AS b ON b.matter = a.rule || '/' || a.unit || '/' || a.subject
WHERE a.status <> b.status GROUP BY ALL ORDER BY ALL
"""


def compare(ours: Path, theirs: Path) -> str:
    """Return what there is to say of a peer's verdicts beside ours, in a few words."""
    files = {"ours": str(ours), "theirs": str(theirs)}
    with duckdb.connect(":memory:") as database:
        columns = database.read_parquet(str(theirs)).columns
        if "matter" in columns:
            rows = database.execute(MATTERS, files).fetchall()
            told = ", ".join(f"{theirs} where ours is {ours}: {number}" for ours, theirs, number in rows)
            return f"differs ({told})" if told else "same"
        differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in columns if name != "obligation")
        row = database.execute(CELLS.format(differs=differs), files).fetchone()
    total, missing, different = row or (0, 0, 0)
    if missing or different:
        return f"DIFFERS: {missing} rows in one only, {different} rows with other values, of {total}"
    return f"same {total} rows, all columns" if len(columns) > 2 else f"same {total} statuses"  # noqa: PLR2004 - id, status
