"""Twenty verdicts drawn at random, worked out by hand from what `explain` prints (`tests/data/law/sheets.yaml`)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.compile.plan import kind_name
from engine.evaluate import calendar_span, evaluate
from engine.explain.derivation import MARKS
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from engine.waivers import Waiver
from events.read import read_events
from events.vocabulary import load_vocabulary
from reports.run.sources import Sources
from rules.load import load_books
from rules.loading.registry import load_registry, packaged_registry
from tests.gongkai.test_law import LAW

if TYPE_CHECKING:
    from rules.book import Book
    from rules.units import Registry

SHEETS: list[dict[str, Any]] = yaml.safe_load((LAW / "sheets.yaml").read_text(encoding="utf-8"))
MOMENT = AsOf.parse("2023-12-31")
STATUSES = set(MARKS)


@cache
def loaded() -> tuple[Registry, dict[str, Book]]:
    registry, _ = load_registry(packaged_registry())
    assert registry is not None
    names = ("jinxiang-2023", "regulation-2019")
    books, _ = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry)
    return registry, {book.id: book for book in books}


def waivers(sheet: dict[str, Any]) -> tuple[Waiver, ...]:
    """Return the waiver of a sheet, where it has one, with the label that a file of waivers gives it."""
    said = sheet.get("waiver")
    if said is None:
        return ()
    _, rule, unit, *_ = sheet["obligation"].split("/")
    label = f"{said['by']}：{said['reason']}（{said['since']}至{said['until']}）"
    return (Waiver(rule, unit, None, said["since"], said["until"], label),)


def printed(sheet: dict[str, Any]) -> tuple[dict[str, Any], Book, list[str]]:
    """Return a verdict, its book and its sheet, the rule judged alone."""
    registry, books = loaded()
    book_id, rule, *_ = sheet["obligation"].split("/")
    book = books[book_id]
    small = replace(book, rules=tuple(one for one in book.rules if one.id == rule), earlier=())
    calendar = china_calendar(*calendar_span([small], MOMENT))
    log = read_events((LAW / f"{sheet['log']}.jsonl",), registry).table
    rows = evaluate(log, [small], registry, MOMENT, calendar, waivers=waivers(sheet)).to_pylist()
    row = next(one for one in rows if one["obligation"] == sheet["obligation"])
    sources = Sources(MOMENT, "zh", registry, (small,), calendar, log)
    return row, small, list(sources.explain(row, sources.lines([row]), sources.acts([row])))


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet["obligation"] for sheet in SHEETS])
def test_a_sheet_has_what_the_working_by_hand_needs(sheet: dict[str, Any]) -> None:
    row, book, lines = printed(sheet)
    text = "\n".join(lines)
    (rule,) = book.rules
    assert (row["status"], rule.kind) == (sheet["status"], sheet["kind"])
    assert lines[0] == f"要求：{rule.title.zh}"
    assert book.issued_on in text
    clause = next(one for one in book.clauses if one.id == rule.clause)
    assert clause.text.replace(rule.quote, f"【{rule.quote}】") in text
    assert row["unit_name"] in text
    assert [words for words in sheet["says"] if words not in text] == []
    assert [words for words in sheet.get("silent", ()) if words in text] == []
    assert sheet["worked"]


def test_every_kind_and_every_status_is_among_them() -> None:
    assert len(SHEETS) == 20
    assert {sheet["kind"] for sheet in SHEETS} == {kind_name(kind) for kind in KINDS}
    assert {sheet["status"] for sheet in SHEETS} == STATUSES
