"""The days whose obligations a run lists."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.book import Book

LONGEST: Final = 366
"""How many days a dated document holds at most; one that holds longer is taken as a standing law."""

_PART: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:年度?)?(?:-?Q(?P<quarter>[1-4])|-?H(?P<half>[12])|[-年](?P<month>[0-9]{1,2})月?)?",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\s*(?:/|\.\.|~|～|—+|至|到)\s*")
_QUARTER, _HALF, _YEAR = 3, 6, 12


class PeriodError(ValueError):
    """The text names no period."""


@dataclass(frozen=True, slots=True)
class RunPeriod:
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
    def parse(cls, text: str) -> RunPeriod:
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
    from events.values.dates import DateError, read_moment  # noqa: PLC0415 (most periods are a year or the whole)

    days = _BETWEEN.split(text)
    try:
        first, last = (read_moment(day)[0].date() for day in days)
    except (DateError, ValueError) as error:
        raise PeriodError(text) from error
    return first, last


EVERYTHING: Final = RunPeriod(date.min, date.max)
"""Every day: nothing is left out."""


def default_period(books: Sequence[Book], day: date) -> RunPeriod:
    """Return the time in force of the dated books together, else the calendar year of the as-of day.

    Args:
        books: the rulebooks of the run.
        day: the as-of day.
    """
    dated = [book.in_force for book in books if is_dated(book)]
    if not dated:
        return RunPeriod(date(day.year, 1, 1), date(day.year, 12, 31))
    return RunPeriod(min(one.start for one in dated), max(one.end for one in dated))


def listed_period(books: Sequence[Book], day: date) -> RunPeriod:
    """Return the days that are listed where none were asked for: the default ones, and all later ones until today."""
    period = default_period(books, day)
    return RunPeriod(period.first, max(period.last, day))


def is_dated(book: Book) -> bool:
    """Say whether a book is of a document for a year or less, such as a yearly task table."""
    return (book.in_force.end - book.in_force.start).days < LONGEST
