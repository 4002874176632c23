from __future__ import annotations

from pathlib import Path

from reports.annual.check.read import read_filled

DATA = Path(__file__).parents[1] / "data" / "annual"


def test_an_amount_in_yuan_is_converted_in_a_cell_of_ten_thousand_yuan() -> None:
    filled, _ = read_filled(DATA / "amount_in_yuan.csv", 2023)
    assert filled is not None
    figure = filled.figure("two.fees_collected")
    assert (figure.value, figure.raw) == (0.38, "3800元")


def test_another_year_than_the_one_asked_for_is_told() -> None:
    filled, problems = read_filled(DATA / "titled_2020.csv", 2023)
    assert filled is not None
    assert [(one.code, one.severity) for one in problems] == [("other-year", "warning")]
    assert "2020" in problems[0].fact.zh


def test_a_row_that_stands_there_twice_is_told_with_its_cell() -> None:
    filled, problems = read_filled(DATA / "row_twice.csv", 2023)
    assert filled is not None
    assert [(one.code, one.severity, one.where.line) for one in problems] == [("row-twice", "warning", 38)]
    assert "2.重复申请" in problems[0].fact.zh
    assert "第37行" in problems[0].fact.zh


def test_a_table_of_the_form_of_2019_is_told_in_a_report_of_2023() -> None:
    filled, problems = read_filled(DATA / "form_of_2019.csv", 2023)
    assert filled is not None
    assert [(one.code, one.severity) for one in problems] == [("other-form", "warning")]
    assert "2019—2020年的表式" in problems[0].fact.zh
    _, problems = read_filled(DATA / "form_of_2019.csv", 2020)
    assert [one.code for one in problems] == ["other-year"]


def test_a_report_without_slips_says_nothing() -> None:
    assert read_filled(DATA / "amount_in_yuan.csv", 2023)[1] == ()
