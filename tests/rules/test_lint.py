from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from rules.lint.whole_book import lint_book
from rules.yaml.folded import fold_text
from tests.rules.small_book import BOOK, READINGS, RULES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.problems import Problem
    from rules.units import Registry

CASE = """\
rule: 3.10.training
cases:
  - name: 甲
    as_of: 2023-12-31
    events:
      - {type: training.held, unit: 县民政局, occurred_at: 2023-01-01}
    expect:
      - {unit: 县民政局, status: met}
"""


def _codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_clean_book_has_only_what_is_missing(book_folder: Callable[..., Path], registry: Registry) -> None:
    problems = lint_book(book_folder(**{"3.10.training": CASE}), KINDS, registry=registry)
    assert _codes(problems) == ["unaccounted-clause"]
    assert problems[0].severity == "warning"


def test_a_note_accounts_for_a_clause(book_folder: Callable[..., Path]) -> None:
    folder = book_folder(book=BOOK + "    note: {zh: 不能核对}\n", **{"3.10.training": CASE})
    assert lint_book(folder, KINDS) == ()


def test_a_quote_that_is_not_the_clauses_says_where_it_departs(book_folder: Callable[..., Path]) -> None:
    problems = lint_book(book_folder(RULES.replace("至少培训 1 次", "至少培训 2 次")), KINDS)
    [problem] = [each for each in problems if each.code == "quote-not-in-clause"]
    assert (problem.severity, problem.where.line, problem.where.column) == ("error", 5, 12)
    assert "'2次'" in problem.fact.en


def test_a_clause_that_is_not_in_the_source_is_an_error(book_folder: Callable[..., Path]) -> None:
    problems = lint_book(book_folder(source=SOURCE.replace("方案", "计划")), KINDS)
    [problem] = [each for each in problems if each.code == "text-not-in-source"]
    assert (problem.severity, problem.where.line) == ("error", 13)


def test_a_reading_that_changes_nothing_is_a_warning(book_folder: Callable[..., Path]) -> None:
    problems = lint_book(book_folder(RULES + READINGS.replace("at_least: 2", "at_least: 1")), KINDS)
    [problem] = [each for each in problems if each.code == "same-reading"]
    assert (problem.severity, problem.where.line, problem.value) == ("warning", 14, "twice")


def test_a_rule_without_cases_is_a_warning(book_folder: Callable[..., Path]) -> None:
    assert "no-cases" in _codes(lint_book(book_folder(), KINDS))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rule: 3.10.training", "rule: 3.10.trainin", ("unknown-rule", 3)),
        ("    as_of: 2023-12-31", "    as_of: 2023-12-31\n    reading: once", ("unknown-reading", 3)),
        ("unit: 县民政局, status", "unit: 县民政, status", ("unknown-unit", 8)),
        ("status: met", "status: mett", ("bad-value", 8)),
        ("as_of: 2023-12-31", "as_of: 31.12.2023", ("bad-value", 4)),
        ("status: met", "status: met, evidence: [e2]", ("unknown-event-id", 8)),
        ("status: met", "statuss: met", ("unknown-key", 8)),
        ("    expect:\n      - {unit: 县民政局, status: met}", "    expect: []", ("bad-value", 7)),
    ],
)
def test_mistakes_in_cases_are_problems(
    book_folder: Callable[..., Path], registry: Registry, old: str, new: str, expected: tuple[str, int]
) -> None:
    assert old in CASE
    problems = lint_book(book_folder(**{"3.10.training": CASE.replace(old, new)}), KINDS, registry=registry)
    assert expected in [(problem.code, problem.where.line) for problem in problems]


def test_a_case_file_is_named_after_its_rule(book_folder: Callable[..., Path]) -> None:
    assert "misnamed-file" in _codes(lint_book(book_folder(other=CASE), KINDS))


def test_quotes_are_compared_without_spaces_and_in_half_width() -> None:
    assert fold_text("“先审查，\n 后公开”（１）") == fold_text('"先审查,后公开"(1)')


def test_what_cannot_be_read_does_not_hide_behind_other_problems(book_folder: Callable[..., Path]) -> None:
    rules = RULES.replace("kind: count", "kind: cuont")
    assert _codes(lint_book(book_folder(rules, **{"3.10.training": CASE}), KINDS)) == [
        "unaccounted-clause",
        "unaccounted-clause",
        "unknown-kind",
    ]
    broken = CASE.replace("status: met", "status: mett")
    assert _codes(lint_book(book_folder(**{"3.10.training": broken}), KINDS)) == ["unaccounted-clause", "bad-value"]
