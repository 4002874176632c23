"""The unit registry of the console, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.console.folder import current
from gongkai.options import DEFAULT_UNITS
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from rules.units import Registry

_READ: dict[Path, tuple[float, Registry]] = {}


def registry() -> Registry:
    """Return the units of the county.

    Raises:
        ValueError: the registry that the settings name cannot be used; the server does not start with one.
    """
    folder = current()
    path = folder.beside(folder.settings.units) or DEFAULT_UNITS
    stamp = path.stat().st_mtime
    known = _READ.get(path)
    if known is None or known[0] != stamp:
        found, problems = load_registry(path)
        if found is None:
            raise ValueError("; ".join(one.line("en") for one in problems))
        known = _READ[path] = (stamp, found)
    return known[1]


def unit_names() -> dict[str, str]:
    """Return the name of each unit, by id."""
    return {unit.id: unit.name for unit in registry().units}
