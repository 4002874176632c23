from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.events.reading import HEADINGS, column, csv_file, event, jsonl, only, read

if TYPE_CHECKING:
    from pathlib import Path

AMOUNT = "project.landed"


def value(tmp_path: Path, kind: str, attribute: str, raw: object) -> object:
    """Return what an attribute is read as."""
    log = read(jsonl(tmp_path / "log.jsonl", event(type=kind, subject="甲", data={attribute: raw})))
    assert log.problems == ()
    return column(log, f"data.{attribute}")[0]


@pytest.mark.parametrize("raw", ["是", "有", "√", "true", "TRUE", "ＹＥＳ", "1", 1, 1.0, True])
def test_yes_in_many_words(tmp_path: Path, raw: object) -> None:
    assert value(tmp_path, "decision.issued", "consulted", raw) is True


@pytest.mark.parametrize("raw", ["否", "无", "×", "false", "No", "0", 0, False])
def test_no_in_many_words(tmp_path: Path, raw: object) -> None:
    assert value(tmp_path, "decision.issued", "consulted", raw) is False


@pytest.mark.parametrize("raw", [12, 12.0, "12", "１２", " 12 ", "12.0", "1.2e1", "12人", "12 人次"])
def test_whole_numbers(tmp_path: Path, raw: object) -> None:
    assert value(tmp_path, "training.held", "participants", raw) == 12


@pytest.mark.parametrize(
    ("raw", "number"),
    [("3,900", 3900.0), ("３９００人", 3900.0), ("-0.5", -0.5), ("97%", 97.0), ("97.5 ％", 97.5), (97, 97.0)],
)
def test_figures_as_offices_write_them(tmp_path: Path, raw: object, number: float) -> None:
    assert value(tmp_path, "report_figure.reported", "value", raw) == number


@pytest.mark.parametrize(
    ("raw", "number", "unit"),
    [
        ("1.3万", 1.3, "万"),
        ("0.1亿", 0.1, "亿"),
        ("75亿元", 75.0, "亿元"),
        ("1.31 万人次", 1.31, "万人次"),
        ("22.8万吨", 22.8, "万吨"),
        ("９７％", 97.0, "%"),
        ("12‰", 12.0, "‰"),
        ("3.5㎡", 3.5, "㎡"),
        ("3900", 3900.0, None),
    ],
)
def test_a_figure_keeps_the_unit_that_it_is_written_in(
    tmp_path: Path, raw: str, number: float, unit: str | None
) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event(type="indicator.reported", data={"indicator": "甲", "value": raw})))
    assert (column(log, "data.value"), column(log, "data.unit_of_measure"), log.problems) == (
        [number],
        [unit],
        (),
    )


@pytest.mark.parametrize(("raw", "number"), [("75亿元", 75.0), ("75", 75.0), ("5000万元", 0.5), ("1.2亿", 1.2)])
def test_money_is_read_as_what_its_column_counts_in(tmp_path: Path, raw: str, number: float) -> None:
    assert value(tmp_path, AMOUNT, "amount", raw) == number


@pytest.mark.parametrize("raw", ["约75", "75+", "七八十", "3/4", "12-15", "⑫", "1½", "3₂", "75亿元多"])
def test_a_figure_that_could_mean_several_is_refused(tmp_path: Path, raw: str) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event(type="indicator.reported", data={"value": raw})))
    assert only(log).code in {"bad-value", "bad-measure"}
    assert only(log).value == raw


@pytest.mark.parametrize("raw", [10**400, "1e999", "3,90", "12%", "12元", "½", float(2**70), -1])
def test_figures_that_are_none(tmp_path: Path, raw: object) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event(data={"participants": raw})))
    assert [one.code for one in log.problems] == ["bad-measure" if raw == "12元" else "bad-value"]


@pytest.mark.parametrize(
    "raw",
    [
        "collected;reasons",
        "collected； reasons ；",
        "收集情况、不采纳原因",
        "意见收集情况\n未采纳理由",
        "collected;collected;reasons",
        ["collected", "不采纳的原因"],
    ],
)
def test_lists_in_one_cell_are_separated_by_semicolons(tmp_path: Path, raw: object) -> None:
    assert value(tmp_path, "consultation.feedback_published", "covers", raw) == ["collected", "reasons"]


def test_an_empty_list_says_that_nothing_was_covered_and_a_blank_cell_says_nothing(tmp_path: Path) -> None:
    assert value(tmp_path, "consultation.feedback_published", "covers", []) == []
    assert value(tmp_path, "consultation.feedback_published", "covers", " ") is None


def test_a_list_of_open_values_keeps_words_of_its_own(tmp_path: Path) -> None:
    assert value(tmp_path, "policy.interpreted", "forms", "图解;动漫") == ["picture", "动漫"]


def test_ids_that_are_numbers_have_no_decimals(tmp_path: Path) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", *(event(one) for one in (12, 13.0, 10**30, " 14　"))))
    assert column(log, "id") == ["12", "13", str(10**30), "14"]


def test_text_is_composed_stripped_and_on_one_line(tmp_path: Path) -> None:
    raw = "\ufeff 会\u200b议\u3000一\r\n二\u2028三\v四 e\u0301 "
    assert value(tmp_path, "training.held", "note", raw) == "会议　一 二 三 四 é"


def test_labels_of_the_vocabulary_stand_for_types_and_values(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "主题", "申请渠道"), ("1", "收 到 申请", "县民政局", "2023-07-14", "甲", "互联网")]
    log = read(csv_file(tmp_path / "log.csv", rows))
    assert (column(log, "type"), column(log, "data.channel")) == (["request.received"], ["internet"])
