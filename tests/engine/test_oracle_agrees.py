"""The engine against the oracle: random logs, random rules of every kind, and the rulebooks that ship."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from engine.compile.plan import County
from engine.evaluate import calendar_span, evaluate
from engine.incremental import bearing_on
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.period import EVERYTHING
from events.model import Event
from events.read import read_events
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.load import load_books
from rules.loading.registry import UNITS as REGISTRIES
from rules.loading.registry import load_registry
from tests.engine.agreeing import (
    CLASSES,
    REFORMED,
    SMALL,
    THOROUGH,
    calendar_for,
    differences,
    expected,
    judged,
    judged_apart,
    rules_of,
)
from tests.engine.crowds import agree_alone, agree_together, alone, draw_crowds, questions, together
from tests.engine.strategies import EMPTY, UNITS, scenes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.book import Book
    from rules.units import Registry, Unit
    from tests.engine.strategies import Scene

pytestmark = pytest.mark.slow

OTHER = "open_day.held"
"""An event type that no rule of the strategies looks at."""
START = datetime(2023, 1, 3)
PARTS = 60 if THOROUGH else 5
"""Of how many scenes of each kind a unit is judged by itself."""


@cache
def crowds(kind: str) -> list[list[Scene]]:
    """Return crowds of scenes of a kind, for all tests the same."""
    return draw_crowds(scenes(kind))


@pytest.mark.parametrize("kind", sorted(CLASSES))
@pytest.mark.parametrize("registry", [SMALL, REFORMED], ids=["lasting", "reformed"])
def test_the_engine_says_what_the_oracle_says(kind: str, registry: Registry) -> None:
    for crowd in crowds(kind):
        agree_together(crowd, registry)
        for scene in alone(crowd):
            agree_alone(scene, registry)


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_neither_the_order_of_the_log_nor_an_unrelated_event_matters(kind: str) -> None:
    for crowd in crowds(kind):
        plain, other = [more_filed(scene) for scene in crowd], [shuffled(scene) for scene in crowd]
        for as_of, *_ in questions(crowd)[::2]:
            asked = (as_of, None, None)
            for scene, first, second in zip(
                crowd, together(plain, SMALL, asked), together(other, SMALL, asked), strict=True
            ):
                assert second == first, (scene, asked)
        for scene in alone(crowd):  # the rows come in the same order too
            book = rules_of(scene)
            first = judged(more_filed(scene).events, book, SMALL, scene.as_of)
            assert judged(shuffled(scene).events, book, SMALL, scene.as_of) == first


@pytest.mark.parametrize("registry", [SMALL, REFORMED], ids=["lasting", "reformed"])
def test_a_unit_judged_by_what_bears_on_it_gets_the_verdicts_of_the_whole(registry: Registry) -> None:
    """The obligations of one unit of each scene: by the whole log and book, and by the part that bears on them."""
    some = [scene for kind in sorted(CLASSES) for scene in crowds(kind)[0][:PARTS]]
    wholes = [(scene.events, replace(rules_of(scene), id=f"book{place}")) for place, scene in enumerate(some)]
    units = [UNITS[place % len(UNITS)] for place in range(len(some))]
    parts = [part_of(events, book, registry, unit) for (events, book), unit in zip(wholes, units, strict=True)]
    assert sum(len(events) for events, _ in parts) < sum(len(events) for events, _ in wholes) * 0.9
    for as_of in ("2023-07-03", "2024-02-01"):
        found = zip(judged_apart(wholes, registry, as_of), judged_apart(parts, registry, as_of), strict=True)
        for scene, unit, (whole, part) in zip(some, units, found, strict=True):
            assert theirs(part, unit) == theirs(whole, unit), (unit, scene)


def part_of(events: Sequence[Event], book: Book, registry: Registry, unit: str) -> tuple[list[Event], Book]:
    """Return the entries and the rules that bear on what a unit owes."""
    county, kept = bearing_on((unit,), County(registry, (book,)), table_of(events, load_vocabulary()))
    ids = set(kept["id"].to_pylist())
    return [one for one in events if one.id in ids], county.books[0]


def theirs(rows: list[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    """Return the verdicts of a unit, sorted."""
    return sorted(
        (row for row in rows if row["unit"] == unit), key=lambda row: (row["obligation"], row["trigger"] or "")
    )


def more_filed(scene: Scene) -> Scene:
    """Return a scene with an unrelated entry of each unit: what was filed at all settles whether a ban was kept."""
    filed = [
        Event(f"filed by {unit}", OTHER, unit, "年初", START, timed=False, recorded_at=START, where=EMPTY)
        for unit in UNITS
    ]
    return replace(scene, events=(*filed, *scene.events))


def shuffled(scene: Scene) -> Scene:
    """Return the same in another order, with further unrelated entries."""
    events = list(scene.events)
    random.Random(len(events)).shuffle(events)
    at = datetime(2023, 10, 9)
    more = [
        Event("other", OTHER, UNITS[0], "甲", at, timed=False, recorded_at=at, where=EMPTY),
        Event("elsewhere", OTHER, UNITS[1], None, at, timed=False, recorded_at=at, where=EMPTY),
    ]
    filed = more_filed(scene).events[: len(UNITS)]
    return replace(scene, events=(*more, *events, *filed))


SEEDS = {"jinxiang-2023": 40 if THOROUGH else 4, "regulation-2019": 20 if THOROUGH else 2}


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_engine_agrees_with_the_oracle_on_the_rulebooks_that_ship(name: str) -> None:
    registry, _ = load_registry(REGISTRIES / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books((name,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    book = replace(books[0], readings={})
    logs = [random_log(random.Random(seed), registry, book) for seed in range(SEEDS[name])]
    for as_of in ("2023-06-30", "2023-12-31", "2024-03-01T12:00"):
        found = judged_apart([(log, book) for log in logs], registry, as_of)
        for seed, (log, rows) in enumerate(zip(logs, found, strict=True)):
            assert differences(rows, expected(log, book, registry, as_of)) == [], seed
    assert differences(judged(logs[0], book, registry, as_of), expected(logs[0], book, registry, as_of)) == []


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
    elements = elements_of(book)
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
            data[selector.elements_in] = tuple(rng.sample(elements, 3))
        data |= figures(rng, selector.event)
        if selector.event == "assessment.recorded":
            data["evaluator"] = rng.choice(("县政府办公室", "县政府办公室 张三", "县民政局"))
        if selector.event == "indicator.reported":
            data["value"] = rng.choice((1.0, 20.0, 97.0, 4000.0))
        at = datetime(2023, rng.randint(1, 12), rng.randint(1, 28), rng.choice((0, 0, 9, 15)))
        subject = rng.choice((*"甲乙丙丁", *elements))
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
