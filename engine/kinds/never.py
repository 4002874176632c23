"""`never`: A must not happen."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.kinds.base import Cell, KindRule
from events.problems import Text
from rules.model import Selector


class NeverRule(KindRule):
    """Something must not happen in the period; the first time it does settles it.

    Example:
        kind: never
        forbidden: {event: information.published, where: {secret: true}}
    """

    kind: Literal["never"]
    forbidden: Selector

    summary: ClassVar[str] = "A must not happen"
    value_at_end: ClassVar = False
    columns: ClassVar = {}
    messages: ClassVar = {
        "never.met": Text("{start}至{due_on}没有发生的记录。", "Nothing recorded from {start} to {due_on}."),
        "never.pending": Text("截至{as_of}没有发生的记录。", "Nothing recorded as of {as_of}."),
        "never.violated": Text(
            "不得发生，{detail}起已记录{measured}次。", "Must not happen: {measured} recorded since {detail}."
        ),
        "never.unassessed": Text(
            "有登记缺少判断所需的信息，须人工核定。",
            "Records lack the attribute that decides; a person must assess them.",
        ),
    }
    statement: ClassVar[str] = """
WITH seen AS (
  SELECT r.rule, f.unit, SUM(f.certain) AS measured, COUNT(*) AS possible,
    MIN(CASE WHEN f.certain = 1 THEN f.day END) AS first_on, ARRAY_AGG(f.event) AS evidence
  FROM rules_never AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop
  GROUP BY r.rule, f.unit
), judged AS (
  SELECT r.rule, o.unit, r.label, r.start, r.stop, COALESCE(v.measured, 0) AS measured, v.first_on, v.evidence,
    CASE WHEN v.measured > 0 THEN 'violated' WHEN m.moment < r.stop_at THEN 'pending'
      WHEN v.possible > 0 THEN 'unassessed' ELSE 'met' END AS status
  FROM rules_never AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN seen AS v ON v.rule = r.rule AND v.unit = o.unit
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on,
  CASE WHEN status = 'met' THEN stop END AS met_on, status, CAST(0 AS DOUBLE) AS required,
  CAST(measured AS DOUBLE) AS measured, evidence, CAST(NULL AS TEXT) AS trigger,
  CONCAT('never.', status) AS outcome, CAST(first_on AS TEXT) AS detail
FROM judged
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what must not happen."""
        return (("forbidden", self.forbidden),)

    def cells(self) -> dict[str, Cell]:
        """Return nothing: the period says all."""
        return {}
