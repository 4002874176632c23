"""A rulebook that builds on another: what it inherits, moves in time, changes and drops."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from pydantic import Field

from events.problems import Problem, Text, did_you_mean, suggestion
from rules.loading.titles import stale_words
from rules.model import Bilingual, Model, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.yaml.nodes import Node

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YEAR = "year"
"""The attribute that says which year a report or plan is for; its value moves too."""

DATED = frozenset({"by", "from", "to"})
"""Keys of a rule whose dates move with the book's year; a date elsewhere is a value of its own."""


class ChangeEntry(Model):
    """One inherited rule with other values."""

    rule: Word = Field(description="id of the inherited rule")
    set: dict[str, object] = Field(description="the fields that differ, as a rule has them")
    reason: Bilingual = Field(description="why, such as the sentence of the later document")


class DropEntry(Model):
    """One inherited rule that no longer holds."""

    rule: Word = Field(description="id of the inherited rule")
    reason: Bilingual = Field(description="why")


def moved(node: Node, years: int, key: str = "") -> Node:
    """Return a rule's node with its dates moved by whole years; 29 February becomes the 28th where there is none."""
    if years == 0:
        return node
    if isinstance(node.scalar, str) and key in DATED and _DAY.fullmatch(node.scalar):
        try:
            day = date.fromisoformat(node.scalar) + relativedelta(years=years)
        except ValueError:  # no such day: the rule's own validation says so
            return node
        return replace(node, scalar=day.isoformat())
    if key == YEAR and isinstance(node.scalar, int) and not isinstance(node.scalar, bool):
        return replace(node, scalar=node.scalar + years)
    children = {name: moved(child, years, str(name)) for name, child in node.children.items()}
    return replace(node, children=children)


def inherited(
    book: Node, base: Sequence[Node], own: Sequence[Node], years: int
) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """Return the rules that a book takes over: without dropped and replaced ones, moved in time, with its changes.

    Args:
        book: the book's own `book.yaml`.
        base: the rules of the book that it builds on.
        own: its own rules; one with the id of an inherited rule replaces it.
        years: by how many years the dates of inherited rules move.
    """
    known = [name for node in base if (name := node.text("id")) is not None]
    changes = {entry.text("rule") or "": entry for entry in book.items("changes")}
    drops = {entry.text("rule") or "": entry for entry in book.items("drops")}
    problems = [_unknown(entry, name, known) for name, entry in (*changes.items(), *drops.items()) if name not in known]
    gone = {*drops, *(node.text("id") for node in own)}
    rules = []
    for node in base:
        name = node.text("id")
        if name not in gone:
            kept = moved(node, years)
            change = changes.get(name or "")
            problems += stale_words(kept, change) if change is not None else ()
            rules.append(kept if change is None else _changed(kept, change))
    return tuple(rules), tuple(problems)


def _changed(node: Node, change: Node) -> Node:
    """Return a rule with the fields that a change sets."""
    values = change.get("set")
    return replace(node, children={**node.children, **(values.children if values is not None else {})})


def joined_clauses(book: Node, base: Node) -> Node:
    """Return `book.yaml` with the inherited clauses before its own new ones; one of the same id takes its place."""
    own = {node.text("id"): node for node in book.items("clauses")}
    taken = [own.pop(node.text("id"), node) for node in base.items("clauses")]
    listed = [*taken, *own.values()]
    template = book.get("clauses") or base.children["clauses"]
    clauses = replace(template, shape="list", children=dict(enumerate(listed)))
    return replace(book, children={**book.children, "clauses": clauses})


def _unknown(entry: Node, name: str, known: Sequence[str]) -> Problem:
    """Return the problem of a change to a rule that is not inherited."""
    fact = Text(f"所依据的规则集没有规则“{name}”", f"the book that this one extends has no rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("请核对规则编号", "Check the rule's id"))
    return Problem("unknown-rule", entry.place_of(name), fact, cure, name)
