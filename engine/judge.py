"""From a log to verdicts on any backend: the statements in their order, from the entries that stand to the verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.called import called_table
from engine.compile.judges import EVALUATOR, judges_table
from engine.compile.lives import alive
from engine.compile.plan import HELPERS, OWED, kind_name
from engine.compile.prepared import prepare, statements_of
from engine.compile.standing import FILED
from engine.compile.stood import Needed, attributes_read, make_log, make_standing
from engine.compile.verdict_rows import IN_ORDER, Rows, no_verdicts_sql, outcomes_sql, verdicts_sql
from engine.time.period import EVERYTHING, default_period, listed_period
from engine.waivers import waiver_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.backends.base import Backend
    from engine.compile.plan import County, Plan
    from engine.compile.prepared import Prepared
    from engine.compile.stood import AtHand
    from engine.kinds.base import KindRule
    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar
    from engine.time.period import RunPeriod
    from engine.waivers import Waiver
    from events.problems import Lang

MOMENTS = frozenset({"moment", "known"})
"""Columns of `asked` that are moments; the others are days."""

_READ_BY_SOME = frozenset(
    (
        *("owing", "helping", "adopted", "members", "counties"),
        *("judges", "called", "fact_values", "fact_words"),
    )
)
"""Tables that some kinds read, or none where it is known who owes what; of a small log they are made for these."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a log.

    Attributes:
        counties: whose units are judged, each by its own books.
        as_of: the moment asked about; what occurred by then is seen.
        calendar: working days over at least `calendar_span` of the books.
        known_by: the moment up to which recordings count; the as-of moment without.
        period: the days whose obligations are listed; those of `listed_period` without.
        filing: whether it matters if a unit filed anything, and who judged it; without, both are taken on trust.
        waivers: exemptions.
        lang: language of the reasons.
        labels: what elements are called in reasons, by value.
        several: whether the events have a column `county`, and the verdicts are to have one.
        units: ids of the units whose verdicts are asked for, of one county; None for all.
    """

    counties: tuple[County, ...]
    as_of: AsOf
    calendar: Calendar
    known_by: AsOf | None = None
    period: RunPeriod | None = None
    filing: bool = True
    waivers: tuple[Waiver, ...] = ()
    lang: Lang = "zh"
    labels: Mapping[str, str] = field(default_factory=dict)
    several: bool = False
    units: tuple[str, ...] | None = None


@lru_cache(maxsize=4)
def _calendar_table(calendar: Calendar) -> pa.Table:
    """Return the calendar as rows: day, working, ordinal, announced; the same calendar is asked for again and again."""
    days, working, ordinals, announced = zip(*calendar.rows(), strict=True)
    return pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "working": pa.array(working, pa.bool_()),
            "ordinal": pa.array(ordinals, pa.int32()),
            "announced": pa.array(announced, pa.bool_()),
        }
    )


def _asked_table(question: Question) -> pa.Table:
    """Return the moment and its day, what is known by when, and the days listed and those filed for, in one row."""
    as_of, known = question.as_of, question.known_by or question.as_of
    books = [book for county in question.counties for book in county.books]
    period = question.period or listed_period(books, as_of.day)
    filed = default_period(books, as_of.day) if question.period in (None, EVERYTHING) else period
    row = {
        "moment": as_of.moment,
        "day": as_of.day,
        "known": known.moment,
        "first": period.first if period != EVERYTHING else None,
        "last": period.last if period != EVERYTHING else None,
        "filed_from": filed.first,
        "filed_to": filed.last,
        "trusting": not question.filing,
    }
    types = {"trusting": pa.bool_(), **dict.fromkeys(MOMENTS, pa.timestamp("us"))}
    schema = pa.schema([(name, types.get(name, pa.date32())) for name in row])
    return pa.Table.from_pylist([row], schema=schema)


def judge(backend: Backend, question: Question, log: AtHand | None = None) -> str:
    """Judge the log that a backend knows as `events`; return the query of its verdicts.

    Args:
        backend: where the statements run; it gets the tables of the rules, and computes facts and outcomes.
        log: what is known of the log, None for nothing.
        question: what is asked. The verdicts of one county are sorted by obligation.
    """
    prepared = prepare(question.counties, question.as_of.day, labels=question.labels, several=question.several)
    plan = prepared.plan
    waivers = waiver_table(question.waivers, question.as_of.day, plan.tables["rules"], plan.tables["units"])
    asked = {"calendar": _calendar_table(question.calendar), "asked": _asked_table(question), "waivers": waivers}
    small = log is not None and log.few
    unread = _READ_BY_SOME - prepared.named if small and prepared.owed else frozenset[str]()
    for name, table in (*plan.tables.items(), *asked.items()):
        if name not in unread:
            backend.load(name, table)
    read = attributes_read((prepared.facts, prepared.values, prepared.words, *statements_of(plan)))
    make_log(backend, log, read, several=question.several)
    if "judges" not in unread:
        named = log is None or EVALUATOR in log.columns
        backend.load("judges", judges_table(backend, question.counties, several=question.several, named=named))
    _make_owed(backend, prepared.owed if small else {})
    known = (question.known_by or question.as_of).moment
    filed = any(kind.asks_filed for kind in plan.kinds)
    needed = Needed(read, filed, frozenset(selector.event for selector in plan.selectors))
    make_standing(backend, log, needed, known=known, inherited=plan.tables["heirs"].num_rows > 0)
    if filed:
        backend.create("filed", FILED if question.filing else "SELECT number AS unit FROM units")
    facts = _make_facts(backend, prepared, unread)
    if not small:
        backend.forget(())
    if "called" not in unread:
        backend.load("called", called_table(backend, plan, question.counties))
    _make_outcomes(backend, plan, question)
    if not small:
        backend.forget((*facts, *(name for kind in plan.kinds for name, _ in plan.steps[kind])))
    if not plan.kinds:
        return no_verdicts_sql(several=question.several)
    verdicts = _verdict_rows(backend, plan, question, log)
    if not small:
        return verdicts
    backend.create("verdicts", verdicts)  # a query that is fetched is read twice, which takes as long as to run it
    return f"SELECT * FROM verdicts {IN_ORDER}"


def _make_facts(backend: Backend, prepared: Prepared, unread: Collection[str]) -> tuple[str, ...]:
    """Compute the facts and what goes with them, but for what nothing reads; return the names of the tables."""
    queries = {"facts": prepared.facts, "fact_values": prepared.values, "fact_words": prepared.words}
    made = tuple(name for name in queries if name not in unread)
    for name in made:
        backend.create(name, queries[name])
    return made


def _make_owed(backend: Backend, known: Mapping[str, pa.Table]) -> None:
    """Make the tables of which unit owes which rule, and whose records count besides, unless they are known."""
    for name, query in (("owed", OWED), ("helpers", HELPERS)):
        if name in known:
            backend.load(name, known[name])
        else:
            backend.create(name, query)


def _make_outcomes(backend: Backend, plan: Plan, question: Question) -> None:
    """Compute the outcomes of each kind: what became of each duty."""
    mortal = any(unit.since or unit.until for county in question.counties for unit in county.registry.units)
    backend.create_apart([(*plan.steps[kind], _outcomes_of(kind, mortal=mortal)) for kind in plan.kinds])


def _outcomes_of(kind: type[KindRule], *, mortal: bool) -> tuple[str, str]:
    """Return the table of a kind's outcomes: its name and its query."""
    query = alive(kind.statement, kind.broken_on) if mortal else kind.statement
    return f"outcomes_{kind_name(kind)}", query


def _verdict_rows(backend: Backend, plan: Plan, question: Question, log: AtHand | None) -> str:
    """Return the query of the verdicts over the outcomes; of a log at hand only sentences are planned that are said."""
    if question.units is not None:
        backend.load("chosen_units", pa.table({"unit": pa.array(question.units, pa.string())}))
    rows = Rows(
        several=question.several,
        waived=bool(question.waivers),
        versioned=pc.any(plan.tables["rules"]["versioned"]).as_py(),
        chosen=question.units is not None,
        inherited=plan.tables["heirs"].num_rows > 0,
        found=None if log is None else frozenset(backend.fetch(outcomes_sql(plan.kinds))["outcome"].to_pylist()),
    )
    return verdicts_sql(plan.kinds, question.lang, rows)
