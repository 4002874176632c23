"""A plan is kept for the same rules of the same day, and for nothing that differs from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from engine.backends.duck import DuckBackend
from engine.compile import prepared
from engine.compile.plan import HELPERS, OWED, County
from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from gongkai.options import DEFAULT_UNITS
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from rules.book import Book
    from rules.units import Registry

DAY = date(2023, 9, 20)


@pytest.fixture(scope="module")
def registry() -> Registry:
    found, _ = load_registry(DEFAULT_UNITS)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def book(registry: Registry) -> Book:
    books, problems = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    assert books, problems
    return books[0]


def _part(book: Book, count: int) -> Book:
    """A part of a book, made anew each time, as judging again makes it."""
    return replace(book, rules=tuple(book.rules[:count]), earlier=())


def _prepare(registry: Registry, book: Book, day: date = DAY, **labels: str) -> prepared.Prepared:
    return prepared.prepare((County(registry, (book,)),), day, labels=labels, several=False)


def test_the_same_rules_are_planned_once(registry: Registry, book: Book) -> None:
    first = _prepare(registry, _part(book, 5))
    assert _prepare(registry, _part(book, 5)) is first


def test_whatever_differs_is_planned_anew(registry: Registry, book: Book) -> None:
    part = _part(book, 5)
    first = _prepare(registry, part)
    rule = part.rules[0].model_copy(update={"title": part.rules[1].title})
    others = [
        _prepare(registry, _part(book, 4)),
        _prepare(registry, replace(part, rules=(rule, *part.rules[1:]))),
        _prepare(registry, replace(part, reading="from-issue")),
        _prepare(replace(registry), part),
        _prepare(registry, part, date(2023, 9, 21)),
        _prepare(registry, part, collected="意见收集情况"),
    ]
    assert len({id(one) for one in (first, *others)}) == 7


def test_no_more_are_kept_than_there_is_room_for(registry: Registry, book: Book) -> None:
    for number in range(1, 4):
        _prepare(registry, _part(book, number))
    for day in range(1, prepared.MOST + 5):
        _prepare(registry, _part(book, 1), date(2023, 1 + day // 28, 1 + day % 28))
    assert len(prepared._KEPT) == prepared.MOST


@pytest.mark.parametrize("name", ["jinxiang-2023", "regulation-2019"])
def test_who_owes_what_is_the_same_without_a_statement(registry: Registry, name: str) -> None:
    books, _ = load_books((name, "jinxiang-2023"), KINDS, vocabulary=load_vocabulary(), registry=registry)
    young = replace(registry, units=(replace(registry.units[0], since=DAY), *registry.units[1:]))
    found = prepared.prepare((County(young, books),), DAY, labels={}, several=False)
    with DuckBackend() as backend:
        for table, rows in found.plan.tables.items():
            backend.load(table, rows)
        for table, query in (("owed", OWED), ("helpers", HELPERS)):
            asked = backend.fetch(query).to_pylist()
            known = found.owed[table].to_pylist()
            assert asked
            assert sorted(map(repr, asked)) == sorted(map(repr, known))
