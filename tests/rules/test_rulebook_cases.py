"""The cases beside the rules of every book that ships."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.problems import has_errors
from events.vocabulary import load_vocabulary
from gongkai.services.rulebooks.rule_cases import CaseResult, run_cases
from rules.cases import RuleCases, load_cases
from rules.load import find_book, load_books
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from rules.model import Rule
    from rules.units import Registry

pytestmark = pytest.mark.slow  # whichever test of a book comes first judges all its cases: a quarter of a minute

BOOKS = ("jinxiang-2023", "regulation-2019")


@cache
def registry() -> Registry:
    found, _ = load_registry(UNITS / "jinxiang.yaml")
    assert found is not None
    return found


def folder_of(book: str) -> Path:
    folder, _ = find_book(book)
    assert folder is not None
    return folder


@cache
def cases_of(book: str) -> dict[str, RuleCases]:
    """Return the cases of a book by rule."""
    files, problems = load_cases(folder_of(book), vocabulary=load_vocabulary(), registry=registry())
    assert not has_errors(problems)
    return {cases.rule: cases for cases in files}


RULES = [(book, path.stem) for book in BOOKS for path in sorted((folder_of(book) / "cases").glob("*.yaml"))]
"""The rules that have cases: a file is named after its rule."""


@cache
def rules_of(book: str) -> dict[str, Rule]:
    books, problems = load_books((book,), KINDS, vocabulary=load_vocabulary(), registry=registry())
    assert not has_errors(problems)
    return {rule.id: rule for rule in books[0].rules}


@cache
def results_of(book: str) -> dict[str, list[CaseResult]]:
    """Return what became of the cases of a book by rule; judged together, they take a tenth of the time."""
    found: dict[str, list[CaseResult]] = {}
    for result in run_cases(list(cases_of(book).values()), book, registry()):
        found.setdefault(result.rule, []).append(result)
    return found


def to_reach(rule: Rule) -> set[str]:
    """Return the statuses that the cases of a rule must reach: kept, broken, and open where its kind can be open."""
    settles_at_once = rule.kind == "precede" or (rule.kind == "contain" and getattr(rule, "by", None) is None)
    broken = "violated" if rule.modality == "must" else "not_taken"
    return {"met", broken} | (set() if settles_at_once else {"pending"})


@pytest.mark.parametrize(("book", "rule"), [pytest.param(*one, id="/".join(one)) for one in RULES])
def test_a_rule_says_what_its_cases_say(book: str, rule: str) -> None:
    results = results_of(book)[rule]
    assert len(results) == len(cases_of(book)[rule].cases)
    assert {result.name: result.faults for result in results if result.faults} == {}
    reached = {status for result in results for status in result.statuses}
    assert to_reach(rules_of(book)[rule]) - reached == set()


@pytest.mark.parametrize("book", BOOKS)
def test_every_rule_has_cases(book: str) -> None:
    assert rules_of(book).keys() == cases_of(book).keys() == {rule for name, rule in RULES if name == book}
