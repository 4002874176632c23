"""`contain`: every A carries the stated elements, in its data or as linked events."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from engine.kinds.base import Cell, DurationText, Recurring, whole_days
from engine.kinds.shared.coverage import COVERAGE
from engine.kinds.shared.limits import limit_cells, own_limit
from events.problems import Text
from rules.deeds import Carry, Deed
from rules.facets import Facets
from rules.model import Selector, Word


class ContainRule(Recurring):
    """Every act carries the stated elements: its own, and those of linked acts on the same subject.

    Without `by` it settles on the day of the act, with what the act itself and earlier linked acts carry; with `by` on
    that date, or on the last day of the act's own limit (`within`) where that is later.

    Example:
        kind: contain
        act: {event: decision_page.published, elements_in: elements}
        covers: [draft, explanation, background, opinions, delegates, result]
    """

    kind: Literal["contain"]
    act: Selector
    linked: tuple[Selector, ...] = ()
    covers: tuple[str, ...]
    by: date | None = None
    within: DurationText | None = Field(
        default=None, description="the limit of each act, which decides where it ends after the date"
    )
    helped_by: tuple[Word, ...] = Field(
        default=(), description="units whose linked acts count besides the unit's own, such as the row's lead"
    )

    summary: ClassVar[str] = "every A carries the stated elements, in its data or as linked events"
    facets: ClassVar[Facets] = Facets(settled_by=("linked", "act"), mendable=True, final=True)
    value_at_end: ClassVar = False
    columns: ClassVar = {"by": "DATE", "amount": "INT", "measure": "TEXT"}
    messages: ClassVar = {
        "contain.met": Text("{opened_on}的记录要素齐全。", "The record of {opened_on} has all elements."),
        "contain.late": Text(
            "{opened_on}的记录，应于{due_on}前补齐，{met_on}才补齐。",
            "The record of {opened_on} was due complete by {due_on}; complete only on {met_on}.",
        ),
        "contain.violated": Text("{opened_on}的记录缺：{detail}。", "The record of {opened_on} lacks: {detail}."),
        "contain.pending": Text(
            "{opened_on}的记录，{due_on}前还要补：{detail}。", "The record of {opened_on} still lacks: {detail}."
        ),
        "contain.unassessed": Text(
            "{opened_on}的登记缺少判断所需的信息，须人工核定。",
            "The record of {opened_on} lacks the attribute that decides; a person must assess it.",
        ),
        "contain.none": Text("没有触发本项要求的记录。", "Nothing recorded triggers this."),
    }
    statement: ClassVar[str] = f"""
WITH acted AS (
  SELECT r.rule, o.unit, o.county, f.root AS key, f.unit AS who, f.subject, f.event AS matter, f.day AS opened_on,
    f.event AS trigger, f.certain, f.elements, TIMESTAMP '0001-01-01' AS from_at, r.by,
    GREATEST(COALESCE(r.by, f.day), COALESCE({own_limit("f.day", "w.day")}, f.day)) AS due_on
  FROM rules_contain AS r
  JOIN owed AS o ON o.rule = r.rule
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'act'
  JOIN facts AS f ON f.sel = s.sel AND f.unit = o.unit AND f.day BETWEEN r.start AND r.stop
  LEFT JOIN calendar AS c ON c.day = f.day
  LEFT JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + r.amount AND r.measure = 'working days'
), opened AS (
  SELECT *, CAST(due_on AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND AS limit_at,
    CAST(due_on AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND AS last_at
  FROM acted
), answers AS (
  SELECT a.rule, a.who, a.matter, CAST(a.opened_on AS TIMESTAMP) AS at, a.limit_at AS latest, a.trigger AS event,
    1 AS certain, UNNEST(a.elements) AS element
  FROM opened AS a WHERE NOT a.elements IS NULL
  UNION ALL
  SELECT a.rule, a.who, a.matter, f.at, f.latest, f.event, f.certain, UNNEST(f.elements) AS element
  FROM opened AS a
  JOIN rule_selectors AS s ON s.rule = a.rule AND s.role = 'linked'
  JOIN facts AS f ON f.sel = s.sel AND f.subject = a.subject AND f.county = a.county
    AND (NOT a.by IS NULL OR f.at <= a.limit_at)
  LEFT JOIN helpers AS h ON h.rule = a.rule AND h.county = a.county AND h.unit = f.unit
  WHERE NOT f.elements IS NULL AND (f.unit = a.who OR NOT h.unit IS NULL)
), {COVERAGE}
SELECT rule, unit, key, subject, opened_on, due_on, met_on, status, required, measured,
  ARRAY_APPEND(acts, trigger) AS evidence, trigger,
  CONCAT('contain.', REPLACE(outcome, '-part', '')) AS outcome, detail
FROM verdicts
UNION ALL
SELECT o.rule, o.unit, 'none', NULL, NULL, NULL, NULL, 'not_applicable', NULL, NULL, NULL, NULL, 'contain.none', NULL
FROM owed AS o
JOIN rules_contain AS r ON r.rule = o.rule
LEFT JOIN opened AS a ON a.rule = o.rule AND a.unit = o.unit
WHERE a.rule IS NULL
"""

    @field_validator("linked", "helped_by", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        """Read one selector given without a list."""
        return [value] if isinstance(value, dict | str) else value

    @field_validator("within")
    @classmethod
    def _days(cls, value: str | None) -> str | None:
        """Refuse hours: what a date may come after are days."""
        return whole_days(value)

    @model_validator(mode="after")
    def _has_elements(self) -> ContainRule:
        """Refuse a rule whose selectors do not say where the elements are."""
        if self.within is not None and self.by is None:
            msg = "within goes with by: it decides where it ends after that date"
            raise ValueError(msg)
        if not self.covers or all(one.elements_in is None for one in (self.act, *self.linked)):
            msg = "give covers, and elements_in in act or linked"
            raise ValueError(msg)
        return self

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the act, and what is linked with it."""
        return (("act", self.act), *(("linked", selector) for selector in self.linked))

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what is linked."""
        return ("linked",) if self.linked else ()

    def deeds(self) -> tuple[Deed, ...]:
        """Return what each act carries."""
        return (Carry(self.act, self.linked, self.covers),)

    def cells(self) -> dict[str, Cell]:
        """Return the date by which it has to be complete, and the limit of each act."""
        return {"by": self.by, **limit_cells(self.within)}

    def helpers(self) -> tuple[str, ...]:
        """Return the units whose linked acts count besides the unit's own."""
        return self.helped_by

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that every act must carry."""
        return self.covers
