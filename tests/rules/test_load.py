from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from rules.load import find_book, load_book, load_books
from tests.rules.small_book import BOOK, READINGS, RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.problems import Problem
    from rules.units import Registry


def _problems(
    folder: Path, registry: Registry | None = None, readings: dict[str, str] | None = None
) -> tuple[Problem, ...]:
    book, problems = load_book(folder, KINDS, registry=registry, readings=readings)
    assert book is None
    return problems


def test_a_small_book_loads(book_folder: Callable[..., Path], registry: Registry) -> None:
    book, problems = load_book(book_folder(), KINDS, registry=registry)
    assert problems == ()
    assert book is not None
    assert book.rules[0].clause == "3.10"
    assert book.rules[0].period == book.in_force
    assert book.readings == {}
    assert len(book.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    at_least: 1", "    at_leest: 1", ("unknown-key", 9, 5, "Did you mean 'at_least'?")),
        ("    kind: count", "    kind: cuont", ("unknown-kind", 7, 11, "Did you mean 'count'?")),
        ("    kind: count\n", "", ("missing-key", 2, 5, "One of")),
        ("    quote: 每年至少培训 1 次\n", "", ("missing-key", 2, 5, "Add quote:")),
        ("owed_by: units", "owed_by: [县民政]", ("unknown-unit", 6, 15, "Did you mean '县民政局'")),
        ("    at_least: 1", "    at_least: 甲", ("bad-value", 9, 15, "Write a whole number")),
        ("    clause: 3.10", "    clause: 3.11", ("unknown-clause", 3, 13, "Did you mean '3.1'")),
        ("id: 3.10.training", "id: Training!", ("bad-value", 2, 9, "It has to match")),
        ("title: {zh: 培训}", "title: {hz: 培训}", ("unknown-key", 4, 13, "Did you mean 'zh'?")),
        ("title: {zh: 培训}", "title: 培训", ("bad-value", 4, 12, "Write key: value")),
        (
            "counted: training.held",
            "counted: {event: training.held, where: {delegates: {atleast: 1}}}",
            ("unknown-key", 8, 57, "Did you mean 'at_least'?"),
        ),
        (
            "    at_least: 1",
            "    at_least: 1\n    period: {from: 2023-02-31, to: 2023-12-31}",
            ("bad-value", 10, 20, "Write it as 2023-12-31"),
        ),
        ("    at_least: 1", "    at_least: 1\n    at_most: 3", ("bad-value", 2, 5, "")),
    ],
)
def test_a_mistake_in_a_rule_is_a_problem_at_its_place(
    book_folder: Callable[..., Path],
    registry: Registry,
    old: str,
    new: str,
    expected: tuple[str, int, int, str],
) -> None:
    assert old in RULES
    code, line, column, cure = expected
    folder = book_folder(RULES.replace(old, new))
    found = [
        (problem.code, problem.where.line, problem.where.column, problem.cure.en)
        for problem in _problems(folder, registry)
        if problem.where.file == str(folder / "rules.yaml")
    ]
    assert any(each[:3] == (code, line, column) and each[3].startswith(cure) for each in found), found


def test_a_bad_duration_says_how_to_write_one(book_folder: Callable[..., Path]) -> None:
    rules = RULES[: RULES.index("    kind")]
    rules += "    kind: respond\n    trigger: decision.issued\n    response: training.held\n    within: 3 weeks\n"
    [problem] = _problems(book_folder(rules))
    assert (problem.code, problem.where.line, problem.where.column) == ("bad-value", 10, 13)
    assert problem.value == "3 weeks"
    assert "days" in problem.cure.en


def test_all_mistakes_are_collected(book_folder: Callable[..., Path]) -> None:
    second = RULES.removeprefix("rules:\n").replace("3.10.training", "3.10.other").replace("at_least", "atleast")
    rules = RULES.replace("kind: count", "kind: cuont") + second
    assert {problem.code for problem in _problems(book_folder(rules))} >= {"unknown-kind", "unknown-key"}


def test_a_rule_id_used_twice_names_the_first(book_folder: Callable[..., Path]) -> None:
    [problem] = _problems(book_folder(RULES + RULES.removeprefix("rules:\n")))
    assert (problem.code, problem.where.line) == ("duplicate-id", 10)
    assert "rules.yaml:2:9" in problem.fact.en


def test_a_clause_id_used_twice_is_an_error(book_folder: Callable[..., Path]) -> None:
    book = BOOK.replace('id: "3.1"', 'id: "3.10"')
    assert "duplicate-id" in [problem.code for problem in _problems(book_folder(book=book))]


