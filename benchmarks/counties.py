"""Many counties: one process, two, and Spark on this machine, over the same log in one run; growth by ten.

Run with `uv run python benchmarks/counties.py [--events 1000000] [--cluster] [--large]`. Each way is run once in turn;
prints wall seconds, processor seconds of the program and its children (what Spark's Java does is not among them), the
peak memory of one process, the peak of scratch, and ratios of wall time to one process. An empty Spark job
measures Spark's own start. `--cluster` adds a standalone master with two workers of one processor each on this machine,
`--large` ten and a hundred times the events, the latter on one machine alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.dataset as pads

from benchmarks.environment import timed_environment
from benchmarks.spark_cluster import standalone
from benchmarks.targets import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = "2023-12-31"
WAYS = {
    "one process": (),
    "--jobs 2": ("--jobs", "2"),
    "Spark local[1]": ("--engine", "spark", "--master", "local[1]"),
    "Spark local[2]": ("--engine", "spark", "--master", "local[2]"),
}
EMPTY = "from engine.batches.spark import start_session; start_session('local[2]').sparkContext.range(1).count()"
PER_COUNTY = 7350
"""Events of a made-up county's year, about."""


def made(folder: Path, events: int) -> Path:
    """Make a log of so many events, and return its folder."""
    log = folder / f"log{events}"
    counties = str(max(2, events // PER_COUNTY))
    command = [sys.executable, "-m", "gongkai", "demo", str(log), "--counties", counties, "--events", str(events)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return log


class Watch(threading.Thread):
    """Watches a process and its children: the most memory of one of them, and the most that its scratch took."""

    def __init__(self, pid: int, scratch: Path) -> None:
        """Watch a process by its number until `done` is set."""
        super().__init__(daemon=True)
        self.pid, self.scratch, self.done = pid, scratch, threading.Event()
        self.memory, self.disk = 0.0, 0.0

    def run(self) -> None:
        """Look ten times a second."""
        while not self.done.wait(0.1):
            self.memory = max([self.memory, *(_resident(pid) for pid in _family(self.pid))])
            self.disk = max(self.disk, _size(self.scratch))


def _family(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    """Return how many MiB of memory a process has."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _size(folder: Path) -> float:
    """Return how many MiB the files below a folder take; what goes meanwhile is passed over."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except OSError:
            continue
    return total / 2**20


def judged(
    log: Path, out: Path, scratch: Path, options: tuple[str, ...], more: Mapping[str, str]
) -> tuple[float, float, float, float]:
    """Judge a log; return wall and processor seconds, the peak memory of a process and the peak of scratch, in MiB."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "gongkai", "evaluate", "--events", str(log / "events"), "--as-of", AS_OF]
    start, before = time.perf_counter(), os.times()
    environment = {**timed_environment(), "TMPDIR": str(scratch), "PYSPARK_PYTHON": sys.executable, **more}
    process = subprocess.Popen(
        [*command, "--out", str(out), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    watch = Watch(process.pid, scratch)
    watch.start()
    status = process.wait()
    watch.done.set()
    if status:
        sys.exit(f"{' '.join(command)} {' '.join(options)}: status {status}")
    wall, after = time.perf_counter() - start, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, processor, watch.memory, watch.disk


def planted_and_found(log: Path, out: Path) -> tuple[int, bool]:
    """Return how many faults were planted, and whether exactly those were found."""
    verdicts = pads.dataset(out / "verdicts.parquet", partitioning="hive").to_table(columns=["obligation", "status"])
    found = {row["obligation"] for row in verdicts.to_pylist() if row["status"] in ("violated", "late")}
    planted = set(pads.dataset(log / "answers" / "faults.parquet").to_table(columns=["obligation"])[0].to_pylist())
    return len(planted), found == planted


def measure(
    folder: Path, events: int, ways: Mapping[str, tuple[str, ...]], more: Mapping[str, str]
) -> dict[str, float]:
    """Judge a log of so many events in each way, and print a row each; return the wall seconds."""
    log, scratch = made(folder, events), folder / "scratch"
    scratch.mkdir(exist_ok=True)
    walls: dict[str, float] = {}
    for name, options in ways.items():
        wall, processor, memory, disk = judged(log, folder / "out", scratch, options, more)
        walls[name] = wall
        ratio = wall / next(iter(walls.values()))
        sys.stdout.write(
            f"| {events:.0e} | {name} | {wall:.1f} | {ratio:.2f} | {processor:.1f} | {memory:.0f} | {disk:.0f} |\n"
        )
        sys.stdout.flush()
    number, exact = planted_and_found(log, folder / "out")
    sys.stdout.write(
        f"| {events:.0e} | faults planted | {number} | {'exactly those found' if exact else 'DIFFERENT'} | | | |\n"
    )
    shutil.rmtree(log)
    return walls


def compare(walls: Mapping[str, float], start: float, events: int) -> None:
    """Tell how long Spark takes, its start aside, to one process of DuckDB."""
    for name, wall in walls.items():
        if name.startswith("Spark"):
            tell(
                f"{events:.0e} events, {name}, its start aside, to one process",
                (wall - start) / walls["one process"],
                1.5,
                "×",
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10**6)
    parser.add_argument("--large", action="store_true", help="ten times and a hundred times the events as well")
    parser.add_argument("--cluster", action="store_true", help="a standalone Spark of two workers as well")
    asked = parser.parse_args()
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", EMPTY], check=True, capture_output=True)
    start = time.perf_counter() - begun
    sys.stdout.write(f"An empty Spark job: {start:.1f} s\n\n")
    sys.stdout.write(
        "| events | way | wall s | ratio | processor s | MiB of a process | MiB of scratch |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    with tempfile.TemporaryDirectory() as home:
        with ExitStack() as parts:
            address, more = parts.enter_context(standalone(Path(home))) if asked.cluster else ("", {})
            spark = ("--engine", "spark", "--master", address)
            ways = {**WAYS, "Spark, two workers": spark} if asked.cluster else WAYS
            first = measure(Path(home), asked.events, ways, more)
            compare(first, start, asked.events)
            second = measure(Path(home), 10 * asked.events, ways, more) if asked.large else {}
            compare(second, start, 10 * asked.events)
        if asked.large:
            third = measure(Path(home), 100 * asked.events, {"one process": ()}, {})["one process"]
            for more_events, seconds, before in (
                (10, second["one process"], first["one process"]),
                (100, third, second["one process"]),
            ):
                tell(
                    f"{more_events * asked.events:.0e} events to a tenth of them, one process",
                    seconds / before,
                    11,
                    "×",
                )


if __name__ == "__main__":
    main()
