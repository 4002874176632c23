"""`respond`: every A is followed by B on the same subject within a duration."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from engine.kinds.base import By, Cell, DurationText, KindRule, Scope
from engine.kinds.clock.model import PARTS, Clock, check_working_days
from engine.kinds.clock.sql import CLOCK_STEPS, NO_CLOCKS
from engine.kinds.shared.coverage import COVERAGE
from engine.kinds.shared.heirs import is_copy
from engine.time.durations import parse_duration
from events.problems import Text
from rules.deeds import Deed, Reply
from rules.facets import Facets
from rules.model import AttributeUse, Bilingual, Selector, Word

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
    also_by: tuple[Selector, ...] = Field(default=(), description="other records that prove the same as the response")
    within: DurationText
    covers: tuple[str, ...] = ()
    by: By = "same_unit"
    helped_by: tuple[Word, ...] = Field(default=(), description="units whose responses count besides the unit's own")
    scope: Scope = Field(default="unit", description="`county`: triggers of any unit of the county are owed")
    same_day: Literal["after", "any_time"] = Field(
        default="after", description="`any_time`: a response earlier on the day of the trigger counts"
    )
    one_to_one: bool = Field(default=False, description="each response serves one trigger, in the order of time")
    clock: Clock | None = None
    silence: Bilingual | None = None

    summary: ClassVar[str] = "every A is followed by B on the same subject within a duration"
    facets: ClassVar[Facets] = Facets(
        settled_by=("response",),
        mendable=True,
        paired=("trigger", "response"),
        answered=("trigger", "response"),
        limited=True,
    )
    value_at_end: ClassVar = False
    columns: ClassVar = {
        "amount": "INT",
        "measure": "TEXT",
        "anyone": "BOOLEAN",
        "within": "TEXT",
        "clocked": "BOOLEAN",
        "most": "INT",
        "county_wide": "BOOLEAN",
        "any_time": "BOOLEAN",
        "single": "BOOLEAN",
    }
    parts: ClassVar = {"clock_parts": PARTS}
    steps: ClassVar = CLOCK_STEPS
    more: ClassVar = ("since", "rest", "limit_at", "done_at", "early")
    messages: ClassVar = {
        "respond.met": Text(
            "{opened_on}触发，期限{limit}，{done}完成。",
            "Opened on {opened_on}, due {limit}, done on {done}.",
        ),
        "respond.late": Text(
            "{opened_on}触发，期限{limit}，{done}才完成，逾期{over}。",
            "Opened on {opened_on}, due {limit}, done only on {done}, {over} late.",
        ),
        "respond.violated": Text(
            "{opened_on}触发，期限{limit}已过，截至{as_of}没有完成的记录，逾期{over}。",
            "Opened on {opened_on}, due {limit}; nothing recorded as of {as_of}, {over} over.",
        ),
        "respond.violated-part": Text(
            "{opened_on}触发，期限{limit}已过，内容不全，缺：{detail}。",
            "Opened on {opened_on}, due {limit}; incomplete, missing: {detail}.",
        ),
        "respond.pending": Text(
            "{opened_on}触发，期限{limit}未过，尚无完成的记录。",
            "Opened on {opened_on}, due {limit}, not over yet; nothing recorded.",
        ),
        "respond.pending-part": Text(
            "{opened_on}触发，期限{limit}未过，还缺：{detail}。",
            "Opened on {opened_on}, due {limit}, not over yet; still missing: {detail}.",
        ),
        "respond.unassessed": Text(
            "{opened_on}的登记缺少判断所需的信息，期限{limit}，须人工核定。",
            "The records since {opened_on} lack the attribute that decides; due {limit}; a person must assess it.",
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
        "respond.undated": Text(
            "{opened_on}触发，期限自{since}起停止计算，但没有登记等到哪一天为止，须人工核定。",
            "Opened on {opened_on}; the clock has stood since {since}, and until when is not recorded; a person must"
            " assess it.",
        ),
        "respond.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    statement: ClassVar[str] = f"""
