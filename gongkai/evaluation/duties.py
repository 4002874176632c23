"""A self-check that comes back filled in: each row knows the duty that it is for, and so what its event is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.figures import FIGURE, INDICATOR, of_nothing
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from events.problems import Problem, Where
    from events.read import ReadResult
    from rules.book import Book
    from rules.model import Condition, Selector


def as_duties_say(log: ReadResult, books: Sequence[Book]) -> ReadResult:
    """Return a log in which the rows of a self-check say what their duty asks for, where they leave it blank.

    A figure that names no indicator and no duty counts for nothing, and is told.

    Args:
        log: what was read.
        books: the rulebooks of the duties.
    """
    selectors = _selectors(books)
    known = {name for selector in selectors.values() for name in _indicators(selector)}
    duties: dict[tuple[str, str | None, int | None], str] = {
        (table.file, table.sheet, row): duty for table in log.tables for row, duty in table.duties.items()
    }
    filled: dict[str, dict[int, Any]] = {}
    problems: list[Problem] = []
    over: set[int] = set()
    for number, row in _rows(log.table, {file for file, _, _ in duties}):
        where = place_of(row["file"], row["place"])
        selector = selectors.get(_rule_of(duties.get((where.file, where.sheet, _row(where)))))
        asked = _asked(selector) if selector is not None and selector.event == row["type"] else {}
        for name, value in asked.items():
            filled.setdefault(f"data.{name}", {})[number] = value
        if "indicator" in asked and row[INDICATOR] not in known:
            over.add(number)  # such as the words of the duty itself
        if row["type"] == FIGURE and not row[INDICATOR] and "indicator" not in asked:
            problems.append(of_nothing(where))
    table = log.table
    for name, values in filled.items():
        table = _filled(table, name, values, over if name == INDICATOR else frozenset())
    return replace(log, table=table, problems=(*log.problems, *problems))


def _rows(table: pa.Table, files: Collection[str]) -> Iterable[tuple[int, dict[str, Any]]]:
    """Yield number and fields of the rows of files that name duties, and of figures that name no indicator."""
    nameless = pc.and_(pc.equal(table["type"], FIGURE), pc.equal(pc.fill_null(table[INDICATOR], ""), ""))
    of_duties = pc.is_in(table["file"], pa.array(sorted(files), pa.string()))
    numbers = pc.indices_nonzero(pc.or_(nameless, of_duties))
    chosen = table.select(["type", "file", "place", INDICATOR]).take(numbers)
    return zip(numbers.to_pylist(), chosen.to_pylist(), strict=True)


def _selectors(books: Sequence[Book]) -> dict[tuple[str, str], Selector]:
    """Return what settles the duties of each rule."""
    found = {(book.id, rule.id): rule.settling() for book in books for rule in book.rules}
    return {name: selector for name, selector in found.items() if selector is not None}


def _rule_of(duty: str | None) -> tuple[str, str]:
    """Return book and rule of a duty."""
    parts = (duty or "").strip().split("/")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", "")


def _asked(selector: Selector) -> dict[str, object]:
    """Return the one value that each attribute has to have, of those that name one."""
    conditions: Mapping[str, Condition] = selector.where[0] if len(selector.where) == 1 else {}
    values = {name: _value(name, one) for name, one in conditions.items()}
    return {name: value for name, value in values.items() if value is not None}


def _indicators(selector: Selector) -> tuple[object, ...]:
    """Return the names of the figure that a selector asks for."""
    conditions = [group["indicator"] for group in selector.where if "indicator" in group]
    return tuple(name for one in conditions for name in (one.equals, *(one.one_of or ())) if name is not None)


def _value(name: str, condition: Condition) -> object:
    if condition.equals is not None:
        return condition.equals
    if condition.includes is not None:
        return [condition.includes]
    # the names of an indicator are all of one; alternatives of another attribute are not
    return condition.one_of[0] if name == "indicator" and condition.one_of else None


def _filled(table: pa.Table, name: str, values: Mapping[int, object], over: Collection[int]) -> pa.Table:
    """Return a table with the blanks of a column filled in, and the cells of the rows in `over` replaced."""
    if name not in table.column_names:
        return table
    column = table[name]
    listed = pa.types.is_list(column.type)
    cells = column.to_pylist()
    for number, value in values.items():
        if cells[number] is None or number in over:
            cells[number] = _fitting(value, listed=listed)
    return table.set_column(table.column_names.index(name), name, pa.array(cells, column.type))


def _fitting(value: object, *, listed: bool) -> object:
    if listed:
        return value if isinstance(value, list) else [value]
    return value[0] if isinstance(value, list) else value


def _row(where: Where) -> int | None:
    digits = "".join(one for one in where.cell or "" if one.isdigit())
    return int(digits) if digits else where.line
