"""Events as the contract writes them: one form for each, from which they are read again as they were."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from events.table import ATTRIBUTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from events.vocabulary import Vocabulary

CORE = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")
"""The fields of every event, in their order."""

FORMULA = re.compile(r"'*[=+\-@]")
"""How a text starts that a spreadsheet program takes for a formula; CSV has one apostrophe more before it."""

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
_SPLITTING = re.compile(r"[;；、\r\n]")
Cell = str | int | float | bool | None


def canonical_events(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield each event of the event table as a JSON object of the contract, without what it does not say.

    The day alone stands where no time of day is known; `recorded_at` only where it is not the time of the event.
    """
    attributes = [name for name in table.column_names if name.startswith("data.")]
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            event: dict[str, Any] = {name: row[name] for name in CORE if row.get(name) is not None}
            event["occurred_at"] = _moment(row["occurred_at"], timed=row["timed"])
            if row["recorded_at"] == row["occurred_at"]:
                del event["recorded_at"]
            else:
                event["recorded_at"] = _moment(row["recorded_at"], timed=row["recorded_at"].time() != time())
            data = {name.removeprefix("data."): row[name] for name in attributes if row[name] is not None}
            yield event | ({"data": data} if data else {})


def _moment(moment: datetime, *, timed: bool) -> str:
    return moment.isoformat() if timed else moment.date().isoformat()


def columns_of(table: pa.Table) -> list[str]:
    """Return the columns that a flat file of these events needs: those of every event, and the attributes in use."""
    used = [name for name in table.column_names if name.startswith("data.") and table[name].null_count < len(table)]
    needed = {"id", "type", "unit", "subject", "occurred_at"}
    core = [name for name in CORE if name in needed or name == "recorded_at" or table[name].null_count < len(table)]
    return [*core, *used]


def flat(event: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """Return the values of an event by column, None where it says nothing."""
    data = event.get("data", {})
    return [data.get(name.removeprefix("data.")) if name.startswith("data.") else event.get(name) for name in columns]


def cell_of(value: object) -> Cell:
    """Return a value as one cell has it: a list with `;` between its parts, as JSON where a part has such marks."""
    if isinstance(value, list):
        parts = [str(one) for one in value]
        plain = parts and not any(_SPLITTING.search(one) for one in parts) and not parts[0].startswith("[")
        return ";".join(parts) if plain else json.dumps(parts, ensure_ascii=False)
    return value if isinstance(value, str | int | float | bool) else None


def as_jsonl(table: pa.Table) -> bytes:
    """Return the events as JSON lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in canonical_events(table)).encode()


def as_csv(table: pa.Table) -> bytes:
    """Return the events as CSV, in UTF-8 with the mark that spreadsheet programs need."""
    columns = columns_of(table)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for event in canonical_events(table):
        writer.writerow([_csv_cell(value) for value in flat(event, columns)])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> str:
    cell = cell_of(value)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA.match(cell) else cell
    return "" if cell is None else repr(cell)


def as_parquet(table: pa.Table, vocabulary: Vocabulary) -> bytes:
    """Return the events as Parquet; dates as text, since a day is told from a moment by its form."""
    columns = columns_of(table)
    rows = [flat(event, columns) for event in canonical_events(table)]
    arrays = [pa.array([row[at] for row in rows], _column_type(name, vocabulary)) for at, name in enumerate(columns)]
    content = io.BytesIO()
    pq.write_table(pa.table(dict(zip(columns, arrays, strict=True))), content, compression="zstd")
    return content.getvalue()


def _column_type(name: str, vocabulary: Vocabulary) -> pa.DataType:
    if not name.startswith("data."):
        return pa.string()
    return ATTRIBUTE_TYPES[vocabulary.attributes[name.removeprefix("data.")].type]


def unescape(cells: Iterable[str]) -> list[str]:
    """Return the cells of a CSV row without the apostrophe before what looks like a formula, and `="001"` as 001."""
    return [_unescaped(one) for one in cells]


def _unescaped(cell: str) -> str:
    if cell.startswith("'"):
        return cell[1:] if FORMULA.match(cell) else cell
    # spreadsheets are made to keep noughts by a formula that is nothing but a text
    text = _TEXT_FORMULA.fullmatch(cell) if cell.startswith("=") else None
    return cell if text is None else text[1].replace('""', '"')
