from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from engine.kinds.count import CountRule
from engine.kinds.due import DueRule
from engine.kinds.reach import ReachRule
from rules.cases import load_cases
from rules.lint.whole_book import lint_book
from rules.load import load_book
from rules.loading.packaged import BOOKS

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


def test_every_rule_of_the_table_is_due_by_the_column_of_its_row(book: Book) -> None:
    columns = {"11月底前": date(2023, 11, 30), "12月底前": date(2023, 12, 31)}
    deadlines = {clause.id: columns[clause.deadline] for clause in book.clauses if clause.deadline is not None}
    for rule in book.rules:
        if rule.clause in deadlines:
            by = getattr(rule, "by", None)
            last = by if isinstance(by, date) else rule.period.end
            assert (rule.id, last) == (rule.id, deadlines[rule.clause])


def test_a_commitment_is_owed_by_the_leads_jointly_and_its_publication_by_each(book: Book, registry: Registry) -> None:
    for clause in book.clauses:
        if clause.id.startswith("3."):
            leads = set(registry.members(clause.lead))
            rules = [rule for rule in book.rules if rule.clause == clause.id]
            assert all(set(registry.members(rule.owed_by)) == leads for rule in rules)
            figures = [rule for rule in rules if isinstance(rule, ReachRule)]
            assert all(rule.jointly == (len(leads) > 1) for rule in figures)
            [published] = [rule for rule in rules if rule.id == f"{clause.id}.published"]
            assert isinstance(published, DueRule)
            assert published.scope == "unit"


def test_figures_compare_as_their_words_say(book: Book) -> None:
    """突破 is more than, 左右 within a tolerance that is a reading's setting, 力争 a target that is striven for."""
    for rule in book.rules:
        if isinstance(rule, ReachRule) and rule.clause.startswith("3."):
            words = {"突破": "more_than", "左右": "about", "清零": "at_most"}
            own = [part for part in re.split("[，。、；]", rule.quote) if f"{rule.target:g}" in part] or [rule.quote]
            expected = [compare for word, compare in words.items() if word in own[0]] or ["at_least"]
            assert (rule.id, [rule.compare]) == (rule.id, expected)
            assert (rule.compare == "about") == (rule.readings is not None)
        if rule.clause in ("3.1", "3.10") and isinstance(rule, ReachRule | CountRule):
            struggled = "力争" in rule.quote or rule.clause == "3.1"
            assert (rule.id, rule.modality) == (rule.id, "strive" if struggled else "must")


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
        ("N2.dedicated-staff", ["from-notice", "calendar-year"]),
        ("7.1.catalogue", ["column", "year-start"]),
        ("8.4.attendance", ["departments", "each-unit", "county"]),
    ],
)
def test_open_questions_are_readings(book: Book, rule: str, readings: list[str]) -> None:
    [found] = [each for each in book.rules if each.id == rule]
    assert found.readings is not None
    assert set(found.readings.choices) == set(readings)
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
