"""`cover`: the share of A (or of a listed set) that has a B reaches a threshold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from engine.kinds.base import Cell, DurationText, Recurring, Scope, whole_days
from engine.kinds.shared.limits import limit_cells, own_limit
from events.problems import Text
from rules.deeds import Deed, ForEach
from rules.facets import Facets
from rules.model import Selector

_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[%％]\s*")


class CoverRule(Recurring):
    """So large a share of the things in question has a covering event by a date.

    The things are the subjects of the events of `of` in the period, or the listed `items`. An item is covered by an
    event, not before the period, that has it as its subject or among its elements. A listed set settles as soon as the
    share is reached; events of `of` can still be added, so that they settle at the date. Where an act has a limit of
    its own (`within`) that ends after the date, that limit decides for what the act is about.

    Example:
        kind: cover
        of: {event: policy.issued, where: {normative: true}}
        covered_by: policy.interpreted
        by: 2023-12-31
    """

    kind: Literal["cover"]
    of: Selector | None = None
    items: tuple[str, ...] = ()
    covered_by: Selector
    share: float = Field(default=1.0, gt=0, le=1)
    by: date
    within: DurationText | None = Field(
        default=None, description="the limit of each act of `of`, which decides where it ends after the date"
    )
    scope: Scope = "unit"

    summary: ClassVar[str] = "the share of A (or of a listed set) that has a B reaches a threshold"
    facets: ClassVar[Facets] = Facets(
        settled_by=("covered_by",),
        mendable=True,
        answered=("of", "covered_by"),
        enough=True,
        by_matter=False,
        told="covered",
    )
    columns: ClassVar = {
        "share": "DOUBLE",
        "by": "DATE",
        "listed": "BOOLEAN",
        "county_wide": "BOOLEAN",
        "amount": "INT",
        "measure": "TEXT",
    }
    messages: ClassVar = {
        "cover.met": Text(
            "应于{due_on}前覆盖{required}项，已覆盖{measured}项，{met_on}达到。",
            "{required} to be covered by {due_on}: {measured} covered, reached on {met_on}.",
        ),
        "cover.met-none-sure": Text(
            "登记不全，确定应当覆盖的一项也没有；可能应当覆盖的，{due_on}前都已有对应的记录。",
            "None is sure to be owed, as records are incomplete; what may be owed was all covered by {due_on}.",
        ),
        "cover.late": Text(
            "应于{due_on}前覆盖{required}项，{met_on}才达到，逾期{overdue}个工作日。",
            "{required} to be covered by {due_on}: reached only on {met_on}, {overdue} working days late.",
        ),
        "cover.pending": Text(
            "应于{due_on}前覆盖{required}项，截至{as_of}已覆盖{measured}项。",
            "{required} to be covered by {due_on}: {measured} as of {as_of}.",
        ),
        "cover.violated": Text(
            "应于{due_on}前覆盖{required}项，只覆盖{measured}项，缺：{detail}。",
            "{required} to be covered by {due_on}: only {measured} covered, missing: {detail}.",
        ),
        "cover.unassessed": Text(
            "登记缺少判断所需的信息，能够确认已覆盖的{measured}项，其余须人工核定。",
            "The records lack the attribute that decides; {measured} surely covered, the rest a person must assess.",
        ),
        "cover.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    more: ClassVar = ("thing",)
    statement: ClassVar[str] = f"""
