"""The numbers of a clause: each is a value in one of its rules, or the book says why it is none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.loading.draft import BookDraft
    from rules.loading.resolved import LoadedRule
    from rules.model import Rule

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORDS = frozenset({"id", "clause", "title", "quote", "note", "readings", "look_for", "figure", "basis", "duty"})
"""Fields that are words for people; a number in them is checked by nothing."""

_LISTS = ("items", "covers")


_BEYOND = 10**300
"""Numbers that no text of a clause has, and that are no fraction for the machine."""


def _values(value: object) -> Iterator[float]:
    """Go through the numbers of a rule's values, those in durations and dates included."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _values(part)
    elif isinstance(value, list):
        for part in value:
            yield from _values(part)
    elif isinstance(value, str):
        yield from (float(number) for number in _NUMBER.findall(value))
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND:
        yield float(value)


def numbers_of(rule: Rule) -> set[float]:
    """Return the numbers that a rule uses as values, and how many things its lists name."""
    content = rule.model_dump(mode="json", exclude=set(_WORDS))
    share = getattr(rule, "share", None)
    percent = {round(share * 100, 9)} if share is not None else set()  # `share: 0.95` is the 95 of “95%”
    lengths = {float(len(getattr(rule, name, ()) or ())) for name in _LISTS}
    return {*_values(content), *lengths, *percent}


def unused_numbers(draft: BookDraft, loaded: Sequence[LoadedRule]) -> list[Problem]:
    """Return a warning for every number of a clause that none of its rules uses and that the book does not explain.

    Numbers are those in Arabic digits; a number written in characters (六, 十二) is read by people only. Clauses of the
    book that this one builds on are checked there: a change of this one has its reason beside it.
    """
    problems = []
    for position, clause in enumerate(draft.entry.clauses):
        rules = [version for one in loaded if one.rule.clause == clause.id for version in one.versions]
        own = Path(draft.clause_node(position).where.file).parent == draft.folder
        if not rules or not own:
            continue  # a clause with a note only says there why nothing in it is checked
        used = set().union(*(numbers_of(rule) for rule in rules))
        for number in dict.fromkeys(_NUMBER.findall(clause.text)):
            if float(number) not in used and number not in clause.numbers:
                where = draft.clause_node(position).children["text"].where
                fact = Text(
                    f"条款 {clause.id} 的数字 {number} 没有规则使用", f"no rule of {clause.id} uses its {number}"
                )
                cure = Text("请写进规则，或者在 numbers 里说明", "Use it in a rule, or say under numbers why not")
                problems.append(Problem("unused-number", where, fact, cure, number, severity="warning"))
    return problems
