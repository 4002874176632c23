"""Filling the tables from the log: what it cannot say stays blank and is listed, and is never 0."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.figures import WHY_NOT, fill_figures, prefilled
from reports.annual.form import APPLICANTS, COLUMNS, DISPUTES, RESULTS, TOTAL, Form, four, three
from reports.annual.log import HEADED, REGISTERS, Dispute, InformationRequest, UnitLog
from reports.annual.report import AnnualReport, Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BOUNDARY = ("received", "carried_in")
"""The rows that a request without a receipt may belong to, nobody knows which."""

NO_REGISTER = Text(
    "台账没有{what}的记录，也没有“台账确认”：是没有发生，还是没有登记，无从得知。确认没有发生的，登记一条“台账确认”",
    "the log has no {what} and no register.confirmed: whether there were none is not known. "
    "If there were none, log register.confirmed",
)


@dataclass(slots=True)
class _Filling:
    """Cells as they are filled: counts, and the reasons for which a cell cannot be told."""

    form: Form
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unknown: dict[str, list[tuple[Text, str]]] = field(default_factory=lambda: defaultdict(list))

    def doubt(self, cells: Iterable[str], why: Text, event: str) -> None:
        """Say that cells cannot be told because of what an entry lacks."""
        for cell in cells:
            self.unknown[cell].append((why, event))

    def gaps(self) -> list[Gap]:
        """Return the gaps, one for each reason."""
        cells: dict[Text, dict[str, None]] = defaultdict(dict)
        events: dict[Text, dict[str, None]] = defaultdict(dict)
        for cell in self.form.labels:
            for why, event in self.unknown.get(cell, ()):
                cells[why][cell] = None
                if event:
                    events[why][event] = None
        return [Gap(tuple(cells[why]), why, tuple(events[why])) for why in cells]


def fill_report(unit: str, name: str, year: int, form: Form, log: UnitLog) -> AnnualReport:
    """Return a unit's report of a year as far as its log can say it.

    Args:
        unit: id of the unit.
        name: its name.
        year: the report year.
        form: the form of that year.
        log: what the log says of the unit.
    """
    filling = _Filling(form)
    _fill_requests(filling, log, year)
    _fill_disputes(filling, log, year)
    figures, doubts = fill_figures(form, log, year)
    for cell, why in doubts.items():
        filling.doubt([cell], why, "")
    cells: dict[str, float | None] = {}
    for key in form.labels:
        known = figures.get(key) if key.startswith("two.") else float(filling.counts.get(key, 0))
        cells[key] = None if key in filling.unknown else known
    notes = tuple(note for note in log.notes if note.year == year)
    set_cells = prefilled(form, log, year)
    zeros = (Gap(set_cells, WHY_NOT),) if set_cells else ()
    return AnnualReport(unit, name, year, form, cells, tuple(filling.gaps()), notes, _facts(log, year), prefilled=zeros)


def _fill_requests(filling: _Filling, log: UnitLog, year: int) -> None:
    """Fill table three: each request that was received or open in the year, in the rows where it counts."""
    rows = [row.id for row in filling.form.rows]
    if not log.covers(REGISTERS[0], year):
        what = Text("政府信息公开申请", "request for information")
        filling.doubt(_cells(rows), _no_register(what), "")
        return
    if not log.reaches_before(REGISTERS[0], year):
        why = Text(
            "台账没有上一年的申请记录，上年结转数无从得知。请补登上年未办结的申请；没有的，登记上一年的“台账确认”",
            "the log has no requests of earlier years, so what was carried over is not known. "
            "Log those that were open, or register.confirmed of the year before",
        )
        filling.doubt(_cells(["carried_in"]), why, "")
    for request in log.requests:
        _count_request(filling, request, year)


def _count_request(filling: _Filling, request: InformationRequest, year: int) -> None:
    """Count a request in the rows of its receipt and its end."""
    start, after = date(year, 1, 1), date(year + 1, 1, 1)
    answered_now = request.answered is not None and start <= request.answered < after
    event = request.events[-1]
    if request.received is None:
        why = Text(
            "有的申请只有答复，没有收到的记录：请补登收到申请", "answers without a receipt: log when they were received"
        )
        if answered_now:
            filling.doubt(_cells(BOUNDARY), why, event)
        elif request.answered is not None and request.answered.year == year + 1:
            filling.doubt(_cells(["carried_out"]), why, event)
    elif start <= request.received < after:
        _count(filling, "received", request)
    elif request.open_at(start):
        _count(filling, "carried_in", request)
    if answered_now:
        _count(filling, "handled", request)
        _count_outcome(filling, request)
    elif request.open_at(after):
        _count(filling, "carried_out", request)


def _count(filling: _Filling, row: str, request: InformationRequest) -> None:
    """Count a request in a row: in its applicant's column and the total."""
    filling.counts[three(row, TOTAL)] += 1
    if request.applicant in APPLICANTS:
        filling.counts[three(row, request.applicant)] += 1
    else:
        why = Text(
            "有的申请没有登记申请人类型，或者登记的不是表上的六类：请补登",
            "requests without the kind of applicant, or with one that the form does not have: log it",
        )
        filling.doubt((three(row, column) for column in APPLICANTS), why, request.events[0])


