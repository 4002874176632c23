from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from events.problems import Problem, Text, Where, sort_problems
from tests.events.reading import HEADINGS, codes, column, csv_file, event, jsonl, only, read, xlsx

if TYPE_CHECKING:
    from pathlib import Path

FEEDBACK: dict[str, Any] = {"type": "consultation.feedback_published", "subject": "甲"}


def test_all_problems_of_a_log_are_collected_in_the_order_of_their_places(tmp_path: Path) -> None:
    log = read(
        jsonl(
            tmp_path / "log.jsonl",
            event("1", unit="县民正局"),
            event("2", occurred_at="2023-02-30", type="traning.held"),
            event("3", type="decision.issued"),
            event(""),
            event("5", occurred_at=None),
            event("6", data={"participants": "很多"}),
            event("7"),
        )
    )
    assert [(one.code, one.where.line) for one in log.problems] == [
        ("unknown-unit", 1),
        ("bad-date", 2),
        ("unknown-type", 2),
        ("missing-subject", 3),
        ("missing-value", 4),
        ("missing-value", 5),
        ("bad-value", 6),
    ]
    assert column(log, "id") == ["7"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_problems_of_tables_name_the_cell(tmp_path: Path, form: str) -> None:
    rows = [
        ("编号", "类型", "单位", "发生日期", "参加人数"),
        ("1", "业务培训", "县民正局", "2023-07-14", 3),
        ("2", "业务陪训", "县民政局", "2023-07-14", 3),
        ("3", "业务培训", "县民政局", "2023-02-30", -3),
    ]
    path = tmp_path / f"log.{form}"
    log = read(csv_file(path, rows) if form == "csv" else xlsx(path, rows))
    places = ["2:3", "3:2", "4:4", "4:5"] if form == "csv" else ["[台账]!C2", "[台账]!B3", "[台账]!D4", "[台账]!E4"]
    assert [str(one.where).removeprefix(str(path)).removeprefix(":") for one in log.problems] == places
    assert codes(log) == ["unknown-unit", "unknown-type", "bad-date", "bad-value"]
    assert [one.value for one in log.problems[:3]] == ["县民正局", "业务陪训", "2023-02-30"]


@pytest.mark.parametrize(
    ("change", "code", "value", "hint"),
    [
        ({"unit": "县民证局"}, "unknown-unit", "县民证局", "是不是“县民政局”？"),
        ({"type": "training.hold"}, "unknown-type", "training.hold", "是不是“training.held”"),
        ({"type": "业务陪训"}, "unknown-type", "业务陪训", "是不是“业务培训”"),
        ({"type": "完全不同的事"}, "unknown-type", "完全不同的事", "词汇表"),
        ({"unit": "\u3000\ufeff"}, "missing-value", None, "请填写"),
        ({"occurred_at": "2023-07-14T25:00"}, "bad-date", "2023-07-14T25:00", "23:59"),
        ({"occurred_at": "1023-07-14"}, "bad-date", "1023-07-14", "年份"),
        ({"occurred_at": "2月30日"}, "bad-date", "2月30日", "2023年7月14日"),
        ({**FEEDBACK, "data": {"covers": ["colected"]}}, "bad-value", "['colected']", "collected"),
        ({**FEEDBACK, "data": {"covers": "收集情况;采用情况"}}, "bad-value", "收集情况;采用情况", "采纳情况"),
        ({"data": {"participants": 1.5}}, "bad-value", "1.5", "整数"),
        ({"data": {"participants": True}}, "bad-value", "True", "整数"),
        ({"data": {"participants": [3]}}, "bad-value", "[3]", "整数"),
        ({"data": {"note": {"a": 1}}}, "bad-value", "{'a': 1}", "一段文字"),
        (
            {"type": "decision.issued", "subject": "甲", "data": {"consulted": "可能"}},
            "bad-value",
            "可能",
            "“是”或“否”",
        ),
        ({"type": "indicator.reported", "data": {"value": "约三千"}}, "bad-value", "约三千", "写数字"),
        ({"subject": ["甲", "乙"]}, "bad-value", "['甲', '乙']", "一段文字"),
        ({"subject": "甲\x00乙"}, "bad-character", "甲\\u0000乙", "删去"),
        ({"subject": "\u202e乙"}, "bad-character", "\\u202e乙", "删去"),
        ({"id": "\ud800"}, "bad-character", "\\ud800", "删去"),
        ({"data": {"note": "甲\x07"}}, "bad-character", "甲\\u0007", "删去"),
        ({"data": "没有"}, "bad-value", None, "属性"),
    ],
)
def test_a_problem_has_its_value_and_a_cure(
    tmp_path: Path, change: dict[str, Any], code: str, value: str | None, hint: str
) -> None:
    path = tmp_path / "log.jsonl"
    text = json.dumps(event(**change) if "id" not in change else {**event(), **change})
    path.write_text(text, encoding="utf-8")
    problem = only(read(path))
    assert (problem.code, problem.value, problem.where) == (code, value, Where(str(path), 1))
    assert hint in problem.cure.zh
    assert problem.cure.en
    assert problem.severity == "error"


def test_a_column_that_is_missing_is_named_once_with_headings_that_will_do(tmp_path: Path) -> None:
    rows = [("编号", "类型", "单位"), ("1", "业务培训", "县民政局"), ("2", "业务培训", "县民政局")]
    problem = only(read(csv_file(tmp_path / "log.csv", rows)))
    assert problem.code == "missing-column"
    assert "发生日期" in problem.fact.zh
    assert "occurred_at" in problem.cure.zh


def test_a_column_that_is_not_known_is_a_warning_with_the_nearest_heading(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "参加人员", "天气"), ("1", "业务培训", "县民政局", "2023-07-14", 3, "晴")]
    log = read(csv_file(tmp_path / "log.csv", rows))
    assert [(one.code, one.severity, one.value) for one in log.problems] == [
        ("unknown-column", "warning", "参加人员"),
        ("unknown-column", "warning", "天气"),
    ]
    assert "参加人数" in log.problems[0].cure.zh
    assert log.table.num_rows == 1


