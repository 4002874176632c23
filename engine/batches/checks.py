"""Checks of the events of a batch: each fault is one query, and is told with its county and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from engine.backends.text import NULL, column
from engine.batches.layout import COUNTY
from events.problems import Problem, Text, Where
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.backends.base import Backend
    from engine.batches.model import Batch
    from engine.compile.plan import County

SHOWN: Final = 5
"""How many examples of a fault a batch shows."""

NEEDED: Final = ("id", "type", "unit", "occurred_at", "timed", "recorded_at")
"""Columns without which nothing can be judged."""

SQL_TYPES: Final = {
    pa.string(): "TEXT",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.list_(pa.string()): "TEXT[]",
}

CHECKS: Final = {
    "unknown-unit": """
SELECT e.county, e.unit AS value, COUNT(*) AS number FROM checked AS e
LEFT JOIN known_units AS u ON u.county = e.county AND u.unit = e.unit
WHERE u.unit IS NULL AND NOT e.unit IS NULL GROUP BY e.county, e.unit
""",
    "unknown-type": """
SELECT e.county, e.type AS value, COUNT(*) AS number FROM checked AS e
LEFT JOIN known_types AS t ON t.value = e.type WHERE t.value IS NULL AND NOT e.type IS NULL GROUP BY e.county, e.type
""",
    "incomplete": """
SELECT e.county, COALESCE(e.id, '') AS value, COUNT(*) AS number FROM checked AS e
WHERE e.id IS NULL OR e.type IS NULL OR e.unit IS NULL OR e.occurred_at IS NULL OR e.recorded_at IS NULL
  OR e.timed IS NULL
GROUP BY e.county, COALESCE(e.id, '')
""",
    "duplicate-id": """
SELECT county, CONCAT(unit, ':', id) AS value, COUNT(*) AS number FROM checked
WHERE NOT id IS NULL GROUP BY county, unit, id HAVING COUNT(*) > 1
""",
    "both": """
SELECT county, id AS value, COUNT(*) AS number FROM checked
WHERE NOT corrects IS NULL AND NOT retracts IS NULL GROUP BY county, id
""",
    "unknown-target": """
SELECT e.county, COALESCE(e.corrects, e.retracts) AS value, COUNT(*) AS number FROM checked AS e
LEFT JOIN checked AS t ON t.county = e.county AND t.id = COALESCE(e.corrects, e.retracts)
WHERE NOT COALESCE(e.corrects, e.retracts) IS NULL AND t.id IS NULL
GROUP BY e.county, COALESCE(e.corrects, e.retracts)
""",
}
"""Queries over `checked` (the event table and `county`) by the name of the fault: county, value, number."""

_FACTS: Final = {
    "unknown-unit": Text("名录里没有这些单位（应写单位代码）", "these units are not in the registry (write ids)"),
    "unknown-type": Text("没有这些事件类型", "there are no such event types"),
    "incomplete": Text(
        "这些记录缺编号、类型、单位、时间或 timed", "these entries lack id, type, unit, moments or timed"
    ),
    "duplicate-id": Text("同一单位的这些编号重复", "these ids repeat within their unit"),
    "both": Text("这些记录同时更正和撤销", "these entries both correct and withdraw"),
    "unknown-target": Text("更正或撤销的这些记录不存在", "these entries, corrected or withdrawn, do not exist"),
}
_CURE: Final = Text("先用 gongkai events check 检查这个县的台账", "Check this county's log first: gongkai events check")


def checked_sql(schema: pa.Schema, present: Collection[str]) -> str:
    """Return the query that gives the columns of the event table, and `county`, from files that may lack some.

    Columns that the event table does not have are never read.

    Args:
        schema: the columns of the event table (`events.table.schema`).
        present: the columns of the files.
    """
    present_or_null = {field.name: column(field.name) if field.name in present else NULL for field in schema}
    columns = [
        f"CAST({present_or_null[field.name]} AS {SQL_TYPES[field.type]}) AS {column(field.name)}" for field in schema
    ]
    return f"SELECT {', '.join(columns)}, CAST({column(COUNTY)} AS TEXT) AS {column(COUNTY)} FROM files"


def check_events(backend: Backend, counties: Sequence[County], batch: Batch) -> list[Problem]:
    """Return what is wrong with the table `checked`, with a few examples of each fault, by county."""
    text = pa.string()
    units = [(one.registry.county, unit.id) for one in counties for unit in one.registry.units]
    backend.load(
        "known_units",
        pa.table(
            {"county": pa.array([one for one, _ in units], text), "unit": pa.array([one for _, one in units], text)}
        ),
    )
    backend.load("known_types", pa.table({"value": pa.array(list(load_vocabulary().types), text)}))
    places = {one.county: one.place for one in batch.counties}
    return [problem for check in CHECKS for problem in _faults(backend, check, places)]


def _faults(backend: Backend, check: str, places: Mapping[str, str]) -> list[Problem]:
    """Return the first faults of one sort, a problem for each county."""
    query = f"SELECT * FROM ({CHECKS[check]}) AS found ORDER BY county, number DESC, value LIMIT {SHOWN}"
    groups: dict[str, list[str]] = {}
    for row in backend.fetch(query).to_pylist():
        groups.setdefault(row["county"], []).append(f"{row['value']}（{row['number']}）")
    fact = _FACTS[check]
    return [
        Problem(
            check,
            Where(places[county]),
            Text(f"{county}：{fact.zh}：{'、'.join(shown)}", f"{county}: {fact.en}: {', '.join(shown)}"),
            _CURE,
            "、".join(shown),
        )
        for county, shown in groups.items()
    ]
