"""`respond`: every A is followed by B on the same subject within a duration."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.durations import parse_duration
from engine.kinds.base import By, Cell, DurationText, KindRule
from engine.kinds.timed import COVERAGE
from events.problems import Text
from rules.model import Selector


class RespondRule(KindRule):
    """Every trigger is answered on the same subject within a duration, with the stated elements.

    Example:
        kind: respond
        trigger: {event: decision.issued, where: {consulted: true}}
        response: {event: consultation.feedback_published, elements_in: covers}
        within: 3 working days
        covers: [collected, adopted, reasons]
    """

    kind: Literal["respond"]
    trigger: Selector
    response: Selector
    within: DurationText
    covers: tuple[str, ...] = ()
    by: By = "same_unit"

    summary: ClassVar[str] = "every A is followed by B on the same subject within a duration"
    value_at_end: ClassVar = False
    columns: ClassVar = {"amount": "INT", "measure": "TEXT", "anyone": "BOOLEAN", "within": "TEXT"}
    messages: ClassVar = {
        "respond.met": Text(
            "{opened_on}触发，期限{due_on}，{met_on}完成。",
            "Opened on {opened_on}, due {due_on}, done on {met_on}.",
        ),
        "respond.late": Text(
            "{opened_on}触发，期限{due_on}，{met_on}才完成，逾期{overdue}个工作日。",
            "Opened on {opened_on}, due {due_on}, done only on {met_on}, {overdue} working days late.",
        ),
        "respond.violated": Text(
            "{opened_on}触发，期限{due_on}已过，截至{as_of}没有完成的记录，逾期{overdue}个工作日。",
            "Opened on {opened_on}, due {due_on}; nothing recorded as of {as_of}, {overdue} working days over.",
        ),
        "respond.violated-part": Text(
            "{opened_on}触发，期限{due_on}已过，内容不全，缺：{detail}。",
            "Opened on {opened_on}, due {due_on}; incomplete, missing: {detail}.",
        ),
        "respond.pending": Text(
            "{opened_on}触发，期限{due_on}未过，尚无完成的记录。",
            "Opened on {opened_on}, due {due_on}, not over yet; nothing recorded.",
        ),
        "respond.pending-part": Text(
            "{opened_on}触发，期限{due_on}未过，还缺：{detail}。",
            "Opened on {opened_on}, due {due_on}, not over yet; still missing: {detail}.",
        ),
        "respond.unassessed": Text(
            "{opened_on}的登记缺少判断所需的信息，期限{due_on}，须人工核定。",
            "The records since {opened_on} lack the attribute that decides; due {due_on}; a person must assess it.",
        ),
        "respond.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    statement: ClassVar[str] = f"""
WITH triggered AS (
  SELECT r.rule, o.unit, f.root AS key, f.subject, f.subject AS matter, f.day, f.at, f.timed, f.event AS trigger,
    f.certain, f.county, r.amount, r.measure, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who
  FROM rules_respond AS r
  JOIN owed AS o ON o.rule = r.rule
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'trigger'
  JOIN facts AS f ON f.sel = s.sel AND f.unit = o.unit AND f.day BETWEEN r.start AND r.stop
), limited AS (
  SELECT t.*, CASE t.measure
      WHEN 'hours' THEN CASE WHEN t.timed THEN t.at + t.amount * INTERVAL '1' HOUR
        ELSE CAST(t.day AS TIMESTAMP) + (t.amount + 24) * INTERVAL '1' HOUR - INTERVAL '1' MICROSECOND END
      WHEN 'working days' THEN CAST(CASE WHEN t.amount = 0 THEN t.day ELSE w.day END AS TIMESTAMP)
        + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
      WHEN 'months' THEN CAST(t.day AS TIMESTAMP) + t.amount * INTERVAL '1' MONTH + INTERVAL '1' DAY
        - INTERVAL '1' MICROSECOND
      ELSE CAST(t.day AS TIMESTAMP) + (t.amount + 1) * INTERVAL '1' DAY - INTERVAL '1' MICROSECOND END AS limit_at
  FROM triggered AS t
  JOIN calendar AS c ON c.day = t.day
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + t.amount AND t.measure = 'working days'
), opened AS (
  SELECT *, day AS opened_on, at AS from_at, CAST(limit_at AS DATE) AS due_on FROM limited
), answers AS (
  SELECT r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who, f.subject AS matter,
    f.at, f.latest, f.event, f.certain, n.element
  FROM rules_respond AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'response'
  JOIN facts AS f ON f.sel = s.sel
  JOIN needed AS n ON n.rule = r.rule
  LEFT JOIN fact_elements AS e ON e.sel = f.sel AND e.event = f.event AND e.element = n.element
  WHERE n.element = '' OR NOT e.element IS NULL
), {COVERAGE}
SELECT rule, unit, key, subject, opened_on, due_on, met_on, status, required, measured,
  ARRAY_APPEND(acts, trigger) AS evidence, trigger, CONCAT('respond.', outcome) AS outcome, detail
FROM verdicts
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'respond.none', NULL
FROM owed AS o
JOIN rules_respond AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens an obligation and what answers it."""
        return (("trigger", self.trigger), ("response", self.response))

    def cells(self) -> dict[str, Cell]:
        """Return the duration, and who may answer."""
        within = parse_duration(self.within)
        return {
            "amount": within.amount,
            "measure": within.unit,
            "anyone": self.by == "any_unit",
            "within": self.within,
        }

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that the answers must cover."""
        return self.covers
