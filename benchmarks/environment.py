"""The environment that programs are timed in: that of a user's machine."""

from __future__ import annotations

import os


def timed_environment() -> dict[str, str]:
    """Return this process's environment, in which Python keeps its compiled bytecode.

    A user's Python compiles a module at its first import and keeps the result. Where `PYTHONDONTWRITEBYTECODE` is set,
    as in many containers, every start would compile everything again, which no user waits for.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
