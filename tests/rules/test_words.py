from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.cases import load_cases
from rules.load import load_book
from tests.rules.small_book import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


DUE = RULES[: RULES.index("    kind")] + (
    "    kind: due\n"
    "    expected: {event: work_plan.issued, elements_in: elements}\n"
    "    covers: [responsible, deadlines]\n"
    "    by: 2023-12-31\n"
)


@pytest.mark.parametrize(
    ("rules", "old", "new", "expected"),
    [
        (
            RULES,
            "training.held",
            "traning.held",
            ("unknown-event", 8, 14, "Did you mean 'training.held' or 'sector_training.held' or 'participation.held'?"),
        ),
        (
            RULES,
            "counted: training.held",
            "counted: {event: training.held, where: {particpants: 1}}",
            ("unknown-attribute", 8, 45, "Did you mean 'participants'?"),
        ),
        (DUE, "elements_in: elements", "elements_in: note", ("bad-attribute", 8, 54, "Name a list attribute")),
        (DUE, "deadlines]", "deadline]", ("unknown-element", 9, 27, "Did you mean 'deadlines'?")),
    ],
)
def test_words_that_are_not_in_the_vocabulary_are_problems(
    book_folder: Callable[..., Path], rules: str, old: str, new: str, expected: tuple[str, int, int, str]
) -> None:
    assert old in rules
    book, [problem] = load_book(book_folder(rules.replace(old, new)), KINDS, vocabulary=load_vocabulary())
    assert book is None
    assert (problem.code, problem.where.line, problem.where.column, problem.cure.en) == expected


def test_words_that_are_in_the_vocabulary_are_none(book_folder: Callable[..., Path]) -> None:
    book, problems = load_book(book_folder(DUE), KINDS, vocabulary=load_vocabulary())
    assert problems == ()
    assert book is not None


def test_events_of_cases_are_checked_too(book_folder: Callable[..., Path]) -> None:
    case = (
        "rule: 3.10.training\ncases:\n  - name: a\n    as_of: 2023-12-31\n"
        "    events:\n      - {type: training.hold, unit: 县民政局, occurred_at: 2023-01-01}\n"
        "    expect: [{unit: 县民政局, status: met}]\n"
    )
    _, [problem] = load_cases(book_folder(**{"3.10.training": case}), vocabulary=load_vocabulary())
    assert (problem.code, problem.where.line, problem.where.column) == ("unknown-event", 6, 16)
