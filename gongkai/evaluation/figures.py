"""Figures of the log in the unit of the rule that asks for them; and what only the rulebooks can tell of a cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.kinds import KINDS
from engine.kinds.reach import ReachRule
from events.problems import Problem, Text, Where, sort_problems
from events.table import place_of
from events.values.measures import convert
from events.vocabulary import load_vocabulary
from gongkai.options import DEFAULT_BOOK
from rules.load import load_books

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.read import ReadResult
    from events.sheets.layout import TableLayout
    from rules.book import Book

FIGURE = "indicator.reported"
VALUE, MEASURE = "data.value", "data.unit_of_measure"
FAR = 100
"""A figure so many times its target, or so small a part of it, was probably counted in another unit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of a figure.

    Attributes:
        unit: what it is counted in, such as 万人次.
        target: the target, in that unit.
        from_below: whether the figure has to come up to the target.
    """

    unit: str
    target: float
    from_below: bool


def default_books() -> tuple[Book, ...]:
    """Return the rulebooks that a log is held to where none is named: they know what its figures are counted in."""
    return load_books((DEFAULT_BOOK,), KINDS, vocabulary=load_vocabulary())[0]


def as_rules_count(log: ReadResult, books: Sequence[Book]) -> ReadResult:
    """Return a log whose figures are in the units of the rules, and with the problems that these rulebooks tell.

    A figure whose unit is not the rule's is converted; where the two do not agree, it is an error and the entry is left
    out. A figure without a unit that is a hundred times off its target is told.

    Args:
        log: what was read.
        books: the rulebooks that it is judged by.
    """
    asked = _asked(books)
    problems: list[Problem] = []
    values: dict[int, tuple[float, str]] = {}
    refused: set[int] = set()
    for row, fields in _figures(log.table):
        wanted = asked.get(fields["data.indicator"] or "", ())
        if not wanted:
            continue
        where = _cell(log.tables, fields["file"], fields["place"])
        unit = fields[MEASURE]
        if unit:
            found = _converted(fields[VALUE], unit, wanted)
            if found is None:
                refused.add(row)
                problems.append(_disagrees(where, fields, wanted[0].unit))
            else:
                values[row] = found
        elif (far := _far_off(fields[VALUE], wanted)) is not None:
            problems.append(_told(where, fields, far))
    tasks = {clause.id for book in books for clause in book.clauses}
    doubts = [one.problem for one in log.doubts if one.task in tasks]
    refused |= _rows_at(log.table, doubts)
    table = _with(log.table, values)
    if refused:
        table = table.filter(
            pc.invert(pc.is_in(pa.array(range(table.num_rows)), pa.array(sorted(refused), pa.int64())))
        )
    return replace(log, table=table, problems=sort_problems([*log.problems, *problems, *doubts]))


def _asked(books: Sequence[Book]) -> dict[str, tuple[Asked, ...]]:
    """Return what the rules ask of each figure, by its name."""
    asked: dict[str, list[Asked]] = defaultdict(list)
    for book in books:
        for rule in book.versions():
            if isinstance(rule, ReachRule) and rule.reported.event == FIGURE:
                one = Asked(rule.figure.zh, rule.target, rule.compare != "at_most")
                conditions = [group["indicator"] for group in rule.reported.where if "indicator" in group]
                for value in (name for one_ in conditions for name in (one_.equals, *(one_.one_of or ()))):
                    if value is not None and one not in asked[str(value)]:
                        asked[str(value)].append(one)
    return {name: tuple(found) for name, found in asked.items()}


def _figures(table: pa.Table) -> Iterable[tuple[int, dict[str, Any]]]:
    """Yield index and fields of each entry that reports a figure."""
    rows = pc.indices_nonzero(pc.and_(pc.equal(table["type"], FIGURE), pc.is_valid(table[VALUE])))
    chosen = table.select(["unit", "file", "place", "data.indicator", VALUE, MEASURE]).take(rows)
    return zip(rows.to_pylist(), chosen.to_pylist(), strict=True)


def _converted(value: object, unit: str, wanted: Sequence[Asked]) -> tuple[float, str] | None:
    """Return a figure in the unit of a rule, and the unit."""
    for one in wanted:
        found = convert(Decimal(repr(value)), unit, one.unit)
        if found is not None:
            return float(found), one.unit
    return None


def _far_off(value: object, wanted: Sequence[Asked]) -> Asked | None:
    """Return what a rule asks where a figure is far off every target, None else."""
    far = [one for one in wanted if one.target > 0 and isinstance(value, float) and _is_far(value, one)]
    return far[0] if wanted and len(far) == len(wanted) else None


def _is_far(value: float, one: Asked) -> bool:
    return value >= one.target * FAR or (one.from_below and 0 < value <= one.target / FAR)


def _cell(tables: Sequence[TableLayout], file: str, place: str) -> Where:
    """Return the cell of the figure of an entry, or the place of the entry where no table has it."""
    where = place_of(file, place)
    number = where.line or int("".join(one for one in where.cell or "" if one.isdigit()) or 0)
    found = [
        (max(table.headings), column.cell)
        for table in tables
        if (table.file, table.sheet) == (file, where.sheet) and table.headings and max(table.headings) < number
        for column in table.columns
        if column.field == VALUE
    ]
    if not found:
        return where
    cell = max(found)[1]
    if where.sheet is None:
        return Where(file, number, int(cell))
    return Where(file, sheet=where.sheet, cell="".join(one for one in cell if one.isalpha()) + str(number))


def _rows_at(table: pa.Table, problems: Sequence[Problem]) -> set[int]:
    """Return the indices of the entries that stand in the rows of these problems."""
    if not problems:
        return set()
    wanted = {_row_key(one.where) for one in problems}
    places = table.select(["file", "place"]).to_pylist()
    return {index for index, one in enumerate(places) if _row_key(place_of(one["file"], one["place"])) in wanted}


def _row_key(where: Where) -> tuple[str, str | None, str]:
    number = "".join(one for one in where.cell if one.isdigit()) if where.cell else str(where.line)
    return where.file, where.sheet, number


def _with(table: pa.Table, values: Mapping[int, tuple[float, str]]) -> pa.Table:
    """Return the table with other figures in some rows."""
    if not values:
        return table
    numbers, units = table[VALUE].to_pylist(), table[MEASURE].to_pylist()
    for row, (number, unit) in values.items():
        numbers[row], units[row] = number, unit
    for name, column in ((VALUE, numbers), (MEASURE, units)):
        at = table.column_names.index(name)
        table = table.set_column(at, table.schema.field(at), pa.array(column, table.schema.field(at).type))
    return table


def _disagrees(where: Where, fields: Mapping[str, Any], wanted: str) -> Problem:
    text = f"{fields[VALUE]:.15g}{fields[MEASURE]}"
    fact = Text(
        f"“{fields['data.indicator']}”以{fields[MEASURE]}计，任务以{wanted}计，换算不了",
        f"{fields['data.indicator']!r} is told in {fields[MEASURE]}, the task counts in {wanted}: the two do not agree",
    )
    cure = Text(f"请写成以{wanted}计的数字", f"Write the figure in {wanted}")
    return Problem("bad-measure", where, fact, cure, text)


def _told(where: Where, fields: Mapping[str, Any], asked: Asked) -> Problem:
    text, target = f"{fields[VALUE]:.15g}", f"{asked.target:.15g}{asked.unit}"
    fact = Text(
        f"“{fields['data.indicator']}”是 {text}，目标是 {target}，相差一百倍以上，可能不是以{asked.unit}计的",
        f"{fields['data.indicator']!r} is {text}, its target {target}: a hundred times apart, perhaps in another unit",
    )
    cure = Text(
        f"请核对，并在数字后面写明计量单位，例如 {target}",
        f"Check it, and write the unit behind the figure, such as {target}",
    )
    return Problem("far-off-target", where, fact, cure, text, "warning")
