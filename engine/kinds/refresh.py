"""`refresh`: never more than a stated gap between events while something is open."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from engine.kinds.base import Cell, DurationText, Every, KindRule
from engine.kinds.shared.states import STATES
from engine.time.durations import parse_duration
from events.problems import Text
from rules.deeds import Again, Deed
from rules.facets import Facets
from rules.model import Selector

DIVIDING: Final = (1, 2, 3, 4, 6, 12)
"""The months that make whole periods of a calendar year."""


class RefreshRule(KindRule):
    """While a subject is open, its refreshing events are never further apart than a stated time.

    The clock starts when the subject opens (or the period starts, if that is later) and again on every refreshing
    event; closing ends it. A subject that is opened again is an obligation of its own. A gap that was over before the
    period of the run is not told. With `by_calendar` it is once in each calendar period: after an event the next is due
    by the end of the period after its own, and by the end of the period that it was open from the start of. Where such
    a rule stands for more than a calendar year, each year is an obligation of its own: a gap in one is none in another.
    A gap in hours runs from moment to moment, days off included: from the clock time of what opened or refreshed, or
    from the end of its day where none is recorded; what has no clock time ends a gap as early as it may.

    Example:
        kind: refresh
        opened: account.opened
        refreshed: account.updated
        closed: account.closed
        every: 14 days
    """

    kind: Literal["refresh"]
    opened: Selector
    refreshed: Selector
    closed: Selector | None = None
    every: DurationText
    by_calendar: bool = Field(
        default=False, description="`every` is counted in calendar periods: 3 months is once in each calendar quarter"
    )

    summary: ClassVar[str] = "never more than a stated gap between events while something is open"
    facets: ClassVar[Facets] = Facets(settled_by=("refreshed",), paired=("opened", "refreshed"), told="gaps")
    value_at_end: ClassVar = False
    lasts: ClassVar = True
    columns: ClassVar = {"amount": "INT", "measure": "TEXT", "every": "TEXT", "by_calendar": "BOOLEAN"}
    more: ClassVar = ("limit_at",)
    messages: ClassVar = {
        "refresh.met": Text("间隔从未超过规定时间。", "The gap was never exceeded."),
        "refresh.pending": Text(
            "间隔未超过规定时间，下次最迟{limit}。", "No gap exceeded; the next one is due by {limit}."
        ),
        "refresh.violated": Text(
            "{detail}之后到{limit}没有更新，超过规定间隔。",
            "Nothing between {detail} and {limit}: the gap is exceeded.",
        ),
        "refresh.none": Text("没有需要更新的对象。", "Nothing is open that has to be refreshed."),
    }
    statement: ClassVar[str] = f"""
