"""Layouts of departments: titles, headings in two rows, merged cells, totals, hidden rows, several sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from tests.events.messy import (
    DAY,
    EVENT,
    HEAD,
    Sheet,
    merged,
    row,
    seen,
    wide_headings,
    with_openpyxl,
    with_xlsxwriter,
)

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook


def hide(book: Workbook) -> None:
    """Hide a row of the first sheet, and a whole sheet of events."""
    book["台账"].row_dimensions[3].hidden = True
    sheet = book.create_sheet("去年")
    for cells in (HEAD, row("9", 发生日期="2022-07-14")):
        sheet.append(list(cells))
    sheet.sheet_state = "hidden"


def comment(book: Workbook) -> None:
    """Put a remark to a cell, and fill in a colour far to the right."""
    book["台账"]["C2"].comment = Comment("请核对单位", "李四")
    book["台账"]["ZZ500"].fill = PatternFill("solid", fgColor="FFFF00")


def split_by_group(path: Path) -> None:
    """Write two groups of columns that both have a 日期."""
    with_xlsxwriter(
        ("单位", "决策", None, "反馈", None, "类型"),
        (None, "决策事项", "日期", "网址", "日期"),
        ("县民政局", "甲", "2023-07-14", None, None, "决策文件出台"),
    )(path)


def several(path: Path) -> None:
    """Write a sheet for each half of the year, a help and a chart."""
    book = xlsxwriter.Workbook(path)
    for name, identity in (("上半年", "1"), ("下半年", "2")):
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(((f"{name}台账",), HEAD, row(identity))):
            sheet.write_row(number, 0, cells)
    book.add_worksheet("填写说明").write_column(0, 0, ("一、请逐行填写", "二、不要合并单元格"))
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=上半年!$A$1:$A$3"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()


LAYOUTS = (
    Sheet(
        "headings in two rows, captions, totals, notes",
        wide_headings,
        [
            ("executive_meeting.attended", "minzheng", "第1次", DAY),
            ("executive_meeting.attended", "jinxiang-jiedao", "第2次", DAY),
        ],
        [("row-passed-over", "A5"), ("row-passed-over", "A7"), ("row-passed-over", "A8"), ("row-passed-over", "A9")],
    ),
    Sheet(
        "two groups with a date each",
        split_by_group,
        [("decision.issued", "minzheng", "甲", DAY)],
        [("duplicate-column", "E2")],
    ),
    Sheet("a sheet for each half, a help, a chart", several, [EVENT, EVENT]),
    Sheet(
        "a merged unit and a merged date",
        with_openpyxl(
            HEAD, row("1"), row("2", 单位=None), row("3", 单位=None, 发生日期=None), change=merged("C2:C4", "E3:E4")
        ),
        [EVENT, EVENT, EVENT],
    ),
    Sheet(
        "blanks below a unit that are not merged",
        with_openpyxl(HEAD, row("1"), row("2", 单位=None)),
        [EVENT],
        [("missing-value", "C3")],
    ),
    Sheet("同上", with_xlsxwriter(HEAD, row("1"), row("2", 类型="同上", 单位="〃", 发生日期="同上")), [EVENT, EVENT]),
    Sheet("同上 with nothing above", with_xlsxwriter(HEAD, row("1", 单位="同上")), [], [("nothing-above", "C2")]),
    Sheet(
        "empty rows, numbered rows, headings again on each page",
        with_xlsxwriter(
            (*HEAD, "序号"), (*row("1"), 1), (), (None,) * 5 + (2,), (*HEAD, "序号"), (*row("2"), 3), (None, " ", "　")
        ),
        [EVENT, EVENT],
    ),
    Sheet(
        "totals of every name",
        with_xlsxwriter(HEAD, row("1"), ("小计",), (None, "合 计："), ("本月合计", None, 12), ("总　计（个）",)),
        [EVENT],
        [("row-passed-over", f"{cell}") for cell in ("A3", "B4", "A5", "A6")],
    ),
    Sheet("an event called 合计", with_xlsxwriter(HEAD, row("合计")), [EVENT]),
    Sheet(
        "titles, the unit and the date above the headings",
        with_xlsxwriter(
            ("政务公开工作台账",), ("填报单位：县民政局", None, None, "填报日期：2023年12月31日"), (), HEAD, row("1")
        ),
        [EVENT],
    ),
    Sheet(
        "a table that starts in the middle",
        with_openpyxl((), (), (), *[(None, None, *cells) for cells in (HEAD, row("1", 单位="县民正局"))]),
        [],
        [("unknown-unit", "E5")],
    ),
    Sheet(
        "hidden rows and a hidden sheet",
        with_openpyxl(HEAD, row("1"), row("2"), change=hide),
        [EVENT, EVENT, ("training.held", "minzheng", None, "2022-07-14 00:00:00")],
        [("hidden-sheet", None), ("hidden-rows", None)],
    ),
    Sheet("comments and colours far away", with_openpyxl(HEAD, row("1"), change=comment), [EVENT]),
    Sheet(
        "column names with marks, breaks and brackets",
        with_xlsxwriter(("编 号*", "类型\n（必填）", "责任单位：", "事项名称", "发生日期【年月日】"), row("1")),
        [EVENT],
    ),
    Sheet("no headings at all", with_xlsxwriter(row("1"), row("2")), [], [("no-headings", None)]),
    Sheet(
        "a field in two columns",
        with_xlsxwriter((*HEAD, "责任单位", "部门"), (*row("1", 单位=None), "县民政局", "金乡街道")),
        [],
        [("duplicate-column", "F1"), ("duplicate-column", "G1"), ("missing-value", "C2")],
    ),
)


@pytest.mark.parametrize("sheet", LAYOUTS, ids=lambda sheet: sheet.name)
def test_a_messy_layout_is_read_right_or_refused_by_cell(tmp_path: Path, sheet: Sheet) -> None:
    sheet.make(tmp_path / "台账.xlsx")
    assert seen(tmp_path / "台账.xlsx") == (list(sheet.events), list(sheet.told))
