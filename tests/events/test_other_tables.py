"""Tables that offices keep otherwise: days in three columns, headings below each other, marks and references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from events.read import read_events
from events.subjects import fold_subject
from rules.loading.registry import UNITS, load_registry
from tests.events.reading import column, csv_text, read

if TYPE_CHECKING:
    from pathlib import Path

    from events.read import ReadResult

HEAD = ("编号", "类型", "单位", "主题", "发生日期")


def of(tmp_path: Path, *rows: tuple[object, ...]) -> ReadResult:
    path = tmp_path / "log.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    return read(path)


def told(log: ReadResult) -> list[tuple[str, int | None, int | None]]:
    return [(one.code, one.where.line, one.where.column) for one in log.problems if one.severity == "error"]


def warned(log: ReadResult) -> list[tuple[str, int | None, int | None]]:
    return [(one.code, one.where.line, one.where.column) for one in log.problems if one.severity == "warning"]


@pytest.mark.parametrize("names", [("年", "月", "日"), ("年份", "月份", "日"), ("年度", "月", "日")])
def test_a_day_in_three_columns_is_a_day(tmp_path: Path, names: tuple[str, str, str]) -> None:
    log = of(
        tmp_path,
        ("类型", "单位", *names, "参训人数"),
        ("业务培训", "县民政局", "2023", "7", "14", "30"),
        ("业务培训", "县民政局", "2023年", "12月", "31日", "31"),
        ("业务培训", "县民政局", "", "7", "15", "32"),
        ("业务培训", "县民政局", "2023", "2", "30", "33"),
    )
    assert [str(one)[:10] for one in column(log, "occurred_at")] == ["2023-07-14", "2023-12-31"]
    assert column(log, "data.participants") == [30, 31]
    assert told(log) == [("bad-date", 4, 3), ("bad-date", 5, 3)]


@pytest.mark.parametrize("merged", [False, True])
def test_a_day_in_three_columns_below_its_heading_is_a_day(tmp_path: Path, *, merged: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (
        ("填报单位：县民政局",),
        ("类型", "会议日期", "", "", "主题"),
        ("", "年", "月", "日", ""),
        ("业务培训", 2023, 7, 14, "甲"),
    ):
        sheet.append([one or None for one in cells])
    for span in ("A2:A3", "B2:D2", "E2:E3") if merged else ():
        sheet.merge_cells(span)
    book.save(tmp_path / "log.xlsx")
    log = read(tmp_path / "log.xlsx")
    assert ([str(one)[:10] for one in column(log, "occurred_at")], column(log, "subject"), log.problems) == (
        ["2023-07-14"],
        ["甲"],
        (),
    )


def test_the_time_of_day_below_a_group_of_three_rows_of_headings(tmp_path: Path) -> None:
    log = of(
        tmp_path,
        ("基本情况", "", "", "时间", ""),
        ("单位", "类型", "主题", "日期", "时刻"),
        ("县民政局", "业务培训", "甲", "2023-02-08", "9:30"),
    )
    assert ([str(one) for one in column(log, "occurred_at")], told(log)) == (["2023-02-08 09:30:00"], [])


def test_headings_below_each_other_are_told_with_how_to_turn_the_table(tmp_path: Path) -> None:
    log = of(tmp_path, ("2023年台账",), ("单位", "县民政局"), ("类型", "业务培训"), ("发生日期", "2023-07-14"))
    assert told(log) == [("no-headings", 2, 1)]
    assert "转置" in log.problems[0].cure.zh


@pytest.mark.parametrize(
    "mark", ["同上（略）", "同上会议", "与上行相同", "々", "''", "′′", "丶丶", "如上所述", "与上同", "同上，略"]
)
def test_a_reference_to_the_row_above_is_never_a_subject(tmp_path: Path, mark: str) -> None:
    rows = (("1", "收到申请", "县民政局", "2023-1", "2023-07-14"), ("2", "收到申请", "县民政局", mark, "2023-07-14"))
    log = of(tmp_path, HEAD, *rows)
    assert mark not in column(log, "subject")
    assert column(log, "subject") == ["2023-1", "2023-1"] or told(log) == [("nothing-above", 3, 4)]


@pytest.mark.parametrize("name", ["同上海市民政局合作协议", "上海学习"])
def test_a_name_that_begins_like_a_reference_is_a_name(tmp_path: Path, name: str) -> None:
    log = of(tmp_path, HEAD, ("1", "收到申请", "县民政局", name, "2023-07-14"))
    assert (column(log, "subject"), log.problems) == ([name], ())


@pytest.mark.parametrize(
    "word", ["暂无信息", "XXX", "见备注", "未召开", "正在办理", "（）", "无此项", "nan", "此处空白"]
)
def test_words_that_name_nothing_are_no_subject(tmp_path: Path, word: str) -> None:
    log = of(tmp_path, HEAD, ("1", "收到申请", "县民政局", word, "2023-07-14"))
    assert (log.table.num_rows, told(log)) == (0, [("missing-subject", 2, 4)])


def test_the_mark_of_a_footnote_behind_a_name_is_left_out_and_told(tmp_path: Path) -> None:
    rows = (
        ("1①", "收到申请*", "县民政局①", "2023-1①", "2023-07-14①"),
        ("2", "答复申请", "县民政局", "2023-1", "2023-07-20"),
        ("3", "信息公开", "县民政局", "绿地100m²", "2023-07-20"),
    )
    log = of(tmp_path, HEAD, *rows)
    assert column(log, "id") == ["1", "2", "3"]
    assert column(log, "subject") == ["2023-1", "2023-1", "绿地100m²"]
    assert warned(log) == [("footnote-mark", 2, at) for at in range(1, 6)]


@pytest.mark.parametrize(
    ("text", "topics", "codes"),
    [
        ("３．１０", ["3.10"], []),
        ("第3.10条", ["3.10"], []),
        ("任务3.10", ["3.10"], []),
        ("3.10。", ["3.10"], []),
        ("3-10", ["3-10"], ["no-task"]),
        ("3.1 0", ["3.1 0"], ["no-task"]),
    ],
)
def test_the_number_of_a_task_is_read_in_any_spelling_or_told(
    tmp_path: Path, text: str, topics: list[str], codes: list[str]
) -> None:
    log = of(tmp_path, (*HEAD, "涉及任务"), ("1", "信息公开", "县民政局", "甲", "2023-07-14", text))
    assert (column(log, "data.topics"), [one.code for one in log.problems]) == ([topics], codes)


def figures(tmp_path: Path, heading: str, cell: str, *above: tuple[str, ...]) -> tuple[object, list[str]]:
    path = tmp_path / "log.csv"
    head = ("编号", "类型", "单位", "发生日期", "指标", heading)
    row = ("1", "指标上报", "县教育和体育局", "2023-12-20", "培训教师", cell)
    path.write_text(csv_text([*above, head, row]), encoding="utf-8")
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = read_events([path], registry)
    found = list(zip(column(log, "data.value"), column(log, "data.unit_of_measure"), strict=True))
    return found[0] if found else None, [one.code for one in log.problems]


@pytest.mark.parametrize(
    ("heading", "unit", "codes"),
    [
        ("数值（截至12月，人次）", "人次", []),
        ("数值（人次，截至12月底）", "人次", []),
        ("数值（单位 人次）", "人次", []),
        ("数值（人次/年）", "人次", []),
        ("数值（人次、个）", None, ["several-units"]),
        ("数值（人次或%）", None, ["several-units"]),
    ],
)
def test_the_unit_of_a_column_is_that_of_its_brackets_or_told(
    tmp_path: Path, heading: str, unit: str | None, codes: list[str]
) -> None:
    assert figures(tmp_path, heading, "1.3") == ((1.3, unit), codes)


def test_a_caption_with_several_units_of_measure_is_told(tmp_path: Path) -> None:
    assert figures(tmp_path, "数值", "1.3", ("单位：万元、人次",)) == ((1.3, None), ["several-units"])
    assert figures(tmp_path, "数值", "1.3万人次", ("单位：万元、人次",))[1] == []


def test_money_that_is_no_yuan_is_refused(tmp_path: Path) -> None:
    rows = (
        ("类型", "单位", "主题", "发生日期", "投资额（万美元）"),
        ("招商项目落地", "县民政局", "甲", "2023-07-14", "500"),
    )
    assert told(of(tmp_path, *rows)) == [("bad-measure", 2, 5)]


def test_a_year_of_two_digits_in_a_number_is_that_year() -> None:
    assert fold_subject("金政办字〔23〕26号") == fold_subject("金政办字[2023]26号")


@pytest.mark.parametrize("remark", ["以通知为准", "如遇变动另行通知", "预备", "未报"])
def test_a_date_that_is_not_settled_is_not_read(tmp_path: Path, remark: str) -> None:
    log = of(tmp_path, ("类型", "单位", f"会议日期（{remark}）"), ("业务培训", "县民政局", "2023-07-14"))
    assert log.table.num_rows == 0
    assert ("planned-column", 1, 3) in warned(log)
