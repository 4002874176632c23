"""Values by date: a threshold that changes in the middle of the year."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from engine.kinds import KINDS
from rules.lint.whole_book import lint_book
from rules.load import load_book
from tests.gongkai.commands import gongkai, read_verdicts, write_log
from tests.rules.small_book import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = RULES[: RULES.index("    kind")]
FIVE_THEN_THREE = """\
    within:
      - {value: 5 working days, from: 2023-01-01, to: 2023-06-30}
      - {value: 3 working days, from: 2023-07-01, reason: {zh: 新文件}}
"""
RESPOND = f"{HEAD}    kind: respond\n    trigger: decision.issued\n    response: decision.listed\n{FIVE_THEN_THREE}"
UNIT = "县民政局"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def judged(book_folder: Callable[..., Path], capsys: Capture, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return the verdicts of one unit under a book of these rules, by the end of the obligation's name."""

    def judge(rules: str, *events: tuple[Any, ...]) -> dict[str, dict[str, Any]]:
        names = ("type", "subject", "occurred_at", "data")
        records = [{"unit": UNIT, **dict(zip(names, event, strict=False))} for event in events]
        log = write_log(tmp_path / "log.jsonl", *records)
        ask = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--unit", UNIT)
        outcome = gongkai(capsys, "evaluate", *ask, "--book", book_folder(rules))
        assert outcome.status == 0, outcome.err
        return {row["obligation"].split("minzheng/")[1]: row for row in read_verdicts(tmp_path / "out")}

    return judge


def test_each_act_has_the_limit_of_its_own_day(judged: Callable[..., dict[str, Any]]) -> None:
    rows = judged(RESPOND, ("decision.issued", "甲", "2023-06-30"), ("decision.issued", "乙", "2023-07-03"))
    assert {row["subject"]: row["due_on"] for row in rows.values()} == {"甲": "2023-07-07", "乙": "2023-07-06"}


@pytest.mark.parametrize("day", ["2023-03-01", "2023-09-01"])
def test_that_nothing_happened_is_told_once_and_only_where_it_is_so(
    judged: Callable[..., dict[str, Any]], day: str
) -> None:
    assert [row["status"] for row in judged(RESPOND, ("decision.issued", "甲", day)).values()] == ["violated"]
    nothing = judged(RESPOND, ("open_day.held", "甲", day))
    assert {name: row["status"] for name, row in nothing.items()} == {"none": "not_applicable"}


def test_a_value_that_has_ended_does_not_go_on(
    judged: Callable[..., dict[str, Any]], book_folder: Callable[..., Path]
) -> None:
    rules = RESPOND.replace("      - {value: 3 working days, from: 2023-07-01, reason: {zh: 新文件}}\n", "")
    rows = judged(rules, ("decision.issued", "甲", "2023-06-30"), ("decision.issued", "乙", "2023-07-03"))
    assert [row["subject"] for row in rows.values()] == ["甲"]
    problems = {problem.code: problem for problem in lint_book(book_folder(rules), KINDS)}
    assert problems["value-gap"].severity == "warning"
    assert "2023-07-01至2023-12-31" in problems["value-gap"].fact.zh


def test_a_state_is_held_to_what_each_day_asked(judged: Callable[..., dict[str, Any]]) -> None:
    rules = HEAD + "    kind: hold\n    opened: staff.appointed\n    closed: staff.released\n    at_least:\n"
    rules += "      - {value: 1, from: 2023-01-01, to: 2023-06-30}\n      - {value: 2, from: 2023-07-01}\n"
    rows = judged(rules, ("staff.appointed", "001", "2022-03-01"))
    assert {name: (row["status"], row["required"]) for name, row in rows.items()} == {
        "2023-01-01..2023-06-30": ("met", 1),
        "2023-07-01..2023-12-31": ("violated", 2),
    }


