"""The engine against the oracle: random logs, random rules of every kind, and the rulebook that ships.

`GONGKAI_THOROUGH=1` tries ten times as many.
"""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.compile.plan import kind_name
from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import Calendar, china_calendar
from engine.time.period import EVERYTHING, RunPeriod
from events.model import Event
from events.problems import Text
from events.read import read_events
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.book import FROM_ISSUE, WHOLE_YEAR, Book
from rules.load import load_books
from rules.loading.registry import UNITS as REGISTRIES
from rules.loading.registry import load_registry
from rules.model import Period
from rules.units import Registry, Unit
from tests.engine.strategies import EMPTY, UNITS, scenes
from tests.oracle.judge import verdicts
from tests.oracle.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.kinds.base import KindRule
    from tests.engine.strategies import Scene

pytestmark = pytest.mark.slow

THOROUGH = bool(os.environ.get("GONGKAI_THOROUGH"))
EXAMPLES = 600 if THOROUGH else 60
CHECKS = settings(
    max_examples=EXAMPLES,
    derandomize=not THOROUGH,
    phases=list(Phase) if THOROUGH else [Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
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
START = datetime(2023, 1, 3)
OTHER = "open_day.held"
"""An event type that no rule of the strategies looks at."""


@cache
def calendar_for(first: date, last: date) -> Calendar:
    return china_calendar(first, last)


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
    table = evaluate(
        table_of(events, load_vocabulary()),
        [book],
        registry,
        moment,
        calendar,
        known_by=AsOf.parse(known_by) if known_by is not None else None,
        period=RunPeriod(*period) if period is not None else EVERYTHING,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
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


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_the_engine_says_what_the_oracle_says(kind: str) -> None:
    @CHECKS
    @given(scenes(kind))
    def agree(scene: Scene) -> None:
        book = rules_of(scene)
        asked = (scene.as_of, scene.known_by, scene.period)
        found = judged(scene.events, book, SMALL, *asked)
        assert differences(found, expected(scene.events, book, SMALL, *asked)) == []

    agree()


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_the_engine_says_what_the_oracle_says_of_units_that_do_not_last(kind: str) -> None:
    @settings(CHECKS, max_examples=EXAMPLES // 3)
    @given(scenes(kind))
    def agree(scene: Scene) -> None:
        book = rules_of(scene)
        asked = (scene.as_of, scene.known_by, scene.period)
        found = judged(scene.events, book, REFORMED, *asked)
        assert differences(found, expected(scene.events, book, REFORMED, *asked)) == []

    agree()


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_neither_the_order_of_the_log_nor_an_unrelated_event_matters(kind: str) -> None:
    @settings(CHECKS, max_examples=EXAMPLES // 3)
    @given(scenes(kind), st.randoms(use_true_random=False))
    def same(scene: Scene, rng: random.Random) -> None:
        book = rules_of(scene)
        shuffled = list(scene.events)
        rng.shuffle(shuffled)
        at = datetime(2023, 10, 9)
        more = [
            Event("other", OTHER, UNITS[0], "甲", at, timed=False, recorded_at=at, where=EMPTY),
            Event("elsewhere", OTHER, UNITS[1], None, at, timed=False, recorded_at=at, where=EMPTY),
        ]
        # what a unit filed at all settles whether a prohibition was kept: each has filed something before
        filed = [
            Event(f"filed by {unit}", OTHER, unit, "年初", START, timed=False, recorded_at=START, where=EMPTY)
            for unit in UNITS
        ]
        first = judged([*filed, *scene.events], book, SMALL, scene.as_of)
        assert judged([*more, *shuffled, *filed], book, SMALL, scene.as_of) == first

    same()


BOOKS = [("jinxiang-2023", seed) for seed in range(40 if THOROUGH else 4)]
BOOKS += [("regulation-2019", seed) for seed in range(20 if THOROUGH else 2)]


@pytest.mark.parametrize(("name", "seed"), BOOKS)
def test_the_engine_agrees_with_the_oracle_on_the_rulebooks_that_ship(name: str, seed: int) -> None:
    registry, _ = load_registry(REGISTRIES / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books((name,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    book = replace(books[0], readings={})
    log = random_log(random.Random(seed), registry, book)
    for as_of in ("2023-06-30", "2023-12-31", "2024-03-01T12:00"):
        assert differences(judged(log, book, registry, as_of), expected(log, book, registry, as_of)) == []


def test_a_unit_may_be_called_by_any_of_its_names_in_any_entry(tmp_path: Path) -> None:
    registry, _ = load_registry(REGISTRIES / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books(("regulation-2019",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    book, rng = replace(books[0], readings={}), random.Random(7)
    named = [unit for unit in registry.units if unit.aliases]
    log = random_log(rng, replace(registry, units=tuple(named)), book)
    lines = [_written(one, rng.choice(_names(registry.unit(one.unit)))) for one in log]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    # some made-up values are none of the vocabulary's: no log has them
    wrong = {one.where.line for one in read_events((path,), registry).problems if one.severity == "error"}
    log = [one for number, one in enumerate(log, 1) if number not in wrong]
    path.write_text("\n".join(line for number, line in enumerate(lines, 1) if number not in wrong), encoding="utf-8")
    read = read_events((path,), registry)
    assert (len(read.table), len(log) > 300) == (len(log), True)
    assert len({*read.table["unit"].to_pylist()}) <= 6
    moment = AsOf.parse("2023-12-31")
    calendar = calendar_for(*calendar_span([book], moment))
    rows = evaluate(read.table, [book], registry, moment, calendar, period=EVERYTHING).to_pylist()
    found = [{name: row[name] for name in ("obligation", "trigger", "status", "due_on", "met_on")} for row in rows]
    wanted = expected(log, book, registry, "2023-12-31")
    assert sorted(found, key=str) == sorted(({name: row[name] for name in found[0]} for row in wanted), key=str)


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.id, unit.name, *unit.aliases)


def _written(event: Event, unit: str) -> str:
    """Return a line of a log, the unit called by one of its names."""
    at = event.occurred_at.isoformat() if event.timed else event.occurred_at.date().isoformat()
    record = {"id": event.id, "type": event.type, "unit": unit, "subject": event.subject, "occurred_at": at}
    return json.dumps(record | {"data": event.data}, ensure_ascii=False)


def random_log(rng: random.Random, registry: Registry, book: Book) -> list[Event]:
    """Return a log of the event types that a book looks at, with the attributes that its conditions ask for."""
    selectors = [selector for rule in book.rules for _, selector in rule.selectors()]
    units = rng.sample([unit.id for unit in registry.units], 6)
    found = []
    for number in range(400):
        selector = rng.choice(selectors)
        data: dict[str, Any] = {}
        for name, condition in (selector.where[0] if selector.where else {}).items():
            for value in (condition.equals, (condition.one_of or (None,))[0], condition.at_least, condition.more_than):
                if value is not None and rng.random() < 0.8:
                    data[name] = value
            if condition.includes is not None and rng.random() < 0.8:
                data[name] = (condition.includes,)
        if selector.elements_in is not None and rng.random() < 0.8:
            data[selector.elements_in] = tuple(rng.sample(sorted(elements_of(book)), 3))
        data |= figures(rng, selector.event)
        if selector.event == "assessment.recorded":
            data["evaluator"] = rng.choice(("县政府办公室", "县政府办公室 张三", "县民政局"))
        if selector.event == "indicator.reported":
            data["value"] = rng.choice((1.0, 20.0, 97.0, 4000.0))
        at = datetime(2023, rng.randint(1, 12), rng.randint(1, 28), rng.choice((0, 0, 9, 15)))
        subject = rng.choice((*"甲乙丙丁", *elements_of(book)))
        found.append(
            Event(f"e{number}", selector.event, rng.choice(units), subject, at, at.hour > 0, at, EMPTY, whole(data))
        )
    return found


def figures(rng: random.Random, event: str) -> dict[str, Any]:
    """Return the figures from which the engine works something out."""
    major = rng.choice(({"major_decision": True}, {"major_decision": False}, {}))
    if event == "consultation.closed":
        return major
    if event == "request.fee_asked":
        counted = rng.choice(({"pieces": rng.randint(0, 60)}, {"pages": rng.randint(0, 260)}, {}))
        return counted | rng.choice(({"fee": rng.choice((0, 100.0, 700.0, 3600.0))}, {}))
    if event == "request.extended":
        return rng.choice(({"working_days": rng.choice((5, 12, 20, 25))}, {}))
    if event == "consultation.opened":
        return rng.choice(({"urgency_explained": True}, {"urgency_explained": False}, {})) | major
    return {}


def elements_of(book: Book) -> tuple[str, ...]:
    """Return the elements that the rules of a book ask for."""
    names = {name for rule in book.rules for name in (*getattr(rule, "covers", ()), *getattr(rule, "items", ()))}
    return tuple(sorted(names))


def whole(data: dict[str, Any]) -> dict[str, Any]:
    """Return attributes as the vocabulary types them."""
    types = load_vocabulary().attributes
    return {name: int(value) if types[name].type == "int" else value for name, value in data.items() if name in types}
