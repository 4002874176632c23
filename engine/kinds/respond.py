"""`respond`: every A is followed by B on the same subject within a duration."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from engine.kinds.base import By, Cell, DurationText, KindRule
from engine.kinds.clock.model import PARTS, Clock, check_working_days
from engine.kinds.clock.sql import CLOCK_STEPS, NO_CLOCKS
from engine.kinds.coverage import COVERAGE
from engine.time.durations import parse_duration
from events.problems import Text
from rules.model import AttributeUse, Bilingual, Selector

if TYPE_CHECKING:
    from collections.abc import Sequence


class RespondRule(KindRule):
    """Every trigger is answered on the same subject within a duration, with the stated elements.

    A `clock` moves the end of a limit in working days: see `engine.kinds.clock.model`. `silence` says what
    the clause makes of no answer.

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
    clock: Clock | None = None
    silence: Bilingual | None = None

    summary: ClassVar[str] = "every A is followed by B on the same subject within a duration"
    value_at_end: ClassVar = False
    columns: ClassVar = {
        "amount": "INT",
        "measure": "TEXT",
        "anyone": "BOOLEAN",
        "within": "TEXT",
        "clocked": "BOOLEAN",
        "most": "INT",
    }
    parts: ClassVar = {"clock_parts": PARTS}
    steps: ClassVar = CLOCK_STEPS
    more: ClassVar = ("since", "rest")
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
        "respond.standing": Text(
            "{opened_on}触发，期限自{since}起停止计算，还剩{rest}个工作日，尚无完成的记录。",
            "Opened on {opened_on}; the clock has stood since {since} with {rest} working days left; nothing recorded.",
        ),
        "respond.standing-part": Text(
            "{opened_on}触发，期限自{since}起停止计算，还剩{rest}个工作日，还缺：{detail}。",
            "Opened on {opened_on}; the clock has stood since {since} with {rest} working days left;"
            " missing: {detail}.",
        ),
        "respond.met-standing": Text(
            "{opened_on}触发，期限自{since}起停止计算，{met_on}完成。",
            "Opened on {opened_on}; the clock has stood since {since}; done on {met_on}.",
        ),
        "respond.lapsed": Text(
            "{opened_on}触发，期限自{since}起停止计算，所等的事项逾期没有办理，视为放弃，不再要求完成。",
            "Opened on {opened_on}; the clock has stood since {since}; what it waits for was not done in time and is"
            " taken as abandoned, so that nothing is owed any more.",
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
      ELSE CAST(t.day AS TIMESTAMP) + (t.amount + 1) * INTERVAL '1' DAY - INTERVAL '1' MICROSECOND END AS plain_at
  FROM triggered AS t
  JOIN calendar AS c ON c.day = t.day
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + t.amount AND t.measure = 'working days'
), opened AS (
  SELECT t.*, t.day AS opened_on, t.at AS from_at,
    CASE WHEN k.trigger IS NULL THEN CAST(t.plain_at AS DATE) ELSE k.due_on END AS due_on,
    COALESCE(k.limit_at, t.plain_at) AS limit_at, COALESCE(k.last_at, t.plain_at) AS last_at
  FROM limited AS t
  LEFT JOIN clock_limits AS k ON k.rule = t.rule AND k.trigger = t.trigger
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
SELECT v.rule, v.unit, v.key, v.subject, v.opened_on, v.due_on, v.met_on,
  CASE WHEN k.lapsed AND v.status = 'pending' THEN 'not_applicable' ELSE v.status END AS status,
  v.required, v.measured,
  CASE WHEN k.events IS NULL THEN ARRAY_APPEND(v.acts, v.trigger)
    WHEN v.acts IS NULL THEN ARRAY_APPEND(k.events, v.trigger)
    ELSE ARRAY_APPEND(LIST_CONCAT(v.acts, k.events), v.trigger) END AS evidence,
  v.trigger,
  CASE WHEN k.since IS NULL OR NOT v.status IN ('pending', 'met') THEN CONCAT('respond.', v.outcome)
    WHEN v.status = 'met' THEN 'respond.met-standing' WHEN k.lapsed THEN 'respond.lapsed'
    ELSE REPLACE(CONCAT('respond.', v.outcome), 'pending', 'standing') END AS outcome,
  v.detail, k.since, k.rest
FROM verdicts AS v
LEFT JOIN clock_limits AS k ON k.rule = v.rule AND k.trigger = v.trigger
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'respond.none', NULL,
  NULL, NULL
FROM owed AS o
JOIN rules_respond AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @model_validator(mode="after")
    def _clock_counts_working_days(self) -> RespondRule:
        """Refuse a clock over a limit that is not in working days."""
        if self.clock is not None:
            check_working_days(self.within)
        return self

    @classmethod
    def steps_for(cls, rules: Sequence[KindRule]) -> tuple[tuple[str, str], ...]:
        """Return the steps of the clocks where a rule has one."""
        return cls.steps if any(isinstance(rule, cls) and rule.clock is not None for rule in rules) else NO_CLOCKS

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens an obligation and what answers it, and what its clock looks at."""
        clock = self.clock.selectors() if self.clock is not None else ()
        return (("trigger", self.trigger), ("response", self.response), *clock)

    def attributes(self) -> tuple[AttributeUse, ...]:
        """Return the attributes that the clock reads."""
        return tuple(self.clock.attributes()) if self.clock is not None else ()

    def cells(self) -> dict[str, Cell]:
        """Return the duration, who may answer, and by how much the clock may be extended."""
        within = parse_duration(self.within)
        extended = self.clock.extended if self.clock is not None else None
        return {
            "amount": within.amount,
            "measure": within.unit,
            "anyone": self.by == "any_unit",
            "within": self.within,
            "clocked": self.clock is not None,
            "most": extended.at_most if extended is not None else 0,
        }

    def part_rows(self) -> dict[str, list[dict[str, Cell]]]:
        """Return what each role's events do to the clock."""
        return {"clock_parts": list(self.clock.parts()) if self.clock is not None else []}

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that the answers must cover."""
        return self.covers
