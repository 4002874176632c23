from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from tests.events.reading import csv_file
from tests.gongkai.commands import gongkai, read_verdicts

if TYPE_CHECKING:
    import pytest

OFFICES = Path(__file__).parents[1] / "data" / "offices"


def test_what_is_filled_in_counts_for_the_duty_of_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "报告"
    options = ("--as-of", "2023-12-31", "--unit", "县民政局", "--no-reports", "--out", out)
    assert gongkai(capsys, "evaluate", "--events", OFFICES / "自查填好.xlsx", *options).status == 0
    found = {one["rule"]: (one["status"], one["measured"]) for one in read_verdicts(out)}
    assert found["3.16.adapted-homes"] == ("met", 121)
    assert found["3.17.children-standard"] == ("met", 5)
    assert found["3.16.home-beds"] == ("unassessed", None)


def test_a_figure_without_indicator_and_duty_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("编号", "类型", "单位", "发生日期", "指标", "数值"),
        ("i1", "指标上报", "县民政局", "2023-06-30", "", "121"),
    ]
    outcome = gongkai(capsys, "events", "check", csv_file(tmp_path / "log.csv", rows))
    assert (outcome.status, ":2: 提醒 [figure-of-nothing]" in outcome.err) == (0, True)


def test_a_new_workbook_names_the_indicator_of_each_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = csv_file(
        tmp_path / "log.csv", [("编号", "类型", "单位", "日期"), ("1", "业务培训", "县民政局", "2023-05-01")]
    )
    path = tmp_path / "自查.xlsx"
    gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-01", "--xlsx", path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head = [cell.value for cell in sheet[2]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]
    figures = {str(row["义务编号"]).split("/")[1]: row["指标"] for row in rows if row["类型"] == "指标上报"}
    assert figures["3.16.home-beds"] == "家庭养老床位"
    assert all(figures.values()), figures


def test_every_missing_part_has_a_row_and_what_is_filled_in_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six matters, three areas and four procedures are rows of their own; days alone settle all of them."""
    rows = [
        ("编号", "类型", "单位", "主题", "日期", "是否规范性文件", "是否影响权益"),
        ("1", "业务培训", "县民政局", "", "2023-05-01", "", ""),
        ("2", "政策文件印发", "县民政局", "甲办法", "2023-10-01", "是", "是"),
        ("3", "政策文件印发", "县民政局", "乙办法", "2023-10-02", "是", "是"),
        ("4", "政策解读", "县民政局", "乙办法", "2023-10-02", "", ""),
    ]
    log, path = csv_file(tmp_path / "log.csv", rows), tmp_path / "自查.xlsx"
    gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-11-20", "--xlsx", path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    column = {str(cell.value): number for number, cell in enumerate(sheet[2], 1)}
    wanted = {"2.6.three-areas", "11.1.six-matters", "14.1.procedures", "N7.work-plan"}
    parts: dict[str, list[object]] = {}
    for row in range(3, sheet.max_row + 1):
        duty = str(sheet.cell(row, column["义务编号"]).value).split("/")
        if len(duty) > 1:
            said = sheet.cell(row, column["主题"]).value or sheet.cell(row, column["涉及任务"]).value
            parts.setdefault(duty[1], []).append(said)
            sheet.cell(row, column["发生日期"]).value = "2023-11-15" if duty[1] in wanted else None
    assert parts["2.6.three-areas"] == ["质量安全", "从业人员", "运营秩序"]
    assert parts["11.1.six-matters"] == ["土地征收", "旧区改造", "适龄儿童入学政策", "就诊就医", "养老服务", "村务居务"]
    assert parts["14.1.procedures"] == ["申请登记管理", "协助调查", "申请会商", "申请归档"]
    assert parts["5.1.interpretation"] == ["甲办法"]
    book.save(path)
    out = tmp_path / "报告"
    options = ("--as-of", "2023-12-31", "--unit", "县民政局", "--no-reports", "--out", out)
    assert gongkai(capsys, "evaluate", "--events", log, "--events", path, *options).status == 0
    found = {one["rule"]: one["status"] for one in read_verdicts(out)}
    assert {rule: found[rule] for rule in wanted} == dict.fromkeys(wanted, "met")


def test_what_is_filled_in_without_a_day_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ("义务编号", "类型", "单位", "发生日期", "标题", "指标", "数值")
    duty = "jinxiang-2023/3.16.home-beds/minzheng/2023-12-31"
    rows = [
        head,
        (duty, "指标上报", "县民政局", "", "", "", "90"),
        (duty, "信息公开", "县民政局", "", "养老床位公告", "", ""),
        (duty, "信息公开", "县民政局", "", "", "", ""),
    ]
    outcome = gongkai(capsys, "events", "check", csv_file(tmp_path / "自查.csv", rows))
    told = [line for line in outcome.err.splitlines() if "[" in line and "没有填写发生日期" in line]
    assert [("[figure-without-date]" in one, "[not-finished]" in one) for one in told] == [(True, False), (False, True)]
