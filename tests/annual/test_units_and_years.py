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
