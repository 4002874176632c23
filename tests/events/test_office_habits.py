"""What offices write in place of a value, above a table and beside a figure: read as meant, or told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from events.read import read_events
from events.subjects import fold_subject, one_spelling
from rules.loading.registry import UNITS, load_registry
from tests.events.reading import csv_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from events.read import ReadResult

HEAD = ("编号", "类型", "单位", "主题", "发生日期")
REGISTRY, _ = load_registry(UNITS / "jinxiang.yaml")


def read(path: Path) -> ReadResult:
    """Read a log with the units of the county."""
    assert REGISTRY is not None
    return read_events([path], REGISTRY)


def of(path: Path, *rows: Sequence[object]) -> ReadResult:
    """Read a CSV of these rows."""
    return read(csv_file(path / "log.csv", rows))


def codes(log: ReadResult) -> set[str]:
    """Return the codes of what was told."""
    return {one.code for one in log.problems}


def column(log: ReadResult, name: str) -> list[Any]:
    """Return a column of the log."""
    return list(log.table[name].to_pylist())


@pytest.mark.parametrize(
    "word",
    [
        "待定",
        "暂缺",
        "待补",
        "未编号",
        "未填写",
        "？",
        "*",
        "、",
        "无。",
        "【无】",
        "N.A.",
        "TBD",
        "尚无",
        "不涉及",
        "无文号",
        "见附件",
        "详见附表",
        "同附件",
    ],
)
def test_a_word_that_stands_for_nothing_is_no_subject(tmp_path: Path, word: str) -> None:
    log = of(tmp_path, HEAD, ("1", "政策文件印发", "县民政局", word, "2023-07-14"))
    assert (log.table.num_rows, codes(log)) == (0, {"missing-subject"})


@pytest.mark.parametrize(
    "mark", ["同上", "同上。", "（同上）", "上同", "如上", "〃〃", "—〃—", "〞", "↑", "ditto", "Do.", "同上一行", "＂"]
)
def test_a_ditto_mark_of_any_form_is_the_value_above(tmp_path: Path, mark: str) -> None:
    first = ("1", "公众代表列席政府常务会", "县民政局", "第1次常务会", "2023-07-14")
    log = of(tmp_path, HEAD, first, ("2", "公众代表列席政府常务会", mark, mark, "2023-07-15"))
    assert (column(log, "subject"), column(log, "unit")) == (["第1次常务会"] * 2, ["minzheng"] * 2)


@pytest.mark.parametrize("mark", ["同左", "同下", "同第3行", "同5"])
def test_a_mark_that_points_to_no_cell_that_can_be_told_is_told(tmp_path: Path, mark: str) -> None:
    first = ("1", "公众代表列席政府常务会", "县民政局", "第1次常务会", "2023-07-14")
    log = of(tmp_path, HEAD, first, ("2", "公众代表列席政府常务会", "县民政局", mark, "2023-07-15"))
    assert (log.table.num_rows, codes(log)) == (1, {"nothing-above"})


@pytest.mark.parametrize(
    "spelt",
    [
        "金政办字〈2023〉26号",
        "金政办字<2023>26号",
        "金政办字《2023》26号",
        "金政办字〖2023〗26号",
        "金政办字「2023」26号",
        "金政办字⟨2023⟩26号",
        "金政办字︹2023︺26号",
        "金政办字〔2023〕26",
        "金政办字〔2023年〕26号",
        "金政办字2023年26号",
        "金政办字〔二〇二三〕26号",
        "金政办字〔2023〕26号文",
        "文号：金政办字〔2023〕26号",
        "金政办字〔2023〕26號",
        "《金政办字﹝２０２３﹞第026号》",
    ],
)
def test_a_documents_number_in_any_brackets_is_one(tmp_path: Path, spelt: str) -> None:
    assert fold_subject(spelt) == "金政办字〔2023〕26号"
    rows = [("1", "政策文件印发", "县民政局", "金政办字〔2023〕26号", "2023-07-10")]
    log = of(tmp_path, HEAD, *rows, ("2", "政策解读", "县民政局", spelt, "2023-07-11"))
    assert "no-trigger" not in codes(log)


@pytest.mark.parametrize("spelt", ["金政办字〔2023〕62号", "金政办发〔2023〕26号", "金政办字〔2022〕26号"])
def test_a_number_that_is_nearly_the_same_is_another_one_and_told(tmp_path: Path, spelt: str) -> None:
    rows = [("1", "政策文件印发", "县民政局", "金政办字〔2023〕26号", "2023-07-10")]
    log = of(tmp_path, HEAD, *rows, ("2", "政策解读", "县民政局", spelt, "2023-07-11"))
    assert [one.cure.zh for one in log.problems if "金政办字〔2023〕26号" in one.cure.zh]


@pytest.mark.parametrize(
    ("cell", "forms"),
    [
        ("文字·图片", ["text", "picture"]),
        ("文字图片", ["text", "picture"]),
        ("文字、图片等", ["text", "picture"]),
        ("①文字②视频", ["text", "video"]),
        ("1.文字 2.视频", ["text", "video"]),
        ("文字以及视频", ["text", "video"]),
        ("文字\\视频", ["text", "video"]),
        ("文字→视频", ["text", "video"]),
    ],
)
def test_what_stands_between_known_words_parts_them(tmp_path: Path, cell: str, forms: list[str]) -> None:
    row = ("1", "政策解读", "县民政局", "甲", "2023-07-14", cell)
    log = of(tmp_path, (*HEAD, "解读形式"), row)
    assert (column(log, "data.forms"), codes(log)) == ([forms], set())


def test_a_word_with_a_known_one_in_it_is_told(tmp_path: Path) -> None:
    log = of(tmp_path, (*HEAD, "解读形式"), ("1", "政策解读", "县民政局", "甲", "2023-07-14", "视频号短片"))
    assert (column(log, "data.forms"), codes(log)) == ([["视频号短片"]], {"near-value"})


def test_tables_with_the_same_headings_are_each_of_the_unit_above_them(tmp_path: Path) -> None:
    head = ("类型", "发生日期")
    log = of(
        tmp_path,
        ("填报单位：县民政局",),
        head,
        ("业务培训", "2023-03-14"),
        (),
        ("填报单位：县财政局",),
        head,
        ("业务培训", "2023-09-14"),
    )
    assert (column(log, "unit"), codes(log)) == (["minzheng", "caizheng"], set())


def test_a_row_that_names_a_unit_holds_for_the_rows_below_it(tmp_path: Path) -> None:
    head = ("类型", "发生日期")
    rows = [("填报单位：县民政局",), head, ("业务培训", "2023-03-14"), ("县财政局",), ("业务培训", "2023-09-14")]
    log = of(tmp_path, *rows)
    assert (column(log, "unit"), codes(log)) == (["minzheng", "caizheng"], set())


@pytest.mark.parametrize(
    "caption",
    ["填报人：张三  单位：县民政局", "填报单位： 县民政局（章） 2023年12月", "填报部门 县民政局", "主办单位：县民政局"],
)
def test_the_unit_is_found_beside_something_else(tmp_path: Path, caption: str) -> None:
    log = of(tmp_path, (caption,), ("类型", "发生日期"), ("业务培训", "2023-03-14"))
    assert (column(log, "unit"), codes(log)) == (["minzheng"], set())


@pytest.mark.parametrize("sheet", ["1县民政局", "2.县民政局", "县民政局（上半年）", "县民政局-台账", "民政局"])
def test_a_sheet_called_after_a_unit_and_more_is_its(tmp_path: Path, sheet: str) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in (("类型", "发生日期"), ("业务培训", "2023-03-14")):
        page.append(row)
    book.save(tmp_path / "台账.xlsx")
    assert column(read(tmp_path / "台账.xlsx"), "unit") == ["minzheng"]


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize(("first", "second", "day"), [("计划", "实际", 14), ("实际", "计划", 1)])
def test_the_planned_one_of_two_dates_below_one_heading_is_not_taken(
    tmp_path: Path, first: str, second: str, day: int, *, merged: bool
) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["编号", "类型", "单位", "日期", "日期"])
    page.append([None, None, None, first, second])
    page.append(["1", "业务培训", "县民政局", "2023-07-01", "2023-07-14"])
    if merged:
        page["E1"] = None
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
            page.merge_cells(cells)
    book.save(tmp_path / "台账.xlsx")
    log = read(tmp_path / "台账.xlsx")
    assert [one.day for one in column(log, "occurred_at")] == [day]
    assert codes(log) == {"planned-column"}


@pytest.mark.parametrize("heading", ["会议日期（推迟）", "会议日期（待定）", "会议日期【原定】", "会议日期（安排）"])
def test_a_heading_in_whose_brackets_nothing_has_happened_yet_is_told(tmp_path: Path, heading: str) -> None:
    head = ("编号", "类型", "单位", "主题", heading)
    log = of(tmp_path, head, ("1", "公众代表列席政府常务会", "县民政局", "第1次常务会", "2023-07-14"))
    assert (log.table.num_rows, codes(log)) == (0, {"missing-column", "planned-column"})


def test_numbered_headings_are_known(tmp_path: Path) -> None:
    for form in ("{}、{}", "{}.{}", "（{}）{}"):
        head = [form.format(number, name) for number, name in enumerate(HEAD, 1)]
        log = of(tmp_path, head, ("1", "公众代表列席政府常务会", "县民政局", "第1次", "2023-07-14"))
        assert (log.table.num_rows, codes(log)) == (1, set()), head


@pytest.mark.parametrize("heading", ["数值/万人次", "数值，万人次", "数值 万人次", "数值：万人次", "6、数值（万人次）"])
def test_the_unit_of_a_figure_may_stand_behind_its_heading_in_any_form(tmp_path: Path, heading: str) -> None:
    head = ("编号", "类型", "单位", "发生日期", "指标", heading)
    log = of(tmp_path, head, ("1", "指标上报", "县教育和体育局", "2023-12-20", "培训教师", "1.31"))
    assert (column(log, "data.value"), column(log, "data.unit_of_measure")) == ([1.31], ["万人次"])


def test_the_year_may_be_written_with_its_word(tmp_path: Path) -> None:
    rows = [
        ("1", "年度报告公布", "县民政局", "2024-01-20", "2023年"),
        ("2", "年度报告公布", "县财政局", "2024-01-20", "2023年度"),
    ]
    log = of(tmp_path, ("编号", "类型", "单位", "发生日期", "年度"), *rows)
    assert (column(log, "data.year"), codes(log)) == ([2023, 2023], set())


@pytest.mark.parametrize(
    ("number", "told"), [(31, set()), (58, {"part-of-a-date"}), (57, {"part-of-a-date"}), (30, {"part-of-a-date"})]
)
def test_a_date_whose_format_goes_by_the_language_is_read_and_told(tmp_path: Path, number: int, told: set[str]) -> None:
    """Excel keeps 27 to 36 and 50 to 58 without a code: a Chinese one shows 7月1日, without the year."""
    path = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, ("编号", "类型", "单位", "发生日期"))
    page.write_row(1, 0, ("1", "业务培训", "县民政局"))
    page.write_number(1, 3, 45108, book.add_format({"num_format": number}))
    book.close()
    log = read(path)
    assert ([one.isoformat()[:10] for one in column(log, "occurred_at")], codes(log)) == (["2023-07-01"], told)


def test_a_register_with_two_columns_of_one_meaning_is_told(tmp_path: Path) -> None:
    unit = ("填报单位：县司法局",)
    head = ("申请编号", "收到日期", "告知补正日期", "补正日期", "答复日期", "办结日期")
    days = ("2023-04-01", "2023-04-03", "2023-04-10", "2023-05-05", "2023-05-06")
    log = of(tmp_path, unit, head, ("2023-4", *days))
    assert sorted(column(log, "type")) == [
        "request.answered",
        "request.corrected",
        "request.correction_asked",
        "request.received",
    ]
    assert [(one.code, one.where.column) for one in log.problems] == [("duplicate-column", 6)]


def test_a_column_of_a_register_that_no_event_has_is_told(tmp_path: Path) -> None:
    rows = [
        ("填报单位：县司法局",),
        ("申请编号", "收到日期", "答复日期", "指标"),
        ("2023-4", "2023-04-01", "2023-05-05", "甲"),
    ]
    log = of(tmp_path, *rows)
    assert (log.table.num_rows, [(one.code, one.where.column) for one in log.problems]) == (2, [("unknown-column", 4)])


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [
        ("投资额", "5000", {"assumed-unit"}),
        ("投资额", "5000万元", set()),
        ("投资额（万元）", "5000", set()),
        ("投资额（亿元）", "0.5", set()),
        ("data.amount", "0.5", set()),
    ],
)
def test_money_of_a_unit_that_nobody_states_is_told(tmp_path: Path, heading: str, cell: str, told: set[str]) -> None:
    row = ("1", "项目落地", "县投资促进服务中心", "甲", "2023-07-14", cell)
    assert codes(of(tmp_path, (*HEAD, heading), row)) == told


@pytest.mark.parametrize("cell", ["3天", "3小时", "3分", "3%"])
def test_what_is_counted_in_something_else_is_no_number_of_people(tmp_path: Path, cell: str) -> None:
    row = ("1", "公众代表列席政府常务会", "县民政局", "第1次", "2023-07-14", cell)
    log = of(tmp_path, (*HEAD, "列席人数"), row)
    assert log.table.num_rows == 0
    assert codes(log) <= {"bad-measure", "bad-value"}


@pytest.mark.parametrize(
    ("cell", "days"), [("20", [20]), ("20个工作日", [20]), ("20 工作日", [20]), ("20天", []), ("20日", [])]
)
def test_days_are_no_working_days(tmp_path: Path, cell: str, days: list[int]) -> None:
    log = of(tmp_path, (*HEAD, "延长工作日"), ("1", "延期答复", "县民政局", "申请1", "2023-07-14", cell))
    assert column(log, "data.working_days") == days
    assert codes(log) == (set() if days else {"bad-measure"})


def test_an_indicator_without_a_figure_is_told(tmp_path: Path) -> None:
    head = ("编号", "类型", "单位", "发生日期", "指标", "数值")
    log = of(tmp_path, head, ("1", "指标上报", "县教育和体育局", "2023-12-20", "培训教师", "无"))
    assert (log.table.num_rows, codes(log)) == (1, {"figure-missing"})


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "########"])
def test_what_a_formula_came_to_in_a_csv_is_told(tmp_path: Path, cell: str) -> None:
    log = of(tmp_path, HEAD, ("1", "政策文件印发", "县民政局", cell, "2023-07-14"))
    assert (log.table.num_rows, codes(log)) == (0, {"formula-error"})


@pytest.mark.parametrize(("cell", "value"), [("/", None), ("——", None), ("不适用", None), ("无", False), ("×", False)])
def test_a_mark_in_place_of_yes_or_no_is_neither(tmp_path: Path, cell: str, value: object) -> None:
    log = of(tmp_path, (*HEAD, "是否规范性文件"), ("1", "政策文件印发", "县民政局", "甲", "2023-07-14", cell))
    assert (column(log, "data.normative"), codes(log)) == ([value], set())


@pytest.mark.parametrize(
    "name",
    [
        "一图读懂《低保办法》",
        "【图解】低保办法",
        "《低保办法》政策问答",
        "低保办法（解读）",
        "解读：《低保办法》",
        "关于《低保办法》的解读",
    ],
)
def test_an_interpretation_is_of_the_document_that_it_is_called_after(tmp_path: Path, name: str) -> None:
    first = ("1", "政策文件印发", "县民政局", "低保办法", "2023-07-10")
    log = of(tmp_path, HEAD, first, ("2", "政策解读", "县民政局", name, "2023-07-11"))
    assert (set(column_of(one_spelling(log.table))), codes(log)) == ({"低保办法"}, set())


def column_of(table: pa.Table) -> list[str]:
    """Return the subjects of a log."""
    return [str(one) for one in table["subject"].to_pylist()]


def test_an_interpretation_under_the_title_of_a_numbered_document_is_told(tmp_path: Path) -> None:
    head = (*HEAD, "标题")
    first = ("1", "政策文件印发", "县民政局", "金政办字〔2023〕26号", "2023-07-10", "关于印发《低保办法》的通知")
    second = ("2", "政策解读", "县民政局", "《关于印发〈低保办法〉的通知》解读", "2023-07-11", "")
    [problem] = of(tmp_path, head, first, second).problems
    assert (problem.code, "金政办字〔2023〕26号" in problem.cure.zh) == ("no-trigger", True)


def test_several_documents_in_one_subject_are_told(tmp_path: Path) -> None:
    for subject in ("金政办字〔2023〕26号、27号", "金政办字[2023]26号；金政办字[2023]28号", "金政办字〔2023〕26-28号"):
        log = of(tmp_path, HEAD, ("1", "政策文件印发", "县民政局", subject, "2023-07-10"))
        assert codes(log) == {"several-subjects"}, subject


def test_the_number_of_a_meeting_in_words_is_its_number() -> None:
    assert fold_subject("第十二次常务会") == fold_subject("第12次常务会")
    assert fold_subject("第二十次常务会") == fold_subject("第20次 常务会")
    assert fold_subject("第一次常务会") != fold_subject("第十一次常务会")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("2024年业务培训计划", True),
        ("下半年培训安排表（初稿）", True),
        ("年度工作计划印发台账", False),
        ("2023年培训台账", False),
    ],
)
def test_a_title_that_says_it_is_a_plan_is_told(tmp_path: Path, title: str, *, told: bool) -> None:
    log = of(tmp_path, (title,), ("类型", "单位", "日期"), ("业务培训", "县民政局", "2023-03-14"))
    assert (log.table.num_rows, codes(log)) == (1, {"planned-title"} if told else set())
