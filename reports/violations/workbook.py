"""The violation list for people: a workbook to filter, print, fill in and hand back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.explain.record import moment_of
from reports.output.texts import PAGE, SIGNS, STATUS
from reports.output.workbook import Workbook
from reports.violations.list_sheet import ListedRow, ListHead, list_sheet
from reports.violations.overdue import hours_over, moment_text
from reports.violations.rectification import can_be_mended
from reports.violations.summary import add_about, add_ledger, add_summary
from reports.violations.texts import LIST, OUTCOME, OUTCOME_STATUS

if TYPE_CHECKING:
    from pathlib import Path

    from reports.run.evaluation import Evaluation, Verdict
    from reports.violations.rectification import Item, RectificationState

EVIDENCE_SHOWN = 2
SHEET_NAME = 31
"""How long the name of a sheet may be."""

_REFUSED = re.compile(r"[\[\]:*?/\\\x00-\x1f\u202a-\u202e\u2066-\u2069]")


def write_xlsx(evaluation: Evaluation, rectification: RectificationState, path: Path) -> None:
    """Write the violation list as a workbook.

    Its sheets: the list, the counts with charts, what became of earlier problems, what the words mean, and a list for
    each unit where that is asked for.
    """
    book = Workbook(path)
    lang = evaluation.lang
    rows = _rows(evaluation, rectification)
    head = ListHead(f"{evaluation.registry.name[:40]}{PAGE['title'].in_(lang)}", evaluation.as_of.text, lang)
    list_sheet(book, LIST["list"].in_(lang), rows, head)
    add_summary(book, evaluation, rectification)
    if rectification.items or rectification.earlier:
        add_ledger(book, evaluation, rectification)
    add_about(book, evaluation, rectification)
    if rectification.sheets_per_unit:
        taken = {sheet.get_name().casefold() for sheet in book.workbook.worksheets()}
        for part in evaluation.units:
            own = [row for row in rows if row.unit == part.unit.id]
            if own:
                list_sheet(book, sheet_name(part.unit.name, taken), own, head)
    book.close()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a sheet may have, unlike those taken, and take it."""
    plain = _REFUSED.sub("_", name).strip("' ") or "_"
    chosen, number = plain[:SHEET_NAME], 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{plain[: SHEET_NAME - 4]}~{number}"
    taken.add(chosen.casefold())
    return chosen


def _rows(evaluation: Evaluation, rectification: RectificationState) -> list[ListedRow]:
    """Return the rows of the list, by unit in the order of the registry."""
    items = {item.obligation: item for item in rectification.items}
    found = []
    for verdict in evaluation.breaches():
        item = items.get(verdict.row["obligation"])
        shown = OUTCOME_STATUS[item.outcome] if item is not None else "met"
        values = _values(verdict, item, evaluation, rectification)
        found.append(ListedRow(verdict.status, verdict.row["unit"], shown, values))
    return found


def _values(
    verdict: Verdict, item: Item | None, evaluation: Evaluation, rectification: RectificationState
) -> dict[str, object]:
    """Return what the columns of one row show, its number apart."""
    lang = evaluation.lang
    notes = item.notes if item is not None else None
    open_ = verdict.status == "violated"
    listed = item.due if item is not None and item.due is not None else rectification.due if open_ else None
    return {
        "unit": verdict.row["unit_name"],
        "task": verdict.title,
        "clause": verdict.cited,
        "quote": verdict.quote,
        "problem": _problem(verdict, evaluation),
        "document": "\n".join(evaluation.grounds.basis(verdict.row)),
        "due": moment_text(verdict.row) or verdict.due_on,
        "overdue": _overdue(verdict, evaluation, rectification),
        "evidence": _evidence(verdict, evaluation),
        "rectify_by": listed,
        "person": notes.person if notes is not None else None,
        "rectification": notes.text if notes is not None else None,
        "done_on": notes.done_on if notes is not None else None,
        "outcome": _outcome(verdict, item, evaluation),
        "status": f"{SIGNS[verdict.status]} {STATUS[verdict.status].in_(lang)}",
        "obligation": verdict.row["obligation"],
        "listed_on": evaluation.as_of.day,
        "set_by": listed,
    }


def _problem(verdict: Verdict, evaluation: Evaluation) -> str:
    """Return the problem in words: the status, what it is about, the reason, and what was not enough and why."""
    lang = evaluation.lang
    subject = verdict.row["subject"]
    colon = "：" if lang == "zh" else ": "
    about = [f"{LIST['subject'].in_(lang)}{colon}{subject}"] if subject else []
    status = f"{SIGNS[verdict.status]} {STATUS[verdict.status].in_(lang)}"
    return "\n".join([status, *about, verdict.row["reason"], *evaluation.grounds.not_enough(verdict.row)])


def _overdue(verdict: Verdict, evaluation: Evaluation, rectification: RectificationState) -> object:
    """Return by how many working days a duty is over; hours, in words, where its limit is in hours."""
    acts = evaluation.grounds.sources.record.named(verdict.row["evidence"]).values()
    hours = hours_over(verdict.row, evaluation.as_of.moment, [moment_of(act) for act in acts])
    return rectification.overdue(verdict, evaluation.as_of.day) if hours is None else hours.in_(evaluation.lang)


def _evidence(verdict: Verdict, evaluation: Evaluation) -> str:
    """Return the evidence, an entry a line; of many the first few, the derivation on the unit's page has all."""
    lines = list(verdict.evidence[:EVIDENCE_SHOWN])
    if len(verdict.evidence) > EVIDENCE_SHOWN:
        lines.append(f"… {len(verdict.evidence)}")
    return "\n".join(lines) or LIST["no_record"].in_(evaluation.lang)


def _outcome(verdict: Verdict, item: Item | None, evaluation: Evaluation) -> str:
    """Return what became of a problem that was known before, or that a new problem is made good already."""
    lang = evaluation.lang
    if item is not None:
        return OUTCOME[item.outcome].in_(lang)
    if verdict.status == "violated" and not can_be_mended(verdict, evaluation):
        return OUTCOME["past"].in_(lang)
    return LIST["made_good"].in_(lang) if verdict.status == "late" else ""
