from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.gongkai.commands import decision, gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gongkai.commands import Outcome

HEAD = ["单位", "规则", "事项", "理由", "批准人", "起", "止"]
ROW: list[Any] = ["县民政局", "N6.training", None, "机构改革", "县政府办公室", "2023年1月1日", date(2023, 12, 31)]
Capture = pytest.CaptureFixture[str]


def sheet(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def judged(
    capsys: Capture, tmp_path: Path, waivers: Path, as_of: str = "2023-12-31"
) -> tuple[int, str, dict[str, Any]]:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    out = tmp_path / "out"
    ask = ("evaluate", "--events", log, "--as-of", as_of, "--out", out, "--no-reports")
    outcome = gongkai(capsys, *ask, "--waivers", waivers)
    rows = {row["obligation"]: row for row in read_verdicts(out)} if outcome.status == 0 else {}
    return outcome.status, outcome.err, rows


def test_a_spreadsheet_of_waivers_exempts_until_it_expires(capsys: Capture, tmp_path: Path) -> None:
    waivers = sheet(tmp_path / "w.xlsx", ["豁免清单"], HEAD, ROW)
    name = "jinxiang-2023/N6.training/minzheng/2023"
    status, err, rows = judged(capsys, tmp_path, waivers)
    assert status == 0, err
    assert rows[name]["status"] == "waived"
    assert rows[name]["waiver"] == "县政府办公室：机构改革（2023-01-01至2023-12-31）"
    assert judged(capsys, tmp_path, waivers, "2024-01-01")[2][name]["status"] == "violated"


def test_a_waiver_for_one_subject_exempts_that_one_only(capsys: Capture, tmp_path: Path) -> None:
    row = ["县民政局", "8.2.feedback", "乙", "系统故障", "县政府办公室", "2023-01-01", "2023-12-31"]
    _, _, rows = judged(capsys, tmp_path, sheet(tmp_path / "w.xlsx", HEAD, row))
    assert rows["jinxiang-2023/8.2.feedback/minzheng/e1"]["status"] == "violated"


@pytest.mark.parametrize(("period", "status"), [("2023", "waived"), (2023, "waived"), ("2022", "violated")])
def test_a_waiver_for_one_period_exempts_that_one_only(
    capsys: Capture, tmp_path: Path, period: str | int, status: str
) -> None:
    waivers = sheet(tmp_path / "w.xlsx", [*HEAD, "期间"], [*ROW, period])
    code, err, rows = judged(capsys, tmp_path, waivers)
    assert code == 0, err
    assert rows["jinxiang-2023/N6.training/minzheng/2023"]["status"] == status


YAML = """\
waivers:
  - unit: 县民政局
    rule: N6.training
    period: 2023
    reason: 机构改革
    approver: 县政府办公室
    from: 2023-01-01
    until: 2023-12-31
"""


def test_waived_verdicts_stay_visible_and_are_counted_apart(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(YAML, encoding="utf-8")
    code, err, rows = judged(capsys, tmp_path, path)
    assert code == 0, err
    assert rows["jinxiang-2023/N6.training/minzheng/2023"]["status"] == "waived"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert '"waived": 1' in json.dumps(summary)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("    until: 2023-12-31\n", "", ":2:5:"),
        ("until: 2023-12-31", "until: 2022-12-31", ":2:5:"),
        ("approver:", "aprover:", ":6:5:"),
        ("N6.training", "N6.trainin", ":3:11:"),
        ("waivers:", "waivers: [", ":2:"),
    ],
)
def test_a_malformed_file_stops_the_run(capsys: Capture, tmp_path: Path, old: str, new: str, place: str) -> None:
    path = tmp_path / "w.yaml"
    assert old in YAML
    path.write_text(YAML.replace(old, new), encoding="utf-8")
    code, err, _ = judged(capsys, tmp_path, path)
    assert code == 2
    assert f"w.yaml{place}" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD, ["县民正局", *ROW[1:]]], ("[Sheet]!A2", "县民政局")),
        ([HEAD, [ROW[0], "N6.trainings", *ROW[2:]]], ("[Sheet]!B2", "N6.training")),
        ([HEAD, [*ROW[:5], "2月30日", ROW[6]]], ("[Sheet]!F2",)),
        ([HEAD, [*ROW[:3], None, *ROW[4:]]], ("reason",)),
        ([["部门", "内容"]], ("missing-column", "单位")),
    ],
)
def test_a_mistake_in_the_list_stops_the_run_and_names_its_cell(
    capsys: Capture, tmp_path: Path, rows: list[list[Any]], said: tuple[str, ...]
) -> None:
    status, err, _ = judged(capsys, tmp_path, sheet(tmp_path / "w.xlsx", *rows))
    assert status == 2
    for part in said:
        assert part in err
    assert not (tmp_path / "out").exists()


IDLE = """
waivers:
  - {unit: UNIT, rule: RULE, reason: REASON, approver: 县政府办公室, from: 2023-01-01, until: 2023-12-31MORE}
"""


@pytest.mark.parametrize(
    ("unit", "rule", "more", "told"),
    [
        ("县民政局", "N6.training", "", None),
        ("县民政局", "N6.training", ", period: 2023", None),
        ("县民政局", "3.13.new-jobs", "", "idle-waiver"),
        ("县民政局", "N6.training", ", subject: 甲", "idle-waiver"),
        ("县民政局", "N6.training", ", period: 2024", "idle-waiver"),
        ("县民政局", "N7.work-plan", ", period: 2023-11-30", "idle-waiver"),
        ("县民政局", "8.2.feedback", ", subject: 决1", None),
    ],
)
def test_a_waiver_that_exempts_nobody_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, unit: str, rule: str, more: str, told: str | None
) -> None:
    text = IDLE.replace("UNIT", unit).replace("RULE", rule).replace("REASON", "改革").replace("MORE", more)
    outcome = _waived(capsys, tmp_path, text)
    assert outcome.status == 0
    assert ("idle-waiver" in outcome.err) is (told is not None)


@pytest.mark.parametrize("reason", ["'  '", "''", '"\t"'])
def test_a_blank_reason_is_no_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path, reason: str) -> None:
    text = IDLE.replace("UNIT", "县民政局").replace("RULE", "N6.training").replace("REASON", reason)
    assert _waived(capsys, tmp_path, text.replace("MORE", "")).status == 2


def _waived(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> Outcome:
    waivers = tmp_path / "idle.yaml"
    waivers.write_text(text, encoding="utf-8")
    log = write_log(tmp_path / "idle.jsonl", {"type": "training.held", "unit": "县水务局", "occurred_at": "2023-05-01"})
    ask = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "idle", "--no-reports")
    return gongkai(capsys, *ask, "--waivers", waivers)
