"""The targets of the tables of `scale.py`: ratios to peers, growth with rules, memory, cost of a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.tables import Table

Told = tuple[str, float, float, str]
"""A target's name, its figure, the most it should be, its unit."""

MANY, MOST = 500_000, 5_000_000
"""Between them a log has about a million events."""


def targets(table: Table) -> Iterator[Told]:
    """Yield what the targets say of one table."""
    figures = {row.name: row.figures for row in table.rows if isinstance(row.figures, Figures)}
    if table.title.startswith("Headline"):
        yield from _headline(table.title, figures)
    elif table.title.startswith("Whole"):
        yield from _whole(table.title, figures)
    elif table.title.startswith("Rules"):
        yield from _rules(table, figures)


def events_of(title: str) -> int:
    """Return how many events a table is of, from its title: `Headline rules, 100,850 events`."""
    return int("".join(letter for letter in title if letter.isdigit()))


def _headline(title: str, figures: dict[str, Figures]) -> Iterator[Told]:
    """Yield the ratios to peers; the memory over a million events; the whole process over a hundred thousand."""
    events = events_of(title)
    ours = figures.get("gongkai")
    if ours is None:
        return
    if events < MANY:
        yield f"headline rules, {events:,} events, whole process", ours.wall, 0.65, "s"
    else:
        for peer, most in (("duckdb", 1.3), ("polars", 1.2)):
            if peer in figures:
                yield f"headline rules, {events:,} events, work to {peer}'s", ours.work / figures[peer].work, most, "×"
    if MANY < events < MOST:
        yield f"headline rules, {events:,} events, peak memory", ours.peak, 300, "MiB"
        for peer, least in (("python", 5), ("clingo", 20), ("declare4py", 20)):
            if peer in figures:
                name = f"headline rules, {events:,} events, work as a share of {peer}'s"
                yield name, ours.work / figures[peer].work, 1 / least, "×"


def _whole(title: str, figures: dict[str, Figures]) -> Iterator[Told]:
    """Yield the memory over a million events, and the ratio to one pass over ten."""
    events = events_of(title)
    whole, facts = figures.get("whole rulebook"), figures.get("one pass: facts")
    if whole is not None and MANY < events < MOST:
        yield f"whole rulebook, {events:,} events, peak memory", whole.peak, 700, "MiB"
    if whole is not None and facts is not None and events > MOST:
        yield f"whole rulebook, {events:,} events, to one pass: facts", whole.work / facts.work, 12, "×"


def _rules(table: Table, figures: dict[str, Figures]) -> Iterator[Told]:
    """Yield what ten times the rules cost, and what a verdict costs then."""
    once, often = figures.get("rules x1"), figures.get("rules x10")
    if once is None or often is None:
        return
    yield "rules × 10, work to that of the rules once", often.work / once.work, 2, "×"
    note = next(row.note for row in table.rows if row.name == "rules x10")
    if note:
        yield "processor time of a verdict (rules × 10)", often.effort / events_of(note) * 1e6, 7, "µs"
