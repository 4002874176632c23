"""Small books and logs about rulebooks' conditions, figures and headings (`tests/data/books`), by every command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gongkai.commands import gongkai, read_verdicts, write_log

BOOKS = Path(__file__).parents[1] / "data" / "books"
UNITS = ("--units", BOOKS / "units.yaml")
REFUSED = ("t18", "w1", "w2", "w3", "w5", "w6", "w7", "w10", "w12", "w13")


def event(kind: str, day: str, subject: str | None = None, unit: str = "县民政局", **data: object) -> dict[str, Any]:
    about = {"subject": subject} if subject is not None else {}
    return {"type": kind, "unit": unit, "occurred_at": day, "data": data, **about}


def book(name: str) -> tuple[str | Path, ...]:
    return ("--book", BOOKS / name, *UNITS)


def told(text: str) -> list[str]:
    """Return the errors among the lines of problems."""
    return [line for line in text.splitlines() if " 错误 " in line]


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_check_refuses_no_command_runs(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", event("training.held", "2023-05-01", "培训"))
    asked = ("--events", log, "--as-of", "2023-12-31")
    checked = gongkai(capsys, "rules", "check", *book(name))
    run = gongkai(capsys, "evaluate", *asked, *book(name), "--out", tmp_path / "out")
    assert (checked.status, run.status) == (2, 2)
    assert told(checked.err)
    assert told(run.err) == told(checked.err)
    assert all(":" in line and "rules.yaml:" in line for line in told(checked.err))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "command",
    [("check", "--unit", "县民政局"), ("due", "--within", "10 working days"), ("explain", "t18/A.r/minzheng/2023")],
)
def test_self_check_due_and_explain_refuse_it_too(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", event("training.held", "2023-05-01", "培训"))
    outcome = gongkai(capsys, *command, "--events", log, "--as-of", "2023-12-31", *book("t18"))
    assert outcome.status == 2
    assert "县司法局" in told(outcome.err)[0]


def test_a_rule_true_by_itself_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "rules", "check", *book("g12"))
    assert outcome.status == 0
    assert "[always-true]" in outcome.err


CHINESE: list[tuple[str, list[dict[str, Any]], str]] = [
    ("v1", [event("request.received", "2023-03-01", "甲", channel="internet")], "violated"),
    ("v1", [event("request.received", "2023-03-01", "甲", channel="post")], "not_applicable"),
    ("v3", [event("request.answered", "2023-03-01", "甲", outcome="refused")], "violated"),
    ("v3", [event("request.answered", "2023-03-01", "甲", outcome="granted")], "met"),
    ("v4", [event("policy.interpreted", "2023-03-01", "甲", forms=["video"])], "met"),
    ("v4", [event("policy.interpreted", "2023-03-01", "甲", forms=["text"])], "violated"),
    ("v5", [event("request.received", "2023-03-01", "甲", applicant="natural_person")], "violated"),
    ("v7", [event("column.updated", "2023-03-01", "教育", topics=["double_reduction", "enrolment"])], "met"),
    ("v7", [event("column.updated", "2023-03-01", "教育", topics=["双减"])], "met"),
    ("v7", [event("column.updated", "2023-03-01", "教育", topics=["enrolment"])], "violated"),
    ("v5", [event("request.received", "2023-03-01", "甲", applicant="research_institution")], "not_applicable"),
]


@pytest.mark.parametrize(
    ("name", "events", "status"), CHINESE, ids=[f"{row[0]}-{place}-{row[2]}" for place, row in enumerate(CHINESE)]
)
def test_conditions_in_the_vocabularys_chinese_words_hold(
    name: str, events: list[dict[str, Any]], status: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", *events)
    options = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--no-reports")
    outcome = gongkai(capsys, "evaluate", *options, *book(name))
    assert outcome.status == 0, outcome.err
    rows = [row for row in read_verdicts(tmp_path / "out") if row["unit_name"] == "县民政局"]
    assert [row["status"] for row in rows] == [status]


def test_figures_are_added_as_they_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    reports = [
        event("indicator.reported", f"2023-0{n}-01", indicator="合计", value=v) for n, v in ((3, 185.76), (6, 14.29))
    ]
    log = write_log(tmp_path / "log.jsonl", *reports)
    options = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--no-reports")
    assert gongkai(capsys, "evaluate", *options, *book("kosit")).status == 0
    row = next(row for row in read_verdicts(tmp_path / "out") if row["unit_name"] == "县民政局")
    assert (row["status"], row["measured"]) == ("met", 200.05)


@pytest.mark.parametrize("last", ["", "合计,,,,\n"])
def test_headings_without_rows_are_a_log_without_entries(
    last: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = tmp_path / "head.csv"
    log.write_text(f"编号,类型,单位,主题,发生日期\n{last}", encoding="utf-8")
    options = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--no-reports")
    outcome = gongkai(capsys, "evaluate", *options, *book("v3"))
    assert outcome.status == 0
    assert "[no-entries]" in outcome.err
    assert outcome.out.startswith("未报送台账的单位2个：县民政局、县司法局")
    assert {row["status"] for row in read_verdicts(tmp_path / "out")} == {"unassessed"}
