"""The page of a unit: what to do first, each open verdict with its words and evidence, the rest folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.output.texts import SECTIONS
from reports.pages.anchors import anchor
from reports.scoring.words import score_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.pages.to_see import ToSeeTo
    from reports.run.evaluation import Evaluation, UnitPart, Verdict
    from reports.scoring.scores import Scoring
    from rules.book import Book
    from rules.model import Rule

OPEN_SECTIONS = ("violated", "late", "unassessed", "pending")
"""Sections of a unit's page that stand open; the others unfold."""

BRIEF = ("not_taken", "met", "not_applicable")
"""Sections whose verdicts stand in tables, a table a rule; in the others each has a card."""

SHOWN = 8
"""How many verdicts of a rule a table has; of the others only their number is said."""


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The verdicts of one rule in a table: the first of them, and how many others there are."""

    book: Book
    rule: Rule
    verdicts: Sequence[Verdict]
    more: int


@dataclass(frozen=True, slots=True)
class StatusSection:
    """A section of the page.

    Attributes:
        status: its status.
        cards: the verdicts that have a card each, in the order to do them.
        judged: those that others settle; they are told in one line.
        tables: those in tables.
        number: how many there are in all.
    """

    status: str
    cards: Sequence[Verdict]
    judged: Sequence[Verdict]
    tables: Sequence[RuleTable]
    number: int


def _tables(found: Sequence[Verdict], rules: Mapping[tuple[str, str], tuple[Book, Rule]]) -> list[RuleTable]:
    """Return the verdicts by rule, in their order."""
    by_rule: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in found:
        by_rule.setdefault((verdict.row["book"], verdict.row["rule"]), []).append(verdict)
    return [RuleTable(*rules[key], group[:SHOWN], len(group[SHOWN:])) for key, group in by_rule.items()]


def _section(status: str, found: Sequence[Verdict], evaluation: Evaluation, to_see: ToSeeTo) -> StatusSection:
    """Return one section: in tables, or in cards by their number."""
    if status in BRIEF:
        return StatusSection(status, (), (), _tables(found, evaluation.rules), len(found))
    judged: list[Verdict] = []
    cards: list[Verdict] = []
    for one in found:
        see = to_see.get(one.row["obligation"])
        (judged if see is not None and see.judged else cards).append(one)
    last = len(to_see) + 1

    def place(verdict: Verdict) -> int:
        see = to_see.get(verdict.row["obligation"])
        return last if see is None or see.number is None else see.number

    return StatusSection(status, sorted(cards, key=place), judged, (), len(found))


def unit_page(
    evaluation: Evaluation, part: UnitPart, scoring: Scoring | None = None, to_see: ToSeeTo | None = None
) -> dict[str, object]:
    """Return what the template of a unit needs.

    Args:
        evaluation: the verdicts.
        part: the unit.
        scoring: the scores, or None.
        to_see: what the unit can do about its open duties, by obligation.
    """
    places: dict[str, str] = {}
    sections: list[StatusSection] = []
    seen: set[str] = set()
    for status in SECTIONS:
        found = part.of(status)
        if not found:
            continue
        section = _section(status, found, evaluation, to_see or {})
        for verdict in found:  # a link to a clause leads to what needs most attention under it
            place = anchor(verdict.row["book"], verdict.clause)
            if place not in seen:
                seen.add(place)
                places[verdict.row["obligation"]] = place
        sections.append(section)
    return {
        "part": part,
        "counts": part.counts(),
        "parts": sections,
        "places": places,
        "see": to_see or {},
        "score": scoring.of(part.unit.id) if scoring is not None else None,
        **score_words(evaluation.lang, scoring),
        "open_sections": OPEN_SECTIONS,
    }
