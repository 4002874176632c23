"""Prepared parts of a run, which the same rules come down to on the same day: tables of the plan, statements."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from engine.compile.facts import facts_sql, values_sql, words_sql
from engine.compile.plan import compile_plan, owed_tables

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from engine.compile.plan import County, Plan

MOST: Final = 24
"""How many plans are kept: an entry asks some rules of each book, and the sorts of entry that come are few."""

_WORD: Final = re.compile(r"\w+")

_VERSIONS: Final = frozenset(("rules", "earlier"))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with its statements.

    Attributes:
        plan: the plan.
        facts: the query of the facts.
        values: the query of the numbers and days that rules read.
        words: the query of the words that rules read.
        named: every word in the statements of the kinds, the tables that they read among them.
        owed: which unit owes which rule, and whose records count besides, where they are of one county alone.
        counties: what it was made of; held, so that nothing else can take the identity by which it is found.
    """

    plan: Plan
    facts: str
    values: str
    words: str
    named: frozenset[str]
    owed: Mapping[str, pa.Table]
    counties: tuple[County, ...]


_KEPT: OrderedDict[Hashable, Prepared] = OrderedDict()
_LOCK: Final = threading.Lock()


def prepare(counties: Sequence[County], as_of: date, *, labels: Mapping[str, str], several: bool) -> Prepared:
    """Return the plan of the rulebooks (`compile_plan`), that of the last time where nothing of it differs.

    Only plans of one county are kept: those of many are large, and are asked for once.
    """
    if several or len(counties) != 1:
        return _made(counties, as_of, labels, several=several)
    key = (tuple(map(_identity, counties)), as_of, tuple(sorted(labels.items())))
    with _LOCK:
        found = _KEPT.get(key)
        if found is not None:
            _KEPT.move_to_end(key)
            return found
    made = _made(counties, as_of, labels, several=several)
    with _LOCK:
        _KEPT[key] = made
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    return made


def _made(counties: Sequence[County], as_of: date, labels: Mapping[str, str], *, several: bool) -> Prepared:
    plan = compile_plan(counties, as_of, labels=labels, several=several)
    facts = facts_sql(plan.selectors, plan.candidates)
    owed = {} if several or len(counties) != 1 else owed_tables(plan.tables)
    named = frozenset(word for sql in statements_of(plan) for word in _WORD.findall(sql))
    values, words = values_sql(plan.attributes), words_sql(plan.attributes)
    return Prepared(plan, facts, values, words, named, owed, tuple(counties))


def statements_of(plan: Plan) -> Iterator[str]:
    """Yield the statements of the kinds that have rules, and the steps before them."""
    for kind in plan.kinds:
        yield kind.statement
        yield from (step for _, step in plan.steps[kind])


def _identity(county: County) -> Hashable:
    """Return what a county is told from others by: the same registry, and books of the very same rules and words.

    A book that was read again is another one, even where it says the same; a part of a book is known again by its
    rules. None of them changes while it is held.
    """
    return (id(county.registry), tuple(tuple(_parts(book)) for book in county.books))


def _parts(book: object) -> Iterator[Hashable]:
    """Yield what a book is told from others by."""
    for one in fields(book):  # type: ignore[arg-type]  # a book is a dataclass
        value = getattr(book, one.name)
        yield tuple(map(id, value)) if one.name in _VERSIONS else id(value)
