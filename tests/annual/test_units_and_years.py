from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reports.annual.check.read import read_filled
from reports.annual.form import TOTAL, form_of, four

if TYPE_CHECKING:
    from reports.annual.check.filled import Filled

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


PLAIN = (DATA / "amount_in_yuan.csv").read_text(encoding="utf-8-sig")
FORM = form_of(2023)
assert FORM is not None
PERMITS = next(key for key, name in FORM.labels.items() if name.startswith("行政许可"))
KEYS = {"fees": "two.fees_collected", "decisions": PERMITS}


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Filled:
    """Return what is read of a report some of whose words are others."""
    text = PLAIN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    filled, _ = read_filled(path, 2023)
    assert filled is not None
    return filled


@pytest.mark.parametrize(
    ("key", "pairs", "value"),
    [
        ("fees", (("3800元", "0.0038亿元"),), 38.0),
        ("fees", (("3800元", "3.8千元"),), 0.38),
        ("fees", (("3800元", "0.38万元"),), 0.38),
        ("fees", (("3800元", "3800"), ("(单位:万元)", "(单位:元)")), 0.38),
        ("fees", (("3800元", "3800"),), 3800.0),
        ("decisions", (("行政许可,0", "行政许可,12宗"),), 12.0),
        ("decisions", (("行政许可,0", "行政许可,1.2万件"),), 12000.0),
        ("decisions", (("行政许可,0", "行政许可,许多"),), None),
    ],
)
def test_units_in_a_cell_or_its_heading_are_converted(
    key: str, pairs: tuple[tuple[str, str], ...], value: float | None, tmp_path: Path
) -> None:
    assert changed(tmp_path, *pairs).figure(KEYS[key]).value == value


def test_results_whose_headings_are_merged_downwards_are_read(tmp_path: Path) -> None:
    last = PLAIN.rstrip("\n").rsplit("\n", 1)[1]
    figures = ",".join(str(number) for number in range(1, 16))
    filled = changed(tmp_path, (f"\n{last}", f"\n{figures}"))
    found = [filled.figure(key).value for key in filled.form.labels if key.startswith("four.")]
    assert sorted(one for one in found if one is not None) == [float(number) for number in range(1, 16)]
    assert filled.figure(four("reconsideration", TOTAL)).value == 5.0


@pytest.mark.parametrize("below", ["", ",,,,,,,,,,,,,,", "五、存在的主要问题及改进情况"])
def test_a_table_that_was_left_blank_is_found(below: str, tmp_path: Path) -> None:
    last = PLAIN.rstrip("\n").rsplit("\n", 1)[1]
    filled = changed(tmp_path, (f"\n{last}", f"\n{below}"))
    assert "four" in filled.tables
    assert {filled.figure(key).blank for key in filled.form.labels if key.startswith("four.")} == {True}
