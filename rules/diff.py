"""Differences between two rulebooks, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry

_DAY = re.compile(r"(\d{4})(-\d{2}-\d{2})")

UNSAID = frozenset({"id", "readings"})
"""Fields that are not compared: the id is what rules are matched by, and the chosen reading shows in the others."""


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule that differs.

    Attributes:
        rule: its id.
        sort: `added`, `dropped` or `changed`.
        fields: what differs, as field, old and new value; none for an added or dropped rule.
        more: names of units that owe it now and did not before.
        fewer: names of units that owed it and do not any more.
    """

    rule: str
    sort: str
    fields: tuple[tuple[str, str, str], ...]
    more: tuple[str, ...]
    fewer: tuple[str, ...]


def diff_books(
    before: Book, after: Book, registry: Registry, earlier: Registry | None = None
) -> tuple[RuleDifference, ...]:
    """Return the rules that differ, in the order of the later book; dropped ones come last.

    Dates that moved with the book's year are no difference.

    Args:
        before: the earlier book.
        after: the later book.
        registry: the units that the later book, and where there is no other both, are applied to.
        earlier: the units that the earlier book is applied to.
    """
    old, new = _timelines(before), _timelines(after)
    years = after.in_force.start.year - before.in_force.start.year
    names = (*new, *(old.keys() - new.keys()))
    units = (earlier or registry, registry)
    found = [_change(name, old.get(name), new.get(name), units, years) for name in names]
    ordered = [change for change in found if change is not None]
    return tuple(sorted(ordered, key=lambda change: (change.sort == "dropped", change.rule)))


def _timelines(book: Book) -> dict[str, tuple[Rule, ...]]:
    """Return the versions of each rule in the order of time, by its id."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in sorted(book.versions(), key=lambda rule: rule.period.start):
        found[rule.id] = (*found.get(rule.id, ()), rule)
    return {rule.id: found[rule.id] for rule in book.rules}


def _owing(rules: Sequence[Rule] | None, registry: Registry) -> list[str]:
    """Return the names of the units that owe a rule."""
    units = dict.fromkeys(unit for rule in rules or () for unit in registry.members(rule.owed_by))
    return [registry.unit(unit).name for unit in units]


def _change(
    name: str, old: Sequence[Rule] | None, new: Sequence[Rule] | None, registries: tuple[Registry, Registry], years: int
) -> RuleDifference | None:
    """Return what differs in one rule, or None where nothing does."""
    fields = _fields(old, new, years) if old is not None and new is not None else ()
    was, now = _owing(old, registries[0]), _owing(new, registries[1])
    more = tuple(unit for unit in now if unit not in was)
    fewer = tuple(unit for unit in was if unit not in now)
    sort = "added" if old is None else "dropped" if new is None else "changed"
    if sort == "changed" and not (fields or more or fewer):
        return None
    return RuleDifference(name, sort, fields, more, fewer)


def _moved(value: object, years: int) -> object:
    """Return a field with the years of its dates moved."""
    if isinstance(value, dict):
        return {name: _moved(part, years) for name, part in value.items()}
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    return f"{int(found[1]) + years}{found[2]}" if found is not None else value


def _fields(old: Sequence[Rule], new: Sequence[Rule], years: int) -> tuple[tuple[str, str, str], ...]:
    """Return the fields in which two rules differ."""
    was, now = ([rule_content(rule) for rule in rules] for rules in (old, new))
    return changed_fields(was, now, years)


def changed_fields(
    was: Sequence[Mapping[str, object]], now: Sequence[Mapping[str, object]], years: int = 0
) -> tuple[tuple[str, str, str], ...]:
    """Return the fields in which two rules differ, each with its old and new value.

    Args:
        was: the contents of the earlier rule, one for each time that it has its own.
        now: those of the later rule.
        years: by how many years the dates have moved with the book.
    """
    moved = [{name: _moved(value, years) for name, value in one.items()} for one in was]
    names = dict.fromkeys(name for one in (*was, *now) for name in one)
    if len(was) == len(now) == 1:
        return tuple(
            (name, _shown(was[0].get(name)), _shown(now[0].get(name)))
            for name in names
            if moved[0].get(name) != now[0].get(name)
        )
    told = ((name, _in_time(was, name), _in_time(now, name), _in_time(moved, name)) for name in names)
    return tuple((name, before, after) for name, before, after, kept in told if name != "period" and kept != after)


def rule_content(rule: Rule) -> dict[str, object]:
    """Return a rule's fields as YAML has them."""
    return rule.model_dump(mode="json", by_alias=True, exclude=set(UNSAID))


def _in_time(versions: Sequence[Mapping[str, object]], name: str) -> str:
    """Return a field that may change in time, each value with its first day where there are several."""
    values = [_shown(one.get(name)) for one in versions]
    if len(set(values)) == 1:
        return values[0]
    starts = [period.get("from") if isinstance(period := one["period"], dict) else None for one in versions]
    return "；".join(f"{value}（{start}起）" for value, start in zip(values, starts, strict=True))


def _shown(value: object) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    return "∅" if value is None else str(value)


def earlier_values(rule: Rule, book: Book) -> tuple[tuple[str, str, str, str], ...]:
    """Return what was other in the earlier versions of a rule: first day, last day, field and value."""
    last = rule_content(rule)
    return tuple(
        (str(one.period.start), str(one.period.end), name, _shown(value))
        for one in book.earlier
        if one.id == rule.id
        for name, value in rule_content(one).items()
        if name != "period" and value != last.get(name)
    )
