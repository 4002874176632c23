"""What an explanation says of a verdict's grounds, in the list, the notice and the self-check as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gongkai.cli import run
from tests.gongkai.commands import gongkai, read_verdicts, write_log
from tests.gongkai.test_notices import text_of
from tests.gongkai.test_rectification import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    Capsys = pytest.CaptureFixture[str]

ASKED = ("--as-of", "2023-09-01T15:00", "--book", "jinxiang-2023")
NOT_COUNTED = "2023-08-19 政策解读 策1（e6）：早于2023-08-20的触发事项，不算完成"


def event(kind: str, at: str, subject: str, **data: object) -> dict[str, Any]:
    return {"type": kind, "unit": "县民政局", "subject": subject, "occurred_at": at, "data": data}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(
        tmp_path_factory.mktemp("log") / "log.jsonl",
        event("opinion.detected", "2023-08-30T09:00", "情1"),
        event("opinion.detected", "2023-08-20T09:00", "情2"),
        event("opinion.answered", "2023-08-22T11:30", "情2"),
        event("opinion.detected", "2023-08-31T09:00", "情3"),
        event("policy.issued", "2023-08-20", "策1", normative=True),
        event("policy.interpreted", "2023-08-19", "策1"),
    )


@pytest.fixture(scope="module")
def folder(log: Path) -> Path:
    out = log.parent / "run"
    assert run(["evaluate", "--events", str(log), *ASKED, "--unit", "县民政局", "--out", str(out)]) == 0
    return out


def row_of(path: Path, rule: str, subject: str) -> dict[str, Any]:
    [found] = [
        row
        for row in rows_of(path).values()
        if f"/{rule}/" in str(row["义务编号"]) and f"事项：{subject}\n" in str(row["问题"])
    ]
    return found


def test_lists_tell_hours_what_was_not_enough_the_reading_and_the_day_of_issue(
    capsys: Capsys, folder: Path, tmp_path: Path
) -> None:
    assert gongkai(capsys, "notices", folder, "--out", tmp_path / "out").status == 0
    own = tmp_path / "out" / "问题清单_县民政局.xlsx"
    for path in (folder / "violations.xlsx", own):
        answer = row_of(path, "6.2.answered", "情1")
        assert (answer["期限"], answer["逾期工作日"]) == ("2023-09-01 09:00", "6小时")
        assert str(answer["依据"]).startswith("金政办字〔2023〕26号（2023-07-14印发）")
    late = row_of(folder / "violations.xlsx", "6.2.answered", "情2")
    assert (late["期限"], late["逾期工作日"]) == ("2023-08-22 09:00", "3小时")
    policy = row_of(folder / "violations.xlsx", "5.2.released-together", "策1")
    assert f"没有计入：{NOT_COUNTED}" in str(policy["问题"])


def test_a_notice_tells_the_reading_the_hour_and_the_day_of_issue(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    assert gongkai(capsys, "notices", folder, "--out", tmp_path / "out").status == 0
    said = text_of(tmp_path / "out" / "整改通知单_县民政局.docx")
    assert "（金政办字〔2023〕26号，2023年7月14日印发）" in said
    assert "2023-09-01 09:00" in said
    assert "6小时" in said
    staff = next(row for key, row in rows_of(folder / "violations.xlsx").items() if "/N2.dedicated-staff/" in key)
    reading = next(line for line in str(staff["依据"]).split("\n") if line.startswith("读法："))
    assert f"（{reading}）" in said


def test_a_self_check_tells_the_same(capsys: Capsys, log: Path, tmp_path: Path) -> None:
    page = tmp_path / "check.html"
    told = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, *ASKED, "--html", page).out
    assert "到期 2023-09-01 09:00，已过6小时" in told
    assert "到期 2023-09-02 09:00，还有18小时" in told
    assert "依据：金政办字〔2023〕26号（2023-07-14印发）：“" in told
    assert "读法：" in told
    assert f"没有计入：{NOT_COUNTED}" in told
    assert f"没有计入：{NOT_COUNTED}" in page.read_text(encoding="utf-8")


def test_a_self_check_names_the_records_that_lack_what_decides(capsys: Capsys, tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        event("consultation.opened", "2023-03-01", "决1"),
    )
    asked = ("--as-of", "2023-12-31", "--book", "regulation-2019", "--unit", "县民政局")
    shown = gongkai(capsys, "check", "--events", log, *asked).out
    lacks = "2023-03-01 征求意见开始 决1（e1）：没有登记公示天数，不能判断"
    assert f"把缺的内容补上（更正原记录）：{lacks}" in shown.replace("\n", "").replace(" " * 4, "")
    assert "没有台账" not in shown
    english = gongkai(capsys, "check", "--events", log, *asked, "--lang", "en").out
    assert "Complete these records by corrections:" in english


def test_the_terminal_cites_articles_as_people_do(capsys: Capsys, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", event("request.received", "2023-12-20", "申1"))
    asked = ("--events", log, "--book", "regulation-2019", "--unit", "县民政局", "--as-of", "2023-12-25")
    for shown in (gongkai(capsys, "check", *asked), gongkai(capsys, "due", *asked, "--within", "40 working days")):
        assert "第三十三条" in shown.out
        assert "art33 收到" not in shown.out


def test_lists_cite_clauses_as_people_do(capsys: Capsys, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", event("decision.issued", "2023-03-01", "决1", major=True))
    out, asked = tmp_path / "run", ("--as-of", "2023-12-31", "--book", "regulation-2019", "--unit", "县民政局")
    assert gongkai(capsys, "evaluate", "--events", log, *asked, "--out", out).status in {0, 1}
    assert gongkai(capsys, "notices", out, "--out", tmp_path / "notices").status == 0
    for path in (out / "violations.xlsx", tmp_path / "notices" / "问题清单_县民政局.xlsx"):
        rows = {key.split("/")[1]: row for key, row in rows_of(path).items()}
        report = next(row for rule, row in rows.items() if rule.startswith("art49."))
        assert (report["条款"], str(report["依据"]).split("\n")[0]) == (
            "第四十九条",
            "国务院令第711号（2019-04-03印发）",
        )


def test_a_rule_looked_at_alone_lists_the_days_that_a_run_lists(capsys: Capsys, tmp_path: Path) -> None:
    done = event("request.received", "2023-05-08", "申1"), event("request.answered", "2023-05-10", "申1")
    log = write_log(tmp_path / "log.jsonl", *done)
    asked = ("--events", log, "--as-of", "2024-03-31", "--book", "jinxiang-2023", "--book", "regulation-2019")
    assert gongkai(capsys, "evaluate", *asked, "--no-reports", "--out", tmp_path / "run").status in {0, 1}
    listed = [row for row in read_verdicts(tmp_path / "run") if row["rule"] == "art33.reply" and row["subject"]]
    assert [row["status"] for row in listed] == ["met"]
    shown = gongkai(capsys, "rules", "preview", "art33.reply", *asked).out
    assert "县民政局 申1\t" in shown, shown
