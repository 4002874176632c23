"""Requests, disputes, documents and figures: one record each, and what is odd about them.

Which entry counts where several say the same thing is docs/decisions/0011-annual-report.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.standing import fallen_entries
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

EVER = datetime.max  # noqa: DTZ901 - local time without a zone, as everywhere in the log
REGISTERS = ("request_register", "dispute_register", "document_register")
PREFIXES = {"request.": REGISTERS[0], "dispute.": REGISTERS[1]}
CONFIRMED = (None, "ordinary_mail", "internet", "fax")
"""Channels whose requests are received when both sides have confirmed that, as in the clock of the reply rule."""

HEADED = "press_conference.held by the head"
"""Under which press conferences that the head of the unit spoke at are counted."""

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the log that a person should look at: about what, what is odd, and the entries that say it."""

    subject: str
    text: Text
    events: tuple[str, ...]
    year: int


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """A request for information as the log knows it.

    Attributes:
        subject: its number.
        received: the day of receipt, or None where only its answer was logged.
        answered: the day of its first answer, or None while it is open.
        applicant: the kind of applicant, or None where it was not logged.
        outcome: the kind of the answer, or None where it was not logged.
        events: ids of the receipt and the answer.
    """

    subject: str
    received: date | None
    answered: date | None
    applicant: str | None
    outcome: str | None
    events: tuple[str, ...]

    def open_at(self, day: date) -> bool:
        """Say whether it had been received before a day and was not answered before it."""
        return self.received is not None and self.received < day and (self.answered is None or self.answered >= day)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A reconsideration or lawsuit: its number, kind, first and last day as far as known, and result."""

    subject: str
    kind: str | None
    opened: date | None
    closed: date | None
    result: str | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitLog:
    """What the log says of one unit.

    Attributes:
        requests: its requests, by number.
        disputes: its cases, by number.
        figures: the reported figures, by year and name.
        normative: days on which normative documents were issued, and repealed.
        confirmed: the registers that were confirmed to be complete, by year.
        kept: the first day with an entry, by register.
        years: the years with any entry.
        counts: number of entries by type and year.
        fees: the fees paid for handling requests, in yuan, by year.
        notes: what is odd, in the order of the subjects.
    """

    requests: tuple[InformationRequest, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    figures: Mapping[tuple[int, str], float] = field(default_factory=dict)
    normative: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    confirmed: Mapping[int, frozenset[str]] = field(default_factory=dict)
    kept: Mapping[str, date] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    fees: Mapping[int, tuple[float | None, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def covers(self, register: str, year: int) -> bool:
        """Say whether what the log does not have did not happen.

        That is so where the unit confirmed the register of the year, or keeps it in the log and logged something in
        the year.
        """
        if register in self.confirmed.get(year, ()):
            return True
        start = self.kept.get(register)
        return start is not None and start.year <= year and year in self.years

    def reaches_before(self, register: str, year: int) -> bool:
        """Say whether the register goes back to before a year, so that what was open at its start is known."""
        start = self.kept.get(register)
        if start is not None and start.year < year:
            return True
        return any(register in registers for one, registers in self.confirmed.items() if one < year)

    def number(self, kind: str, year: int) -> int:
        """Return how many entries of a type there are in a year."""
        return self.counts.get((kind, year), 0)


def read_log(events: pa.Table, as_of: datetime = EVER) -> dict[str, UnitLog]:
    """Return what the log says of each unit, from the entries that stand as of a moment.

    Args:
        events: the table of events.
        as_of: what was recorded later is not seen; everything counts by default.
    """
    standing = _standing(events, as_of)
    by_unit: dict[str, list[Entry]] = defaultdict(list)
    for entry in standing:
        by_unit[entry["unit"]].append(entry)
    return {unit: _unit_log(entries) for unit, entries in sorted(by_unit.items())}


def _standing(events: pa.Table, as_of: datetime) -> list[Entry]:
    """Return the entries that stand, in the order of time and id."""
    fallen = fallen_entries(events, as_of)
    moment = pa.scalar(as_of, pa.timestamp("us"))
    seen = pc.and_(pc.less_equal(events["recorded_at"], moment), pc.less_equal(events["occurred_at"], moment))
    stands = pc.and_(pc.invert(pc.is_in(events["id"], fallen["id"].combine_chunks())), pc.is_null(events["retracts"]))
    columns = ["id", "type", "unit", "subject", "occurred_at"]
    columns += [f"data.{name}" for name in ("applicant", "outcome", "channel", "dispute", "dispute_result", "figure")]
    columns += [f"data.{name}" for name in ("value", "year", "registers", "normative", "attendees", "fee")]
    rows = events.select(columns).filter(pc.and_(seen, stands)).to_pylist()
    return sorted(rows, key=lambda row: (row["occurred_at"], row["id"]))


def _unit_log(entries: Sequence[Entry]) -> UnitLog:
    """Return the records of one unit's entries, which are in the order of time."""
    notes: list[Note] = []
    confirmed: dict[int, frozenset[str]] = defaultdict(frozenset)
    kept: dict[str, date] = {}
    figures: dict[tuple[int, str], float] = {}
    normative: dict[str, tuple[date, ...]] = {}
    counts: dict[tuple[str, int], int] = defaultdict(int)
    fees: dict[int, tuple[float | None, ...]] = {}
    for entry in entries:
        kind, day = entry["type"], entry["occurred_at"].date()
        counts[kind, day.year] += 1
        if kind == "press_conference.held" and "head" in (entry["data.attendees"] or ()):
            counts[HEADED, day.year] += 1
        year = entry["data.year"] or day.year
        for prefix, register in PREFIXES.items():
            if kind.startswith(prefix):
                kept.setdefault(register, day)
        if kind == "register.confirmed":
            confirmed[year] |= frozenset(entry["data.registers"] or REGISTERS)
        elif kind == "report_figure.reported" and entry["data.figure"] and entry["data.value"] is not None:
            figures[year, entry["data.figure"]] = entry["data.value"]
        elif kind == "request.fee_paid":
            fees[year] = (*fees.get(year, ()), entry["data.fee"])
        elif kind in {"policy.issued", "policy.repealed"} and entry["data.normative"]:
            kept.setdefault(REGISTERS[2], day)
            normative[kind] = (*normative.get(kind, ()), day)
    years = frozenset(entry["occurred_at"].year for entry in entries)
    requests, disputes = _requests(entries, notes), _disputes(entries, notes)
    return UnitLog(requests, disputes, figures, normative, confirmed, kept, years, counts, fees, tuple(notes))