def test_an_account_has_one_obligation_for_each_gap_that_was_allowed(judged: Callable[..., dict[str, Any]]) -> None:
    rules = HEAD + "    kind: refresh\n    opened: account.opened\n    refreshed: account.updated\n    every:\n"
    rules += "      - {value: 14 days, from: 2023-01-01, to: 2023-06-30}\n      - {value: 10 days, from: 2023-07-01}\n"
    rows = judged(rules, ("account.opened", "微信", "2023-06-20"), ("account.updated", "微信", "2023-06-30"))
    assert {name: (row["status"], row["due_on"]) for name, row in rows.items()} == {
        "e1@2023-01-01": ("met", "2023-06-30"),
        "e1@2023-07-01": ("violated", "2023-07-11"),
    }


def test_a_number_of_the_year_is_that_of_its_last_day(judged: Callable[..., dict[str, Any]]) -> None:
    rules = HEAD + "    kind: count\n    counted: training.held\n    at_least:\n"
    rules += "      - {value: 1, from: 2023-01-01, to: 2023-06-30}\n      - {value: 2, from: 2023-07-01}\n"
    rows = judged(rules, ("training.held", "甲", "2023-06-01"))
    assert {name: (row["status"], row["required"]) for name, row in rows.items()} == {"2023": ("violated", 2)}


def test_a_value_inside_a_condition_changes_too(judged: Callable[..., dict[str, Any]]) -> None:
    days = "[{value: 10, from: 2023-01-01, to: 2023-06-30}, {value: 15, from: 2023-07-01}]"
    rules = (
        f"{HEAD}    kind: never\n    forbidden: {{event: land.pre_announced, where: {{days: {{less_than: {days}}}}}}}\n"
    )
    short = [
        ("land.pre_announced", subject, day, {"days": 12})
        for subject, day in (("甲", "2023-06-30"), ("乙", "2023-07-01"))
    ]
    rows = judged(rules, *short)
    assert {name: (row["status"], row["evidence"]) for name, row in rows.items()} == {
        "2023-01-01..2023-06-30": ("met", []),
        "2023-07-01..2023-12-31": ("violated", ["e2"]),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("to: 2023-06-30", "to: 2023-07-01", ("overlapping-dates", "error", 12, 39)),
        (", to: 2023-06-30", "", ("overlapping-dates", "error", 12, 39)),
        ("to: 2023-06-30", "to: 2022-06-30", ("bad-value", "error", 11, 55)),
        ("to: 2023-06-30", "too: 2023-06-30", ("unknown-key", "error", 11, 51)),
        ("from: 2023-07-01", "from: 2023-07-32", ("bad-value", "error", 12, 39)),
        ("value: 3 working days", "value: 3 weeks", ("bad-value", "error", 12, 17)),
        ("from: 2023-07-01", "from: 2024-07-01", ("unreachable-value", "warning", 12, 9)),
    ],
)
def test_mistakes_in_dates_are_named_with_their_place(
    book_folder: Callable[..., Path], old: str, new: str, expected: tuple[str, str, int, int]
) -> None:
    assert old in RESPOND
    problems = lint_book(book_folder(RESPOND.replace(old, new)), KINDS)
    assert expected in [(one.code, one.severity, one.where.line, one.where.column) for one in problems], problems


def test_a_yearly_number_without_a_value_at_its_end_is_an_error(book_folder: Callable[..., Path]) -> None:
    rules = RULES.replace("at_least: 1", "at_least: [{value: 1, from: 2023-01-01, to: 2023-06-30}]")
    book, problems = load_book(book_folder(rules), KINDS)
    assert book is None
    assert "no-value" in [problem.code for problem in problems]


def test_show_and_diff_tell_what_held_when(book_folder: Callable[..., Path], capsys: Capture, tmp_path: Path) -> None:
    before = book_folder(RESPOND)
    shown = gongkai(capsys, "rules", "show", "3.10.training", "--book", before)
    assert "2023-01-01至2023-06-30：within: 5 working days" in shown.out
    after = tmp_path / "after"
    shutil.copytree(before, after)
    text = (after / "rules.yaml").read_text(encoding="utf-8")
    (after / "rules.yaml").write_text(text.replace("3 working days", "2 working days"), encoding="utf-8")
    outcome = gongkai(capsys, "rules", "diff", before, after)
    assert "5 working days（2023-01-01起）；2 working days（2023-07-01起）" in outcome.out
