"""DuckDB prints no bar of progress among what a command prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from engine.backends.connections import SILENT, beside, connect

if TYPE_CHECKING:
    import pytest

LONG = "SELECT SUM(a.range * b.range) FROM range(20000) AS a, range(20000) AS b"
AT_ONCE = "SET progress_bar_time = 1"
ROOT = Path(__file__).resolve().parents[2]


def test_no_connection_prints_a_bar(capfd: pytest.CaptureFixture[str]) -> None:
    loud = duckdb.connect(":memory:")
    loud.execute(AT_ONCE)
    loud.execute(LONG)
    assert "%" in "".join(capfd.readouterr())
    loud.execute(SILENT)
    loud.execute(LONG)
    assert capfd.readouterr() == ("", "")
    silent = connect()
    for one in (silent, beside(silent)):
        assert one.sql("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_every_connection_is_made_there() -> None:
    packages = ("events", "rules", "engine", "reports", "gongkai")
    files = [file for name in packages for file in (ROOT / name).rglob("*.py")]
    made = {file.name for file in files if re.search(r"duckdb\.(connect|sql|execute)\(", file.read_text("utf-8"))}
    assert made == {"connections.py"}
