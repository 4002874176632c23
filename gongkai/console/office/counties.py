"""The published runs of other counties, read from their data folders; nothing is ever written there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from gongkai.console.folder import RUNS, current

_MOST = 4 << 20
_SUFFIX = ".published.json"


@dataclass(frozen=True, slots=True)
class Announced:
    """What one county has published.

    Attributes:
        name: its name, as the settings have it.
        runs: its published runs, the latest first.
        trouble: why nothing can be read, or nothing.
    """

    name: str
    runs: tuple[dict[str, Any], ...]
    trouble: str = ""


def published() -> list[Announced]:
    """Return what every county that the settings name has published, by name."""
    return [_announced(name) for name in sorted(current().settings.counties)]


def _announced(name: str) -> Announced:
    folder = current().root / current().settings.counties[name] / RUNS
    if not folder.is_dir():
        return Announced(name, (), "数据文件夹现在读不到")
    found, wrong = [], 0
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        one = _read(path)
        if one is None:
            wrong += 1
        else:
            found.append(one)
    found.sort(key=lambda one: -int(one["number"]))
    return Announced(name, tuple(found), f"有{wrong}个公布文件读不了" if wrong else "")


def _read(path: Path) -> dict[str, Any] | None:
    """Return an announcement, None where it is none."""
    try:
        one = json.loads(path.read_bytes()[:_MOST])
        whole = isinstance(one, dict) and {"number", "title", "as_of", "statuses", "files"} <= one.keys()
        return one if whole and int(one["number"]) == int(path.name.removesuffix(_SUFFIX)) else None
    except (OSError, ValueError, TypeError):
        return None


def file_of(county: str, number: int, name: str) -> tuple[Path, bytes] | None:
    """Return a file of a published run with its content, None where it is not as it was when it was published."""
    place = current().settings.counties.get(county)
    if place is None:
        return None
    folder = current().root / place / RUNS
    one = _read(folder / f"{number}{_SUFFIX}")
    digest = None if one is None else one["files"].get(name)
    path = folder / str(number) / name
    try:
        if digest is None or not path.resolve().is_relative_to((folder / str(number)).resolve()):
            return None
        content = path.read_bytes()
    except OSError:
        return None
    return (path, content) if sha256(content).hexdigest() == digest else None
