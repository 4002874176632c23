from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import python_calamine

from engine.kinds import KINDS
from rules.load import load_books
from rules.loading.registry import UNITS as REGISTRIES
from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTY = Path(__file__).resolve().parents[2] / "examples" / "county"
BOOK, UNITS = COUNTY / "xinxian-2024", COUNTY / "units.yaml"
JINXIANG = REGISTRIES / "jinxiang.yaml"
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
    ask = ("evaluate", "--events", log, "--as-of", "2024-12-31", "--out", tmp_path / "out", "--no-reports")
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


def test_an_inherited_clause_keeps_its_document_wherever_it_stands(
    county: Path, capsys: Capture, tmp_path: Path
) -> None:
    """The old notice's words are the old notice's, in lists, pages, notices and the list of violations."""
    book, units = county / "xinxian-2024", county / "units.yaml"
    asked = ("--book", book, "--units", units)
    listed = gongkai(capsys, "rules", "list", *asked).out.splitlines()
    assert any("8.4.attendance" in line and "沿用金政办字〔2023〕26号" in line for line in listed)
    assert not any(line.startswith("X1.") and "沿用" in line for line in listed)
    assert "沿用金政办字〔2023〕26号" in gongkai(capsys, "rules", "coverage", *asked).out
    assert "（金政办字〔2023〕26号）8.4" in gongkai(capsys, "rules", "show", "8.4.attendance", *asked).out
    gongkai(capsys, "rules", "reference", *asked, "--out", tmp_path / "rules.html")
    assert "<cite>（金政办字〔2023〕26号）</cite>" in (tmp_path / "rules.html").read_text("utf-8")
    log = write_log(
        tmp_path / "log.jsonl", {"type": "training.held", "unit": "县政府办公室", "occurred_at": "2024-03-01"}
    )
    run = tmp_path / "out"
    outcome = gongkai(capsys, "evaluate", *asked, "--events", log, "--as-of", "2024-12-31", "--out", run)
    assert outcome.status == 0, outcome.err
    for page in ("clauses.html", "units/fuban.html"):
        if (run / page).exists():
            assert "<cite>（金政办字〔2023〕26号）</cite>" in (run / page).read_text("utf-8"), page
    content = python_calamine.CalamineWorkbook.from_path(str(run / "violations.xlsx")).get_sheet_by_index(0)
    cells = {str(cell) for row in content.to_python() for cell in row}
    assert "金政办字〔2023〕26号" in cells


def test_inherited_words_that_the_new_document_lacks_are_told(county: Path, capsys: Capture) -> None:
    """A document that says the old one again is held to it; one that restates nothing says so."""
    book = county / "xinxian-2024"
    assert "[words-not-in-document]" not in gongkai(capsys, "rules", "check", "--book", book, "--units", UNITS).err
    edit(book / "book.yaml", "restates: false", "restates: true")
    told = gongkai(capsys, "rules", "check", "--book", book, "--units", UNITS)
    assert told.status == 0
    assert "[words-not-in-document]" in told.err
    assert "71个条款里，71个" in told.err
    clauses = load_books(("jinxiang-2023",), KINDS)[0][0].clauses
    kept = next(one for one in clauses if one.id == "8.4").text
    source = (book / "source.txt").read_text("utf-8")
    (book / "source.txt").write_text(f"{source}\n{kept}\n", "utf-8")
    told = gongkai(capsys, "rules", "check", "--book", book, "--units", UNITS)
    assert "71个条款里，70个" in told.err


def test_a_note_that_still_says_the_old_value_is_told(county: Path, capsys: Capture) -> None:
    book = county / "xinxian-2024"
    edit(book / "own.yaml", "at_least: 2", "at_least: 2\n    note: {zh: 每半年1次，全年2次。}")
    child = county / "xinxian-2025"
    child.mkdir()
    (child / "book.yaml").write_text(
        "id: xinxian-2025\ntitle: {zh: 二〇二五}\ndocument: 新政办字〔2025〕1号\nissued_on: 2025-02-01\n"
        "in_force: {from: 2025-01-01, to: 2025-12-31}\nextends: ../xinxian-2024\nshift_years: 1\n"
        "changes:\n  - rule: X1.open-days\n    set: {at_least: 4, title: {zh: 每年至少4次}}\n    reason: {zh: 改了}\n",
        "utf-8",
    )
    told = gongkai(capsys, "rules", "check", "--book", child, "--units", UNITS)
    assert "[stale-note]" in told.err
    assert "[stale-title]" not in told.err


def test_diff_takes_a_registry_for_each_book(county: Path, capsys: Capture) -> None:
    """Who owes a rule is said by the units of each book's own county."""
    old = ("rules", "diff", "jinxiang-2023", county / "xinxian-2024", "--units", county / "units.yaml")
    both = gongkai(capsys, *old, "--units-before", JINXIANG).out
    one = gongkai(capsys, *old).out
    assert "不再承担" in both
    assert "羊山镇" in both
    assert "羊山镇" not in one
