"""Rules that can never be triggered, kept or broken, and books that count a duty twice."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.lint.whole_book import lint_book
from tests.gongkai.commands import gongkai, write_log
from tests.rules.small_book import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = RULES[: RULES.index("    kind")]


@pytest.mark.parametrize(
    ("fields", "place", "cure"),
    [
        ("kind: due\n    expected: training.held\n    by: 2022-12-31", (9, 9), "Check by and period"),
        (
            "kind: cover\n    of: policy.issued\n    covered_by: policy.interpreted\n    by: 2023-11-30",
            (10, 9),
            "Give a period that ends on 2023-11-30",
        ),
        ("kind: count\n    counted: training.held\n    distinct: day\n    at_least: 366", (10, 5), "Check at_least"),
        (
            "kind: never\n    forbidden: {event: land.pre_announced, where: {days: {at_least: 10, less_than: 10}}}",
            (8, 52),
            "Check the bounds",
        ),
        (
            "kind: never\n    forbidden: {event: assessment.recorded, where: {result: fial}}",
            (8, 61),
            "Did you mean 'fail'?",
        ),
        (
            "kind: never\n    forbidden: {event: decision.issued, where: {consulted: 甲}}",
            (8, 60),
            "It is true or false",
        ),
        (
            "kind: respond\n    trigger: training.held\n    response: information.published\n    within: 3 days",
            (8, 14),
            "Name another event",
        ),
    ],
)
def test_a_rule_that_can_never_be_reached_is_named_with_its_place(
    book_folder: Callable[..., Path], fields: str, place: tuple[int, int], cure: str
) -> None:
    problems = lint_book(book_folder(f"{HEAD}    {fields}\n"), KINDS, vocabulary=load_vocabulary())
    found = [one for one in problems if one.code == "unreachable-rule"]
    assert [(one.where.line, one.where.column) for one in found] == [place]
    assert all(one.severity == "error" and one.cure.en.startswith(cure) for one in found)


def test_a_value_that_is_nearly_a_usual_one_is_a_warning(book_folder: Callable[..., Path]) -> None:
    fields = "kind: never\n    forbidden: {event: request.answered, where: {outcome: grnted}}\n"
    problems = lint_book(book_folder(f"{HEAD}    {fields}"), KINDS, vocabulary=load_vocabulary())
    [found] = [one for one in problems if one.code == "unusual-value"]
    assert (found.severity, found.cure.en) == ("warning", "Did you mean 'granted' or 'partly_granted'?")


def test_two_books_with_the_same_rules_at_the_same_time_are_a_warning(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, book_folder: Callable[..., Path]
) -> None:
    first = book_folder()
    second = tmp_path / "second"
    shutil.copytree(first, second)
    book = (second / "book.yaml").read_text(encoding="utf-8")
    (second / "book.yaml").write_text(book.replace("small-2023", "small-2023b"), encoding="utf-8")
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-01"})
    ask = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--book", first)
    assert "overlapping-books" in gongkai(capsys, *ask, "--book", second).err
    moved = book.replace("small-2023", "small-2024").replace(
        "{from: 2023-01-01, to: 2023", "{from: 2024-01-01, to: 2024"
    )
    (second / "book.yaml").write_text(moved, encoding="utf-8")
    assert "overlapping-books" not in gongkai(capsys, *ask, "--book", second).err
