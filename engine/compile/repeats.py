"""Requests that are logged twice: one number of one unit is one request until it is answered.

The same number received after the answer is a request of its own. What a request is, the first entry says; the later
ones of the same request are not judged.
"""

from __future__ import annotations

from typing import Final

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
