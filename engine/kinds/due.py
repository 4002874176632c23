"""`due`: B exists by a date, with stated elements."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from engine.kinds.base import Cell, DurationText, Recurring, Scope, whole_days
from engine.kinds.shared.coverage import COVERAGE
from engine.kinds.shared.limits import limit_cells, own_limit
from events.problems import Text
from rules.deeds import ByDay, Deed
from rules.facets import Facets
from rules.model import Selector


class DueRule(Recurring):
    """Something exists by a date, with the stated elements.

    With `applies_if`, only units with such an event in the period owe it. What lies before the period does not count.
    Where the first such act has a limit of its own (`within`) that ends after the date, that limit decides.

    Example:
        kind: due
        expected: {event: work_plan.issued, elements_in: elements}
        by: 2023-12-31
        covers: [responsible, deadlines]
    """

    kind: Literal["due"]
    expected: Selector
    by: date
    covers: tuple[str, ...] = ()
    applies_if: tuple[Selector, ...] = ()
    within: DurationText | None = Field(
        default=None, description="the limit of the act of `applies_if`, which decides where it ends after the date"
    )
    scope: Scope = "unit"
    in_force_until: Selector | None = Field(
        default=None, description="what ends it: with this, what was there before the period and has not ended counts"
    )
    after: Selector | None = Field(
        default=None,
        description="what comes first: where one is on the same subject, or any at all, only what follows it counts",
    )

    summary: ClassVar[str] = "B exists by a date, with stated elements"
    facets: ClassVar[Facets] = Facets(settled_by=("expected",), mendable=True, by_matter=False)
    columns: ClassVar = {
        "by": "DATE",
        "county_wide": "BOOLEAN",
        "conditional": "BOOLEAN",
        "follows": "BOOLEAN",
        "lasting": "BOOLEAN",
        "amount": "INT",
        "measure": "TEXT",
    }
    more: ClassVar = ("ahead",)
    messages: ClassVar = {
        "due.met": Text("应于{due_on}前完成，{met_on}完成。", "Due by {due_on}, done on {met_on}."),
        "due.late": Text(
            "应于{due_on}前完成，{met_on}才完成，逾期{overdue}个工作日。",
            "Due by {due_on}, done only on {met_on}, {overdue} working days late.",
        ),
        "due.violated": Text(
            "应于{due_on}前完成，截至{as_of}没有完成的记录。",
            "Due by {due_on}; nothing recorded as of {as_of}.",
        ),
        "due.violated-part": Text(
            "应于{due_on}前完成，内容不全，缺：{detail}。",
            "Due by {due_on}; incomplete, missing: {detail}.",
        ),
        "due.pending": Text("应于{due_on}前完成，尚无完成的记录。", "Due by {due_on}; nothing recorded yet."),
        "due.pending-part": Text("应于{due_on}前完成，还缺：{detail}。", "Due by {due_on}; still missing: {detail}."),
        "due.unassessed": Text(
            "应于{due_on}前完成；登记缺少判断所需的信息，须人工核定。",
            "Due by {due_on}; the records lack the attribute that decides; a person must assess it.",
        ),
        "due.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    statement: ClassVar[str] = f"""
