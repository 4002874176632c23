"""`hold`: a state is true on every day of the period (intervals opened and closed by events)."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from engine.kinds.base import Cell, KindRule
from engine.kinds.shared.states import STATES
from events.problems import Text
from rules.facets import Facets
from rules.model import Selector

GAPS: Final = {
    "vacant": Text("{since}至{until}空缺（{detail}自{since}起不在）", "vacant from {since} to {until} ({detail} left)"),
    "never": Text("{since}至{until}空缺，没有登记过任何一个", "vacant from {since} to {until}: none was ever recorded"),
    "gone": Text("{since}至{until}空缺", "vacant from {since} to {until}"),
    "fewer": Text(
        "{since}至{until}不足，最少只有{measured}（{detail}自{since}起不在）",
        "short from {since} to {until}, at the least {measured} ({detail} left)",
    ),
    "few": Text("{since}至{until}不足，最少只有{measured}", "short from {since} to {until}, at the least {measured}"),
}
"""How a gap is told: nobody or too few, and who was missing, where somebody left on its first day."""

AGAIN: Final = {
    "": Text("", ""),
    "-again": Text("；此后又有{rest}段不足", "; and {rest} more such spans after it"),
}
"""What is said of later gaps."""


def _gap(name: str, more: str) -> Text:
    """Return the sentence about a gap."""
    gap, rest = GAPS[name], AGAIN[more]
    return Text(
        f"{{start}}至{{due_on}}每天应不少于{{required}}，{gap.zh}{rest.zh}。",
        f"At least {{required}} on every day from {{start}} to {{due_on}}: {gap.en}{rest.en}.",
    )


class HoldRule(KindRule):
    """On every day of the period at least so many subjects are open.

    A subject is open from the day of its opening event until the day before its closing one; closed and opened again on
    one day is no gap (`engine.kinds.shared.states`). Events before the period set the
    state that it starts with.

    Example:
        kind: hold
        opened: staff.appointed
        closed: staff.released
        at_least: 1
    """

    kind: Literal["hold"]
    opened: Selector
    closed: Selector
    at_least: int = 1

    summary: ClassVar[str] = "a state is true on every day of the period"
    facets: ClassVar[Facets] = Facets(
        settled_by=("opened",), answered=("opened", "closed"), enough=True, by_matter=False, told="states"
    )
    value_at_end: ClassVar = False
    columns: ClassVar = {"at_least": "INT"}
    messages: ClassVar = {
        "hold.met": Text(
            "{start}至{due_on}每天都不少于{required}。",
            "At least {required} on every day from {start} to {due_on}.",
        ),
        **{f"hold.{name}{more}": _gap(name, more) for name in GAPS for more in AGAIN},
        "hold.pending": Text(
            "{start}至{due_on}每天应不少于{required}，截至{as_of}没有空缺。",
            "At least {required} on every day from {start} to {due_on}: no gap as of {as_of}.",
        ),
    }
    more: ClassVar = ("since", "rest", "until")
    broken_on: ClassVar = "k.since"
    statement: ClassVar[str] = f"""
