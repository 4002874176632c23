"""The events of many counties as Parquet: checked and typed where they lie, without passing through Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.backends.base import Backend

COUNTY: Final = "county"
"""The column, or the level of the folders, that says which county an event is of."""

SHOWN: Final = 5
"""How many examples of a fault are shown."""

_SQL_TYPES: Final = {
    pa.string(): "TEXT",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.list_(pa.string()): "TEXT[]",
}

CHECKS: Final = {
    "no-county": """
SELECT CAST(e.county AS TEXT) AS value, COUNT(*) AS number FROM events AS e
LEFT JOIN known_counties AS c ON c.value = e.county WHERE c.value IS NULL GROUP BY e.county
""",
    "unknown-unit": """
SELECT CONCAT(e.county, '/', e.unit) AS value, COUNT(*) AS number FROM events AS e
JOIN known_counties AS c ON c.value = e.county
LEFT JOIN known_units AS u ON u.county = e.county AND u.unit = e.unit WHERE u.unit IS NULL GROUP BY e.county, e.unit
""",
    "unknown-type": """
SELECT e.type AS value, COUNT(*) AS number FROM events AS e
LEFT JOIN known_types AS t ON t.value = e.type WHERE t.value IS NULL GROUP BY e.type
""",
    "incomplete": """
SELECT COALESCE(e.county, '') AS value, COUNT(*) AS number FROM events AS e
WHERE e.id IS NULL OR e.occurred_at IS NULL OR e.recorded_at IS NULL OR e.timed IS NULL GROUP BY e.county
""",
    "duplicate-id": """
SELECT id AS value, COUNT(*) AS number FROM events WHERE NOT id IS NULL GROUP BY id HAVING COUNT(*) > 1
""",
    "both": """
SELECT id AS value, 1 AS number FROM events WHERE NOT corrects IS NULL AND NOT retracts IS NULL
""",
    "unknown-target": """
SELECT COALESCE(e.corrects, e.retracts) AS value, COUNT(*) AS number FROM events AS e
LEFT JOIN events AS t ON t.county = e.county AND t.id = COALESCE(e.corrects, e.retracts)
WHERE NOT COALESCE(e.corrects, e.retracts) IS NULL AND t.id IS NULL GROUP BY COALESCE(e.corrects, e.retracts)
""",
}
"""What must not be in the events, by the name of the fault: each query gives values and how often they occur."""


def typed_sql(schema: pa.Schema, present: Collection[str]) -> exp.Expr:
    """Return the query that gives the columns of the event table, and `county`, from files that may lack some.

    Args:
        schema: the columns of the event table (`events.table.schema`).
        present: the columns of the files.
    """
    columns = [
        exp.cast(
            exp.column(field.name, quoted=True) if field.name in present else exp.Null(), _SQL_TYPES[field.type]
        ).as_(field.name, quoted=True)
        for field in schema
    ]
    county = exp.cast(exp.column(COUNTY, quoted=True), "TEXT").as_(COUNTY)
    return exp.select(*columns, county).from_("files")


def examples(backend: Backend, check: str) -> list[tuple[str, int]]:
    """Return the first values that are at fault by one of `CHECKS`, with how often each occurs."""
    query = f"SELECT value, number FROM ({CHECKS[check]}) AS found ORDER BY number DESC, value LIMIT {SHOWN}"
    table = backend.fetch(query)
    return list(zip(table["value"].to_pylist(), table["number"].to_pylist(), strict=True))
