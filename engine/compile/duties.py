"""Duties that are judged one by one: a rule as it holds in one of its periods, a recurring rule once for each.

A rule that recurs (`every: quarter`) is one duty a calendar quarter, with a key of its own (`2023-Q2`) and its date
within it. A prohibition that stands for more than a calendar year is one duty a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

from rules.book import FROM_ISSUE
from rules.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.kinds.base import Every, KindRule
    from rules.book import Book
    from rules.model import Selector

MONTHS: Final[dict[Every, int]] = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}
"""How many months a period has."""

AHEAD: Final = timedelta(days=366)
"""How long after the as-of day a period may start and still be asked about."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule as it holds in one period.

    Attributes:
        book: whose rule it is.
        rule: the rule, its period and its date those of the recurrence.
        slot: the key of the recurrence, such as `2023-Q2`; empty where the rule does not recur.
        first: the first day that acts may set it off on.
    """

    book: Book
    rule: KindRule
    slot: str
    first: date

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the rule's selectors, those that look at a year asking for the year of the duty."""
        year = self.rule.period.start.year
        return tuple((role, selector.for_year(year)) for role, selector in self.rule.selectors())


def duties_of(books: Sequence[Book], as_of: date) -> tuple[Duty, ...]:
    """Return the duties of books, those that start more than a year after the as-of day left out."""
    return tuple(duty for book in books for rule in book.versions() for duty in _duties(book, rule, as_of))


def _duties(book: Book, rule: object, as_of: date) -> Iterator[Duty]:
    """Go through the periods of a rule."""
    whole = cast("KindRule", rule)
    every = whole.recurs()
    issued = date.fromisoformat(book.issued_on)
    late = (book.reading == FROM_ISSUE or whole.from_issue) and whole.starts_with_acts()
    for one, slot in [(whole, "")] if every is None else _slots(whole, every, as_of):
        first = max(one.period.start, issued) if late else one.period.start
        if first <= one.period.end:
            yield from (Duty(book, each, slot, first) for each in one.in_shares())


def _slots(rule: KindRule, every: Every, as_of: date) -> Iterator[tuple[KindRule, str]]:
    """Go through a rule's calendar periods, the first and the last cut to the rule's own days."""
    months = MONTHS[every]
    start = date(rule.period.start.year, (rule.period.start.month - 1) // months * months + 1, 1)
    while start <= min(rule.period.end, as_of + AHEAD):
        following = _months_on(start, months)
        last = following - timedelta(days=1)
        period = Period(start=max(start, rule.period.start), end=min(last, rule.period.end))
        made = rule.in_slot(period, last)
        if made is not None:
            yield made, _key(start, every)
        start = following


def _months_on(day: date, months: int) -> date:
    """Return the first day of a month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _key(start: date, every: Every) -> str:
    """Return the key of the period that starts on a day: `2023`, `2023-H1`, `2023-Q2` or `2023-07`."""
    if every == "year":
        return str(start.year)
    if every == "half-year":
        return f"{start.year}-H{(start.month + 5) // 6}"
    if every == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return f"{start.year}-{start.month:02}"
