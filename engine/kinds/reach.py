"""`reach`: a reported figure reaches a target by a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import Field, model_validator

from engine.kinds.shared.heirs import original
from engine.kinds.shared.shares import Shared
from events.problems import Text
from rules.deeds import Deed, FigureReport
from rules.facets import Facets
from rules.model import Bilingual, Selector

if TYPE_CHECKING:
    from engine.kinds.base import Cell

Comparison = Literal["at_least", "more_than", "equal", "at_most", "about"]


TARGET: Final = "CAST(CAST(r.target AS TEXT) AS DECIMAL(38, 8))"
"""The target as it is written: figures are added and compared as decimals."""

FIGURE: Final = """CASE WHEN value = FLOOR(value) THEN CAST(CAST(value AS HUGEINT) AS TEXT)
      ELSE CAST(CAST(value AS DOUBLE) AS TEXT) END"""
"""A figure in digits."""


class ReachRule(Shared):
    """A reported figure compares with a target by a date.

    `flow` figures grow within the period, so that reaching the target settles it; where a running total falls below it
    again by the date, the reports contradict each other and it is unassessed. `stock` and `ratio` figures settle at the
    date. Reports are the running total of the period
    (`cumulative`) or what came since the last (`increments`). With `shares`, each owner has a part of the target.

    Example:
        kind: reach
        reported: {event: indicator.reported, where: {indicator: 城镇新增就业}}
        target: 3900
        figure: {zh: 人}
        by: 2023-12-31
    """

    kind: Literal["reach"]
    reported: Selector
    target: float
    figure: Bilingual = Field(description="the unit that the figure is counted in")
    compare: Comparison = "at_least"
    tolerance: float | None = Field(default=None, ge=0, description="for `about`: how far it may be off, same unit")
    measure: Literal["flow", "stock", "ratio"] = "flow"
    reports: Literal["cumulative", "increments"] = "cumulative"
    jointly: bool = Field(default=False, description="figures of any unit that owes it count for all of them")
    by: date

    goals: ClassVar[tuple[str, ...]] = ("target",)
    summary: ClassVar[str] = "a reported figure reaches a target by a date"
    facets: ClassVar[Facets] = Facets(settled_by=("reported",), mendable=True, figure=True, by_matter=False)
    columns: ClassVar = {
        "target": "DOUBLE",
        "comparison": "TEXT",
        "tolerance": "DOUBLE",
        "keeps": "BOOLEAN",
        "increments": "BOOLEAN",
        "jointly": "BOOLEAN",
        "by": "DATE",
        "words": "TEXT",
    }
    messages: ClassVar = {
        "reach.met": Text(
            "目标{detail}{required}，{due_on}前，已报{measured}，{met_on}达到。",
            "Target {detail}{required} by {due_on}: reported {measured}, reached on {met_on}.",
        ),
        "reach.late": Text(
            "目标{detail}{required}，应于{due_on}前达到，已报{measured}，{met_on}才达到。",
            "Target {detail}{required} by {due_on}: reported {measured}, reached only on {met_on}.",
        ),
        "reach.pending": Text(
            "目标{detail}{required}，{due_on}前，截至{as_of}已报{measured}。",
            "Target {detail}{required} by {due_on}: reported {measured} as of {as_of}.",
        ),
        "reach.violated": Text(
            "目标{detail}{required}，{due_on}前，只报{measured}。",
            "Target {detail}{required} by {due_on}: only {measured} reported.",
        ),
        "reach.unassessed": Text(
            "目标{detail}{required}，{due_on}前，没有上报数字，不能评定。",
            "Target {detail}{required} by {due_on}: no figure reported, so it cannot be assessed.",
        ),
        "reach.contradicted": Text(
            "目标{required}，{due_on}前所报的累计数先后矛盾（{detail}），须人工核定。",
            "Target {required} by {due_on}: running totals that contradict each other ({detail}), to be assessed.",
        ),
    }
    statement: ClassVar[str] = f"""
