"""Judging of a log by the engine, from Parquet to Parquet, by the shipped book or a part of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from benchmarks.peers.work import peak, spent
from engine.backends.duck import DuckBackend
from engine.compile.facts import facts_sql, values_sql
from engine.compile.plan import County, compile_plan
from engine.compile.stood import Needed, make_log, make_standing
from engine.evaluate import calendar_span
from engine.judge import Question, judge
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.vocabulary import load_vocabulary
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from engine.time.calendar import Calendar
    from rules.book import Book
    from rules.units import Registry

HEADLINE = ("8.2.feedback", "N6.training", "8.4.attendance", "10.1.review-first")
"""Respond in working days, count a year (once and ten times), precede one to one."""

AS_OF = AsOf.parse("2023-12-31")


def load_rules(which: str, copies: int = 1) -> tuple[Registry, tuple[Book, ...]]:
    """Return the registry and the shipped book, whole or its headline rules only, its rules so many times over.

    Args:
        which: `headline` or `all`.
        copies: how often each rule is there, from the second time on under an id of its own.
    """
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    if registry is None:
        raise SystemExit(2)
    books, _ = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    kept = [rule for rule in books[0].rules if which == "all" or rule.id in HEADLINE]
    more = [rule.model_copy(update={"id": f"{rule.id}-{copy}"}) for copy in range(1, copies) for rule in kept]
    return registry, (replace(books[0], rules=(*kept, *more)),)


def counties_of(registry: Registry, books: Sequence[Book], number: int) -> tuple[County, ...]:
    """Return so many counties with the same units and books, under the codes of the simulation."""
    if number == 1:
        return (County(registry, tuple(books)),)
    return tuple(County(replace(registry, county=f"c{one:04d}"), tuple(books)) for one in range(1, number + 1))


def calendar_of(books: Sequence[Book]) -> Calendar:
    """Return the working days that the books need."""
    return china_calendar(*calendar_span(books, AS_OF))


def compute_facts(backend: DuckBackend, question: Question) -> None:
    """Do the one pass over the events alone: what stands, and every fact of the rules."""
    plan = compile_plan(question.counties, question.as_of.day, labels={}, several=question.several)
    for name, table in plan.tables.items():
        backend.load(name, table)
    moment = pa.array([question.as_of.moment], pa.timestamp("us"))
    backend.load("asked", pa.table({"moment": moment, "known": moment, "day": [question.as_of.day]}))
    make_log(backend, None, (), several=question.several)
    needed = Needed(frozenset(), filed=False, types=frozenset(selector.event for selector in plan.selectors))
    make_standing(backend, None, needed, known=question.as_of.moment, inherited=False)
    backend.create("facts", facts_sql(plan.selectors, plan.candidates))
    backend.create("fact_values", values_sql(plan.attributes))


def judged(asked: Namespace) -> dict[str, float]:
    """Judge and write what the arguments of `benchmarks.ours` ask for.

    Returns:
        The seconds of getting ready and of the work, and the peak of memory.
    """
    start = time.perf_counter()
    registry, books = load_rules(asked.rules, asked.copies)
    several = asked.counties > 1
    counties = counties_of(registry, books, asked.counties)
    question = Question(counties, AS_OF, calendar_of(books), several=several)
    ready, cpu = time.perf_counter(), time.process_time()
    with DuckBackend(memory=asked.memory, scratch=asked.out.parent / "scratch") as backend:
        backend.read("events", [asked.events])
        if asked.facts:
            compute_facts(backend, question)
        else:
            backend.write(judge(backend, question), asked.out)
    return {"ready": ready - start, **spent(ready, cpu), "peak": peak()}
