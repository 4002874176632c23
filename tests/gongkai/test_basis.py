"""What each rule answers of itself, and that every rule's cases stand on both sides of its edge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.cases import load_cases
from rules.lint.whole_book import SHORTEST, lint_book
from rules.load import load_book
from rules.loading.packaged import BOOKS
from rules.loading.registry import load_registry, packaged_registry
from rules.yaml.folded import fold_text
from tests.gongkai.commands import gongkai
from tests.rules.small_book import BOOK, RULES

if TYPE_CHECKING:
    from rules.book import Book

SHIPPED = ("jinxiang-2023", "regulation-2019")


def _book(name: str) -> Book:
    registry, _ = load_registry(packaged_registry())
    book, problems = load_book(name, KINDS, vocabulary=load_vocabulary(), registry=registry)
    assert book is not None, problems
    return book


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_says_who_owes_it_and_what_proves_it_in_words_of_its_own(name: str) -> None:
    answers = []
    for rule in _book(name).rules:
        assert rule.basis is not None, rule.id
        answers.append((rule.basis.owed, rule.basis.since, rule.basis.proof, rule.basis.also))
        assert len(fold_text(rule.quote)) >= SHORTEST, rule.id
    assert len(set(answers)) == len(answers)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_cases_of_every_rule_stand_on_both_sides_of_its_edge(name: str) -> None:
    files, problems = load_cases(Path(BOOKS) / name, vocabulary=load_vocabulary())
    assert not problems
    reached = {file.rule: {one.status for case in file.cases for one in case.expect} for file in files}
    for rule in _book(name).rules:
        kept = {"met", "pending"} if rule.kind in {"never", "refresh"} else {"met"}
        broken = {"violated", "late"} if rule.modality == "must" else {"not_taken"}
        assert reached[rule.id] & kept, rule.id
        assert reached[rule.id] & broken, rule.id


def test_rules_of_both_books_that_say_one_duty_know_of_each_other() -> None:
    duties: dict[str, set[str]] = {}
    for name in SHIPPED:
        for rule in _book(name).rules:
            if rule.duty is not None:
                duties.setdefault(rule.duty, set()).add(rule.id)
    pairs = {frozenset(rules) for rules in duties.values()}
    for pair in (
        ("14.1.reply", "art33.reply"),
        ("14.2.published", "art44.published"),
        ("14.3.announced", "land31.announced"),
        ("6.2.answered", "opinion61.answered"),
        ("10.1.no-private-matters", "art15.protected"),
        ("11.1.village-affairs", "village30.quarterly"),
        ("N8.report-submitted", "art49.submitted.2023"),
        ("N8.report-published", "art49.published.2023"),
    ):
        assert frozenset(pair) in pairs
    assert all(len(pair) > 1 for pair in pairs)


def test_a_rule_is_shown_with_its_answers_and_its_twin(capsys: pytest.CaptureFixture[str]) -> None:
    shown = gongkai(capsys, "rules", "show", "14.1.reply").out
    basis = next(rule for rule in _book("jinxiang-2023").rules if rule.id == "14.1.reply").basis
    assert basis is not None
    for answer in (basis.owed, basis.since, basis.proof, basis.also):
        assert answer in shown
    assert "regulation-2019/art33.reply" in shown


def test_the_reference_has_the_answers_of_each_rule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "rules.html"
    assert gongkai(capsys, "rules", "reference", "--out", page, "--book", "regulation-2019").status == 0
    text = page.read_text(encoding="utf-8")
    assert all(rule.basis is not None and rule.basis.proof in text for rule in _book("regulation-2019").rules)


def test_a_reviewed_book_needs_the_answers_and_quotes_that_say_the_duty(tmp_path: Path) -> None:
    folder = tmp_path / "small-2023"
    folder.mkdir()
    (folder / "book.yaml").write_text(BOOK.replace("clauses:", "reviewed: true\nclauses:"), encoding="utf-8")
    (folder / "source.txt").write_text("各单位每年至少培训 1 次。各单位应当公开年度方案。", encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    found = {(one.code, one.severity) for one in lint_book(folder, KINDS, vocabulary=load_vocabulary())}
    assert {("no-basis", "error"), ("short-quote", "warning")} <= found
