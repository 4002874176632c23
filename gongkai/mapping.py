"""A mapping file: how a department's own layout becomes events (YAML)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = ("columns", "constants", "types", "units")


def load_mapping(path: Path | None) -> tuple[Mapping[str, Mapping[str, str]] | None, tuple[Problem, ...]]:
    """Read a mapping file.

    Args:
        path: the file, or None for no mapping.

    Returns:
        `columns` (heading to field), `constants` (field to value), `types` (label to event type) and `units` (name to
        unit), None where the file cannot be used; and what is wrong with it.
    """
    if path is None:
        return None, ()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        fact = Text(f"对应表读不了：{error}", f"The mapping cannot be read: {error}")
        return None, (Problem("bad-mapping", Where(str(path)), fact, Text("写成YAML", "Write it as YAML")),)
    fine = isinstance(content, dict) and all(
        key in KEYS and isinstance(part, dict) and all(isinstance(one, str) for pair in part.items() for one in pair)
        for key, part in content.items()
    )
    if not fine:
        fact = Text("对应表的结构不对", "The mapping has another shape than expected")
        cure = Text(
            "只写 columns、constants、types、units 四部分，各部分是“名称: 名称”",
            "Give columns, constants, types and units, each a table of names",
        )
        return None, (Problem("bad-mapping", Where(str(path)), fact, cure),)
    return content, ()
