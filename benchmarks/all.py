"""Every benchmark in one command, and a table of all targets with met or missed.

`uv run python benchmarks/all.py [--large] [--only scale import …] [--write]`

Takes some forty minutes on two cores, which nothing else should use. Each benchmark is a process of its own and prints
its own tables as well. `--write` puts the tables of `scale.py` and the targets into docs/benchmarks.md; `--large` adds
1e8 events. It gates nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import machine
from benchmarks.targets import put, table, told

ROOT = Path(__file__).resolve().parent.parent

BENCHMARKS = {
    "scale": ("headline rules and peers, growth, rules, counties in one log", ("--write",), ("--large",)),
    "county_year": ("a county's year from a cold start", (), ()),
    "import": ("the ledger: import, verify, read", (), ()),
    "incremental": ("one new entry", (), ()),
    "counties": ("many counties: processes and Spark", (), ("--large",)),
    "console_load": ("the console under the load of a county", (), ()),
}
"""Each benchmark: what it measures, its options under `--write`, its options under `--large`."""


def output_of(name: str, options: tuple[str, ...]) -> str:
    """Run a benchmark, show what it prints as it comes, and return it; one that fails is said and passed over."""
    lines = []
    command = [sys.executable, "-u", str(ROOT / "benchmarks" / f"{name}.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    if process.returncode:
        lines.append(f"TARGET | {name} | | | failed with status {process.returncode} |\n")
    return "".join(lines)


def main() -> None:
    """Measure what is asked for; print the targets, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=list(BENCHMARKS), choices=list(BENCHMARKS))
    parser.add_argument("--large", action="store_true", help="1e8 events as well")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args()
    rows: list[str] = []
    for name in asked.only:
        about, write, large = BENCHMARKS[name]
        sys.stdout.write(f"\n## {name}: {about}\n\n")
        rows += told(output_of(name, (write if asked.write else ()) + (large if asked.large else ())))
    sys.stdout.write("\n" + table(rows))
    if asked.write:
        put(rows, f"Machine: {machine()}.", ROOT / "docs" / "benchmarks.md")


if __name__ == "__main__":
    main()
