"""The usual registers of an office, each a mapping in YAML that an office can copy and change."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from events.mapping import TableMapping, mapping_of

LAYOUTS = Path(__file__).parent


@cache
def load_layouts() -> tuple[TableMapping, ...]:
    """Return the layouts of the product, by name."""
    paths = sorted(LAYOUTS.glob("*.yaml"))
    return tuple(mapping_of(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem) for path in paths)


def layout_text(layout: TableMapping) -> str:
    """Return the file of a layout, with its remarks."""
    return (LAYOUTS / f"{layout.source}.yaml").read_text(encoding="utf-8")


def find_layout(name: str) -> TableMapping | None:
    """Return the layout of a name such as 依申请, or of the first part of one."""
    found = [one for one in load_layouts() if one.source == name] or [
        one for one in load_layouts() if name and (one.source.startswith(name) or name.startswith(one.source))
    ]
    return found[0] if len(found) == 1 else None
