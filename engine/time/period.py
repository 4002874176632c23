"""The days whose obligations a run lists."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from events.values.dates import DateError, read_moment

_PART: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:年度?)?(?:-?Q(?P<quarter>[1-4])|-?H(?P<half>[12])|[-年](?P<month>[0-9]{1,2})月?)?",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\s*(?:/|\.\.|~|～|—+|至|到)\s*")
_QUARTER, _HALF, _YEAR = 3, 6, 12


class PeriodError(ValueError):
    """The text names no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days.

    Attributes:
        first: its first day.
        last: its last day.
    """

    first: date
    last: date

    @property
    def text(self) -> str:
        """Return it as `2023-01-01/2023-12-31`."""
        return f"{self.first}/{self.last}"

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a year, half, quarter or month (`2023`, `2023-H1`, `2023-Q2`, `2023-07`), or two days (`…/…`).

        Raises:
            PeriodError: the text is none of these, or ends before it begins.
        """
        found = _PART.fullmatch(text.strip())
        first, last = _part(found) if found is not None else _span(text.strip())
        if first > last:
            raise PeriodError(text)
        return cls(first, last)


def _part(found: re.Match[str]) -> tuple[date, date]:
    """Return the first and the last day of a year or of a part of it."""
    year = int(found["year"])
    if found["quarter"]:
        first, months = (int(found["quarter"]) - 1) * _QUARTER + 1, _QUARTER
    elif found["half"]:
        first, months = (int(found["half"]) - 1) * _HALF + 1, _HALF
    elif found["month"]:
        first, months = int(found["month"]), 1
    else:
        first, months = 1, _YEAR
    last = first + months - 1
    if not year or not 1 <= first <= last <= _YEAR:
        raise PeriodError(found.string)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _span(text: str) -> tuple[date, date]:
    """Return the two days that a text names."""
    days = _BETWEEN.split(text)
    try:
        first, last = (read_moment(day)[0].date() for day in days)
    except (DateError, ValueError) as error:
        raise PeriodError(text) from error
    return first, last
