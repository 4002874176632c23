"""A ledger is verified, read back, added to and read for an evaluation in memory that hardly grows with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ledger.ledgers import training

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
ROOT = Path(__file__).parents[2]
ENTRIES = 80_000
"""Entries: the million of which verifying took 3.5 GB, when each was kept, is 280 MB for these."""

VERIFYING, IMPORTING, ADDING, CHECKING = 260, 265, 260, 275
"""MB of the process: 229 to verify them, 242 to import them, 226 to add one, 252 to read them as an evaluation does.

Importing took 283 when a log was decoded as a whole, reading 289 when every entry became a Python object on the way.
"""

PROGRAM = """
import sys
from gongkai.__main__ import spread
from gongkai.cli import run
status = run(spread(sys.argv[1:]))
print(status, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak(*command: str | Path) -> int:
    """Return the MB that a command takes, in a process of its own."""
    words = [sys.executable, "-c", PROGRAM, "events", *map(str, command)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    status, kilobytes = done.stdout.splitlines()[-1].split()
    assert status == "0", done.stderr
    return int(kilobytes) // 1024


def log(path: Path, ids: Iterable[int]) -> Path:
    """Write a file of trainings."""
    lines = (json.dumps(training(f"e{one}"), ensure_ascii=False) for one in ids)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_importing_reading_back_adding_verifying_and_reading_take_bounded_memory(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    assert peak("import", log(tmp_path / "a.jsonl", range(ENTRIES)), "--ledger", ledger) < IMPORTING
    assert peak("import", log(tmp_path / "b.jsonl", [ENTRIES]), "--ledger", ledger) < ADDING
    assert peak("verify", ledger) < VERIFYING
    assert peak("check", ledger) < CHECKING
    assert (ledger / "entries.jsonl").read_bytes().count(b"\n") == ENTRIES + 3
