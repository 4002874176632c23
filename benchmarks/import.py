"""Time the import of many events into a ledger, from JSON lines and from Parquet: rate and peak memory.

Run with `uv run python benchmarks/import.py [EVENTS]`, by default a million. Prints the ratio to DuckDB's own read of
the same file into a table, and what it takes to verify the ledger, to read it, and to import one more event.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.targets import tell

EVENTS = 1_000_000
UNITS = ("县民政局", "县司法局", "县财政局", "县公安局", "县商务局", "县水务局", "羊山镇", "胡集镇")
MAKE = f"""
import sys, duckdb
number, folder = sys.argv[1:]
duckdb.sql('''CREATE TABLE log AS SELECT
  printf('JX-2023-%07d', i) AS id, 'decision.issued' AS type,
  list_extract({list(UNITS)}, CAST(i % {len(UNITS)} + 1 AS INT)) AS unit, printf('金政发〔2023〕%d号', i) AS subject,
  strftime(DATE '2023-01-01' + CAST(i % 365 AS INT), '%Y-%m-%d') AS occurred_at,
  strftime(TIMESTAMP '2023-01-02 08:00' + to_minutes(i % 365 * 1440 + i % 600), '%Y-%m-%dT%H:%M:%S') AS recorded_at,
  struct_pack(title := printf('关于印发第%d号方案的通知', i % 1000), consulted := i % 3 = 0) AS data
  FROM range(''' + number + ''') AS r(i)''')
duckdb.sql("COPY log TO '" + folder + "/log.parquet'")
duckdb.sql("COPY log TO '" + folder + "/log.jsonl' (FORMAT json)")
"""  # noqa: S608 - of constants
READ = "import duckdb, sys; duckdb.sql(f\"CREATE TABLE t AS SELECT * FROM '{sys.argv[1]}'\")"
ONE = '{"id":"one-more","type":"training.held","unit":"县民政局","occurred_at":"2023-07-14"}\n'


def measure(*arguments: str | Path) -> tuple[float, float, float]:
    """Return the wall time of a command and its processor time in seconds, and its peak memory in MB."""
    start = time.perf_counter()
    # a million events unpacked are more than a department's file may be
    surroundings = os.environ | {"GONGKAI_LIMITS": "unpacked_bytes=2000000000"}
    command = [sys.executable, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=surroundings)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(status)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def line(name: str, took: tuple[float, float, float], events: int, compared: float | None = None) -> None:
    """Print one measurement."""
    seconds, busy, memory = took
    ratio = "" if compared is None else f"{busy / compared:8.1f} x DuckDB's processor time"
    sys.stdout.write(
        f"{name:<44}{seconds:8.1f} s{busy:8.1f} s busy{memory:8.0f} MB{events / seconds:12,.0f}/s{ratio}\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Measure and print."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    gongkai = ("-m", "gongkai", "events")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        measure("-c", MAKE, str(events), folder)
        (folder / "one.jsonl").write_text(ONE, encoding="utf-8")
        for name in ("log.jsonl", "log.parquet"):
            log, ledger = folder / name, folder / "ledger"
            shutil.rmtree(ledger, ignore_errors=True)
            sys.stdout.write(f"{name}: {events:,} events, {log.stat().st_size / 1e6:.0f} MB\n")
            own = measure("-c", READ, log)
            line("  DuckDB reads it into a table", own, events)
            took = measure(*gongkai, "import", log, "--ledger", ledger)
            line("  events import", took, events, own[1])
            tell(
                f"import of {events:,} entries from {log.suffix[1:]}, processor time to DuckDB's",
                took[1] / own[1],
                8,
                "×",
            )
        size = (ledger / "entries.jsonl").stat().st_size / 1e6
        sys.stdout.write(f"ledger: {size:.0f} MB\n")
        line("  the same import again", measure(*gongkai, "import", log, "--ledger", ledger), events)
        line("  one more event", measure(*gongkai, "import", folder / "one.jsonl", "--ledger", ledger), events)
        verified = measure(*gongkai, "verify", ledger)
        line("  events verify", verified, events)
        tell(f"verify a ledger of {events:,} entries", verified[0], 8)
        tell(f"verify a ledger of {events:,} entries, peak memory", verified[2], 600, "MiB")
        line("  events check (read as the evaluation does)", measure(*gongkai, "check", ledger), events)


if __name__ == "__main__":
    main()
