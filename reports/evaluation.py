"""An evaluation as reports show it: verdicts with their words and evidence, by unit and by clause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.explain import basis, derivation, has_clock
from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.requests import request_figures
from reports.texts import BREACHES, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from engine.asof import AsOf
    from engine.calendar import Calendar
    from engine.clock_file import Act
    from events.problems import Lang
    from reports.requests import RequestFigures
    from reports.scores import Scoring
    from reports.trend import EarlierRun
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry, Unit


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the verdict table, with the words that it rests on.

    Attributes:
        row: the columns of `engine.verdicts.SCHEMA`.
        title: what the rule asks, in the report's language.
        quote: the exact words of the clause.
        evidence: the events that it rests on, a line each.
        derivation: how it follows from the words, a line a step: trigger, evidence, the days of the limit, the status.
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
    occasion: Occasion | None = None
    scoring: Scoring | None = None
    earlier: tuple[EarlierRun, ...] = ()
    requests: RequestFigures | None = None

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts, by unit in the order of the registry."""
        return tuple(verdict for part in self.units for verdict in part.verdicts)

    @cached_property
    def rules(self) -> dict[tuple[str, str], tuple[Book, Rule]]:
        """Each rule with its book, by the ids of both."""
        return {(book.id, rule.id): (book, rule) for book in self.books for rule in book.rules}

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
    files = {file: Path(file).name for file in pc.unique(events["file"]).to_pylist()}
    chosen = events.select(columns).filter(pc.is_in(events["id"], pa.array(sorted(wanted), pa.string())))
    for event in chosen.to_pylist():
        at = event["occurred_at"]
        day = at.isoformat(sep=" ", timespec="minutes") if event["timed"] else at.date().isoformat()
        label = types[event["type"]].label.in_(lang)
        words = [day, label, *(text for text in (event["subject"], event["data.title"]) if text)]
        place = " ".join(filter(None, (files[event["file"]], event["place"])))
        source = Text(f"（{event['id']}，{place}）", f" ({event['id']}, {place})").in_(lang)
        lines[event["id"]] = f"{' '.join(words)}{source}"
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

    def rule_of(self, row: Mapping[str, Any]) -> tuple[Rule, Book]:
        """Return the rule that a row was judged by, as it stood when the obligation opened, with its book."""
        rule, book = self.rules[row["book"], row["rule"]]
        return (book.version(rule.id, row["opened_on"]), book) if book.earlier else (rule, book)

    def explain(self, row: Mapping[str, Any], lines: Mapping[str, str], acts: Mapping[str, Act]) -> tuple[str, ...]:
        """Return the derivation of one verdict row, from the quote to the status; its clock looks at `acts`."""
        rule, book = self.rule_of(row)
        head = basis(rule, book, row["reading"], row["unit_name"], self.lang)
        return (*head, *derivation(row, rule, self.calendar, lines, self.as_of, self.lang, acts))

    def lines(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Return a line for each event that the rows name."""
        wanted = {event for row in rows for event in (*row["evidence"], *filter(None, (row["trigger"],)))}
        return describe_events(self.events, wanted, self.lang)

    def acts(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Act]:
        """Return the rows of the events that the clocks of verdict rows look at, by id."""
        clocked = [row for row in rows if has_clock(self.rules[row["book"], row["rule"]][0]) and row["trigger"]]
        wanted = sorted({event for row in clocked for event in row["evidence"]})
        if not wanted:
            return {}
        found = self.events.filter(pc.is_in(self.events["id"], pa.array(wanted, pa.string())))
        return {event["id"]: event for event in found.to_pylist()}

    def verdict(self, row: Mapping[str, Any], lines: Mapping[str, str], acts: Mapping[str, Act]) -> Verdict:
        """Return a verdict with its words and evidence."""
        rule, _ = self.rule_of(row)
        evidence = tuple(lines.get(event, event) for event in row["evidence"])
        steps = derivation(row, rule, self.calendar, lines, self.as_of, self.lang, acts)
        return Verdict(row, rule.title.text().in_(self.lang), rule.quote, evidence, steps)


def build_evaluation(sources: Sources, table: pa.Table, receipt: Mapping[str, object]) -> Evaluation:
    """Return the verdict table as reports show it.

    Args:
        sources: what the verdicts were made from.
        table: the verdicts (`engine.verdicts.SCHEMA`).
        receipt: what `run.json` will say.
    """
    rows = table.to_pylist()
    lines, acts = sources.lines(rows), sources.acts(rows)
    by_unit: dict[str, list[Verdict]] = {}
    for row in rows:
        by_unit.setdefault(row["unit"], []).append(sources.verdict(row, lines, acts))
    order = {
        (book.id, clause.id): (number, place)
        for number, book in enumerate(sources.books)
        for place, clause in enumerate(book.clauses)
    }
    for verdicts in by_unit.values():
        verdicts.sort(key=lambda one: (order[one.row["book"], one.clause], one.row["obligation"]))
    parts = tuple(UnitPart(unit, tuple(by_unit[unit.id])) for unit in sources.registry.units if unit.id in by_unit)
    requests = request_figures(rows, sources.books, sources.events, sources.calendar)
    return Evaluation(sources.as_of, sources.lang, sources.registry, sources.books, parts, receipt, requests=requests)
