"""The start and the end of a process that runs commands: what a run would only wait for is kept from it.

Not for the Python API: these are settings of the whole process, which there belongs to somebody else.
"""

from __future__ import annotations

import gc

from events.without_pandas import keep_pandas_out

YOUNG = 1_000_000
"""How many objects are made before Python looks for garbage among them; of itself it does so every 700.

Rules, verdicts and pages are hundreds of thousands of objects that all live until the run ends; looking through them
again and again took a tenth of it.
"""

_WITHOUT_TABLES = frozenset({"calendar", "request"})
"""Commands that read no log and need no Arrow."""


def get_ready(arguments: list[str]) -> None:
    """Set the process up for a command line."""
    gc.set_threshold(YOUNG)
    if arguments and arguments[0] not in _WITHOUT_TABLES and "--help" not in arguments:
        keep_pandas_out()


def leave() -> None:
    """Set the process up for its end: what is left needs no last look for garbage, as all of it goes with the process.

    What is open is closed as ever; only the search of all objects for garbage, a fifth of a second, is spared.
    """
    gc.freeze()


def get_worker_ready() -> None:
    """Set up a process that evaluates for another one."""
    gc.set_threshold(YOUNG)
    keep_pandas_out()
