"""`count`: at least, or at most, n (distinct) events in a period."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from engine.kinds.base import Cell, Recurring, Scope
from engine.kinds.shared.shares import Shared
from events.problems import Text
from rules.deeds import Deed, Often
from rules.facets import Facets
from rules.model import ANY_TYPE, AttributeUse, Bilingual, Model, Selector, Word

VALUES: Final = "-values"
"""How the outcomes end of rules that count the different values of an attribute."""

_MESSAGES: Final = {
    "count.met": Text(
        "{start}至{due_on}应不少于{required}{detail}，已记录{measured}{detail}，{met_on}达到。",
        "At least {required} from {start} to {due_on}: {measured} recorded, reached on {met_on}.",
    ),
    "count.kept": Text(
        "{start}至{due_on}应不超过{required}{detail}，期满共记录{measured}{detail}。",
        "At most {required} from {start} to {due_on}: {measured} recorded when the period ended.",
    ),
    "count.open": Text(
        "{start}至{due_on}应不少于{required}{detail}，截至{as_of}已记录{measured}{detail}。",
        "At least {required} from {start} to {due_on}: {measured} recorded as of {as_of}.",
    ),
    "count.open-most": Text(
        "{start}至{due_on}应不超过{required}{detail}，截至{as_of}已记录{measured}{detail}。",
        "At most {required} from {start} to {due_on}: {measured} recorded as of {as_of}.",
    ),
    "count.short": Text(
        "{start}至{due_on}应不少于{required}{detail}，只记录{measured}{detail}。",
        "At least {required} from {start} to {due_on}: only {measured} recorded.",
    ),
    "count.exceeded": Text(
        "{start}至{due_on}应不超过{required}{detail}，已记录{measured}{detail}。",
        "At most {required} from {start} to {due_on}: {measured} recorded.",
    ),
    "count.unknown": Text(
        "{start}至{due_on}可确认{measured}{detail}（标准{required}{detail}），另有登记缺少判断所需的信息，须人工核定。",
        "{measured} certain from {start} to {due_on} (standard {required}); others lack the deciding attribute.",
    ),
}
"""What each outcome means, of things that are counted by times."""


def _of_values(text: Text) -> Text:
    """Return what an outcome means where different values are counted: so many, and not so many times."""
    return Text(text.zh, text.en.replace(" recorded", " different ones recorded"))


class Values(Model):
    """What is counted is the different values of an attribute; of a list, each of its words is one."""

    attribute: Word


class CountRule(Shared, Recurring):
    """At least (or at most) so many events in the period, or different subjects, days or values of an attribute.

    An event whose attribute was not recorded may have any value. With `shares`, each owner has a part of the number.

    Example:
        kind: count
        counted: {event: executive_meeting.attended, where: {delegates: {at_least: 1}}}
        at_least: 10
        distinct: subject
        called: {zh: 次, en: times}  # what one of them is called: 类, 个, 项; 次 without
    """

    kind: Literal["count"]
    counted: Selector
    at_least: int | None = None
    at_most: int | None = None
    distinct: Literal["subject", "event", "day"] | Values = Field(
        default="event",
        description="what is counted once: a subject, an event, a day, or {attribute: NAME}, its values",
    )
    scope: Scope = "unit"
    called: Bilingual | None = None

    goals: ClassVar[tuple[str, ...]] = ("at_least", "at_most")
    whole_numbers: ClassVar[bool] = True
    summary: ClassVar[str] = "at least / at most n (distinct) events in a period"
    facets: ClassVar[Facets] = Facets(settled_by=("counted",), counts=True, enough=True, by_matter=False)
    columns: ClassVar = {
        "at_least": "INT",
        "at_most": "INT",
        "counting": "TEXT",
        "attribute": "TEXT",
        "county_wide": "BOOLEAN",
        "called": "TEXT",
    }
    more: ClassVar = ("since",)
    broken_on: ClassVar = "k.since"
    messages: ClassVar = _MESSAGES | {f"{name}{VALUES}": _of_values(text) for name, text in _MESSAGES.items()}
    statement: ClassVar[str] = f"""
