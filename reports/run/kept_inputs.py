"""Inputs of a run, kept in its folder: enough to say later why another run came out differently.

`inputs/rules.parquet` has every rule whole, `inputs/log.parquet` every entry of the log with its fingerprint (not its
attributes), `inputs/calendar.parquet` every day of the calendar.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.fingerprint import fingerprint_entries
from events.storage.ordinary import read_ordinary
from rules.diff import rule_content
from rules.limits import limit_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.time.calendar import Calendar
    from rules.book import Book
    from rules.model import Rule
    from rules.units import Registry

FOLDER = "inputs"
LOG_COLUMNS = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts", "place")

RULES = pa.schema(
    [
        ("book", pa.string()),
        ("rule", pa.string()),
        ("clause", pa.string()),
        ("cited", pa.string()),
        ("title", pa.string()),
        ("quote", pa.string()),
        ("units", pa.list_(pa.string())),
        ("content", pa.string()),
        ("limit_source", pa.string()),
        ("reading", pa.string()),
        ("issued_on", pa.string()),
        ("mendable", pa.bool_()),
    ]
)
"""Columns of `rules.parquet`.

`cited` is the clause as people cite it; `units` are ids of those that owe it; `content` is JSON, a list of its
versions; `limit_source` says where its limit comes from, where the quote does not; `reading` is the reading used and
its reason, and `issued_on` the day of issue of the document, where there are any; `mendable` is whether a breach can
still be made good, late.
"""


@dataclass(frozen=True, slots=True)
class InputTables:
    """What a run was made from, as tables."""

    rules: pa.Table
    log: pa.Table
    calendar: pa.Table


@dataclass(frozen=True, slots=True)
class KeptInputs:
    """What an earlier run was made from, as its folder has it.

    Attributes:
        rules: rows of `rules.parquet` by book and rule.
        log: entries by id: `LOG_COLUMNS`, `file` and `fingerprint`.
        working: whether a day of the calendar is a working day.
    """

    rules: Mapping[tuple[str, str], Mapping[str, Any]]
    log: Mapping[str, Mapping[str, Any]]
    working: Mapping[date, bool]


def gather_inputs(books: Sequence[Book], registry: Registry, events: pa.Table, calendar: Calendar) -> InputTables:
    """Return what a run is made from.

    Args:
        books: the rulebooks, readings chosen.
        registry: the units.
        events: the log (`events.table`).
        calendar: the calendar.
    """
    rules = [
        _rule_row(book, [*(one for one in book.earlier if one.id == rule.id), rule], registry)
        for book in books
        for rule in book.rules
    ]
    files = events["file"].to_pylist()
    names = {file: Path(file).name for file in set(files)}
    log = events.select(LOG_COLUMNS)
    log = log.append_column("file", pa.array([names[file] for file in files], pa.string()))
    log = log.append_column("fingerprint", fingerprint_entries(events))
    days, working, _, _ = zip(*calendar.rows(), strict=True)
    return InputTables(
        pa.Table.from_pylist(rules, RULES),
        log,
        pa.table({"day": pa.array(days, pa.date32()), "working": pa.array(working, pa.bool_())}),
    )


def _rule_row(book: Book, versions: Sequence[Rule], registry: Registry) -> dict[str, object]:
    """Return the row of one rule, which has several versions where its values have their times of force."""
    last = versions[-1]
    content = [rule_content(rule) for rule in versions]
    return {
        "book": book.id,
        "rule": last.id,
        "clause": last.clause,
        "cited": book.cited(last.clause).zh,
        "title": last.title.zh,
        "quote": last.quote,
        "units": list(registry.members(tuple(name for rule in versions for name in rule.owed_by))),
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
        "limit_source": limit_source(last, book).zh,
        "reading": _reading(last, book),
        "issued_on": book.issued_on if book.document_of(last.clause) == book.document else "",
        "mendable": last.facets.mendable,
    }


def _reading(rule: Rule, book: Book) -> str:
    """Return the reading of a rule that was used, by its reason; empty where its clause has no several."""
    used = book.readings.get(rule.id)
    if used is None or rule.readings is None:
        return ""
    return rule.readings.choices[used].reason.zh


def write_inputs(tables: InputTables, folder: Path) -> None:
    """Write `inputs/` into a run's folder."""
    target = folder / FOLDER
    target.mkdir()
    for name in ("rules", "log", "calendar"):
        pq.write_table(getattr(tables, name), target / f"{name}.parquet", compression="zstd")


def _table(path: Path) -> pa.Table:
    return pq.read_table(io.BytesIO(read_ordinary(path)))


def read_inputs(folder: Path) -> KeptInputs | None:
    """Return what the run in a folder was made from, or None where the run is from a version that did not keep it.

    Raises:
        OSError: a file cannot be read, or is damaged (pyarrow says so with an `OSError` or a `ValueError`).
        ValueError: see above.
    """
    source = folder / FOLDER
    if not source.is_dir():
        return None
    rules = _table(source / "rules.parquet").to_pylist()
    log = _table(source / "log.parquet").to_pylist()
    calendar = _table(source / "calendar.parquet")
    return KeptInputs(
        {(row["book"], row["rule"]): row for row in rules},
        {row["id"]: row for row in log},
        dict(zip(calendar["day"].to_pylist(), calendar["working"].to_pylist(), strict=True)),
    )


def working_days_after(working: Mapping[date, bool], start: date, end: date) -> int | None:
    """Return how many working days lie after `start` and up to `end`; None where the kept calendar does not reach."""
    if start not in working or end not in working:
        return None
    return sum(works for day, works in working.items() if start < day <= end)
