"""Slips of copying in a filled report: a row that stands there twice, and a table of another year's form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where
from reports.annual.check.filled import fold
from reports.annual.check.locate import find_two
from reports.annual.form import load_forms

_FIGURE = re.compile(r"[-+]?[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)?\s*(万?元|件|项|人)?$")

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.grid import Grid
    from reports.annual.form import Form


def slips(grids: Sequence[Grid], form: Form, file: str) -> tuple[Problem, ...]:
    """Return warnings about rows that stand there twice, and about a table of a form of other years.

    Args:
        grids: the sheets.
        form: the form of the report year.
        file: the name that problems show.
    """
    return (*(one for grid in grids for one in _twice(grid, form)), *_other_form(grids, form, file))


def _twice(grid: Grid, form: Form) -> Iterator[Problem]:
    """Yield a warning for each row of table three, or of section two, whose label stands in two rows with figures."""
    wanted = {fold(row.labels[-1]) for row in form.rows}
    wanted |= {fold(row.label) for block in form.blocks for row in block.rows}
    # 其他 is the label of several rows, each under a heading of its own
    several = [fold(row.labels[-1]) for row in form.rows]
    wanted -= {label for label in several if several.count(label) > 1}
    first: dict[str, int] = {}
    for number, cells in grid.rows:
        texts = [(column, cell) for column, cell in enumerate(cells) if isinstance(cell, str) and not _is_figure(cell)]
        column, label = next(((column, cell) for column, cell in reversed(texts) if fold(cell)), (0, ""))
        if fold(label) not in wanted or not any(_is_figure(cell) for cell in cells[column + 1 :]):
            continue
        before = first.setdefault(fold(label), number)
        if before != number:
            yield _row_twice(label, before, grid.cell(number, column + 1))


def _is_figure(cell: object) -> bool:
    """Say whether a cell has a figure in it."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and _FIGURE.match(cell.strip()) is not None)


def _row_twice(label: str, before: int, where: Where) -> Problem:
    shown = " ".join(label.split())
    fact = Text(
        f"“{shown}”有两行（前一行是第{before}行），只读了第一行",
        f"{shown!r} stands in two rows (row {before} is the first): the first alone is read",
    )
    cure = Text("删去多出来的一行，再核对一次", "Delete the row that is too much and check again")
    return Problem("row-twice", where, fact, cure, shown, "warning")


def _other_form(grids: Sequence[Grid], form: Form, file: str) -> Iterator[Problem]:
    """Yield a warning where the table of section two has more of another form than of the year's own."""
    found = {one.id: max((len(find_two(grid, one)) for grid in grids), default=0) for one in load_forms()}
    other = max(load_forms(), key=lambda one: found[one.id])
    if found[other.id] > found[form.id]:
        years = f"{other.first}—{other.last}年" if other.last else f"{other.first}年起"
        fact = Text(
            f"表二用的是{years}的表式（{other.source}），不是{form.first}年起的表式（{form.source}）",
            f"table two is the form of {other.first} ({other.source}), not that of {form.first} ({form.source})",
        )
        cure = Text("换用当年的表式重新填写表二", "Fill in table two of the form in force")
        yield Problem("other-form", Where(file), fact, cure, severity="warning")
