from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    Capsys = pytest.CaptureFixture[str]

MENDED = "已整改"


def _run(capsys: Capsys, out: Path, log: Path, as_of: str, *more: str | Path) -> Path:
    done = gongkai(
        capsys, "evaluate", "--events", log, "--as-of", as_of, "--unit", "县民政局", *more, "--no-reports", "--out", out
    )
    assert done.status == 0, done.err
    return out


def _sections(capsys: Capsys, before: Path, after: Path) -> dict[str, str]:
    """Return what is said under each heading, by its first words."""
    outcome = gongkai(capsys, "compare", before, after)
    assert outcome.status == 0, outcome.err
    parts = outcome.out.split("\n\n")[1:]
    return {part.split("（")[0].strip(): part for part in parts}


def test_a_waiver_is_no_rectification(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {rule: 8.2.feedback, unit: 县民政局, reason: 系统迁移, approver: 县政府办公室,"
        " from: 2023-11-01, until: 2024-06-30}\n",
        encoding="utf-8",
    )
    before = _run(capsys, tmp_path / "a", log, "2023-12-31")
    after = _run(capsys, tmp_path / "b", log, "2023-12-31", "--waivers", waivers)
    found = _sections(capsys, before, after)
    assert MENDED not in found
    assert "8.2.feedback" in found["已豁免"]


def test_an_earlier_question_mends_nothing(tmp_path: Path, capsys: Capsys) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-09-28"))
    late = _run(capsys, tmp_path / "a", log, "2023-12-31")
    early = _run(capsys, tmp_path / "b", log, "2023-09-29")
    found = _sections(capsys, late, early)
    assert MENDED not in found
    assert "8.2.feedback" in found["后一次问的是更早的时候"]


def test_another_reading_mends_nothing(tmp_path: Path, capsys: Capsys) -> None:
    act = {"unit": "县民政局", "subject": "申1", "data": {"channel": "mail"}}
    log = write_log(
        tmp_path / "log.jsonl",
        {**act, "type": "request.received", "occurred_at": "2023-01-03"},
        {**act, "type": "request.third_party_asked", "occurred_at": "2023-01-05", "data": {}},
    )
    asked = ("--events", log, "--as-of", "2023-12-31", "--unit", "县民政局", "--book", "regulation-2019")
    for name, reading in (("a", "fifteen-days"), ("b", "until-answered")):
        out = tmp_path / name
        done = gongkai(capsys, "evaluate", *asked, "--reading", f"art33.reply={reading}", "--out", out)
        assert done.status == 0, done.err
    found = _sections(capsys, tmp_path / "a", tmp_path / "b")
    assert MENDED not in found
    assert "art33.reply" in found["规则、日历或者承担单位变了"]


def test_what_was_done_late_is_mended(tmp_path: Path, capsys: Capsys) -> None:
    first = write_log(tmp_path / "a.jsonl", decision("甲", "2023-09-28"))
    second = write_log(tmp_path / "b.jsonl", decision("甲", "2023-09-28"), feedback("甲", "2023-11-20"))
    before = _run(capsys, tmp_path / "a", first, "2023-10-31")
    after = _run(capsys, tmp_path / "b", second, "2023-12-31")
    assert "8.2.feedback" in _sections(capsys, before, after)[MENDED]
