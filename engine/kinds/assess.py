"""`assess`: an evaluator's recorded judgement with evidence reaches a mark."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import model_validator

from engine.kinds.base import Cell, Recurring
from events.problems import Text
from rules.deeds import Deed, Judgement
from rules.facets import Facets
from rules.model import Bilingual, Condition, Selector


class AssessRule(Recurring):
    """A person judges; the last judgement recorded for the clause counts.

    Only that of an evaluator who is, or belongs to, a unit that evaluates and is not the one judged settles anything.
    Without a judgement the obligation is unassessed. A fail before the due date leaves it open: it can be put right.

    Example:
        kind: assess
        by: 2023-12-31
        look_for: {zh: 解读材料是否拆分要点、说明背景和依据}
    """

    kind: Literal["assess"]
    by: date
    look_for: Bilingual
    judged: Selector = Selector(event="assessment.recorded")

    summary: ClassVar[str] = "an evaluator's recorded judgement with evidence reaches a mark"
    facets: ClassVar[Facets] = Facets(by_person=True, by_matter=False)
    columns: ClassVar = {"by": "DATE"}
    messages: ClassVar = {
        "assess.met": Text("{met_on}评定为合格。", "Assessed as a pass on {met_on}."),
        "assess.violated": Text("{detail}评定为不合格。", "Assessed as a fail on {detail}."),
        "assess.pending": Text(
            "{detail}评定为不合格，{due_on}前可以整改。", "Assessed as a fail on {detail}; open until {due_on}."
        ),
        "assess.unassessed": Text(
            "须由评估人员评定，尚无评定记录。", "A person must assess it; no judgement is recorded."
        ),
        "assess.nobody": Text(
            "须由评估单位的人员评定；已有的评定没有写明评估单位，或者是本单位自己的，不作数。",
            "An evaluator must assess it; what is recorded names no evaluating unit, or is the unit's own, and settles"
            " nothing.",
        ),
    }
    statement: ClassVar[str] = """
WITH marks AS (
  SELECT r.rule, f.unit, f.day, f.event, s.role, q.trusting OR NOT j.judge IS NULL AS counts,
    ROW_NUMBER() OVER (PARTITION BY r.rule, f.unit, q.trusting OR NOT j.judge IS NULL
      ORDER BY f.at DESC, f.event DESC) AS place
  FROM rules_assess AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role IN ('passed', 'failed')
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.day >= r.start AND (r.slot IS NULL OR f.day <= r.stop)
  CROSS JOIN asked AS q
  LEFT JOIN (SELECT event, county, unit, "data.evaluator" AS name FROM standing WHERE NOT "data.evaluator" IS NULL)
    AS e ON e.event = f.event
  LEFT JOIN judges AS j ON j.county = e.county AND j.evaluator = e.name AND j.judge <> e.unit
), judged AS (
  SELECT r.rule, r.slot, o.unit, r.start, r.by, k.day, k.event, w.event AS settles_nothing, CASE
      WHEN k.role = 'passed' THEN 'met' WHEN k.role IS NULL THEN 'unassessed'
      WHEN m.moment < CAST(r.by AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND THEN 'pending'
      ELSE 'violated' END AS status
  FROM rules_assess AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN marks AS k ON k.rule = r.rule AND k.unit = o.unit AND k.place = 1 AND k.counts
  LEFT JOIN marks AS w ON w.rule = r.rule AND w.unit = o.unit AND w.place = 1 AND NOT w.counts
)
SELECT rule, unit, COALESCE(slot, CAST("by" AS TEXT)) AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on,
  "by" AS due_on,
  CASE WHEN status = 'met' THEN day END AS met_on, status, CAST(1 AS DOUBLE) AS required,
  CAST(CASE WHEN status = 'met' THEN 1 WHEN NOT event IS NULL THEN 0 END AS DOUBLE) AS measured,
  CASE WHEN NOT event IS NULL THEN [event] END AS evidence, CAST(NULL AS TEXT) AS trigger,
  CONCAT('assess.', CASE WHEN event IS NULL AND NOT settles_nothing IS NULL THEN 'nobody' ELSE status END)
    AS outcome, CAST(day AS TEXT) AS detail
FROM judged
"""

    @model_validator(mode="before")
    @classmethod
    def _no_own_result(cls, value: object) -> object:
        """Refuse a selector that fixes the result or the clause: the rule does that itself."""
        judged = value.get("judged") if isinstance(value, dict) else None
        if isinstance(judged, dict) and "where" in judged:
            msg = "judged names an event type only; the clause and the result are the rule's own"
            raise ValueError(msg)
        return value

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return judgements of this clause or rule, by result."""
        about = Condition(one_of=(self.clause, self.id))
        return tuple(
            (role, Selector(event=self.judged.event, where=({"clause": about, "result": Condition(equals=result)},)))
            for role, result in (("passed", "pass"), ("failed", "fail"))
        )

    def starts_with_acts(self) -> bool:
        """Say that the calendar sets it."""
        return False

    def deeds(self) -> tuple[Deed, ...]:
        """Return the judgement."""
        return (Judgement(self.judged, self.by),)

    def cells(self) -> dict[str, Cell]:
        """Return the date."""
        return {"by": self.by}
