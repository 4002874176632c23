"""Units that filed nothing are told first everywhere, and are neither scored nor ranked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongkai.cli import run
from tests.gongkai.commands import gongkai, write_log

POLICY = Path(__file__).parents[2] / "examples" / "scoring" / "example.yaml"
ENTRIES = (
    {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10", "subject": "培训一"},
    {"type": "training.held", "unit": "县财政局", "occurred_at": "2022-05-10", "subject": "去年的培训"},
    {
        "type": "assessment.recorded",
        "unit": "羊山镇",
        "occurred_at": "2023-12-01",
        "subject": "5.3",
        "data": {"clause": "5.3", "result": "fail", "evaluator": "县政府办公室"},
    },
)
UNITS = ("县民政局", "县财政局", "羊山镇")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("unfiled")
    log = write_log(out / "log.jsonl", *ENTRIES)
    asked = [argument for name in UNITS for argument in ("--unit", name)]
    policy = ("--policy", str(POLICY))
    arguments = ["evaluate", "--events", str(log), "--as-of", "2023-12-31", "--out", str(out / "out"), *asked, *policy]
    assert run(arguments) == 0
    return out / "out"


def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def test_the_summary_names_them_first(folder: Path) -> None:
    told = summary(folder)
    assert told["unfiled"] == ["caizheng", "yangshan"]
    assert [(unit["unit_name"], unit["filed"]) for unit in told["units"]] == [
        ("县财政局", False),
        ("羊山镇", False),
        ("县民政局", True),
    ]


def test_counts_are_told_by_cause_beside_rows(folder: Path) -> None:
    told = summary(folder)
    assert told["causes"].keys() == told["statuses"].keys() - {"met", "not_applicable"}
    assert all(0 < number <= told["statuses"][status] for status, number in told["causes"].items())


def test_pages_and_lists_begin_with_them(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    section = page.split('id="unfiled"')[1].split("</section>")[0]
    assert "县财政局" in section
    assert "羊山镇" in section
    assert "县民政局" not in section
    assert page.index('id="unfiled"') < page.index('id="matrix"')
    assert "未报送台账" in (folder / "units" / "caizheng.html").read_text(encoding="utf-8")
    assert "未报送台账" not in (folder / "units" / "minzheng.html").read_text(encoding="utf-8")
    rows = (folder / "violations.csv").read_text(encoding="utf-8-sig").splitlines()
    units = [row.split(",")[5] for row in rows[1:]]
    assert list(dict.fromkeys(units)) == ["caizheng", "yangshan", "minzheng"]
    sheet = openpyxl.load_workbook(folder / "violations.xlsx")["汇总"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [
        "县财政局（未报送台账）",
        "羊山镇（未报送台账）",
        "县民政局",
    ]


def test_they_have_no_score_and_no_rank(folder: Path) -> None:
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    assert [unit["unit_name"] for unit in scores["units"]] == ["县民政局"]


def test_the_terminal_names_them_before_the_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", *ENTRIES)
    asked = [argument for name in UNITS for argument in ("--unit", name)]
    options = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--no-reports")
    lines = gongkai(capsys, "evaluate", *options, *asked).out.splitlines()
    assert lines[0] == "未报送台账的单位2个：县财政局、羊山镇"
