"""Units that were abolished or set up within the year owe only while they exist; heirs keep what was logged before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rules.loading.registry import load_registry
from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from pathlib import Path

UNITS = """
county: {id: t, name: 试县}
groups:
  units: [departments, towns]
units:
  - {id: zhengfuban, name: 县政府办公室, sort: department, evaluates: true}
  - {id: touzi, name: 县投资促进服务中心, sort: department, until: 2023-06-30, successor: 县商务局}
  - {id: shangwu, name: 县商务局, sort: department}
  - {id: shuju, name: 县大数据局, sort: department, from: 2023-09-01}
"""
TRAINING = {"type": "training.held", "unit": "县投资促进服务中心", "occurred_at": "2023-02-10"}


def _judged(tmp_path: Path, capsys: pytest.CaptureFixture[str], units: str, *events: dict[str, Any]) -> list[Any]:
    registry = tmp_path / "units.yaml"
    registry.write_text(units, encoding="utf-8")
    log = write_log(tmp_path / "log.jsonl", *events)
    out = tmp_path / "out"
    asked = ("--as-of", "2023-12-31", "--units", registry, "--out", out, "--no-reports")
    assert gongkai(capsys, "evaluate", "--events", log, *asked).status == 0
    return read_verdicts(out)


def test_an_abolished_unit_owes_nothing_after_its_last_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = _judged(tmp_path, capsys, UNITS, TRAINING)
    own = [row for row in rows if row["unit"] == "touzi"]
    assert [row["rule"] for row in own if row["status"] == "met"] == ["N6.training"]
    assert [row for row in own if row["status"] in {"violated", "late", "pending"}] == []
    kept = _judged(tmp_path, capsys, UNITS.replace(", until: 2023-06-30, successor: 县商务局", ""), TRAINING)
    assert [row for row in kept if row["unit"] == "touzi" and row["status"] == "violated"]


def test_what_was_logged_under_the_old_name_counts_for_the_heir(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [heir] = [
        row
        for row in _judged(tmp_path, capsys, UNITS, TRAINING)
        if row["unit"] == "shangwu" and row["rule"] == "N6.training"
    ]
    assert (heir["status"], heir["evidence"]) == ("met", ["e1"])
    alone = UNITS.replace(", successor: 县商务局", "")
    [other] = [
        row
        for row in _judged(tmp_path, capsys, alone, TRAINING)
        if row["unit"] == "shangwu" and row["rule"] == "N6.training"
    ]
    assert other["status"] == "violated"


def test_the_heirs_explanation_shows_what_was_logged_under_the_old_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = tmp_path / "units.yaml"
    registry.write_text(UNITS, encoding="utf-8")
    page = {"type": "policy.issued", "unit": "县投资促进服务中心", "subject": "策1", "occurred_at": "2023-02-10"}
    early = {**page, "type": "policy.interpreted", "occurred_at": "2023-02-09"}
    log = write_log(tmp_path / "log.jsonl", page | {"data": {"normative": True}}, early, TRAINING)
    asked = ("--events", log, "--as-of", "2023-12-31", "--units", registry)
    told = gongkai(capsys, "explain", "jinxiang-2023/N6.training/shangwu/2023", *asked).out
    assert "证据：\n" in told
    assert "2023-02-10 业务培训（e3，log.jsonl 3） 县投资促进服务中心" in told
    told = gongkai(capsys, "explain", "jinxiang-2023/5.2.released-together/shangwu/e1", *asked).out
    assert "政策解读 策1（e2）：早于2023-02-10的触发事项，不算完成" in told
    assert "是县投资促进服务中心登记的" not in told


def test_an_open_request_goes_over_to_the_heir(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {
        "type": "request.received",
        "unit": "县投资促进服务中心",
        "subject": "申请1",
        "occurred_at": "2023-06-26",
        "data": {"channel": "post"},
    }
    answered = {"type": "request.answered", "unit": "县商务局", "subject": "申请1", "occurred_at": "2023-07-20"}
    rows = _judged(tmp_path, capsys, UNITS, asked, answered)
    replies = {row["unit"]: row["status"] for row in rows if row["rule"] == "14.1.reply" and row["subject"]}
    assert replies == {"shangwu": "met"}


def test_a_new_unit_is_held_to_its_staff_from_its_first_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    staff = {"type": "staff.appointed", "unit": "县大数据局", "subject": "s1", "occurred_at": "2023-09-01"}
    [row] = [
        row
        for row in _judged(tmp_path, capsys, UNITS, staff)
        if row["unit"] == "shuju" and row["rule"] == "N2.dedicated-staff"
    ]
    assert (row["status"], row["opened_on"]) == ("met", "2023-09-01")


@pytest.mark.parametrize(
    ("units", "value"),
    [
        (UNITS.replace("successor: 县商务局", "successor: 县商业局"), "县商业局"),
        (UNITS.replace("successor: 县商务局", "successor: 县投资促进服务中心"), "县投资促进服务中心"),
        (UNITS.replace("until: 2023-06-30, ", ""), None),
        (UNITS.replace("until: 2023-06-30", "from: 2023-07-01, until: 2023-06-30"), None),
    ],
)
def test_a_life_that_makes_no_sense_is_refused(tmp_path: Path, units: str, value: str | None) -> None:
    path = tmp_path / "units.yaml"
    path.write_text(units, encoding="utf-8")
    registry, problems = load_registry(path)
    assert registry is None
    assert value is None or value in {one.value for one in problems}
