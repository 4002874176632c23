"""An evaluation as reports show it: verdicts with their words and evidence, by unit and by clause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from events.table import python_rows
from reports.output.texts import BREACHES, WORST_FIRST
from reports.run.sources import Grounds

SETTLED = ("met", "not_applicable")
"""The statuses of which there is nothing that they follow from."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pyarrow as pa

    from engine.time.asof import AsOf
    from events.problems import Lang, Text
    from reports.run.earlier import EarlierRun
    from reports.run.requests import RequestFigures
    from reports.run.sources import Sources
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry, Unit


@dataclass(frozen=True)
class Verdict:
    """One row of the verdict table, with the words that it rests on.

    Attributes:
        row: the columns of `engine.verdicts.SCHEMA`.
        title: what the rule asks, in the report's language.
        quote: the exact words of the clause.
        grounds: what the verdicts of its run rest on.
    """

    row: Mapping[str, Any]
    title: str
    quote: str
    grounds: Grounds = field(repr=False, compare=False)

    @cached_property
    def evidence(self) -> tuple[str, ...]:
        """The events that it rests on, a line each."""
        return self.grounds.evidence(self.row)

    @cached_property
    def derivation(self) -> tuple[str, ...]:
        """How it follows from the words, a line a step: trigger, evidence, the days of the limit, the status."""
        return self.grounds.derivation(self.row)

    @cached_property
    def status(self) -> str:
        """The status."""
        return str(self.row["status"])

    @cached_property
    def clause(self) -> str:
        """The clause."""
        return str(self.row["clause"])

    @property
    def cited(self) -> str:
        """The clause as people cite it."""
        return self.grounds.cited(self.row)

    @property
    def due_on(self) -> date | None:
        """The due date, where there is one."""
        day: date | None = self.row["due_on"]
        return day


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What one unit owes.

    Attributes:
        unit: the unit.
        verdicts: its verdicts, by clause.
        filed: whether the log has anything of the unit in the period; what filed nothing is told first everywhere.
    """

    unit: Unit
    verdicts: tuple[Verdict, ...]
    filed: bool = True

    def counts(self) -> dict[str, int]:
        """Return the number of verdicts by status, what needs attention first; statuses without any are left out."""
        return count_statuses(self.verdicts)

    def of(self, status: str) -> tuple[Verdict, ...]:
        """Return the verdicts of a status; pending ones by due date."""
        chosen = [verdict for verdict in self.verdicts if verdict.status == status]
        if status == "pending":
            chosen.sort(key=lambda verdict: (str(verdict.due_on), verdict.row["obligation"]))
        return tuple(chosen)

    def by_clause(self) -> dict[tuple[str, str], dict[str, int]]:
        """Return the number of verdicts by status, what needs attention first, for each book and clause."""
        found: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in self.verdicts:
            found.setdefault((verdict.row["book"], verdict.clause), []).append(verdict)
        return {key: count_statuses(verdicts) for key, verdicts in found.items()}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an evaluation is held for.

    Attributes:
        title: such as 年中评估.
        start: first day of its period.
        end: last day of its period.
    """

    title: Text
    start: date
    end: date


@dataclass(frozen=True)
class Evaluation:
    """Everything that the reports of one run are made from."""

    as_of: AsOf
    lang: Lang
    registry: Registry
    books: tuple[Book, ...]
    units: tuple[UnitPart, ...]
    receipt: Mapping[str, object]
    grounds: Grounds
    occasion: Occasion | None = None
    earlier: tuple[EarlierRun, ...] = ()

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts, by unit: those that filed nothing first, then in the order of the registry."""
        return tuple(verdict for part in self.units for verdict in part.verdicts)

    @cached_property
    def unfiled(self) -> tuple[Unit, ...]:
        """The units that filed nothing of the period."""
        return tuple(part.unit for part in self.units if not part.filed)

    @cached_property
    def rules(self) -> dict[tuple[str, str], tuple[Book, Rule]]:
        """Each rule with its book, by the ids of both."""
        return {(book.id, rule.id): (book, rule) for book in self.books for rule in book.rules}

    @cached_property
    def requests(self) -> RequestFigures | None:
        """The figures of the requests for information, or None where there were none."""
        from reports.run.requests import request_figures  # noqa: PLC0415 (only the county's own page has them)

        sources = self.grounds.sources
        return request_figures(self.grounds.rows, self.books, sources.events, sources.calendar, self.as_of.day)

    def status_counts(self) -> dict[str, int]:
        """Return the number of verdicts by status, what needs attention first."""
        return count_statuses(self.verdicts)

    def breaches(self) -> tuple[Verdict, ...]:
        """Return what the violation lists show: what is violated or late."""
        return tuple(verdict for verdict in self.verdicts if verdict.status in BREACHES)

    def cause_counts(self) -> dict[str, int]:
        """Return how many causes the verdicts of each status follow from, what needs attention first."""
        found: dict[str, set[str]] = {}
        for verdict in self.verdicts:
            found.setdefault(verdict.status, set()).add(verdict.row["cause"] or verdict.row["obligation"])
        return {status: len(found[status]) for status in WORST_FIRST if status in found and status not in SETTLED}

    def clauses(self) -> tuple[tuple[Book, str], ...]:
        """Return the clauses that have rules, in the order of their documents."""
        pairs: list[tuple[Book, str]] = []
        for book in self.books:
            ruled = {rule.clause for rule in book.rules}
            pairs += [(book, clause.id) for clause in book.clauses if clause.id in ruled]
        return tuple(pairs)

    @property
    def provisional(self) -> bool:
        """Whether any due date is provisional."""
        return any(verdict.row["provisional"] for verdict in self.verdicts)


def count_statuses(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return the number of verdicts by status, what needs attention first; statuses without any are left out."""
    counts = Counter(verdict.status for verdict in verdicts)
    return {status: counts[status] for status in WORST_FIRST if counts[status]}


def build_evaluation(sources: Sources, table: pa.Table, receipt: Mapping[str, object]) -> Evaluation:
    """Return the verdict table as reports show it.

    Args:
        sources: what the verdicts were made from.
        table: the verdicts (`engine.verdicts.SCHEMA`).
        receipt: what `run.json` will say.
    """
    rows = python_rows(table)
    grounds = Grounds(sources, rows)
    by_unit: dict[str, list[Verdict]] = {}
    for row in rows:
        rule, _ = sources.rule_of(row)
        verdict = Verdict(row, rule.title.text().in_(sources.lang), rule.quote, grounds)
        by_unit.setdefault(row["unit"], []).append(verdict)
    order = {
        (book.id, clause.id): (number, place)
        for number, book in enumerate(sources.books)
        for place, clause in enumerate(book.clauses)
    }
    for verdicts in by_unit.values():
        verdicts.sort(key=lambda one: (order[one.row["book"], one.clause], one.row["obligation"]))
    owing = [unit for unit in sources.registry.units if unit.id in by_unit]
    parts = [UnitPart(unit, tuple(by_unit[unit.id]), filed=unit.id in sources.filed) for unit in owing]
    parts.sort(key=lambda part: part.filed)
    return Evaluation(sources.as_of, sources.lang, sources.registry, sources.books, tuple(parts), receipt, grounds)
