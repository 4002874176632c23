from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import openpyxl
import pyarrow.parquet as pq
import pytest

from engine.verdicts import SCHEMA
from tests.gongkai.commands import read_verdicts
from tests.reports.conftest import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Path]


@pytest.fixture
def run(looked_at: Run) -> Run:
    """Evaluate, once for all that ask alike."""
    return looked_at


def test_parquet_and_json_lines_say_the_same(run: Run) -> None:
    folder = run()
    table = pq.read_table(folder / "verdicts.parquet")
    assert table.schema.names == SCHEMA.names
    lines = read_verdicts(folder)
    assert [row["obligation"] for row in lines] == table["obligation"].to_pylist()
    assert [row["status"] for row in lines] == table["status"].to_pylist()
    assert [row["obligation"] for row in lines] == sorted(row["obligation"] for row in lines)
    assert list(lines[0]) == SCHEMA.names


def test_whole_numbers_have_no_fraction_in_json(run: Run) -> None:
    text = (run() / "verdicts.jsonl").read_text(encoding="utf-8")
    assert '"required": 10,' in text
    assert ".0," not in text


def test_the_violation_list_has_what_is_violated_or_late_and_nothing_else(run: Run) -> None:
    folder = run()
    with (folder / "violations.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    expected = {row["obligation"] for row in read_verdicts(folder) if row["status"] in ("violated", "late")}
    assert {row["obligation"] for row in listed} == expected
    assert list(listed[0]) == SCHEMA.names
    assert (folder / "violations.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_cell_of_the_violation_lists_is_a_formula(run: Run) -> None:
    folder = run()
    with (folder / "violations.csv").open(encoding="utf-8-sig", newline="") as file:
        subjects = [row["subject"] for row in csv.DictReader(file)]
    assert f"'{HOSTILE}" in subjects
    sheet = openpyxl.load_workbook(folder / "violations.xlsx")["问题清单"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert any(HOSTILE in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_the_workbook_has_chinese_headings_a_frozen_row_and_a_filter(run: Run) -> None:
    workbook = openpyxl.load_workbook(run() / "violations.xlsx")
    assert workbook.sheetnames == ["问题清单", "汇总", "说明"]
    sheet = workbook["问题清单"]
    asked = "序号 单位 任务 条款 要求原文 问题 依据 期限 逾期工作日 证据 整改期限 责任人 整改情况"
    assert [cell.value for cell in sheet[1]][:13] == asked.split()
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref is not None


def test_the_summary_counts_what_the_verdicts_say(run: Run) -> None:
    folder = run()
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    rows = read_verdicts(folder)
    assert summary["obligations"] == len(rows)
    for status, number in summary["statuses"].items():
        assert number == sum(row["status"] == status for row in rows)
    assert sum(sum(unit["statuses"].values()) for unit in summary["units"]) == len(rows)
    assert sum(sum(clause["statuses"].values()) for clause in summary["clauses"]) == len(rows)


def test_the_receipt_names_everything_that_was_read(run: Run) -> None:
    receipt = json.loads((run("--reading", "8.4.attendance=county") / "run.json").read_text(encoding="utf-8"))
    assert receipt["as_of"] == "2023-12-31"
    assert receipt["books"][0]["readings"]["8.4.attendance"] == "county"
    assert len(receipt["events"][0]["sha256"]) == 64
    assert receipt["events"][0]["rows"] == 5


def test_the_reports_come_in_english_too(run: Run) -> None:
    folder = run("--lang", "en")
    assert "Violations" in openpyxl.load_workbook(folder / "violations.xlsx").sheetnames
    assert "Open-government duties: evaluation" in (folder / "index.html").read_text(encoding="utf-8")
