"""The limit of an act itself, beside a date: `within` of `due`, `cover` and `contain`.

A statement joins the calendar twice: `c` on the act's day, and as the working days on `c.ordinal + r.amount`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.time.durations import parse_duration

if TYPE_CHECKING:
    from engine.kinds.base import Cell


def own_limit(day: str, working: str) -> str:
    """Return the last day of the limit of an act, NULL where its rule `r` states none.

    Args:
        day: the act's day, as SQL.
        working: the day that the working days of the limit end on, as SQL.
    """
    return f"""CASE r.measure WHEN 'working days' THEN CASE WHEN r.amount = 0 THEN {day} ELSE {working} END
      WHEN 'months' THEN CAST({day} + r.amount * INTERVAL '1' MONTH AS DATE)
      WHEN 'days' THEN CAST({day} + r.amount * INTERVAL '1' DAY AS DATE) END"""


def limit_cells(within: str | None) -> dict[str, Cell]:
    """Return the limit as the cells of a rule table, both empty where there is none."""
    limit = parse_duration(within) if within is not None else None
    return {"amount": limit.amount if limit is not None else None, "measure": limit.unit if limit is not None else None}
