"""`gongkai compare`: what changed between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.terminal import say, say_problems
from reports.compare import compare_lines, load_run

if TYPE_CHECKING:
    from pathlib import Path

    from events.problems import Lang

OK, UNUSABLE = 0, 2


def compare(before: Path, after: Path, lang: Lang) -> int:
    """Print what changed between the runs in two folders."""
    earlier, problems = load_run(before)
    later, more = load_run(after)
    say_problems((*problems, *more), lang)
    if earlier is None or later is None:
        return UNUSABLE
    for line in compare_lines(earlier, later, lang):
        say(line)
    return OK
