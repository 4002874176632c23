"""The benchmarks run, and whoever is measured beside the engine gives the same answers. No time is tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from benchmarks.answers import compare
from benchmarks.targets import Target, put, told

if TYPE_CHECKING:
    import pyarrow as pa

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


def changed(table: pa.Table, name: str) -> pa.Table:
    """Return verdicts with one cell of a column changed."""
    values = table[name].to_pylist()
    values[0] = "other"
    column = table.schema.get_field_index(name)
    return table.set_column(column, table.schema.field(column), [values])


def test_hand_written_peers_give_the_rows_of_the_engine(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "scale.py"), "--events", "1e4", "--runs", "1"]
    peers = ["--only", "headline", "growth", "--peers", "duckdb", "polars", "python", "--work", str(tmp_path)]
    done = subprocess.run([*command, *peers], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = {line.split("|")[1].strip(): line for line in done.stdout.splitlines() if line.startswith("| ")}
    assert set(lines) >= {"gongkai", "duckdb", "polars", "python"}
    for peer in ("duckdb", "polars", "python"):
        assert "| same 1224 rows, all columns |" in lines[peer]
    assert {"one pass: facts", "whole rulebook"} <= set(lines)
    assert "failed" not in done.stdout
    targets = told(done.stdout)
    assert [line.split("|")[1].split(",")[0].strip() for line in targets] == ["headline rules"]
    assert targets[0].endswith(("| met |", "× the aim |"))
    log = tmp_path / "log-10000-1"
    rows = pq.read_table(log / "ours.parquet")
    assert {"met", "late", "violated", "pending"} <= set(rows["status"].to_pylist())
    # a comparison that cannot tell a difference would always say `same`
    other = tmp_path / "other.parquet"
    pq.write_table(changed(rows, "reason"), other)
    assert compare(log / "ours.parquet", other) == "DIFFERS: 0 rows in one only, 1 rows with other values, of 1224"
    pq.write_table(rows.slice(1), other)
    assert compare(log / "ours.parquet", other).startswith("DIFFERS: 1 rows in one only")


def test_targets_are_said_and_put_into_the_page(tmp_path: Path) -> None:
    kept, broken = Target("import", 7.96, 8, "×"), Target("verify", 12, 8)
    assert kept.line() == "| import | 7.96 × | 8 × | met |"
    assert broken.line() == "| verify | 12 s | 8 s | missed, 1.5 × the aim |"
    page = tmp_path / "page.md"
    page.write_text("before <!-- targets -->\nold\n<!-- targets end --> after", encoding="utf-8")
    put([kept.line(), broken.line()], "Machine: one.", page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before <!-- targets -->\nMachine: one.\n")
    assert text.endswith("<!-- targets end --> after")
    assert "old" not in text
    assert kept.line() in text
    assert broken.line() in text
