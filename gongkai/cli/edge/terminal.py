"""Printing and leaving: results to standard output, problems and progress to standard error, and the exit status."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import has_errors
from gongkai.process import wants_memory
from reports.output.plain import plain, visible
from reports.selfcheck.coloured import ColouredLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.problems import Lang, Problem, Text


PROGRESS = "GONGKAI_PROGRESS"
"""A variable of the environment; `lines` has each stage of the work told in a line where no terminal is."""

COLOURS = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables of the environment by which rich takes for a terminal what is none."""


class Exit(IntEnum):
    """The exit statuses of every command."""

    OK = 0
    FOUND = 1
    UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says.

    Attributes:
        lines: what it prints: texts, or lines in colours (`reports.selfcheck.coloured.ColouredLine`).
        problems: what is wrong, printed to standard error first; with an error among them the input is not usable.
        found: whether it found what it was to look for, such as violations.
        exit: the exit status, where it does not follow from these.
    """

    lines: Iterable[object] = ()
    problems: Iterable[Problem] = ()
    found: bool = False
    exit: Exit | None = None


def finish(answer: Answer, lang: Lang) -> Exit:
    """Print an answer and return its exit status."""
    problems = tuple(answer.problems)
    say_problems(problems, lang)
    for line in answer.lines:
        say(line)
    if answer.exit is not None:
        return answer.exit
    if has_errors(problems):
        return Exit.UNUSABLE
    return Exit.FOUND if answer.found else Exit.OK


def say(line: object) -> None:
    """Print a line of the result; nothing in it steers the terminal."""
    if not isinstance(line, ColouredLine):
        sys.stdout.write(visible(str(line)) + "\n")
    elif sys.stdout.isatty() or any(map(os.environ.get, COLOURS)):
        _say_in_colours(line)
    else:
        sys.stdout.write(plain(str(line)) + "\n")


def _say_in_colours(line: ColouredLine) -> None:
    """Print a line in colours where rich finds that there are some."""
    from rich.console import Console  # noqa: PLC0415 (only where somebody watches)
    from rich.text import Text as Parts  # noqa: PLC0415

    parts = Parts.assemble(*((plain(text), style) for text, style in line.parts))
    Console(file=sys.stdout, highlight=False, markup=False, emoji=False).print(parts, soft_wrap=True)


def tell(line: str) -> None:
    """Print a line to standard error; nothing in it steers the terminal."""
    sys.stderr.write(visible(line) + "\n")


def say_problems(problems: Iterable[Problem], lang: Lang) -> None:
    """Print problems, a line each."""
    for problem in problems:
        tell(problem.line(lang))


def say_fault() -> int:
    """Say in a sentence that the program itself is at fault, keep the traceback in a file, and return the exit status.

    A reader who has gone away (`gongkai … | head`) is no fault and hears nothing.
    """
    error = sys.exception()
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNUSABLE
    if wants_memory(error):
        tell("内存不足，没有改动已有的结果。请减少一次读取的文件，或者换一台内存大的机器。")
        tell("Memory has run out; earlier results are as they were. Read fewer files at a time.")
        return Exit.UNUSABLE
    name = _kept(traceback.format_exc())
    tell(f"程序内部出错（{type(error).__name__}），没有改动已有的结果。请把 {name} 发给维护人。")
    tell(f"The program itself failed; earlier results are as they were. Send {name} to the maintainers.")
    return Exit.UNUSABLE


def _kept(trace: str) -> str:
    """Return the file that a traceback is kept in; the traceback itself where no file can be written."""
    try:
        handle, name = tempfile.mkstemp(prefix="gongkai-", suffix=".log")
        os.close(handle)
        Path(name).write_text(trace, encoding="utf-8", newline="\n", errors="backslashreplace")
    except OSError:
        return trace
    return name


class Working:
    """A progress of work in one language, shown where somebody watches (`gongkai.progress.Progress`)."""

    def __init__(self, lang: Lang) -> None:
        """Speak a language."""
        self._lang = lang

    @contextmanager
    def __call__(self, text: Text) -> Iterator[None]:
        """Show that something long is going on; say nothing where nobody watches."""
        if not sys.stderr.isatty():
            if os.environ.get(PROGRESS) == "lines":
                tell(text.in_(self._lang))
                sys.stderr.flush()
            yield
            return
        from rich.console import Console  # noqa: PLC0415 (only where somebody watches)

        with Console(stderr=True).status(text.in_(self._lang)):
            yield
