"""The page of a unit: what needs attention first, each verdict with words, evidence and derivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.output.texts import SECTIONS
from reports.pages.anchors import anchor
from reports.scoring.words import score_words

if TYPE_CHECKING:
    from reports.run.evaluation import Evaluation, UnitPart, Verdict
    from reports.scoring.scores import Scoring
    from rules.book import Book
    from rules.model import Rule

OPEN_SECTIONS = ("violated", "late", "unassessed", "pending")
"""Sections of a unit's page that stand open; the others unfold."""

BRIEF = ("not_taken", "met", "not_applicable")
"""Sections whose verdicts stand in tables, a table a rule; in the others each has a card."""


def _by_rule(
    verdicts: tuple[Verdict, ...], rules: dict[tuple[str, str], tuple[Book, Rule]]
) -> list[tuple[Book, Rule, list[Verdict]]]:
    """Return the verdicts by rule, in their order."""
    found: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault((verdict.row["book"], verdict.row["rule"]), []).append(verdict)
    return [(*rules[key], group) for key, group in found.items()]


def unit_page(evaluation: Evaluation, part: UnitPart, scoring: Scoring | None = None) -> dict[str, object]:
    """Return what the template of a unit needs."""
    places: dict[str, str] = {}
    sections: list[tuple[str, list[Verdict], list[tuple[Book, Rule, list[Verdict]]]]] = []
    seen: set[str] = set()
    for status in SECTIONS:
        found = part.of(status)
        if not found:
            continue
        for verdict in found:  # a link to a clause leads to what needs most attention under it
            place = anchor(verdict.row["book"], verdict.clause)
            if place not in seen:
                seen.add(place)
                places[verdict.row["obligation"]] = place
        sections.append((status, list(found), _by_rule(found, evaluation.rules) if status in BRIEF else []))
    return {
        "part": part,
        "counts": part.counts(),
        "parts": sections,
        "places": places,
        "score": scoring.of(part.unit.id) if scoring is not None else None,
        **score_words(evaluation.lang, scoring),
        "open_sections": OPEN_SECTIONS,
    }
