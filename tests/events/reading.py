"""Writing logs in every format, and reading them with a registry of two units."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from events.problems import did_you_mean
from events.read import ReadResult, read_events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from events.mapping import TableMapping
    from events.problems import Problem

HEADINGS = ("id", "type", "unit", "occurred_at")


class Names:
    """A registry of 县民政局 and 金乡街道."""

    def __init__(self) -> None:
        self._units = {"县民政局": "minzheng", "金乡街道": "jinxiang-jiedao"}

    def find(self, name: str) -> str | None:
        """Return the id of a unit."""
        return self._units.get(name, name if name in self._units.values() else None)

    def near(self, name: str) -> tuple[str, ...]:
        """Return the names most like `name`."""
        return did_you_mean(name, self._units)

    def evaluates(self, unit_id: str) -> bool:
        """Say whether a unit carries out the evaluation: here 金乡街道 does."""
        return unit_id == "jinxiang-jiedao"


def read(*paths: Path, mapping: Mapping[str, Any] | Sequence[TableMapping] | None = None) -> ReadResult:
    """Read files with the registry of two units."""
    return read_events(paths, Names(), mapping=mapping)


def event(event_id: object = "e1", **fields: object) -> dict[str, Any]:
    """Return a training of 县民政局, with some fields changed."""
    return {"id": event_id, "type": "training.held", "unit": "县民政局", "occurred_at": "2023-07-14", **fields}


def jsonl(path: Path, *events: dict[str, Any]) -> Path:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events), encoding="utf-8")
    return path


def csv_text(rows: Sequence[Sequence[object]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def csv_file(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write a CSV file."""
    path.write_bytes(csv_text(rows, delimiter).encode(encoding))
    return path


def xlsx(path: Path, rows: Sequence[Sequence[object]], sheet: str = "台账") -> Path:
    """Write a workbook of one sheet; dates become real date cells, text stays text."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_calc_mode("manual")
    days = book.add_format({"num_format": "yyyy/m/d"})
    page = book.add_worksheet(sheet)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if hasattr(cell, "isoformat"):
                page.write_datetime(number, column, cell, days)
            elif cell is not None:
                page.write(number, column, cell)
    book.close()
    return path


def parquet(path: Path, columns: Mapping[str, Any]) -> Path:
    """Write a Parquet file."""
    pq.write_table(pa.table(dict(columns)), path)
    return path


def codes(result: ReadResult) -> list[str]:
    """Return the codes of the problems, in their order."""
    return [problem.code for problem in result.problems]


def only(result: ReadResult) -> Problem:
    """Return the only problem that there is."""
    assert len(result.problems) == 1, [problem.line("en") for problem in result.problems]
    return result.problems[0]


def column(result: ReadResult, name: str) -> list[Any]:
    """Return a column of the events that were read."""
    values: list[Any] = result.table[name].to_pylist()
    return values
