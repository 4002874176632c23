"""The clock of a request as spans: where it runs, where it stands, until the day that it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from engine.compile.standing import fallen_entries
from engine.explain.clock_record import open_file
from engine.time.durations import parse_duration

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from gongkai.console.live.snapshot import Snapshot

REPLY = ("14.1.reply", "art33.reply")
"""The rules of the reply, the one that a county's books have first."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some days of a clock.

    Attributes:
        start: the first day.
        end: the day on which the next span begins, or the clock ends; None where that is open.
        stands: whether the clock stands.
    """

    start: date
    end: date | None
    stands: bool


@dataclass(frozen=True, slots=True)
class RequestState:
    """How a request stands.

    Attributes:
        row: the verdict of its reply, None where the ledger has no such request.
        spans: its clock.
        events: its entries that stand in the ledger, in their order.
        others: further verdicts on it.
    """

    row: dict[str, Any] | None
    spans: tuple[Span, ...]
    events: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]


def request_state(snapshot: Snapshot, unit: str, subject: str) -> RequestState:
    """Return how a request of a unit stands, read from the verdicts: no due date is kept anywhere else."""
    rows = [row for row in snapshot.rows(unit) if row["subject"] == subject and row["status"] != "not_applicable"]
    row = next((one for name in REPLY for one in rows if one["rule"] == name), None)
    table = snapshot.inputs.table
    chosen = table.filter(pc.and_(pc.equal(table["unit"], unit), pc.equal(table["subject"], subject)))
    events = sorted(_standing(chosen), key=lambda one: (one["occurred_at"], one["id"]))
    spans = () if row is None else _spans(snapshot, row, events)
    others = tuple(one for one in rows if one["rule"] not in REPLY)
    return RequestState(row, spans, tuple(events), others)


def _standing(events: pa.Table) -> list[dict[str, Any]]:
    """Return the entries that stand: neither corrected nor withdrawn, nor the withdrawal of another."""
    fallen = fallen_entries(events, datetime.max)  # noqa: DTZ901 (whatever was recorded)
    rows = events.filter(pc.invert(pc.is_in(events["id"], fallen["id"].combine_chunks())))
    found: list[dict[str, Any]] = rows.filter(pc.is_null(rows["retracts"])).to_pylist()
    return found


def _spans(snapshot: Snapshot, row: dict[str, Any], events: list[dict[str, Any]]) -> tuple[Span, ...]:
    """Return the clock of a reply span by span."""
    rule: Any = next(
        (
            rule
            for book in snapshot.inputs.books
            if book.id == row["book"]
            for rule in book.rules
            if rule.id == row["rule"]
        ),
        None,
    )
    trigger = next((one for one in events if one["id"] == row["trigger"]), None)
    if rule is None or trigger is None or getattr(rule, "clock", None) is None:
        return ()
    others = [one for one in events if one is not trigger]
    file = open_file(rule.clock, parse_duration(rule.within).amount, trigger, others, snapshot.inputs.calendar)
    last = row["met_on"] or row["due_on"]
    found, at = [], file.first
    for stop in sorted(file.stops, key=lambda one: one.start):
        if stop.start > at:
            found.append(Span(at, stop.start, stands=False))
        found.append(Span(stop.start, stop.end, stands=True))
        if stop.end is None:
            return tuple(found)
        at = max(at, stop.end)
    if last is None or last >= at:
        found.append(Span(at, last, stands=False))
    return tuple(found)
