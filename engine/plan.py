"""The rulebooks as tables: a rule is a row, and what it needs of the events is a numbered selector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from engine.asof import END_OF_DAY
from engine.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.kinds.base import KindRule
    from rules.book import Book
    from rules.model import Rule, Selector
    from rules.units import Registry

TYPES = {
    "INT": pa.int32(),
    "TEXT": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the statements of all kinds read besides the events.

    Attributes:
        kinds: the kinds that have rules.
        tables: the tables by name; rules are numbered over all books.
        selectors: the distinct selectors in the order of their numbers.
        elements: the list attributes that say which elements an event covers.
    """

    kinds: tuple[type[KindRule], ...]
    tables: Mapping[str, pa.Table]
    selectors: tuple[Selector, ...]
    elements: frozenset[str]


def period_label(rule: Rule) -> str:
    """Return `2023` for a whole calendar year, else both ends."""
    start, end = rule.period.start, rule.period.end
    if (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return str(start.year)
    return f"{start}..{end}"


def _common(number: int, rule: Rule) -> dict[str, object]:
    """Return what every rule table has."""
    return {
        "rule": number,
        "start": rule.period.start,
        "stop": rule.period.end,
        "stop_at": datetime.combine(rule.period.end, END_OF_DAY),
        "label": period_label(rule),
    }


COMMON = pa.schema(
    [
        ("rule", pa.int32()),
        ("start", pa.date32()),
        ("stop", pa.date32()),
        ("stop_at", pa.timestamp("us")),
        ("label", pa.string()),
    ]
)


def _kind_table(kind: type[KindRule], rules: Sequence[tuple[int, KindRule]]) -> pa.Table:
    """Return the rules of one kind."""
    schema = pa.schema([*COMMON, *((name, TYPES[sort]) for name, sort in kind.columns.items())])
    return pa.Table.from_pylist([{**_common(number, rule), **rule.cells()} for number, rule in rules], schema=schema)


def _rules_table(rules: Sequence[tuple[Book, KindRule]]) -> pa.Table:
    """Return what verdict rows say of a rule."""
    rows = [
        {
            "number": number,
            "book": book.id,
            "rule": rule.id,
            "clause": rule.clause,
            "modality": rule.modality,
            "reading": book.readings.get(rule.id),
            "start": rule.period.start,
        }
        for number, (book, rule) in enumerate(rules)
    ]
    texts = ("book", "rule", "clause", "modality", "reading")
    schema = pa.schema([("number", pa.int32()), *((name, pa.string()) for name in texts), ("start", pa.date32())])
    return pa.Table.from_pylist(rows, schema=schema)


def _number_selectors(rules: Sequence[KindRule]) -> tuple[list[Selector], list[dict[str, object]]]:
    """Return the distinct selectors, and which rule uses which in which role."""
    numbers: dict[str, int] = {}
    selectors: list[Selector] = []
    uses: list[dict[str, object]] = []
    for number, rule in enumerate(rules):
        for role, selector in rule.selectors():
            name = selector.model_dump_json()
            if name not in numbers:
                numbers[name] = len(selectors)
                selectors.append(selector)
            uses.append({"rule": number, "role": role, "sel": numbers[name]})
    return selectors, uses


def compile_plan(
    books: Sequence[Book], registry: Registry, *, labels: Mapping[str, str], units: Sequence[str] | None = None
) -> Plan:
    """Return the tables that the rulebooks come down to.

    Args:
        books: the rulebooks.
        registry: the units that owe.
        labels: what an element is called in a sentence, by its value.
        units: ids of the units to judge, or None for all.
    """
    rules = [(book, cast("KindRule", rule)) for book in books for rule in book.rules]
    selectors, uses = _number_selectors([rule for _, rule in rules])
    wanted = set(units) if units is not None else None
    owed = [
        {"rule": number, "county": registry.county, "unit": unit}
        for number, (_, rule) in enumerate(rules)
        for unit in registry.members(rule.owed_by)
        if wanted is None or unit in wanted
    ]
    needed = [
        {"rule": number, "element": element, "label": labels.get(element, element)}
        for number, (_, rule) in enumerate(rules)
        for element in rule.required_elements() or ("",)
    ]
    text, int32 = pa.string(), pa.int32()
    tables = {
        "rules": _rules_table(rules),
        "rule_selectors": pa.Table.from_pylist(
            uses, schema=pa.schema([("rule", int32), ("role", text), ("sel", int32)])
        ),
        "selectors": pa.Table.from_pylist(
            [
                {"sel": number, "event_type": selector.event, "elements_in": selector.elements_in}
                for number, selector in enumerate(selectors)
            ],
            schema=pa.schema([("sel", int32), ("event_type", text), ("elements_in", text)]),
        ),
        "owed": pa.Table.from_pylist(owed, schema=pa.schema([("rule", int32), ("county", text), ("unit", text)])),
        "needed": pa.Table.from_pylist(needed, schema=pa.schema([("rule", int32), ("element", text), ("label", text)])),
        "units": pa.Table.from_pylist(
            [{"county": registry.county, "unit": unit.id, "name": unit.name} for unit in registry.units],
            schema=pa.schema([("county", text), ("unit", text), ("name", text)]),
        ),
    }
    used = []
    for kind in KINDS:
        own = [(number, rule) for number, (_, rule) in enumerate(rules) if type(rule) is kind]
        if own:
            used.append(kind)
            tables[f"rules_{kind_name(kind)}"] = _kind_table(kind, own)
    elements = frozenset(one.elements_in for one in selectors if one.elements_in is not None)
    return Plan(tuple(used), tables, tuple(selectors), elements)


def kind_name(kind: type[KindRule]) -> str:
    """Return what rules of this kind write in `kind:`."""
    return str(kind.model_fields["kind"].annotation.__args__[0])  # type: ignore[union-attr]
