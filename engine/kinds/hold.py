"""`hold`: a state is true on every day of the period (intervals opened and closed by events)."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.kinds.base import Cell, KindRule
from engine.kinds.shared.states import STATES
from events.problems import Text
from rules.facets import Facets
from rules.model import Selector


class HoldRule(KindRule):
    """On every day of the period at least so many subjects are open.

    A subject is open from the day of its opening event until the day before its closing one; closed and opened again on
    one day is no gap (`engine.kinds.shared.states`). Events before the period set the
    state that it starts with.

    Example:
        kind: hold
        opened: staff.appointed
        closed: staff.released
        at_least: 1
    """

    kind: Literal["hold"]
    opened: Selector
    closed: Selector
    at_least: int = 1

    summary: ClassVar[str] = "a state is true on every day of the period"
    facets: ClassVar[Facets] = Facets(
        settled_by=("opened",), answered=("opened", "closed"), enough=True, by_matter=False, told="states"
    )
    value_at_end: ClassVar = False
    columns: ClassVar = {"at_least": "INT"}
    messages: ClassVar = {
        "hold.met": Text(
            "{start}至{due_on}每天都不少于{required}，最少的一天为{measured}。",
            "At least {required} on every day from {start} to {due_on}; the lowest was {measured}.",
        ),
        "hold.violated": Text(
            "{start}至{due_on}每天应不少于{required}，自{detail}起不足，最少的一天为{measured}。",
            "At least {required} on every day from {start} to {due_on}: short since {detail}; at worst {measured}.",
        ),
        "hold.pending": Text(
            "{start}至{due_on}每天应不少于{required}，截至{as_of}没有空缺。",
            "At least {required} on every day from {start} to {due_on}: no gap as of {as_of}.",
        ),
    }
    statement: ClassVar[str] = f"""
WITH turned AS (
  SELECT r.rule, f.unit, f.subject, f.day, f.at, f.timed, f.event, f.root,
    CASE s.role WHEN 'opened' THEN 1 ELSE 0 END AS state
  FROM rules_hold AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.day <= r.stop
  WHERE NOT f.subject IS NULL
), {STATES}, moved AS (
  SELECT rule, unit, day, SUM(state - before) AS change FROM changes GROUP BY rule, unit, day
), levels AS (
  SELECT rule, unit, day, SUM(change) OVER (PARTITION BY rule, unit ORDER BY day ROWS UNBOUNDED PRECEDING) AS level
  FROM moved
), bounds AS (
  SELECT d.*, CASE WHEN d.today < d.start THEN d.today ELSE d.start END AS first_day
  FROM (
    SELECT r.rule, o.unit, CASE WHEN o.since > r.start THEN o.since ELSE r.start END AS start, r.stop, r.label,
      r.at_least, m.day AS today, m.moment >= r.stop_at AS finished
    FROM rules_hold AS r JOIN owed AS o ON o.rule = r.rule CROSS JOIN asked AS m
  ) AS d
), checked AS (
  SELECT b.rule, b.unit, b.first_day AS day, COALESCE(SUM(c.change), 0) AS level
  FROM bounds AS b
  LEFT JOIN moved AS c ON c.rule = b.rule AND c.unit = b.unit AND c.day <= b.first_day
  GROUP BY b.rule, b.unit, b.first_day
  UNION ALL
  SELECT b.rule, b.unit, l.day, l.level
  FROM bounds AS b JOIN levels AS l ON l.rule = b.rule AND l.unit = b.unit AND l.day > b.first_day
), lowest AS (
  SELECT k.rule, k.unit, MIN(k.level) AS measured, MIN(CASE WHEN k.level < b.at_least THEN k.day END) AS gap_on
  FROM checked AS k JOIN bounds AS b ON b.rule = k.rule AND b.unit = k.unit
  GROUP BY k.rule, k.unit
), proof AS (
  SELECT rule, unit, ARRAY_AGG(event) AS evidence FROM turned GROUP BY rule, unit
), judged AS (
  SELECT b.*, l.measured, l.gap_on, p.evidence, CASE
      WHEN b.today < b.start THEN 'pending' WHEN NOT l.gap_on IS NULL THEN 'violated'
      WHEN b.finished THEN 'met' ELSE 'pending' END AS status
  FROM bounds AS b
  JOIN lowest AS l ON l.rule = b.rule AND l.unit = b.unit
  LEFT JOIN proof AS p ON p.rule = b.rule AND p.unit = b.unit
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on,
  CASE WHEN status = 'met' THEN stop END AS met_on, status, CAST(at_least AS DOUBLE) AS required,
  CAST(measured AS DOUBLE) AS measured, evidence, CAST(NULL AS TEXT) AS trigger,
  CONCAT('hold.', status) AS outcome, CAST(gap_on AS TEXT) AS detail
FROM judged
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens a subject's interval, and what closes it."""
        return (("opened", self.opened), ("closed", self.closed))

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what opens."""
        return ("opened",)

    def cells(self) -> dict[str, Cell]:
        """Return how many must be open."""
        return {"at_least": self.at_least}
