"""Say in a few lines what an evaluation found and where its report is."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path


def main(folder: Path) -> None:
    """Print the path of the report in `folder` and how many verdicts it has of each status."""
    with (folder / "verdicts.jsonl").open(encoding="utf-8") as lines:
        counts = Counter(str(json.loads(line)["status"]) for line in lines)
    print(f"report    {folder / 'index.html'}")
    print(f"verdicts  {counts.total()}: " + ", ".join(f"{status} {n}" for status, n in sorted(counts.items())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
