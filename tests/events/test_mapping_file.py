from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.files.mapping import load_mapping
from tests.events.reading import Names, column, read, xlsx
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WRONG = """\
columns:
  谁: unti
  何时: occurred_at
  几个: [1]
constants:
  tpye: training.held
types: {办班: training.hold}
units:
  民政: 县民正局
sheets: {上半年: 第3行}
colums: {}
columns: {}
"""


def test_every_mistake_of_a_mapping_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(WRONG, encoding="utf-8")
    mapping, problems = load_mapping(path, Names())
    assert mapping is None
    assert [(one.code, one.where.line, one.where.column, one.value) for one in problems] == [
        ("duplicate-key", 12, 1, "columns"),
        ("bad-mapping", 2, 6, "unti"),
        ("bad-mapping", 4, 7, None),
        ("bad-mapping", 6, 3, "tpye"),
        ("bad-mapping", 7, 13, "training.hold"),
        ("bad-mapping", 9, 7, "县民正局"),
        ("bad-mapping", 10, 15, "第3行"),
        ("bad-mapping", 11, 1, "colums"),
    ]
    hints = {one.value: one.cure.zh for one in problems}
    assert "unit" in hints["unti"]
    assert "type" in hints["tpye"]
    assert "training.held" in hints["training.hold"]
    assert "县民政局" in hints["县民正局"]
    assert "columns" in hints["colums"]


def test_a_mapping_says_which_sheets_are_read_and_where_their_headings_are(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "columns: {谁: unit, 何时: occurred_at}\nconstants: {type: training.held}\nsheets: {台账: 25, '*': ignore}\n"
    )
    mapping, problems = load_mapping(path, Names())
    assert problems == ()
    rows = [*[("说明",)] * 24, ("谁", "何时"), ("县民政局", "2023-07-14")]
    log = read(xlsx(tmp_path / "a.xlsx", rows), xlsx(tmp_path / "b.xlsx", rows, "其他"), mapping=mapping)
    assert (log.problems, column(log, "unit")) == ((), ["minzheng"])


def test_a_mapping_that_cannot_be_read_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = xlsx(tmp_path / "log.xlsx", [("谁",)])
    for name, content in {
        "a.yaml": b"\xff",
        "b.yaml": b"a: [",
        "c.yaml": b"- a",
        "d.yaml": b"&a [*a, *a]",
        "e.yaml": b"",
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        outcome = gongkai(capsys, "events", "check", log, "--mapping", path)
        assert (outcome.status, f"{name}:1" in outcome.err) == (2, True)
    assert "[unreadable-file]" in gongkai(capsys, "events", "check", log, "--mapping", tmp_path / "none.yaml").err


def test_a_mapping_tells_two_groups_of_columns_apart(tmp_path: Path) -> None:
    head = [("单位", "决策", None, "反馈", None, "类型"), (None, "决策事项", "日期", "网址", "日期")]
    path = xlsx(tmp_path / "log.xlsx", [*head, ("县民政局", "甲", "2023-07-14", None, "2023-08-01", "决策文件出台")])
    log = read(path, mapping={"columns": {"反馈/日期": "ignore"}})
    assert (log.problems, [str(one.date()) for one in column(log, "occurred_at")]) == ((), ["2023-07-14"])
