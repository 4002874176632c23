"""The holidays that every year has: an arrangement that leaves one out has most likely lost a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.time.state_council import statutory_days

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

SATURDAY = 5


def missing_holidays(year: int, holidays: Collection[date], workdays: Collection[date]) -> dict[str, list[date]]:
    """Return the statutory days of a year that an arrangement has as working days, by the name of the holiday.

    Args:
        year: the year.
        holidays: its days off, as the arrangement lists them; a day on a weekend need not be listed.
        workdays: its make-up workdays.
    """
    found: dict[str, list[date]] = {}
    for day, name in statutory_days(year):
        off = day in holidays or (day.weekday() >= SATURDAY and day not in workdays)
        if not off:
            found.setdefault(name, []).append(day)
    return found
