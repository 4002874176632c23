"""Fuzz one reader with atheris: `python -m tests.fuzz.run csv --seconds 180 [--work DIR]`.

Anything but events and problems, a try of more than 20 seconds and more than 2 GB of memory end the run with status
77 or above, and leave the input in `tests/fuzz/corpus/<reader>/`, where the suite reads it from then on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["events", "rules", "reports", "gongkai", "yaml", "csv", "json", "xml", "zipfile"]
):
    from tests.fuzz.targets import TARGETS, seeds

CORPUS = Path(__file__).parent / "corpus"
RSS_MB, TRY_SECONDS = 2048, 20


def main() -> None:
    """Run the fuzzer until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--work", type=Path, help="where inputs that reach something new are kept")
    given = parser.parse_args()
    work = given.work or Path(tempfile.mkdtemp(prefix=f"fuzz-{given.target}-"))
    work.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(given.target)):
        (work / f"seed-{number}").write_bytes(seed)
    found = CORPUS / given.target
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={given.seconds}",
        f"-rss_limit_mb={RSS_MB}",
        f"-timeout={TRY_SECONDS}",
        f"-artifact_prefix={found}/",
        "-max_len=20000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(work), str(found)], TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
