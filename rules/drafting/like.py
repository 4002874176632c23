"""Rules of an earlier book for clauses that say the same, or nearly: proposed with that book's decisions."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import yaml

from events.problems import has_errors
from rules.drafting.drafted import ProposedRule
from rules.loading.draft import read_draft
from rules.loading.packaged import find_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from events.problems import Problem
    from rules.drafting.drafted import NoticeClause, NoticeText

NEAR: Final = 0.8
"""How much of two texts must be the same, from 0 to 1."""

_BOOK: Final = "book.yaml"


@dataclass(frozen=True, slots=True)
class EarlierBook:
    """A book of an earlier year.

    Attributes:
        id: its name.
        year: the year that it is for.
        texts: the words of its clauses, by name.
        rules: its rules as YAML has them, by clause.
    """

    id: str
    year: int
    texts: Mapping[str, str]
    rules: Mapping[str, Sequence[Mapping[str, Any]]]


def load_earlier(name: str | Path) -> tuple[EarlierBook | None, tuple[Problem, ...]]:
    """Read an earlier book, by name or folder; None where it is not usable."""
    folder, problems = find_book(name)
    if folder is None:
        return None, problems
    draft, wrong = read_draft(folder)
    problems = (*problems, *wrong)
    if draft is None or has_errors(problems):
        return None, problems
    rules: dict[str, list[Mapping[str, Any]]] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name != _BOOK:
            content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            for rule in content.get("rules", ()) if isinstance(content, dict) else ():
                rules.setdefault(str(rule["clause"]), []).append(rule)
    texts = {clause.id: clause.text for clause in draft.entry.clauses}
    return EarlierBook(draft.entry.id, draft.entry.in_force.start.year, texts, rules), problems


def like_earlier(clause: NoticeClause, earlier: EarlierBook, notice: NoticeText) -> tuple[ProposedRule, ...]:
    """Return the earlier rules of the clause that is the same or nearest, their dates moved to the notice's year."""
    best, near = "", NEAR
    for name, text in earlier.texts.items():
        ratio = 1.0 if text == clause.text else _alike(text, clause.text, near)
        if ratio > near or (ratio == near == NEAR):
            best, near = name, ratio
    if not best:
        return ()
    changed = differences(earlier.texts[best], clause.text)
    years = notice.year - earlier.year
    return tuple(_moved(rule, clause, earlier, years, changed) for rule in earlier.rules.get(best, ()))


def _alike(one: str, other: str, least: float) -> float:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least else 0.0


def differences(before: str, after: str) -> tuple[str, ...]:
    """Return where two texts differ, as 原“…”，今“…”."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return tuple(f"原“{before[a:b]}”，今“{after[c:d]}”" for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


def _moved(
    rule: Mapping[str, Any], clause: NoticeClause, earlier: EarlierBook, years: int, changed: Sequence[str]
) -> ProposedRule:
    """Return an earlier rule as a proposal for a clause of this notice."""
    moved = {key: _shifted(value, years) for key, value in rule.items()}
    name = str(rule["id"])
    own = name.removeprefix(f"{rule['clause']}.")
    quote = str(rule["quote"])
    squeezed = re.sub(r"\s+", "", clause.text)
    whole = re.sub(r"\s+", "", quote) in squeezed
    moved |= {
        "id": f"{clause.id}.{own}",
        "clause": clause.id,
        "quote": quote if whole else clause.text,
        "status": "proposed",
    }
    left = [f"照 {earlier.id} 的 {name}，连同那时的决定"]
    left += [f"字词不同：{'；'.join(changed)}"] if changed else ["字词相同"]
    left += [] if whole else ["原来引用的话这里没有，先引整条"]
    return ProposedRule(moved, clause.id, (), tuple(left))


def _shifted(value: object, years: int) -> object:
    """Return a value with its dates moved by so many years."""
    if isinstance(value, date):
        try:
            return value.replace(year=value.year + years)
        except ValueError:  # 29 February
            return value.replace(year=value.year + years, day=28)
    if isinstance(value, dict):
        return {key: _shifted(one, years) for key, one in value.items()}
    if isinstance(value, list):
        return [_shifted(one, years) for one in value]
    return value
