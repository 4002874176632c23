from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

import gongkai as product
from engine.kinds import KINDS
from rules.load import load_books
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One county with several times a county's events."""
    from gongkai.cli import run  # noqa: PLC0415 (only the fixture makes one)

    folder = tmp_path_factory.mktemp("many") / "one"
    assert run(["demo", str(folder), "--events", "30000"]) == 0
    return folder


def test_the_planted_faults_are_exactly_the_violations_found(large: Path) -> None:
    listed = pq.read_table(large / "answers" / "faults.parquet").to_pylist()
    planted = {(fault["obligation"], fault["status"]) for fault in listed}
    verdicts = product.evaluate(large / "events", as_of="2023-12-31")
    found = {(row["obligation"], row["status"]) for row in verdicts.with_status("violated", "late").to_pylist()}
    assert found == planted
    assert len(listed) == len(planted)
    books, _ = load_books(("jinxiang-2023",), KINDS)
    kinds = {rule.id: rule.kind for book in books for rule in book.rules}
    assert {kinds[fault["rule"]] for fault in listed} == set(kinds.values())
    assert pq.read_metadata(large / "events" / "events.parquet").num_rows == pytest.approx(30000, rel=0.15)


def test_many_counties_have_a_folder_each_and_ids_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai(capsys, "demo", str(tmp_path / "a"), "--counties", "3", "--seed", "7").status == 0
    assert gongkai(capsys, "demo", str(tmp_path / "b"), "--counties", "3", "--seed", "7").status == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.parquet"))
    assert [path.parts[1] for path in files if path.parts[0] == "events"] == [f"county=c000{n}" for n in (1, 2, 3)]
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files)
    table = pq.read_table(tmp_path / "a" / "events", partitioning=None)
    assert len(set(table["id"].to_pylist())) == table.num_rows
    faults = pq.read_table(tmp_path / "a" / "answers" / "faults.parquet").to_pylist()
    assert {fault["county"] for fault in faults} == {"c0001", "c0002", "c0003"}
    assert all(fault["obligation"].split("/")[2] == fault["county"] for fault in faults)


def test_a_folder_with_other_files_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    result = gongkai(capsys, "demo", str(tmp_path), "--events", "10000")
    assert result.status == 2
    assert "mine.txt" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
