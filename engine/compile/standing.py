"""Which entries of the log stand as of a moment: what was known, corrected and withdrawn by then.

And requests that are logged twice: one number of one unit is one request until it is answered. The same number received
after the answer is a request of its own. What a request is, the first entry says; the later ones are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.backends.base import Backend

CHAIN = """
SELECT e.county, e.id, COALESCE(e.corrects, e.retracts) AS target, e.recorded_at AS known_at,
  NOT e.retracts IS NULL AS withdraws
FROM log AS e
CROSS JOIN asked AS m
WHERE NOT COALESCE(e.corrects, e.retracts) IS NULL AND e.recorded_at <= m.known
"""
"""The corrections and withdrawals known by the moment."""

KNOTS = """
SELECT DISTINCT c.county, c.target
FROM chain AS c
LEFT JOIN chain AS up ON up.county = c.county AND up.id = c.target
LEFT JOIN chain AS down ON down.county = c.county AND down.target = c.id
WHERE NOT up.id IS NULL OR NOT down.id IS NULL
"""
"""What is changed by an entry that is itself changed, or changes another: corrections of corrections."""

KNOTTED = """
SELECT c.county, c.id, c.target, c.known_at, c.withdraws
FROM chain AS c
JOIN knots AS k ON k.county = c.county AND k.target = c.target
ORDER BY c.county, c.id
"""

SIMPLE = """
SELECT c.county, c.id, c.target,
  ROW_NUMBER() OVER (PARTITION BY c.county, c.target ORDER BY c.known_at DESC, c.id DESC) AS place