WITH turned AS (
  SELECT r.rule, f.unit, f.subject, f.day, f.at, f.timed, f.event, f.root,
    CASE s.role WHEN 'opened' THEN 1 ELSE 0 END AS state
  FROM rules_refresh AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role IN ('opened', 'closed')
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND NOT f.subject IS NULL
), {STATES}, spans AS (
  SELECT rule, unit, subject, day, state, first.event AS event, first.root AS root, turn_at, first.timed AS timed,
    LEAD(day) OVER (PARTITION BY rule, unit, subject ORDER BY turn_at) AS closed_on,
    LEAD(turn_at) OVER (PARTITION BY rule, unit, subject ORDER BY turn_at) AS closed_at
  FROM changes
), opened AS (
  SELECT p.rule, p.unit, p.subject, p.day, p.event, p.root, p.closed_on, r.start, r.stop, r.amount, r.measure,
    r.by_calendar, r.slot, CASE WHEN p.day < r.start THEN r.start ELSE p.day END AS from_day,
    CASE WHEN r.measure = 'hours' THEN p.closed_at ELSE CAST(p.closed_on AS TIMESTAMP) END AS closed_at,
    CASE WHEN p.day < r.start THEN CAST(r.start AS TIMESTAMP) WHEN r.measure = 'hours' THEN p.turn_at
      ELSE CAST(p.day AS TIMESTAMP) END AS from_at,
    CASE WHEN p.day < r.start THEN CAST(r.start AS TIMESTAMP) WHEN r.measure <> 'hours' THEN CAST(p.day AS TIMESTAMP)
      WHEN p.timed THEN p.turn_at
      ELSE CAST(p.day AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND END AS from_latest
  FROM spans AS p
  JOIN rules_refresh AS r ON r.rule = p.rule
  JOIN owed AS w ON w.rule = p.rule AND w.unit = p.unit
  CROSS JOIN asked AS m
  WHERE p.state = 1 AND p.day <= r.stop AND (p.closed_on IS NULL OR p.closed_on >= r.start)
    AND (r.slot IS NULL OR r.start <= m.day)
), beats AS (
  SELECT rule, unit, root, from_day AS day, from_at AS "at", from_latest AS latest, CAST(NULL AS TEXT) AS event
  FROM opened
  UNION ALL
  SELECT o.rule, o.unit, o.root, f.day, CASE WHEN o.measure = 'hours' THEN f.at ELSE CAST(f.day AS TIMESTAMP) END,
    CASE WHEN o.measure = 'hours' THEN f.latest ELSE CAST(f.day AS TIMESTAMP) END, f.event
  FROM opened AS o
  JOIN rule_selectors AS s ON s.rule = o.rule AND s.role = 'refreshed'
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.unit = o.unit AND f.subject = o.subject
    AND f.day >= o.from_day AND f.day <= o.stop AND (o.closed_on IS NULL OR f.day <= o.closed_on)
    AND (o.measure <> 'hours' OR f.latest >= o.from_at)
), gaps AS (
  SELECT b.rule, b.unit, b.root, b.day, b.latest, b.event, MIN(b.at) OVER (
    PARTITION BY b.rule, b.unit, b.root ORDER BY b.latest, b.event NULLS FIRST
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_at
  FROM beats AS b
), ends AS (
  SELECT g.*, o.stop, o.slot, COALESCE(LEAST(g.next_at, o.closed_at), g.next_at, o.closed_at) AS over_at, CASE
      WHEN o.by_calendar THEN CAST(DATE_TRUNC('year', g.day) + ((MONTH(g.day) - 1) // o.amount
        + CASE WHEN g.event IS NULL AND g.day = o.start THEN 1 ELSE 2 END) * o.amount * INTERVAL '1' MONTH AS TIMESTAMP)
      WHEN o.measure = 'working days' THEN CAST(w.day AS TIMESTAMP) + INTERVAL '1' DAY
      WHEN o.measure = 'months' THEN CAST(g.day AS TIMESTAMP) + o.amount * INTERVAL '1' MONTH + INTERVAL '1' DAY
      WHEN o.measure = 'hours' THEN g.latest + o.amount * INTERVAL '1' HOUR + INTERVAL '1' MICROSECOND
      ELSE CAST(g.day AS TIMESTAMP) + (o.amount + 1) * INTERVAL '1' DAY END - INTERVAL '1' MICROSECOND AS limit_at
  FROM gaps AS g
  JOIN opened AS o ON o.rule = g.rule AND o.unit = g.unit AND o.root = g.root
  JOIN calendar AS c ON c.day = g.day
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + o.amount AND o.measure = 'working days'
), broken AS (
  SELECT e.*, e.limit_at <= m.moment AND e.limit_at < COALESCE(e.over_at, TIMESTAMP '9999-12-31 00:00:00')
    AND CAST(e.limit_at AS DATE) <= e.stop AND (m.first IS NULL OR COALESCE(
      CAST(e.over_at AS DATE), CASE WHEN NOT e.slot IS NULL THEN e.stop END, m.first) >= m.first) AS exceeded
  FROM ends AS e
  CROSS JOIN asked AS m
), summed AS (
  SELECT rule, unit, root,
    MIN(CASE WHEN exceeded THEN STRUCT_PACK(latest := latest, due := limit_at, day := day) END) AS gap,
    MAX(limit_at) AS next_limit, COUNT(event) AS measured,
    ARRAY_AGG(event) FILTER (WHERE NOT event IS NULL AND (exceeded OR next_at IS NULL)) AS acts
  FROM broken GROUP BY rule, unit, root
), judged AS (
  SELECT o.rule, o.unit, o.root, o.subject, o.event, o.from_day, o.stop, o.closed_on, o.measure, s.gap, s.next_limit,
    s.measured, s.acts, CASE WHEN NOT s.gap IS NULL THEN 'violated'
      WHEN o.closed_on <= m.day OR m.moment >= CAST(o.stop AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
        THEN 'met' ELSE 'pending' END AS status
  FROM opened AS o
  JOIN summed AS s ON s.rule = o.rule AND s.unit = o.unit AND s.root = o.root
  CROSS JOIN asked AS m
)
SELECT rule, unit, root AS key, subject, from_day AS opened_on,
  CASE status WHEN 'violated' THEN CAST(gap.due AS DATE) WHEN 'pending' THEN LEAST(CAST(next_limit AS DATE), stop)
    ELSE COALESCE(LEAST(closed_on, stop), stop) END AS due_on,
  CASE WHEN status = 'met' THEN COALESCE(LEAST(closed_on, stop), stop) END AS met_on,
  status, CAST(NULL AS DOUBLE) AS required, CAST(measured AS DOUBLE) AS measured,
  ARRAY_APPEND(acts, event) AS evidence, event AS trigger, CONCAT('refresh.', status) AS outcome,
  CASE WHEN gap.latest > CAST(gap.day AS TIMESTAMP)
      AND gap.latest < CAST(gap.day AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
    THEN STRFTIME(gap.latest, '%Y-%m-%d %H:%M') ELSE CAST(gap.day AS TEXT) END AS detail,
  CASE WHEN measure <> 'hours' THEN NULL WHEN status = 'violated' THEN gap.due
    WHEN status = 'pending' AND CAST(next_limit AS DATE) <= stop THEN next_limit END AS limit_at
FROM judged
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'refresh.none', NULL,
  NULL
FROM owed AS o
JOIN rules_refresh AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @model_validator(mode="after")
    def _some_time(self) -> RefreshRule:
        """Refuse a gap of no time, and calendar periods that do not divide a year."""
        every = parse_duration(self.every)
        if every.amount < 1:
            msg = "the gap must be at least one"
            raise ValueError(msg)
        if self.by_calendar and not (every.unit == "months" and every.amount in DIVIDING):
            msg = "by_calendar goes with 1, 2, 3, 4, 6 or 12 months"
            raise ValueError(msg)
        return self

    def recurs(self) -> Every | None:
        """Return that calendar periods of several years are one obligation for each year."""
        return "year" if self.by_calendar and self.period.start.year < self.period.end.year else None

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens a subject, what refreshes it and what closes it."""
        ends = (("closed", self.closed),) if self.closed is not None else ()
        return (("opened", self.opened), ("refreshed", self.refreshed), *ends)

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what refreshes."""
        return ("refreshed",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return what is done while the subject is open."""
        return (Again(self.opened, self.closed, self.refreshed, self.every),)

    def cells(self) -> dict[str, Cell]:
        """Return the gap."""
        every = parse_duration(self.every)
        return {
            "amount": every.amount,
            "measure": every.unit,
            "every": self.every,
            "by_calendar": self.by_calendar,
        }
