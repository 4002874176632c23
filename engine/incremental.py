"""Judging again only what new entries of a log touch; every other verdict of an earlier evaluation stands as it was.

An entry touches the rules that look at its type and to which it can matter (`engine.mattering`). Of a rule that looks
at its own unit's events only, it touches the obligations of the entry's unit, and of those that took its work over or
that it took over; of any other, those of all units. An entry that corrects or withdraws another touches whatever the
entries of that chain touch. What must not happen rests on whether a unit filed anything at all, so that any entry of a
unit touches it, unless the unit is known to have filed something before. A matter is called what its first entry calls
it: a new entry that is the first of its matter touches what the others of that matter touch.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.standing import RECEIVED
from engine.mattering import Mattering, seen_types
from engine.verdicts import SCHEMA
from events.table import changing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from engine.compile.plan import County
    from engine.kinds.base import KindRule
    from rules.book import Book

    Judge = Callable[[Sequence[Book], pa.Table], pa.Table]
    RuleName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Touched:
    """What new entries touch.

    Attributes:
        own: rules, by book and id, of which the obligations of `units` are touched.
        beyond: rules that look beyond a unit's own events: all obligations are touched.
        looking: rules that look beyond a unit's own events and at the type of an entry, whether it can matter or not:
            what is said of their obligations may name it.
        units: ids of the units of the entries, and of those that an abolished unit's entries count for with them.
        types: the event types that these rules look at.
        filing: whether a unit may have filed something that had filed nothing, or the other way round.
    """

    own: frozenset[RuleName]
    beyond: frozenset[RuleName]
    looking: frozenset[RuleName]
    units: frozenset[str]
    types: frozenset[str]
    filing: bool = True


def judge_again(
    earlier: pa.Table, events: pa.Table, new: pa.Array, county: County, judge: Judge
) -> tuple[pa.Table, int]:
    """Return the verdicts of a log, given those of a shorter one as of the same moment, by the same books.

    Args:
        earlier: verdicts of the log without the new entries (`engine.verdicts.SCHEMA`).
        events: the whole log (`events.table`).
        new: ids of the entries that were added.
        county: the units, with who took whose work over, and the rulebooks, their readings chosen.
        judge: judges books over events, as the earlier verdicts were judged in everything else.

    Returns:
        The verdicts, row for row what `judge(books, events)` gives, and how many of them were judged again.
    """
    found = touched(events, new, county, earlier)
    named = found.own | found.beyond
    if not named:
        return earlier.cast(SCHEMA).combine_chunks(), 0
    wanted = [_only(book, named) for book in county.books]
    again = judge(wanted, _seen(events, found, county.books))
    again = again.filter(_theirs(again, found))
    kept = earlier.filter(pc.invert(_theirs(earlier, found)))
    whole = pa.concat_tables([kept.cast(SCHEMA), again.cast(SCHEMA)]).combine_chunks()
    return whole.sort_by([("obligation", "ascending"), ("trigger", "ascending")]).combine_chunks(), again.num_rows


def bearing_on(units: Collection[str], county: County, events: pa.Table) -> tuple[County, pa.Table]:
    """Return the rules that some units owe, and the entries that their obligations may rest on.

    Judged by these, the obligations of these units are what they are by everything; those of other units are not.

    Args:
        units: ids of the units.
        county: all units, and the rulebooks.
        events: the whole log.
    """
    registry = county.registry
    near = registry.families(set(units))
    rules = [(book, rule) for book, rule in _rules(county.books) if near & set(registry.members(rule.owed_by))]
    named = {(book.id, rule.id) for book, rule in rules}
    seen: dict[frozenset[str] | None, set[str]] = {near: set()}
    for _, rule in rules:
        others = rule.whose()
        whose = None if others is None else near | registry.families(set(registry.members(others)))
        seen.setdefault(whose, set()).update(seen_types(rule))
    filing = any(rule.asks_filed for _, rule in rules)
    found = [
        pc.and_(_is_in(events["type"], types), True if whose is None else _is_in(events["unit"], whose))
        for whose, types in seen.items()
    ]
    kept = functools.reduce(pc.or_, found, _is_in(events["unit"], near if filing else ()))
    chained = pc.and_(
        pc.invert(kept), _is_in(events["id"], _chained_with(events, set(events["id"].filter(kept).to_pylist())))
    )
    books = tuple(_only(book, named) for book in county.books)
    return replace(county, books=books), events.filter(pc.or_(kept, chained))


def touched(events: pa.Table, new: pa.Array, county: County, earlier: pa.Table | None = None) -> Touched:
    """Return what entries of a log touch.

    Args:
        events: the whole log.
        new: ids of the entries.
        county: the units, with who took whose work over, and the rulebooks.
        earlier: verdicts of the log without the entries, which tell who had filed something; None where they are not
            at hand.
    """
    added = set(new.to_pylist())
    entries = _chained_with(events, added | _respelled(events, new))
    mattering = Mattering.of(events, _is_in(events["id"], entries), county.registry)
    types, units = mattering.types, county.registry.families(mattering.units)
    # a request that was received before may make another one the repeated one, and what it withdraws was filed
    growing = entries == added and RECEIVED not in types and not _changing(events, added)
    filing = earlier is None or not growing or not units <= _filed(earlier, county.books)
    own: set[RuleName] = set()
    beyond: set[RuleName] = set()
    looking: set[RuleName] = set()
    for book, rule in _rules(county.books):
        asked = bool(types) and filing and rule.asks_filed
        if not asked and not types & seen_types(rule):
            continue
        name, wide = (book.id, rule.id), rule.looks_beyond()
        looking |= {name} if wide else set()
        owed = wide or not units.isdisjoint(county.registry.members(rule.owed_by))
        if owed and (asked or mattering.to(rule)):
            (beyond if wide else own).add(name)
    looked = {
        event for book, rule in _rules(county.books) if (book.id, rule.id) in own | beyond for event in seen_types(rule)
    }
    own_only, wide_ones, looking_ones = (frozenset(one) for one in (own - beyond, beyond, looking))
    return Touched(own_only, wide_ones, looking_ones, units, frozenset(looked), filing)


def _changing(events: pa.Table, entries: Collection[str]) -> bool:
    """Say whether one of some entries corrects or withdraws another."""
    chains = events.select(["id", "corrects", "retracts"]).filter(changing(events))
    return bool(pc.any(_is_in(chains["id"], entries)).as_py())


def _filed(verdicts: pa.Table, books: Sequence[Book]) -> frozenset[str]:
    """Return units that filed something: only of them verdicts say that a thing did not happen."""
    rules = {(book.id, rule.id) for book, rule in _rules(books) if rule.asks_filed}
    said = _is_in(verdicts["status"], ("met", "pending"))
    return frozenset(pc.unique(verdicts["unit"].filter(pc.and_(said, is_of_rules(verdicts, rules)))).to_pylist())


def _rules(books: Iterable[Book]) -> list[tuple[Book, KindRule]]:
    return [(book, cast("KindRule", rule)) for book in books for rule in book.versions()]


def _respelled(events: pa.Table, new: pa.Array) -> set[str]:
    """Return the entries of the matters whose first entry may be one of the new ones, by their day."""
    rows = events.select(["id", "subject", "occurred_at"])
    first: dict[str, datetime] = {}
    for row in rows.filter(pc.is_in(rows["id"], new)).to_pylist():
        if row["subject"] is not None:
            first[row["subject"]] = min(row["occurred_at"], first.get(row["subject"], row["occurred_at"]))
    if not first:
        return set()
    among = rows.filter(pc.and_(_is_in(rows["subject"], first), pc.invert(pc.is_in(rows["id"], new))))
    known: dict[str, list[tuple[datetime, str]]] = {}
    for row in among.to_pylist():
        known.setdefault(row["subject"], []).append((row["occurred_at"], row["id"]))
    return {one for subject, entries in known.items() if first[subject] <= min(entries)[0] for _, one in entries}


def _chained_with(events: pa.Table, entries: set[str]) -> set[str]:
    """Return entries with all that correct or withdraw them, are corrected or withdrawn by them, and so on."""
    chains = events.select(["id", "corrects", "retracts"]).filter(changing(events))
    near: dict[str, list[str]] = {}
    targets = pc.coalesce(chains["corrects"], chains["retracts"])
    for one, target in zip(chains["id"].to_pylist(), targets.to_pylist(), strict=True):
        near.setdefault(one, []).append(target)
        near.setdefault(target, []).append(one)
    found, waiting = set(entries), list(entries)
    while waiting:
        more = [one for one in near.get(waiting.pop(), ()) if one not in found]
        found.update(more)
        waiting += more
    return found


def _only(book: Book, named: Collection[RuleName]) -> Book:
    """Return a book with the named rules alone, in all their versions."""
    return book.only(lambda rule: (book.id, rule.id) in named)


def _seen(events: pa.Table, found: Touched, books: Sequence[Book]) -> pa.Table:
    """Return the events that the touched obligations may rest on.

    Whatever corrects or withdraws stays: it decides whether others stand, whichever type and unit it has itself.
    """
    wide = {event for book, rule in _rules(books) if (book.id, rule.id) in found.beyond for event in seen_types(rule)}
    theirs = _is_in(events["unit"], found.units)
    filing = any((book.id, rule.id) in found.own and rule.asks_filed for book, rule in _rules(books))
    at_home = theirs if filing else pc.and_(_is_in(events["type"], found.types), theirs)
    chained = pc.or_(pc.is_valid(events["corrects"]), pc.is_valid(events["retracts"]))
    return events.filter(pc.or_(pc.or_(at_home, _is_in(events["type"], wide)), chained))


def _is_in(column: pa.ChunkedArray, values: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(column, pa.array(sorted(values), pa.string()))


def _theirs(verdicts: pa.Table, found: Touched) -> pa.ChunkedArray:
    """Return which verdicts are of touched obligations."""
    own = pc.and_(is_of_rules(verdicts, found.own), _is_in(verdicts["unit"], found.units))
    return pc.or_(own, is_of_rules(verdicts, found.beyond)) if found.beyond else own


def is_of_rules(verdicts: pa.Table, rules: Collection[RuleName]) -> pa.ChunkedArray:
    """Return which verdicts are of these rules, by book and id."""
    names = pc.binary_join_element_wise(verdicts["book"], verdicts["rule"], "/")
    return _is_in(names, ["/".join(one) for one in rules])