WITH hits AS (
  SELECT r.rule, o.unit, r.start, f.at, f.event,
    CASE WHEN r.counting = 'value' AND w.word IS NULL THEN 0 ELSE f.certain END AS certain,
    CASE r.counting
      WHEN 'day' THEN CAST(f.day AS TEXT)
      WHEN 'subject' THEN COALESCE('s' || f.subject, 'e' || f.root)
      WHEN 'value' THEN COALESCE('w' || w.word, 'e' || f.root)
      ELSE f.root END AS thing
  FROM rules_count AS r
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'counted'
  JOIN facts AS f ON f.sel = s.sel AND f.day BETWEEN r.start AND r.stop
  JOIN owed AS o ON o.rule = r.rule AND o.county = f.county AND (r.county_wide OR o.unit = f.unit)
  LEFT JOIN fact_words AS w ON r.counting = 'value' AND w.event = f.event AND w.attribute = r.attribute
  WHERE r.counting <> 'value' OR NOT w.event IS NULL
), things AS (
  SELECT rule, unit, thing, MAX(certain) AS certain,
    MIN(CASE WHEN certain = 1 THEN STRUCT_PACK(at := "at", event := event) END) AS first
  FROM hits GROUP BY rule, unit, thing
), ranked AS (
  SELECT rule, unit, certain, first.at AS at, first.event AS event,
    ROW_NUMBER() OVER (PARTITION BY rule, unit, certain ORDER BY first.at, first.event) AS place
  FROM things
), totals AS (
  SELECT k.rule, k.unit,
    SUM(k.certain) AS measured, COUNT(*) AS possible,
    MIN(CASE WHEN k.certain = 1 AND k.place = r.at_least THEN CAST(k.at AS DATE) END) AS reached_on,
    MIN(CASE WHEN k.certain = 1 AND k.place = r.at_most + 1 THEN CAST(k.at AS DATE) END) AS since,
    ARRAY_AGG(DISTINCT k.event) FILTER (WHERE k.certain = 1) AS evidence
  FROM ranked AS k JOIN rules_count AS r ON r.rule = k.rule
  GROUP BY k.rule, k.unit
), judged AS (
  SELECT r.rule, o.unit, r.start, r.stop, r.label, r.at_least, r.at_most, r.called, r.counting,
    COALESCE(t.measured, 0) AS measured, COALESCE(t.possible, 0) AS possible,
    t.reached_on, t.since, t.evidence, m.day > r.stop OR m.moment >= r.stop_at AS finished
  FROM rules_count AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN totals AS t ON t.rule = r.rule AND t.unit = o.unit
), settled AS (
  SELECT *, CASE
      WHEN at_least IS NOT NULL AND measured >= at_least THEN 'count.met'
      WHEN at_most IS NOT NULL AND measured > at_most THEN 'count.exceeded'
      WHEN NOT finished AND at_least IS NOT NULL THEN 'count.open'
      WHEN NOT finished THEN 'count.open-most'
      WHEN at_least IS NOT NULL AND possible >= at_least THEN 'count.unknown'
      WHEN at_most IS NOT NULL AND possible > at_most THEN 'count.unknown'
      WHEN at_least IS NOT NULL THEN 'count.short'
      ELSE 'count.kept' END AS outcome
  FROM judged
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on,
  CASE outcome WHEN 'count.met' THEN reached_on WHEN 'count.kept' THEN stop END AS met_on,
  CASE outcome WHEN 'count.met' THEN 'met' WHEN 'count.kept' THEN 'met'
    WHEN 'count.open' THEN 'pending' WHEN 'count.open-most' THEN 'pending'
    WHEN 'count.unknown' THEN 'unassessed' ELSE 'violated' END AS status,
  CAST(COALESCE(at_least, at_most) AS DOUBLE) AS required, CAST(measured AS DOUBLE) AS measured,
  evidence, CAST(NULL AS TEXT) AS trigger,
  CASE counting WHEN 'value' THEN CONCAT(outcome, '{VALUES}') ELSE outcome END AS outcome, called AS detail,
  since
FROM settled
"""

    @model_validator(mode="after")
    def _one_bound(self) -> CountRule:
        """Refuse a rule with no bound or with both."""
        if (self.at_least is None) == (self.at_most is None):
            msg = "give exactly one of at_least and at_most"
            raise ValueError(msg)
        return self

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the one selector, of what is counted."""
        return (("counted", self.counted),)

    def attributes(self) -> tuple[AttributeUse, ...]:
        """Return the attribute whose values are counted."""
        if isinstance(self.distinct, str):
            return ()
        return (AttributeUse(self.counted.event, self.distinct.attribute, ANY_TYPE),)

    def starts_with_acts(self) -> bool:
        """Say that the calendar sets it."""
        return False

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what is counted."""
        return ("counted",) if self.at_least is not None else ()

    def deeds(self) -> tuple[Deed, ...]:
        """Return the acts that are counted."""
        return (Often(self.counted, self.at_least, self.at_most),)

    def _called(self) -> str:
        """Return the measure word of what is counted."""
        if self.called is not None:
            return self.called.zh
        return "次" if isinstance(self.distinct, str) else "种"

    def cells(self) -> dict[str, Cell]:
        """Return the bounds and how to count."""
        return {
            "at_least": self.at_least,
            "at_most": self.at_most,
            "counting": self.distinct if isinstance(self.distinct, str) else "value",
            "attribute": None if isinstance(self.distinct, str) else self.distinct.attribute,
            "county_wide": self.scope == "county",
            "called": self._called(),
        }
