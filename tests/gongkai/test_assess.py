from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    Capsys = pytest.CaptureFixture[str]

UNIT = "县民政局"
TRAINING = {"type": "training.held", "unit": UNIT, "occurred_at": "2023-08-01"}


def test_the_sheet_of_evaluators_is_filled_in_and_read_back(tmp_path: Path, capsys: Capsys) -> None:
    log, sheet_path, out = write_log(tmp_path / "log.jsonl", TRAINING), tmp_path / "评价.xlsx", tmp_path / "run"
    asked = ("--as-of", "2023-12-31", "--unit", UNIT)
    made = gongkai(capsys, "assess", "template", "--events", log, *asked, "--out", sheet_path)
    assert made.status == 0, made.err
    book = openpyxl.load_workbook(sheet_path)
    sheet = book.worksheets[0]
    head = {cell.value: number for number, cell in enumerate(sheet[2], 1)}
    answers = ("合格", "不合格", "需补充")
    rules = []
    for row, answer in enumerate(answers, 3):
        assert sheet.cell(row, head["评价要看什么"]).value
        rules.append(str(sheet.cell(row, head["义务编号"]).value).split("/")[1])
        sheet.cell(row, head["评价结论"]).value = answer
        sheet.cell(row, head["评价人"]).value = "县政府办公室 张三"
        sheet.cell(row, head["发生日期"]).value = "2023-12-20"
        sheet.cell(row, head["备注"]).value = "看过网页"
    book.save(sheet_path)
    done = gongkai(capsys, "evaluate", "--events", log, sheet_path, *asked, "--no-reports", "--out", out)
    assert done.status == 0, done.err
    found = {row["rule"]: row["status"] for row in read_verdicts(out)}
    assert [found[rule] for rule in rules] == [
        "met",
        "pending" if found[rules[1]] == "pending" else "violated",
        "unassessed",
    ]


def test_what_the_county_judges_is_one_line_of_the_self_check(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", TRAINING)
    asked = ("--events", log, "--as-of", "2023-12-31", "--unit", UNIT)
    page = tmp_path / "自查.html"
    out = gongkai(capsys, "check", *asked, "--html", page).out
    lines = [line for line in out.splitlines() if "由县里评定" in line]
    assert len(lines) == 1
    assert "由评估人员核定" not in out
    assert page.read_text(encoding="utf-8").count("由县里评定") == 1


def test_a_joint_duty_is_not_told_to_be_made_good_by_who_sees_one_log(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        {**TRAINING, "unit": "县司法局"},
        {"type": "decision.issued", "unit": "县司法局", "subject": "决一", "occurred_at": "2023-08-01"},
    )
    asked = ("--events", log, "--as-of", "2023-12-31", "--unit", "县司法局")
    groups = gongkai(capsys, "check", *asked).out.split("■ ")
    joint = next(group for group in groups if group.startswith("共同承担，本单位台账看不全"))
    assert "7.2" in joint
    assert not any("/7.2.pages/" in group for group in groups if group.startswith("已过期限"))


def test_a_calendar_reminds_before_and_has_the_hour(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        {
            "type": "opinion.detected",
            "unit": UNIT,
            "subject": "情",
            "occurred_at": "2023-05-10T09:00",
            "data": {"emergency": False},
        },
        {
            "type": "request.received",
            "unit": UNIT,
            "subject": "申1",
            "occurred_at": "2023-04-24",
            "data": {"channel": "mail"},
        },
    )
    ics = tmp_path / "到期.ics"
    books = ("--book", "jinxiang-2023", "--book", "regulation-2019")
    outcome = gongkai(
        capsys,
        "due",
        "--events",
        log,
        "--as-of",
        "2023-05-10T10:00",
        "--within",
        "20 working days",
        *books,
        "--ics",
        ics,
    )
    assert outcome.status == 0, outcome.err
    assert "2023-05-12 09:00" in outcome.out
    text = ics.read_text(encoding="utf-8")
    assert "DTSTART:20230512T010000Z" in text
    assert "TRIGGER;VALUE=DATE-TIME:20230511T230000Z" in text
    assert text.count("BEGIN:VALARM") == text.count("BEGIN:VEVENT")
    assert "TRIGGER;VALUE=DATE-TIME:20230519T010000Z" in text  # due on Wednesday the 24th
