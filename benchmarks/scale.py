"""How time and memory grow with events, rules and counties, and how others do the same: one command, ratios in one run.

`uv run python benchmarks/scale.py [--events 1e5 1e6 1e7] [--runs 3] [--peers all] [--large] [--write]`

Every figure is of a process of its own; the processes of one table take turns. `--write` puts the results into
docs/benchmarks.md and the picture beside it. `--large` adds 1e8 events.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.answers import compare
from benchmarks.logs import make_log, number_of
from benchmarks.measure import Failure, Figures, interleave, run
from benchmarks.scale_targets import targets
from benchmarks.tables import Row, Table, write_page
from benchmarks.targets import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.measure import Sample

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"

LIBRARIES = {
    "duckdb": None,
    "polars": None,
    "python": None,
    "clingo": "clingo",
    "zen": "zen-engine",
    "pm4py": "pm4py",
    "declare4py": "Declare4Py",
}
"""The peers, and the package that each needs in an environment of its own; None for those of the project's."""

SLOW = {"python", "clingo", "zen", "pm4py", "declare4py"}
"""Peers that are not run with more than a million events."""

MILLION = 1_000_000
LARGE = 100 * MILLION
MANY_RULES = 100_000
"""How many events the rules are multiplied on."""


def interpreter(peer: str, work: Path) -> str | Failure:
    """Return the interpreter of a peer's environment, which is made once; or why there is none."""
    library = LIBRARIES[peer]
    if library is None:
        return sys.executable
    home = work / "environments" / peer
    python = home / "bin" / "python"
    steps = (
        ["uv", "venv", "-q", "--clear", "--python", sys.executable, str(home)],
        ["uv", "pip", "install", "-q", "--python", str(python), library, "pyarrow"],
    )
    if not (home / "made").exists():
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False, cwd=work)
            if done.returncode:
                return Failure(f"could not be installed: {done.stderr.strip().splitlines()[-1][:160]}")
        (home / "made").touch()
    return str(python)


def ours(log: Path, name: str, *options: str, limit: float) -> Callable[[], Sample | Failure]:
    """Return the task that judges a log by the engine."""
    command = [sys.executable, "-m", "benchmarks.ours", str(log / "events.parquet"), str(log / f"{name}.parquet")]
    return partial(run, [*command, *options], limit)


def headline(log: Path, peers: Sequence[str], asked: argparse.Namespace) -> Table:
    """Return the headline rules beside each peer, with the answers compared."""
    number = number_of(log)
    tasks = {"gongkai": ours(log, "ours", "--rules", "headline", limit=asked.limit)}
    failed: dict[str, Figures | Failure] = {}
    for peer in peers:
        python = interpreter(peer, asked.work)
        if isinstance(python, Failure):
            failed[peer] = python
        elif number <= 2 * MILLION or peer not in SLOW:
            command = [python, str(PEERS / f"by_{peer}.py"), str(log), str(log / f"{peer}.parquet")]
            tasks[peer] = partial(run, command, asked.limit)
    runs = asked.runs if number <= 2 * MILLION else asked.runs_large
    found = interleave(tasks, runs, () if asked.slow else SLOW) | failed
    rows = []
    for name, figures in found.items():
        note = "" if name == "gongkai" or isinstance(figures, Failure) else compare_with(log, name)
        rows.append(Row(name, figures, note))
    return Table(f"Headline rules, {number:,} events", rows, base="gongkai")


def verdicts_of(log: Path, name: str) -> str:
    """Return how many verdicts a run wrote, in words; nothing where it wrote none."""
    file = log / f"{name}.parquet"
    return f"{pq.read_metadata(file).num_rows:,} verdicts" if file.exists() else ""


def compare_with(log: Path, peer: str) -> str:
    """Return what there is to say of the answers of a peer."""
    return compare(log / "ours.parquet", log / f"{peer}.parquet")


def growth(log: Path, asked: argparse.Namespace) -> Table:
    """Return the whole rulebook beside the one pass over the events."""
    number = number_of(log)
    tasks = {
        "one pass: facts": ours(log, "facts", "--facts", limit=asked.limit_large),
        "whole rulebook": ours(log, "all", limit=asked.limit_large),
    }
    found = interleave(tasks, asked.runs if number <= 2 * MILLION else asked.runs_large)
    rows = [Row(name, figures, "") for name, figures in found.items()]
    return Table(f"Whole rulebook, {number:,} events", rows, base="one pass: facts")


def more_rules(log: Path, asked: argparse.Namespace) -> Table:
    """Return the whole rulebook with its rules once, ten and a hundred times."""
    tasks = {
        f"rules x{copies}": ours(log, f"rules{copies}", "--copies", str(copies), limit=asked.limit)
        for copies in (1, 10, 100)
    }
    found = interleave(tasks, asked.runs, once=("rules x100",))
    rows = [
        Row(name, figures, verdicts_of(log, f"rules{name.removeprefix('rules x')}")) for name, figures in found.items()
    ]
    return Table(f"Rules once, ten and a hundred times, {number_of(log):,} events", rows, base="rules x1")


def more_counties(events: int, asked: argparse.Namespace) -> Table:
    """Return the whole rulebook over as many events of 1, 10 and 100 counties."""
    tasks, notes = {}, {}
    for counties in (1, 10, 100):
        log = make_log(asked.work, events, counties)
        name = f"{counties} counties"
        tasks[name] = ours(log, "counties", "--counties", str(counties), limit=asked.limit)
        notes[name] = f"{number_of(log):,} events"
    rows = [Row(name, figures, notes[name]) for name, figures in interleave(tasks, asked.runs_large).items()]
    return Table("Counties", rows, base="1 counties")


def parse() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", nargs="+", type=float, default=[1e5, 1e6, 1e7])
    parser.add_argument("--large", action="store_true", help="1e8 events as well")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--runs-large", type=int, default=1, help="how often what takes long is run")
    parser.add_argument("--peers", nargs="*", default=["all"], choices=["all", *LIBRARIES])
    parser.add_argument("--only", nargs="*", default=["headline", "growth", "rules", "counties"])
    parser.add_argument("--slow", action="store_true", help="slow peers as often as the others, not once")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a process is stopped")
    parser.add_argument("--limit-large", type=float, default=3600, help="the same for the whole rulebook")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "gongkai-benchmarks")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its picture")
    return parser.parse_args()


def main() -> None:
    """Measure what is asked for, and print it."""
    asked = parse()
    asked.work.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sizes = [int(size) for size in asked.events] + ([LARGE] if asked.large else [])
    peers = list(LIBRARIES) if "all" in asked.peers else asked.peers
    tables: list[Table] = []
    for table in measured(sizes, peers, asked):
        tables.append(table)
        sys.stdout.write(table.markdown() + "\n")
        sys.stdout.flush()
        for target in targets(table):
            tell(*target)
        if asked.write:
            write_page(tables, ROOT / "docs")


def measured(sizes: Sequence[int], peers: Sequence[str], asked: argparse.Namespace) -> Iterator[Table]:
    """Yield what is asked for, a table as soon as it is measured."""
    for size in sizes if "headline" in asked.only else ():
        yield headline(make_log(asked.work, size), peers, asked)
    for size in sizes if "growth" in asked.only else ():
        yield growth(make_log(asked.work, size), asked)
    if "rules" in asked.only:
        yield more_rules(make_log(asked.work, min(*sizes, MANY_RULES)), asked)
    if "counties" in asked.only:
        yield more_counties(min(max(sizes), MILLION), asked)


if __name__ == "__main__":
    main()