WITH bound AS (
  SELECT r.rule, o.unit, CASE WHEN r.county_wide THEN o.county ELSE o.unit END AS who
  FROM rules_cover AS r
  JOIN owed AS o ON o.rule = r.rule
), acted AS (
  SELECT r.rule, CASE WHEN r.county_wide THEN f.county ELSE f.unit END AS who, f.subject, MAX(f.certain) AS certain,
    MAX(f.day) AS day
  FROM rules_cover AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'of'
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop AND NOT f.subject IS NULL
  GROUP BY ALL
), things AS (
  SELECT a.rule, o.unit, a.who, a.subject AS thing, a.subject AS label, a.certain, a.day AS acted
  FROM acted AS a
  JOIN bound AS o ON o.rule = a.rule AND o.who = a.who
  UNION ALL
  SELECT r.rule, o.unit, o.who, n.element, n.label, 1, CAST(NULL AS DATE)
  FROM rules_cover AS r
  JOIN bound AS o ON o.rule = r.rule
  JOIN needed AS n ON n.rule = r.rule AND r.listed
), covers AS (
  SELECT r.rule, CASE WHEN r.county_wide THEN f.county ELSE f.unit END AS who,
    COALESCE(d.thing, f.subject) AS thing, f.at, f.event, f.certain
  FROM rules_cover AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'covered_by'
  JOIN facts AS f ON f.sel = s.sel AND (NOT r.listed OR f.day >= r.start)
    AND (NOT r.listed OR r.slot IS NULL OR f.day <= r.stop)
  LEFT JOIN called AS d ON d.rule = r.rule AND d.county = f.county AND d.subject = f.subject
  UNION ALL
  SELECT r.rule, CASE WHEN r.county_wide THEN f.county ELSE f.unit END AS who, UNNEST(f.elements) AS thing, f.at,
    f.event, f.certain
  FROM rules_cover AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'covered_by'
  JOIN facts AS f ON f.sel = s.sel AND f.day >= r.start AND (r.slot IS NULL OR f.day <= r.stop)
  WHERE r.listed AND NOT f.elements IS NULL
), pairs AS (
  SELECT t.rule, t.unit, t.thing, t.label, t.certain,
    MIN(CASE WHEN c.certain = 1 THEN STRUCT_PACK(at := c.at, event := c.event) END) AS first
  FROM things AS t
  JOIN covers AS c ON c.rule = t.rule AND c.who = t.who AND c.thing = t.thing
  GROUP BY t.rule, t.unit, t.thing, t.label, t.certain
), aged AS (
  SELECT t.*, GREATEST(r.by, COALESCE({own_limit("t.acted", "w.day")}, r.by)) AS last_day
  FROM things AS t
  JOIN rules_cover AS r ON r.rule = t.rule
  LEFT JOIN calendar AS c ON c.day = t.acted
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + r.amount AND r.measure = 'working days'
), found AS (
  SELECT t.rule, t.unit, t.thing, t.label, t.certain, p.first.at AS at, p.first.event AS event,
    CAST(t.last_day AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND AS limit_at,
    CASE WHEN p.first IS NULL AND NOT p.thing IS NULL THEN 1 ELSE 0 END AS maybe
  FROM aged AS t
  LEFT JOIN pairs AS p ON p.rule = t.rule AND p.unit = t.unit AND p.thing = t.thing
), placed AS (
  SELECT f.*, f.at <= f.limit_at AS timely,
    CASE WHEN NOT f.at IS NULL THEN ROW_NUMBER() OVER (
      PARTITION BY f.rule, f.unit, f.at IS NULL, f.certain ORDER BY f.at) END AS place,
    CASE WHEN f.at <= f.limit_at THEN ROW_NUMBER() OVER (
      PARTITION BY f.rule, f.unit, f.at <= f.limit_at, f.certain ORDER BY f.at) END AS timely_place
  FROM found AS f
), sizes AS (
  SELECT k.rule, k.unit, SUM(k.certain) AS things, COUNT(*) AS possible,
    SUM(CASE WHEN k.certain = 1 AND NOT k.place IS NULL THEN 1 ELSE 0 END) AS measured,
    SUM(CASE WHEN k.certain = 1 AND k.timely THEN 1 ELSE 0 END) AS in_time,
    SUM(CASE WHEN k.certain = 1 AND k.place IS NULL AND k.limit_at > m.moment THEN 1 ELSE 0 END) AS waiting,
    SUM(CASE WHEN k.certain = 0 AND k.place IS NULL THEN 1 ELSE 0 END) AS unsure,
    SUM(CASE WHEN k.certain = 0 AND k.place IS NULL AND k.limit_at > m.moment THEN 1 ELSE 0 END) AS unsure_waiting,
    SUM(k.certain * k.maybe) AS maybes,
    CAST(CEIL(SUM(k.certain) * MAX(r.share) - 0.000000001) AS INT) AS required
  FROM placed AS k JOIN rules_cover AS r ON r.rule = k.rule
  CROSS JOIN asked AS m
  GROUP BY k.rule, k.unit
), summed AS (
  SELECT z.rule, z.unit, z.things, z.measured, z.in_time, z.waiting, z.unsure, z.unsure_waiting, z.maybes, z.required,
    MAX(CASE WHEN k.certain = 1 AND k.place = z.required THEN k.at END) AS done_at,
    MAX(CASE WHEN k.certain = 1 AND k.timely_place = z.required THEN k.at END) AS timely_at,
    MAX(k.limit_at) AS last_at,
    MAX(k.limit_at) FILTER (WHERE k.certain = 1 AND NOT COALESCE(k.timely, FALSE) AND k.limit_at <= m.moment)
      AS missed_at,
    ARRAY_AGG(k.event) FILTER (WHERE k.certain = 1 AND NOT k.event IS NULL) AS evidence,
    ARRAY_AGG(k.label) FILTER (WHERE k.certain = 1 AND k.place IS NULL) AS missing,
    COALESCE(MIN(k.thing) FILTER (WHERE k.certain = 1 AND k.place IS NULL), MIN(k.thing)) AS thing
  FROM sizes AS z JOIN placed AS k ON k.rule = z.rule AND k.unit = z.unit
  CROSS JOIN asked AS m
  GROUP BY ALL
), judged AS (
  SELECT r.slot, r.start, r.by, s.*, CASE
      WHEN r.listed AND NOT s.timely_at IS NULL THEN 'met'
      WHEN m.moment < CAST(r.by AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND THEN 'pending'
      WHEN s.waiting > 0 AND s.in_time < s.required AND s.in_time + s.waiting >= s.required THEN 'pending'
      WHEN s.things > 0 AND s.done_at IS NULL AND s.measured + s.maybes < s.required THEN 'violated'
      WHEN s.things > 0 AND s.done_at IS NULL THEN 'unassessed'
      WHEN s.unsure_waiting > 0 THEN 'pending'
      WHEN s.unsure > 0 THEN 'unassessed'
      WHEN s.timely_at IS NULL AND NOT s.done_at IS NULL THEN 'late'
      ELSE 'met' END AS status
  FROM summed AS s
  JOIN rules_cover AS r ON r.rule = s.rule
  CROSS JOIN asked AS m
)
SELECT rule, unit, COALESCE(slot, CAST("by" AS TEXT)) AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on,
  CASE WHEN status IN ('violated', 'late') THEN COALESCE(CAST(missed_at AS DATE), "by")
    ELSE CAST(last_at AS DATE) END AS due_on,
  CASE status WHEN 'met' THEN CAST(COALESCE(timely_at, done_at) AS DATE) WHEN 'late' THEN CAST(done_at AS DATE) END
    AS met_on, status,
  CAST(required AS DOUBLE) AS required, CAST(measured AS DOUBLE) AS measured, evidence, CAST(NULL AS TEXT) AS trigger,
  CONCAT('cover.', status, CASE WHEN status = 'met' AND required = 0 THEN '-none-sure' ELSE '' END) AS outcome,
  ARRAY_TO_STRING(ARRAY_SORT(missing), '、') AS detail, thing
FROM judged
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'cover.none', NULL,
  NULL
FROM owed AS o
JOIN rules_cover AS r ON r.rule = o.rule
LEFT JOIN summed AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @field_validator("within")
    @classmethod
    def _whole_days(cls, value: str | None) -> str | None:
        """Refuse hours: what a date may come after are days."""
        return whole_days(value)

    @field_validator("share", mode="before")
    @classmethod
    def _percent(cls, value: object) -> object:
        """Read `95%` as 0.95."""
        found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        return float(Decimal(found[1]) / 100) if found else value

    @model_validator(mode="after")
    def _one_set(self) -> CoverRule:
        """Refuse a rule with no set of things or with two."""
        if (self.of is None) == (not self.items):
            msg = "give exactly one of of and items"
            raise ValueError(msg)
        if self.within is not None and self.of is None:
            msg = "within is the limit of the acts of of: leave it out with items"
            raise ValueError(msg)
        return self

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return whose subjects are the things, and what covers them."""
        things = (("of", self.of),) if self.of is not None else ()
        return (*things, ("covered_by", self.covered_by))

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what covers."""
        return ("covered_by",)

    def starts_with_acts(self) -> bool:
        """Say whether it is events whose subjects are to be covered."""
        return self.of is not None

    def paired(self) -> tuple[str, str] | None:
        """Return the roles of what is to be covered and of what covers it; a listed set is there by itself."""
        return None if self.items else ("of", "covered_by")

    def listed(self) -> tuple[str, ...]:
        """Return the listed items."""
        return self.items

    def deeds(self) -> tuple[Deed, ...]:
        """Return what covers each of the things."""
        return (ForEach(self.covered_by, self.by, self.items, self.of, self.scope == "county"),)

    def cells(self) -> dict[str, Cell]:
        """Return the share, the date, and the limit of each act."""
        return {
            **limit_cells(self.within),
            "share": self.share,
            "by": self.by,
            "listed": bool(self.items),
            "county_wide": self.scope == "county",
        }

    def required_elements(self) -> tuple[str, ...]:
        """Return the listed items, which stand in the table of what is needed."""
        return self.items