WITH bound AS (
  SELECT r.rule, o.unit, CASE WHEN r.county_wide THEN o.county ELSE o.unit END AS whose
  FROM rules_respond AS r
  JOIN owed AS o ON o.rule = r.rule
), acted AS (
  SELECT r.rule, f.root AS key, f.subject, f.subject AS matter, f.day, f.at, f.timed, f.event AS trigger,
    f.certain, f.county, r.amount, r.measure, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who,
    r.any_time, r.single, CASE WHEN r.county_wide THEN f.county ELSE f.unit END AS whose
  FROM rules_respond AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'trigger'
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop
    AND NOT (r.county_wide AND {is_copy("f.event")})
), triggered AS (
  SELECT a.*, b.unit FROM acted AS a JOIN bound AS b ON b.rule = a.rule AND b.whose = a.whose
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
), numbered AS (
  SELECT rule, unit, who, subject, trigger, "at",
    ROW_NUMBER() OVER (PARTITION BY rule, unit, subject ORDER BY "at", trigger) AS turn
  FROM triggered WHERE single
), replies AS (
  SELECT r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who, f.subject, f.event, f.latest,
    ROW_NUMBER() OVER (PARTITION BY r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END, f.subject
      ORDER BY f.latest, f.event) AS place
  FROM rules_respond AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'response'
  JOIN facts AS f ON f.sel = s.sel
  WHERE r.single AND NOT (r.anyone AND {is_copy("f.event")})
), earliest AS (
  SELECT n.rule, n.unit, n.subject, n.trigger, n.turn, COALESCE(MIN(b.place), 1000000000) AS place
  FROM numbered AS n
  LEFT JOIN replies AS b ON b.rule = n.rule AND b.who = n.who AND b.subject = n.subject AND b.latest >= n.at
  GROUP BY n.rule, n.unit, n.subject, n.trigger, n.turn
), turns AS (
  SELECT rule, trigger, turn + MAX(place - turn) OVER (
    PARTITION BY rule, unit, subject ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS place
  FROM earliest
), opened AS (
  SELECT t.rule, t.unit, t.key, t.subject, CASE WHEN t.single THEN CONCAT(t.subject, '#', n.place) ELSE t.subject END
      AS matter, t.day, t.at, t.timed, t.trigger, t.certain, t.county, t.who, t.day AS opened_on,
    CASE WHEN t.any_time THEN CAST(t.day AS TIMESTAMP) ELSE t.at END AS from_at,
    CASE WHEN k.trigger IS NULL THEN CAST(t.plain_at AS DATE) ELSE k.due_on END AS due_on,
    COALESCE(k.limit_at, t.plain_at) AS limit_at, COALESCE(k.last_at, t.plain_at) AS last_at
  FROM limited AS t
  LEFT JOIN clock_limits AS k ON k.rule = t.rule AND k.trigger = t.trigger
  LEFT JOIN turns AS n ON n.rule = t.rule AND n.trigger = t.trigger
), responses AS (
  SELECT r.rule, CASE WHEN r.anyone THEN f.county ELSE f.unit END AS who,
    CASE WHEN r.single THEN CONCAT(f.subject, '#', b.place) ELSE f.subject END AS matter,
    f.elements, f.at, f.latest, f.event, f.certain
  FROM rules_respond AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'response'
  JOIN facts AS f ON f.sel = s.sel
  LEFT JOIN replies AS b ON b.rule = r.rule AND b.event = f.event AND r.single
  UNION ALL
  SELECT a.rule, a.who, a.matter, f.elements, f.at, f.latest, f.event, f.certain
  FROM opened AS a
  JOIN helpers AS h ON h.rule = a.rule AND h.county = a.county
  JOIN rule_selectors AS s ON s.rule = a.rule AND s.role = 'response'
  JOIN facts AS f ON f.sel = s.sel AND f.unit = h.unit AND f.subject = a.subject AND f.unit <> a.unit
), answers AS (
  SELECT f.rule, f.who, f.matter, f.at, f.latest, f.event, f.certain, n.element
  FROM responses AS f
  JOIN needed AS n ON n.rule = f.rule
  WHERE (n.element = '' OR LIST_CONTAINS(f.elements, n.element))
    AND EXISTS (SELECT 1 FROM opened AS a WHERE a.rule = f.rule AND a.who = f.who AND a.matter = f.matter)
), {COVERAGE}, near AS (
  SELECT v.rule, v.unit, v.key, MAX(STRUCT_PACK(at := f.at, event := f.event)) AS early
  FROM verdicts AS v
  JOIN opened AS a ON a.rule = v.rule AND a.unit = v.unit AND a.key = v.key
  JOIN rules_respond AS r ON r.rule = v.rule
  JOIN rule_selectors AS s ON s.rule = v.rule AND s.role = 'response'
  JOIN facts AS f ON f.sel = s.sel AND f.subject = a.subject AND f.county = a.county AND f.certain = 1
    AND (r.anyone OR f.unit = a.who) AND f.latest < a.from_at
  WHERE v.status IN ('violated', 'pending')
  GROUP BY v.rule, v.unit, v.key
)
SELECT v.rule, v.unit, v.key, v.subject, v.opened_on, v.due_on, v.met_on,
  CASE WHEN k.lapsed AND v.status = 'pending' THEN 'not_applicable'
    WHEN k.undated AND v.status = 'pending' THEN 'unassessed' ELSE v.status END AS status,
  v.required, v.measured,
  CASE WHEN k.events IS NULL THEN ARRAY_APPEND(v.acts, v.trigger)
    WHEN v.acts IS NULL THEN ARRAY_APPEND(k.events, v.trigger)
    ELSE ARRAY_APPEND(LIST_CONCAT(v.acts, k.events), v.trigger) END AS evidence,
  v.trigger,
  CASE WHEN k.since IS NULL OR NOT v.status IN ('pending', 'met') THEN CONCAT('respond.', v.outcome)
    WHEN v.status = 'met' THEN 'respond.met-standing' WHEN k.lapsed THEN 'respond.lapsed'
    WHEN k.undated THEN 'respond.undated'
    ELSE REPLACE(CONCAT('respond.', v.outcome), 'pending', 'standing') END AS outcome,
  v.detail, k.since, k.rest, CASE WHEN r.measure = 'hours' THEN v.limit_at END AS limit_at, v.done_at,
  CONCAT_WS(' ', CASE WHEN b.early.at > CAST(v.opened_on AS TIMESTAMP) THEN STRFTIME(b.early.at, '%Y-%m-%d %H:%M')
    ELSE CAST(CAST(b.early.at AS DATE) AS TEXT) END, b.early.event) AS early
FROM verdicts AS v
JOIN rules_respond AS r ON r.rule = v.rule
LEFT JOIN near AS b ON b.rule = v.rule AND b.unit = v.unit AND b.key = v.key
LEFT JOIN clock_limits AS k ON k.rule = v.rule AND k.trigger = v.trigger
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'respond.none', NULL,
  NULL, NULL, NULL, NULL, NULL
FROM owed AS o
JOIN rules_respond AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @model_validator(mode="after")
    def _clock_counts_working_days(self) -> RespondRule:
        """Refuse a clock over a limit that is not in working days, and what a clock or a one-to-one rule lacks."""
        if self.clock is not None:
            check_working_days(self.within)
        if self.clock is not None and self.scope == "county":
            msg = "a clock runs for one unit: leave out scope: county"
            raise ValueError(msg)
        if self.one_to_one and (self.covers or self.helped_by):
            msg = "one_to_one goes with neither covers nor helped_by"
            raise ValueError(msg)
        if self.helped_by and (self.by == "any_unit" or self.scope == "county"):
            msg = "helped_by goes with by: same_unit and scope: unit"
            raise ValueError(msg)
        return self

    @field_validator("also_by", "helped_by", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        """Read one selector or unit given without a list."""
        return [value] if isinstance(value, dict | str) else value

    @classmethod
    def steps_for(cls, rules: Sequence[KindRule]) -> tuple[tuple[str, str], ...]:
        """Return the steps of the clocks where a rule has one."""
        return cls.steps if any(isinstance(rule, cls) and rule.clock is not None for rule in rules) else NO_CLOCKS

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens an obligation and what answers it, and what its clock looks at."""
        clock = self.clock.selectors() if self.clock is not None else ()
        responses = (("response", one) for one in (self.response, *self.also_by))
        return (("trigger", self.trigger), *responses, *clock)

    def attributes(self) -> tuple[AttributeUse, ...]:
        """Return the attributes that the clock reads."""
        return tuple(self.clock.attributes()) if self.clock is not None else ()

    def lacking(self) -> tuple[str, ...]:
        """Return the role of the response."""
        return ("response",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return the answer to each trigger."""
        return (Reply(self.trigger, self.response, self.within, self.covers, self.by == "any_unit"),)

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
            "county_wide": self.scope == "county",
            "any_time": self.same_day == "any_time",
            "single": self.one_to_one,
        }

    def helpers(self) -> tuple[str, ...]:
        """Return the units whose responses count besides the unit's own."""
        return self.helped_by

    def part_rows(self) -> dict[str, list[dict[str, Cell]]]:
        """Return what each role's events do to the clock."""
        return {"clock_parts": list(self.clock.parts()) if self.clock is not None else []}

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that the answers must cover."""
        return self.covers
