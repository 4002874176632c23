"""Headings in two rows: a group and what it groups, a heading and what it is counted in, a plan beside a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from events.read import read_events
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST = ("编号", "类型", "单位")
TRAINED = ("1", "业务培训", "县民政局")


def read(path: Path, upper: Sequence[object], lower: Sequence[object], row: Sequence[object]) -> tuple[Any, set[str]]:
    """Return the only entry below two rows of headings, and the codes of what was told."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    book = openpyxl.Workbook()
    for cells in (upper, lower, row):
        book.worksheets[0].append([one or None for one in cells])
    book.save(path / "台账.xlsx")
    log = read_events([path / "台账.xlsx"], registry)
    [entry] = log.table.to_pylist()
    return entry, {one.code for one in log.problems}


@pytest.mark.parametrize(
    "group", ["会议情况", "培训开展情况", "应急演练情况", "预算公开", "接待情况", "供应情况", "未成年人保护", "落实"]
)
def test_a_day_below_a_group_is_the_day_of_the_entry(tmp_path: Path, group: str) -> None:
    for word in ("时间", "日期"):
        row = (*TRAINED, "2023-07-14", 30)
        entry, told = read(tmp_path, (*FIRST, group, ""), ("", "", "", word, "参训人数"), row)
        assert (str(entry["occurred_at"])[:10], entry["data.participants"], told) == ("2023-07-14", 30, set())


@pytest.mark.parametrize(
    ("planned", "done"),
    [
        ("计划", "实际"),
        ("计划安排", "实际完成"),
        ("完成时限", "完成情况"),
        ("限期", "办结"),
        ("预计", "实际"),
        ("应完成", "已完成"),
    ],
)
def test_the_day_below_what_was_planned_is_left_and_told(tmp_path: Path, planned: str, done: str) -> None:
    row = (*TRAINED, "2023-12-31", "2023-07-14")
    for upper, lower in (((planned, done), ("日期", "日期")), (("日期", ""), (planned, done))):
        entry, told = read(tmp_path, (*FIRST, *upper), ("", "", "", *lower), row)
        assert (str(entry["occurred_at"])[:10], told) == ("2023-07-14", {"planned-column"})


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("投资额", "万元"),
        ("投资额", "（万元）"),
        ("投资额", "单位：万元"),
        ("万元", "投资额"),
        ("单位：万元", "投资额"),
        ("投资额（万元）", ""),
    ],
)
def test_what_money_is_counted_in_may_stand_above_or_below_its_heading(tmp_path: Path, upper: str, lower: str) -> None:
    row = ("1", "项目落地", "县投资促进服务中心", "甲", "2023-07-14", 5000)
    head = (*FIRST, "主题", "发生日期", upper)
    entry, told = read(tmp_path, head, ("", "", "", "", "", lower), row)
    assert (entry["data.amount"], told) == (0.5, set())


@pytest.mark.parametrize(
    ("upper", "lower"), [("数值", "万人次"), ("数值", "（万人次）"), ("万人次", "数值"), ("单位：万人次", "数值")]
)
def test_what_a_figure_is_counted_in_may_stand_above_or_below_its_heading(
    tmp_path: Path, upper: str, lower: str
) -> None:
    row = ("1", "指标上报", "县教育和体育局", "2023-12-20", "培训教师", 1.31)
    entry, told = read(tmp_path, (*FIRST, "发生日期", "指标", upper), ("",) * 5 + (lower,), row)
    assert (entry["data.value"], entry["data.unit_of_measure"], told) == (1.31, "万人次", set())


def test_a_unit_of_measure_in_the_column_of_units_is_no_second_row_of_headings(tmp_path: Path) -> None:
    head = (*FIRST, "发生日期", "指标", "数值", "计量单位")
    row = ("1", "指标上报", "县教育和体育局", "2023-12-20", "培训教师", 1.31, "万人次")
    entry, _ = read(tmp_path, head, ("",) * 6 + ("亩",), row)
    assert (entry["data.value"], entry["data.unit_of_measure"]) == (1.31, "万人次")
