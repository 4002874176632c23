"""Duties and what a unit can do about them, as its page shows it beside each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToSee:
    """What a unit can do about one of its duties.

    Attributes:
        number: its number in the self-check, which a person can say on the telephone; None where it has none.
        when: when it is due, and how far away that is.
        words: what would settle it.
        pace: how far a count or figure is, or None.
        judged: whether others settle it, and nothing of the unit's own does.
    """

    number: int | None
    when: str
    words: str
    pace: str | None
    judged: bool


ToSeeTo = dict[str, ToSee]
"""What there is to see to, by obligation."""
