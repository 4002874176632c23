"""Printing: results to standard output, problems and progress to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.problems import Lang, Problem


def say(line: str) -> None:
    """Print a line of the result."""
    sys.stdout.write(line + "\n")


def say_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Print problems, a line each."""
    for problem in problems:
        sys.stderr.write(problem.line(lang) + "\n")


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that something long is going on; say nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 (only where somebody watches)

    with Console(stderr=True).status(text):
        yield
