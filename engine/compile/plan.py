"""The rulebooks as tables: a rule is a row, and what it needs of the events is a numbered selector."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast, get_args

import pyarrow as pa

from engine.compile.candidates import find_tries, tries_table
from engine.kinds import KINDS
from engine.time.asof import END_OF_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.compile.candidates import Try
    from engine.kinds.base import KindRule
    from rules.book import Book
    from rules.model import AttributeUse, Rule, Selector
    from rules.units import Registry, Unit

TYPES = {
    "INT": pa.int32(),
    "TEXT": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
}


@dataclass(frozen=True, slots=True)
class County:
    """The units of one county, and the rulebooks that bind them, their readings chosen."""

    registry: Registry
    books: tuple[Book, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the statements of all kinds read besides the events.

    Attributes:
        kinds: the kinds that have rules.
        steps: the statements before those of the kinds, each with the name of the table that it makes, by kind.
        tables: the tables by name; rules are numbered over all books.
        selectors: the distinct selectors in the order of their numbers.
        tries: how an event meets each selector.
        attributes: the attributes whose values rules read.
    """

    kinds: tuple[type[KindRule], ...]
    steps: Mapping[type[KindRule], tuple[tuple[str, str], ...]]
    tables: Mapping[str, pa.Table]
    selectors: tuple[Selector, ...]
    tries: tuple[Try, ...]
    attributes: tuple[AttributeUse, ...]


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


def _part_tables(rules: Sequence[KindRule], kinds: Iterable[type[KindRule]]) -> dict[str, pa.Table]:
    """Return the further tables of the kinds that are used, the rules numbered as everywhere."""
    found = {}
    for kind in kinds:
        for name, columns in kind.parts.items():
            rows = [
                {**row, "rule": number}
                for number, rule in enumerate(rules)
                if type(rule) is kind
                for row in rule.part_rows()[name]
            ]
            found[name] = _table(rows, **{column: TYPES[sort] for column, sort in columns.items()})
    return found


def _rules_table(rules: Sequence[tuple[Book, KindRule]]) -> pa.Table:
    """Return what verdict rows say of a rule; its versions in time are rows of their own."""
    times = Counter((book.id, rule.id) for book, rule in rules)
    rows = [
        {
            "number": number,
            "book": book.id,
            "rule": rule.id,
            "clause": rule.clause,
            "modality": rule.modality,
            "reading": book.readings.get(rule.id),
            "start": rule.period.start,
            "versioned": times[book.id, rule.id] > 1,
            "mark": f"@{rule.period.start}" if rule.lasts and times[book.id, rule.id] > 1 else "",
        }
        for number, (book, rule) in enumerate(rules)
    ]
    texts = ("book", "rule", "clause", "modality", "reading", "mark")
    others = [("start", pa.date32()), ("versioned", pa.bool_())]
    schema = pa.schema([("number", pa.int32()), *((name, pa.string()) for name in texts), *others])
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


def _table(rows: Sequence[Mapping[str, object]], **columns: pa.DataType) -> pa.Table:
    """Return rows as a table of these columns."""
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items())))


OWED = """
SELECT DISTINCT w.rule, m.county, m.unit, u.since
FROM owing AS w
JOIN adopted AS a ON a.book = w.book
JOIN members AS m ON m.county = a.county AND m.owner = w.owner
JOIN units AS u ON u.number = m.unit
"""
"""Which unit owes which rule: the units that a rule's groups have in each county that goes by the rule's book."""

HELPERS = """
SELECT DISTINCT w.rule, m.county, m.unit
FROM helping AS w
JOIN adopted AS a ON a.book = w.book
JOIN members AS m ON m.county = a.county AND m.owner = w.owner
"""
"""Whose records count besides those of the unit that owes the rule."""


def _books_of(counties: Sequence[County]) -> list[Book]:
    """Return the books of all counties, each once."""
    return list({id(book): book for county in counties for book in county.books}.values())


def _owing_tables(
    books: Sequence[Book], rules: Sequence[tuple[Book, KindRule]], counties: Sequence[County]
) -> dict[str, pa.Table]:
    """Return the tables whose join is `owed`: groups that rules name, their members, and the books of each county."""
    places = {id(book): number for number, book in enumerate(books)}
    named = {owner for _, rule in rules for owner in (*rule.owed_by, *rule.helpers())}
    owners = {owner: number for number, owner in enumerate(sorted(named))}
    owing = [
        (number, places[id(book)], owners[owner]) for number, (book, rule) in enumerate(rules) for owner in rule.owed_by
    ]
    helping = [
        (number, places[id(book)], owners[owner])
        for number, (book, rule) in enumerate(rules)
        for owner in rule.helpers()
    ]
    adopted = [(number, places[id(book)]) for number, county in enumerate(counties) for book in county.books]
    first, members = 0, []
    for number, county in enumerate(counties):
        units = {unit.id: first + place for place, unit in enumerate(county.registry.units)}
        members += [
            (number, owner, units[unit]) for name, owner in owners.items() for unit in county.registry.members((name,))
        ]
        first += len(units)
    return {
        "owing": _columns(owing, "rule", "book", "owner"),
        "helping": _columns(helping, "rule", "book", "owner"),
        "adopted": _columns(adopted, "county", "book"),
        "members": _columns(members, "county", "owner", "unit"),
    }


