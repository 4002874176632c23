"""Printing: results to standard output, problems and progress to standard error."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.problems import Lang, Problem


UNUSABLE = 2


def say(line: str) -> None:
    """Print a line of the result."""
    sys.stdout.write(line + "\n")


def say_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Print problems, a line each."""
    for problem in problems:
        sys.stderr.write(problem.line(lang) + "\n")


def say_fault() -> int:
    """Say in a sentence that the program itself is at fault, keep the traceback in a file, and return the exit status.

    A reader who has gone away (`gongkai … | head`) is no fault and hears nothing.
    """
    error = sys.exception()
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    handle, name = tempfile.mkstemp(prefix="gongkai-", suffix=".log")
    os.close(handle)
    Path(name).write_text(traceback.format_exc(), encoding="utf-8")
    sys.stderr.write(
        f"程序内部出错（{type(error).__name__}），没有改动已有的结果。请把 {name} 发给维护人。\n"
        f"The program itself failed; earlier results are as they were. Send {name} to the maintainers.\n"
    )
    return UNUSABLE


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that something long is going on; say nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 (only where somebody watches)

    with Console(stderr=True).status(text):
        yield
