from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.events.reading import jsonl, xlsx
from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts
from tests.ledger.ledgers import head_of, import_into, lines, training

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MID, END = "2023-10-31", "2023-12-31"


def run(capsys: pytest.CaptureFixture[str], out: Path, as_of: str, *events: object) -> Path:
    """Evaluate, and return the folder."""
    outcome = gongkai(capsys, "evaluate", "--as-of", as_of, "--out", out, "--events", *map(str, events))
    assert outcome.status == 0, outcome.err
    return out


def listed(out: Path) -> dict[str, dict[str, str]]:
    """Return the rows of `backfilled.csv` by event."""
    with (out / "backfilled.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["event"]: row for row in csv.DictReader(file)}


def start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a ledger as it was at the end of October."""
    events = [decision("甲", "2023-09-28"), decision("乙", "2023-10-12"), feedback("甲", "2023-10-09")]
    log = jsonl(tmp_path / "a.jsonl", *({"id": f"a{number}", **one} for number, one in enumerate(events)))
    assert import_into(tmp_path / "ledger", capsys, log, at="2023-10-31T17:00").status == 0
    return tmp_path / "ledger"


def later(tmp_path: Path) -> Path:
    """Return what was logged after that: back-filled events, corrections and retractions among it."""
    late = {"recorded_at": "2023-11-20"}
    events: list[dict[str, Any]] = [
        {"id": "b0", **feedback("乙", "2023-10-13"), **late},
        {"id": "b1", **decision("丙", "2023-10-08"), **late},
        {"id": "b2", **decision("甲", "2023-09-20"), "corrects": "a0", **late},
        {"id": "b3", **feedback("甲", "2023-10-09"), "retracts": "a2", **late},
        {"id": "b4", **decision("丁", "2023-11-15")},
    ]
    return jsonl(tmp_path / "b.jsonl", *events)


def test_what_was_logged_later_does_not_change_a_past_evaluation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = start(tmp_path, capsys)
    before = run(capsys, tmp_path / "before", MID, ledger)
    assert import_into(ledger, capsys, later(tmp_path), at="2023-11-20T17:00").status == 0
    after = run(capsys, tmp_path / "after", MID, ledger)
    for one in before.rglob("*"):
        # the receipt says that the ledger is in another state, and the run keeps the log that it was made from
        if one.is_file() and one.name != "run.json" and "inputs" not in one.parts:
            assert (after / one.relative_to(before)).read_bytes() == one.read_bytes(), one
    end = run(capsys, tmp_path / "end", END, ledger)
    assert read_verdicts(end) != read_verdicts(before)


def test_the_ledger_is_read_as_it_was_at_an_earlier_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = start(tmp_path, capsys)
    before = run(capsys, tmp_path / "before", MID, ledger)
    head = json.loads((before / "run.json").read_text(encoding="utf-8"))["ledgers"][0]["head"]
    # without `recorded_at` it counts as recorded when it occurred, so that it does change what is said of October
    unnoticed = jsonl(tmp_path / "c.jsonl", {"id": "c", **feedback("乙", "2023-10-13")})
    import_into(ledger, capsys, unnoticed)
    now = run(capsys, tmp_path / "now", MID, ledger)
    assert (now / "verdicts.jsonl").read_bytes() != (before / "verdicts.jsonl").read_bytes()
    then = run(capsys, tmp_path / "then", MID, ledger, "--head", head)
    for one in before.rglob("*"):
        if one.is_file():
            assert (then / one.relative_to(before)).read_bytes() == one.read_bytes()
    asked = ("evaluate", "--events", ledger, "--as-of", MID, "--out", tmp_path / "no", "--head", "f" * 64)
    outcome = gongkai(capsys, *asked)
    assert (outcome.status, "unknown-head" in outcome.err) == (2, True)
    asked = ("evaluate", "--events", unnoticed, "--as-of", MID, "--out", tmp_path / "no", "--head", head)
    assert gongkai(capsys, *asked).status == 2


def test_the_receipt_names_the_state_and_verify_finds_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = start(tmp_path, capsys)
    out = run(capsys, tmp_path / "run", MID, ledger)
    receipt = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert receipt["ledgers"] == [
        {"ledger": "ledger", "head": head_of(ledger), "entries": len(lines(ledger)), "events": 3}
    ]
    import_into(ledger, capsys, later(tmp_path))
    assert gongkai(capsys, "events", "verify", ledger, "--head", receipt["ledgers"][0]["head"]).status == 0


def test_what_was_recorded_late_or_after_an_earlier_report_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = start(tmp_path, capsys)
    before = run(capsys, tmp_path / "before", MID, ledger)
    assert listed(before) == {}
    import_into(ledger, capsys, later(tmp_path), at="2023-11-20T17:00")
    import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("c", "2023-10-20")), at="2023-12-01T08:00")
    end = run(capsys, tmp_path / "end", END, ledger)
    assert {name: (row["days"], row["why"]) for name, row in listed(end).items()} == {
        "b0": ("38", "late"),
        "b1": ("43", "late"),
        "b2": ("61", "late"),
        "b3": ("42", "late"),
    }
    assert set(listed(run(capsys, tmp_path / "long", END, ledger, "--backfill-days", "40"))) == {"b1", "b2", "b3"}
    since = run(capsys, tmp_path / "since", END, ledger, "--since", before, "--backfill-days", "40")
    rows = listed(since)
    assert {name: row["why"] for name, row in rows.items()} == {
        "b0": "after",
        "b1": "late;after",
        "b2": "late;after",
        "b3": "late;after",
        "c": "after",  # it says that it was recorded in October; the ledger knows that it came in December
    }
    assert rows["c"]["imported_at"] == "2023-12-01T08:00:00"
    assert (rows["c"]["unit_name"], rows["c"]["place"]) == ("县民政局", "c.jsonl 1")
    page = (since / "backfilled.html").read_text(encoding="utf-8")
    assert "截至2023-10-31的报告之后" in page
    assert all(name in page for name in rows)
    assert 'href="backfilled.html"' in (since / "index.html").read_text(encoding="utf-8")
    again = run(capsys, tmp_path / "again", END, ledger, "--since", before, "--backfill-days", "40")
    assert (again / "backfilled.csv").read_bytes() == (since / "backfilled.csv").read_bytes()
    asked = ("evaluate", "--events", ledger, "--as-of", END, "--out", tmp_path / "no", "--since", tmp_path)
    assert gongkai(capsys, *asked).status == 2


def test_evidence_names_the_sheet_and_cell_that_it_was_imported_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [
        ("编号", "类型", "单位", "决策事项", "日期", "data.consulted"),
        ("1", "decision.issued", "县民政局", "甲", "2023-09-28", "是"),
    ]
    (tmp_path / "in").mkdir()
    book = xlsx(tmp_path / "in" / "=台账.xlsx", cells)
    ledger = tmp_path / "ledger"
    outcome = import_into(ledger, capsys, book)
    assert outcome.status == 0, outcome.err
    shutil.rmtree(tmp_path / "in")
    more = jsonl(tmp_path / "more.jsonl", {"id": "2", **feedback("甲", "2023-10-09")})
    for command in (("due", "--within", "10 days"), ("check", "--unit", "县民政局")):
        assert gongkai(capsys, *command, "--events", ledger, more, "--as-of", END).status in {0, 1}
    out = run(capsys, tmp_path / "run", END, ledger, more)
    (met,) = [one for one in read_verdicts(out) if one["rule"] == "8.2.feedback" and one["subject"] == "甲"]
    assert (met["trigger"], met["evidence"]) == ("1", ["1", "2"])
    shown = gongkai(capsys, "explain", met["obligation"], "--events", ledger, more, "--as-of", END)
    assert "=台账.xlsx 台账!A2" in shown.out
