"""What every peer is given and gives back: a folder with the tables in, one table of verdicts out, and its seconds."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVENTS, CALENDAR, UNITS = "events.parquet", "calendar.parquet", "units.parquet"
"""The log; day, working, ordinal and announced; and which unit owes which rule, with its name."""

_TEXT, _DAY, _NUMBER = pa.string(), pa.date32(), pa.float64()
COLUMNS = pa.schema(
    [
        *(
            (name, _TEXT)
            for name in ("obligation", "book", "rule", "clause", "modality", "unit", "unit_name", "subject")
        ),
        *((name, _DAY) for name in ("opened_on", "due_on", "met_on")),
        ("status", _TEXT),
        *((name, _NUMBER) for name in ("required", "measured")),
        ("evidence", pa.list_(_TEXT)),
        ("trigger", _TEXT),
        ("provisional", pa.bool_()),
        *((name, _TEXT) for name in ("reading", "waiver", "reason")),
    ]
)
"""The columns of a verdict."""


def write(rows: Sequence[dict[str, Any]], out: Path) -> None:
    """Write verdicts, a row each."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (not for who writes them otherwise)

    pq.write_table(pa.Table.from_pylist(list(rows), schema=COLUMNS), out)


def peak() -> float:
    """Return the most memory that this process has had, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def spent(wall: float, cpu: float) -> dict[str, float]:
    """Return the wall and processor seconds since two readings of the clocks, as `work` and `effort`."""
    return {"work": time.perf_counter() - wall, "effort": time.process_time() - cpu}


def run(judge: Callable[[Path, Path], None]) -> None:
    """Judge the folder and write the file that the arguments name; print seconds of work and peak of memory as JSON.

    Args:
        judge: takes the folder with the tables and the file to write.
    """
    start, cpu = time.perf_counter(), time.process_time()
    judge(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(json.dumps({**spent(start, cpu), "peak": peak()}) + "\n")
