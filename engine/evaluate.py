"""Evaluate rulebooks against the log of one county as of a moment, in the embedded database."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from engine.backends.duck import DuckBackend
from engine.backends.recorded import RecordedBackend
from engine.compile.plan import County
from engine.compile.stood import FEW, at_hand
from engine.compile.verdict_rows import IN_ORDER
from engine.judge import Question, judge
from engine.verdicts import SCHEMA
from engine.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.backends.base import Backend
    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar
    from engine.time.period import RunPeriod
    from events.problems import Lang
    from rules.book import Book
    from rules.units import Registry

__all__ = ["Apart", "Waiver", "calendar_span", "evaluate", "evaluate_apart"]

AHEAD = timedelta(days=400)

_MARK: Final = "\x1e"
"""What stands between a log and an id while logs are judged side by side; no id of a log has it."""


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
    period: RunPeriod | None = None,
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
    if units is not None and not isinstance(backend, RecordedBackend):
        from engine.incremental import bearing_on  # noqa: PLC0415 (only where single units are asked for)

        county, events = bearing_on(units, question.counties[0], events)
        question = replace(question, counties=(county,), units=tuple(units))
    # among few entries two processors wait for each other in every small step: each has a statement of its own
    few = events.num_rows <= FEW
    with DuckBackend(threads=1 if few else None, lanes=few) if backend is None else nullcontext(backend) as chosen:
        chosen.load("events", events)
        # whoever looks at the statements is shown all of them, and not what a log of this sort needs
        log = None if isinstance(chosen, RecordedBackend) else at_hand(events)
        verdicts = chosen.fetch(judge(chosen, question, log)).cast(SCHEMA)
    # others are judged by what bears on these units alone, and not shown
    return verdicts if units is None else verdicts.filter(pc.is_in(verdicts["unit"], pa.array(units, pa.string())))


@dataclass(frozen=True, slots=True)
class Apart:
    """A log of its own, and the books that it is held to.

    Attributes:
        events: the log (`events.table`).
        books: the rulebooks; a rule of the same book and id is the same in all logs that are judged together.
    """

    events: pa.Table
    books: tuple[Book, ...]


def evaluate_apart(
    logs: Sequence[Apart],
    registry: Registry,
    as_of: AsOf,
    calendar: Calendar,
    *,
    known_by: AsOf | None = None,
    period: RunPeriod | None = None,
    filing: bool = True,
    lang: Lang = "zh",
    labels: Mapping[str, str] | None = None,
    beside: DuckBackend | None = None,
) -> list[list[dict[str, Any]]]:
    """Return the verdicts of many small logs, each as `evaluate` gives them alone, in one pass over one database.

    None of the logs knows of another, as if each were of a county of its own. Obligations are named after the log too.

    `beside` is a database that is open, whose memory and processors are used: who asks again and again opens it once.
    """
    named = [f"{number:06}" for number in range(len(logs))]
    counties = tuple(County(registry.of_county(name), one.books) for name, one in zip(named, logs, strict=True))
    question = Question(
        counties,
        as_of,
        calendar,
        known_by=known_by,
        period=period,
        filing=filing,
        lang=lang,
        labels=labels or {},
        several=True,
    )
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in named}
    with DuckBackend(beside=beside) as backend:
        events = _of_counties([one.events for one in logs], named)
        backend.load("events", events)
        # which county an entry is of that corrects another is not known of a log at hand
        log = at_hand(events)
        # a query that is fetched is read twice, which takes longer than to run it over a few entries
        backend.create("judged", judge(backend, question, None if log.chains.num_rows else log))
        for row in backend.fetch(f"SELECT * FROM judged {IN_ORDER}").to_pylist():
            county = row.pop("county")
            found[county].append({name: _plain(value, county + _MARK) for name, value in row.items()})
    return list(found.values())


def _of_counties(logs: Sequence[pa.Table], counties: Sequence[str]) -> pa.Table:
    """Return logs as those of counties, the ids of each told from those of all others."""
    events = pa.concat_tables(logs, promote_options="default").combine_chunks()
    places = [place for place, log in enumerate(logs) for _ in range(log.num_rows)]
    county = pa.array(counties, pa.string()).take(pa.array(places, pa.int32()))
    for name in ("id", "corrects", "retracts"):
        marked = pc.binary_join_element_wise(county, events[name].cast(pa.string()), _MARK)
        events = events.set_column(events.column_names.index(name), name, marked)
    return events.append_column("county", county)


def _plain(value: object, mark: str) -> object:
    """Return a value of a verdict with its ids as they stand in the log."""
    if isinstance(value, list):
        return [_plain(one, mark) for one in value]
    return value.replace(mark, "") if isinstance(value, str) else value
