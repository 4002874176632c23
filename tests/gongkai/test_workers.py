"""A piece of work that ends or hangs its process costs that piece only."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest

from events.limits import Limits, limits, using
from gongkai.files.manifest import load_manifest
from gongkai.services.batch import BatchOutcome, _outcomes, run_entry
from gongkai.services.workers import Lost, hand_out

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.files.manifest import ManifestEntry


SEVERAL = 6 << 30
"""Bytes that are asked for and never used: a machine that has not so many gives them as well."""


def piece(what: str) -> object:
    """Do what is said: end the process without a word, hang, take all memory, or answer."""
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "hang":
        time.sleep(600)
    if what == "memory":
        bytearray(SEVERAL)
    if what == "memory of Arrow":
        pa.allocate_buffer(SEVERAL)
    return limits().cells if what == "limits" else what


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_ends_or_hangs_costs_its_piece_only(jobs: int) -> None:
    said = ["a", "abort", "hang", "b", "exit", "limits"]
    with using(Limits(cells=7)):
        results = list(hand_out(piece, [(one,) for one in said], jobs, 8))
    assert (results[0], results[3], results[5]) == ("a", "b", 7)
    assert [one.why for one in results if isinstance(one, Lost)] == ["ended", "late", "ended"]


def test_nothing_is_said_of_one_that_ends_over_the_last_piece(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(hand_out(piece, [("exit",)], 1, 60)) == [Lost("ended", 3)]
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound it")
def test_memory_without_end_costs_its_piece_only() -> None:
    said = ["a", "memory", "b", "memory of Arrow", "limits"]
    with using(Limits(cells=7, run_bytes=3 << 30)):
        results = list(hand_out(piece, [(one,) for one in said], 1, 60))
    assert (results[0], results[2], results[4]) == ("a", "b", 7)
    assert [one.why for one in results if isinstance(one, Lost)] == ["memory", "memory"]


def county(entry: ManifestEntry, _out: Path, _done: object) -> BatchOutcome:
    """Evaluate a county, or be ended by its file."""
    if entry.name == "乙县":
        os.abort()
    if entry.name == "丙县":
        raise MemoryError
    return BatchOutcome(entry.name, entry.folder, "2023-12-31", "done")


def test_a_county_that_ends_its_process_is_its_own_problem(tmp_path: Path) -> None:
    manifest = tmp_path / "runs.yaml"
    runs = "".join(
        f"  - {{name: {name}, events: log.csv, as_of: 2023-12-31}}\n" for name in ("甲县", "乙县", "丙县", "丁县")
    )
    manifest.write_text(f"runs:\n{runs}", encoding="utf-8")
    entries, problems = load_manifest(manifest)
    assert problems == ()
    outcomes = list(_outcomes(entries, tmp_path / "out", 1, {}, county))
    assert [one.state for one in outcomes] == ["done", "unusable", "unusable", "done"]
    for outcome, code in ((outcomes[1], "[process-ended]"), (outcomes[2], "[out-of-memory]")):
        assert code in outcome.problems[0]
        assert code in (tmp_path / "out" / outcome.folder / "problems.txt").read_text(encoding="utf-8")


def test_a_run_for_which_memory_does_not_suffice_goes_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object) -> None:
        raise duckdb.OutOfMemoryException

    manifest = tmp_path / "runs.yaml"
    manifest.write_text("runs: [{name: 甲县, events: log.csv, as_of: 2023-12-31}]\n", encoding="utf-8")
    entries, _ = load_manifest(manifest)
    monkeypatch.setattr("gongkai.services.batch.run", run)
    with pytest.raises(MemoryError):
        run_entry(entries[0], tmp_path / "out")
