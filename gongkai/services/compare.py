"""Comparison of the folders of two runs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.evaluation.earlier.heads import heads_part
from reports.comparison.compare import compare_runs
from reports.comparison.workbook import write_comparison
from reports.run.folder import open_run

if TYPE_CHECKING:
    from events.problems import Lang, Problem
    from reports.comparison.compare import Comparison


def compare_folders(before: Path, after: Path) -> tuple[Comparison | None, tuple[Problem, ...]]:
    """Return what changed between the runs in two folders, None where one of them is none, and what is wrong."""
    earlier, problems = open_run(before)
    later, more = open_run(after)
    if earlier is None or later is None:
        return None, (*problems, *more)
    parted = heads_part(earlier.receipt, later.receipt, str(after))
    return compare_runs(earlier, later), (*problems, *more, *parted)


def comparison_workbook(comparison: Comparison, lang: Lang) -> bytes:
    """Return a comparison as a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparison.xlsx"
        write_comparison(comparison, path, lang)
        return path.read_bytes()
