"""The data files of a run: verdicts as Parquet and JSON lines, the summary and the receipt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from events.table import python_values
from reports.output.receipts import RECEIPT
from reports.run.evaluation import count_statuses
from reports.run.folder import SUMMARY, TABLE, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reports.run.evaluation import Evaluation


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _plain(value: object) -> object:
    """Return a value as JSON has it: a day as its ISO date, a whole number without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def plain_row(row: Mapping[str, Any]) -> dict[str, object]:
    """Return a verdict row as JSON has it, in the order of its columns."""
    return {name: _plain(value) for name, value in row.items()}


def _dump(value: object, path: Path) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def _json_texts(column: pa.ChunkedArray) -> list[str]:
    """Return the values of a column as JSON has them; each different one is written once, as most repeat."""
    if pa.types.is_list(column.type):
        lists = python_values(column)
        return ["null" if one is None else f"[{', '.join(map(_encode, one))}]" for one in lists]
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    coded = column.combine_chunks().dictionary_encode()
    words = [*(_encode(_plain(value)) for value in coded.dictionary.to_pylist()), "null"]
    return [words[index] for index in coded.indices.fill_null(len(words) - 1).to_pylist()]


def parquet_of(table: pa.Table) -> bytes:
    """Return what `verdicts.parquet` has in it: the same bytes for the same verdicts."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def write_verdicts(table: pa.Table, folder: Path) -> None:
    """Write `verdicts.parquet` and `verdicts.jsonl`, an obligation a row."""
    (folder / TABLE).write_bytes(parquet_of(table))
    line = ", ".join(f"{_encode(name)}: %s" for name in table.column_names)
    columns = (_json_texts(column) for column in table.columns)
    text = "".join([f"{{{line % values}}}\n" for values in zip(*columns, strict=True)])
    (folder / VERDICTS).write_text(text, encoding="utf-8", newline="\n")


def summary(evaluation: Evaluation) -> dict[str, object]:
    """Return the counts by status, in all, by unit and by clause, those by cause, and who filed nothing."""
    by_clause: dict[tuple[str, str], list[Any]] = {}
    for verdict in evaluation.verdicts:
        by_clause.setdefault((verdict.row["book"], verdict.clause), []).append(verdict)
    return {
        "county": evaluation.registry.name,
        "as_of": evaluation.as_of.text,
        "books": [book.id for book in evaluation.books],
        **{name: evaluation.receipt[name] for name in ("left_out",) if name in evaluation.receipt},
        "obligations": len(evaluation.verdicts),
        "statuses": evaluation.status_counts(),
        "causes": evaluation.cause_counts(),
        "unfiled": [unit.id for unit in evaluation.unfiled],
        "units": [
            {"unit": part.unit.id, "unit_name": part.unit.name, "filed": part.filed, "statuses": part.counts()}
            for part in evaluation.units
        ],
        "clauses": [
            {"book": book.id, "clause": clause, "statuses": count_statuses(by_clause.get((book.id, clause), []))}
            for book, clause in evaluation.clauses()
        ],
    }


def write_summary(evaluation: Evaluation, folder: Path) -> None:
    """Write `summary.json` and the receipt `run.json`."""
    _dump(summary(evaluation), folder / SUMMARY)
    _dump(evaluation.receipt, folder / RECEIPT)
