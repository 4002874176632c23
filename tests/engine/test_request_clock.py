"""Requests for information at the command line: what falls due, which clocks stand, and how a due date is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.load import load_book
from tests.gongkai.commands import gongkai, read_verdicts, write_log
from tests.rules.small_book import BOOK, SOURCE

if TYPE_CHECKING:
    from pathlib import Path


def act(kind: str, day: str, subject: str = "申请1", **data: object) -> dict[str, Any]:
    """Return one event of a request."""
    event = {"type": f"request.{kind}", "unit": "县民政局", "subject": subject, "occurred_at": day}
    return {**event, "data": data} if data else event


PAUSED = (
    act("received", "2023-03-01"),
    act("third_party_asked", "2023-03-08"),
    act("third_party_answered", "2023-03-22"),
)


def test_explain_prints_a_line_for_each_span_of_the_clock(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    moved = act("extended", "2023-04-13", working_days=5, approved=True, notified=True)
    log = write_log(tmp_path / "log.jsonl", *PAUSED, moved, act("extended", "2023-05-10", working_days=5))
    ask = ("explain", "14.1.reply/minzheng/e1", "--events", log, "--as-of", "2023-05-31")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 0, outcome.err
    lines = outcome.out.splitlines()
    start = lines.index("期限：20个工作日")
    assert lines[start + 1 : start + 9] == [
        "  2023-03-01 起算，当日不计：收到申请（e1）",
        "  2023-03-02至2023-03-07 计4个工作日，累计4个",
        "  2023-03-08至2023-03-21 停止计算，10个工作日不计：征求第三方意见（e2），第三方答复（e3）",
        "  2023-03-22至2023-04-12 计15个工作日，累计19个",
        "  2023-04-13 延长后共25个工作日：延期答复（e4）",
        "  2023-04-13至2023-04-20 计6个工作日，累计25个",
        "到期日：2023-04-20",
        "  2023-05-10 不计入：延期答复（e5）（没有登记决定性的内容，须人工核定）",
    ]
    english = gongkai(capsys, *ask, "--lang", "en").out
    assert "  2023-03-08 to 2023-03-21: the clock stands, 10 working days do not count" in english


def test_due_lists_clocks_that_stand_and_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        act("received", "2023-09-28"),
        act("third_party_asked", "2023-10-10"),
        act("received", "2023-09-28", "申请2"),
        {
            "type": "decision.issued",
            "unit": "县民政局",
            "subject": "决策",
            "occurred_at": "2023-10-27",
            "data": {"consulted": True},
        },
    )
    asked = ("due", "--events", log, "--as-of", "2023-10-30", "--within")
    silent = gongkai(capsys, *asked, "18 working days")
    # the third party's fifteen working days end on 31 October; three of the twenty days had gone by before
    assert "2023-11-23  还有18个工作日  县民政局 14.1 收到申请之日起 20 个工作日内答复：申请1" in silent.out
    assert "停止计算" not in silent.out
    forever = ("3 working days", "--reading", "14.1.reply=until-answered")
    outcome = gongkai(capsys, *asked, *forever)
    assert outcome.status == 0, outcome.err
    due, stands = outcome.out.split("期限停止计算的事项：1项\n")
    assert "2023-11-01  还有2个工作日  县民政局 14.1 收到申请之日起 20 个工作日内答复：申请2" in due
    assert "答复：申请1" not in due
    assert "还缺：" in next(line for line in due.splitlines() if "8.2.feedback" in line)
    assert "期限自2023-10-10起停止计算，还剩17个工作日" in stands


def test_an_arrangement_announced_later_moves_open_due_dates_and_compare_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", act("received", "2026-12-21"))
    announced = tmp_path / "calendar.yaml"
    announced.write_text(
        "arrangements:\n  - year: 2027\n    notice: 国务院办公厅关于2027年部分节假日安排的通知\n"
        "    holidays: [{from: 2027-01-01, to: 2027-01-03}]\n    workdays: [2027-01-09]\n",
        encoding="utf-8",
    )
    shared = ("--events", log, "--as-of", "2026-12-22", "--book", "regulation-2019")
    for out, more in (("a", ()), ("b", ("--calendar", announced))):
        run = gongkai(capsys, "evaluate", *shared, *more, "--out", tmp_path / out)
        assert run.status == 0, run.err
        due = ("due", *shared, *more, "--within", "30 working days", "--ics", tmp_path / f"{out}.ics")
        assert gongkai(capsys, *due).status == 0
    name = "regulation-2019/art33.reply/minzheng/e1"
    before, after = ({row["obligation"]: row for row in read_verdicts(tmp_path / out)}[name] for out in "ab")
    assert (before["due_on"], before["provisional"]) == ("2027-01-19", True)
    assert (after["due_on"], after["provisional"]) == ("2027-01-18", False)
    told = gongkai(capsys, "compare", tmp_path / "a", tmp_path / "b").out
    moved = told.split("到期日有变化", 1)[1].splitlines()
    place = next(number for number, line in enumerate(moved) if "20 个工作日内答复：申请1" in line)
    assert "2027-01-19 → … 尚未到期 2027-01-18" in moved[place]
    assert "日历变化" in moved[place + 1]
    entries = [
        {str(one["uid"]): one for one in Calendar.from_ical((tmp_path / f"{out}.ics").read_bytes()).walk("VEVENT")}
        for out in "ab"
    ]
    assert entries[0].keys() == entries[1].keys()
    assert str(entries[1][f"{name}@gongkai"].decoded("dtstart")) == "2027-01-18"


RULE = """\
rules:
  - id: 3.10.reply
    clause: "3.10"
    title: {zh: 答复}
    quote: 每年至少培训 1 次
    owed_by: units
    kind: respond
    trigger: request.received
    response: request.answered
    within: 20 working days
    clock:
      pauses:
        - {from: request.third_party_asked, to: request.third_party_answered, at_most: 3 working days}
      extended: {event: request.extended, days_in: working_days, at_most: 20}
"""


@pytest.mark.parametrize(
    ("written", "instead", "value"),
    [
        ("3 working days", "3 days", "3 days"),
        ("days_in: working_days", "days_in: approved", "approved"),
        ("days_in: working_days", "days_in: wrking_days", "wrking_days"),
        ("within: 20 working days", "within: 20 days", None),
        ("request.third_party_answered", "request.third_party_anwered", "request.third_party_anwered"),
        ("{from: request.third_party_asked", "{from: {event: request.extended, where: {approved: true}}", None),
        ("      extended:", "      extend:", "extend"),
    ],
)
def test_a_clock_that_cannot_run_is_refused(tmp_path: Path, written: str, instead: str, value: str | None) -> None:
    assert written in RULE
    for name, text in (("book.yaml", BOOK), ("source.txt", SOURCE), ("rules.yaml", RULE.replace(written, instead))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    _, problems = load_book(tmp_path, KINDS, vocabulary=load_vocabulary())
    found = [one for one in problems if one.where.file.endswith("rules.yaml")]
    assert [one.value for one in found] == [value]
    assert found[0].where.line is not None
    assert found[0].cure.zh
