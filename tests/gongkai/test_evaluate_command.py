"""`gongkai evaluate` and `check` at the door: the contract's files, statuses and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts, write_log

SCORING = Path(__file__).parents[2] / "examples" / "scoring" / "example.yaml"
FIELDS = [
    "obligation",
    "book",
    "rule",
    "clause",
    "modality",
    "unit",
    "unit_name",
    "subject",
    "opened_on",
    "due_on",
    "met_on",
    "status",
    "required",
    "measured",
    "evidence",
    "trigger",
    "provisional",
    "reading",
    "waiver",
    "reason",
    "document",
    "limit_at",
    "before_issue",
    "cause",
]


def evaluated(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    *events: dict[str, Any],
    as_of: str = "2023-12-31",
    reports: bool = False,
    **options: str,
) -> list[dict[str, Any]]:
    """Return the verdicts of a log; the pages and workbooks are made where a test looks at them."""
    log = write_log(tmp_path / "log.jsonl", *events)
    extra = [part for name, value in options.items() for part in (f"--{name}", value)]
    extra += [] if reports else ["--no-reports"]
    outcome = gongkai(capsys, "evaluate", "--events", log, "--as-of", as_of, "--out", tmp_path / "out", *extra)
    assert outcome.status == 0, outcome.err
    return read_verdicts(tmp_path / "out")


def only(rows: list[dict[str, Any]], rule: str, unit: str = "县民政局", subject: str | None = None) -> dict[str, Any]:
    """Return the one verdict of a rule, unit and subject."""
    found = [row for row in rows if (row["rule"], row["unit_name"], row["subject"]) == (rule, unit, subject)]
    assert len(found) == 1, found
    return found[0]


def test_evaluate_writes_what_the_contract_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = evaluated(capsys, tmp_path, decision("金政发〔2023〕9号", "2023-09-28"), reports=True)
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} >= {
        "verdicts.parquet",
        "verdicts.jsonl",
        "violations.csv",
        "violations.xlsx",
        "summary.json",
        "index.html",
        "run.json",
    }
    assert list(rows[0]) == FIELDS
    assert [row["obligation"] for row in rows] == sorted(row["obligation"] for row in rows)
    assert pq.read_table(out / "verdicts.parquet").column_names == FIELDS
    assert (out / "violations.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    receipt = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert receipt["as_of"] == "2023-12-31"
    assert receipt["books"][0]["id"] == "jinxiang-2023"


def test_the_same_input_gives_the_same_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    events = [decision("甲", "2023-09-28"), feedback("甲", "2023-10-09"), decision("乙", "2023-12-29")]
    names = [
        "verdicts.parquet",
        "verdicts.jsonl",
        "violations.csv",
        "summary.json",
        "index.html",
        "units/minzheng.html",
    ]
    evaluated(capsys, tmp_path, *events, reports=True)
    first = {name: (tmp_path / "out" / name).read_bytes() for name in names}
    evaluated(capsys, tmp_path, *events, reports=True)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in names} == first


@pytest.mark.parametrize(
    ("issued", "published", "due", "status"),
    [
        ("2023-09-28", "2023-10-09", "2023-10-09", "met"),
        ("2023-09-28", "2023-10-10", "2023-10-09", "late"),
        ("2023-09-28", None, "2023-10-09", "violated"),
        ("2023-12-29", None, "2024-01-04", "pending"),
    ],
)
def test_feedback_is_due_three_working_days_after_the_decision(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, issued: str, published: str | None, due: str, status: str
) -> None:
    events = [decision("甲", issued), *([feedback("甲", published)] if published else [])]
    row = only(evaluated(capsys, tmp_path, *events), "8.2.feedback", subject="甲")
    assert (row["due_on"], row["status"]) == (due, status)


def test_what_was_recorded_later_is_unseen(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    training = {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-06-01", "recorded_at": "2023-07-15"}
    before = only(evaluated(capsys, tmp_path, training, as_of="2023-06-30"), "N6.training")
    after = only(evaluated(capsys, tmp_path, training, as_of="2023-07-15"), "N6.training")
    assert (before["status"], after["status"], after["met_on"]) == ("pending", "met", "2023-06-01")


def test_one_meeting_logged_twice_counts_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    meeting = {
        "type": "executive_meeting.attended",
        "unit": "县民政局",
        "subject": "第30次常务会议",
        "occurred_at": "2023-05-10",
        "data": {"delegates": 3},
    }
    row = only(evaluated(capsys, tmp_path, meeting, meeting), "8.4.attendance")
    assert (row["measured"], row["required"], row["status"]) == (1, 10, "violated")


def test_a_reading_can_be_chosen(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = evaluated(capsys, tmp_path, decision("甲", "2023-09-28"), reading="8.4.attendance=county")
    found = [row for row in rows if row["rule"] == "8.4.attendance"]
    assert [(row["unit_name"], row["reading"]) for row in found] == [("县政府办公室", "county")]


def test_only_the_units_asked_for_are_judged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = evaluated(capsys, tmp_path, decision("甲", "2023-09-28"), unit="金乡县民政局")
    assert {row["unit_name"] for row in rows} == {"县民政局"}


def test_an_as_of_moment_asks_during_the_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = evaluated(capsys, tmp_path, decision("甲", "2023-09-28"), as_of="2023-10-09T10:00")
    assert only(rows, "8.2.feedback", subject="甲")["status"] == "pending"


def test_a_waiver_shows_and_expires(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {unit: 县民政局, rule: N6.training, reason: 机构改革, approver: 县政府办公室,"
        " from: 2023-07-01, until: 2023-12-31}\n",
        encoding="utf-8",
    )
    held = only(evaluated(capsys, tmp_path, decision("甲", "2023-09-28"), waivers=str(waivers)), "N6.training")
    expired = only(
        evaluated(capsys, tmp_path, decision("甲", "2023-09-28"), as_of="2024-01-10", waivers=str(waivers)),
        "N6.training",
    )
    assert (held["status"], expired["status"]) == ("waived", "violated")
    assert "机构改革" in held["waiver"]


def test_check_says_by_its_exit_status_whether_something_is_violated(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    violated = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31")
    fine = gongkai(
        capsys,
        "check",
        "--unit",
        "县司法局",
        "--events",
        log,
        "--as-of",
        "2023-01-01",
        "--reading",
        "N2.dedicated-staff=from-notice",
    )
    assert (violated.status, fine.status) == (1, 0)
    assert "2023-10-09" in violated.out


def test_explain_shows_each_day_of_the_count(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    outcome = gongkai(
        capsys, "explain", "jinxiang-2023/8.2.feedback/minzheng/e1", "--events", log, "--as-of", "2023-12-31", "--sql"
    )
    assert outcome.status == 0, outcome.err
    for part in (
        "3个工作日内",
        "2023-10-07 第1个工作日",
        "2023-10-09 第3个工作日",
        "2023-10-01 不计",
        "log.jsonl",
        "SELECT",
    ):
        assert part in outcome.out


def test_explain_suggests_the_obligation_that_was_meant(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    outcome = gongkai(
        capsys, "explain", "jinxiang-2023/8.2.feedback/minzhen/e1", "--events", log, "--as-of", "2023-12-31"
    )
    assert outcome.status == 2
    assert "jinxiang-2023/8.2.feedback/minzheng/e1" in outcome.err


def test_english_reasons_list_what_is_missing_in_english(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-01"), feedback("甲", "2023-09-04", ("adopted",)))
    outcome = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31", "--lang", "en")
    assert "collected" in outcome.out
    assert "、" not in next(line for line in outcome.out.splitlines() if "collected" in line)


def test_a_figure_under_nearly_the_right_name_is_a_warning_at_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    unit, day = "县人力资源和社会保障局", "2023-12-20"
    names = ("城镇新增就业人数", "城镇新增就业", "降雨量")
    figures = [
        {"type": "indicator.reported", "unit": unit, "occurred_at": day, "data": {"indicator": name, "value": 1}}
        for name in names
    ]
    judgement = {"clause": "5.33", "result": "pass"}
    judged = {"type": "assessment.recorded", "unit": unit, "occurred_at": day, "data": judgement}
    log = write_log(tmp_path / "log.jsonl", *figures, judged)
    outcome = gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out")
    assert outcome.status == 0
    told = [line for line in outcome.err.splitlines() if "unused-name" in line]
    assert [line.split(" ")[0].rpartition("/")[2] for line in told] == ["log.jsonl:1:", "log.jsonl:4:"]
    assert "城镇新增就业" in told[0].split("是不是")[1]
    assert "5.3" in told[1].split("是不是")[1]


DATA = {"verdicts.parquet", "verdicts.jsonl", "violations.csv", "summary.json", "run.json"}


def content_of(path: Path) -> object:
    """Return a file's bytes; of a receipt what it says besides which files were written."""
    if path.name != "run.json":
        return path.read_bytes()
    return {name: one for name, one in json.loads(path.read_bytes()).items() if name not in ("written", "receipt")}


