"""Articles are cited by their names in pages, notices and circulars; rows of a notice by their numbers."""

from __future__ import annotations

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from reports.pages.html import environment
from rules.citing import clause_name
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry


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


def test_templates_cite_by_name_and_escape_what_is_none() -> None:
    cite = "{{ one|clause }}"
    assert environment("zh").from_string(cite).render(one="art33") == "第三十三条"
    assert environment("en").from_string(cite).render(one="art33") == "Article 33"
    assert environment("zh").from_string(cite).render(one="<b>") == "&lt;b&gt;"
    assert environment("zh").from_string(cite).render(one=None) == ""


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
