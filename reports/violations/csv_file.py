"""The violation list for programs: CSV under the names of the verdict columns."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from engine.verdicts import SCHEMA
from reports.output.plain import guarded
from reports.run.data_files import plain_row

if TYPE_CHECKING:
    from pathlib import Path

    from reports.run.evaluation import Evaluation


def _csv_cell(value: object) -> str:
    """Return a value of a verdict row as a CSV cell."""
    if isinstance(value, list):
        return guarded(";".join(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return "" if value is None else guarded(str(value))


def write_csv(evaluation: Evaluation, path: Path) -> None:
    """Write what is violated or late, with the columns of the verdicts, as UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SCHEMA.names)
        for verdict in evaluation.breaches():
            row = plain_row(verdict.row)
            writer.writerow([_csv_cell(row[name]) for name in SCHEMA.names])
