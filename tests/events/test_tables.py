from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from tests.events.reading import HEADINGS, codes, column, csv_file, only, read, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Save = Callable[[Sequence[Sequence[object]]], Path]

HEAD = ("编号", "类型", "单位", "发生日期", "备注")


def row(number: int, **changes: object) -> tuple[object, ...]:
    """Return a training as a row of a table; the keywords are headings."""
    cells = {
        "编号": str(number),
        "类型": "业务培训",
        "单位": "县民政局",
        "发生日期": "2023-07-14",
        "备注": None,
        **changes,
    }
    return tuple(cells.values())


@pytest.fixture(params=["csv", "xlsx"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Save:
    """Write rows in either form of table."""

    def save(rows: Sequence[Sequence[object]]) -> Path:
        path = tmp_path / f"log.{request.param}"
        return csv_file(path, rows) if request.param == "csv" else xlsx(path, rows)

    return save


def test_titles_and_remarks_may_stand_above_the_headings(write: Save) -> None:
    log = read(
        write([("县民政局政务公开工作台账",), (), ("填报单位：县民政局", None, None, "日期：2023年"), HEAD, row(1)])
    )
    assert log.problems == ()
    assert column(log, "id") == ["1"]


def test_blank_rows_and_headings_that_are_repeated_are_passed_over(write: Save) -> None:
    log = read(write([HEAD, row(1), (), ("", " ", "　", None), HEAD, row(2), ()]))
    assert log.problems == ()
    assert column(log, "id") == ["1", "2"]


def test_headings_may_have_spaces_brackets_and_marks(write: Save) -> None:
    log = read(write([("编 号*", "类型（必填）", "责任单位", "发生日期：", "序号"), (*row(1)[:4], 1)]))
    assert log.problems == ()
    assert column(log, "unit") == ["minzheng"]


def test_columns_may_stand_in_any_order_and_under_synonyms(write: Save) -> None:
    log = read(write([("举办日期", "部门", "工作类型", "参训人数"), ("2023.7.14", "县民政局", "培训", 12)]))
    assert log.problems == ()
    assert column(log, "data.participants") == [12]


def test_a_table_without_headings_is_one_problem(write: Save) -> None:
    assert codes(read(write([row(1), row(2)]))) == ["no-headings"]


def test_a_table_with_headings_only_has_no_events_and_a_warning(write: Save) -> None:
    log = read(write([HEAD]))
    assert (log.table.num_rows, codes(log), log.problems[0].severity) == (0, ["no-entries"], "warning")


def test_two_columns_for_one_field_are_a_problem(write: Save) -> None:
    problem = only(
        read(write([("编号", "类型", "部门", "责任单位", "日期"), ("1", "培训", "县民政局", "县民政局", "2023-07-14")]))
    )
    assert (problem.code, problem.severity, problem.value) == ("duplicate-column", "error", "责任单位")


def test_the_better_heading_is_taken_and_the_other_one_named(write: Save) -> None:
    log = read(
        write([("编号", "类型", "单位", "日期", "发生日期"), ("1", "培训", "县民政局", "2023-07-01", "2023-07-14")])
    )
    assert (only(log).code, only(log).severity, only(log).value) == ("duplicate-column", "warning", "日期")
    assert str(column(log, "occurred_at")[0].date()) == "2023-07-14"


def test_a_document_number_is_the_subject_where_there_is_no_other(write: Save) -> None:
    log = read(
        write(
            [
                ("编号", "类型", "单位", "日期", "文号"),
                ("1", "政策文件印发", "县民政局", "2023-07-14", "金政发〔2023〕1号"),
            ]
        )
    )
    assert log.problems == ()
    assert column(log, "subject") == ["金政发〔2023〕1号"]


def test_rows_without_ids_get_ids_that_stay_the_same(write: Save, tmp_path: Path) -> None:
    rows = [HEAD[1:], row(1)[1:], row(1, 发生日期="2023-07-15")[1:]]
    first, second = read(write(rows)), read(write([rows[0], rows[2], rows[1]]))
    assert sorted(column(first, "id")) == sorted(column(second, "id"))
    assert len(set(column(first, "id"))) == 2
    copy = csv_file(tmp_path / "copy.csv", rows)
    assert read(write(rows), copy).table.num_rows == 2


def test_equal_rows_without_ids_count_twice_and_are_pointed_out(write: Save) -> None:
    log = read(write([HEAD[1:], row(1)[1:], row(2)[1:]]))
    assert (only(log).code, only(log).severity) == ("repeated-row", "warning")
    assert log.table.num_rows == 2


def test_a_row_with_more_cells_than_headings_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        f"{','.join(HEADINGS)}\n1,业务培训,县民政局,2023-07-14,多,余\n2,业务培训,县民政局,2023-07-14,,\n",
        encoding="utf-8",
    )
    problem = only(read(path))
    assert (problem.code, problem.where.line, problem.where.column) == ("too-many-cells", 2, 5)


def test_a_wrong_quote_does_not_hide_what_is_wrong_in_the_next_rows(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = [
        "id,type,unit,occurred_at,title",
        '1,业务培训,县民政局,2023-07-14,"a"b',
        "2,业务培训,县民政局,2023-02-30,",
        '3,业务培训,县民政局,2023-07-14,"x',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(one.code, one.where.line) for one in read(path).problems] == [
        ("csv-syntax", 2),
        ("bad-date", 3),
        ("csv-syntax", 4),
    ]


def test_semicolons_and_tabs_are_told_from_the_commas_in_a_text(tmp_path: Path) -> None:
    for delimiter in (";", "\t"):
        rows = [("台账, 2023, 全年",), HEAD, row(1, 备注="一, 二, 三, 四, 五, 六")]
        log = read(csv_file(tmp_path / "log.csv", rows, delimiter=delimiter))
        assert log.problems == ()
        assert column(log, "data.note") == ["一, 二, 三, 四, 五, 六"]


def test_every_sheet_with_headings_is_read_and_others_are_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    sheets: dict[str, list[tuple[object, ...]]] = {
        "说明": [("请先阅读",)],
        "上半年": [HEAD, row(1)],
        "空": [],
        "下半年!": [HEAD, row(2)],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    book.close()
    log = read(path)
    assert column(log, "place") == ["上半年!A2", "下半年!!A2"]
    assert (only(log).code, only(log).severity, only(log).where.sheet) == ("no-headings", "warning", "说明")


def test_a_merged_cell_has_its_value_in_each_of_its_rows(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "log.xlsx", [HEAD, row(1), row(2, 单位=None), row(3, 单位=None), row(4, 单位=None)])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("C2:C4")
    book.save(path)
    log = read(path)
    assert column(log, "unit") == ["minzheng"] * 3
    assert (only(log).code, only(log).where.cell) == ("missing-value", "C5")


def test_a_merged_title_above_the_headings_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 1, 4, "县民政局台账")
    sheet.write_row(2, 0, HEAD)
    sheet.write_row(3, 0, row(1))
    book.close()
    log = read(path)
    assert (log.problems, column(log, "place")) == ((), ["Sheet1!A4"])


def test_a_formula_has_the_value_that_was_saved_with_it(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, row(1))
    sheet.write_formula(1, 4, '="第"&1&"次"', value="第1次")
    book.close()
    assert column(read(path), "data.note") == ["第1次"]


def test_a_table_may_start_anywhere_on_its_sheet(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(4, 2, HEAD)
    sheet.write_row(5, 2, row(1, 单位="县民正局"))
    book.close()
    assert (only(read(path)).where.cell, only(read(path)).code) == ("E6", "unknown-unit")


def test_a_cell_far_from_the_table_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert codes(read(path)) == ["file-too-large"]


def test_dates_of_a_workbook_are_dates_also_where_they_were_typed_as_text(tmp_path: Path) -> None:
    days = [date(2023, 7, 14), "2023年7月14日", "２０２３.7.14", 20230714]
    log = read(xlsx(tmp_path / "log.xlsx", [HEAD, *(row(n, 发生日期=day) for n, day in enumerate(days))]))
    assert log.problems == ()
    assert {str(moment) for moment in column(log, "occurred_at")} == {"2023-07-14 00:00:00"}
