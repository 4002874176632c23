"""Input that cannot be used: status 2, every problem with its place, nothing written, no traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

GOOD = decision("甲", "2023-09-28")


def refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *events: Path | str, options: tuple[str, ...] = ()
) -> str:
    """Evaluate, expect a refusal, and return what was said."""
    out = tmp_path / "out"
    outcome = gongkai(capsys, "evaluate", "--events", *events, "--as-of", "2023-12-31", "--out", out, *options)
    assert outcome.status == 2, outcome.out
    assert not out.exists()
    assert "Traceback" not in outcome.err
    return outcome.err


def test_all_problems_of_a_log_are_listed_with_their_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "log.jsonl",
        {**GOOD, "unit": "县民证局"},
        {**GOOD, "occurred_at": "2023-02-30"},
        {**GOOD, "type": "decision.isued"},
        {"type": "training.held", "unit": "县民政局"},
    )
    said = refused(capsys, tmp_path, log)
    for part in (
        "log.jsonl:1",
        "县民政局",
        "log.jsonl:2",
        "2023-02-30",
        "log.jsonl:3",
        "decision.issued",
        "log.jsonl:4",
    ):
        assert part in said


def test_a_csv_without_a_column_that_is_needed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("id,type,unit\n1,training.held,县民政局\n", encoding="utf-8")
    assert "occurred_at" in refused(capsys, tmp_path, log)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff\xfe\x00", b"not json at all\n"])
def test_files_that_are_no_log(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(content)
    assert "log.jsonl" in refused(capsys, tmp_path, log)


def test_a_log_without_entries_meets_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"")
    outcome = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31")
    assert outcome.status == 1
    assert "empty-file" in outcome.err
    assert "✗ N6" in outcome.out


def test_a_folder_without_a_log_and_a_file_that_is_not_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    said = refused(capsys, tmp_path, folder, tmp_path / "missing.csv")
    assert "empty" in said
    assert "missing.csv" in said


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--unit", "县民正局"), "县民政局"),
        (("--book", "jinxiang-2032"), "jinxiang-2023"),
        (("--reading", "8.4.attendance=conty"), "county"),
        (("--reading", "8.4.attendence=county"), "8.4.attendance"),
        (("--reading", "county"), "RULE=NAME"),
        (("--waivers", "nowhere.yaml"), "nowhere.yaml"),
        (("--engine", "oracle"), "duckdb"),
    ],
)
def test_options_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: tuple[str, ...], hint: str
) -> None:
    log = write_log(tmp_path / "log.jsonl", GOOD)
    assert hint in refused(capsys, tmp_path, log, options=(*options, "--lang", "en"))


def test_an_as_of_that_is_no_date(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", GOOD)
    outcome = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-02-30")
    assert outcome.status == 2
    assert "2023-02-30" in outcome.err


def test_a_rulebook_with_a_wrong_key_names_line_and_column(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "source.txt").write_text("每年至少召开 1 次会议", encoding="utf-8")
    (book / "book.yaml").write_text(
        "id: mine\ntitle: {zh: 书}\ndocument: 一号\nissued_on: 2023-01-01\n"
        "in_force: {from: 2023-01-01, to: 2023-12-31}\nsource: source.txt\n"
        "clauses:\n  - {id: N1, section: 一, text: 每年至少召开 1 次会议}\n",
        encoding="utf-8",
    )
    (book / "rules.yaml").write_text(
        "rules:\n  - id: N1.meet\n    clause: N1\n    title: {zh: 会}\n    quote: 每年至少召开 1 次会议\n"
        "    owed_by: units\n    kind: count\n    counted: leading_group.met\n    at_lest: 1\n",
        encoding="utf-8",
    )
    log = write_log(tmp_path / "log.jsonl", GOOD)
    said = refused(capsys, tmp_path, log, options=("--book", str(book)))
    assert "rules.yaml:9:5" in said
    assert "at_least" in said
