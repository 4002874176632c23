"""Figures as offices write them beside plain digits: in Chinese words, with money's sign, a remark, a footnote."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from events.formats.office.number_formats import shown_number
from events.values.numbers import ValueReadError, written_number
from tests.events.reading import csv_text, read

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ("编号", "类型", "单位", "主题", "发生日期", "参训人数")


@pytest.mark.parametrize(
    ("text", "number", "unit", "beside"),
    [
        ("三百二十人次", "320", "人次", ""),
        ("一万三千人次", "13000", "人次", ""),
        ("一点三万人次", "1.3", "万人次", ""),
        ("一万零三", "10003", "", ""),
        ("二百零五名", "205", "名", ""),
        ("两名", "2", "名", ""),
        ("十二", "12", "", ""),
        ("零", "0", "", ""),
        ("1万3千", "13000", "", ""),
        ("叁仟捌佰元整", "3800", "元", ""),
        ("百分之九十七点五", "97.5", "%", ""),
        ("百分之97", "97", "%", ""),
        ("￥3,800", "3800", "元", ""),
        ("人民币5000万", "5000", "万元", ""),
        ("3800元整", "3800", "元", ""),
        ("共1.3万人次", "1.3", "万人次", ""),
        ("1.3（万人次）", "1.3", "万人次", ""),
        ("1.3万（人次）", "1.3", "万人次", ""),
        ("13000人（次）", "13000", "人次", ""),
        ("12人（含2名企业代表）", "12", "人", "remark"),
        ("3900（1）", "3900", "", "footnote"),
        ("3900[注]", "3900", "", "footnote"),
        ("3900▲", "3900", "", "footnote"),
    ],
)
def test_a_number_is_read_with_what_stands_beside_it(text: str, number: str, unit: str, beside: str) -> None:
    found = written_number(text)
    assert (found.value, found.unit, found.beside) == (Decimal(number), unit, beside)


@pytest.mark.parametrize(
    "text",
    [
        "三四人", "十几人", "一百二", "一万三", "1万3", "约1.3万", "近1.3万人次", "13000余人次", "97%以上", "万人次",
        "97.5%（预计）", "1.3万（上年1.2万）", "3800元/件", "1.3万人次（万元）", "一二三", "3-5人", "千分三",
    ],
)  # fmt: skip
def test_a_number_that_could_be_several_or_was_not_reached_is_refused(text: str) -> None:
    with pytest.raises(ValueReadError):
        written_number(text)


def test_a_remark_behind_a_figure_is_told_with_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    row = ("1", "业务培训", "县民政局", "", "2023-07-14", "十二人（含2名企业代表）")
    path.write_text(csv_text([HEAD, row]), encoding="gb18030")
    log = read(path)
    assert log.table["data.participants"].to_pylist() == [12]
    assert [(one.code, one.where.line, one.where.column) for one in log.problems] == [("remark-left-out", 2, 6)]


@pytest.mark.parametrize(
    ("code", "number", "shown", "unit"),
    [
        ('[DBNum1]"第"0"次"', 12, "第一十二次", "次"),
        ('[DBNum2]0"元"', 3800, "叁仟捌佰元", "元"),
        ("[DBNum1]0", 10005, "一万〇五", ""),
        ('General"人次"', 13000, "13000人次", "人次"),
        ('G/通用格式"万"', 1.3, "1.3万", "万"),
    ],
)
def test_formats_that_spell_numbers_or_show_all_digits_are_shown_as_they_are(
    code: str, number: float, shown: str, unit: str
) -> None:
    found = shown_number(code, float(number))
    assert found is not None
    assert (found.shown, found.unit, float(found)) == (shown, unit, number)
