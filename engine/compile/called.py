"""Institutions under the names that people give them: a listed unit is covered under any that the registry knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.backends.base import Backend
    from engine.compile.plan import County, Plan
    from rules.units import Registry

LISTED = """
SELECT DISTINCT r.rule, f.county, f.subject
FROM rules_cover AS r
JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'covered_by'
JOIN facts AS f ON f.sel = s.sel
WHERE r.listed AND NOT f.subject IS NULL
"""
"""The subjects of what may cover a listed item."""

SCHEMA = pa.schema([("rule", pa.int32()), ("county", pa.int32()), ("subject", pa.string()), ("thing", pa.string())])


def called_table(backend: Backend, plan: Plan, counties: Sequence[County]) -> pa.Table:
    """Return which subjects are another name of a listed item: rule, county, subject, thing."""
    if "rules_cover" not in plan.tables or not any(plan.tables["rules_cover"]["listed"].to_pylist()):
        return SCHEMA.empty_table()
    items: dict[int, list[str]] = {}
    for row in plan.tables["needed"].to_pylist():
        items.setdefault(row["rule"], []).append(row["element"])
    rows = []
    owners: dict[tuple[int, int], dict[str, str]] = {}
    listed = (column.to_pylist() for column in backend.fetch(LISTED).columns)
    for rule, county, subject in zip(*listed, strict=True):
        unit = counties[county].registry.find(subject)
        if unit is None or subject in items[rule]:
            continue
        if (rule, county) not in owners:
            owners[rule, county] = _owners(counties[county].registry, items[rule])
        thing = owners[rule, county].get(unit)
        if thing is not None:
            rows.append({"rule": rule, "county": county, "subject": subject, "thing": thing})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _owners(registry: Registry, names: Sequence[str]) -> dict[str, str]:
    """Return the first of some names that stands for each unit."""
    found: dict[str, str] = {}
    for name in names:
        unit = registry.find(name)
        if unit is not None:
            found.setdefault(unit, name)
    return found
