"""Values by date: a threshold that changes within the year, each of its values with its time of force.

```yaml
within:
  - {value: 5 working days, from: 2023-01-01, to: 2023-06-30}
  - {value: 3 working days, from: 2023-07-01}
```

A rule with such values is several rules in time, its versions: an ended value does not go on, and where none is in
force the rule does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import Field

from events.problems import Problem, Text
from rules.model import Bilingual, Model, Period
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.yaml.nodes import Node

DAY = timedelta(days=1)

UNDATED = frozenset(
    {"id", "clause", "title", "quote", "kind", "period", "by", "readings", "note", "look_for", "basis", "duty"}
)
"""Fields that have one value for all time: they say what the rule is, or are dates or words themselves."""


class DatedEntry(Model):
    """One value with its time of force.

    Attributes:
        value: as the field has it.
        start: its first day.
        end: its last day; the last day of the rule's period where it is not given.
        reason: why it changes, such as the sentence of the later document.
    """

    value: object
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    reason: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """A value's time of force within the rule's period, and where it stands."""

    start: date
    end: date
    node: Node


def is_dated(node: Node) -> bool:
    """Say whether a value is written by date: a list whose entries all have a value and the day it starts on."""
    entries = tuple(node.children.values())
    return bool(entries) and node.shape == "list" and all({"value", "from"} <= one.children.keys() for one in entries)


def _dated_nodes(node: Node) -> Iterator[Node]:
    """Go through the values by date in a rule, those inside its conditions included."""
    if is_dated(node):
        yield node
        return
    for child in node.children.values():
        yield from _dated_nodes(child)


def _spans(node: Node, period: Period) -> tuple[list[_Span], list[Problem]]:
    """Return the times of force of one field's values, and what is wrong with them."""
    spans: list[_Span] = []
    problems: list[Problem] = []
    for entry in node.children.values():
        made, wrong = validate(DatedEntry, entry)
        problems += wrong
        if made is None:
            continue
        end = made.end or max(period.end, made.start)
        if end < made.start:
            fact = Text(f"到{end}止，早于起始日{made.start}", f"it ends on {end}, before it starts on {made.start}")
            cure = Text("请核对 from 和 to", "Check from and to")
            problems.append(Problem("bad-value", entry.children["to"].where, fact, cure, str(end)))
            continue
        spans.append(_Span(made.start, end, entry))
        if end < period.start or made.start > period.end:
            problems.append(_never(entry, period))
    spans.sort(key=lambda span: span.start)
    return spans, [*problems, *_overlaps(spans)]


def _overlaps(spans: Sequence[_Span]) -> list[Problem]:
    """Return a problem for every value that starts before the one before it has ended."""
    problems = []
    for before, after in pairwise(spans):
        if after.start <= before.end:
            other = before.node.where
            fact = Text(
                f"自{after.start}起的值与第{other.line}行到{before.end}止的值重叠",
                f"the value from {after.start} overlaps the one of line {other.line}, which ends on {before.end}",
            )
            cure = Text(
                f"请给前一个值写 to: {after.start - DAY}", f"Write to: {after.start - DAY} at the value before it"
            )
            where = after.node.children["from"].where
            problems.append(Problem("overlapping-dates", where, fact, cure, str(after.start)))
    return problems


def _never(entry: Node, period: Period) -> Problem:
    """Return the warning of a value that is never in force while its rule holds."""
    fact = Text(
        f"这个值不在规则的期间{period.start}至{period.end}以内，从不生效",
        f"this value is never in force between {period.start} and {period.end}, the days of its rule",
    )
    cure = Text("请核对日期，或者删去", "Check its dates, or take it out")
    return Problem("unreachable-value", entry.where, fact, cure, severity="warning")


def _gap(node: Node, first: date, last: date) -> Problem:
    """Return the warning of days on which no value is in force."""
    fact = Text(
        f"{first}至{last}没有生效的值，规则在这些日子不适用",
        f"no value is in force from {first} to {last}: the rule does not hold then",
    )
    cure = Text("请补上这些日子的值，或者缩短规则的 period", "Give a value for these days, or shorten the period")
    return Problem("value-gap", node.where, fact, cure, str(first), severity="warning")


def _on(node: Node, day: date, chosen: dict[int, list[_Span]]) -> Node | None:
    """Return the value with what is in force on a day in the place of every value by date; None where one lacks it."""
    if id(node) in chosen:
        spans = (span for span in chosen[id(node)] if span.start <= day <= span.end)
        entry = next((span.node for span in spans), None)
        return entry.children["value"] if entry is not None else None
    children: dict[str | int, Node] = {}
    for key, child in node.children.items():
        made = _on(child, day, chosen)
        if made is None:
            return None
        children[key] = made
    return replace(node, children=children) if children else node


def versions_of(
    node: Node, period: Period, *, at_end: bool
) -> tuple[tuple[tuple[Period, Node], ...], tuple[Problem, ...]]:
    """Return a rule as it holds at different times: each with its days, and without values by date.

    Args:
        node: the rule, a reading's fields in place.
        period: the days that it looks at.
        at_end: whether the value of the last day is that of the whole period, as for a yearly number.

    Returns:
        The versions in the order of time, and what is wrong with the values by date. A rule without values by date
        has one version, itself.
    """
    fields = [child for key, child in node.children.items() if key not in UNDATED]
    dated = [found for field in fields for found in _dated_nodes(field)]
    if not dated:
        return ((period, node),), ()
    chosen: dict[int, list[_Span]] = {}
    problems: list[Problem] = []
    for one in dated:
        chosen[id(one)], wrong = _spans(one, period)
        problems += wrong
    if any(problem.severity == "error" for problem in problems):
        return (), tuple(problems)
    cuts = {day for spans in chosen.values() for span in spans for day in (span.start, span.end + DAY)}
    first = period.end if at_end else period.start
    starts = sorted({first, *(day for day in cuts if first < day <= period.end)})
    found: list[tuple[Period, Node]] = []
    for start, following in zip(starts, [*starts[1:], period.end + DAY], strict=True):
        days = period if at_end else Period(start=start, end=following - DAY)
        version = _on(node, start, chosen)
        if version is None:
            problems.append(_gap(dated[0], days.start, days.end))
        else:
            found.append((days, version))
    return tuple(found), tuple(problems)
