"""Whose judgement settles something: an evaluator's who is, or belongs to, a unit that evaluates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from events.normalise.entered import evaluator_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.backends.base import Backend
    from engine.compile.plan import County

EVALUATOR: Final = "data.evaluator"

NAMED: Final = f"""
SELECT DISTINCT county, "{EVALUATOR}" AS evaluator FROM log WHERE NOT "{EVALUATOR}" IS NULL
"""
"""The evaluators that the log names."""

SCHEMA: Final = pa.schema([("county", pa.string()), ("evaluator", pa.string()), ("judge", pa.string())])


def judges_table(backend: Backend, counties: Sequence[County], *, several: bool, named: bool = True) -> pa.Table:
    """Return which evaluators are of a unit that evaluates: county, evaluator as the log names it, the unit.

    Args:
        backend: has the log.
        counties: their units.
        several: whether the log has the county of each entry.
        named: whether the log may name an evaluator at all.
    """
    if not named:
        return SCHEMA.empty_table()
    registries = {county.registry.county if several else "": county.registry for county in counties}
    rows = []
    for row in backend.fetch(NAMED).to_pylist():
        registry = registries.get(row["county"])
        judge = evaluator_unit(row["evaluator"], registry) if registry is not None else None
        if registry is not None and judge is not None and registry.evaluates(judge):
            rows.append({**row, "judge": judge})
    return pa.Table.from_pylist(rows, schema=SCHEMA)
