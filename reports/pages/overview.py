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

INSTITUTION = "institution"
"""The sort of unit whose matrix stands folded."""

IDLE = "not_applicable"
"""The status of what nothing has set off."""


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
    """The departments that lead some clauses together, the clauses, and what became of them in all units."""

    names: tuple[str, ...]
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
    """Return the lead departments as the document names them, units in the order of the registry, then groups.

    Every clause is in one line: those that several departments lead together are theirs together, and those without a
    lead stand last.
    """
    led: dict[tuple[str, ...], list[ClauseLine]] = {}
    for line in lines:
        led.setdefault(tuple(line.clause.lead), []).append(line)
    order = {unit.id: number for number, unit in enumerate(evaluation.registry.units)}

    def place(names: tuple[str, ...]) -> tuple[bool, int, int]:
        first = evaluation.registry.find(names[0]) if names else None
        return not names, order.get(first or "", len(order)), len(names)

    found = []
    for names in sorted(led, key=place):
        counts: Counter[str] = Counter()
        for line in led[names]:
            counts.update(line.counts)
        found.append(LeadLine(names, tuple(led[names]), counts))
    return found


def _readings(evaluation: Evaluation) -> list[tuple[str, str, str, str]]:
    """Return the readings in use: clause, title, name and reason."""
    return [
        (
            book.cited(rule.clause).in_(evaluation.lang),
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
    rows = [(f"{line.clause.name.in_(lang)} {line.title}", line.breaches) for line in worst]
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


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit in the matrix.

    Attributes:
        part: the unit.
        breaches: how many of its verdicts are violated or late.
        filed: whether the log has anything of it in the period.
        cells: by column: place, status that needs most attention and how many, or None where nothing is owed.
    """

    part: UnitPart
    breaches: int
    filed: bool
    cells: tuple[tuple[str, str, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The units of some sorts and the clauses that say anything about them.

    Attributes:
        rows: the units, those that filed nothing first.
        lines: the columns.
        sections: headings of the document over the columns, each with its number of columns.
        left: clauses that nothing has set off in any of the units; they are no columns.
    """

    rows: tuple[MatrixRow, ...]
    lines: tuple[ClauseLine, ...]
    sections: tuple[tuple[str, int], ...]
    left: tuple[ClauseLine, ...]


def _matrix(evaluation: Evaluation, lines: Sequence[ClauseLine], *, institutions: bool) -> Matrix:
    """Return the matrix of the departments and towns, or that of the institutions."""
    parts = [part for part in evaluation.units if (part.unit.sort == INSTITUTION) == institutions]
    by_clause = {part.unit.id: part.by_clause() for part in parts}
    shown, left = [], []
    for line in lines:
        found = [counts.get((line.book.id, line.clause.id), {}) for counts in by_clause.values()]
        if any(counts.keys() - {IDLE} for counts in found):
            shown.append(line)
        elif any(found):
            left.append(line)
    rows = []
    for part in parts:
        cells: list[tuple[str, str, int] | None] = []
        for line in shown:
            counts = by_clause[part.unit.id].get((line.book.id, line.clause.id))
            cells.append((line.place, *next(iter(counts.items()))) if counts else None)
        rows.append(MatrixRow(part, _breaches(part), part.filed, tuple(cells)))
    return Matrix(tuple(rows), tuple(shown), tuple(_sections(shown)), tuple(left))


def _breaches(part: UnitPart) -> int:
    return sum(verdict.status in BREACHES for verdict in part.verdicts)


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
        "matrices": [_matrix(evaluation, lines, institutions=one) for one in (False, True)],
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
