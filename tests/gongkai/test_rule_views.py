from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTY = Path(__file__).resolve().parents[2] / "examples" / "county"
BOOK, UNITS = COUNTY / "xinxian-2024", COUNTY / "units.yaml"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A copy of the example county, to change."""
    shutil.copytree(COUNTY, tmp_path / "county")
    return tmp_path / "county"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_row_of_the_notice_and_every_item_of_its_letter_has_rules_or_a_note(capsys: Capture) -> None:
    outcome = gongkai(capsys, "rules", "coverage")
    rows = [line.split("\t") for line in outcome.out.splitlines() if "\t" in line]
    assert sum(not row[0].startswith("N") for row in rows) == 61
    assert [row[0] for row in rows if row[0].startswith("N")] == [f"N{number}" for number in range(1, 11)]
    assert [row[0] for row in rows if row[1] == "0" and not row[2]] == []
    assert "71/71" in outcome.out.splitlines()[-1]


def test_the_books_that_ship_have_neither_errors_nor_warnings(capsys: Capture) -> None:
    for book in ("jinxiang-2023", "regulation-2019"):
        outcome = gongkai(capsys, "rules", "check", "--book", book)
        assert (outcome.status, outcome.err) == (0, "")


def test_a_number_of_the_document_that_no_rule_uses_is_a_warning(capsys: Capture, tmp_path: Path) -> None:
    from rules.load import find_book  # noqa: PLC0415 (only this test copies the book)

    folder, _ = find_book("jinxiang-2023")
    assert folder is not None
    shutil.copytree(folder, tmp_path / "book")
    edit(tmp_path / "book" / "commitments.yaml", "target: 3900", "target: 3901")
    outcome = gongkai(capsys, "rules", "check", "--book", tmp_path / "book")
    assert "[unused-number] 条款 3.13 的数字 3900" in outcome.err


def test_show_tells_everything_about_a_rule_and_suggests_the_one_that_was_meant(capsys: Capture) -> None:
    shown = gongkai(capsys, "rules", "show", "8.2.feedback").out
    for part in ("决策文件出台后的3个工作日内", "within: 3 working days", "县民政局", "respond"):
        assert part in shown
    outcome = gongkai(capsys, "rules", "show", "8.2.feedbak")
    assert outcome.status == 2
    assert "8.2.feedback" in outcome.err


def test_diff_says_what_changed_and_for_whom(capsys: Capture) -> None:
    outcome = gongkai(capsys, "rules", "diff", "jinxiang-2023", BOOK)
    lines = outcome.out.splitlines()
    changed = lines.index("修改  8.4.attendance")
    assert "    at_least：10 → 12" in lines[changed:]
    added = lines.index("新增  X1.open-days")
    assert "羊山镇" in lines[added + 1]
    assert lines[added + 2] == "取消  9.1.evaluated"
    assert "修改  7.1.catalogue" in lines, "its year is the year after"
    assert lines[-1] == "有变化的规则7条"


def test_the_reference_is_one_page_with_every_rule(capsys: Capture, tmp_path: Path) -> None:
    outcome = gongkai(capsys, "rules", "reference", "--out", tmp_path / "rules.html", "--book", "regulation-2019")
    assert outcome.status == 0
    page = (tmp_path / "rules.html").read_text(encoding="utf-8")
    listed = gongkai(capsys, "rules", "list", "--book", "regulation-2019").out.splitlines()
    assert all(f"regulation-2019-{line.split(chr(9))[0]}" in page for line in listed)
    assert "http" not in page


def judged(capsys: Capture, tmp_path: Path, book: Path, *events: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the verdicts of the example county's 2024 by obligation."""
    log = write_log(tmp_path / "log.jsonl", *events)
    ask = ("evaluate", "--events", log, "--as-of", "2024-12-31", "--out", tmp_path / "out")
    outcome = gongkai(capsys, *ask, "--book", book, "--units", book.parent / "units.yaml")
    assert outcome.status == 0, outcome.err
    return {row["obligation"]: row for row in read_verdicts(tmp_path / "out")}


def test_a_county_of_its_own_builds_on_the_book_a_year_later(capsys: Capture, tmp_path: Path) -> None:
    training = {"type": "training.held", "unit": "东河镇", "occurred_at": "2024-05-10"}
    rows = judged(capsys, tmp_path, BOOK, training)
    assert rows["xinxian-2024/N6.training/donghe/2024"]["status"] == "met"
    assert rows["xinxian-2024/N6.training/xihe/2024"]["status"] == "violated"
    assert rows["xinxian-2024/8.4.attendance/minzheng/2024"]["required"] == 12
    assert rows["xinxian-2024/X1.open-days/donghe/2024"]["status"] == "violated"
    assert not [name for name in rows if "/9.1.evaluated/" in name]


def test_the_cases_of_the_example_pass_and_it_has_no_mistakes(capsys: Capture) -> None:
    ask = ("--book", BOOK, "--units", UNITS)
    assert gongkai(capsys, "rules", "check", *ask).status == 0
    assert "用例3个，通过3个" in gongkai(capsys, "rules", "test", *ask).out


def test_a_threshold_changes_by_yaml_alone(capsys: Capture, tmp_path: Path, county: Path) -> None:
    edit(county / "xinxian-2024" / "own.yaml", "at_least: 2", "at_least: 1")
    opened = {"type": "open_day.held", "unit": "东河镇", "occurred_at": "2024-05-10"}
    rows = judged(capsys, tmp_path, county / "xinxian-2024", opened)
    assert rows["xinxian-2024/X1.open-days/donghe/2024"]["status"] == "met"


def loop(county: Path) -> None:
    edit(county / "xinxian-2024" / "book.yaml", "extends: jinxiang-2023", "extends: ../xinxian-2024")


def unknown_base(county: Path) -> None:
    edit(county / "xinxian-2024" / "book.yaml", "extends: jinxiang-2023", "extends: jinxang-2023")


def unknown_change(county: Path) -> None:
    edit(county / "xinxian-2024" / "book.yaml", "rule: 8.4.attendance", "rule: 8.4.attendence")


def wrong_value(county: Path) -> None:
    edit(county / "xinxian-2024" / "book.yaml", "at_least: 12", "at_least: many")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (loop, "book-cycle"),
        (unknown_base, "jinxiang-2023"),
        (unknown_change, "8.4.attendance"),
        (wrong_value, "book.yaml:14:17"),
    ],
)
def test_mistakes_in_what_a_book_builds_on_are_named_with_their_place(
    capsys: Capture, county: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(county)
    outcome = gongkai(capsys, "rules", "check", "--book", county / "xinxian-2024", "--units", county / "units.yaml")
    assert outcome.status == 2
    assert said in outcome.err
    assert "book.yaml:" in outcome.err
