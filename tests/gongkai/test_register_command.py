from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

FILLED = {
    "依申请": (
        {"序号": 1, "收到日期": dt.date(2023, 2, 6), "答复日期": dt.date(2023, 2, 24), "答复结果": "予以公开"},
        2,
    ),
    "征求意见": ({"决策事项": "甲", "征求意见开始日期": dt.date(2023, 2, 6), "反馈公开日期": dt.date(2023, 4, 6)}, 2),
    "规范性文件": (
        {
            "文号": "金民字〔2023〕5号",
            "印发日期": dt.date(2023, 2, 6),
            "解读日期": dt.date(2023, 2, 7),
            "解读形式": "文字",
        },
        2,
    ),
}


def _fill(sheet: Worksheet, cells: dict[str, object]) -> None:
    headings = {sheet.cell(3, column).value: column for column in range(1, sheet.max_column + 1)}
    for heading, value in cells.items():
        sheet.cell(4, headings[heading]).value = value  # type: ignore[assignment]


@pytest.mark.parametrize("layout", list(FILLED))
def test_a_register_is_made_filled_in_and_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layout: str
) -> None:
    path = tmp_path / "登记簿.xlsx"
    made = gongkai(capsys, "events", "template", "--layout", layout, "--unit", "民政局", "--out", path)
    assert (made.status, made.err) == (0, "")
    book = openpyxl.load_workbook(path)
    cells, count = FILLED[layout]
    assert book.active is not None
    _fill(book.worksheets[0], cells)
    book.save(path)
    checked = gongkai(capsys, "events", "check", path, "--show")
    assert (checked.status, f"读到{count}条事件" in checked.out, "县民政局" in checked.out) == (0, True, True), (
        checked.err
    )


def test_a_layout_can_be_copied_and_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "版面.yaml"
    assert gongkai(capsys, "events", "template", "--layout", "依申请", "--out", path).status == 0
    text = path.read_text(encoding="utf-8").replace("[收到申请日期,", "[来件日,")
    path.write_text(text, encoding="utf-8")
    log = tmp_path / "a.csv"
    log.write_text("填报单位：县民政局\n序号,来件日,答复日期\n1,2023-02-06,\n", encoding="utf-8")
    checked = gongkai(capsys, "events", "check", log, "--mapping", path)
    assert (checked.status, "读到1条事件" in checked.out) == (0, True)


def test_an_unknown_layout_is_told_with_those_that_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = gongkai(capsys, "events", "template", "--layout", "依申情", "--out", tmp_path / "a.xlsx")
    assert (outcome.status, "是不是“依申请”" in outcome.err) == (2, True)
