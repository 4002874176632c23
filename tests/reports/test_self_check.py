"""A unit's self-check: what would settle each duty, as a page, and as a workbook that is filled in and read again."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import openpyxl

from reports.selfcheck.workbook import SHEET
from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from openpyxl.worksheet.worksheet import Worksheet

HOSTILE = '=HYPERLINK("http://x")<script>x</script>../../x'
UNIT = ("check", "--unit", "县民政局")


def log_of(tmp_path: Path) -> Path:
    attended = [
        {"type": "executive_meeting.attended", "unit": "县民政局", "subject": f"会{n}", "occurred_at": f"2023-0{n}-10"}
        | {"data": {"delegates": 2}}
        for n in range(1, 5)
    ]
    return write_log(
        tmp_path / "log.jsonl",
        decision("甲", "2023-06-01"),
        feedback("甲", "2023-06-05", ("collected", "adopted")),
        decision(HOSTILE, "2023-06-29"),
        *attended,
    )


def headed(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): int(cell.column or 0) for cell in sheet[2]}


def row_for(sheet: Worksheet, obligation: str) -> int:
    return next(row for row in range(3, sheet.max_row + 1) if obligation in str(sheet.cell(row, 1).value))


def test_it_says_what_would_settle_each_in_the_order_to_do_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outcome = gongkai(capsys, *UNIT, "--events", log_of(tmp_path), "--as-of", "2023-06-30")
    assert outcome.status == 1
    headings = re.findall(r"^■ (.*)（", outcome.out, re.MULTILINE)
    assert headings[:3] == ["已过期限，马上补做", "10个工作日内到期", "次数和指标的进度"]
    overdue = outcome.out[outcome.out.index("8.2 ") :]
    assert "登记“意见采纳情况公开”（consultation.feedback_published），主题写“甲”，写全：不采纳原因" in overdue
    assert "已有4次，共需10次，还差6次；到期前平均每月要1次" in outcome.out
    assert "办并登记“业务培训”（training.held）" in outcome.out
    assert "jinxiang-2023/N6.training/minzheng/2023" in outcome.out
    assert "\x1b" not in outcome.out


def test_the_workbook_is_filled_in_and_settles_what_it_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log, sheet_file = log_of(tmp_path), tmp_path / "自查.xlsx"
    gongkai(capsys, *UNIT, "--events", log, "--as-of", "2023-06-30", "--xlsx", sheet_file)
    again = ("--events", log, "--events", sheet_file, "--as-of", "2023-07-03")
    empty = gongkai(capsys, *UNIT, *again)
    assert "错误" not in empty.err
    assert "提醒" not in empty.err
    workbook = openpyxl.load_workbook(sheet_file)
    sheet = workbook[SHEET.zh]
    heads = headed(sheet)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    training, reply = row_for(sheet, "N6.training"), row_for(sheet, "8.2.feedback/minzheng/e1")
    assert sheet.cell(training, heads["单位"]).value == "县民政局"
    assert sheet.cell(reply, heads["主题"]).value == "甲"
    assert sheet.cell(reply, heads["反馈内容"]).value == "不采纳原因"
    meetings = [row for row in range(3, sheet.max_row + 1) if "8.4.attendance" in str(sheet.cell(row, 1).value)]
    assert len(meetings) == 6
    for row in (training, reply):
        sheet.cell(row, heads["发生日期"]).value = date(2023, 7, 1)
    workbook.save(sheet_file)
    done = gongkai(capsys, *UNIT, *again)
    assert "N6.training" in empty.out
    assert "N6.training" not in done.out
    assert "8.2.feedback/minzheng/e1" not in done.out
    assert "错误" not in done.err
    listed = gongkai(capsys, "explain", "8.2.feedback/minzheng/e1", *again)
    assert "逾期完成" in listed.out


def test_a_table_that_is_no_self_check_still_needs_its_dates(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("类型,单位,发生日期\n业务培训,县民政局,\n业务培训,县民政局,2023-05-01\n", encoding="utf-8")
    assert gongkai(capsys, "events", "check", path).status == 2


def test_the_page_has_hostile_texts_as_text_and_the_same_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log, page = log_of(tmp_path), tmp_path / "check.html"
    arguments = (*UNIT, "--events", log, "--as-of", "2023-06-30", "--html", page)
    gongkai(capsys, *arguments)
    first = page.read_bytes()
    assert b"<script" not in first
    assert "&lt;script&gt;x" in first.decode()
    assert first.count(b"<meter") == 2
    gongkai(capsys, *arguments)
    assert page.read_bytes() == first


def test_it_comes_in_english(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = gongkai(capsys, *UNIT, "--events", log_of(tmp_path), "--as-of", "2023-06-30", "--lang", "en")
    assert "4 of 10, 6 to go; 1 a month until it is due" in outcome.out
    assert re.findall(r"^■ (.*) \(", outcome.out, re.MULTILINE)[0] == "Overdue: make it good now"