WITH applying AS (
  SELECT r.rule, f.unit, MAX(f.certain) AS certain, MIN(f.day) AS first_day,
    MIN(CASE WHEN f.certain = 1 THEN f.day END) AS sure_day
  FROM rules_due AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'applies_if'
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop
  GROUP BY r.rule, f.unit
), aged AS (
  SELECT a.rule, a.unit, a.certain, {own_limit("a.first_day", "w.day")} AS due_on,
    {own_limit("COALESCE(a.sure_day, a.first_day)", "z.day")} AS last_on
  FROM applying AS a
  JOIN rules_due AS r ON r.rule = a.rule
  LEFT JOIN calendar AS c ON c.day = a.first_day
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + r.amount AND r.measure = 'working days'
  LEFT JOIN calendar AS y ON y.day = COALESCE(a.sure_day, a.first_day)
  LEFT JOIN calendar AS z ON z.working AND z.ordinal = y.ordinal + r.amount AND r.measure = 'working days'
), opened AS (
  SELECT r.rule, o.unit, COALESCE(r.slot, CAST(r.by AS TEXT)) AS key, CAST(NULL AS TEXT) AS subject, '' AS matter,
    r.start AS opened_on, CAST(r.start AS TIMESTAMP) AS from_at, GREATEST(r.by, COALESCE(a.due_on, r.by)) AS due_on,
    CAST(GREATEST(r.by, COALESCE(a.due_on, r.by)) AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
      AS limit_at,
    CAST(GREATEST(r.by, COALESCE(a.last_on, r.by)) AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
      AS last_at,
    CAST(NULL AS TEXT) AS trigger, COALESCE(a.certain, 1) AS certain,
    CASE WHEN r.county_wide THEN o.county ELSE o.unit END AS who
  FROM rules_due AS r
  JOIN owed AS o ON o.rule = r.rule
  LEFT JOIN aged AS a ON a.rule = r.rule AND a.unit = o.unit
  WHERE NOT r.conditional OR NOT a.rule IS NULL
), early AS (
  SELECT r.rule, f.event, MAX(CASE WHEN r.county_wide THEN f.county ELSE f.unit END) AS who, MAX(f.at) AS "at"
  FROM rules_due AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'expected'
  JOIN facts AS f ON f.sel = s.sel AND f.day >= r.start AND (r.slot IS NULL OR f.day <= r.stop)
  JOIN rule_selectors AS z ON z.rule = r.rule AND z.role = 'after'
  JOIN facts AS x ON x.sel = z.sel AND x.unit = f.unit
  WHERE r.follows
  GROUP BY r.rule, f.event
  HAVING COALESCE(MIN(CASE WHEN x.subject = f.subject THEN x.at END), MIN(x.at)) > MAX(f.latest)
), ended AS (
  SELECT DISTINCT r.rule, f.event
  FROM rules_due AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'expected'
  JOIN facts AS f ON f.sel = s.sel AND f.day < r.start
  JOIN rule_selectors AS z ON z.rule = r.rule AND z.role = 'ends'
  JOIN facts AS x ON x.sel = z.sel AND x.unit = f.unit AND x.subject = f.subject AND x.day >= f.day
  WHERE r.lasting
), answers AS (
  SELECT r.rule, CASE WHEN r.county_wide THEN f.county ELSE f.unit END AS who, '' AS matter,
    CASE WHEN f.day < r.start THEN CAST(r.start AS TIMESTAMP) ELSE f.at END AS at,
    CASE WHEN f.day < r.start THEN CAST(r.start AS TIMESTAMP) ELSE f.latest END AS latest, f.event, f.certain, n.element
  FROM rules_due AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'expected'
  JOIN facts AS f ON f.sel = s.sel AND (f.day >= r.start OR r.lasting) AND (r.slot IS NULL OR f.day <= r.stop)
  JOIN needed AS n ON n.rule = r.rule
  LEFT JOIN early AS y ON y.rule = r.rule AND y.event = f.event
  LEFT JOIN ended AS d ON d.rule = r.rule AND d.event = f.event
  WHERE d.rule IS NULL AND (n.element = '' OR LIST_CONTAINS(f.elements, n.element)) AND y.rule IS NULL
), {COVERAGE}, ahead AS (
  SELECT a.rule, a.unit, a.key, MAX(STRUCT_PACK(at := y.at, event := y.event)) AS act
  FROM opened AS a
  JOIN early AS y ON y.rule = a.rule AND y.who = a.who
  GROUP BY a.rule, a.unit, a.key
)
SELECT v.rule, v.unit, v.key, v.subject, v.opened_on, v.due_on, v.met_on, v.status, v.required, v.measured,
  v.acts AS evidence, v.trigger, CONCAT('due.', v.outcome) AS outcome, v.detail,
  CASE WHEN v.status IN ('violated', 'pending')
    THEN CONCAT_WS(' ', CAST(CAST(h.act.at AS DATE) AS TEXT), h.act.event) END AS ahead
FROM verdicts AS v
LEFT JOIN ahead AS h ON h.rule = v.rule AND h.unit = v.unit AND h.key = v.key
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'due.none', NULL, NULL
FROM owed AS o
JOIN rules_due AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @field_validator("applies_if", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        """Read one selector given without a list."""
        return [value] if isinstance(value, dict | str) else value

    @field_validator("within")
    @classmethod
    def _whole_days(cls, value: str | None) -> str | None:
        """Refuse hours: what a date may come after are days."""
        return whole_days(value)

    @model_validator(mode="after")
    def _limit_of_an_act(self) -> DueRule:
        """Refuse a limit of an act where no act makes it owed."""
        if self.within is not None and not self.applies_if:
            msg = "within is the limit of the acts of applies_if: leave it out without them"
            raise ValueError(msg)
        return self

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what is expected, and what makes it owed."""
        first = (("after", self.after),) if self.after is not None else ()
        ends = (("ends", self.in_force_until),) if self.in_force_until is not None else ()
        conditions = (("applies_if", selector) for selector in self.applies_if)
        return (("expected", self.expected), *conditions, *first, *ends)

    def starts_with_acts(self) -> bool:
        """Say that the calendar sets it."""
        return False

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what is expected."""
        return ("expected",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return the act that is due."""
        return (ByDay(self.expected, self.by, self.covers, self.applies_if, self.scope == "county"),)

    def cells(self) -> dict[str, Cell]:
        """Return the date, the limit of an act, and whom it binds."""
        return {
            **limit_cells(self.within),
            "by": self.by,
            "county_wide": self.scope == "county",
            "conditional": bool(self.applies_if),
            "follows": self.after is not None,
            "lasting": self.in_force_until is not None,
        }

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that what exists must cover."""
        return self.covers
