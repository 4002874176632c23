"""Figures of the log in the unit of the rule that asks for them; and what only the rulebooks can tell of a cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.figures import FIGURE, INDICATOR, MEASURE, VALUE, Figure, as_asked, asked_figures
from engine.kinds import KINDS
from events.problems import Where, sort_problems
from events.table import place_of
from events.vocabulary import load_vocabulary
from gongkai.options import DEFAULT_BOOK
from rules.load import load_books

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from events.problems import Problem
    from events.read import ReadResult
    from events.sheets.layout import TableLayout
    from rules.book import Book


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
    asked = asked_figures(books)
    problems: list[Problem] = []
    values: dict[int, tuple[float, str]] = {}
    refused: set[int] = set()
    for row, fields in _figures(log.table):
        figure = Figure(fields[INDICATOR] or "", fields[VALUE], fields[MEASURE] or "")
        if figure.indicator not in asked:
            continue
        meant, problem = as_asked(figure, asked, _cell(log.tables, fields["file"], fields["place"]))
        if meant is not None:
            values[row] = meant
        if problem is not None:
            problems.append(problem)
            if problem.severity == "error":
                refused.add(row)
    tasks = {clause.id for book in books for clause in book.clauses}
    doubts = [one.problem for one in log.doubts if one.task in tasks]
    refused |= _rows_at(log.table, doubts)
    table = _with(log.table, values)
    if refused:
        table = table.filter(
            pc.invert(pc.is_in(pa.array(range(table.num_rows)), pa.array(sorted(refused), pa.int64())))
        )
    return replace(log, table=table, problems=sort_problems([*log.problems, *problems, *doubts]))


def figure_problems(log: ReadResult, books: Callable[[], Sequence[Book]]) -> Sequence[Problem]:
    """Return what rulebooks tell of the figures of a log (`as_rules_count`); where it has none, they are not loaded.

    Args:
        log: what was read.
        books: loads the rulebooks.
    """
    if not log.doubts and not any(True for _ in _figures(log.table)):
        return log.problems
    return as_rules_count(log, books()).problems


def _figures(table: pa.Table) -> Iterable[tuple[int, dict[str, Any]]]:
    """Yield index and fields of each entry that reports a figure."""
    rows = pc.indices_nonzero(pc.and_(pc.equal(table["type"], FIGURE), pc.is_valid(table[VALUE])))
    chosen = table.select(["unit", "file", "place", INDICATOR, VALUE, MEASURE]).take(rows)
    return zip(rows.to_pylist(), chosen.to_pylist(), strict=True)


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
