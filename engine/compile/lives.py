"""Units that were set up or abolished: owed only while they exist, and what heirs take over from them."""

from __future__ import annotations

from typing import Final

from engine.kinds.shared.heirs import HEIR_MARK

INHERITED: Final = f"""
SELECT e.* FROM own_standing AS e
UNION ALL
SELECT e.* REPLACE (h.heir AS unit, CONCAT(e.event, '{HEIR_MARK}', h.heir) AS event)
FROM own_standing AS e
JOIN heirs AS h ON h.county = e.county AND h.unit = e.unit
"""
"""The standing entries, those of an abolished unit once more under each unit that took its work over."""


def alive(statement: str, broken_on: str) -> str:
    """Return the outcomes of a kind's statement that fall into the lives of the units.

    What is due after a unit's last day it does not owe, unless it was done, or broken, while it existed; what was due
    before its first day it never owed.

    Args:
        statement: the statement.
        broken_on: the day on which a duty was broken, as SQL, NULL where that is not before its due date.
    """
    return f"""
SELECT k.*
FROM ({statement}) AS k
JOIN units AS u ON u.number = k.unit
JOIN rules AS r ON r.number = k.rule
WHERE (u.until IS NULL OR COALESCE(k.due_on, k.opened_on, r.start) <= u.until
    OR (k.status IN ('met', 'late') AND k.met_on <= u.until)
    OR (k.status = 'violated' AND {broken_on} <= u.until))
  AND (u.since IS NULL OR k.due_on IS NULL OR k.due_on >= u.since)
"""
