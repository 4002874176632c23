"""One new entry in a county year: judging it beside judging everything, and what either way costs besides.

`uv run python benchmarks/incremental.py` makes a ledger of some 20,000 entries, evaluates it, adds an
entry, and prints the medians of several runs within this process, after the libraries are imported; appending,
judging and pages are held against their aims.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.targets import tell
from events.ledger.importing.imports import Checks, Provenance, import_stage
from events.ledger.importing.known import Known
from events.ledger.importing.stage import Stage
from gongkai.demo.many import make_many
from gongkai.evaluation.earlier.incremental import find_earlier, judge_on, same_units
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.options import DEFAULT_UNITS, LogOptions, Request, RunRequest
from gongkai.services.evaluate import run
from gongkai.services.ledger.imports import ImportRequest, import_files
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from gongkai.evaluation.earlier.incremental import EarlierVerdicts
    from gongkai.evaluation.inputs import Inputs

EVENTS, RUNS, AS_OF = 20_000, 5, "2023-12-31"
ENTRIES = {
    "a training": '{"id":"one","type":"training.held","unit":"minzheng","occurred_at":"2023-09-01"}\n',
    "a publication": '{"id":"two","type":"information.published","unit":"minzheng","subject":"x",'
    '"occurred_at":"2023-09-01"}\n',
}


APPEND, JUDGE = 0.010, 0.100
"""Aims: seconds of processor."""


def timed(name: str, work: Callable[[], object], aim: float | None = None) -> None:
    """Print the medians of wall and processor seconds of a piece of work, and whether they keep to an aim."""
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    cpu = statistics.median(cpus)
    sys.stdout.write(f"{name:<62}{statistics.median(walls):8.3f} s wall{cpu:8.3f} s CPU\n")
    sys.stdout.flush()
    if aim is not None:
        tell(f"{name}, processor", 1000 * cpu, 1000 * aim, "ms")


def add(ledger: Path, file: Path) -> None:
    """Import a file."""
    request = ImportRequest((file,), ledger, LogOptions(), by="benchmark", at="2024-01-05T09:00")
    if import_files(request)[0] is None:
        raise SystemExit(2)


def append(ledger: Path, row: pa.Table, number: int, memory: Known | None = None) -> None:
    """Append an entry, as the console does with its memory, or as a process does that begins."""
    row = row.set_column(row.column_names.index("id"), "id", pa.array([f"appended-{number}"]))
    with Stage() as stage:
        stage.add(row, "one")
        stage.end("one", "0" * 64, 1)
        provenance = Provenance("2024-01-05T09:00:00", "benchmark", "0", "0")
        done, _ = import_stage(ledger, stage, provenance, Checks(memory=memory))
    if done is None:
        raise SystemExit(2)


def measure_appending(ledger: Path, table: pa.Table) -> None:
    """Time adding to a ledger: what the console does for each entry, and what a process does that begins."""
    numbers, memory = count(), Known()
    row = table.filter(pc.and_(pc.is_null(table["corrects"]), pc.is_null(table["retracts"]))).slice(0, 1)
    timed("appending an entry, the ledger not read before", lambda: append(ledger, row, next(numbers)))
    append(ledger, row, next(numbers), memory)
    timed("appending an entry", lambda: append(ledger, row, next(numbers), memory), APPEND)


def read(ledger: Path) -> Inputs:
    """Return the inputs of an evaluation of a ledger."""
    inputs, problems = load_inputs(Request(as_of=AS_OF, events=(ledger,)))
    if inputs is None:
        raise SystemExit("\n".join(problem.line("en") for problem in problems))
    return inputs


def main() -> None:
    """Measure and print."""
    registry, _ = load_registry(DEFAULT_UNITS)
    if registry is None:
        raise SystemExit(2)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        ledger, out = folder / "ledger", folder / "out"
        make_many(folder / "demo", registry, counties=1, events=EVENTS, seed=1)
        add(ledger, folder / "demo" / "events" / "events.parquet")
        inputs = read(ledger)
        whole = judge_inputs(inputs, "zh")
        sys.stdout.write(f"{inputs.table.num_rows} entries, {whole.num_rows} verdicts\n")
        request = RunRequest(as_of=AS_OF, events=(ledger,))
        run(request, out)
        timed("reading books, registry, calendar and the ledger", lambda: read(ledger))
        timed("judging everything", lambda: judge_inputs(inputs, "zh"))
        timed("the whole run: reading, judging and writing all reports", lambda: run(request, folder / "again"))
        shutil.copytree(ledger, folder / "appended")
        measure_appending(folder / "appended", inputs.table)
        for name, entry in ENTRIES.items():
            measure(name, entry, ledger, out, folder / "next")


def made_pages(earlier: EarlierVerdicts, inputs: Inputs, verdicts: pa.Table) -> int:
    """Return of how many units pages are made; the aim is the entry's unit alone."""
    return len(inputs.registry.units) - len(same_units(earlier, inputs, verdicts))


def measure(name: str, entry: str, ledger: Path, out: Path, copy: Path) -> None:
    """Add an entry to a copy of the ledger and time what it changes."""
    shutil.copytree(ledger, copy)
    line = copy.parent / "entry.jsonl"
    line.write_text(entry, encoding="utf-8")
    add(copy, line)
    inputs = read(copy)
    timed(f"{name}: finding the run to build on", lambda: find_earlier(inputs, "zh", "duckdb", out))
    earlier = find_earlier(inputs, "zh", "duckdb", out)
    timed(f"{name}: judging what it touches", lambda: judge_on(earlier, inputs, "zh"), JUDGE)
    request = RunRequest(as_of=AS_OF, events=(copy,), incremental=True)
    made = copy.parent / "made"
    shutil.copytree(out, made)
    before = {one.name: one.stat().st_ino for one in (made / "units").iterdir()}
    run(request, made)
    others = sum(one.stat().st_ino != before[one.name] for one in (made / "units").iterdir())
    sys.stdout.write(f"  pages of units written again: {others} of {len(before)}\n")
    table, again = judge_on(earlier, inputs, "zh")
    tell(f"{name}: pages of units made", made_pages(earlier, inputs, table), 1, "pages")
    shutil.rmtree(made)
    same = table.equals(judge_inputs(inputs, "zh"))
    sys.stdout.write(f"  {again} verdicts judged again; equal to judging everything: {same}\n")
    shutil.rmtree(copy)


if __name__ == "__main__":
    main()
