"""What the engine says of a log and what the oracle says, and where they differ.

`GONGKAI_THOROUGH=1` tries ten times as many logs.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.backends.duck import DuckBackend
from engine.compile.plan import kind_name
from engine.evaluate import Apart, calendar_span, evaluate, evaluate_apart
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import Calendar, china_calendar
from engine.time.period import EVERYTHING, RunPeriod
from events.problems import Text
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.book import FROM_ISSUE, WHOLE_YEAR, Book
from rules.model import Period
from rules.units import Registry, Unit
from tests.engine.strategies import UNITS
from tests.oracle.judge import verdicts
from tests.oracle.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.kinds.base import KindRule
    from events.model import Event
    from tests.engine.strategies import Scene

THOROUGH = bool(os.environ.get("GONGKAI_THOROUGH"))
EXAMPLES = 600 if THOROUGH else 60
CLASSES = {kind_name(kind): kind for kind in KINDS}
SMALL = Registry(
    "county", "某县", tuple(Unit(one, one, "department", evaluates=one == "sifa") for one in UNITS), {"units": UNITS}
)
REFORMED = Registry(
    "county",
    "某县",
    (
        Unit("minzheng", "minzheng", "department", until=date(2023, 10, 8), successors=("yangshan",)),
        Unit("yangshan", "yangshan", "department"),
        Unit("sifa", "sifa", "department", evaluates=True, since=date(2023, 9, 28)),
    ),
    {"units": UNITS},
)
"""A unit whose work another took over, and one that was set up within the year."""

YEAR = Period.model_validate({"from": date(2023, 1, 1), "to": date(2023, 12, 31)})


@cache
def calendar_for(first: date, last: date) -> Calendar:
    return china_calendar(first, last)


@cache
def engine() -> DuckBackend:
    """Return a database whose memory and processor those of all judgings share: to start one takes 20 ms."""
    return DuckBackend(threads=1)


def book_of(rules: Sequence[KindRule]) -> Book:
    return Book("book", Text("", ""), "", "2023-01-01", YEAR, (), tuple(rules), {}, "", "")


def judged(
    events: Sequence[Event],
    book: Book,
    registry: Registry,
    as_of: str,
    known_by: str | None = None,
    period: tuple[date, date] | None = None,
) -> list[dict[str, Any]]:
    moment = AsOf.parse(as_of)
    calendar = calendar_for(*calendar_span([book], moment))
    with DuckBackend(beside=engine()) as backend:
        table = evaluate(
            table_of(events, load_vocabulary()),
            [book],
            registry,
            moment,
            calendar,
            known_by=AsOf.parse(known_by) if known_by is not None else None,
            period=RunPeriod(*period) if period is not None else EVERYTHING,
            backend=backend,
        )
    return plain(table.to_pylist())


def judged_apart(
    logs: Sequence[tuple[Sequence[Event], Book]],
    registry: Registry,
    as_of: str,
    known_by: str | None = None,
    period: tuple[date, date] | None = None,
) -> list[list[dict[str, Any]]]:
    """Return what `judged` returns of each of many logs, which are judged in one pass, as counties of their own.

    Rules that are not the same are of books of different ids.
    """
    moment = AsOf.parse(as_of)
    found = evaluate_apart(
        [Apart(table_of(events, load_vocabulary()), (book,)) for events, book in logs],
        registry,
        moment,
        calendar_for(*calendar_span([book for _, book in logs], moment)),
        known_by=AsOf.parse(known_by) if known_by is not None else None,
        period=RunPeriod(*period) if period is not None else EVERYTHING,
        beside=engine(),
    )
    return [plain(_without_county(row, f"/{number:06}/") for row in rows) for number, rows in enumerate(found)]


def _without_county(row: dict[str, Any], county: str) -> dict[str, Any]:
    """Return a row whose names do not say of which log it is."""
    return row | {name: row[name] and row[name].replace(county, "/", 1) for name in ("obligation", "cause")}


def plain(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without what the oracle does not say: sentences, and hashes of what is asked."""
    return [
        {name: value for name, value in row.items() if name not in ("reason", "reading")}
        | {"cause": row["cause"] and re.sub(r"#[0-9a-f]{12}/", "#/", row["cause"])}
        for row in rows
    ]


def expected(
    events: Sequence[Event],
    book: Book,
    registry: Registry,
    as_of: str,
    known_by: str | None = None,
    period: tuple[date, date] | None = None,
) -> list[dict[str, Any]]:
    moment = AsOf.parse(as_of).moment
    calendar = calendar_for(*calendar_span([book], AsOf.parse(as_of)))
    world = World(
        events,
        moment,
        calendar.working_days,
        calendar.last_announced or 9999,
        {
            names: registry.members(names)
            for rule in book.rules
            for names in (rule.owed_by, getattr(rule, "helped_by", ()))
        },
        {unit.id: unit.name for unit in registry.units},
        known=AsOf.parse(known_by).moment if known_by is not None else None,
        period=period,
        evaluators=evaluators(registry),
        lives={unit.id: (unit.since, unit.until) for unit in registry.units},
        heirs={unit.id: unit.successors for unit in registry.units},
        filing=period or filing(book, moment.date()),
    )
    return verdicts(
        world,
        book.id,
        book.rules,
        issued=date.fromisoformat(book.issued_on),
        document={clause.id: clause.document or book.document for clause in book.clauses},
        from_issue=book.reading == FROM_ISSUE,
    )


def evaluators(registry: Registry) -> dict[str, str]:
    """Return the evaluators of the logs who are of a unit that evaluates, with that unit."""
    units = [unit for unit in registry.units if unit.evaluates]
    return {f"{unit.name}{person}": unit.id for unit in units for person in ("", " 张三")}


def filing(book: Book, today: date) -> tuple[date, date]:
    """Return the days of which a unit has to file something: a yearly document's own, else the calendar year."""
    start, end = book.in_force.start, book.in_force.end
    yearly = (end - start).days < 366
    return (start, end) if yearly else (date(today.year, 1, 1), date(today.year, 12, 31))


def rules_of(scene: Scene) -> Book:
    book = book_of([CLASSES[rule["kind"]].model_validate(rule) for rule in scene.rules])
    reading = FROM_ISSUE if scene.from_issue else WHOLE_YEAR
    return replace(book, issued_on=scene.issued.isoformat(), reading=reading)


def differences(found: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]) -> list[str]:
    """Return where two sets of verdicts differ: obligation, column, what the engine says, what the oracle says."""
    engine, oracle = ({(row["obligation"], row["trigger"]): row for row in rows} for rows in (found, wanted))
    assert len(engine) == len(found)
    missing = [f"{key} only in one" for key in engine.keys() ^ oracle.keys()]
    return missing + [
        f"{key} {name}: {engine[key][name]} / {oracle[key][name]}"
        for key in sorted(engine.keys() & oracle.keys(), key=str)
        for name in engine[key]
        if engine[key][name] != oracle[key][name]
    ]
