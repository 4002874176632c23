"""What a sheet printed by `explain` has to have, so that a person can follow a verdict without the log."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from gongkai.evaluation.build import explain_row
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.options import Request
from reports.output.texts import STATUS
from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.model import Rule

    Capsys = pytest.CaptureFixture[str]

UNIT = "县民政局"


def act(kind: str, day: str, subject: str | None = None, unit: str = UNIT, **data: object) -> dict[str, Any]:
    """Return one entry."""
    one: dict[str, Any] = {"type": kind, "unit": unit, "occurred_at": day, "data": data}
    return one if subject is None else {**one, "subject": subject}


def explained(capsys: Capsys, log: Path, obligation: str, *more: str) -> str:
    """Return what `explain` prints."""
    outcome = gongkai(capsys, "explain", obligation, "--events", log, "--as-of", "2023-12-31", *more)
    assert outcome.status == 0, outcome.err
    return outcome.out


def test_the_duty_stands_first_then_the_whole_clause_with_its_words_marked(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"), feedback("甲", "2023-10-08"))
    lines = explained(capsys, log, "jinxiang-2023/8.2.feedback/minzheng/e1").splitlines()
    assert lines[0].startswith("要求：")
    assert "2023-07-14印发" in lines[1]
    assert "【" in lines[2]
    assert "】" in lines[2]


def test_the_readings_that_were_not_chosen_are_named_with_how_to_choose_them(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", act("training.held", "2023-08-01"))
    out = explained(capsys, log, "8.4.attendance/minzheng")
    assert "读法：departments" in out
    assert "--reading 8.4.attendance=county" in out


def test_what_was_not_enough_is_told_with_the_reason(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        act("executive_meeting.attended", "2023-08-01", "一", delegates=3),
        act("executive_meeting.attended", "2023-08-02", "一", delegates=2),
        act("executive_meeting.attended", "2023-08-20", "二", delegates=0),
        act("executive_meeting.attended", "2024-01-02", "三", delegates=2),
    )
    out = explained(capsys, log, "8.4.attendance/minzheng")
    assert "（e1，log.jsonl 1） 公众代表人数 3" in out
    assert "（e2）：与e1是同一主题，只算一次" in out
    assert "（e3）：公众代表人数登记为0，应不少于1" in out
    assert "e4" not in out


@pytest.mark.parametrize(
    ("entries", "obligation", "said"),
    [
        (
            [act("information.published", "2023-08-20", "甲"), act("review.completed", "2023-08-22", "甲")],
            "10.1.review-first/minzheng/e1",
            "（e2）：晚于2023-08-20的办理，不在先",
        ),
        (
            [decision("甲", "2023-09-28"), {**feedback("甲", "2023-09-20")}],
            "8.2.feedback/minzheng/e1",
            "（e2）：早于2023-09-28的触发事项，不算完成",
        ),
        (
            [decision("甲", "2023-09-28"), {**feedback("甲", "2023-10-08"), "unit": "县财政局"}],
            "8.2.feedback/minzheng/e1",
            "（e2）：是县财政局登记的，不是县民政局的",
        ),
        ([act("work_plan.issued", "2023-03-01", year=2024)], "N7.work-plan/minzheng", "2024，应为2023"),
    ],
)
def test_what_came_late_early_or_from_another_unit_is_told(
    entries: Sequence[dict[str, Any]], obligation: str, said: str, tmp_path: Path, capsys: Capsys
) -> None:
    out = explained(capsys, write_log(tmp_path / "log.jsonl", *entries), obligation)
    assert said in out
    assert "台账中没有" not in out


def test_nothing_in_the_log_is_said_only_where_there_is_nothing(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    assert "证据：台账中没有" in explained(capsys, log, "8.2.feedback/minzheng/e1")


def test_elements_say_which_are_there_and_which_are_missing(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl", decision("甲", "2023-09-28"), feedback("甲", "2023-10-08", ("collected", "adopted"))
    )
    out = explained(capsys, log, "8.2.feedback/minzheng/e1")
    assert "收集情况：有（e2）" in out
    assert "不采纳原因：缺" in out


def test_hours_are_explained_as_hours(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", act("opinion.detected", "2023-08-01T08:00", "情", emergency=True))
    out = explained(capsys, log, "6.2.emergency-information/minzheng/e1")
    assert "5小时，自2023-08-01 08:00起，到2023-08-01 13:00为止" in out
    assert "当日不计" not in out


def test_gaps_have_both_ends(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        act("account.opened", "2023-08-01", "号"),
        act("account.updated", "2023-08-10", "号"),
        act("account.updated", "2023-09-20", "号"),
        act("account.closed", "2023-09-25", "号"),
        act("staff.appointed", "2023-01-01", "g1"),
        act("staff.released", "2023-09-14", "g1"),
        act("staff.appointed", "2023-09-26", "g2"),
    )
    held = explained(capsys, log, "N2.dedicated-staff/minzheng")
    assert "空缺：2023-09-14至2023-09-25" in held
    assert "g1：2023-01-01至2023-09-13" in held
    rows = [row["obligation"] for row in _judged(log)[1] if row["subject"] == "号" and row["status"] == "violated"]
    assert any("从2023-08-10到2023-09-20更新，41天" in explained(capsys, log, one) for one in rows)


def test_what_had_to_be_covered_is_named(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        act("policy.issued", "2023-08-01", "策一", normative=True, affects_rights=True),
        act("policy.issued", "2023-08-02", "策二", normative=True, affects_rights=True),
        act("policy.interpreted", "2023-08-01", "策一", forms=["text"]),
    )
    out = explained(capsys, log, "5.1.interpretation/minzheng")
    assert "缺1项" in out
    assert "策二（2023-08-02，e2）：缺" in out
    assert "策一（2023-08-01，e1）：2023-08-01由e3覆盖" in out


def _judged(log: Path) -> tuple[Any, list[dict[str, Any]]]:
    books = ("jinxiang-2023", "regulation-2019")
    inputs, problems = load_inputs(Request(events=(log,), as_of="2023-12-31", books=books))
    assert inputs is not None, problems
    return inputs, judge_inputs(inputs, "zh").to_pylist()


def test_a_sheet_of_every_status_and_kind_has_what_it_takes_to_redo_it(demo_year: Path) -> None:
    inputs, rows = _judged(demo_year)
    rules = {(book.id, rule.id): rule for book in inputs.books for rule in book.rules}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((rules[row["book"], row["rule"]].kind, row["status"]), []).append(row)
    drawn = random.Random(20230714)
    chosen = [drawn.choice(groups[pair]) for pair in sorted(groups)]
    chosen += drawn.sample(rows, 20)
    kinds = {kind for kind, _ in groups}
    assert len(kinds) == 11, kinds
    for row in chosen:
        _has_all(row, rules[row["book"], row["rule"]], explain_row(inputs, row, "zh"))


def _has_all(row: dict[str, Any], rule: Rule, sheet: Sequence[str]) -> None:
    """Hold one sheet to what a person needs to redo it with a wall calendar."""
    text = "\n".join(sheet)
    assert sheet[0] == f"要求：{rule.title.zh}"
    assert f"【{rule.quote}】" in text
    assert f"责任单位：{row['unit_name']}" in text
    if row["reading"] is not None and rule.readings is not None:
        assert f"读法：{row['reading']}" in text
        assert text.count("另一读法：") == len(rule.readings.choices) - 1
    assert ("以前；不看印发以前的事项" in text) == row["before_issue"]
    for event in row["evidence"] or ():
        assert event in text, (row["obligation"], event)
    if row["due_on"] is not None:
        assert str(row["due_on"]) in text or row["limit_at"] is not None, text
    assert STATUS[row["status"]].zh in sheet[-1]
    assert json.dumps(sheet, ensure_ascii=False).count("None") == 0
