"""Copies of an abolished unit's events for the units that took its work over, where events of any unit count.

A copy is the same event: among the events of a whole county it may not count beside the original.
"""

from __future__ import annotations

from typing import Final

HEIR_MARK: Final = "\x1f"
"""What stands between an event's id and the heir that it counts for as well; no id of a log has it."""


def is_copy(event: str) -> str:
    """Return whether an event is a copy for an heir, as SQL."""
    return f"CONTAINS({event}, '{HEIR_MARK}')"


def original(event: str) -> str:
    """Return the id of an event, or of that which it is a copy of, as SQL."""
    return f"SPLIT_PART({event}, '{HEIR_MARK}', 1)"
