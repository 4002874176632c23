"""DuckDB prints no bar of progress among what a command prints."""

from __future__ import annotations

import re
from pathlib import Path

from engine.backends.duck import connect, connection_beside

ROOT = Path(__file__).resolve().parents[2]


def test_no_connection_prints_a_bar() -> None:
    silent = connect()
    for one in (silent, connection_beside(silent), connection_beside(connection_beside(silent))):
        assert one.sql("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_every_connection_is_made_there() -> None:
    packages = ("events", "rules", "engine", "reports", "gongkai")
    files = [file for name in packages for file in (ROOT / name).rglob("*.py")]
    made = {file.name for file in files if re.search(r"duckdb\.(connect|sql|execute)\(", file.read_text("utf-8"))}
    assert made == {"duck.py"}
