"""`gongkai compare`: what changed between two runs, and why."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.cli.terminal import say, say_problems
from reports.comparison.compare import compare_lines, compare_runs, load_run
from reports.comparison.page import compare_page
from reports.comparison.workbook import write_comparison
from reports.output.folder import WriteError, write_one

if TYPE_CHECKING:
    from events.problems import Lang
    from reports.comparison.compare import Comparison

OK, UNUSABLE = 0, 2


def compare(before: Path, after: Path, lang: Lang, html: Path | None = None, xlsx: Path | None = None) -> int:
    """Print what changed between the runs in two folders, and write it as a page or a workbook where asked."""
    earlier, problems = load_run(before)
    later, more = load_run(after)
    say_problems((*problems, *more), lang)
    if earlier is None or later is None:
        return UNUSABLE
    comparison = compare_runs(earlier, later)
    for line in compare_lines(comparison, lang):
        say(line)
    try:
        if html is not None:
            write_one(html, compare_page(comparison, lang))
        if xlsx is not None:
            write_one(xlsx, _workbook(comparison, lang))
    except WriteError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    return OK


def _workbook(comparison: Comparison, lang: Lang) -> bytes:
    """Return the bytes of the workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparison.xlsx"
        write_comparison(comparison, path, lang)
        return path.read_bytes()
