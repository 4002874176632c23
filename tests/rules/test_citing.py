"""Articles are cited by their names in pages, notices and circulars; rows of a notice by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.problems import has_errors
from events.vocabulary import load_vocabulary
from rules.book import clause_name
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("clause", "chinese", "english"),
    [
        ("art1", "第一条", "Article 1"),
        ("art10", "第十条", "Article 10"),
        ("art17", "第十七条", "Article 17"),
        ("art20", "第二十条", "Article 20"),
        ("art56", "第五十六条", "Article 56"),
        ("art100", "第一百条", "Article 100"),
        ("art101", "第一百零一条", "Article 101"),
        ("art110", "第一百一十条", "Article 110"),
        ("art999", "第九百九十九条", "Article 999"),
        ("8.2", "8.2", "8.2"),
        ("N6", "N6", "N6"),
        ("art0", "art0", "art0"),
        ("artifact", "artifact", "artifact"),
    ],
)
def test_articles_have_names(clause: str, chinese: str, english: str) -> None:
    assert clause_name(clause).zh == chinese
    assert clause_name(clause).en == english


def test_clauses_of_other_documents_are_cited_as_the_book_says() -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books(("regulation-2019", "jinxiang-2023"), KINDS, vocabulary=load_vocabulary(), registry=registry)
    regulation, notice = books
    assert regulation.cited("decision15").zh == "《重大行政决策程序暂行条例》第十五条"
    assert regulation.cited("budget14b").en == "Budget Law, article 14, paragraph 2"
    assert regulation.cited("art33").zh == "第三十三条"
    assert notice.cited("8.2").zh == "8.2"
    named = [clause.id for clause in regulation.clauses if clause.name.zh == clause.id]
    assert not named, "a person would not know what these are"


def test_words_of_another_document_carry_its_number_and_how_the_book_came_by_them(tmp_path: Path) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    book = "id: next-2024\nextends: jinxiang-2023\nshift_years: 1\ntitle: {zh: 下一年, en: the next year}\n"
    book += "document: 测〔2024〕1号\nissued_on: 2024-01-02\nin_force: {from: 2024-01-01, to: 2024-12-31}\n"
    (tmp_path / "book.yaml").write_text(book, encoding="utf-8")
    wanted = ("regulation-2019", str(tmp_path))
    books, problems = load_books(wanted, KINDS, vocabulary=load_vocabulary(), registry=registry)
    assert not has_errors(problems), problems
    regulation, following = books
    assert regulation.document_of("decision15") == "《重大行政决策程序暂行条例》"
    assert regulation.document_of("opinion61") == "国办发〔2016〕61号"
    assert (regulation.document_of("art33"), regulation.lent("art33")) == ("国务院令第711号", None)
    words = regulation.lent("decision15"), following.lent("8.2")
    assert [word.zh for word in words if word is not None] == ["引用", "沿用"]
