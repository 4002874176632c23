from __future__ import annotations

import csv
import errno
import json
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

import gongkai as product
from engine.kinds import KINDS
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry
from tests.conftest import contents
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

SORTS = {
    ("8.2.feedback", "late"): 4,
    ("8.2.feedback", "violated"): 6,
    ("10.1.review-first", "violated"): 10,
    ("N1.leading-group", "violated"): 1,
    ("N2.dedicated-staff", "violated"): 4,
    ("N6.training", "violated"): 4,
    ("N7.work-plan", "violated"): 4,
    ("7.1.catalogue", "violated"): 1,
    ("8.4.attendance", "violated"): 4,
    ("9.2.evaluation-published", "violated"): 4,
}
"""How many faults each rule has that the year keeps by hand, whatever the seed."""


@pytest.fixture(scope="module")
def year(demo_year: Path) -> Path:
    """The demo year, which all tests share."""
    return demo_year


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo year of another seed, made once."""
    from gongkai.cli import run  # noqa: PLC0415 (only the fixture makes one)

    folder = tmp_path_factory.mktemp("other") / "year"
    assert run(["demo", str(folder), "--seed", "7"]) == 0
    return folder


def answers(year: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((year / "answers" / "faults.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def rows(year: Path) -> list[dict[str, Any]]:
    """The verdicts on the demo year as of its end."""
    found: list[dict[str, Any]] = product.evaluate(year, as_of="2023-12-31").verdicts.to_pylist()
    return found


def test_the_planted_faults_are_exactly_the_violations_found(year: Path, rows: list[dict[str, Any]]) -> None:
    planted = {(fault["obligation"], fault["status"]) for fault in answers(year)["faults"]}
    found = {(row["obligation"], row["status"]) for row in rows if row["status"] in ("violated", "late")}
    assert found == planted
    assert len(planted) >= 40


def test_faults_on_acts_of_before_the_notice_are_marked(year: Path, rows: list[dict[str, Any]]) -> None:
    marked = {fault["obligation"] for fault in answers(year)["faults"] if fault["before_issue"]}
    broken = [row for row in rows if row["status"] in ("violated", "late")]
    assert marked == {row["obligation"] for row in broken if row["before_issue"]}
    assert 0 < len(marked) < len(broken) / 2


def test_both_books_find_nothing_but_what_was_planted(year: Path) -> None:
    books = ["jinxiang-2023", "regulation-2019"]
    both = product.evaluate(year, as_of="2023-12-31", books=books).verdicts.to_pylist()
    broken = [row for row in both if row["status"] in ("violated", "late")]
    planted = {fault["obligation"] for fault in answers(year)["faults"]}
    acts = {row["trigger"] or row["cause"] for row in broken if row["obligation"] in planted}
    assert {row["obligation"] for row in broken if row["book"] == "jinxiang-2023"} == planted
    twins = [row for row in broken if row["book"] != "jinxiang-2023"]
    assert twins
    assert {row["trigger"] for row in twins} <= acts


def test_every_rule_kept_by_hand_has_its_faults_and_late_ones_are_among_them(year: Path) -> None:
    faults = answers(year)["faults"]
    found = Counter((fault["rule"], fault["status"]) for fault in faults)
    assert {sort: found[sort] for sort in SORTS} == SORTS
    assert len({fault["obligation"] for fault in faults}) == len(faults)
    assert len({fault["unit"] for fault in faults}) >= 20


def test_every_kind_of_rule_has_a_fault(year: Path) -> None:
    books, _ = load_books(("jinxiang-2023",), KINDS)
    kinds = {rule.id: rule.kind for book in books for rule in book.rules}
    assert {kinds[fault["rule"]] for fault in answers(year)["faults"]} == set(kinds.values())


def test_each_fault_names_its_unit_and_says_what_was_done(year: Path) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    for fault in answers(year)["faults"]:
        assert fault["unit_name"] == registry.unit(fault["unit"]).name
        assert fault["obligation"].startswith(f"jinxiang-2023/{fault['rule']}/{fault['unit']}/")
        assert fault["done"]


def test_the_list_of_faults_for_a_spreadsheet_says_the_same(year: Path) -> None:
    path = year / "answers" / "faults.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert listed == [{**fault, "subject": fault["subject"] or ""} for fault in answers(year)["faults"]]


def test_the_note_says_in_two_languages_that_it_is_made_up_and_from_which_seed(year: Path) -> None:
    note = (year / "说明.txt").read_text(encoding="utf-8")
    for words in ("虚构", "made up", "种子：2023", "Seed: 2023", "answers/"):
        assert words in note


def test_every_department_and_town_has_a_register_of_its_own(year: Path) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    files = {path.stem for path in year.iterdir() if path.suffix in (".xlsx", ".csv")}
    assert {registry.unit(unit).name for unit in registry.members(("departments", "towns"))} <= files
    assert {path.suffix for path in year.iterdir()} == {".xlsx", ".csv", ".txt", ""}


def test_registers_are_kept_as_people_keep_them(year: Path) -> None:
    cells: list[str] = []
    for path in sorted(year.glob("*.xlsx")):
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        assert "虚构示例" in str(rows[0][0])
        cells += [str(cell) for row in rows[1:] for cell in row]
    for path in sorted(year.glob("*.csv")):
        with pytest.raises(UnicodeDecodeError):
            path.read_bytes().decode("utf-8")
        cells += [cell for row in csv.reader(path.read_text(encoding="gb18030").splitlines()) for cell in row]
    shapes = (r"2023年\d+月\d+日", r"2023-\d\d-\d\d", r"2023/\d+/\d+", r"2023年\d+月\d+日\d+时\d\d分")
    for shape in shapes:
        assert any(re.fullmatch(shape, cell) for cell in cells), shape
    assert {"县民政局", "金乡县民政局", "意见采纳情况公开"} <= set(cells)


def test_the_registers_are_read_without_an_error_or_a_warning(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "events", "check", year)
    assert (outcome.status, outcome.err) == (0, "")
    number = int(outcome.out.removeprefix("读到").split("条")[0])
    assert 4000 <= number <= 12000


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_year(
    year: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai(capsys, "demo", tmp_path / "again").status == 0
    assert contents(tmp_path / "again") == contents(year)
    assert contents(other) != contents(year)


@pytest.mark.parametrize("seed", ["2", "3", "4"])
def test_another_seed_has_its_own_faults_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: str
) -> None:
    assert gongkai(capsys, "demo", tmp_path / "year", "--seed", seed).status == 0
    verdicts = product.evaluate(tmp_path / "year", as_of="2023-12-31").verdicts.to_pylist()
    planted = {(fault["obligation"], fault["status"]) for fault in answers(tmp_path / "year")["faults"]}
    assert {(row["obligation"], row["status"]) for row in verdicts if row["status"] in ("violated", "late")} == planted


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    outcome = gongkai(capsys, "demo", tmp_path)
    assert outcome.status == 2
    assert "not-empty" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["mine.xlsx", "answers/mine.txt"])
def test_an_earlier_year_with_a_file_of_somebody_else_in_it_is_left_alone(
    demo_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    year = shutil.copytree(demo_year, tmp_path / "year")
    (year / name).write_text("x", encoding="utf-8")
    before = contents(year)
    outcome = gongkai(capsys, "demo", year, "--seed", "7")
    assert outcome.status == 2
    assert name in outcome.err
    assert contents(year) == before


def test_a_folder_that_only_has_a_list_of_faults_is_no_earlier_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "faults.json").write_text("{}", encoding="utf-8")
    (tmp_path / "县民政局.xlsx").write_bytes(b"a real register")
    before = contents(tmp_path)
    assert gongkai(capsys, "demo", tmp_path).status == 2
    assert contents(tmp_path) == before


def test_an_earlier_year_is_replaced_whole_and_hidden_files_stay(
    year: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(other, tmp_path / "year")
    (tmp_path / "year" / ".DS_Store").write_bytes(b"x")
    assert gongkai(capsys, "demo", tmp_path / "year").status == 0
    assert contents(tmp_path / "year") == {**contents(year), ".DS_Store": b"x"}


def test_a_run_that_fails_leaves_the_earlier_year_as_it_was(
    demo_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    year = shutil.copytree(demo_year, tmp_path / "year")
    before = contents(year)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gongkai.demo.make._answers", full)
    outcome = gongkai(capsys, "demo", year, "--seed", "7")
    assert outcome.status == 2
    assert "not-writable" in outcome.err
    assert contents(year) == before
    assert [path.name for path in tmp_path.iterdir()] == ["year"]


def test_a_path_that_cannot_be_looked_at_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "demo", tmp_path / ("a" * 300))
    assert outcome.status == 2
    assert "not-readable" in outcome.err


def test_one_unit_alone_gets_the_verdicts_that_it_gets_among_all(year: Path, rows: list[dict[str, Any]]) -> None:
    for name, unit in (("县住房和城乡建设局", "zhujian"), ("县政府办公室", "zhengfuban")):
        alone = product.evaluate(year, as_of="2023-12-31", only=[name]).verdicts.to_pylist()
        assert alone == [row for row in rows if row["unit"] == unit]


def test_mid_year_sees_nothing_of_the_second_half(year: Path) -> None:
    early = product.evaluate(year, as_of="2023-06-30").verdicts.to_pylist()
    assert all(row["met_on"] is None or str(row["met_on"]) <= "2023-06-30" for row in early)
    assert all(str(row["opened_on"]) <= "2023-06-30" for row in early if row["trigger"] is not None)
