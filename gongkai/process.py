"""The start and the end of a process that runs commands: what a run would only wait for is kept from it.

Not for the Python API: these are settings of the whole process, which there belongs to somebody else.
"""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys

from events.without_pandas import keep_numpy_out, keep_pandas_out

YOUNG = 1_000_000
"""How many objects are made before Python looks for garbage among them; of itself it does so every 700.

Rules, verdicts and pages are hundreds of thousands of objects that all live until the run ends; looking through them
again and again took a tenth of it.
"""

SIGNS = {
    "✓": ("√", "OK"),
    "✗": ("×", "X"),
    "△": ("!",),
    "○": ("o",),
    "…": ("...",),
    "–": ("-",),
    "→": ("->",),
    "＊": ("*",),
    "■": ("*",),
    "█": ("#",),
    "░": (".",),
    "·": ("-",),
    "�": ("?",),
}
"""What is printed in the place of a sign that the terminal's encoding (GBK, ASCII) has not: the first that it has."""

_WITHOUT_TABLES = frozenset({"calendar", "request"})
"""Commands that read no log and need no Arrow."""


def degraded(error: UnicodeError) -> tuple[str, int]:
    """Return what is printed in the place of characters that an encoding has not; an error handler of `codecs`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_degraded(one, error.encoding) for one in error.object[error.start : error.end]), error.end


def _degraded(sign: str, encoding: str) -> str:
    for other in SIGNS.get(sign, ()):
        if _has(encoding, other):
            return other
    return sign.encode("ascii", "backslashreplace").decode()


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def degrade_output() -> None:
    """Let printing never fail on a character: the output may be a file or a pipe in GBK, or in ASCII."""
    codecs.register_error("gongkai", degraded)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="gongkai")


def get_ready(arguments: list[str]) -> None:
    """Set the process up for a command line."""
    degrade_output()
    gc.set_threshold(YOUNG)
    leave_plugins_out()
    if arguments and arguments[0] not in _WITHOUT_TABLES and "--help" not in arguments:
        if not any("spark" in one for one in arguments):  # what Spark's own code imports is not ours to say
            keep_numpy_out()
        keep_pandas_out()


def leave_plugins_out() -> None:
    """Let pydantic look for no plugins: it reads what every installed package says of itself, and rules need none."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def leave() -> None:
    """Set the process up for its end: what is left needs no last look for garbage, as all of it goes with the process.

    What is open is closed as ever; only the search of all objects for garbage, a fifth of a second, is spared.
    """
    gc.freeze()


def wants_memory(error: BaseException | None) -> bool:
    """Say whether an error is one of memory that has run out, in Python, Arrow (which has Python's) or DuckDB."""
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException"


def get_worker_ready() -> None:
    """Set up a process that evaluates for another one."""
    gc.set_threshold(YOUNG)
    leave_plugins_out()
    keep_numpy_out()
    keep_pandas_out()
