"""A log written in the form of the contract, in any of the formats that logs are read in."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from events.formats.contract import as_csv, as_jsonl, as_parquet, canonical_events, cell_of, columns_of, flat
from events.problems import Problem, Text, Where, did_you_mean, suggestion
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from xlsxwriter.worksheet import Worksheet

TARGETS = (".jsonl", ".csv", ".xlsx", ".parquet")
"""The extensions of what can be written."""

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own time stamp, the same in every run
_MOST_ROWS = 1_048_575
_MOST_LETTERS = 32_767


def target_problem(out: Path, table: pa.Table | None = None) -> Problem | None:
    """Return why events cannot be written under a name, or None.

    Args:
        out: the file.
        table: the events; a workbook has an end to rows and to what a cell holds.
    """
    if out.suffix.lower() not in TARGETS:
        fact = Text(f"不能写成扩展名“{out.suffix}”", f"there is no writing {out.suffix!r}")
        otherwise = Text(f"可用：{'、'.join(TARGETS)}", f"There are {', '.join(TARGETS)}")
        return Problem(
            "bad-option", Where("--out"), fact, suggestion(did_you_mean(out.suffix, TARGETS), otherwise), str(out)
        )
    if table is None or out.suffix.lower() != ".xlsx":
        return None
    cure = Text("请改用 .csv、.jsonl 或者 .parquet", "Write .csv, .jsonl or .parquet")
    if table.num_rows > _MOST_ROWS:
        fact = Text(
            f"有 {table.num_rows} 条事件，一张工作表放不下", f"{table.num_rows} events are too many for a sheet"
        )
        return Problem("too-large-to-write", Where("--out"), fact, cure, str(table.num_rows))
    columns = columns_of(table)
    for event in canonical_events(table):
        if any(len(str(cell_of(value))) > _MOST_LETTERS for value in flat(event, columns)):
            fact = Text(
                f"事件“{event['id'][:60]}”的一项内容一格放不下",
                f"a value of {event['id'][:60]!r} is too long for a cell",
            )
            return Problem("too-large-to-write", Where("--out"), fact, cure, event["id"][:60])
    return None


def converted(table: pa.Table, suffix: str) -> bytes:
    """Return the events in the format of an extension of `TARGETS`; they are read from it again as they are.

    Args:
        table: the event table; the places that its rows come from are not written.
        suffix: the extension.
    """
    if suffix == ".jsonl":
        return as_jsonl(table)
    if suffix == ".csv":
        return as_csv(table)
    return as_parquet(table, load_vocabulary()) if suffix == ".parquet" else _workbook(table)


def _workbook(table: pa.Table) -> bytes:
    """Return the events as a workbook: texts as texts, so that nothing is a formula and nothing becomes a date."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _EPOCH})
    sheet = book.add_worksheet("events")
    columns = columns_of(table)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    sheet.set_column(0, max(len(columns) - 1, 0), 18)
    for number, event in enumerate(canonical_events(table), 1):
        for column, value in enumerate(flat(event, columns)):
            _write(sheet, number, column, value)
    book.close()
    return content.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a value; a number that a workbook cannot hold exactly is written as text."""
    cell = cell_of(value)
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and float(f"{cell:.16G}") == cell and abs(cell) < 1e15:  # noqa: PLR2004
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, cell if isinstance(cell, str) else repr(cell))
