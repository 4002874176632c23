"""The pages: an overview of units and clauses, and a page a unit; each is one file that needs no network."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.texts import BREACHES, MEANING, MODALITY, PAGE, SECTIONS, SIGNS, STATUS, WORST_FIRST

if TYPE_CHECKING:
    from pathlib import Path

    from events.problems import Lang
    from reports.evaluation import Evaluation, UnitPart, Verdict
    from rules.book import Book

OPEN_SECTIONS = ("violated", "late", "unassessed", "pending")
"""Sections of a unit's page that stand open; the others unfold."""


@cache
def environment() -> Environment:
    """Return the templates; everything put into them is escaped."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def words(lang: Lang) -> dict[str, object]:
    """Return what every page says, in one language."""
    return {
        "lang": {"zh": "zh-CN", "en": "en"}[lang],
        "t": {name: text.in_(lang) for name, text in PAGE.items()},
        "status_words": {name: text.in_(lang) for name, text in STATUS.items()},
        "meaning": {name: text.in_(lang) for name, text in MEANING.items()},
        "modality": {name: text.in_(lang) for name, text in MODALITY.items()},
        "sections": {name: text.in_(lang) for name, text in SECTIONS.items()},
        "said": lambda text: text.in_(lang),
        "signs": SIGNS,
        "worst_first": WORST_FIRST,
        "open_sections": OPEN_SECTIONS,
    }


def clause_title(evaluation: Evaluation, book: Book, clause: str) -> str:
    """Return what the rules of a clause ask, joined."""
    titles = [rule.title.text().in_(evaluation.lang) for rule in book.rules if rule.clause == clause]
    return "；".join(titles) if evaluation.lang == "zh" else "; ".join(titles)


def _readings(evaluation: Evaluation) -> list[tuple[str, str, str, str]]:
    """Return the readings in use: clause, title, name and reason."""
    found = []
    for book in evaluation.books:
        for rule in book.rules:
            if rule.readings is not None and rule.id in book.readings:
                name = book.readings[rule.id]
                reason = rule.readings.choices[name].reason.text().in_(evaluation.lang)
                found.append((rule.clause, rule.title.text().in_(evaluation.lang), name, reason))
    return found


def _rows(evaluation: Evaluation) -> list[tuple[UnitPart, list[tuple[str, str, int] | None]]]:
    """Return the matrix: for each unit, per clause, (clause, status, number) or None where it owes nothing."""
    clauses = evaluation.clauses()
    rows = []
    for part in evaluation.units:
        cells: list[tuple[str, str, int] | None] = []
        for book, clause in clauses:
            cell = part.cell(book.id, clause)
            cells.append((clause, *cell) if cell is not None else None)
        rows.append((part, cells))
    return rows


def _by_clause(evaluation: Evaluation) -> list[tuple[str, str, str, dict[str, int]]]:
    """Return for each clause its book's document, id, titles and counts by status."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for verdict in evaluation.verdicts:
        by_status = counts.setdefault((verdict.row["book"], verdict.clause), {})
        by_status[verdict.status] = by_status.get(verdict.status, 0) + 1
    return [
        (book.document, clause, clause_title(evaluation, book, clause), counts.get((book.id, clause), {}))
        for book, clause in evaluation.clauses()
    ]


def _breaches(part: UnitPart) -> list[Verdict]:
    """Return what is violated or late in one unit."""
    return [verdict for verdict in part.verdicts if verdict.status in BREACHES]


def overview(evaluation: Evaluation) -> str:
    """Return the overview page: totals, the matrix of units and clauses, what the signs mean, the violations."""
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            **words(evaluation.lang),
            evaluation=evaluation,
            counts=evaluation.status_counts(),
            columns=[(clause, clause_title(evaluation, book, clause)) for book, clause in evaluation.clauses()],
            rows=_rows(evaluation),
            by_clause=_by_clause(evaluation),
            readings=_readings(evaluation),
            breaches=[(part, found) for part in evaluation.units if (found := _breaches(part))],
        )
    )


def unit_page(evaluation: Evaluation, part: UnitPart) -> str:
    """Return the page of one unit: what needs attention first, each verdict with words, evidence and derivation."""
    owed = {verdict.row["rule"] for verdict in part.verdicts}
    return (
        environment()
        .get_template("unit.html.j2")
        .render(
            **words(evaluation.lang),
            evaluation=evaluation,
            part=part,
            counts=part.counts(),
            rules=[(book, rule) for book in evaluation.books for rule in book.rules if rule.id in owed],
        )
    )


def write_pages(evaluation: Evaluation, folder: Path) -> None:
    """Write `index.html` and `units/<id>.html`."""
    (folder / "index.html").write_text(overview(evaluation), encoding="utf-8", newline="\n")
    units = folder / "units"
    units.mkdir()
    for part in evaluation.units:
        # the registry lets ids be lower-case letters, digits and hyphens only
        (units / f"{part.unit.id}.html").write_text(unit_page(evaluation, part), encoding="utf-8", newline="\n")
