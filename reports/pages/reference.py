"""The reference of the rules: one page that needs no network, made from the rulebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from reports.pages.html import render
from rules.diff import earlier_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.problems import Lang
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry

WORDS = frozenset(
    {"id", "clause", "title", "quote", "note", "readings", "owed_by", "kind", "modality", "period", "basis"}
)
"""Fields that the page shows in their own places."""

SHOWN_UNITS = 6


def _fields(rule: Rule, book: Book) -> str:
    """Return a rule's own fields as YAML, and after them the values that held earlier."""
    own = rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True, exclude=set(WORDS))
    earlier = [f"# {start}–{end} {name}: {value}" for start, end, name, value in earlier_values(rule, book)]
    return "\n".join([yaml.safe_dump(own, allow_unicode=True, sort_keys=False).strip(), *earlier])


def _owing(rule: Rule, registry: Registry) -> str:
    """Return who owes a rule: the units, or the first of many and their number."""
    units = [registry.unit(unit).name for unit in registry.members(rule.owed_by)]
    shown = "、".join(units[:SHOWN_UNITS])
    return shown if len(units) <= SHOWN_UNITS else f"{shown}…（{len(units)}）"


def reference_page(books: Sequence[Book], registry: Registry, lang: Lang) -> str:
    """Return the page: each book, its clauses in order, and under each its rules or the note."""
    content = []
    for book in books:
        told = {rule.id: (rule, _fields(rule, book), _owing(rule, registry)) for rule in book.rules}
        clauses = [
            (clause, [told[rule.id] for rule in book.rules if rule.clause == clause.id]) for clause in book.clauses
        ]
        content.append((book, clauses))
    return render("reference.html.j2", lang, {"books": content})
