"""Little logs and the verdicts that a lawyer works out by hand (`tests/data/law/answers.yaml`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.read import read_events
from events.vocabulary import load_vocabulary
from rules.load import load_books
from rules.loading.registry import load_registry, packaged_registry

if TYPE_CHECKING:
    from collections.abc import Collection

    from rules.book import Book
    from rules.units import Registry

LAW = Path(__file__).parents[1] / "data" / "law"
ROWS: list[dict[str, Any]] = yaml.safe_load((LAW / "answers.yaml").read_text(encoding="utf-8"))
NAMED = ("rule", "unit", "subject", "trigger")


@cache
def _loaded() -> tuple[Registry, tuple[Book, ...]]:
    registry, _ = load_registry(packaged_registry())
    assert registry is not None
    books, problems = load_books(
        ("jinxiang-2023", "regulation-2019"), KINDS, vocabulary=load_vocabulary(), registry=registry
    )
    assert not problems
    return registry, books


def _verdicts(log: str, as_of: str, rules: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the verdicts on a log, those of some rules only where they are named: the others take most of the time."""
    registry, books = _loaded()
    if rules is not None:
        books = tuple(book.only(lambda rule: rule.id in rules) for book in books)
    moment = AsOf.parse(as_of)
    read = read_events((LAW / f"{log}.jsonl",), registry)
    calendar = china_calendar(*calendar_span(books, moment))
    rows = evaluate(read.table, books, registry, moment, calendar).to_pylist()
    return [{**row, "unit": row["unit_name"]} for row in rows]


def _plain(value: object) -> object:
    return str(value) if value is not None and not isinstance(value, int | float) else value


def _rules_of(row: dict[str, Any]) -> set[str] | None:
    """Return the rules that a lawyer's answer is about; None where it is about all of them."""
    named = [*row["verdicts"], *row.get("nothing of", ()), *row.get("number of", ())]
    rules = {one.get("rule") for one in named}
    return None if "none for" in row or None in rules else rules


@pytest.mark.parametrize("row", ROWS, ids=[row["log"] for row in ROWS])
def test_the_verdicts_are_those_of_the_law(row: dict[str, Any]) -> None:
    found = _verdicts(row["log"], str(row.get("as_of", "2023-12-31")), _rules_of(row))
    for wanted in [dict(one) for one in row["verdicts"]]:
        same = [one for one in found if all(_plain(one[key]) == _plain(wanted[key]) for key in NAMED if key in wanted)]
        says = wanted.pop("says", "")
        right = [one for one in same if all(_plain(one[key]) == _plain(value) for key, value in wanted.items())]
        right = [one for one in right if says in one["reason"]]
        shown = [{key: one[key] for key in (*wanted, "reason")} for one in same]
        assert right, f"{wanted} / {shown}"
    for spared in row.get("nothing of", ()):
        broken = [one for one in found if one["rule"] == spared["rule"] and one["unit"] == spared["unit"]]
        assert [one for one in broken if one["status"] in {"violated", "late"}] == []
    for counted in row.get("number of", ()):
        own = [one for one in found if all(one[key] == counted[key] for key in ("rule", "unit"))]
        assert len(own) == counted["number"]
    withdrawn = set(row.get("none for", ()))
    assert [one for one in found if one["subject"] in withdrawn] == []


def _broken_years(log: str, as_of: str) -> set[int]:
    rows = _verdicts(log, as_of)
    return {
        day.year for one in rows if one["status"] in {"violated", "late"} for day in (one["opened_on"], one["due_on"])
    }


def test_a_log_of_one_year_breaks_no_obligation_of_the_years_before_it() -> None:
    assert _broken_years("30-empty-but-one", "2023-12-31") == {2023}


def test_a_fault_of_2020_is_no_fault_of_later_years() -> None:
    found = _verdicts("32-sticky", "2026-06-30")
    extensions = [one for one in found if one["rule"].endswith(".extension") and one["unit"] == "县民政局"]
    assert extensions
    assert [one for one in extensions if one["status"] in {"violated", "late"}] == []


def test_a_unit_that_was_abolished_owes_nothing_after_its_last_day() -> None:
    registry, books = _loaded()
    name = "县投资促进服务中心"
    found = registry.find(name)
    units = tuple(replace(unit, until=date(2023, 6, 30)) if unit.id == found else unit for unit in registry.units)
    moment = AsOf.parse("2023-12-31")
    calendar = china_calendar(*calendar_span(books, moment))
    read = read_events((LAW / "35-abolished.jsonl",), registry)
    rows = {}
    for which, one in (("abolished", replace(registry, units=units)), ("lasting", registry)):
        own = [row for row in evaluate(read.table, books, one, moment, calendar).to_pylist() if row["unit"] == found]
        rows[which] = {row["rule"]: row["due_on"] for row in own if row["status"] == "violated"}
        assert "met" in {row["status"] for row in own if row["rule"] == "N6.training"}
    # what was due while it existed it still owes: the report of the year before
    assert rows["abolished"].keys() == {"art49.published.2022", "art49.submitted.2022"}
    assert max(rows["abolished"].values()) <= date(2023, 6, 30) < max(rows["lasting"].values())
