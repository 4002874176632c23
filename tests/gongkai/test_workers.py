"""A piece of work that ends or hangs its process costs that piece only."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from events.limits import Limits, limits, using
from gongkai.files.manifest import load_manifest
from gongkai.services.batch import BatchOutcome, _outcomes
from gongkai.services.workers import Lost, hand_out

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.files.manifest import ManifestEntry


def piece(what: str) -> object:
    """Do what is said: end the process without a word, hang, take all memory, or answer."""
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "hang":
        time.sleep(600)
    return limits().cells if what == "limits" else what


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_ends_or_hangs_costs_its_piece_only(jobs: int) -> None:
    said = ["a", "abort", "hang", "b", "exit", "limits"]
    with using(Limits(cells=7)):
        results = list(hand_out(piece, [(one,) for one in said], jobs, 8))
    assert (results[0], results[3], results[5]) == ("a", "b", 7)
    assert [one.why for one in results if isinstance(one, Lost)] == ["ended", "late", "ended"]


def county(entry: ManifestEntry, _out: Path, _done: object) -> BatchOutcome:
    """Evaluate a county, or be ended by its file."""
    if entry.name == "乙县":
        os.abort()
    return BatchOutcome(entry.name, entry.folder, "2023-12-31", "done")


def test_a_county_that_ends_its_process_is_its_own_problem(tmp_path: Path) -> None:
    manifest = tmp_path / "runs.yaml"
    runs = "".join(f"  - {{name: {name}, events: log.csv, as_of: 2023-12-31}}\n" for name in ("甲县", "乙县", "丙县"))
    manifest.write_text(f"runs:\n{runs}", encoding="utf-8")
    entries, problems = load_manifest(manifest)
    assert problems == ()
    outcomes = list(_outcomes(entries, tmp_path / "out", 1, {}, county))
    assert [(one.name, one.state) for one in outcomes] == [("甲县", "done"), ("乙县", "unusable"), ("丙县", "done")]
    assert "[process-ended]" in outcomes[1].problems[0]
    assert "[process-ended]" in (tmp_path / "out" / entries[1].folder / "problems.txt").read_text(encoding="utf-8")
