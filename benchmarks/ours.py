"""Judge a log by the engine, from Parquet to Parquet; print what it took. One process of the benchmarks.

It starts and ends as the command line's processes do (`gongkai.process`).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from gongkai.process import get_worker_ready, leave


def main() -> None:
    """Judge, write, and print the seconds of getting ready and of the work as JSON."""
    get_worker_ready()
    from benchmarks.judging import judged  # noqa: PLC0415 (once the process is ready for it, as in `gongkai.__main__`)

    parser = argparse.ArgumentParser()
    parser.add_argument("events", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rules", choices=("headline", "all"), default="all")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--counties", type=int, default=1)
    parser.add_argument("--facts", action="store_true", help="the one pass over the events only")
    parser.add_argument("--memory", default="6GB")
    sys.stdout.write(json.dumps(judged(parser.parse_args())) + "\n")
    leave()


if __name__ == "__main__":
    main()