def _by_subject(entries: Iterable[Entry], prefix: str) -> list[tuple[str, list[Entry]]]:
    """Return the entries of a sort by their subjects, in the order of these."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry["type"].startswith(prefix) and entry["subject"] is not None:
            found[entry["subject"]].append(entry)
    return sorted(found.items())


def _requests(entries: Sequence[Entry], notes: list[Note]) -> tuple[InformationRequest, ...]:
    """Return each request: its first receipt, and its first answer that is not before that.

    A number that is received again after its answer is a request of its own; before it, it is the same request.
    """
    found = []
    for subject, own in _by_subject(entries, "request."):
        answers = [entry for entry in own if entry["type"] == "request.answered"]
        rounds = _rounds([entry for entry in own if entry["type"] == "request.received"], answers)
        if not rounds and answers:
            _note(notes, answers[:1], "只有答复，没有收到申请的记录", "answered, but no receipt is logged")
            rounds = [[]]
        for number, receipts in enumerate(rounds):
            last = rounds[number + 1][0]["occurred_at"] if number + 1 < len(rounds) else None
            theirs = [one for one in answers if last is None or one["occurred_at"] <= last]
            answers = [one for one in answers if one not in theirs]
            found.append(_request(subject, receipts, theirs, own, notes))
    return tuple(found)


def _rounds(receipts: Sequence[Entry], answers: Sequence[Entry]) -> list[list[Entry]]:
    """Return the receipts of one number, those of each request together."""
    rounds: list[list[Entry]] = []
    for receipt in receipts:
        before, at = rounds[-1][-1]["occurred_at"] if rounds else None, receipt["occurred_at"]
        days = [one["occurred_at"].date() for one in answers]
        if before is None or (before < at and any(before.date() <= day <= at.date() for day in days)):
            rounds.append([])
        rounds[-1].append(receipt)
    return rounds


def _request(
    subject: str, receipts: Sequence[Entry], answers: Sequence[Entry], own: Sequence[Entry], notes: list[Note]
) -> InformationRequest:
    """Return one request, and note what is not counted of it."""
    received = _receipt_day(receipts[0], own) if receipts else None
    fitting = [one for one in answers if received is None or one["occurred_at"].date() >= received]
    answer = fitting[0] if fitting else None
    if len(receipts) > 1:
        _note(notes, receipts[1:], "重复登记收到申请，只计第一次", "received again: the first receipt counts")
    if early := [one for one in answers if one not in fitting]:
        _note(notes, early, "答复早于收到申请，不计入", "answered before it was received: not counted")
    if fitting[1:]:
        _note(notes, fitting[1:], "再次答复，只计第一次答复", "answered again: the first answer counts")
    head = receipts[0] if receipts else answers[0]
    events = tuple(entry["id"] for entry in (*receipts[:1], *fitting[:1]))
    closed = (answer["occurred_at"].date(), answer["data.outcome"]) if answer is not None else (None, None)
    return InformationRequest(subject, received, closed[0], head["data.applicant"], closed[1], events)


def _receipt_day(receipt: Entry, own: Sequence[Entry]) -> date:
    """Return the day of receipt: for some channels that of the confirmation with the applicant (art. 31)."""
    day: date = receipt["occurred_at"].date()
    if receipt["data.channel"] not in CONFIRMED:
        return day
    confirmed = [one["occurred_at"].date() for one in own if one["type"] == "request.confirmed"]
    return min((one for one in confirmed if one >= day), default=day)


def _disputes(entries: Sequence[Entry], notes: list[Note]) -> tuple[Dispute, ...]:
    """Return each case: its first day, and its first end that is not before that."""
    found = []
    for subject, own in _by_subject(entries, "dispute."):
        opened = [entry for entry in own if entry["type"] == "dispute.opened"]
        closed = [entry for entry in own if entry["type"] == "dispute.closed"]
        first = opened[0]["occurred_at"].date() if opened else None
        fitting = [one for one in closed if first is None or one["occurred_at"].date() >= first]
        if early := [one for one in closed if one not in fitting]:
            _note(notes, early, "审结早于立案，不计入", "closed before it was opened: not counted")
        if fitting[1:]:
            _note(notes, fitting[1:], "再次审结，只计第一次", "closed again: the first end counts")
        used = (*opened[:1], *fitting[:1])
        kinds = [entry["data.dispute"] for entry in used if entry["data.dispute"]]
        last = fitting[0] if fitting else None
        end = last["occurred_at"].date() if last is not None else None
        result = last["data.dispute_result"] if last is not None else None
        if used:
            ids = tuple(entry["id"] for entry in used)
            found.append(Dispute(subject, kinds[0] if kinds else None, first, end, result, ids))
    return tuple(found)


def _note(notes: list[Note], entries: Sequence[Entry], zh: str, en: str) -> None:
    """Add a note on entries about one subject."""
    first = entries[0]
    text = Text(f"{first['subject']}：{zh}", f"{first['subject']}: {en}")
    events = tuple(entry["id"] for entry in entries)
    notes.append(Note(first["subject"], text, events, first["occurred_at"].year))
