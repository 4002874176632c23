"""Whose judgement settles something: an evaluator's who is, or belongs to, a unit that evaluates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from events.normalise.entered import evaluator_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.backends.base import Backend
    from engine.compile.plan import County
    from engine.compile.stood import AtHand

EVALUATOR: Final = "data.evaluator"

NAMED: Final = f"""
SELECT DISTINCT county, "{EVALUATOR}" AS evaluator FROM log WHERE NOT "{EVALUATOR}" IS NULL
"""
"""The evaluators that the log names."""

SCHEMA: Final = pa.schema([("county", pa.string()), ("evaluator", pa.string()), ("judge", pa.string())])


def judges_table(backend: Backend, counties: Sequence[County], log: AtHand | None = None, *, several: bool) -> pa.Table:
    """Return which evaluators are of a unit that evaluates: county, evaluator as the log names it, the unit."""
    if log is not None and EVALUATOR not in log.columns:
        return SCHEMA.empty_table()
    registries = {county.registry.county if several else "": county.registry for county in counties}
    rows = []
    for row in backend.fetch(NAMED).to_pylist():
        registry = registries.get(row["county"])
        judge = evaluator_unit(row["evaluator"], registry) if registry is not None else None
        if registry is not None and judge is not None and registry.evaluates(judge):
            rows.append({**row, "judge": judge})
    return pa.Table.from_pylist(rows, schema=SCHEMA)
