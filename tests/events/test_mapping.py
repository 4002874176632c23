from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events.problems import has_errors
from tests.events.reading import codes, column, csv_file, jsonl, only, parquet, read, xlsx

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ("流水", "动作", "谁", "哪天", "来了几个", "备注")
ROWS = [
    ("1", "办班", "民政", "2023-07-14", 12, "x"),
    ("2", "吃饭", "民政", "2023-07-14", 9, ""),
    ("3", "办班", "食堂", "2023-07-15", 3, ""),
]
MAPPING = {
    "columns": {
        "流水": "id",
        "动作": "type",
        "谁": "unit",
        "哪天": "occurred_at",
        "来了几个": "data.participants",
        "备注": "ignore",
    },
    "types": {"办班": "training.held", "吃饭": "ignore"},
    "units": {"民政": "县民政局", "食堂": "ignore"},
}


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_mapping_holds_for_every_format_and_what_it_ignores_is_listed(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"log.{form}"
    if form == "csv":
        csv_file(path, [HEAD, *ROWS])
    elif form == "xlsx":
        xlsx(path, [HEAD, *ROWS])
    elif form == "parquet":
        parquet(path, dict(zip(HEAD, map(list, zip(*ROWS, strict=True)), strict=True)))
    else:
        jsonl(path, *(dict(zip(HEAD, row, strict=True)) for row in ROWS))
    log = read(path, mapping=MAPPING)
    assert (column(log, "id"), column(log, "unit"), column(log, "data.participants")) == (["1"], ["minzheng"], [12])
    assert column(log, "data.note") == [None]
    assert [(one.code, one.severity, one.value) for one in log.problems] == [
        ("left-out", "warning", "吃饭"),
        ("left-out", "warning", "食堂"),
    ]


def test_a_row_that_is_left_out_may_be_wrong_otherwise_and_may_be_pointed_to(tmp_path: Path) -> None:
    rows = [(*HEAD, "更正"), ("1", "吃饭", "无", "昨天", "", "", ""), ("2", "办班", "民政", "2023-07-14", "", "", "1")]
    assert codes(read(csv_file(tmp_path / "log.csv", rows), mapping=MAPPING)) == ["left-out"]


def test_constants_stand_where_a_table_has_no_column_or_a_blank(tmp_path: Path) -> None:
    rows = [("编号", "日期", "单位"), ("1", "2023-07-14", ""), ("2", "2023-07-15", "金乡街道")]
    constants = {"type": "training.held", "unit": "县民政局", "data.participants": "12"}
    log = read(csv_file(tmp_path / "log.csv", rows), mapping={"constants": constants})
    assert log.problems == ()
    assert column(log, "unit") == ["minzheng", "jinxiang-jiedao"]
    assert column(log, "data.participants") == [12, 12]


@pytest.mark.parametrize(
    ("mapping", "value", "hint"),
    [
        ({"columns": {"哪天": "occured"}}, "occured", "occurred_at"),
        ({"types": {"办班": "training.hold"}}, "training.hold", "training.held"),
        ({"columns": {"哪天": "完全不同"}}, "完全不同", "data.属性名"),
        ({"units": {"民政": "县民正局"}}, "县民正局", "县民政局"),
        ({"constants": {"unti": "县民政局"}}, "unti", "unit"),
    ],
)
def test_a_mapping_to_what_does_not_exist_is_a_problem(
    tmp_path: Path, mapping: dict[str, dict[str, str]], value: str, hint: str
) -> None:
    rows = [("编号", "类型", "单位", "日期"), ("1", "培训", "县民政局", "2023-07-14")]
    problem = only(read(csv_file(tmp_path / "log.csv", rows), mapping=mapping))
    assert (problem.code, problem.value) == ("bad-mapping", value)
    assert hint in problem.cure.zh


def test_a_heading_of_the_mapping_comes_before_one_of_the_vocabulary(tmp_path: Path) -> None:
    rows = [("编号", "类型", "单位", "日期", "办结日"), ("1", "培训", "县民政局", "2023-07-01", "2023-07-14")]
    log = read(csv_file(tmp_path / "log.csv", rows), mapping={"columns": {"办结日": "occurred_at"}})
    assert not has_errors(log.problems)
    assert str(column(log, "occurred_at")[0].date()) == "2023-07-14"
