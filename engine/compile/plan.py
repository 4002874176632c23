"""The rulebooks as tables: a rule is a row, and what it needs of the events is a numbered selector."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, get_args

import pyarrow as pa

from engine.compile.candidates import candidates_table, find_candidates
from engine.compile.duties import duties_of
from engine.kinds import KINDS
from engine.time.asof import END_OF_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.compile.candidates import Candidate
    from engine.compile.duties import Duty
    from engine.kinds.base import KindRule
    from rules.book import Book
    from rules.model import AttributeUse, Rule, Selector
    from rules.units import Registry, Unit

DIGEST: Final = 12
"""How many characters of a hash tell two duties apart."""

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
        candidates: how an event meets each selector.
        attributes: the attributes whose values rules read.
    """

    kinds: tuple[type[KindRule], ...]
    steps: Mapping[type[KindRule], tuple[tuple[str, str], ...]]
    tables: Mapping[str, pa.Table]
    selectors: tuple[Selector, ...]
    candidates: tuple[Candidate, ...]
    attributes: tuple[AttributeUse, ...]


def period_label(rule: Rule) -> str:
    """Return `2023` for a whole calendar year, else both ends."""
    start, end = rule.period.start, rule.period.end
    if (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return str(start.year)
    return f"{start}..{end}"


def _common(number: int, duty: Duty) -> dict[str, object]:
    """Return what every rule table has; `slot` is the key of a duty that recurs."""
    rule = duty.rule
    return {
        "rule": number,
        "start": duty.first,
        "stop": rule.period.end,
        "stop_at": datetime.combine(rule.period.end, END_OF_DAY),
        "label": duty.slot or period_label(rule),
        "slot": duty.slot or None,
    }


COMMON = pa.schema(
    [
        ("rule", pa.int32()),
        ("start", pa.date32()),
        ("stop", pa.date32()),
        ("stop_at", pa.timestamp("us")),
        ("label", pa.string()),
        ("slot", pa.string()),
    ]
)


def _kind_table(kind: type[KindRule], duties: Sequence[tuple[int, Duty]]) -> pa.Table:
    """Return the rules of one kind."""
    schema = pa.schema([*COMMON, *((name, TYPES[sort]) for name, sort in kind.columns.items())])
    return pa.Table.from_pylist(
        [{**_common(number, duty), **duty.rule.cells()} for number, duty in duties], schema=schema
    )


def _part_tables(duties: Sequence[Duty], kinds: Iterable[type[KindRule]]) -> dict[str, pa.Table]:
    """Return the further tables of the kinds that are used, the rules numbered as everywhere."""
    found = {}
    for kind in kinds:
        for name, columns in kind.parts.items():
            rows = [
                {**row, "rule": number}
                for number, duty in enumerate(duties)
                if type(duty.rule) is kind
                for row in duty.rule.part_rows()[name]
            ]
            found[name] = _table(rows, **{column: TYPES[sort] for column, sort in columns.items()})
    return found


def _rules_table(duties: Sequence[Duty]) -> pa.Table:
    """Return what verdict rows say of a rule; its versions in time, and its periods, are rows of their own."""
    times = Counter((duty.book.id, duty.rule.id) for duty in duties)
    rows = [_rule_row(number, duty, times[duty.book.id, duty.rule.id]) for number, duty in enumerate(duties)]
    texts = ("book", "rule", "clause", "modality", "reading", "mark", "document", "missing", "named", "duty")
    others = [
        ("start", pa.date32()),
        ("issued", pa.date32()),
        *((name, pa.bool_()) for name in ("versioned", "shared")),
    ]
    schema = pa.schema([("number", pa.int32()), *((name, pa.string()) for name in texts), *others])
    return pa.Table.from_pylist(rows, schema=schema)


def _rule_row(number: int, duty: Duty, times: int) -> dict[str, object]:
    """Return a row of the table of rules.

    `missing` are the types of the events that are missing where the duty is not met, `named` says the same of a duty
    without a subject, by its own name or with all that is asked of the events; `shared` duties are one for all units.
    """
    book, rule = duty.book, duty.rule
    wanted = [selector for role, selector in rule.selectors() if role in rule.lacking()]
    types = "+".join(sorted({selector.event for selector in wanted}))
    asked = "\n".join(sorted({selector.model_dump_json(exclude_defaults=True) for selector in wanted}))
    needed = "\n".join(sorted(rule.required_elements()))
    digest = hashlib.sha256(f"{asked}\n{needed}".encode()).hexdigest()[:DIGEST]
    return {
        "number": number,
        "book": book.id,
        "rule": rule.id,
        "clause": rule.clause,
        "modality": rule.modality,
        "reading": book.readings.get(rule.id),
        "start": rule.period.start,
        "versioned": times > 1,
        "mark": _mark(duty, times) if rule.lasts else "",
        "document": book.document_of(rule.clause),
        "issued": date.fromisoformat(book.issued_on),
        "missing": types or None,
        "duty": rule.duty,
        "named": rule.duty or (f"{types}#{digest}" if types else None),
        "shared": rule.looks_beyond() and not rule.starts_with_acts(),
    }


def _mark(duty: Duty, times: int) -> str:
    """Return what tells the duties of one act apart: the year of a rule that is judged year by year, or its version."""
    if duty.slot and not duty.book.has_versions:
        return f"@{duty.slot}"
    return f"@{duty.rule.period.start}" if duty.slot or times > 1 else ""


def _number_selectors(duties: Sequence[Duty]) -> tuple[list[Selector], list[dict[str, object]]]:
    """Return the distinct selectors, and which rule uses which in which role."""
    numbers: dict[str, int] = {}
    selectors: list[Selector] = []
    uses: list[dict[str, object]] = []
    for number, duty in enumerate(duties):
        for role, selector in duty.selectors():
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


def owed_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return what `OWED` and `HELPERS` give of the tables of a plan of one county, without a statement."""
    since = tables["units"]["since"].to_pylist()
    books = set(tables["adopted"]["book"].to_pylist())
    members: dict[int, list[int]] = {}
    for owner, unit in _rows(tables["members"], "owner", "unit"):
        members.setdefault(owner, []).append(unit)
    owed, helpers = (
        sorted(
            {
                (rule, unit)
                for rule, book, owner in _rows(tables[name], "rule", "book", "owner")
                if book in books
                for unit in members.get(owner, ())
            }
        )
        for name in ("owing", "helping")
    )
    days = pa.array([since[unit] for _, unit in owed], pa.date32())
    return {"owed": _of_the_county(owed).append_column("since", days), "helpers": _of_the_county(helpers)}


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[int, ...]]:
    """Return the rows of some columns of numbers."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _of_the_county(pairs: Sequence[tuple[int, int]]) -> pa.Table:
    """Return rules with units of the one county."""
    return _columns([(rule, 0, unit) for rule, unit in pairs], "rule", "county", "unit")


def _books_of(counties: Sequence[County]) -> list[Book]:
    """Return the books of all counties, each once."""
    return list({id(book): book for county in counties for book in county.books}.values())


def _owing_tables(books: Sequence[Book], duties: Sequence[Duty], counties: Sequence[County]) -> dict[str, pa.Table]:
    """Return the tables whose join is `owed`: groups that rules name, their members, and the books of each county."""
    places = {id(book): number for number, book in enumerate(books)}
    named = {owner for duty in duties for owner in (*duty.rule.owed_by, *duty.rule.helpers())}
    owners = {owner: number for number, owner in enumerate(sorted(named))}
    owing = [
        (number, places[id(duty.book)], owners[owner])
        for number, duty in enumerate(duties)
        for owner in duty.rule.owed_by
    ]
    helping = [
        (number, places[id(duty.book)], owners[owner])
        for number, duty in enumerate(duties)
        for owner in duty.rule.helpers()
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


def _needed_rows(duties: Sequence[Duty], labels: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the elements that each rule asks for; a rule that asks for none has one row without a name."""
    return [
        {"rule": number, "element": element, "label": labels.get(element, element)}
        for number, duty in enumerate(duties)
        for element in duty.rule.required_elements() or ("",)
    ]


def _kind_tables(duties: Sequence[Duty]) -> dict[type[KindRule], pa.Table]:
    """Return the rules of each kind that is used, in the order of the registry of kinds."""
    numbered = list(enumerate(duties))
    by_kind = {kind: [(number, duty) for number, duty in numbered if type(duty.rule) is kind] for kind in KINDS}
    return {kind: _kind_table(kind, own) for kind, own in by_kind.items() if own}


def compile_plan(counties: Sequence[County], as_of: date, *, labels: Mapping[str, str], several: bool = False) -> Plan:
    """Return the tables that the rulebooks come down to.

    Args:
        counties: whose units are judged, each by its own books.
        as_of: the day asked about; duties that recur are not looked for long after it.
        labels: what an element is called in a sentence, by its value.
        several: whether events say which county they are of.
    """
    books = _books_of(counties)
    duties = duties_of(books, as_of)
    selectors, uses = _number_selectors(duties)
    candidates = find_candidates(selectors)
    text, int32 = pa.string(), pa.int32()
    kinds = _kind_tables(duties)
    tables = {
        "rules": _rules_table(duties),
        "rule_selectors": _table(uses, rule=int32, role=text, sel=int32),
        "candidates": candidates_table(candidates, selectors),
        "needed": _table(_needed_rows(duties, labels), rule=int32, element=text, label=text),
        **_owing_tables(books, duties, counties),
        **_place_tables(counties, several=several),
        **{f"rules_{kind_name(kind)}": table for kind, table in kinds.items()},
        **_part_tables(duties, kinds),
    }
    every = [duty.rule for duty in duties]
    read = tuple(sorted({use for rule in every for use in rule.attributes()}))
    steps = {kind: kind.steps_for(every) for kind in kinds}
    return Plan(tuple(kinds), steps, tables, tuple(selectors), candidates, read)


def kind_name(kind: type[KindRule]) -> str:
    """Return what rules of this kind write in `kind:`."""
    return str(get_args(kind.model_fields["kind"].annotation)[0])
