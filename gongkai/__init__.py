"""The doors of gongkai: the command line, and `gongkai.evaluate(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.api import InputError, Result, evaluate

__all__ = ["InputError", "Result", "evaluate"]


def __getattr__(name: str) -> object:
    """Import the API when it is asked for: `gongkai --help` must not wait for the engine."""
    if name in __all__:
        from gongkai import api  # noqa: PLC0415 (see above)

        return getattr(api, name)
    msg = f"module 'gongkai' has no attribute {name!r}"
    raise AttributeError(msg)
