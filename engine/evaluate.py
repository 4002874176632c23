"""Evaluate rulebooks against a log as of a moment: events, facts, obligations, verdicts, each a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.duck import DuckBackend
from engine.plan import Plan, compile_plan, kind_name
from engine.selectors import elements_sql, facts_sql, values_sql
from engine.standing import STANDING, settle_chains
from engine.verdict_sql import messages_table, verdicts_sql
from engine.verdicts import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlglot import exp

    from engine.asof import AsOf
    from engine.calendar import Calendar
    from engine.kinds.base import KindRule
    from events.problems import Lang
    from rules.book import Book
    from rules.units import Registry

AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded, reasoned, dated, expiring exemption.

    Attributes:
        rule: id of the rule.
        unit: id of the unit.
        subject: the subject that it is for, or None for all of the unit's obligations under the rule.
        since: first day that it holds on.
        until: last day that it holds on.
        label: who approved it and why, as verdict rows show it.
        period: the period or due date that it is for, such as `2023` or `2023-12-31`; None for any.
    """

    rule: str
    unit: str
    subject: str | None
    since: date
    until: date
    label: str
    period: str | None = None


def calendar_span(books: Sequence[Book], as_of: AsOf) -> tuple[date, date]:
    """Return the first and last day that a calendar must have for an evaluation: the periods and a year beyond."""
    starts = [rule.period.start for book in books for rule in book.versions()]
    ends = [rule.period.end for book in books for rule in book.versions()]
    return min([*starts, as_of.day]), max([*ends, as_of.day]) + AHEAD


def _waiver_table(waivers: Sequence[Waiver]) -> pa.Table:
    """Return the waivers as rows."""
    rows = [
        {
            "rule": w.rule,
            "unit": w.unit,
            "subject": w.subject,
            "period": w.period,
            "since": w.since,
            "until": w.until,
            "label": w.label,
        }
        for w in waivers
    ]
    text, day = pa.string(), pa.date32()
    texts = [(name, text) for name in ("rule", "unit", "subject", "period", "label")]
    schema = pa.schema([*texts, ("since", day), ("until", day)])
    return pa.Table.from_pylist(rows, schema=schema)


def _calendar_table(calendar: Calendar) -> pa.Table:
    """Return the calendar as rows: day, working, ordinal, announced."""
    days, working, ordinals, announced = zip(*calendar.rows(), strict=True)
    return pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "working": pa.array(working, pa.bool_()),
            "ordinal": pa.array(ordinals, pa.int32()),
            "announced": pa.array(announced, pa.bool_()),
        }
    )


def _load(backend: DuckBackend, events: pa.Table, plan: Plan, as_of: AsOf, calendar: Calendar) -> None:
    """Give the backend its inputs and compute the facts."""
    fallen, roots = settle_chains(events, as_of.moment)
    inputs = {
        **plan.tables,
        "events": events,
        "fallen": fallen,
        "roots": roots,
        "calendar": _calendar_table(calendar),
        "asof": pa.table(
            {"moment": pa.array([as_of.moment], pa.timestamp("us")), "day": pa.array([as_of.day], pa.date32())}
        ),
    }
    for name, table in inputs.items():
        backend.load(name, table)
    backend.create("standing", STANDING)
    backend.create("facts", facts_sql(plan.selectors))
    backend.create("fact_elements", elements_sql(plan.elements))
    backend.create("fact_values", values_sql(plan.attributes))


def statements(rule: KindRule) -> tuple[tuple[str, str | exp.Expression], ...]:
    """Return the statements that judge one rule, each with the name of the table that it makes, in their order."""
    selectors = tuple(selector for _, selector in rule.selectors())
    elements = frozenset(one.elements_in for one in selectors if one.elements_in is not None)
    return (
        ("standing", STANDING),
        ("facts", facts_sql(selectors)),
        ("fact_elements", elements_sql(elements)),
        ("fact_values", values_sql(rule.attributes())),
        *type(rule).steps,
        (f"outcomes_{kind_name(type(rule))}", type(rule).statement),
        ("verdicts", verdicts_sql([type(rule)])),
    )


def evaluate(
    events: pa.Table,
    books: Sequence[Book],
    registry: Registry,
    as_of: AsOf,
    calendar: Calendar,
    *,
    waivers: Sequence[Waiver] = (),
    lang: Lang = "zh",
    units: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> pa.Table:
    """Return the verdict of every obligation, a row each (`engine.verdicts.SCHEMA`), sorted by obligation.

    Args:
        events: the log (`events.table`), of any moment; what was not known by `as_of` is not seen.
        books: the rulebooks, their readings chosen.
        registry: the units that owe.
        as_of: the moment asked about.
        calendar: working days over at least `calendar_span(books, as_of)`.
        waivers: exemptions.
        lang: language of the reasons.
        units: ids of the units to judge; None for all.
        labels: what elements are called in reasons, by value.

    Raises:
        CalendarRangeError: the calendar is too short.
    """
    first, last = calendar_span(books, as_of)
    calendar.ordinal(first)
    calendar.ordinal(last)
    plan = compile_plan(books, registry, labels=labels or {})
    with DuckBackend() as backend:
        _load(backend, events, plan, as_of, calendar)
        backend.load("waivers", _waiver_table(waivers))
        backend.load("messages", messages_table(plan.kinds, lang))
        for kind in plan.kinds:
            for name, step in kind.steps:
                backend.create(name, step)
            backend.create(f"outcomes_{kind_name(kind)}", kind.statement)
        verdicts = backend.fetch(verdicts_sql(plan.kinds, lang)).cast(SCHEMA)
    # what a unit owes may rest on what others did, so that all are judged before some are shown
    return verdicts if units is None else verdicts.filter(pc.is_in(verdicts["unit"], pa.array(units, pa.string())))