FROM chain AS c
LEFT JOIN knots AS k ON k.county = c.county AND k.target = c.target
WHERE k.target IS NULL
"""
"""Corrections that nothing corrects, of entries that correct nothing: the one recorded last counts."""

FALLEN = """
SELECT county, id FROM knotted_fallen
UNION ALL
SELECT county, target AS id FROM simple WHERE place = 1
UNION ALL
SELECT county, id FROM simple WHERE place > 1
"""

ROOTS = """
SELECT county, id, root FROM knotted_roots
UNION ALL
SELECT county, id, target AS root FROM simple
"""

STANDING = """
SELECT e.*, e.id AS event, CAST(e.occurred_at AS DATE) AS day, e.occurred_at AS at,
  CASE WHEN e.timed THEN e.occurred_at
    ELSE CAST(CAST(e.occurred_at AS DATE) AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND END AS latest,
  COALESCE(r.root, e.id) AS root
FROM log AS e
CROSS JOIN asked AS m
LEFT JOIN roots AS r ON r.county = e.county AND r.id = e.id
LEFT JOIN fallen AS d ON d.county = e.county AND d.id = e.id
WHERE e.retracts IS NULL AND d.id IS NULL AND e.occurred_at <= m.moment AND e.recorded_at <= m.known
"""

UNCHANGED = (
    STANDING.partition("COALESCE(r.root")[0]
    + """e.id AS root
FROM log AS e
CROSS JOIN asked AS m
WHERE e.occurred_at <= m.moment AND e.recorded_at <= m.known
"""
)
"""The entries that stand in a log in which none corrects or withdraws another."""

FILED = """
SELECT DISTINCT u.number AS unit
FROM standing AS e
CROSS JOIN asked AS m
JOIN units AS u ON u.unit = e.unit AND u.county_id = e.county
WHERE e.day BETWEEN m.filed_from AND m.filed_to AND e.type <> 'assessment.recorded'
"""
"""The units that have filed something of the period; what evaluators found of a unit is not filed by it."""

Key: TypeAlias = tuple[str, str]
"""An entry: its county and its id."""

RECEIVED: Final = "request.received"
ANSWERED: Final = "request.answered"

REPEATED: Final = f"""
WITH received AS (
  SELECT e.county, e.unit, e.subject, e.event, e.at, e.latest,
    LAG(e.at) OVER (PARTITION BY e.county, e.unit, e.subject ORDER BY e.at, e.event) AS before
  FROM stood AS e WHERE e.type = '{RECEIVED}' AND NOT e.subject IS NULL
)
SELECT r.county, r.event
FROM received AS r
LEFT JOIN stood AS a ON a.type = '{ANSWERED}' AND a.county = r.county AND a.unit = r.unit AND a.subject = r.subject
  AND r.before < r.at AND a.latest >= r.before AND a.at <= r.latest
WHERE NOT r.before IS NULL
GROUP BY r.county, r.event
HAVING COUNT(a.event) = 0
"""
"""The entries of requests that were received before, and not answered since; of `stood`, the entries that stand."""

KEPT: Final = """
SELECT e.* FROM stood AS e
LEFT JOIN repeated AS r ON r.county = e.county AND r.event = e.event
WHERE r.event IS NULL
"""
"""The entries that stand, each request received once."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that corrects or withdraws another."""

    key: Key
    target: Key
    known_at: datetime
    withdraws: bool


def settle_chains(backend: Backend) -> None:
    """Make the tables `fallen` (county, id) and `roots` (county, id, root) of the table `log`.

    An entry stands unless an entry that is not itself withdrawn, and was recorded by the moment, corrects or withdraws
    it; among several for one entry the one recorded last counts (then the greater id), and the others do not stand. A
    correction that is corrected still holds down what it corrected. The root of an entry is the first of its chain.

    A correction of an entry that nobody corrected before is settled by joins. Only the entries of longer chains, which
    are few in any log, come into Python.
    """
    backend.create("chain", CHAIN)
    backend.create("knots", KNOTS)
    fallen, roots = _settle(backend.fetch(KNOTTED))
    backend.load("knotted_fallen", fallen)
    backend.load("knotted_roots", roots)
    backend.define("simple", SIMPLE)
    backend.create("fallen", FALLEN)
    backend.create("roots", ROOTS)


def load_chains(backend: Backend, changing: pa.Table, moment: datetime) -> None:
    """Make the tables `fallen` and `roots` of the few entries that correct or withdraw others, without a statement."""
    fallen, roots = _settle(_chains(changing, moment))
    backend.load("fallen", fallen)
    backend.load("roots", roots)


def fallen_entries(events: pa.Table, moment: datetime) -> pa.Table:
    """Return the entries of one county's log, at hand as a table, that do not stand as of a moment: county and id."""
    return _settle(_chains(events, moment))[0]


def _chains(events: pa.Table, moment: datetime) -> pa.Table:
    """Return the corrections and withdrawals of one county's log that are known by a moment, as `CHAIN` does."""
    target = pc.coalesce(events["corrects"], events["retracts"])
    known = pc.less_equal(events["recorded_at"], pa.scalar(moment, pa.timestamp("us")))
    chains = pa.table({"id": events["id"], "target": target, "known_at": events["recorded_at"]})
    chains = chains.append_column("withdraws", pc.is_valid(events["retracts"]))
    chains = chains.filter(pc.and_(pc.is_valid(target), known))
    return chains.append_column("county", pa.array([""] * chains.num_rows, pa.string()))


def _settle(chains: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return which entries of these chains do not stand, and the first entry of each."""
    names = ("county", "id", "target", "known_at", "withdraws")
    columns = (chains[name].to_pylist() for name in names)
    entries = [
        _Entry((county, one), (county, target), at, withdraws)
        for county, one, target, at, withdraws in zip(*columns, strict=True)
    ]
    targets = {entry.key: entry.target for entry in entries}
    effective = _effective(entries, targets)
    fallen = [key for key in effective if not _is_standing(key, targets, effective)]
    return (
        _table(("county", "id"), fallen),
        _table(("county", "id", "root"), [(*key, _root(key, targets)[1]) for key in targets]),
    )


def _effective(entries: list[_Entry], targets: dict[Key, Key]) -> dict[Key, _Entry | None]:
    """Return, for every entry of the chains, the correction or withdrawal that counts for it, or None."""
    by_target: dict[Key, list[_Entry]] = {}
    for entry in entries:
        by_target.setdefault(entry.target, []).append(entry)
    for rivals in by_target.values():
        rivals.sort(key=lambda entry: (entry.known_at, entry.key))
    effective: dict[Key, _Entry | None] = {}
    for key in _leaves_first(targets, by_target):
        acting = [rival for rival in by_target.get(key, ()) if not _is_withdrawn(effective[rival.key])]
        effective[key] = acting[-1] if acting else None
    return effective


def _is_withdrawn(change: _Entry | None) -> bool:
    """Say whether what counts for an entry is a withdrawal: it then does nothing, while one that is corrected does."""
    return change is not None and change.withdraws


def _is_standing(key: Key, targets: dict[Key, Key], effective: dict[Key, _Entry | None]) -> bool:
    """Say whether nothing takes an entry's place, and it is what counts all the way up to the first of its chain."""
    if effective[key] is not None:
        return False
    while key in targets:
        counts = effective[targets[key]]
        if counts is None or counts.key != key:
            return False
        key = targets[key]
    return True


def _leaves_first(targets: dict[Key, Key], by_target: dict[Key, list[_Entry]]) -> list[Key]:
    """Return every entry of the chains after all entries that correct or withdraw it."""
    order: list[Key] = []
    waiting = [key for key in {*targets.values()} if key not in targets]
    while waiting:
        key = waiting.pop()
        order.append(key)
        waiting.extend(entry.key for entry in by_target.get(key, ()))
    return order[::-1]


def _root(key: Key, targets: dict[Key, Key]) -> Key:
    """Return the entry that a chain of corrections starts from."""
    while key in targets:
        key = targets[key]
    return key


def _table(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> pa.Table:
    """Return rows of text as a table, sorted."""
    columns = zip(*sorted(rows), strict=True) if rows else ((),) * len(names)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