def test_a_run_without_reports_writes_the_same_data_and_leaves_no_pages_of_an_earlier_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-07-03"), decision("乙", "2023-11-01"))
    asked = ("evaluate", "--events", log, "--as-of", "2023-12-31")
    assert gongkai(capsys, *asked, "--out", tmp_path / "whole").status == 0
    assert gongkai(capsys, *asked, "--out", tmp_path / "data", "--as-of", "2023-10-31").status == 0
    assert (tmp_path / "data" / "index.html").is_file()
    (tmp_path / "data" / "notes.txt").write_text("mine", encoding="utf-8")

    outcome = gongkai(capsys, *asked, "--out", tmp_path / "data", "--no-reports", "--lang", "zh")
    assert outcome.status == 0, outcome.err
    assert outcome.out.rstrip().endswith("verdicts.parquet")
    assert {path.name for path in (tmp_path / "data").iterdir()} == DATA | {"notes.txt"}
    for name in DATA:
        assert content_of(tmp_path / "data" / name) == content_of(tmp_path / "whole" / name), name

    assert gongkai(capsys, *asked, "--out", tmp_path / "data").status == 0
    assert {path.name for path in (tmp_path / "data").iterdir()} == {
        *(path.name for path in (tmp_path / "whole").iterdir()),
        "notes.txt",
    }


def test_scores_are_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-07-03"))
    asked = ("evaluate", "--events", log, "--preset", "annual", "--policy", SCORING)
    for out, option in (("whole", ()), ("data", ("--no-reports",))):
        outcome = gongkai(capsys, *asked, "--out", tmp_path / out, *option)
        assert outcome.status == 0, outcome.err
    assert {path.name for path in (tmp_path / "data").iterdir()} == DATA | {"scores.csv", "scores.json"}
    for path in (tmp_path / "data").iterdir():
        assert content_of(path) == content_of(tmp_path / "whole" / path.name), path.name
