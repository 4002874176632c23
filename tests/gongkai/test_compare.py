"""Two runs held together: what changed, and why, as far as both kept it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from gongkai.cli import run
from rules.loading.registry import UNITS
from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pair = Callable[..., dict[str, tuple[str, str]]]
    Capsys = pytest.CaptureFixture[str]

BOOKS = UNITS.parent / "books"
BREACHES = {"violated", "late"}


@pytest.fixture(scope="module")
def year(demo_year: Path, demo_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the run over the demo year at mid-year and the one at its end."""
    home = tmp_path_factory.mktemp("year")
    ask = ["evaluate", "--events", str(demo_year), "--as-of", "2023-06-30", "--out", str(home / "mid")]
    assert run(ask) == 0
    shutil.copytree(demo_run, home / "annual")
    return home


def compared(path: Path, name: str = "结论的变化") -> list[dict[str, Any]]:
    """Return the rows of the workbook."""
    sheet = openpyxl.load_workbook(path)[name]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_mid_year_and_annual_differ_by_the_planted_faults_item_by_item(
    capsys: Capsys, demo_year: Path, year: Path
) -> None:
    pages = ("--html", year / "c.html", "--xlsx", year / "c.xlsx")
    outcome = gongkai(capsys, "compare", year / "mid", year / "annual", *pages)
    assert outcome.status == 0, outcome.err
    faults = json.loads((demo_year / "answers" / "faults.json").read_text(encoding="utf-8"))["faults"]
    planted = {fault["obligation"]: fault["status"] for fault in faults}
    mid = {row["obligation"]: row for row in read_verdicts(year / "mid")}
    early = {name for name, row in mid.items() if row["status"] in BREACHES}
    rows = {row["义务编号"]: row for row in compared(year / "c.xlsx")}
    groups: dict[str, set[str]] = {}
    for name, row in rows.items():
        groups.setdefault(row["变化"], set()).add(name)

    assert groups["新出现的问题"] == planted.keys() - early
    standing = {row["义务编号"] for row in compared(year / "c.xlsx", "两次都未落实")}
    assert standing == {name for name in early if mid[name]["status"] == planted.get(name) == "violated"}
    mended = {name for name in early if mid[name]["status"] == "violated"} - standing
    assert groups["已整改（补做或者更正后不再是问题）"] == mended
    assert mended
    for name in mended:
        assert rows[name]["原因类别"] == "补登", "it had happened before mid-year, and was recorded after it"
    for name in groups["新出现的问题"]:
        assert rows[name]["后来"].split()[-1] == {"violated": "未落实", "late": "逾期完成"}[planted[name]]
        assert set(rows[name]["原因类别"].split("、")) <= {"之后发生", "时间推移"}
        if rows[name]["先前"] != "∅":
            assert "时间推移" in rows[name]["原因类别"], "it was open at mid-year, and fell due"
    assert "不再有的义务" not in groups
    page = (year / "c.html").read_text(encoding="utf-8")
    assert f"新出现的问题（{len(groups['新出现的问题'])}）" in page


def test_the_workbook_prints_what_somebody_has_to_act_on_and_says_that_there_is_more(
    capsys: Capsys, year: Path
) -> None:
    path = year / "print.xlsx"
    assert gongkai(capsys, "compare", year / "mid", year / "annual", "--xlsx", path).status == 0
    book = openpyxl.load_workbook(path)
    sheet = book["结论的变化"]
    groups = [row["变化"] for row in compared(path)]
    routine = {"新增的义务", "已按期完成", "结论不变，证据有变化"}
    told = next(number for number, group in enumerate(groups) if group in routine)
    assert not set(groups[:told]) & routine
    assert set(groups[told:]) == routine
    assert sheet.print_area == f"'结论的变化'!$A$1:$K${told + 1}"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C2", "$1:$1")
    assert sheet.oddFooter is not None
    assert f"打印前{told}项；另有{len(groups) - told}项" in str(sheet.oddFooter.left.text)
    standing = compared(path, "两次都未落实")
    assert "原因" not in standing[0], "nothing changed, so there is no cause"
    assert all(row["理由"] for row in standing)
    assert book["两次都未落实"].print_area == f"'两次都未落实'!$A$1:$J${len(standing) + 1}"
    numbers = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert numbers["新增的义务"] == groups.count("新增的义务")
    assert numbers["两次都未落实"] == len(standing)
    assert "∅：那次评估没有这项义务。" in numbers

    assert gongkai(capsys, "compare", year / "mid", year / "annual", "--xlsx", path, "--lang", "en").status == 0
    english = openpyxl.load_workbook(path)["Changes"]
    assert english.oddHeader is not None
    assert "(2023-06-30 → 2023-12-31): Changes" in str(english.oddHeader.center.text)
    assert not any("、" in str(cell.value) for cell in english["J"]), "causes are listed as English lists things"


def test_the_terminal_says_the_counts_and_the_twenty_that_matter(
    capsys: Capsys, demo_year: Path, year: Path, tmp_path: Path
) -> None:
    files = ("--html", tmp_path / "all.html", "--xlsx", tmp_path / "all.xlsx")
    said = gongkai(capsys, "compare", year / "mid", year / "annual", *files).out
    faults = json.loads((demo_year / "answers" / "faults.json").read_text(encoding="utf-8"))["faults"]
    early = {row["obligation"] for row in read_verdicts(year / "mid") if row["status"] in BREACHES}
    new = [fault["status"] for fault in faults if fault["obligation"] not in early]
    assert f"新出现的问题（{len(new)}）" in said
    assert f"合计：新出现的问题{len(new)}项、" in said
    changes = [line for line in said.splitlines() if line.startswith("  ") and " → " in line]
    assert len(changes) <= 20
    assert "另有" in said
    assert len(said.splitlines()) < 90
    assert "8.2.feedback" not in said, "titles, not the ids of rules"
    listed = openpyxl.load_workbook(tmp_path / "all.xlsx")["结论的变化"]
    assert sum(row[0].value == "新出现的问题" for row in listed.iter_rows()) == len(new), "the files have all"
    assert (tmp_path / "all.html").stat().st_size < 350_000


