from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path


def uids(path: Path) -> dict[str, str]:
    entries = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {str(entry["uid"]): str(entry.decoded("dtstart")) for entry in entries}


def test_due_lists_what_is_open_by_due_date_with_the_days_left(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"), decision("乙", "2023-09-27"))
    outcome = gongkai(capsys, "due", "--events", log, "--as-of", "2023-09-28", "--within", "3 working days")
    assert outcome.status == 0, outcome.err
    lines = [line for line in outcome.out.splitlines() if line.startswith("2023-")]
    assert [line.split()[0] for line in lines[1:]] == ["2023-10-08", "2023-10-09"]
    assert "还有3个工作日" in lines[2]
    assert "：甲" in lines[2]


def test_due_leaves_out_what_is_done_and_what_is_due_later(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "log.jsonl", decision("甲", "2023-09-26"), feedback("甲", "2023-09-27"), decision("乙", "2023-09-28")
    )
    outcome = gongkai(capsys, "due", "--events", log, "--as-of", "2023-09-28", "--within", "2 working days")
    assert "甲" not in outcome.out
    assert "乙" not in outcome.out


def test_the_calendar_file_moves_an_entry_when_the_calendar_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-11-01"))
    closure = tmp_path / "closure.yaml"
    closure.write_text("closures:\n  - {date: 2023-11-02, reason: 停电检修}\n", encoding="utf-8")
    ask = ("due", "--events", log, "--as-of", "2023-11-01", "--within", "10 working days", "--ics")
    assert gongkai(capsys, *ask, tmp_path / "a.ics").status == 0
    assert gongkai(capsys, *ask, tmp_path / "b.ics", "--calendar", closure).status == 0
    first, second = uids(tmp_path / "a.ics"), uids(tmp_path / "b.ics")
    name = "jinxiang-2023/8.2.feedback/minzheng/e1@gongkai"
    assert (first[name], second[name]) == ("2023-11-06", "2023-11-07")
    assert first.keys() == second.keys()


@pytest.mark.parametrize("within", ["soon", "99999 working days", "2023-12-31"])
def test_a_time_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, within: str) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-11-01"))
    outcome = gongkai(capsys, "due", "--events", log, "--as-of", "2023-11-01", "--within", within)
    assert outcome.status == 2
    assert "--within" in outcome.err


def test_compare_tells_what_is_new_mended_and_gone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    early = write_log(tmp_path / "a.jsonl", decision("甲", "2023-09-01"), decision("乙", "2023-09-28"))
    late = write_log(
        tmp_path / "b.jsonl", decision("甲", "2023-09-01"), decision("乙", "2023-09-28"), feedback("甲", "2023-10-20")
    )
    for log, day, out in ((early, "2023-09-30", "a"), (late, "2023-10-31", "b")):
        assert gongkai(capsys, "evaluate", "--events", log, "--as-of", day, "--out", tmp_path / out).status == 0
    outcome = gongkai(capsys, "compare", tmp_path / "a", tmp_path / "b")
    assert outcome.status == 0
    parts = dict(block.split("\n", 1) for block in outcome.out.strip().split("\n\n")[1:])
    assert "：乙  … 尚未到期 2023-10-09 → ✗ 未落实 2023-10-09" in parts["新出现的问题（1）"]
    assert "：甲  ✗ 未落实 2023-09-06 → △ 逾期完成" in parts["已整改（补做或者更正后不再是问题）（1）"]
    assert "台账" in outcome.out.splitlines()[0]


def test_comparing_a_run_with_itself_finds_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", decision("甲", "2023-09-01"))
    gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-09-30", "--out", tmp_path / "a")
    assert gongkai(capsys, "compare", tmp_path / "a", tmp_path / "a").out.strip() == "两次评估的输入相同"


def test_a_folder_that_is_no_run_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = gongkai(capsys, "compare", tmp_path, tmp_path / "none")
    assert outcome.status == 2
    assert outcome.err.count("not-a-run") == 2


def test_what_opens_after_the_listed_year_falls_due_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In late December the annual report of 31 January is among what is due within 30 working days."""
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-01"})
    ask = ("due", "--events", log, "--as-of", "2023-12-20", "--within", "30 working days")
    outcome = gongkai(capsys, *ask, "--unit", "县民政局", "--book", "regulation-2019")
    assert outcome.status == 0, outcome.err
    assert "2024-01-31" in outcome.out
