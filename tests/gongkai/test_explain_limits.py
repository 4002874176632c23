"""Gaps in hours and own limits of acts, as `explain` and `due` tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.gongkai.commands import gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

UNITS = """
county: {id: t, name: 试县}
groups: {units: [departments]}
units: [{id: minzheng, name: 县民政局, sort: department}]
"""
BOOK = """
id: small-2023
title: {zh: 试}
document: 试
issued_on: 2023-01-01
in_force: {from: 2023-01-01, to: 2023-12-31}
source: source.txt
clauses: [{id: A, section: 一, text: 账号两日内更新一次，文件印发后三日内解读。}]
"""
RULES = """
rules:
  - id: A.fresh
    clause: A
    title: {zh: 账号更新}
    quote: 账号两日内更新一次
    owed_by: units
    kind: refresh
    opened: account.opened
    refreshed: account.updated
    closed: account.closed
    every: 48 hours
  - id: A.told
    clause: A
    title: {zh: 印发的都解读}
    quote: 文件印发后三日内解读
    owed_by: units
    kind: KIND
    by: 2023-12-31
    within: 3 working days
"""
KINDS = {
    "due": "expected: policy.interpreted\n    applies_if: policy.issued",
    "cover": "of: policy.issued\n    covered_by: policy.interpreted",
    "contain": "act: policy.issued\n    linked: {event: policy.interpreted, elements_in: forms}\n    covers: [text]",
}


def event(kind: str, at: str, subject: str) -> dict[str, Any]:
    return {"type": kind, "unit": "县民政局", "subject": subject, "occurred_at": at}


LOG = (
    event("account.opened", "2023-12-01T09:00", "微信"),
    event("account.updated", "2023-12-02T10:00", "微信"),
    event("account.updated", "2023-12-04T12:30", "微信"),
    event("policy.issued", "2023-12-29", "策1"),
)


@pytest.fixture
def asked(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str | Path, ...]:
    """Return the options of a small book, whose second rule is of the kind that a test names."""
    kind = getattr(request, "param", "due")
    book = tmp_path / "book"
    book.mkdir()
    texts = {"book.yaml": BOOK, "rules.yaml": f"{RULES.replace('KIND', kind)}    {KINDS[kind]}\n"}
    texts["source.txt"] = "账号两日内更新一次，文件印发后三日内解读。"
    for name, text in texts.items():
        (book / name).write_text(text, encoding="utf-8")
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    log = write_log(tmp_path / "log.jsonl", *LOG)
    return ("--events", log, "--book", book, "--units", tmp_path / "units.yaml")


Capsys = pytest.CaptureFixture[str]


def test_the_gap_in_hours_is_told_with_its_two_moments(asked: tuple[str | Path, ...], capsys: Capsys) -> None:
    told = gongkai(capsys, "explain", "small-2023/A.fresh/minzheng/e1", *asked, "--as-of", "2023-12-05")
    assert "超过规定的间隔：从2023-12-02 10:00到2023-12-04 12:30更新，50.5小时；共更新过2次" in told.out
    assert "期限：2023-12-04 10:00" in told.out
    assert "2023-12-02 10:00之后到2023-12-04 10:00没有更新" in told.out


def test_the_next_refresh_is_due_at_its_hour(asked: tuple[str | Path, ...], capsys: Capsys, tmp_path: Path) -> None:
    options = ("--as-of", "2023-12-03T09:00", "--within", "2 working days", "--ics", tmp_path / "due.ics")
    told = gongkai(capsys, "due", *asked, *options)
    assert "2023-12-04 10:00  还有25小时" in told.out
    assert "DTSTART:20231204T020000Z" in (tmp_path / "due.ics").read_text(encoding="utf-8")


@pytest.mark.parametrize("asked", ["due", "cover", "contain"], indirect=True)
def test_an_acts_own_limit_is_worked_out_day_by_day(
    asked: tuple[str | Path, ...], capsys: Capsys, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["asked"]
    key = "e4" if kind == "contain" else "2023-12-31"
    told = gongkai(capsys, "explain", f"small-2023/A.told/minzheng/{key}", *asked, "--as-of", "2023-12-31").out
    assert "尚未到期" in told
    assert "期限：3个工作日，自2023-12-29起算，当日不计" in told
    assert "2024-01-04 第3个工作日" in told
    assert "到期日：2024-01-04（e4的时限在2023-12-31以后届满，以这一时限为准）" in told