@pytest.mark.parametrize("text", ["rules: {}\n", "rule: []\n", "- a\n", "甲\n"])
def test_a_file_without_rules_is_a_problem(book_folder: Callable[..., Path], text: str) -> None:
    assert "no-rules" in {problem.code for problem in _problems(book_folder(text))}


def test_an_entry_that_is_no_rule_is_a_problem(book_folder: Callable[..., Path]) -> None:
    assert [problem.code for problem in _problems(book_folder("rules: [甲]\n"))] == ["bad-value"]


def test_a_rule_file_that_is_not_utf8_is_a_problem(book_folder: Callable[..., Path]) -> None:
    folder = book_folder()
    (folder / "rules.yaml").write_bytes(RULES.encode("gbk"))
    assert [problem.code for problem in _problems(folder)] == ["not-utf8"]


def test_a_missing_source_is_a_problem(book_folder: Callable[..., Path]) -> None:
    [problem] = _problems(book_folder(book=BOOK.replace("source.txt", "other.txt")))
    assert (problem.code, problem.where.line) == ("unreadable-file", 6)


def test_a_complete_book_accounts_for_every_clause(book_folder: Callable[..., Path]) -> None:
    [problem] = _problems(book_folder(book=BOOK.replace("source: source.txt", "source: source.txt\ncomplete: true")))
    assert (problem.code, problem.value, problem.where.line) == ("unaccounted-clause", "3.1", 12)


def test_a_reading_sets_its_fields(book_folder: Callable[..., Path]) -> None:
    folder = book_folder(RULES + READINGS)
    book, _ = load_book(folder, KINDS)
    other, problems = load_book(folder, KINDS, readings={"3.10.training": "twice"})
    assert problems == ()
    assert book is not None
    assert other is not None
    assert book.readings == {"3.10.training": "once"}
    assert other.readings == {"3.10.training": "twice"}
    assert book.rules[0].model_dump()["at_least"] == 1
    assert other.rules[0].model_dump()["at_least"] == 2


@pytest.mark.parametrize(
    ("readings", "code", "cure"),
    [
        ({"3.10.trainin": "twice"}, "unknown-rule", "Did you mean '3.10.training'?"),
        ({"3.10.training": "twic"}, "unknown-reading", "Did you mean 'twice'?"),
    ],
)
def test_an_unknown_choice_of_reading_is_a_problem(
    book_folder: Callable[..., Path], readings: dict[str, str], code: str, cure: str
) -> None:
    [problem] = _problems(book_folder(RULES + READINGS), readings=readings)
    assert (problem.code, problem.cure.en) == (code, cure)


def test_a_rule_with_one_reading_has_none_to_choose(book_folder: Callable[..., Path]) -> None:
    [problem] = _problems(book_folder(), readings={"3.10.training": "twice"})
    assert problem.code == "unknown-reading"


def test_a_reading_may_belong_to_any_of_several_books(book_folder: Callable[..., Path]) -> None:
    folder = book_folder(RULES + READINGS)
    books, problems = load_books([folder, "jinxiang-2023"], KINDS, readings={"8.4.attendance": "county"})
    assert problems == ()
    assert [book.id for book in books] == ["small-2023", "jinxiang-2023"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("at_least: 2", "at_least: many", ("bad-value", 16, 27)),
        ("at_least: 2", "atleast: 2", ("unknown-key", 16, 17)),
        ("at_least: 2", "clause: 3.1", ("bad-reading", 16, 17)),
        ("default: once", "default: one", ("bad-value", 11, 7)),
        ("reason: {zh: 乙}", "raison: {zh: 乙}", ("unknown-key", 15, 11)),
    ],
)
def test_a_reading_that_is_not_chosen_is_checked_too(
    book_folder: Callable[..., Path], old: str, new: str, expected: tuple[str, int, int]
) -> None:
    problems = _problems(book_folder(RULES + READINGS.replace(old, new)))
    assert expected in [(p.code, p.where.line, p.where.column) for p in problems], problems


def test_an_unknown_book_suggests_one() -> None:
    folder, [problem] = find_book("jinxiang-2032")
    assert folder is None
    assert problem.cure.en == "Did you mean 'jinxiang-2023'?"


def test_a_folder_without_a_book_is_a_problem(tmp_path: Path) -> None:
    folder, [problem] = find_book(tmp_path)
    assert folder is None
    assert problem.code == "unknown-book"
