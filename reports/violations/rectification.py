"""Rectification of the problems of earlier evaluations: fixed in time, fixed late, or still open.

Nothing here changes a verdict: what the log proves is the log's, and what a unit reported stands beside it as a report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.standing import fallen_entries
from events.normalise.entered import evaluator_unit
from events.sheets.returned_list import ACCEPTED, ORDERED, REPORTED, RETURNED
from reports.output.texts import BREACHES
from reports.violations.texts import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.time.calendar import Calendar
    from reports.run.evaluation import Evaluation, Verdict
    from reports.run.folder import RunFolder
    from rules.units import Registry

Outcome = Literal["in_time", "late", "done", "reported", "returned", "open", "past", "long", "ended"]
Basis = Literal["log", "office", "report"]

LONG = 2
"""A problem that so many earlier evaluations already had, and that is still open, is a long-standing one."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What was recorded about the rectification of one problem.

    Attributes:
        due: the day set for it, or None.
        person: who answers for it, or None.
        text: what was done, in the unit's words; None where nothing was reported.
        done_on: the day on which it was done, as reported.
        judged: whether the evaluating unit accepted or returned what was last reported, or None; with the day.
        events: ids of the entries that say so.
        place: file and place of the last of them.
    """

    due: date | None = None
    person: str | None = None
    text: str | None = None
    done_on: date | None = None
    judged: tuple[str, date] | None = None
    events: tuple[str, ...] = ()
    place: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Item:
    """One problem and what became of it.

    Attributes:
        obligation: its id.
        row: its verdict row now, or of the last earlier evaluation that had it.
        title: what the rule asks.
        status: its status now; None where it is owed no more.
        first: as-of moment of the first evaluation that had the problem.
        times: how many earlier evaluations had it.
        notes: what was recorded about its rectification.
        due: the day by which it is to be rectified, or None where none was set.
        done_on: the day on which it was done, or None.
        basis: whether the log, the evaluating unit or the unit's report says that it was done.
        outcome: what became of it.
    """

    obligation: str
    row: Mapping[str, Any]
    title: str
    status: str | None
    first: str
    times: int
    notes: Notes
    due: date | None
    done_on: date | None
    basis: Basis | None
    outcome: Outcome


@dataclass(frozen=True)
class RectificationState:
    """The state of rectification as of an evaluation, and the settings of its list.

    Attributes:
        items: every problem of earlier evaluations, and every one that something was recorded about; in the order of
            the verdicts, those owed no more last.
        due: the day by which this evaluation's list asks for rectification, or None where no time was set.
        calendar: working days.
        earlier: the earlier evaluations, oldest first.
        sheets_per_unit: whether the list has a sheet for each unit.
    """

    items: tuple[Item, ...]
    due: date | None
    calendar: Calendar
    earlier: tuple[RunFolder, ...]
    sheets_per_unit: bool = False

    def item(self, obligation: str) -> Item | None:
        """Return the item of an obligation, or None where it is a new problem without any record."""
        return next((item for item in self.items if item.obligation == obligation), None)

    def overdue(self, verdict: Verdict, as_of: date) -> int | None:
        """Return the working days by which a duty is or was overdue; None where it has no due date."""
        if verdict.due_on is None:
            return None
        end: date = verdict.row["met_on"] or as_of
        return max(self.calendar.working_days_between(verdict.due_on, end), 0) if end > verdict.due_on else 0

    def counts(self) -> dict[str, int]:
        """Return the number of items by outcome, in the order of `OUTCOME`; outcomes without any are left out."""
        found = [item.outcome for item in self.items]
        return {name: found.count(name) for name in OUTCOME if name in found}


def can_be_mended(verdict: Verdict, evaluation: Evaluation) -> bool:
    """Say whether what is not done can still be done, so that the log shows it; what has happened has happened."""
    found = evaluation.rules.get((verdict.row["book"], verdict.row["rule"]))
    return found is None or found[1].facets.mendable


def recorded_notes(events: pa.Table, moment: datetime, names: Registry) -> dict[str, Notes]:
    """Return what was recorded about rectification by a moment, by obligation; of several entries the last counts.

    Args:
        events: the log (`events.table`).
        moment: what occurred and was recorded by then is seen, and what was corrected or withdrawn by then is not.
        names: the units; what is accepted or returned counts where the evaluator is of another unit that evaluates.
    """
    kinds = events.filter(pc.is_in(events["type"], value_set=pa.array([ORDERED, REPORTED, ACCEPTED, RETURNED])))
    if not kinds.num_rows:
        return {}
    fallen = fallen_entries(events, moment)
    gone = set(fallen["id"].to_pylist())
    rows = [
        row
        for row in kinds.to_pylist()
        if row["occurred_at"] <= moment
        and row["recorded_at"] <= moment
        and row["retracts"] is None
        and row["id"] not in gone
        and (row["type"] in {ORDERED, REPORTED} or _may_judge(row, names))
    ]
    rows.sort(key=lambda row: (row["occurred_at"], row["recorded_at"], row["id"]))
    by_subject: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_subject.setdefault(row["subject"], []).append(row)
    return {subject: _notes(found) for subject, found in by_subject.items()}


def _may_judge(row: Mapping[str, Any], names: Registry) -> bool:
    """Say whether an entry names an evaluator of a unit that evaluates and is not the one judged."""
    judge = evaluator_unit(row["data.evaluator"] or "", names)
    return judge is not None and judge != row["unit"] and names.evaluates(judge)


def _judged(rows: Sequence[Mapping[str, Any]]) -> tuple[str, date] | None:
    """Return what the evaluating unit said of what was last reported, None where it has said nothing since."""
    last = next((row for row in reversed(rows) if row["type"] in {REPORTED, ACCEPTED, RETURNED}), None)
    if last is None or last["type"] == REPORTED:
        return None
    return last["type"], last["occurred_at"].date()


def _notes(rows: Sequence[Mapping[str, Any]]) -> Notes:
    """Return what the entries about one obligation say together, the later ones over the earlier ones."""
    reports = [row for row in rows if row["type"] == REPORTED]
    last = reports[-1] if reports else None
    dues = [row["data.rectify_by"] for row in rows if row["data.rectify_by"]]
    people = [row["data.responsible_person"] for row in rows if row["data.responsible_person"]]
    return Notes(
        due=date.fromisoformat(dues[-1][:10]) if dues else None,
        person=people[-1] if people else None,
        text=last["data.rectification"] if last else None,
        done_on=last["occurred_at"].date() if last else None,
        judged=_judged(rows),
        events=tuple(row["id"] for row in rows),
        place=(rows[-1]["file"], rows[-1]["place"]),
    )


def follow_up(evaluation: Evaluation, earlier: Iterable[RunFolder], notes: Mapping[str, Notes]) -> tuple[Item, ...]:
    """Return what became of every problem of the earlier evaluations, and of every one with a record.

    Args:
        evaluation: the evaluation now.
        earlier: the earlier evaluations, oldest first.
        notes: what was recorded about rectification, by obligation.
    """
    past = list(earlier)
    now = {verdict.row["obligation"]: verdict for verdict in evaluation.verdicts}
    listed = {obligation for one in past for obligation in one.breaches}
    known = listed | {name for name in notes if name in now}
    asked = {part.unit.id for part in evaluation.units} if evaluation.receipt.get("units_asked") is not None else None
    ordered = [name for name in now if name in known] + sorted(known - now.keys())
    items = (_item(name, now.get(name), past, notes.get(name, Notes()), evaluation) for name in ordered)
    return tuple(item for item in items if asked is None or item.row["unit"] in asked)


def _item(
    obligation: str, verdict: Verdict | None, past: Sequence[RunFolder], notes: Notes, evaluation: Evaluation
) -> Item:
    """Return one problem and what became of it."""
    had = [one for one in past if obligation in one.breaches]
    row = verdict.row if verdict is not None else had[-1].breaches[obligation]
    title = verdict.title if verdict is not None else had[-1].title(row)
    status = verdict.status if verdict is not None else None
    due = notes.due or next(
        (one.rectify_by for one in had if one.rectify_by and one.breaches[obligation]["status"] == "violated"), None
    )
    done_on, basis = _done(row, status, notes)
    mendable = verdict is None or can_be_mended(verdict, evaluation)
    state = _State(status, due, done_on, basis, len(had), mendable=mendable)
    outcome = _outcome(state, notes, evaluation.as_of.day)
    first = had[0].as_of.text if had else evaluation.as_of.text
    return Item(obligation, row, title, status, first, len(had), notes, due, done_on, basis, outcome)


def _done(row: Mapping[str, Any], status: str | None, notes: Notes) -> tuple[date | None, Basis | None]:
    """Return the day on which a problem was fixed and who says so: the log, then the office, then the unit's report."""
    if status == "late":
        return row["met_on"], "log"
    if status != "violated":
        return None, None
    if notes.judged is not None and notes.judged[0] == ACCEPTED:
        return notes.done_on or notes.judged[1], "office"
    if notes.done_on is not None and notes.judged is None:
        return notes.done_on, "report"
    return None, None


@dataclass(frozen=True)
class _State:
    """How a problem stands.

    Attributes:
        status: its status now; None where it is owed no more.
        due: the day set for it.
        done_on: when it was fixed.
        basis: by whose word.
        times: how many earlier evaluations had it.
        mendable: whether it can still be done.
    """

    status: str | None
    due: date | None
    done_on: date | None
    basis: Basis | None
    times: int
    mendable: bool


def _outcome(state: _State, notes: Notes, today: date) -> Outcome:
    """Return what became of a problem."""
    if state.status not in BREACHES:
        return "ended"
    if state.basis in {"log", "office"} and state.done_on is not None:
        return "done" if state.due is None else "in_time" if state.done_on <= state.due else "late"
    if notes.judged is not None:
        return "returned"
    if state.basis == "report":
        return "reported"
    if not state.mendable:
        return "past"
    return "long" if (state.due is not None and today > state.due) or state.times >= LONG else "open"
