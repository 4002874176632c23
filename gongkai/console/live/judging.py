"""Judging for pages: day rules as of the end of today, rules with limits in hours as of now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.plan import County
from engine.incremental import is_of_rules, judge_again, touched
from engine.time.asof import AsOf
from events.read import read_events, read_further
from events.subjects import one_spelling
from events.table import joined
from gongkai.console.folder import current
from gongkai.evaluation.figures import as_rules_count
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_again_and_again
from gongkai.options import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pydantic import BaseModel

    from events.ledger.chain import Head
    from events.problems import Lang, Problem
    from gongkai.evaluation.inputs import Inputs
    from rules.book import Book
    from rules.model import Rule

LANG: Lang = "zh"
_HOURS = re.compile(r"\s*\d+\s*(hours?|个?小时)\s*")


class UnusableError(Exception):
    """Rulebooks, registry, calendar or ledger cannot be used.

    Attributes:
        problems: why.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.line("zh") for problem in problems[:3]))
        self.problems = tuple(problems)


def end_of_day(moment: datetime) -> str:
    """Return the last second of a day: what is due on the day can still be done."""
    return f"{moment:%Y-%m-%d}T23:59:59"


def load(moment: datetime) -> Inputs:
    """Return everything that verdicts are made of, read anew, as of the end of the day.

    Raises:
        UnusableError: something cannot be used.
    """
    folder = current()
    request = Request(
        as_of=end_of_day(moment),
        events=(folder.ledger,),
        books=folder.books,
        units=folder.beside(folder.settings.units),
        readings=folder.settings.readings,
        calendar=folder.beside(folder.settings.calendar),
        waivers=folder.beside(folder.settings.waivers),
    )
    inputs, problems = load_inputs(request)
    if inputs is None:
        raise UnusableError([one for one in problems if one.severity == "error"])
    return inputs


def reread(inputs: Inputs) -> Inputs:
    """Return the inputs with the ledger as it is now; where it only grew, its new entries alone are read.

    Raises:
        UnusableError: the ledger cannot be used.
        DamageError: it cannot be read.
    """
    ledger = current().ledger
    log = read_further(ledger, inputs.ledgers[0], inputs.registry) or read_events((ledger,), inputs.registry)
    errors = [one for one in log.problems if one.severity == "error"]
    if errors:
        raise UnusableError(errors)
    known = inputs.table if _begins_with(log.table, inputs.table, "id") else log.table.slice(0, 0)
    new = as_rules_count(replace(log, table=log.table.slice(known.num_rows)), inputs.books).table
    table = one_spelling(joined(pa.concat_tables([known, new])))
    return replace(inputs, table=table, ledgers=log.ledgers)


def grown_by(earlier: pa.Table, table: pa.Table) -> pa.Table | None:
    """Return the entries that a log got, None where it did not only grow: an early entry may spell a matter anew."""
    if not _begins_with(table, earlier, "id", "subject"):
        return None
    return table.slice(earlier.num_rows)


def _begins_with(table: pa.Table, earlier: pa.Table, *columns: str) -> bool:
    """Say whether a log begins with another one, as far as some columns say."""
    count = earlier.num_rows
    return table.num_rows >= count and all(table[name].slice(0, count).equals(earlier[name]) for name in columns)


def head_of(inputs: Inputs) -> Head:
    """Return the state of the ledger that the inputs were read in."""
    return inputs.ledgers[0].loaded.head


def at_hour(inputs: Inputs, moment: datetime) -> Inputs:
    """Return the inputs as of a moment, with the rules that have limits in hours alone."""
    return replace(inputs, as_of=AsOf.parse(moment.isoformat()), books=_books(inputs.books, _in_hours))


def by_day(inputs: Inputs) -> Inputs:
    """Return the inputs with the rules that have no limits in hours."""
    return replace(inputs, books=_books(inputs.books, lambda rule: not _in_hours(rule)))


def _books(books: Sequence[Book], keep: Callable[[Rule], bool]) -> tuple[Book, ...]:
    """Return the books with some of their rules."""
    return tuple(book.only(keep) for book in books)


def judges(inputs: Inputs) -> bool:
    """Say whether the inputs have a rule at all."""
    return any(book.versions() for book in inputs.books)


def _in_hours(rule: BaseModel) -> bool:
    """Say whether a rule has a limit in hours."""
    return any(isinstance(value, str) and _HOURS.fullmatch(value) for _, value in rule)


def judge_all(inputs: Inputs) -> pa.Table:
    """Return all verdicts of the inputs, judged in the one engine that the server has."""
    return judge_again_and_again(inputs, LANG)


def judge_new(earlier: pa.Table, inputs: Inputs, new: pa.Array) -> pa.Table:
    """Return the verdicts of the inputs, given those of a shorter log; what new entries do not touch is taken over."""
    table, _ = judge_again(
        earlier,
        inputs.table,
        new,
        County(inputs.registry, inputs.books),
        lambda books, events: judge_all(replace(inputs, books=tuple(books), table=events)),
    )
    return table


def touched_units(inputs: Inputs, new: pa.Table, verdicts: Sequence[pa.Table]) -> frozenset[str] | None:
    """Return the units to whose duties, and the reasons of these, new entries may matter; None for all.

    What is said of a duty on an entry's subject, or of one that looks beyond its unit, may name the entry.
    """
    found = touched(inputs.table, pc.unique(new["id"]), County(inputs.registry, inputs.books))
    if any(new[name].null_count < new.num_rows for name in ("corrects", "retracts")):
        return None
    subjects = pc.unique(new["subject"]).drop_null()
    told = (one.filter(pc.or_(is_of_rules(one, found.looking), pc.is_in(one["subject"], subjects))) for one in verdicts)
    return found.units.union(*(one["unit"].to_pylist() for one in told))


def touches(inputs: Inputs, new: pa.Array) -> bool:
    """Say whether new entries touch a rule of the inputs."""
    found = touched(inputs.table, new, County(inputs.registry, inputs.books))
    return bool(found.own or found.beyond)


def judged_anew(day: datetime, hour: datetime) -> pa.Table:
    """Return all verdicts of the ledger, read and judged from the beginning.

    Args:
        day: a moment of the day, of which day rules are asked at its end.
        hour: the moment of which rules with limits in hours are asked.

    Raises:
        UnusableError: something cannot be used.
    """
    inputs = load(day)
    parts = [judge_all(one) for one in (by_day(inputs), at_hour(inputs, hour)) if judges(one)]
    return pa.concat_tables(parts).sort_by([("obligation", "ascending"), ("trigger", "ascending")])
