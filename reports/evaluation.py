"""An evaluation as reports show it: verdicts with their words and evidence, by unit and by clause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.explain import derivation
from events.vocabulary import load_vocabulary
from reports.texts import BREACHES, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from engine.asof import AsOf
    from engine.calendar import Calendar
    from events.problems import Lang
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry, Unit

DERIVED = ("violated", "late", "unassessed", "pending", "waived")
"""Statuses whose derivation stands on the page; `explain` gives that of the others."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the verdict table, with the words that it rests on.

    Attributes:
        row: the columns of `engine.verdicts.SCHEMA`.
        title: what the rule asks, in the report's language.
        quote: the exact words of the clause.
        evidence: the events that it rests on, a line each.
        derivation: how it follows, a line a step; empty for statuses outside `DERIVED`.
    """

    row: Mapping[str, Any]
    title: str
    quote: str
    evidence: tuple[str, ...]
    derivation: tuple[str, ...]

    @property
    def status(self) -> str:
        """The status."""
        return str(self.row["status"])

    @property
    def clause(self) -> str:
        """The clause."""
        return str(self.row["clause"])

    @property
    def due_on(self) -> date | None:
        """The due date, where there is one."""
        day: date | None = self.row["due_on"]
        return day


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What one unit owes."""

    unit: Unit
    verdicts: tuple[Verdict, ...]

    def counts(self) -> dict[str, int]:
        """Return the number of verdicts by status, what needs attention first; statuses without any are left out."""
        return count_statuses(self.verdicts)

    def of(self, status: str) -> tuple[Verdict, ...]:
        """Return the verdicts of a status; pending ones by due date."""
        chosen = [verdict for verdict in self.verdicts if verdict.status == status]
        if status == "pending":
            chosen.sort(key=lambda verdict: (str(verdict.due_on), verdict.row["obligation"]))
        return tuple(chosen)

    def cell(self, book: str, clause: str) -> tuple[str, int] | None:
        """Return the status that needs most attention under a clause, and how many verdicts have it."""
        counts = count_statuses(v for v in self.verdicts if v.row["book"] == book and v.clause == clause)
        return next(iter(counts.items()), None)


@dataclass(frozen=True)
class Evaluation:
    """Everything that the reports of one run are made from."""

    as_of: AsOf
    lang: Lang
    registry: Registry
    books: tuple[Book, ...]
    units: tuple[UnitPart, ...]
    receipt: Mapping[str, object]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts, by unit in the order of the registry."""
        return tuple(verdict for part in self.units for verdict in part.verdicts)

    def status_counts(self) -> dict[str, int]:
        """Return the number of verdicts by status, what needs attention first."""
        return count_statuses(self.verdicts)

    def breaches(self) -> tuple[Verdict, ...]:
        """Return what the violation lists show: what is violated or late."""
        return tuple(verdict for verdict in self.verdicts if verdict.status in BREACHES)

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


def describe_events(events: pa.Table, wanted: set[str], lang: Lang) -> dict[str, str]:
    """Return a line for each of the wanted events: day, what it is, about what, and where it is recorded."""
    types = load_vocabulary().types
    columns = ["id", "type", "subject", "occurred_at", "timed", "file", "place", "data.title"]
    lines = {}
    for event in events.select(columns).to_pylist():
        if event["id"] not in wanted:
            continue
        at = event["occurred_at"]
        day = at.isoformat(sep=" ", timespec="minutes") if event["timed"] else at.date().isoformat()
        label = types[event["type"]].label.in_(lang)
        words = [day, label, *(text for text in (event["subject"], event["data.title"]) if text)]
        place = " ".join(filter(None, (Path(event["file"]).name, event["place"])))
        lines[event["id"]] = f"{' '.join(words)}（{event['id']}，{place}）"
    return lines


@dataclass(frozen=True)
class Sources:
    """What the verdicts of a run were made from."""

    as_of: AsOf
    lang: Lang
    registry: Registry
    books: tuple[Book, ...]
    calendar: Calendar
    events: pa.Table

    @cached_property
    def rules(self) -> dict[tuple[str, str], tuple[Rule, Book]]:
        """Each rule with its book, by the ids of both."""
        return {(book.id, rule.id): (rule, book) for book in self.books for rule in book.rules}

    def explain(self, row: Mapping[str, Any], lines: Mapping[str, str]) -> tuple[str, ...]:
        """Return the derivation of one verdict row."""
        rule, book = self.rules[row["book"], row["rule"]]
        if book.earlier:  # a value of it may have changed since
            rule = book.version(rule.id, row["opened_on"])
        return derivation(row, rule, book, self.calendar, lines, self.as_of, self.lang)

    def lines(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Return a line for each event that the rows name."""
        wanted = {event for row in rows for event in (*row["evidence"], *filter(None, (row["trigger"],)))}
        return describe_events(self.events, wanted, self.lang)

    def verdict(self, row: Mapping[str, Any], lines: Mapping[str, str]) -> Verdict:
        """Return a verdict with its words and evidence."""
        rule, _ = self.rules[row["book"], row["rule"]]
        steps = self.explain(row, lines) if row["status"] in DERIVED else ()
        evidence = tuple(lines.get(event, event) for event in row["evidence"])
        return Verdict(row, rule.title.text().in_(self.lang), rule.quote, evidence, steps)


def build_evaluation(sources: Sources, table: pa.Table, receipt: Mapping[str, object]) -> Evaluation:
    """Return the verdict table as reports show it.

    Args:
        sources: what the verdicts were made from.
        table: the verdicts (`engine.verdicts.SCHEMA`).
        receipt: what `run.json` will say.
    """
    rows = table.to_pylist()
    lines = sources.lines(rows)
    by_unit: dict[str, list[Verdict]] = {}
    for row in rows:
        by_unit.setdefault(row["unit"], []).append(sources.verdict(row, lines))
    order = {
        (book.id, clause.id): (number, place)
        for number, book in enumerate(sources.books)
        for place, clause in enumerate(book.clauses)
    }
    for verdicts in by_unit.values():
        verdicts.sort(key=lambda one: (order[one.row["book"], one.clause], one.row["obligation"]))
    parts = tuple(UnitPart(unit, tuple(by_unit[unit.id])) for unit in sources.registry.units if unit.id in by_unit)
    return Evaluation(sources.as_of, sources.lang, sources.registry, sources.books, parts, receipt)
