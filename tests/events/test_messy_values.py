"""Values of departments: dates, times, names, figures, yes and no, formulas; read, or refused by cell."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from tests.events.messy import DAY, EVENT, HEAD, Sheet, row, seen, with_openpyxl, with_xlsxwriter
from tests.events.reading import read

if TYPE_CHECKING:
    from pathlib import Path


def percent(path: Path) -> None:
    """Write figures as percentages, as numbers of cells and as text."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ("编号", "类型", "单位", "发生日期", "指标", "数值"))
    looks = [{"num_format": "0%"}, {"num_format": '0.0"个"%'}, {"num_format": '0.00"%"'}]
    for number, look in enumerate(looks, 1):
        sheet.write_row(number, 0, (str(number), "指标上报", "县民政局", "2023-07-14", f"甲{number}"))
        sheet.write_number(number, 5, 0.97, book.add_format(look))
    sheet.write_row(4, 0, ("4", "指标上报", "县民政局", "2023-07-14", "甲4", "97％"))
    book.close()


def errors(path: Path) -> None:
    """Write formulas: one that came to an error in each of two columns, one with a date, one with a blank text."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, HEAD)
    for number in range(1, 4):
        sheet.write_row(number, 0, row(str(number)))
    sheet.write_formula(1, 2, "=VLOOKUP(A2,X:Y,2,0)", value="#N/A")
    sheet.write_formula(2, 4, "=E1+#REF!", value="#REF!")
    sheet.write_formula(3, 3, '=IF(A4="","甲","")', value=" ")
    book.close()


VALUES = (
    Sheet(
        "dates as every office writes them",
        with_xlsxwriter(
            HEAD,
            *(
                row(str(n), 发生日期=day)
                for n, day in enumerate(
                    (
                        "2023年7月14日",
                        "2023.7.14",
                        "2023/7/14",
                        "2023-07-14",
                        "20230714",
                        20230714,
                        "２０２３．７．１４",
                        " 2023年 7月14号 ",
                        date(2023, 7, 14),
                        "二〇二三年七月十四日",
                        "2023年7月14日（星期五）",
                        "2023-07-14 00:00",
                    )
                )
            ),
        ),
        [EVENT] * 12,
    ),
    Sheet(
        "date cells that count from 1904",
        with_xlsxwriter(
            HEAD, row("1", 发生日期=date(2023, 7, 14)), row("2", 发生日期=43659), options={"date_1904": True}
        ),
        [EVENT, EVENT],
        [("date-number", "E3")],
    ),
    Sheet(
        "a date cell without its format",
        with_xlsxwriter(HEAD, row("1", 发生日期=45121), row("2", 发生日期=45121.5)),
        [EVENT, ("training.held", "minzheng", None, "2023-07-14 12:00:00")],
        [("date-number", "E2"), ("date-number", "E3")],
    ),
    Sheet(
        "dates that are none",
        with_xlsxwriter(
            HEAD,
            *(
                row(str(n), 发生日期=day)
                for n, day in enumerate(
                    (
                        "7月14日",
                        "2023年7月",
                        "2023.7.14-16",
                        "2023年7月32日",
                        "七月",
                        time(9, 30),
                        12,
                        "2023年7月14日（星期四）",
                        True,
                    )
                )
            ),
        ),
        [],
        [("bad-date", f"E{n}") for n in range(2, 11)],
    ),
    Sheet(
        "the time of day in a column of its own",
        with_xlsxwriter(
            (*HEAD, "时间"),
            (*row("1", 发生日期=date(2023, 7, 14)), time(9, 30)),
            (*row("2"), "下午2:30"),
            (*row("3"), None),
        ),
        [("training.held", "minzheng", None, f"2023-07-14 {clock}") for clock in ("09:30:00", "14:30:00", "00:00:00")],
    ),
    Sheet(
        "a wrong time of day",
        with_xlsxwriter((*HEAD, "时间"), (*row("1"), "9:30"), (*row("2"), "25:00")),
        [("training.held", "minzheng", None, "2023-07-14 09:30:00")],
        [("bad-date", "E3")],
    ),
    Sheet(
        "names with spaces, breaks and full-width letters",
        with_openpyxl(
            HEAD,
            row("1", 单位=" 县 民政局　"),
            row("2", 单位="县民政局\n"),
            row("3", 类型="业务 培训"),
            row("4", 单位="ｍｉｎｚｈｅｎｇ".translate({c: c - 0xFEE0 for c in range(0xFF41, 0xFF5B)})),
        ),
        [EVENT] * 4,
    ),
    Sheet(
        "look-alikes and characters that nobody sees",
        with_openpyxl(
            HEAD,
            row("1", 单位="县⺠政局"),
            row("2", 单位="县民政局\u200b"),
            row("3", 单位="\u202e局政民县"),
            row("4", 类型="tr\u0430ining.held"),
            row("5\u200f"),
        ),
        [EVENT, EVENT],
        [
            ("unknown-unit", "C2"),
            ("invisible-character", "C3"),
            ("bad-character", "C4"),
            ("unknown-type", "B5"),
            ("invisible-character", "A6"),
        ],
    ),
    Sheet("formulas that came to errors", errors, [EVENT], [("formula-error", "C2"), ("formula-error", "E3")]),
    Sheet(
        "formulas that were never computed",
        with_openpyxl(HEAD, row("1", 单位="=B1&C1"), row("2", 主题="=A1")),
        [],
        [("formula-unsaved", "C2"), ("formula-unsaved", "D3")],
    ),
    Sheet(
        "ids that are too long for a number, and subjects that became dates",
        with_xlsxwriter(HEAD, row(370828202300000123), row("2", 主题=date(2023, 1, 1)), row(3.0)),
        [("training.held", "minzheng", "2023-01-01", DAY), EVENT],
        [("inexact-number", "A2"), ("date-as-text", "D3")],
    ),
    Sheet(
        "yes and no in every way",
        with_xlsxwriter(
            (*HEAD, "是否征求意见"),
            *(
                (*row(str(n), 类型="决策文件出台", 主题="甲"), one)
                for n, one in enumerate(("是", "否", "√", "×", "有", "无", 1, 0, True, "Ｙ", "大概"))
            ),
        ),
        [("decision.issued", "minzheng", "甲", DAY)] * 10,
        [("bad-value", "F12")],
    ),
    Sheet(
        "figures as offices write them",
        with_xlsxwriter(
            (*HEAD, "参加人数"),
            *(
                (*row(str(n)), one)
                for n, one in enumerate(("１２", "1,234", "12人", 12.0, "0.3万", "三四十", "12.5", "约12", -1))
            ),
        ),
        [EVENT] * 5,
        [("bad-value", f"F{n}") for n in range(7, 11)],
    ),
)


@pytest.mark.parametrize("sheet", VALUES, ids=lambda sheet: sheet.name)
def test_messy_values_are_read_right_or_refused_by_cell(tmp_path: Path, sheet: Sheet) -> None:
    sheet.make(tmp_path / "台账.xlsx")
    assert seen(tmp_path / "台账.xlsx") == (list(sheet.events), list(sheet.told))


def test_a_percentage_is_read_as_it_is_shown(tmp_path: Path) -> None:
    percent(tmp_path / "log.xlsx")
    assert read(tmp_path / "log.xlsx").table["data.value"].to_pylist() == [97.0, 97.0, 0.97, 97.0]


def test_what_stands_in_a_row_with_a_wrong_formula_is_told_in_words(tmp_path: Path) -> None:
    errors(tmp_path / "log.xlsx")
    first, second = read(tmp_path / "log.xlsx").problems
    assert first.line().endswith(
        "[台账]!C2: 错误 [formula-error] 单位（unit）是公式错误 #N/A。请改正公式，或者直接填写。"
    )
    assert second.value == "#REF!"
