"""Files within and beyond the limits that are small and mean much: what makes each, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.events.hostile import ROW, SHEET, bomb, in_workbook, packed, parquet_of, repeated, workbook
from tests.events.reading import HEADINGS, csv_file, event, jsonl, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def sparse(path: Path) -> None:
    """Write a sheet with a cell in each of its corners."""
    xlsx(path, [HEADINGS, ROW])
    parts = workbook()
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path.write_bytes(packed(parts | {SHEET: parts[SHEET].replace(b"</sheetData>", far)}))


def expanding(path: Path) -> None:
    """Write two million rows of one text of a megabyte, in 200 KB."""
    texts = pa.DictionaryArray.from_arrays(pa.nulls(2_000_000, pa.int32()).fill_null(0), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table(dict.fromkeys(HEADINGS, texts)), path, compression="zstd")


def event_columns(count: int) -> dict[str, Any]:
    """Return the columns of one event, as often as is said."""
    cells = zip(HEADINGS, ROW, strict=True)
    zeros = pa.nulls(count, pa.int32()).fill_null(0)
    return {name: pa.DictionaryArray.from_arrays(zeros, pa.array([cell])) for name, cell in cells}


def listed(values: pa.Array) -> pa.Array:
    """Return one row that holds all the values."""
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)


def numbers(count: int) -> pa.Array:
    """Return a number, as often as is said: a few bytes in a file."""
    return pa.nulls(count, pa.int64()).fill_null(5)


def many_texts(count: int) -> pa.Array:
    """Return a text of 100 kB, as often as is said."""
    return pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int32()).fill_null(0), pa.array(["x" * 100_000]))


def claiming(raw: bytes, old: int, new: int) -> bytes:
    """Return a Parquet file in which every count `old` is `new`: page headers and footer say so, the rows do not."""

    def coded(number: int) -> bytes:
        number, out = number << 1, bytearray()
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        return bytes([*out, number])

    assert len(coded(old)) == len(coded(new))
    return raw.replace(coded(old), coded(new))


def claims(path: Path) -> None:
    """Write a file of 300,000 rows that says that it has a million."""
    parquet_of(event_columns(300_000))(path)
    path.write_bytes(claiming(path.read_bytes(), 300_000, 1_000_000))


def columns(path: Path) -> None:
    """Write a table of a million columns."""
    csv_file(path, [[*HEADINGS, *"x" * 1_000_000], ROW])


def unknown(path: Path) -> None:
    """Write a hundred thousand rows, each of a unit that nobody knows."""
    csv_file(path, [HEADINGS, *((n, "training.held", f"县{n}局", "2023-07-14") for n in range(100_000))])


def when_written(table: Callable[[], dict[str, Any]]) -> Callable[[Path], object]:
    """Return what writes the columns that are made only then: they take seconds and much memory."""

    def write(path: Path) -> None:
        parquet_of(table())(path)

    return write


def text(content: str) -> Callable[[Path], object]:
    """Return what writes a text."""
    return lambda path: path.write_text(content)


LONG = "x" * 2_000_000
HEAVY: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a zip bomb": (".xlsx", lambda path: path.write_bytes(in_workbook(bomb)), "file-too-large"),
    "a cell at the far end": (".xlsx", sparse, "file-too-large"),
    "a text that 300,000 cells share": (
        ".xlsx",
        lambda path: path.write_bytes(repeated(300_000, 32_000)),
        "file-too-large",
    ),
    "a Parquet file that expands": (".parquet", expanding, "file-too-large"),
    "three million numbers": (
        ".parquet",
        when_written(lambda: event_columns(3_000_000) | {"data.participants": numbers(3_000_000)}),
        "file-too-large",
    ),
    "a list of 30 million numbers": (
        ".parquet",
        when_written(lambda: event_columns(1) | {"data.covers": listed(numbers(30_000_000))}),
        "file-too-large",
    ),
    "an unknown list of 30 million numbers": (
        ".parquet",
        when_written(lambda: event_columns(1) | {"x": listed(numbers(30_000_000))}),
        "unknown-column",
    ),
    "a list of 100,000 long texts": (
        ".parquet",
        when_written(lambda: event_columns(1) | {"data.covers": listed(many_texts(100_000))}),
        "file-too-large",
    ),
    "100,000 rows that are one": (".parquet", when_written(lambda: event_columns(100_000)), ""),
    "pages that claim other counts": (".parquet", claims, "bad-parquet"),
    "a million columns": (".csv", columns, "file-too-large"),
    "a row of 400,000 cells": (".csv", lambda path: csv_file(path, [HEADINGS, ROW * 100_000]), "too-many-cells"),
    "a million wrong lines": (".jsonl", text("x\n" * 1_000_000), "file-too-large"),
    "many wrong rows": (".csv", text(",".join(HEADINGS) + "\n1,x\n" * 200_000), "file-too-large"),
    "a hundred thousand unknown units": (".csv", unknown, "file-too-large"),
    "an id of a megabyte": (".jsonl", lambda path: jsonl(path, event("x" * 1_000_000)), "too-long"),
    "a cell of two megabytes": (".csv", lambda path: csv_file(path, [HEADINGS, (LONG, *ROW[1:])]), "too-long"),
    "a heading of two megabytes": (".csv", lambda path: csv_file(path, [(*HEADINGS, LONG), ROW]), "unknown-column"),
    "a depth of 100,000": (".jsonl", text('{"data":' * 100_000), "json-syntax"),
    "a number of a million digits": (".json", text('{"id": ' + "9" * 1_000_000 + "}"), "json-syntax"),
}
