"""CSV files: comma, tab or semicolon between the cells, whatever the department's spreadsheet wrote."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from events import findings
from events.formats.contract import unescape
from events.grid import Grid
from events.limits import limits, over_limit
from events.problem_list import ProblemList
from events.problems import Problem, Text, Where
from events.sheets.heading_rows import SEARCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.grid import Row

_ROW, _PER_CELL = 4, 2
"""A row takes as much memory as so many cells of its own; a cell of a text file half as much as one of a workbook."""
_DELIMITERS = (",", "\t", ";")
_CURE = Text(
    "请检查双引号是否成对，单元格内的双引号写两次", "Check the double quotes; one inside a cell is written twice"
)


def read_grid(text: str, file: str, known: Callable[[Sequence[object]], int]) -> tuple[Grid, tuple[Problem, ...]]:
    """Return the cells of a CSV file; a problem's column is the number of the cell in its line.

    Args:
        text: what is in the file.
        file: the name that problems show.
        known: how many headings are among cells; that tells what stands between them.
    """
    # a cell of any length is read, so that the problem of one that is too long can name its place
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, known), strict=True)
    rows: list[Row] = []
    problems = ProblemList()
    line, held = 1, 0
    while (cells := _next(reader)) is not None:
        if isinstance(cells, csv.Error):
            fact = Text(f"CSV 格式不对（{cells}）", f"this is not CSV: {cells}")
            problems.append(findings.simple("csv-syntax", Where(file, line), fact, _CURE))
        else:
            held += len(cells) + _ROW
            if held > _PER_CELL * limits().cells:
                problems.append(over_limit(Where(file, line), "cells", held // _PER_CELL))
                return Grid(file, None, rows[:SEARCHED]), tuple(problems)  # enough for its headings
            blank = not any(cells)
            if not (blank and rows and not any(rows[-1][1])):  # of blank lines one after another the first
                rows.append((line, [""] if blank else unescape(cells[: limits().columns + 1])))
        line = reader.line_num + 1
    return Grid(file, None, rows), tuple(problems)


def _next(reader: Iterator[list[str]]) -> list[str] | csv.Error | None:
    """Return the next row, what is wrong with it, or None at the end; the row after a wrong one can be read."""
    try:
        return next(reader, None)
    except csv.Error as error:
        return error


def _delimiter(text: str, known: Callable[[Sequence[object]], int]) -> str:
    """Return what stands between the cells: what makes most headings of a line, a comma where all are equal."""
    head = list(islice(io.StringIO(text, newline=None), SEARCHED))
    return max(_DELIMITERS, key=lambda one: max(map(known, csv.reader(head, delimiter=one)), default=0))
