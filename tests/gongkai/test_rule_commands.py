from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from rules.load import find_book
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the rulebook that ships, to change, with the cases of two rules."""
    folder, _ = find_book("jinxiang-2023")
    assert folder is not None
    copy = tmp_path / "book"
    shutil.copytree(folder, copy)
    for path in (copy / "cases").iterdir():
        if not path.name.startswith(("8.2.feedback", "N6.")):
            path.unlink()
    return copy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_cases_pass_and_say_which_statuses_they_reach(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    outcome = gongkai(capsys, "rules", "test", "--book", book, "--junit", tmp_path / "cases.xml")
    assert outcome.status == 0, outcome.out
    reached = {line.split("\t")[0]: line.split("\t")[2] for line in outcome.out.splitlines() if "\t" in line}
    assert reached["8.2.feedback"].split() == ["late", "met", "not_applicable", "pending", "unassessed", "violated"]
    assert reached["N7.work-plan"] == "没有用例"
    suite = ET.parse(tmp_path / "cases.xml").getroot()
    assert suite.get("failures") == "0"
    assert len(suite.findall(".//testcase")) >= 20


def test_a_changed_threshold_fails_its_cases_and_says_what_differs(
    capsys: pytest.CaptureFixture[str], book: Path
) -> None:
    replace(book / "decisions.yaml", "within: 3 working days", "within: 4 working days")
    outcome = gongkai(capsys, "rules", "test", "--book", book)
    assert outcome.status == 1
    assert "8.2.feedback" in outcome.out
    assert "expected" in outcome.out


def test_an_entry_that_cannot_be_read_fails_its_own_case_alone(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    path = book / "cases" / "8.2.feedback.yaml"
    text = path.read_text(encoding="utf-8")
    before, case, after = text.partition("  - name: 没有公开，期限已过\n")
    path.write_text(before + case + after.replace("2023-09-28", "2023-02-30", 1), encoding="utf-8")
    outcome = gongkai(capsys, "rules", "test", "--book", book, "--junit", tmp_path / "cases.xml")
    assert outcome.status == 1
    suite = ET.parse(tmp_path / "cases.xml").getroot()
    failed = {case.get("name"): fault.text or "" for case in suite for fault in case}
    assert list(failed) == ["没有公开，期限已过"]
    assert "events.jsonl:1" in failed["没有公开，期限已过"]
    assert str(tmp_path) not in failed["没有公开，期限已过"]
    assert len(suite) >= 20


def test_a_mistake_in_a_rule_is_named_with_line_and_column(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    replace(book / "decisions.yaml", "    within: 3 working days", "    withn: 3 working days")
    outcome = gongkai(capsys, "rules", "check", "--book", book)
    assert outcome.status == 2
    assert "decisions.yaml:" in outcome.err
    assert "within" in outcome.err
    assert "Traceback" not in outcome.err


def test_the_rulebook_that_ships_has_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "rules", "check")
    assert outcome.status == 0, outcome.err
    assert "错误0处" in outcome.out


def test_rules_are_listed_and_their_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "8.4.attendance\tcount\tmust\t" in gongkai(capsys, "rules", "list").out
    assert "$defs" in json.loads(gongkai(capsys, "rules", "schema").out)


@pytest.mark.parametrize("command", ["check", "test", "list"])
def test_a_book_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str], command: str) -> None:
    outcome = gongkai(capsys, "rules", command, "--book", "jinxang-2023")
    assert outcome.status == 2
    assert "jinxiang-2023" in outcome.err
