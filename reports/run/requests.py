"""Figures of the requests for information that a reply rule was applied to: how many, from whom, how fast."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from engine.time.calendar import Calendar
    from rules.book import Book

RECEIVED, ANSWERED = "request.received", "request.answered"
NINETY = 0.9
UNKNOWN = ""
"""What stands for a channel, applicant or outcome that was not logged."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request as the reply rule judged it.

    Attributes:
        unit: id of the unit that owes the reply.
        status: the verdict's status.
        received: the day that its limit counts from.
        answered: the day of the reply, or None.
        taken: working days from receipt to reply, the first not counted; None while it is open. Pauses are in it.
        channel: how it came in, or empty.
        applicant: who applied, or empty.
        outcome: the kind of the reply, or empty.
        number: the number of the request.
        due: the day on which its limit ends, or None where its clock stands.
        left: working days from the as-of day to that day, negative where it is over; None without one or once answered.
        extended: whether the reply was put off (延期答复).
        paused: whether a third party or another organ was asked, so that days did not count.
        corrected: whether it had to be corrected (补正).
    """

    unit: str
    status: str
    received: date
    answered: date | None
    taken: int | None
    channel: str
    applicant: str
    outcome: str
    number: str = ""
    due: date | None = None
    left: int | None = None
    extended: bool = False
    paused: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """Figures of a set of requests.

    Attributes:
        rule: the rule that judged them, and its book.
        rows: the requests, by unit and day.
    """

    rule: tuple[str, str]
    rows: tuple[RequestRow, ...]

    def count(self, *statuses: str) -> int:
        """Return how many requests have one of the statuses."""
        return sum(row.status in statuses for row in self.rows)

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(row.answered is not None for row in self.rows)

    @property
    def open(self) -> int:
        """How many were not answered, overdue ones included."""
        return len(self.rows) - self.answered

    @property
    def overdue(self) -> int:
        """How many were not answered though their limit was over."""
        return sum(row.answered is None and row.status == "violated" for row in self.rows)

    def marked(self, mark: str) -> int:
        """Return how many were `extended`, `paused` or `corrected`."""
        return sum(bool(getattr(row, mark)) for row in self.rows)

    @property
    def waiting(self) -> tuple[RequestRow, ...]:
        """Those that were not answered, what is over or due first; those whose clock stands last."""
        found = [row for row in self.rows if row.answered is None]
        return tuple(sorted(found, key=lambda row: (row.left is None, row.left or 0, row.unit, row.number)))

    @property
    def in_time(self) -> float | None:
        """The share answered in time of those that were answered or whose limit was over; None without any."""
        judged = self.count("met", "late", "violated")
        return self.count("met") / judged if judged else None

    @property
    def median(self) -> float | None:
        """The median of the working days taken, or None where nothing was answered."""
        taken = [row.taken for row in self.rows if row.taken is not None]
        return float(median(taken)) if taken else None

    @property
    def ninety(self) -> int | None:
        """The working days within which nine in ten were answered (nearest rank), or None where nothing was."""
        taken = sorted(row.taken for row in self.rows if row.taken is not None)
        return taken[ceil(NINETY * len(taken)) - 1] if taken else None

    def by(self, key: Callable[[RequestRow], str]) -> dict[str, RequestFigures]:
        """Return the figures of each group, in the order of its name."""
        found: dict[str, list[RequestRow]] = {}
        for row in self.rows:
            found.setdefault(key(row), []).append(row)
        return {name: RequestFigures(self.rule, tuple(rows)) for name, rows in sorted(found.items())}

    def counts(self, key: Callable[[RequestRow], str]) -> dict[str, int]:
        """Return how many requests each group has, the largest first."""
        found = Counter(key(row) for row in self.rows)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def reply_rule(books: Sequence[Book]) -> tuple[str, str] | None:
    """Return the book and id of the first rule that every request received is answered, or None."""
    for book in books:
        for rule in book.rules:
            pair = [getattr(rule, role, None) for role in rule.facets.paired or ()]
            if [selector.event for selector in pair if selector is not None] == [RECEIVED, ANSWERED]:
                return book.id, rule.id
    return None


def request_figures(
    rows: Iterable[Mapping[str, Any]], books: Sequence[Book], events: pa.Table, calendar: Calendar, today: date
) -> RequestFigures | None:
    """Return the figures of the requests, or None where no rule asks for replies or no request was received.

    Args:
        rows: the verdicts.
        books: the rulebooks that they come from.
        events: the table of events.
        calendar: the working days.
        today: the as-of day.
    """
    rule = reply_rule(books)
    chosen = [row for row in rows if (row["book"], row["rule"]) == rule and row["trigger"] and row["opened_on"]]
    if rule is None or not chosen:
        return None
    known = _attributes(events, {event for row in chosen for event in (row["trigger"], *row["evidence"])})
    marks = _marks(events)
    found = [_marked(row, _row(row, known, calendar), marks, calendar, today) for row in chosen]
    return RequestFigures(rule, tuple(sorted(found, key=lambda one: (one.unit, one.received, one.status))))


def _attributes(events: pa.Table, wanted: set[str]) -> dict[str, Mapping[str, Any]]:
    """Return what is needed of the entries with these ids."""
    columns = ["id", "type", "data.channel", "data.applicant", "data.outcome"]
    chosen = events.select(columns).filter(pc.is_in(events["id"], pa.array(sorted(wanted), pa.string())))
    return {row["id"]: row for row in chosen.to_pylist()}


MARKS = {
    "request.extended": "extended",
    "request.third_party_asked": "paused",
    "request.organ_asked": "paused",
    "request.opinion_asked": "paused",
    "request.correction_asked": "corrected",
}
"""What the steps of a request make of it."""

Marks = dict[tuple[str, str], set[str]]


def _marks(events: pa.Table) -> Marks:
    """Return what was done with each request besides the reply, by unit and number; what was withdrawn is left out."""
    chosen = events.select(["id", "type", "unit", "subject", "retracts"])
    gone = set(chosen["retracts"].drop_null().to_pylist())
    found: Marks = {}
    for row in chosen.filter(pc.is_in(chosen["type"], pa.array(sorted(MARKS), pa.string()))).to_pylist():
        if row["retracts"] is None and row["id"] not in gone:
            found.setdefault((row["unit"], row["subject"]), set()).add(MARKS[row["type"]])
    return found


def _marked(row: Mapping[str, Any], request: RequestRow, marks: Marks, calendar: Calendar, today: date) -> RequestRow:
    """Return a request with its number, the days left, and what was done with it besides the reply."""
    due: date | None = row["due_on"]
    left = None
    if request.answered is None and due is not None and calendar.first <= due <= calendar.last:
        between = calendar.working_days_between
        left = between(today, due) if due >= today else -between(due, today)
    had = marks.get((row["unit"], row["subject"]), set())
    return replace(
        request,
        number=str(row["subject"] or ""),
        due=due,
        left=left,
        extended="extended" in had,
        paused="paused" in had,
        corrected="corrected" in had,
    )


def _row(row: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], calendar: Calendar) -> RequestRow:
    """Return a request from its verdict and its entries."""
    receipt = known.get(row["trigger"], {})
    replies = [known[event] for event in row["evidence"] if known.get(event, {}).get("type") == ANSWERED]
    answered = row["met_on"]
    taken = calendar.working_days_between(row["opened_on"], answered) if answered is not None else None
    outcome = replies[0]["data.outcome"] if replies and answered is not None else None
    return RequestRow(
        row["unit"],
        row["status"],
        row["opened_on"],
        answered,
        taken,
        receipt.get("data.channel") or UNKNOWN,
        receipt.get("data.applicant") or UNKNOWN,
        outcome or UNKNOWN,
    )
