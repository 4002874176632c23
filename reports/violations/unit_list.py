"""The violation list of one unit, from the folder of a run: it goes out beside its notice and comes back filled in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.vocabulary import load_vocabulary
from reports.output.texts import PAGE, SIGNS, STATUS
from reports.output.workbook import Workbook
from reports.run.kept_inputs import working_days_after
from reports.violations.list_sheet import ListedRow, ListHead, list_sheet
from reports.violations.overdue import hours_over, moment_text
from reports.violations.texts import LIST, OUTCOME, OUTCOME_STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.run.folder import Row, RunFolder

EVIDENCE_SHOWN = 2


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """One problem of a unit.

    Attributes:
        row: its verdict row.
        record: what became of it since earlier evaluations, as `rectification.jsonl` has it; empty where nothing did.
        rectify_by: the day by which it is to be rectified, or None.
    """

    row: Row
    record: Mapping[str, Any]
    rectify_by: date | None


def unit_list(run: RunFolder, problems: Sequence[UnitProblem]) -> bytes:
    """Return the list as a workbook of one sheet, the one that `events.sheets.returned_list` reads.

    Args:
        run: the run.
        problems: the unit's problems, in the order of its notice.
    """
    title = f"{problems[0].row['unit_name'][:40]}{PAGE['title'].zh}"
    rows = [_listed(run, one) for one in problems]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        book = Workbook(path)
        list_sheet(book, LIST["list"].zh, rows, ListHead(title, run.as_of.text, "zh"))
        book.close()
        return path.read_bytes()


def overdue_days(run: RunFolder, row: Row) -> int | None:
    """Return the working days by which a duty is or was overdue, by the calendar that the run kept; None without."""
    if run.kept is None or not row["due_on"]:
        return None
    end = date.fromisoformat(row["met_on"]) if row["met_on"] else run.as_of.day
    return working_days_after(run.kept.working, date.fromisoformat(row["due_on"]), end)


def overdue(run: RunFolder, row: Row) -> int | str | None:
    """Return the working days by which a duty is over; hours, in words, where its limit is in hours."""
    log = run.kept.log if run.kept is not None else {}
    done = [datetime.fromisoformat(str(log[name]["occurred_at"])) for name in row["evidence"] if name in log]
    hours = hours_over(row, run.as_of.moment, done)
    return overdue_days(run, row) if hours is None else hours.zh


def _listed(run: RunFolder, one: UnitProblem) -> ListedRow:
    """Return one row of the sheet."""
    row, record = one.row, one.record
    outcome = str(record.get("outcome") or "")
    made_good = LIST["made_good"].zh if row["status"] == "late" else ""
    values = {
        "unit": row["unit_name"],
        "task": run.title(row),
        "clause": run.cited(row),
        "quote": run.quote(row),
        "problem": _problem(row, mendable=run.mendable(row)),
        "document": "\n".join(run.basis(row)),
        "due": moment_text(row) or _day(row["due_on"]),
        "overdue": overdue(run, row),
        "evidence": _evidence(run, row),
        "rectify_by": one.rectify_by,
        "person": record.get("person"),
        "rectification": record.get("rectification"),
        "done_on": _day(record.get("done_on")),
        "outcome": OUTCOME[outcome].zh if outcome in OUTCOME else made_good,
        "status": f"{SIGNS[row['status']]} {STATUS[row['status']].zh}",
        "obligation": row["obligation"],
        "listed_on": run.as_of.day,
        "set_by": one.rectify_by,
    }
    return ListedRow(row["status"], row["unit"], OUTCOME_STATUS.get(outcome, "met"), values)


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _problem(row: Row, *, mendable: bool) -> str:
    """Return the problem in words: the status, what it is about, the reason, and where it cannot be made good."""
    about = [f"{LIST['subject'].zh}：{row['subject']}"] if row["subject"] else []
    over = [LIST["past"].zh] if row["status"] == "violated" and not mendable else []
    return "\n".join([f"{SIGNS[row['status']]} {STATUS[row['status']].zh}", *about, row["reason"], *over])


def _evidence(run: RunFolder, row: Row) -> str:
    """Return the evidence, an entry a line; of many the first few."""
    names = list(row["evidence"])
    lines = [_entry(run, name) for name in names[:EVIDENCE_SHOWN]]
    if len(names) > EVIDENCE_SHOWN:
        lines.append(f"… {len(names)}")
    return "\n".join(lines) or LIST["no_record"].zh


def _entry(run: RunFolder, name: str) -> str:
    """Return a line about one entry of the log: the day, what it is, about what, and where it is recorded."""
    entry = run.kept.log.get(name) if run.kept is not None else None
    if entry is None:
        return name
    known = load_vocabulary().types.get(entry["type"])
    label = known.label.zh if known is not None else str(entry["type"])
    words = [str(entry["occurred_at"])[:10], label, entry["subject"] or ""]
    place = " ".join(filter(None, (entry["file"], entry["place"])))
    return f"{' '.join(filter(None, words))}（{name}，{place}）"
