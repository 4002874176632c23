"""Time a county year: the demo year's entries twice over, read, judged and reported; and the start of the program.

Run with `uv run python benchmarks/county_year.py`. Prints medians of five runs after one that is not counted, how many
seconds they are above starting the interpreter with the libraries imported, and their ratios to that.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.environment import timed_environment
from benchmarks.targets import tell
from events.read import read_events
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    import pyarrow as pa

COPIES, RUNS = 2, 5
UNIT = "县民政局"
LIBRARIES = "import duckdb, pyarrow, pydantic, yaml, jinja2, xlsxwriter"


def seconds(*arguments: str) -> float:
    """Return the median wall time of a command in seconds, after a first run that compiles and reads from the disk.

    That run also fills the cache of rulebooks, as earlier runs of a user do. A check that finds something ends with 1.
    """
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL, env=timed_environment()
        )
        if ran.returncode not in ({0, 1} if "check" in arguments else {0}):
            raise SystemExit(ran.returncode)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def copies_of(table: pa.Table, path: Path) -> int:
    """Write the events several times over under new ids and subjects as JSON lines; return how many."""
    columns = [name for name in table.column_names if name.startswith("data.")]
    with path.open("w", encoding="utf-8") as file:
        for copy in range(COPIES):
            for row in table.to_pylist():
                at = row["occurred_at"]
                event = {
                    "id": f"{row['id']}-{copy}",
                    "type": row["type"],
                    "unit": row["unit"],
                    "subject": f"{row['subject']}-{copy}" if row["subject"] else None,
                    "occurred_at": (at if row["timed"] else at.date()).isoformat(),
                    "data": {name.removeprefix("data."): row[name] for name in columns if row[name] is not None},
                }
                if row["corrects"] is None and row["retracts"] is None:
                    file.write(json.dumps(event, ensure_ascii=False) + "\n")
    return sum(1 for _ in path.open(encoding="utf-8"))


def main() -> None:
    """Measure and print."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    if registry is None:
        raise SystemExit(2)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        seconds_start = seconds("-c", "pass")
        seconds_help = seconds("-m", "gongkai", "--help")
        seconds_libraries = seconds("-c", LIBRARIES)
        subprocess.run([sys.executable, "-m", "gongkai", "demo", str(folder / "demo")], check=True, capture_output=True)
        number = copies_of(read_events([folder / "demo"], registry).table, folder / "log.jsonl")
        ask = ("-m", "gongkai", "evaluate", "--as-of", "2023-12-31", "--out", str(folder / "out"), "--events")
        seconds_demo = seconds(*ask, str(folder / "demo"))
        seconds_year = seconds(*ask, str(folder / "log.jsonl"))
        seconds_data = seconds(*ask, str(folder / "log.jsonl"), "--no-reports")
        ledger = str(folder / "ledger")
        fill = ("events", "import", str(folder / "log.jsonl"), "--ledger", ledger)
        subprocess.run([sys.executable, "-m", "gongkai", *fill], check=True, capture_output=True)
        one = ("-m", "gongkai", "check", "--unit", UNIT, "--as-of", "2023-12-31", "--events", ledger)
        seconds_check = seconds(*one)
    lines = (
        ("python -c pass", seconds_start),
        ("gongkai --help", seconds_help),
        ("interpreter with the libraries imported", seconds_libraries),
        ("demo year from its spreadsheets, all reports", seconds_demo),
        (f"{number} events from JSON lines, all reports", seconds_year),
        (f"{number} events from JSON lines, no reports", seconds_data),
        ("check of one unit from a ledger", seconds_check),
    )
    for name, value in lines:
        above, ratio = value - seconds_libraries, value / seconds_libraries
        sys.stdout.write(f"{name:<48}{value:8.2f} s{above:+8.2f} s above libraries{ratio:8.2f} x libraries\n")
    tell("a county year without reports, above the libraries", seconds_data - seconds_libraries, 0.9)
    tell("a county year with all reports, above the libraries", seconds_year - seconds_libraries, 2.0)
    tell("check of one unit from the ledger, above the libraries", seconds_check - seconds_libraries, 0.5)


if __name__ == "__main__":
    main()
