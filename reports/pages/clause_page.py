"""The page of clauses: each clause with its words, who leads, and who has not kept it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.output.texts import BREACHES, WORST_FIRST
from reports.pages.anchors import anchor
from reports.pages.overview import clause_title
from reports.run.evaluation import count_statuses

if TYPE_CHECKING:
    from reports.run.evaluation import Evaluation, UnitPart, Verdict


def _owed(evaluation: Evaluation) -> dict[tuple[str, str], list[tuple[UnitPart, Verdict]]]:
    """Return the verdicts by book and clause, in the order of the units."""
    owed: dict[tuple[str, str], list[tuple[UnitPart, Verdict]]] = {}
    for part in evaluation.units:
        for verdict in part.verdicts:
            owed.setdefault((verdict.row["book"], verdict.clause), []).append((part, verdict))
    return owed


def _others(pairs: list[tuple[UnitPart, Verdict]]) -> list[tuple[str, list[tuple[UnitPart, int]]]]:
    """Return for each status that is no breach the units that have it, with how many."""
    found: dict[str, dict[str, tuple[UnitPart, int]]] = {}
    for part, verdict in pairs:
        units = found.setdefault(verdict.status, {})
        units[part.unit.id] = (part, units.get(part.unit.id, (part, 0))[1] + 1)
    return [
        (status, list(found[status].values())) for status in WORST_FIRST if status in found and status not in BREACHES
    ]


def clauses_page(evaluation: Evaluation) -> dict[str, object]:
    """Return what the template of the clauses needs; clauses without a rule are there with the reason."""
    owed = _owed(evaluation)
    books = []
    for book in evaluation.books:
        clauses = []
        for clause in book.clauses:
            pairs = owed.get((book.id, clause.id), [])
            all_breaches = [(part, verdict) for part, verdict in pairs if verdict.status in BREACHES]
            breaches = [(part, verdict) for part, verdict in all_breaches if part.filed]
            unheard = {part.unit.id: part for part, _ in all_breaches if not part.filed}
            clauses.append(
                {
                    "clause": clause,
                    "place": anchor(book.id, clause.id),
                    "title": clause_title(book, clause.id, evaluation.lang),
                    "counts": count_statuses(verdict for _, verdict in pairs),
                    "breaches": breaches,
                    "unheard": list(unheard.values()),
                    "others": _others(pairs),
                }
            )
        books.append((book, clauses))
    return {"books": books}
