"""`precede`: no A without an earlier B on the same subject; optionally one B serves one A only."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.kinds.base import By, Cell, KindRule
from engine.kinds.shared.heirs import is_copy, original
from events.problems import Text
from rules.deeds import Deed, First
from rules.facets import Facets
from rules.model import Selector


class PrecedeRule(KindRule):
    """No act without an earlier one on the same subject; with `one_to_one`, each earlier act serves one act only.

    With `one_to_one` acts take the earlier acts in the order of time; acts before the period take theirs too. Where
    `elements_in` of the act says through which channels it was, acts through other channels are of one version and
    share the earlier act; once more through the same channel is a changed version, which needs its own.

    Example:
        kind: precede
        act: information.published
        before: review.completed
        one_to_one: true
    """

    kind: Literal["precede"]
    act: Selector
    before: Selector
    one_to_one: bool = False
    same_day: Literal["counts", "does_not_count"] = "counts"
    by: By = "same_unit"

    summary: ClassVar[str] = "no A without an earlier B on the same subject"
    facets: ClassVar[Facets] = Facets(
        settled_by=("before",), paired=("act", "before"), answered=("act", "before"), final=True
    )
    value_at_end: ClassVar = False
    more: ClassVar = ("behind",)
    columns: ClassVar = {"one_to_one": "BOOLEAN", "same_day": "BOOLEAN", "anyone": "BOOLEAN"}
    messages: ClassVar = {
        "precede.met": Text("{opened_on}办理前已有在先的记录。", "What had to come before {opened_on} is recorded."),
        "precede.violated": Text(
            "{opened_on}办理时没有在先的记录。",
            "Nothing that had to come before {opened_on} is recorded.",
        ),
        "precede.used": Text(
            "{opened_on}办理时，在先的记录已用于同一事项的另一次办理，不能再用。",
            "What came before {opened_on} had already served another act on the same subject.",
        ),
        "precede.unassessed": Text(
            "{opened_on}的登记缺少判断所需的信息，须人工核定。",
            "The record of {opened_on} lacks the attribute that decides; a person must assess it.",
        ),
        "precede.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    # a single act is served by what came first; only among several acts on one subject are befores handed out in turn
    statement: ClassVar[str] = f"""