def _columns(rows: Sequence[tuple[int, ...]], *names: str) -> pa.Table:
    """Return rows of numbers as a table."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table({name: pa.array(column, pa.int32()) for name, column in zip(names, columns, strict=True)})


def heirs_of(registry: Registry, unit: Unit) -> tuple[str, ...]:
    """Return the ids of the units that took a unit's work over, theirs after them included."""
    found: dict[str, None] = {}
    waiting = list(unit.successors)
    while waiting:
        one = waiting.pop(0)
        if one not in found and one != unit.id:
            found[one] = None
            waiting += registry.unit(one).successors
    return tuple(found)


def _place_tables(counties: Sequence[County], *, several: bool) -> dict[str, pa.Table]:
    """Return the counties and their units, numbered; `path` is how an obligation's id names the unit."""
    codes = [county.registry.county if several else "" for county in counties]
    units = [
        {
            "county": number,
            "county_id": code,
            "unit": unit.id,
            "name": unit.name,
            "path": f"{code}/{unit.id}" if several else unit.id,
            "since": unit.since,
            "until": unit.until,
        }
        for number, (code, county) in enumerate(zip(codes, counties, strict=True))
        for unit in county.registry.units
    ]
    text, int32, day = pa.string(), pa.int32(), pa.date32()
    table = _table(units, county=int32, county_id=text, unit=text, name=text, path=text, since=day, until=day)
    heirs = [
        {"county": code, "unit": unit.id, "heir": heir}
        for code, county in zip(codes, counties, strict=True)
        for unit in county.registry.units
        for heir in heirs_of(county.registry, unit)
    ]
    return {
        "heirs": _table(heirs, county=text, unit=text, heir=text),
        "units": table.append_column("number", pa.array(range(len(units)), int32)),
        "counties": _table(
            [{"county": number, "county_id": code} for number, code in enumerate(codes)], county=int32, county_id=text
        ),
    }


def _needed_rows(rules: Sequence[tuple[Book, KindRule]], labels: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the elements that each rule asks for; a rule that asks for none has one row without a name."""
    return [
        {"rule": number, "element": element, "label": labels.get(element, element)}
        for number, (_, rule) in enumerate(rules)
        for element in rule.required_elements() or ("",)
    ]


def _kind_tables(rules: Sequence[tuple[Book, KindRule]]) -> dict[type[KindRule], pa.Table]:
    """Return the rules of each kind that is used, in the order of the registry of kinds."""
    numbered = [(number, rule) for number, (_, rule) in enumerate(rules)]
    by_kind = {kind: [(number, rule) for number, rule in numbered if type(rule) is kind] for kind in KINDS}
    return {kind: _kind_table(kind, own) for kind, own in by_kind.items() if own}


def compile_plan(counties: Sequence[County], *, labels: Mapping[str, str], several: bool = False) -> Plan:
    """Return the tables that the rulebooks come down to.

    Args:
        counties: whose units are judged, each by its own books.
        labels: what an element is called in a sentence, by its value.
        several: whether events say which county they are of.
    """
    books = _books_of(counties)
    rules = [(book, cast("KindRule", rule)) for book in books for rule in book.versions()]
    selectors, uses = _number_selectors([rule for _, rule in rules])
    tries = find_tries(selectors)
    text, int32 = pa.string(), pa.int32()
    kinds = _kind_tables(rules)
    tables = {
        "rules": _rules_table(rules),
        "rule_selectors": _table(uses, rule=int32, role=text, sel=int32),
        "tried": tries_table(tries, selectors),
        "needed": _table(_needed_rows(rules, labels), rule=int32, element=text, label=text),
        **_owing_tables(books, rules, counties),
        **_place_tables(counties, several=several),
        **{f"rules_{kind_name(kind)}": table for kind, table in kinds.items()},
        **_part_tables([rule for _, rule in rules], kinds),
    }
    read = tuple(sorted({use for _, rule in rules for use in rule.attributes()}))
    every = [rule for _, rule in rules]
    steps = {kind: kind.steps_for(every) for kind in kinds}
    return Plan(tuple(kinds), steps, tables, tuple(selectors), tries, read)


def kind_name(kind: type[KindRule]) -> str:
    """Return what rules of this kind write in `kind:`."""
    return str(get_args(kind.model_fields["kind"].annotation)[0])
