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
