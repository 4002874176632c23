"""What number formats show of figures: the section whose condition holds, and nothing where a format hides all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from tests.events.reading import codes, column, read

if TYPE_CHECKING:
    from pathlib import Path

    from events.read import ReadResult

HEAD = ("编号", "类型", "单位", "发生日期", "指标", "数值")
BY_SIZE = '[>=10000]0!.0,"万人次";0"人次"'


def figure(path: Path, value: object, code: str) -> ReadResult:
    """Read a workbook with one figure, shown by a number format."""
    book = xlsxwriter.Workbook(str(path / "log.xlsx"))
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ("1", "指标上报", "县民政局", "2023-12-20", "培训教师"))
    page.write(1, 5, value, book.add_format({"num_format": code}))
    book.close()
    return read(path / "log.xlsx")


@pytest.mark.parametrize(
    ("value", "code", "found", "unit"),
    [
        (13100, BY_SIZE, 1.31, "万人次"),
        (9000, BY_SIZE, 9000, "人次"),
        (13100, '[<10000]0"人次";0!.0,"万人次"', 1.31, "万人次"),
        (9000, '[<10000]0"人次";0!.0,"万人次"', 9000, "人次"),
        (500, '[=0]"无";[<1000]0"人次";0.0,"千人次"', 500, "人次"),
        (5000, '[=0]"无";[<1000]0"人次";0.0,"千人次"', 5, "千人次"),
        (13100, '0!.0,"万人次"', 1.31, "万人次"),
    ],
)
def test_the_section_whose_condition_holds_says_the_unit(
    tmp_path: Path, value: int, code: str, found: float, unit: str
) -> None:
    log = figure(tmp_path, value, code)
    assert (column(log, "data.value"), column(log, "data.unit_of_measure")) == ([found], [unit])
    assert codes(log) == []


@pytest.mark.parametrize("value", [13100, "13100人次"])
def test_a_figure_that_its_format_hides_is_told(tmp_path: Path, value: object) -> None:
    log = figure(tmp_path, value, ";;;")
    [problem] = log.problems
    assert (log.table.num_rows, problem.severity, problem.where.cell) == (0, "error", "F2")
