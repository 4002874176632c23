"""The tables as they are printed: cells with their place and span, the same for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import lcm
from typing import TYPE_CHECKING

from reports.annual.form import COLUMNS, DISPUTES, LAWSUITS, ORGANISATIONS, RESULTS, RULE, Form, four, three

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = 3
"""Columns of table three that hold the labels."""


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """A cell of a table.

    Attributes:
        row: its first row, from 0.
        column: its first column, from 0.
        text: its label; a cell that holds a figure has none.
        key: the key of its figure.
        rows: how many rows it spans.
        columns: how many columns it spans.
    """

    row: int
    column: int
    text: str = ""
    key: str | None = None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class LayoutTable:
    """A table: its name, its size, its cells, and the widths of its columns as shares of the page."""

    name: str
    rows: int
    columns: int
    cells: tuple[LayoutCell, ...]
    widths: tuple[float, ...]


def tables_of(form: Form) -> tuple[LayoutTable, LayoutTable, LayoutTable]:
    """Return the tables of sections two, three and four."""
    return _table_two(form), _table_three(form), _table_four()


def _table_two(form: Form) -> LayoutTable:
    """Return the table of section two: blocks below one another, each with its own headings."""
    width = lcm(*(len(block.heads) for block in form.blocks))
    cells: list[LayoutCell] = []
    row = 0
    for block in form.blocks:
        span = width // len(block.heads)
        cells.append(LayoutCell(row, 0, block.item, columns=width + 1))
        cells.append(LayoutCell(row + 1, 0, "信息内容"))
        cells += [LayoutCell(row + 1, 1 + n * span, head, columns=span) for n, head in enumerate(block.heads)]
        row += 2
        for line in block.rows:
            cells.append(LayoutCell(row, 0, line.label))
            cells += [
                LayoutCell(row, 1 + n * span, key=f"two.{cell}", columns=span) for n, cell in enumerate(line.cells)
            ]
            row += 1
    return LayoutTable("主动公开", row, width + 1, tuple(cells), (0.31, *[0.69 / width] * width))


def _table_three(form: Form) -> LayoutTable:
    """Return table three: three rows of headings over the number rows."""
    last = LABELS + len(COLUMNS) - 1
    cells = [
        LayoutCell(0, 0, RULE, rows=3, columns=LABELS),
        LayoutCell(0, LABELS, "申请人情况", columns=len(COLUMNS)),
        LayoutCell(1, LABELS, COLUMNS[0].label, rows=2),
        LayoutCell(1, LABELS + 1, ORGANISATIONS, columns=len(COLUMNS) - 2),
        LayoutCell(1, last, COLUMNS[-1].label, rows=2),
    ]
    cells += [LayoutCell(2, LABELS + 1 + n, column.label) for n, column in enumerate(COLUMNS[1:-1])]
    cells += _labels(form)
    for number, line in enumerate(form.rows, start=3):
        cells += [LayoutCell(number, LABELS + n, key=three(line.id, column.id)) for n, column in enumerate(COLUMNS)]
    widths = (0.09, 0.11, 0.27, *[0.53 / len(COLUMNS)] * len(COLUMNS))
    return LayoutTable("申请办理", 3 + len(form.rows), last + 1, tuple(cells), widths)


def _labels(form: Form) -> Iterator[LayoutCell]:
    """Yield the label cells of table three: a heading spans its rows, a row's own label what is left of the width."""
    numbered = list(enumerate((row.labels for row in form.rows), start=3))
    for depth in range(LABELS):
        deep = [(number, labels) for number, labels in numbered if len(labels) > depth]
        for path, members in groupby(deep, key=lambda one: one[1][: depth + 1]):
            rows = [number for number, _ in members]
            own = any(labels == path for _, labels in deep)
            yield LayoutCell(rows[0], depth, path[-1], rows=len(rows), columns=LABELS - depth if own else 1)


def _table_four() -> LayoutTable:
    """Return table four: three groups of five figures in one row."""
    each, first = len(RESULTS), DISPUTES[0]
    cells = [
        LayoutCell(0, 0, first.label, rows=2, columns=each),
        LayoutCell(0, each, LAWSUITS, columns=each * 2),
    ]
    cells += [LayoutCell(1, each * n, dispute.label, columns=each) for n, dispute in enumerate(DISPUTES) if n]
    for place, (dispute, result) in enumerate((one, two) for one in DISPUTES for two in RESULTS):
        cells += [LayoutCell(2, place, result.label), LayoutCell(3, place, key=four(dispute.id, result.id))]
    width = each * len(DISPUTES)
    return LayoutTable("复议诉讼", 4, width, tuple(cells), (1 / width,) * width)


def shown(value: float | None) -> str:
    """Return a figure as a cell shows it: blank where it is not known, whole numbers without a fraction."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0")