WITH reports AS (
  SELECT r.rule, CASE WHEN r.jointly THEN f.county ELSE f.unit END AS who, f.unit, f.day, f.at, f.event, r.increments,
    TRY_CAST(CAST(f.value AS TEXT) AS DECIMAL(38, 8)) AS value, ROW_NUMBER() OVER (
      PARTITION BY r.rule, CASE WHEN r.jointly THEN f.county ELSE f.unit END, {original("f.event")} ORDER BY f.event)
      AS copy
  FROM rules_reach AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.day >= r.start AND NOT f.value IS NULL
  JOIN owed AS o ON o.rule = r.rule AND o.unit = f.unit
), running AS (
  SELECT rule, who, unit, day, "at", event, value,
    CASE WHEN increments THEN SUM(value) OVER (
      PARTITION BY rule, who ORDER BY "at", event ROWS UNBOUNDED PRECEDING) ELSE value END AS total
  FROM reports WHERE copy = 1
), compared AS (
  SELECT n.*, r.by, r.keeps, u.name, CASE r.comparison
      WHEN 'at_least' THEN n.total >= {TARGET} WHEN 'more_than' THEN n.total > {TARGET}
      WHEN 'at_most' THEN n.total <= {TARGET} WHEN 'equal' THEN n.total = {TARGET}
      ELSE ABS(n.total - {TARGET}) <= CAST(CAST(r.tolerance AS TEXT) AS DECIMAL(38, 8)) END AS fits,
    ROW_NUMBER() OVER (PARTITION BY n.rule, n.who, n.day <= r.by ORDER BY n.at DESC, n.event DESC) AS place
  FROM running AS n JOIN rules_reach AS r ON r.rule = n.rule JOIN units AS u ON u.number = n.unit
), summed AS (
  SELECT rule, who,
    MAX(CASE WHEN place = 1 AND day <= "by" THEN total END) AS at_date,
    MAX(CASE WHEN place = 1 AND day > "by" THEN total END) AS afterwards,
    MAX(CASE WHEN place = 1 AND day <= "by" AND fits THEN 1 ELSE 0 END) AS fits_at_date,
    MIN(CASE WHEN fits AND day <= "by" THEN day END) AS first_on,
    MIN(CASE WHEN fits AND day > "by" THEN day END) AS late_on,
    MAX(CASE WHEN place = 1 AND day <= "by" THEN day END) AS last_on,
    STRING_AGG(CONCAT(name, ' ', {FIGURE}), '、' ORDER BY "at", event) FILTER (WHERE day <= "by") AS told,
    ARRAY_AGG(event) AS evidence
  FROM compared GROUP BY rule, who
), judged AS (
  SELECT r.*, o.unit, v.first_on, v.late_on, v.last_on, v.evidence, v.told,
    CASE WHEN v.fits_at_date = 1 OR v.afterwards IS NULL THEN v.at_date ELSE v.afterwards END AS measured,
    CASE WHEN r.keeps AND v.fits_at_date = 1 THEN 'met'
      WHEN v.rule IS NULL THEN 'unassessed'
      WHEN m.moment < CAST(r.by AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND THEN 'pending'
      WHEN v.fits_at_date = 1 THEN 'met'
      WHEN r.keeps AND NOT r.increments AND NOT v.first_on IS NULL THEN 'contradicted'
      WHEN NOT v.late_on IS NULL THEN 'late' ELSE 'violated' END AS status
  FROM rules_reach AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN summed AS v ON v.rule = r.rule AND v.who = CASE WHEN r.jointly THEN o.county ELSE o.unit END
)
SELECT rule, unit, CAST("by" AS TEXT) AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, "by" AS due_on,
  CASE status WHEN 'met' THEN CASE WHEN keeps THEN first_on ELSE last_on END WHEN 'late' THEN late_on END AS met_on,
  CASE status WHEN 'contradicted' THEN 'unassessed' ELSE status END AS status, target AS required,
  CAST(measured AS DOUBLE) AS measured, evidence, CAST(NULL AS TEXT) AS trigger,
  CONCAT('reach.', status) AS outcome, CASE status WHEN 'contradicted' THEN told ELSE words END AS detail
FROM judged
"""

    @model_validator(mode="after")
    def _tolerance_with_about(self) -> ReachRule:
        """Refuse `about` without a tolerance, and a tolerance without `about`."""
        if (self.compare == "about") != (self.tolerance is not None):
            msg = "give a tolerance with compare: about, and only with it"
            raise ValueError(msg)
        return self

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the reports of the figure."""
        return (("reported", self.reported),)

    def starts_with_acts(self) -> bool:
        """Say that the calendar sets it."""
        return False

    def lacking(self) -> tuple[str, ...]:
        """Return the role of the reports."""
        return ("reported",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return the report of the figure."""
        return (FigureReport(self.reported, self.by, self.target, self.compare, self.figure.zh),)

    def cells(self) -> dict[str, Cell]:
        """Return the target and how to compare with it."""
        signs = {"at_least": "≥", "more_than": ">", "equal": "=", "at_most": "≤", "about": "≈"}
        return {
            "target": self.target,
            "comparison": self.compare,
            "tolerance": self.tolerance,
            "keeps": self.measure == "flow" and self.compare in {"at_least", "more_than"},
            "increments": self.reports == "increments",
            "jointly": self.jointly,
            "by": self.by,
            "words": signs[self.compare],
        }