def _count_outcome(filling: _Filling, request: InformationRequest) -> None:
    """Count an answer in the row of its outcome; where that is not known, no row that it may be in can be told."""
    form, event = filling.form, request.events[-1]
    row = form.row_of.get(request.outcome or "")
    if row is not None:
        _count(filling, row, request)
        return
    rows = form.groups.get(request.outcome or "", form.leaves)
    columns = (request.applicant, TOTAL) if request.applicant in APPLICANTS else (*APPLICANTS, TOTAL)
    why = Text(
        "有的答复没有登记办理结果，或者没有写明是哪一项：请补登到表三的一行",
        "answers without an outcome, or without saying which row of table three it is: log it",
    )
    filling.doubt((three(one, column) for one in rows for column in columns), why, event)


def _cells(rows: Iterable[str]) -> list[str]:
    """Return the keys of all cells of rows of table three."""
    return [three(row, column.id) for row in rows for column in COLUMNS]


def _fill_disputes(filling: _Filling, log: UnitLog, year: int) -> None:
    """Fill table four: the cases that ended in the year, and those that were open at its end."""
    if not log.covers(REGISTERS[1], year):
        what = Text("行政复议、行政诉讼", "reconsideration or lawsuit")
        filling.doubt((four(one.id, two.id) for one in DISPUTES for two in RESULTS), _no_register(what), "")
        return
    for dispute in log.disputes:
        _count_dispute(filling, dispute, year)


def _count_dispute(filling: _Filling, dispute: Dispute, year: int) -> None:
    """Count a case in the column of its result, or as open."""
    opened, closed = dispute.opened, dispute.closed
    column = None
    if closed is not None and closed.year == year:
        column = dispute.result or "unknown"
    elif opened is not None and opened.year <= year and (closed is None or closed.year > year):
        column = "open"
    if column is None:
        return
    event = dispute.events[-1]
    if dispute.kind is None:
        why = Text("有的案件没有登记案件类型：请补登", "cases whose kind was not logged: log it")
        columns = [column, TOTAL] if column != "unknown" else [result.id for result in RESULTS]
        filling.doubt((four(one.id, two) for one in DISPUTES for two in columns), why, event)
        return
    filling.counts[four(dispute.kind, TOTAL)] += 1
    if column == "unknown":
        why = Text("有的案件没有登记结果：请补登", "cases whose result was not logged: log it")
        filling.doubt((four(dispute.kind, result.id) for result in RESULTS[:3]), why, event)
    else:
        filling.counts[four(dispute.kind, column)] += 1


def _no_register(what: Text) -> Text:
    return Text(NO_REGISTER.zh.format(what=what.zh), NO_REGISTER.en.format(what=what.en))


FACTS = {
    "information.published": "published",
    "review.completed": "reviewed",
    "training.held": "trainings",
    "press_conference.held": "press_conferences",
    HEADED: "headed",
    "policy.interpreted": "interpreted",
    "account.updated": "account_updates",
    "open_day.held": "open_days",
}
"""What the text says besides the tables, by what is counted in the log."""


def _facts(log: UnitLog, year: int) -> Mapping[str, float]:
    """Return the figures of the text that the log has; where nothing of a sort was logged, nothing is known of it."""
    found = {name: float(number) for kind, name in FACTS.items() if (number := log.number(kind, year))}
    fees = log.fees.get(year, ())
    amounts = [fee for fee in fees if fee is not None]
    if log.covers(REGISTERS[0], year) and len(amounts) == len(fees):
        found |= {"fee_cases": float(len(fees)), "fee_amount": float(sum(amounts))}
    return found
