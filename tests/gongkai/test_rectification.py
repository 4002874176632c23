"""The violation list goes out, comes back filled in, and the next run says what became of each problem."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from gongkai.cli import run
from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    Capsys = pytest.CaptureFixture[str]

EVENTS = (
    decision("甲", "2023-03-01"),
    decision("乙", "2023-03-02"),
    decision("丙", "2023-03-03"),
    decision("丁", "2023-03-06"),
    decision("戊", "2023-03-07"),
    feedback("戊", "2023-03-20"),
)


def evaluated(capsys: Capsys, out: Path, as_of: str, *arguments: str | Path) -> Path:
    outcome = gongkai(capsys, "evaluate", "--as-of", as_of, "--out", out, "--unit", "县民政局", *arguments)
    assert outcome.status == 0, outcome.err
    return out


def sheet_of(path: Path, name: str = "问题清单") -> Worksheet:
    sheet = openpyxl.load_workbook(path)[name]
    assert sheet is not None
    return sheet


def rows_of(path: Path, name: str = "问题清单") -> dict[str, dict[str, Any]]:
    """Return the rows of a sheet by obligation, under their headings."""
    head, *rows = sheet_of(path, name).iter_rows(values_only=True)
    named = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return {str(row["义务编号"]): row for row in named if row["义务编号"]}


def fill(source: Path, target: Path, **filled: Mapping[str, Any]) -> Path:
    """Fill in rows of a list, by the subject of the problem."""
    book = openpyxl.load_workbook(source)
    sheet = book["问题清单"]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    for row in sheet.iter_rows(min_row=2):
        for subject, values in filled.items():
            if f"事项：{subject}" in str(row[columns["问题"] - 1].value):
                for heading, value in values.items():
                    row[columns[heading] - 1].value = value
    book.save(target)
    return target


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("log") / "log.jsonl", *EVENTS)


@pytest.fixture(scope="module")
def first(log: Path) -> Path:
    out = log.parent / "mid"
    ask = ["evaluate", "--events", str(log), "--as-of", "2023-06-30", "--out", str(out), "--unit", "县民政局"]
    assert run([*ask, "--rectify-within", "10 working days"]) == 0
    return out


def test_the_list_says_by_when_and_how_late(first: Path) -> None:
    rows = {
        str(row["问题"]).split("\n")[1]: row
        for row in rows_of(first / "violations.xlsx").values()
        if "事项" in str(row["问题"])
    }
    assert len(rows) == 5
    open_, late = rows["事项：甲"], rows["事项：戊"]
    assert (open_["期限"], open_["逾期工作日"]) == (datetime(2023, 3, 6), 81)
    assert (open_["整改期限"], open_["依据"], open_["条款"]) == (
        datetime(2023, 7, 14),
        "金政办字〔2023〕26号（2023-07-14印发）",
        "8.2",
    )
    assert (late["逾期工作日"], late["整改期限"], late["整改结论"]) == (6, None, "已补办")


def test_the_filled_list_comes_back_through_a_ledger(capsys: Capsys, tmp_path: Path, log: Path, first: Path) -> None:
    done = {"整改情况": "已公开", "整改完成日期": datetime(2023, 7, 10)}
    filled, ledger = fill(first / "violations.xlsx", tmp_path / "filled.xlsx", 甲=done), tmp_path / "ledger"
    for added in ("新增1条", "新增0条"):
        outcome = gongkai(capsys, "events", "import", log, filled, "--ledger", ledger, "--at", "2023-08-01T09:00")
        assert outcome.status == 0, outcome.err
        assert f"filled.xlsx：{added}" in outcome.out
    after = evaluated(capsys, tmp_path / "annual", "2023-12-31", "--events", ledger, "--previous", first)
    told = {row["事项"]: row["整改结论"] for row in rows_of(after / "violations.xlsx", "整改台账").values()}
    assert (told["甲"], told["乙"]) == ("已反馈", "长期未整改")


def test_what_was_filled_in_decides_and_changes_no_verdict(
    capsys: Capsys, tmp_path: Path, log: Path, first: Path
) -> None:
    filled = fill(
        first / "violations.xlsx",
        tmp_path / "filled.xlsx",
        甲={"整改情况": "已公开", "整改完成日期": datetime(2023, 7, 10), "责任人": "张三"},
        乙={"整改情况": "已公开", "整改完成日期": "2023年8月1日"},
        丙={"整改期限": datetime(2024, 3, 1), "责任人": "李四"},
    )
    more = write_log(tmp_path / "more.jsonl", {"id": "x", **feedback("丁", "2023-07-05")})
    plain = evaluated(capsys, tmp_path / "plain", "2023-12-31", "--events", log, more)
    after = evaluated(
        capsys, tmp_path / "annual", "2023-12-31", "--events", log, more, filled, filled, "--previous", first
    )
    assert read_verdicts(after) == read_verdicts(plain)
    ledger = {row["事项"]: row for row in rows_of(after / "violations.xlsx", "整改台账").values()}
    told = {
        subject: (
            row["整改结论"],
            row["整改依据"],
            str(row["整改完成日期"] or "")[:10],
            str(row["整改期限"] or "")[:10],
        )
        for subject, row in ledger.items()
        if subject
    }
    assert told == {
        "甲": ("已反馈", "单位填报", "2023-07-10", "2023-07-14"),
        "乙": ("已反馈", "单位填报", "2023-08-01", "2023-07-14"),
        "丙": ("未整改", None, "", "2024-03-01"),
        "丁": ("按期整改", "台账", "2023-07-05", "2023-07-14"),
        "戊": ("已整改", "台账", "2023-03-20", ""),
    }
    page = (after / "rectification.html").read_text(encoding="utf-8")
    assert "按期整改（1）" in page
    assert "已反馈（2）" in page
    assert "李四" in page


def test_a_list_that_is_read_twice_says_nothing_new(capsys: Capsys, tmp_path: Path, log: Path, first: Path) -> None:
    done = {"整改情况": "已公开", "整改完成日期": datetime(2023, 7, 10), "责任人": "张三"}
    filled = fill(first / "violations.xlsx", tmp_path / "filled.xlsx", 甲=done)
    assert "读到0条事件；错误0处，提醒0处" in gongkai(capsys, "events", "check", first / "violations.xlsx").out
    assert "读到1条事件；错误0处，提醒0处" in gongkai(capsys, "events", "check", filled, filled).out
    after = evaluated(capsys, tmp_path / "b", "2023-12-31", "--events", log, filled, "--previous", first)
    again = gongkai(capsys, "events", "check", filled, after / "violations.xlsx")
    assert "读到1条事件；错误0处，提醒0处" in again.out, "the next list carries what was filled in, as the same record"


def test_a_problem_is_long_standing_after_its_day_or_two_evaluations(capsys: Capsys, tmp_path: Path, log: Path) -> None:
    one = evaluated(capsys, tmp_path / "a", "2023-03-31", "--events", log)
    two = evaluated(capsys, tmp_path / "b", "2023-06-30", "--events", log, "--previous", one)
    three = evaluated(capsys, tmp_path / "c", "2023-12-31", "--events", log, "--previous", one, "--previous", two)
    name = "jinxiang-2023/8.2.feedback/minzheng/e1"
    said = [rows_of(after / "violations.xlsx")[name]["整改结论"] for after in (two, three)]
    assert said == ["未整改", "长期未整改"]


def test_mistakes_are_named_by_their_cells(capsys: Capsys, tmp_path: Path, first: Path) -> None:
    filled = fill(
        first / "violations.xlsx",
        tmp_path / "filled.xlsx",
        甲={"整改情况": "已公开", "整改完成日期": "2023-02-30"},
        乙={"整改完成日期": datetime(2023, 7, 1)},
        丙={"整改情况": "正在整改"},
        丁={"整改情况": "已公开", "整改完成日期": "2023-07-01", "义务编号": "jinxiang-2023/8.2.feedback/caizheng/e1"},
    )
    outcome = gongkai(capsys, "events", "check", filled)
    assert outcome.status == 2
    lines = outcome.err.splitlines()
    cells = [(line.split("!")[1][0], line.split("[")[2].split("]")[0]) for line in lines]
    wrong = [("M", "missing-value"), ("N", "bad-date"), ("N", "not-finished"), ("Q", "wrong-obligation")]
    assert sorted(cells) == wrong
    assert "Traceback" not in outcome.err


def test_a_report_about_nothing_known_is_told(capsys: Capsys, tmp_path: Path, log: Path, first: Path) -> None:
    wrong = {"整改情况": "已公开", "整改完成日期": "2023-07-01", "义务编号": "jinxiang-2023/8.2.feedback/minzheng/e11"}
    filled = fill(first / "violations.xlsx", tmp_path / "filled.xlsx", 甲=wrong)
    outcome = gongkai(capsys, "evaluate", "--events", log, filled, "--as-of", "2023-12-31", "--out", tmp_path / "x")
    assert outcome.status == 0
    assert "unknown-obligation" in outcome.err
    assert "是不是" in outcome.err


@pytest.mark.parametrize("within", ["soon", "99999 working days"])
def test_a_time_that_is_none_is_refused(capsys: Capsys, tmp_path: Path, log: Path, within: str) -> None:
    ask = ("evaluate", "--events", log, "--as-of", "2023-06-30", "--out", tmp_path / "x", "--rectify-within", within)
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert "--rectify-within" in outcome.err
    assert not (tmp_path / "x").exists()


def test_a_previous_run_must_be_one_and_earlier(capsys: Capsys, tmp_path: Path, log: Path, first: Path) -> None:
    for folder in (tmp_path, first):
        ask = ("evaluate", "--events", log, "--as-of", "2023-06-30", "--out", tmp_path / "x", "--previous", folder)
        outcome = gongkai(capsys, *ask)
        assert outcome.status == 2
        assert "--previous" in outcome.err


def test_each_unit_can_have_its_sheet(capsys: Capsys, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", *EVENTS, {**decision("己", "2023-03-01"), "unit": "县财政局"})
    ask = ("--events", log, "--unit", "县财政局", "--sheets-per-unit")
    book = openpyxl.load_workbook(evaluated(capsys, tmp_path / "out", "2023-06-30", *ask) / "violations.xlsx")
    units = {name: book[name] for name in ("县民政局", "县财政局")}
    for name, sheet in units.items():
        assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == {name}
    assert book["问题清单"].max_row - 1 == sum(sheet.max_row - 1 for sheet in units.values())


def judged(kind: str, subject: str, day: str, evaluator: str | None = "县政府办公室") -> dict[str, Any]:
    """Return an entry by which the evaluating unit accepts or returns what was reported of a problem."""
    data = {"evaluator": evaluator} if evaluator is not None else {}
    return {
        "id": f"{kind} {subject}",
        "type": f"rectification.{kind}",
        "unit": "县民政局",
        "occurred_at": day,
        "subject": subject,
        "data": data,
    }


def test_the_office_accepts_or_returns_what_was_reported(
    capsys: Capsys, tmp_path: Path, log: Path, first: Path
) -> None:
    done = {"整改情况": "已公开", "整改完成日期": datetime(2023, 7, 10)}
    late = {"整改情况": "已公开", "整改完成日期": datetime(2023, 8, 1)}
    filled = fill(first / "violations.xlsx", tmp_path / "filled.xlsx", 甲=done, 乙=late, 丙=done, 丁=done)
    names = {
        row["问题"].split("：")[-1].split("\n")[0]: name for name, row in rows_of(first / "violations.xlsx").items()
    }
    more = write_log(
        tmp_path / "more.jsonl",
        judged("accepted", names["甲"], "2023-09-01"),
        judged("accepted", names["乙"], "2023-09-01"),
        judged("returned", names["丙"], "2023-09-01"),
        judged("accepted", names["丁"], "2023-09-01", "县民政局"),
    )
    after = evaluated(capsys, tmp_path / "b", "2023-12-31", "--events", log, filled, more, "--previous", first)
    told = {
        row["事项"]: (row["整改结论"], row["整改依据"])
        for row in rows_of(after / "violations.xlsx", "整改台账").values()
    }
    assert {subject: told[subject] for subject in "甲乙丙丁"} == {
        "甲": ("按期整改", "销号"),
        "乙": ("逾期整改", "销号"),
        "丙": ("退回整改", None),
        "丁": ("已反馈", "单位填报"),
    }
    assert {row["status"] for row in read_verdicts(after) if row["obligation"] in names.values()} == {
        "violated",
        "late",
    }


def test_what_has_happened_cannot_be_made_good(capsys: Capsys, tmp_path: Path) -> None:
    shown = {"type": "information.published", "unit": "县民政局", "occurred_at": "2023-09-01", "subject": "名单"}
    log = write_log(tmp_path / "log.jsonl", shown | {"data": {"sensitive": ["privacy"]}}, decision("甲", "2023-09-01"))
    out = evaluated(capsys, tmp_path / "a", "2023-12-31", "--events", log)
    rows = rows_of(out / "violations.xlsx")
    told = {name.split("/")[1]: row["整改结论"] for name, row in rows.items()}
    assert told["10.1.no-private-matters"] == "不能补办"
    assert not told["8.2.feedback"]
