from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from rules.cases import load_cases
from rules.draft import BOOKS
from rules.lint import lint_book
from rules.load import load_book

if TYPE_CHECKING:
    from rules.book import Book
    from rules.units import Registry

ROWS = {1: 3, 2: 7, 3: 20, 4: 6, 5: 4, 6: 2, 7: 2, 8: 5, 9: 2, 10: 1, 11: 1, 12: 2, 13: 2, 14: 4}


@pytest.fixture(scope="module")
def book(registry: Registry) -> Book:
    found, problems = load_book("jinxiang-2023", KINDS, registry=registry)
    assert found is not None, problems
    return found


def test_the_book_has_every_row_and_item_in_order(book: Book) -> None:
    rows = [f"{section}.{row}" for section, count in ROWS.items() for row in range(1, count + 1)]
    assert [clause.id for clause in book.clauses] == [*(f"N{item}" for item in range(1, 11)), *rows]
    assert len(rows) == 61


def test_the_rows_carry_the_columns_of_the_table(book: Book) -> None:
    clauses = {clause.id: clause for clause in book.clauses}
    deadlines = Counter(clause.deadline for clause in book.clauses if not clause.id.startswith("N"))
    assert deadlines == {"11月底前": 7, "12月底前": 54}
    assert {clause.section for clause in book.clauses if clause.deadline == "11月底前"} == {
        "(二)围绕提升群众生活品质强化公开"
    }
    assert len(clauses["2.7"].responsible) == 39
    assert clauses["12.2"].lead == ("县政府办公室",)
    assert clauses["8.2"].text.startswith("决策文件出台后的3个工作日内")
    assert clauses["3.16"].lead == ("县发展和改革委员会", "县卫生健康局", "县民政局")
    both = [clause.id for clause in book.clauses if clause.lead == ("县政府各部门", "各镇街")]
    assert len(both) == 17


def test_everybody_that_the_table_names_is_in_the_registry(book: Book, registry: Registry) -> None:
    named = {name for clause in book.clauses if "." in clause.id for name in (*clause.lead, *clause.responsible)}
    unknown = {name for name in named if registry.find(name) is None and name not in registry.groups}
    assert unknown == {"等", "县安全生产委员会成员单位", "县政府各相关部门"}


def test_nothing_in_the_book_is_wrong(registry: Registry) -> None:
    problems = lint_book("jinxiang-2023", KINDS, registry=registry)
    assert [problem.line() for problem in problems if problem.severity == "error"] == []
    assert {problem.code for problem in problems} <= {"unaccounted-clause"}


@pytest.mark.parametrize(
    ("rule", "readings"),
    [
        ("N2.dedicated-staff", ["calendar-year", "from-notice"]),
        ("7.1.catalogue", ["column", "year-start"]),
        ("8.4.attendance", ["each-unit", "departments", "county"]),
    ],
)
def test_open_questions_are_readings(book: Book, rule: str, readings: list[str]) -> None:
    [found] = [each for each in book.rules if each.id == rule]
    assert found.readings is not None
    assert list(found.readings.choices) == readings
    assert found.readings.default == readings[0] == book.readings[rule]


def test_every_rule_has_words_in_both_languages(book: Book) -> None:
    for rule in book.rules:
        assert rule.title.en
        assert rule.note is not None
        assert rule.note.en


def test_the_case_files_are_usable(registry: Registry, book: Book) -> None:
    files, problems = load_cases(BOOKS / "jinxiang-2023", registry=registry)
    assert problems == ()
    assert {file.rule for file in files} >= {rule.id for rule in book.rules}
    for file in files:
        assert len({expected.status for case in file.cases for expected in case.expect}) >= 2
