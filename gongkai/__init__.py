"""The doors of gongkai: the command line, and `gongkai.evaluate(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.api import InputError, Result, evaluate
    from gongkai.application import Application
    from gongkai.application import open_application as open  # noqa: A004 (it is asked for as `gongkai.open`)
    from gongkai.tables import Table

__all__ = ["Application", "InputError", "Result", "Table", "evaluate", "open"]

_PLACES = {
    "Application": ("application", "Application"),
    "InputError": ("api", "InputError"),
    "Result": ("api", "Result"),
    "Table": ("tables", "Table"),
    "evaluate": ("api", "evaluate"),
    "open": ("application", "open_application"),
}


def __getattr__(name: str) -> object:
    """Import the API when it is asked for: `gongkai --help` must not wait for the engine."""
    if name in _PLACES:
        from importlib import import_module  # noqa: PLC0415 (see above)

        module, named = _PLACES[name]
        return getattr(import_module(f"gongkai.{module}"), named)
    msg = f"module 'gongkai' has no attribute {name!r}"
    raise AttributeError(msg)