WITH turned AS (
  SELECT r.rule, f.unit, f.subject, f.day, f.at, f.timed, f.event, f.root,
    CASE s.role WHEN 'opened' THEN 1 ELSE 0 END AS state
  FROM rules_hold AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.day <= r.stop
  WHERE NOT f.subject IS NULL
), {STATES}, moved AS (
  SELECT rule, unit, day, SUM(state - before) AS change FROM changes GROUP BY rule, unit, day
), levels AS (
  SELECT rule, unit, day, SUM(change) OVER (PARTITION BY rule, unit ORDER BY day ROWS UNBOUNDED PRECEDING) AS level
  FROM moved
), bounds AS (
  SELECT d.*, CASE WHEN d.today < d.start THEN d.today ELSE d.start END AS first_day
  FROM (
    SELECT r.rule, o.unit, CASE WHEN o.since > r.start THEN o.since ELSE r.start END AS start, r.stop, r.label,
      r.at_least, m.day AS today, m.moment >= r.stop_at AS finished
    FROM rules_hold AS r JOIN owed AS o ON o.rule = r.rule CROSS JOIN asked AS m
  ) AS d
), checked AS (
  SELECT b.rule, b.unit, b.first_day AS day, COALESCE(SUM(c.change), 0) AS level
  FROM bounds AS b
  LEFT JOIN moved AS c ON c.rule = b.rule AND c.unit = b.unit AND c.day <= b.first_day
  GROUP BY b.rule, b.unit, b.first_day
  UNION ALL
  SELECT b.rule, b.unit, l.day, l.level
  FROM bounds AS b JOIN levels AS l ON l.rule = b.rule AND l.unit = b.unit AND l.day > b.first_day
), seen AS (
  SELECT k.*, b.at_least, b.stop, b.today, k.level < b.at_least AS short,
    COALESCE(LAG(k.level < b.at_least) OVER (PARTITION BY k.rule, k.unit ORDER BY k.day), FALSE) AS short_before
  FROM checked AS k JOIN bounds AS b ON b.rule = k.rule AND b.unit = k.unit
), lowest AS (
  SELECT rule, unit, MIN(level) AS measured, MIN(CASE WHEN short THEN day END) AS gap_on,
    CAST(SUM(CASE WHEN short AND NOT short_before THEN 1 ELSE 0 END) AS INT) AS gaps
  FROM seen GROUP BY rule, unit
), ended AS (
  SELECT k.rule, k.unit, MIN(k.day) AS filled_on
  FROM seen AS k JOIN lowest AS l ON l.rule = k.rule AND l.unit = k.unit
  WHERE k.day > l.gap_on AND NOT k.short
  GROUP BY k.rule, k.unit
), missed AS (
  SELECT c.rule, c.unit, STRING_AGG(c.subject, '、' ORDER BY c.subject) AS who
  FROM changes AS c JOIN lowest AS l ON l.rule = c.rule AND l.unit = c.unit AND c.day = l.gap_on
  WHERE c.state = 0
  GROUP BY c.rule, c.unit
), proof AS (
  SELECT rule, unit, ARRAY_AGG(event) AS evidence FROM turned GROUP BY rule, unit
), judged AS (
  SELECT b.*, l.measured, l.gap_on, l.gaps, p.evidence, w.who,
    CASE WHEN NOT l.gap_on IS NULL
      THEN COALESCE(e.filled_on - 1, CASE WHEN b.today < b.stop THEN b.today ELSE b.stop END) END AS gap_to,
    CASE WHEN l.measured > 0 THEN 'few' WHEN p.evidence IS NULL THEN 'never' ELSE 'gone' END AS gap, CASE
      WHEN b.today < b.start THEN 'pending' WHEN NOT l.gap_on IS NULL THEN 'violated'
      WHEN b.finished THEN 'met' ELSE 'pending' END AS status
  FROM bounds AS b
  JOIN lowest AS l ON l.rule = b.rule AND l.unit = b.unit
  LEFT JOIN ended AS e ON e.rule = b.rule AND e.unit = b.unit
  LEFT JOIN missed AS w ON w.rule = b.rule AND w.unit = b.unit
  LEFT JOIN proof AS p ON p.rule = b.rule AND p.unit = b.unit
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on,
  CASE WHEN status = 'met' THEN stop END AS met_on, status, CAST(at_least AS DOUBLE) AS required,
  CAST(measured AS DOUBLE) AS measured, evidence, CAST(NULL AS TEXT) AS trigger,
  CASE WHEN status <> 'violated' THEN CONCAT('hold.', status)
    ELSE CONCAT('hold.', CASE WHEN who IS NULL THEN gap WHEN measured > 0 THEN 'fewer' ELSE 'vacant' END,
      CASE WHEN gaps > 1 THEN '-again' ELSE '' END) END AS outcome,
  who AS detail, gap_on AS since, gaps - 1 AS rest, gap_to AS until
FROM judged
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what opens a subject's interval, and what closes it."""
        return (("opened", self.opened), ("closed", self.closed))

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what opens."""
        return ("opened",)

    def cells(self) -> dict[str, Cell]:
        """Return how many must be open."""
        return {"at_least": self.at_least}
