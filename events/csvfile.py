"""CSV files: comma, tab or semicolon between the cells, whatever the department's spreadsheet wrote."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from events import findings
from events.headings import SEARCHED, Grid
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from events.headings import Row

_CURE = Text(
    "请检查双引号是否成对，单元格内的双引号写两次", "Check the double quotes; one inside a cell is written twice"
)


def read_grid(text: str, file: str) -> tuple[Grid, tuple[Problem, ...]]:
    """Return the cells of a CSV file; a problem's column is the number of the cell in its line.

    Args:
        text: what is in the file.
        file: the name that problems show.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        fact = Text(f"CSV 格式不对（{error}）", f"this is not CSV: {error}")
        return Grid(file, None, rows), (findings.simple("csv-syntax", Where(file, line), fact, _CURE),)
    return Grid(file, None, rows), ()


def _delimiter(text: str) -> str:
    """Return what stands between the cells: a comma, unless only tabs or semicolons are there."""
    head = "\n".join(text.split("\n", SEARCHED)[:SEARCHED])
    if "\t" in head and head.count("\t") >= head.count(","):
        return "\t"
    return ";" if "," not in head and ";" in head else ","
