"""Take proposals over: the lines that make a rule a proposal go, everything else stays as it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_ENTRY: Final = re.compile(r"^(\s*)-\s+id:\s*[\"']?([^\s\"'#]+)")
_MARKS: Final = ("status", "candidates", "open")


def accepted(text: str, names: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return a rule file with proposals taken over, and the names of the rules that were proposals.

    Args:
        text: the file.
        names: the rules to take over; None for all.
    """
    kept: list[str] = []
    taken: list[str] = []
    current, key_indent, dropping = "", 0, False
    for line in text.splitlines(keepends=True):
        entry = _ENTRY.match(line)
        if entry is not None:
            current, key_indent, dropping = entry[2], len(entry[1]) + 2, False
        wanted = bool(current) and (names is None or current in names)
        indent = len(line) - len(line.lstrip())
        if (
            dropping
            and line.strip()
            and (indent > key_indent or (indent == key_indent and line.lstrip().startswith("- ")))
        ):
            continue
        dropping = False
        key = re.match(r"([a-z_]+):", line.strip())
        if wanted and entry is None and key is not None and indent == key_indent and key[1] in _MARKS:
            dropping = True
            if key[1] == "status":
                taken.append(current)
            continue
        kept.append(line)
    return "".join(kept), tuple(taken)
