"""What offices have on their disks, as it is, to a self-check and to the evaluation of a county."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.events.reading import csv_file
from tests.gongkai.commands import gongkai, read_verdicts

if TYPE_CHECKING:
    import pytest

OFFICES = Path(__file__).parents[1] / "data" / "offices"
SIX = [
    OFFICES / name
    for name in (
        "县交通运输局.csv",
        "县教育和体育局.xlsx",
        "县政府办公室.xlsx",
        "县民政局.xlsx",
        "县司法局.xlsx",
        "羊山镇.xlsx",
    )
]


def test_six_offices_as_they_are_are_a_county_evaluation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "报告"
    options = ("--mapping", OFFICES / "县司法局.yaml", "--as-of", "2023-12-31", "--no-reports", "--out", out)
    outcome = gongkai(capsys, "evaluate", "--events", *SIX, *options, "--skip-unreadable")
    assert outcome.status == 0, outcome.err
    left = json.loads((out / "run.json").read_text(encoding="utf-8"))["left_out"]
    assert [(one["unit"], one["place"], one["facts"]) for one in left] == [
        ("jiaotong", "8", ["“专职人员配备”没有写明主题（subject）"]),
        ("yangshan", "下半年!E2", ["“8月5日”没有写明年份"]),
        ("yangshan", "下半年!E4", ["没有“2023/9/31”这一天"]),
        ("yangshan", "下半年!B5", ["单位名录中没有“杨山镇”"]),
        ("yangshan", "下半年!E6", ["“2023.10.9至10.12”是一段时间"]),
    ]
    met = {(one["unit"], one["rule"]) for one in read_verdicts(out) if one["status"] == "met"}
    assert {(unit, "N6.training") for unit in ("minzheng", "sifa", "jiaotong", "yangshan")} <= met


def test_three_registers_are_a_self_check_in_two_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = ("填报单位：县司法局（盖章）",)
    head = ("序号", "文号", "征求意见日期", "截止日期", "出台日期", "反馈日期", "反馈内容")
    days = ("2023-05-01", "2023-05-31", "2023-06-26", "2023-06-29")
    row = (1, "金司决〔2023〕1号", *days, "收集情况、采纳情况、不采纳原因")
    asked = csv_file(tmp_path / "征求意见台账.csv", [unit, head, row])
    head = ("序号", "文号", "文件名称", "印发日期", "解读日期", "解读方式", "备注")
    row = (1, "金司字〔2023〕9号", "办法", "2023-08-10", "2023-08-11", "文字", "")
    documents = csv_file(tmp_path / "规范性文件台账.csv", [unit, head, row])
    ledger = tmp_path / "账本"
    registers = (OFFICES / "wide-register.xlsx", asked, documents)
    imported = gongkai(capsys, "events", "import", *registers, "--ledger", ledger, "--at", "2023-12-30T09:00")
    assert imported.status == 0, imported.err
    assert [line.split("：")[1] for line in imported.out.splitlines()[:3]] == [
        "新增9条，已有0条",
        "新增4条，已有0条",
        "新增2条，已有0条",
    ]
    checked = gongkai(capsys, "check", "--unit", "县司法局", "--events", ledger, "--as-of", "2023-12-31")
    assert checked.status == 1, checked.err
    out = tmp_path / "报告"
    options = ("--book", "jinxiang-2023", "--book", "regulation-2019", "--as-of", "2023-12-31", "--unit", "县司法局")
    assert gongkai(capsys, "evaluate", "--events", ledger, *options, "--no-reports", "--out", out).status == 0
    found = {(one["rule"], one["subject"]): one["status"] for one in read_verdicts(out)}
    assert {subject: found["art33.reply", subject] for subject in ("2023-1", "2023-2", "2023-3")} == {
        "2023-1": "met",
        "2023-2": "met",
        "2023-3": "met",
    }
    assert found["8.2.feedback", "金司决〔2023〕1号"] == "met"