WITH found AS (
  SELECT r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who, f.subject, f.unit, f.day, f.event, f.root,
    f.certain, r.one_to_one, COALESCE(ARRAY_TO_STRING(LIST_SORT(f.elements), '+'), '') AS channels,
    CASE WHEN r.same_day THEN f.latest ELSE CAST(f.day AS TIMESTAMP) - INTERVAL '1' MICROSECOND END AS at
  FROM rules_precede AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'act'
  JOIN facts AS f ON f.sel = s.sel
), several AS (
  SELECT rule, who, subject FROM found WHERE one_to_one AND NOT subject IS NULL
  GROUP BY rule, who, subject HAVING COUNT(*) > 1
), versioned AS (
  SELECT f.rule, f.who, f.subject, f.event, f.at, DENSE_RANK() OVER (
    PARTITION BY f.rule, f.who, f.subject, f.channels ORDER BY f.at, {original("f.event")}) AS version
  FROM found AS f
  JOIN several AS d ON d.rule = f.rule AND d.who = f.who AND d.subject = f.subject
), acts AS (
  SELECT rule, who, subject, event, "at", FIRST_VALUE(event) OVER (
    PARTITION BY rule, who, subject, version ORDER BY "at", event) AS lead
  FROM versioned
), befores AS (
  SELECT r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who, f.subject, f.event, f.at
  FROM rules_precede AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'before'
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1
  WHERE NOT f.subject IS NULL AND NOT (r.anyone AND {is_copy("f.event")})
), firsts AS (
  SELECT rule, who, subject, MIN(STRUCT_PACK(at := "at", event := event)) AS first, MAX("at") AS last_at
  FROM befores GROUP BY rule, who, subject
), timeline AS (
  SELECT b.rule, b.who, b.subject, b.at, b.event, 0 AS is_act
  FROM befores AS b
  JOIN several AS d ON d.rule = b.rule AND d.who = b.who AND d.subject = b.subject
  UNION ALL
  SELECT rule, who, subject, "at", event, 1 AS is_act FROM acts WHERE event = lead
), numbered AS (
  SELECT rule, who, subject, "at", event, is_act, ROW_NUMBER() OVER w AS place,
    COUNT(NULLIF(is_act, 0)) OVER w AS number
  FROM timeline
  WINDOW w AS (PARTITION BY rule, who, subject ORDER BY "at", is_act, event ROWS UNBOUNDED PRECEDING)
), counted AS (
  SELECT rule, who, subject, "at", event, is_act, place - number AS befores, number FROM numbered
), surplus AS (
  SELECT rule, who, subject, event, befores, number,
    COALESCE(LEAST(0, MIN(befores - number) OVER (
      PARTITION BY rule, who, subject ORDER BY "at", event ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), 0)
      AS lack
  FROM counted WHERE is_act = 1
), turns AS (
  SELECT a.rule, a.event, p.befores, b.event AS served_by
  FROM acts AS a
  JOIN surplus AS p ON p.rule = a.rule AND p.who = a.who AND p.subject = a.subject AND p.event = a.lead
  LEFT JOIN counted AS b ON b.rule = p.rule AND b.who = p.who AND b.subject = p.subject AND b.is_act = 0
    AND p.befores - p.number >= p.lack AND b.befores = p.number + p.lack
), matched AS (
  SELECT a.rule, a.who, a.subject, a.unit, a.day, a.at, a.event, a.root, a.certain, t.befores, p.last_at,
    CASE WHEN NOT t.rule IS NULL THEN t.served_by WHEN p.first.at <= a.at THEN p.first.event END AS served_by
  FROM found AS a
  LEFT JOIN firsts AS p ON p.rule = a.rule AND p.who = a.who AND p.subject = a.subject
  LEFT JOIN turns AS t ON t.rule = a.rule AND t.event = a.event
), tardy AS (
  SELECT m.rule, m.event, MIN(STRUCT_PACK(at := b.at, event := b.event)) AS late
  FROM matched AS m
  JOIN befores AS b ON b.rule = m.rule AND b.who = m.who AND b.subject = m.subject AND b.at > m.at
  WHERE m.served_by IS NULL AND m.last_at > m.at
  GROUP BY m.rule, m.event
), judged AS (
  SELECT m.rule, m.unit, m.root, m.subject, m.day, m.event, m.served_by, t.late,
    CASE WHEN NOT m.served_by IS NULL THEN 'met' WHEN m.certain = 0 THEN 'unassessed' ELSE 'violated' END AS status,
    CASE WHEN NOT m.served_by IS NULL THEN 'precede.met' WHEN m.certain = 0 THEN 'precede.unassessed'
      WHEN m.befores >= 1 THEN 'precede.used' ELSE 'precede.violated' END AS outcome
  FROM matched AS m
  JOIN owed AS o ON o.rule = m.rule AND o.unit = m.unit
  JOIN rules_precede AS r ON r.rule = m.rule AND m.day BETWEEN r.start AND r.stop
  LEFT JOIN tardy AS t ON t.rule = m.rule AND t.event = m.event
)
SELECT rule, unit, root AS key, subject, day AS opened_on, day AS due_on,
  CASE WHEN status = 'met' THEN day END AS met_on, status, CAST(1 AS DOUBLE) AS required,
  CAST(CASE WHEN served_by IS NULL THEN 0 ELSE 1 END AS DOUBLE) AS measured,
  CASE WHEN served_by IS NULL THEN [event] ELSE [event, served_by] END AS evidence,
  event AS trigger, outcome, CAST(NULL AS TEXT) AS detail,
  CONCAT_WS(' ', CAST(CAST(late.at AS DATE) AS TEXT), late.event) AS behind
FROM judged
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'precede.none', NULL,
  NULL
FROM owed AS o
JOIN rules_precede AS r ON r.rule = o.rule
LEFT JOIN found AS a ON a.rule = o.rule AND a.unit = o.unit AND a.day BETWEEN r.start AND r.stop
WHERE a.rule IS NULL
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the act, and what must come before it."""
        return (("act", self.act), ("before", self.before))

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what comes before."""
        return ("before",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return what comes before each act."""
        return (First(self.act, self.before, self.one_to_one),)

    def cells(self) -> dict[str, Cell]:
        """Return how acts are matched."""
        return {
            "one_to_one": self.one_to_one,
            "same_day": self.same_day == "counts",
            "anyone": self.by == "any_unit",
        }
