"""`never`: A must not happen."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.kinds.base import Cell, Every, KindRule
from events.problems import Text
from rules.facets import Facets
from rules.model import Selector


class NeverRule(KindRule):
    """Something must not happen in the period; the first time it does settles it.

    Where it stands over several calendar years, each act found is an obligation of its own, and each year in which
    none was found is one. Of a unit that filed nothing in the period of the run nobody can say that nothing happened.

    Example:
        kind: never
        forbidden: {event: information.published, where: {secret: true}}
    """

    kind: Literal["never"]
    forbidden: Selector

    summary: ClassVar[str] = "A must not happen"
    facets: ClassVar[Facets] = Facets(forbids=True, final=True)
    value_at_end: ClassVar = False
    asks_filed: ClassVar = True
    broken_on: ClassVar = "TRY_CAST(k.detail AS DATE)"
    columns: ClassVar = {}
    messages: ClassVar = {
        "never.met": Text("{start}至{due_on}没有发生的记录。", "Nothing recorded from {start} to {due_on}."),
        "never.pending": Text("截至{as_of}没有发生的记录。", "Nothing recorded as of {as_of}."),
        "never.violated": Text(
            "不得发生，{detail}起已记录{measured}次。", "Must not happen: {measured} recorded since {detail}."
        ),
        "never.act": Text("不得发生，{opened_on}发生。", "Must not happen, and did on {opened_on}."),
        "never.unassessed": Text(
            "有登记缺少判断所需的信息，须人工核定。",
            "Records lack the attribute that decides; a person must assess them.",
        ),
        "never.unfiled": Text(
            "该单位没有报送台账，不能评定有没有发生。", "The unit filed nothing, so nobody can say whether it happened."
        ),
    }
    more: ClassVar = ("acted_on", "act")
    statement: ClassVar[str] = """
WITH found AS (
  SELECT r.rule, f.unit, f.day, f.at, f.event, f.root, f.subject, f.certain
  FROM rules_never AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop
), seen AS (
  SELECT rule, unit, SUM(certain) AS measured, COUNT(*) AS possible,
    MIN(CASE WHEN certain = 1 THEN STRUCT_PACK(at := "at", event := event, day := day) END) AS first,
    ARRAY_AGG(event) AS evidence
  FROM found GROUP BY rule, unit
), judged AS (
  SELECT r.rule, o.unit, r.label, r.start, r.stop, NOT r.slot IS NULL AS yearly, v.first, v.evidence,
    COALESCE(v.measured, 0) AS measured,
    CASE WHEN v.measured > 0 THEN 'violated' WHEN i.unit IS NULL THEN 'unfiled'
      WHEN m.moment < r.stop_at THEN 'pending' WHEN v.possible > 0 THEN 'unassessed' ELSE 'met' END AS outcome
  FROM rules_never AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN seen AS v ON v.rule = r.rule AND v.unit = o.unit
  LEFT JOIN filed AS i ON i.unit = o.unit
  WHERE r.slot IS NULL OR r.start <= m.day
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on,
  CASE WHEN outcome = 'met' THEN stop END AS met_on, CASE outcome WHEN 'unfiled' THEN 'unassessed' ELSE outcome END
    AS status, CAST(0 AS DOUBLE) AS required, CAST(measured AS DOUBLE) AS measured, evidence,
  CAST(NULL AS TEXT) AS trigger, CONCAT('never.', outcome) AS outcome, CAST(first.day AS TEXT) AS detail,
  first.day AS acted_on, first.event AS act
FROM judged
WHERE NOT (yearly AND outcome = 'violated')
UNION ALL
SELECT f.rule, f.unit, f.root, f.subject, f.day, f.day, NULL, 'violated', 0, 1, [f.event], f.event, 'never.act', NULL,
  f.day, f.event
FROM found AS f
JOIN owed AS o ON o.rule = f.rule AND o.unit = f.unit
JOIN rules_never AS r ON r.rule = f.rule AND NOT r.slot IS NULL
WHERE f.certain = 1
"""

    def recurs(self) -> Every | None:
        """Return that a prohibition that stands over several calendar years is one for each of them."""
        return "year" if self.period.start.year < self.period.end.year else None

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what must not happen."""
        return (("forbidden", self.forbidden),)

    def cells(self) -> dict[str, Cell]:
        """Return nothing: the period says all."""
        return {}
