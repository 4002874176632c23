"""The page of what became of earlier problems: `rectification.html`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reports.pages.html import environment, words
from reports.run.folder import RECORDS
from reports.violations.summary import ledger_values
from reports.violations.texts import LEDGER, LIST, OUTCOME, OUTCOME_MEANING, OUTCOME_STATUS

if TYPE_CHECKING:
    from pathlib import Path

    from reports.run.evaluation import Evaluation
    from reports.violations.rectification import Item, RectificationState

FILE = "rectification.html"
ORDER = tuple(OUTCOME)


def rectification_rows(evaluation: Evaluation, rectification: RectificationState) -> list[dict[str, object]]:
    """Return what the page shows, a problem a row, what needs attention first.

    Returns:
        The columns of `LEDGER`; `key`, the outcome by its name; `colour`, the status whose colour it has; `unit_id`.
    """
    items = sorted(rectification.items, key=lambda item: ORDER.index(item.outcome))
    return [
        {
            **ledger_values(item, evaluation),
            "key": item.outcome,
            "colour": OUTCOME_STATUS[item.outcome],
            "unit_id": item.row["unit"],
            "now": item.status,
        }
        for item in items
    ]


def rectification_page(evaluation: Evaluation, rectification: RectificationState) -> str:
    """Return the page."""
    lang = evaluation.lang
    return (
        environment(lang)
        .get_template("rectification.html.j2")
        .render(
            **words(lang),
            evaluation=evaluation,
            heads={name: text.in_(lang) for name, text in LEDGER.items()},
            l={name: text.in_(lang) for name, text in LIST.items()},
            outcomes={name: text.in_(lang) for name, text in OUTCOME.items()},
            outcome_meaning={name: text.in_(lang) for name, text in OUTCOME_MEANING.items()},
            outcome_status=OUTCOME_STATUS,
            numbers=rectification.counts(),
            earlier=rectification.earlier,
            rows=rectification_rows(evaluation, rectification),
            linked={part.unit.id for part in evaluation.units},
        )
    )


def write_page(evaluation: Evaluation, rectification: RectificationState, folder: Path) -> None:
    """Write `rectification.html` and `rectification.jsonl`, where there is something to follow up."""
    if rectification.items or rectification.earlier:
        page = rectification_page(evaluation, rectification)
        (folder / FILE).write_text(page, encoding="utf-8", newline="\n")
        lines = [json.dumps(_record(item), ensure_ascii=False) + "\n" for item in rectification.items]
        (folder / RECORDS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _record(item: Item) -> dict[str, object]:
    """Return an item as a program reads it."""
    return {
        "obligation": item.obligation,
        "outcome": item.outcome,
        "status": item.status,
        "first": item.first,
        "times": item.times,
        "due": str(item.due) if item.due is not None else None,
        "done_on": str(item.done_on) if item.done_on is not None else None,
        "basis": item.basis,
        "person": item.notes.person,
        "rectification": item.notes.text,
        "events": list(item.notes.events),
    }