def test_an_attribute_that_is_not_known_is_one_warning_for_all_its_rows(tmp_path: Path) -> None:
    events = [event(str(number), data={"particpants": 3}) for number in range(3)]
    problem = only(read(jsonl(tmp_path / "log.jsonl", *events)))
    assert (problem.code, problem.severity, problem.where.line) == ("unknown-attribute", "warning", 1)
    assert "participants" in problem.cure.zh


def test_a_misspelt_field_is_told_from_an_attribute(tmp_path: Path) -> None:
    log = read(
        jsonl(tmp_path / "log.jsonl", {"id": "1", "type": "业务培训", "unit": "县民政局", "occured_at": "2023-07-14"})
    )
    assert sorted(codes(log)) == ["missing-value", "unknown-attribute"]
    assert any("occurred_at" in one.cure.zh for one in log.problems if one.code == "unknown-attribute")


def test_an_attribute_of_another_type_of_event_is_a_warning_and_not_read(tmp_path: Path) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event(data={"delegates": 3})))
    assert (only(log).code, only(log).severity) == ("unknown-attribute", "warning")
    assert column(log, "data.delegates") == [None]


def test_a_wrong_id_is_one_problem_not_two(tmp_path: Path) -> None:
    assert codes(read(jsonl(tmp_path / "a.jsonl", event(["1"])))) == ["bad-value"]
    assert codes(read(jsonl(tmp_path / "b.jsonl", event(type="decision.issued", subject={"a": 1})))) == ["bad-value"]


def test_a_text_that_is_too_long_names_its_length(tmp_path: Path) -> None:
    rows = [
        (*HEADINGS, "标题"),
        ("1", "业务培训", "县民政局", "2023-07-14", "长" * 200_000),
        ("2", "x", "县民政局", "2023-07-14", ""),
    ]
    log = read(csv_file(tmp_path / "log.csv", rows))
    assert [(one.code, one.where.line, one.where.column) for one in log.problems] == [
        ("too-long", 2, 5),
        ("unknown-type", 3, 2),
    ]
    assert "200000" in log.problems[0].fact.zh
    assert len(log.problems[0].line("zh")) < 400
    assert codes(read(xlsx(tmp_path / "log.xlsx", [rows[0], (*rows[1][:4], "长" * 32_767)]))) == ["too-long"]


def test_places_are_sorted_as_rows_and_columns_are() -> None:
    cells = ["A10", "AA2", "B2", "A2", "Z1"]
    text = Text("", "")
    problems = [Problem("x", Where("f", sheet="s", cell=cell), text, text) for cell in cells]
    assert [one.where.cell for one in sort_problems([*problems, *problems])] == ["Z1", "A2", "B2", "AA2", "A10"]


def test_a_date_cell_among_texts_is_its_day(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "备注"), *((str(n), "业务培训", "县民政局", "2023-07-14", one) for n, one in enumerate(NOTES))]
    log = read(xlsx(tmp_path / "log.xlsx", rows))
    assert log.problems == ()
    assert column(log, "data.note") == ["2023-07-01", "2023-07-01T09:30:00", "12", "1.5"]


NOTES = (date(2023, 7, 1), datetime(2023, 7, 1, 9, 30), 12, 1.5)
