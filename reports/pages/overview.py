"""The overview page: totals, the matrix of units and clauses, worst clauses, lead departments, the breaches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.bar_chart import bar_chart
from reports.output.stacked_chart import stacked_chart
from reports.output.texts import BREACHES
from reports.pages.anchors import anchor
from reports.pages.trend import trend_chart, unit_trend
from reports.run.evaluation import count_statuses
from reports.scoring.scores import still_violated
from reports.scoring.words import SORTS, score_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from events.problems import Lang
    from reports.run.evaluation import Evaluation, UnitPart, Verdict
    from reports.scoring.scores import Scoring
    from rules.book import Book, Clause

WORST = 10
"""How many clauses the chart of the worst shows."""


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with its numbers.

    Attributes:
        book: its rulebook.
        clause: the clause.
        place: the name of its place on the page of clauses.
        title: what its rules ask, joined.
        counts: verdicts by status.
        units: how many units have breached it.
    """

    book: Book
    clause: Clause
    place: str
    title: str
    counts: Mapping[str, int]
    units: int

    @property
    def breaches(self) -> int:
        """How many verdicts are violated or late."""
        return sum(self.counts.get(status, 0) for status in BREACHES)


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead department with the clauses that it leads and what became of them in all units."""

    name: str
    clauses: tuple[ClauseLine, ...]
    counts: Mapping[str, int]


def clause_title(book: Book, clause: str, lang: Lang) -> str:
    """Return what the rules of a clause ask, joined."""
    titles = [rule.title.text().in_(lang) for rule in book.rules if rule.clause == clause]
    return Text("；", "; ").in_(lang).join(titles)


def clause_lines(evaluation: Evaluation) -> tuple[ClauseLine, ...]:
    """Return the clauses that have rules, in the order of their documents."""
    by_clause: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in evaluation.verdicts:
        by_clause.setdefault((verdict.row["book"], verdict.clause), []).append(verdict)
    lines = []
    for book, name in evaluation.clauses():
        clause = next(one for one in book.clauses if one.id == name)
        verdicts = by_clause.get((book.id, name), [])
        units = {verdict.row["unit"] for verdict in verdicts if verdict.status in BREACHES}
        title = clause_title(book, name, evaluation.lang)
        lines.append(ClauseLine(book, clause, anchor(book.id, name), title, count_statuses(verdicts), len(units)))
    return tuple(lines)


def _leads(lines: Sequence[ClauseLine], evaluation: Evaluation) -> list[LeadLine]:
    """Return the lead departments as the document names them, units in the order of the registry, then groups."""
    led: dict[str, list[ClauseLine]] = {}
    for line in lines:
        for name in line.clause.lead:
            led.setdefault(name, []).append(line)
    order = {unit.id: number for number, unit in enumerate(evaluation.registry.units)}
    names = sorted(led, key=lambda name: order.get(evaluation.registry.find(name) or "", len(order)))
    found = []
    for name in names:
        counts: Counter[str] = Counter()
        for line in led[name]:
            counts.update(line.counts)
        found.append(LeadLine(name, tuple(led[name]), counts))
    return found


def _readings(evaluation: Evaluation) -> list[tuple[str, str, str, str]]:
    """Return the readings in use: clause, title, name and reason."""
    return [
        (
            rule.clause,
            rule.title.text().in_(evaluation.lang),
            book.readings[rule.id],
            rule.readings.choices[book.readings[rule.id]].reason.text().in_(evaluation.lang),
        )
        for book in evaluation.books
        for rule in book.rules
        if rule.readings is not None and rule.id in book.readings
    ]


def _worst_chart(lines: Sequence[ClauseLine], lang: Lang) -> Markup:
    """Return the chart of the clauses with the most breaches."""
    worst = sorted((line for line in lines if line.breaches), key=lambda line: -line.breaches)[:WORST]
    rows = [(f"{line.clause.id} {line.title}", line.breaches) for line in worst]
    title = Text("问题最多的条款", "Clauses with the most breaches").in_(lang)
    return bar_chart(rows, title=title, unit=Text("项", "items").in_(lang), lang=lang)


def _group_chart(evaluation: Evaluation) -> Markup:
    """Return the chart of statuses by sort of unit."""
    lang = evaluation.lang
    groups: dict[str, list[Verdict]] = {}
    for part in evaluation.units:
        groups.setdefault(part.unit.sort, []).extend(part.verdicts)
    rows = [(SORTS[sort].in_(lang), count_statuses(groups[sort])) for sort in SORTS if sort in groups]
    return stacked_chart(rows, title=Text("各类单位的结论", "Statuses by sort of unit").in_(lang), lang=lang)


def _sections(lines: Sequence[ClauseLine]) -> list[tuple[str, int]]:
    """Return the headings of the document over the columns of the matrix, each with its number of columns."""
    spans: list[tuple[str, int]] = []
    for line in lines:
        if spans and spans[-1][0] == line.clause.section:
            spans[-1] = (line.clause.section, spans[-1][1] + 1)
        else:
            spans.append((line.clause.section, 1))
    return spans


def _rows(evaluation: Evaluation, lines: Sequence[ClauseLine]) -> list[tuple[UnitPart, int, list[object]]]:
    """Return the matrix: each unit, its breaches, and per clause (place, status, number) or None where none is owed."""
    rows = []
    for part in evaluation.units:
        by_clause = part.by_clause()
        cells: list[object] = []
        for line in lines:
            counts = by_clause.get((line.book.id, line.clause.id))
            cells.append((line.place, *next(iter(counts.items()))) if counts else None)
        rows.append((part, sum(verdict.status in BREACHES for verdict in part.verdicts), cells))
    return rows


def overview(evaluation: Evaluation, scoring: Scoring | None = None) -> dict[str, object]:
    """Return what the overview's template needs."""
    lines = clause_lines(evaluation)
    breached = [
        (part, found)
        for part in evaluation.units
        if (found := [verdict for verdict in part.verdicts if verdict.status in BREACHES])
    ]
    return {
        "counts": evaluation.status_counts(),
        "lines": lines,
        "sections": _sections(lines),
        "rows": _rows(evaluation, lines),
        "sorts": {sort: text.in_(evaluation.lang) for sort, text in SORTS.items()},
        "worst": _worst_chart(lines, evaluation.lang),
        "groups": _group_chart(evaluation),
        "leads": _leads(lines, evaluation),
        "breached": breached,
        "readings": _readings(evaluation),
        "trend": trend_chart(evaluation),
        "still": len(still_violated(evaluation)),
        "unit_trend": unit_trend(evaluation),
        **score_words(evaluation.lang, scoring),
    }
