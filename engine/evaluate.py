"""Evaluate rulebooks against the log of one county as of a moment, in the embedded database."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.backends.duck import DuckBackend
from engine.compile.plan import County
from engine.judge import Question, judge
from engine.verdicts import SCHEMA
from engine.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.backends.base import Backend
    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar
    from engine.time.period import Period
    from events.problems import Lang
    from rules.book import Book
    from rules.units import Registry

__all__ = ["Waiver", "calendar_span", "evaluate"]

AHEAD = timedelta(days=400)


def calendar_span(books: Sequence[Book], as_of: AsOf) -> tuple[date, date]:
    """Return the first and last day that a calendar must have for an evaluation: the periods and a year beyond."""
    starts = [rule.period.start for book in books for rule in book.versions()]
    ends = [rule.period.end for book in books for rule in book.versions()]
    return min([*starts, as_of.day]), max([*ends, as_of.day]) + AHEAD


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
    known_by: AsOf | None = None,
    period: Period | None = None,
    filing: bool = True,
    labels: Mapping[str, str] | None = None,
    backend: Backend | None = None,
) -> pa.Table:
    """Return the verdict of every obligation, a row each (`engine.verdicts.SCHEMA`), sorted by obligation.

    Args:
        events: the log (`events.table`), of any moment; what had not occurred by `as_of` is not seen.
        books: the rulebooks, their readings chosen.
        registry: the units that owe.
        as_of: the moment asked about.
        calendar: working days over at least `calendar_span(books, as_of)`.
        waivers: exemptions.
        lang: language of the reasons.
        units: ids of the units to judge; None for all.
        known_by: the moment up to which recordings count; the as-of moment without.
        period: the days whose obligations are listed; those of `engine.time.period.listed_period` without.
        filing: whether it matters if a unit filed anything, and who judged it; without, both are taken on trust.
        labels: what elements are called in reasons, by value.
        backend: where the statements run; a DuckDB in memory without.

    Raises:
        CalendarRangeError: the calendar is too short.
    """
    for day in calendar_span(books, as_of):
        calendar.ordinal(day)
    question = Question(
        (County(registry, tuple(books)),),
        as_of,
        calendar,
        known_by=known_by,
        period=period,
        filing=filing,
        waivers=tuple(waivers),
        lang=lang,
        labels=labels or {},
    )
    return _judged(events, question, units, backend)


def _judged(events: pa.Table, question: Question, units: Sequence[str] | None, backend: Backend | None) -> pa.Table:
    """Return the verdicts of a question, those of some units only where they are named."""
    with DuckBackend() if backend is None else nullcontext(backend) as chosen:
        chosen.load("events", events)
        verdicts = chosen.fetch(judge(chosen, question)).cast(SCHEMA)
    # what a unit owes may rest on what others did, so that all are judged before some are shown
    return verdicts if units is None else verdicts.filter(pc.is_in(verdicts["unit"], pa.array(units, pa.string())))
