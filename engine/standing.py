"""Which entries of the log stand as of a moment: what was known, corrected and withdrawn by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that corrects or withdraws another."""

    id: str
    target: str
    known_at: datetime


def _chain_entries(events: pa.Table, moment: datetime) -> list[_Entry]:
    """Return the corrections and retractions known by the moment."""
    target = pc.coalesce(events["corrects"], events["retracts"])
    known = pc.less_equal(events["recorded_at"], pa.scalar(moment, pa.timestamp("us")))
    mask = pc.and_(pc.is_valid(target), known)
    rows = zip(
        events["id"].filter(mask).to_pylist(),
        target.filter(mask).to_pylist(),
        events["recorded_at"].filter(mask).to_pylist(),
        strict=True,
    )
    return [_Entry(*row) for row in rows]


def settle_chains(events: pa.Table, moment: datetime) -> tuple[pa.Table, pa.Table]:
    """Return which entries do not stand, and the first entry of each chain of corrections.

    An entry stands unless an entry that stands, and was recorded by the moment, corrects or withdraws it; among
    several for one entry the one recorded last counts (then the greater id), and the others do not stand.

    Returns:
        `fallen` (id) and `roots` (id, root).
    """
    entries = _chain_entries(events, moment)
    targets = {entry.id: entry.target for entry in entries}
    by_target: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_target.setdefault(entry.target, []).append(entry)
    for rivals in by_target.values():
        rivals.sort(key=lambda entry: (entry.known_at, entry.id))
    effective: dict[str, str | None] = {}
    for entry_id in _leaves_first(targets, by_target):
        alive = [rival.id for rival in by_target.get(entry_id, ()) if effective[rival.id] is None]
        effective[entry_id] = alive[-1] if alive else None
    fallen = [
        entry_id
        for entry_id, successor in effective.items()
        if successor is not None or (entry_id in targets and effective[targets[entry_id]] != entry_id)
    ]
    roots = {entry_id: _root(entry_id, targets) for entry_id in targets}
    text = pa.string()
    return (
        pa.table({"id": pa.array(sorted(fallen), text)}),
        pa.table({"id": pa.array(list(roots), text), "root": pa.array(list(roots.values()), text)}),
    )


def _leaves_first(targets: dict[str, str], by_target: dict[str, list[_Entry]]) -> list[str]:
    """Return every entry of the chains after all entries that correct or withdraw it."""
    order: list[str] = []
    waiting = [entry_id for entry_id in {*targets.values()} if entry_id not in targets]
    while waiting:
        entry_id = waiting.pop()
        order.append(entry_id)
        waiting.extend(entry.id for entry in by_target.get(entry_id, ()))
    return order[::-1]


def _root(entry_id: str, targets: dict[str, str]) -> str:
    """Return the entry that a chain of corrections starts from."""
    while entry_id in targets:
        entry_id = targets[entry_id]
    return entry_id


STANDING = """
SELECT e.*, e.id AS event, CAST(e.occurred_at AS DATE) AS day, e.occurred_at AS at,
  CASE WHEN e.timed THEN e.occurred_at
    ELSE CAST(CAST(e.occurred_at AS DATE) AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND END AS latest,
  COALESCE(r.root, e.id) AS root
FROM events AS e
CROSS JOIN asof AS m
LEFT JOIN roots AS r ON r.id = e.id
LEFT JOIN fallen AS d ON d.id = e.id
WHERE e.retracts IS NULL AND d.id IS NULL AND e.occurred_at <= m.moment AND e.recorded_at <= m.moment
"""
