from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    corrected = {**feedback("甲", "2023-03-06"), "id": "c1", "corrects": "e2"}
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-03-01"), feedback("甲", "2023-03-09"), corrected)
    return ["jinxiang-2023/8.2.feedback/minzheng/e1", "--events", str(log), "--as-of", "2023-12-31"]


def test_all_statements_are_shown_and_run_on_the_tables_that_are_kept(
    asked: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    kept = tmp_path / "deep" / "steps.duckdb"
    outcome = gongkai(capsys, "explain", *asked, "--sql", "--keep", kept)
    assert outcome.status == 0, outcome.err
    shown = outcome.out[outcome.out.index("-- events: given") :]
    given = {line.split()[1].rstrip(":") for line in shown.splitlines() if line.endswith(": given")}
    with duckdb.connect(str(kept), read_only=True) as file:
        tables = {name for (name,) in file.execute("SELECT table_name FROM information_schema.tables").fetchall()}
        before = file.execute("SELECT * FROM verdicts ORDER BY obligation").fetchall()
        assert ("jinxiang-2023/8.2.feedback/minzheng/e1", "met") in [
            (row[0], row[[one[0] for one in file.description].index("status")]) for row in before
        ]
    assert {"events", "calendar", "rules", "chain", "standing", "facts", "outcomes_respond", "verdicts"} <= tables
    for name in ("standing", "facts", "outcomes_respond", "roots", "chain"):
        assert f'"{name}" AS' in shown
    with duckdb.connect() as fresh:
        fresh.execute(f"ATTACH '{kept}' AS there (READ_ONLY)")
        for name in given:
            fresh.execute(f'CREATE TABLE "{name}" AS FROM there."{name}"')
        fresh.execute(shown)
        assert fresh.execute("SELECT * FROM verdicts ORDER BY obligation").fetchall() == before


def test_a_database_of_somebodys_own_is_not_overwritten(asked: list[str], tmp_path: Path, capsys: Capsys) -> None:
    with duckdb.connect(str(tmp_path / "mine.duckdb")) as mine:
        mine.execute("CREATE TABLE mine AS SELECT 1 AS one")
    before = (tmp_path / "mine.duckdb").read_bytes()
    outcome = gongkai(capsys, "explain", *asked, "--keep", tmp_path / "mine.duckdb", "--lang", "en")
    assert (outcome.status, outcome.out) == (2, "")
    assert "[in-the-way]" in outcome.err
    assert (tmp_path / "mine.duckdb").read_bytes() == before


def test_what_was_kept_before_is_kept_anew(asked: list[str], tmp_path: Path, capsys: Capsys) -> None:
    kept = tmp_path / "steps.duckdb"
    for _ in range(2):
        outcome = gongkai(capsys, "explain", *asked, "--keep", kept)
        assert outcome.status == 0, outcome.err
