"""Sources of a run's verdicts: their rules, the events behind them, and how each follows from both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.plan import heirs_of
from engine.explain.basis import basis
from engine.explain.beside import VerdictCase, has_clock
from engine.explain.record import Record
from engine.explain.short import not_enough, short_basis
from engine.time.period import EVERYTHING, default_period
from events.table import python_rows
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.explain.record import Act
    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar
    from engine.time.period import RunPeriod
    from events.problems import Lang
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry


SHOWN = 12
"""How many events a report names in a derivation."""

MOST = 200
"""How many `gongkai explain` names."""


def describe_events(events: pa.Table, wanted: set[str], lang: Lang) -> dict[str, str]:
    """Return a line for each of the wanted events: day, what it is, about what, and where it is recorded."""
    labels = {name: kind.label.in_(lang) for name, kind in load_vocabulary().types.items()}
    columns = ["id", "type", "subject", "occurred_at", "timed", "file", "place", "data.title"]
    lines = {}
    files = {file: Path(file).name for file in pc.unique(events["file"]).to_pylist()}
    chosen = events.select(columns).filter(pc.is_in(events["id"], pa.array(sorted(wanted), pa.string())))
    for event in python_rows(chosen):
        at = event["occurred_at"]
        day = at.isoformat(sep=" ", timespec="minutes") if event["timed"] else at.date().isoformat()
        words = [
            day,
            labels.get(event["type"], event["type"]),
            *(text for text in (event["subject"], event["data.title"]) if text),
        ]
        place = " ".join(filter(None, (files[event["file"]], event["place"])))
        source = f"（{event['id']}，{place}）" if lang == "zh" else f" ({event['id']}, {place})"
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
    known_by: AsOf | None = None
    period: RunPeriod | None = None
    _known: Record | None = field(default=None, repr=False, compare=False)

    def with_more(self, events: pa.Table, new: pa.Table) -> Sources:
        """Return the same of a log that got more entries, with what is known already of its earlier ones.

        Args:
            events: the whole log.
            new: the entries that it got, which are its last ones.
        """
        return replace(self, events=events, _known=self.record.with_more(events, new))

    @cached_property
    def rules(self) -> dict[tuple[str, str], tuple[Rule, Book]]:
        """Each rule with its book, by the ids of both."""
        return {(book.id, rule.id): (rule, book) for book in self.books for rule in book.rules}

    @cached_property
    def record(self) -> Record:
        """What is on record as of the moment."""
        if self._known is not None:
            return self._known
        units = self.registry.units
        before: dict[str, set[str]] = {}
        for unit in units:
            for heir in heirs_of(self.registry, unit):
                before.setdefault(heir, set()).add(unit.id)
        return Record(
            self.events,
            self.as_of,
            {unit.id: unit.name for unit in units},
            self.known_by,
            {heir: frozenset(others) for heir, others in before.items()},
            self.registry.members,
        )

    @cached_property
    def filed(self) -> frozenset[str]:
        """The units that filed something of the period, and those that took over the work of one that did."""
        asked = self.period
        days = default_period(self.books, self.as_of.day) if asked in (None, EVERYTHING) else asked
        assert days is not None  # noqa: S101 - for the type checker
        found = self.record.filers(days.first, days.last)
        return found | {
            heir for unit in self.registry.units if unit.id in found for heir in heirs_of(self.registry, unit)
        }

    def rule_of(self, row: Mapping[str, Any]) -> tuple[Rule, Book]:
        """Return the rule that a row was judged by, as it stood when the obligation opened, with its book."""
        rule, book = self.rules[row["book"], row["rule"]]
        return (book.version(rule.id, row["opened_on"]), book) if book.earlier else (rule, book)

    def explain(self, row: Mapping[str, Any], lines: Mapping[str, str], acts: Mapping[str, Act]) -> tuple[str, ...]:
        """Return the derivation of one verdict row, from the quote to the status; its clock looks at `acts`."""
        rule, book = self.rule_of(row)
        return (*basis(row, rule, book, self.lang), *self.derivation(row, lines, acts))

    def derivation(
        self, row: Mapping[str, Any], lines: Mapping[str, str], acts: Mapping[str, Act], most: int = MOST
    ) -> tuple[str, ...]:
        """Return how a row follows from the words, naming so many events: trigger, evidence, the limit, the status."""
        from engine.explain.derivation import derivation  # noqa: PLC0415 (a self-check in the terminal shows none)

        rule, _ = self.rule_of(row)
        return derivation(VerdictCase(row, rule, self.record), self.calendar, lines, self.lang, acts, most)

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


@dataclass(frozen=True)
class Grounds:
    """What all verdicts of a run rest on; it is looked up when something is asked of it, as not every report does.

    Attributes:
        sources: what the verdicts were made from.
        rows: their rows.
    """

    sources: Sources
    rows: Sequence[Mapping[str, Any]]

    @cached_property
    def _lines(self) -> dict[str, str]:
        return self.sources.lines(self.rows)

    @cached_property
    def _cited(self) -> dict[tuple[str, str], str]:
        return {}

    @cached_property
    def _acts(self) -> dict[str, Act]:
        return self.sources.acts(self.rows)

    def evidence(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the events that one of the rows rests on, a line each."""
        return tuple(self._lines.get(event, event) for event in row["evidence"])

    def basis(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the document of a row with its day of issue, the reading in use and where the limit is from."""
        return tuple(line.in_(self.sources.lang) for line in short_basis(row, *self.sources.rule_of(row)))

    def cited(self, row: Mapping[str, Any]) -> str:
        """Return the clause of a row as people cite it."""
        at = row["book"], row["clause"]
        if at not in self._cited:
            _, book = self.sources.rule_of(row)
            self._cited[at] = book.cited(row["clause"]).in_(self.sources.lang)
        return self._cited[at]

    def not_enough(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the records that were not enough for a row, one a line with the reason."""
        rule, _ = self.sources.rule_of(row)
        case = VerdictCase(row, rule, self.sources.record)
        return tuple(line.in_(self.sources.lang) for line in not_enough(case))

    def derivation(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return how one of the rows follows from the words: trigger, evidence, the days of the limit, the status."""
        return self.sources.derivation(row, self._lines, self._acts, SHOWN)