@pytest.fixture
def pair(capsys: Capsys, tmp_path: Path) -> Pair:
    """Evaluate two logs as of two days, with options of their own, and return the changes by subject."""

    def told(
        first: list[dict[str, Any]],
        second: list[dict[str, Any]],
        days: tuple[str, str] = ("2023-09-30", "2023-09-30"),
        options: tuple[tuple[str | Path, ...], tuple[str | Path, ...]] = ((), ()),
    ) -> dict[str, tuple[str, str]]:
        for name, log, day, more in zip("ab", (first, second), days, options, strict=True):
            path = write_log(tmp_path / f"{name}.jsonl", *log)
            ask = ("evaluate", "--events", path, "--as-of", day, "--out", tmp_path / name, "--unit", "县民政局", *more)
            assert gongkai(capsys, *ask).status == 0
        assert gongkai(capsys, "compare", tmp_path / "a", tmp_path / "b", "--xlsx", tmp_path / "c.xlsx").status == 0
        rows = [row for row in compared(tmp_path / "c.xlsx") if "/8.2.feedback/" in row["义务编号"]]
        return {row["事项"]: (row["原因类别"], row["原因"]) for row in rows}

    return told


def test_an_entry_that_was_edited_added_removed_corrected_or_retracted_is_the_cause(pair: Pair) -> None:
    issued = [{"id": f"d{name}", **decision(name, "2023-09-01")} for name in "甲乙丙丁戊"]
    answers = {name: {"id": f"f{name}", **feedback(name, "2023-09-05")} for name in "甲乙丙丁戊"}
    first = [*issued, answers["甲"], answers["丙"], answers["丁"], answers["戊"]]
    second = [
        *issued,
        {**answers["甲"], "occurred_at": "2023-09-12"},
        answers["乙"],
        answers["丁"],
        answers["戊"],
        {"id": "fix", **feedback("丁", "2023-09-13"), "corrects": "f丁", "recorded_at": "2023-09-20"},
        {"id": "gone", **feedback("戊", "2023-09-20"), "retracts": "f戊"},
    ]
    told = pair(first, second)
    assert {name: codes for name, (codes, _) in told.items()} == {
        "甲": "记录被改动",
        "乙": "后补进台账",
        "丙": "记录被删去",
        "丁": "后补进台账、记录被更正",
        "戊": "记录被撤销",
    }
    assert "由fix，2023-09-20" in told["丁"][1]


def test_a_day_that_no_longer_counts_is_the_cause_of_a_moved_due_date(pair: Pair, tmp_path: Path) -> None:
    closure = tmp_path / "closure.yaml"
    closure.write_text("closures: [2023-09-05]\n", encoding="utf-8")
    log = [decision("甲", "2023-09-04"), decision("乙", "2023-09-12")]
    told = pair(log, log, options=((), ("--calendar", closure)))
    assert told == {"甲": ("日历变化", "日历变化：2023-09-05")}


def test_a_rule_that_changed_is_the_cause(pair: Pair, tmp_path: Path) -> None:
    book = tmp_path / "jinxiang-2023"
    shutil.copytree(BOOKS / "jinxiang-2023", book)
    [file] = [path for path in book.glob("*.yaml") if "id: 8.2.feedback" in path.read_text(encoding="utf-8")]
    head, rule = file.read_text(encoding="utf-8").split("id: 8.2.feedback", 1)
    file.write_text(head + "id: 8.2.feedback" + rule.replace("within: 3", "within: 5", 1), encoding="utf-8")
    log = [decision("甲", "2023-09-04")]
    told = pair(log, log, options=((), ("--book", book)))
    assert told["甲"][0] == "规则变化"
    assert "3 working days → 5 working days" in told["甲"][1]


def test_a_run_that_kept_nothing_is_compared_without_causes(capsys: Capsys, year: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for name in ("verdicts.jsonl", "run.json"):
        (old / name).write_bytes((year / "mid" / name).read_bytes())
    said = gongkai(capsys, "compare", old, year / "annual").out
    assert "没有保留输入" in said
    assert "原因没有记录" in said


def test_comparing_a_run_with_itself_finds_nothing(capsys: Capsys, year: Path) -> None:
    assert gongkai(capsys, "compare", year / "mid", year / "mid").out.strip() == "两次评估的输入相同"


def test_units_that_one_run_was_not_asked_about_are_not_compared(
    capsys: Capsys, demo_year: Path, year: Path, tmp_path: Path
) -> None:
    ask = (
        "evaluate",
        "--events",
        demo_year,
        "--as-of",
        "2023-06-30",
        "--unit",
        "县民政局",
        "--out",
        tmp_path / "one",
    )
    assert gongkai(capsys, *ask).status == 0
    assert gongkai(capsys, "compare", tmp_path / "one", year / "annual", "--xlsx", tmp_path / "c.xlsx").status == 0
    assert {row["单位"] for row in compared(tmp_path / "c.xlsx")} == {"县民政局"}
