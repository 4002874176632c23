"""Figures of requests for information: the analysis that row 14.4 asks for, and table three of the annual report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from events.table import python_rows
from gongkai.services.annual.filling import AnnualSources, form_for
from reports.annual.form import COLUMNS, three
from reports.annual.log import read_log
from reports.run.requests import RequestFigures, request_figures

if TYPE_CHECKING:
    from gongkai.console.live.snapshot import Snapshot

_TYPE = "request."


@dataclass(frozen=True, slots=True)
class TableThree:
    """Table three of the annual report, as far as the log knows it.

    Attributes:
        year: the report year.
        columns: the labels of its columns.
        rows: of each row its headings and its figures; None is blank, because something was not logged.
        gaps: why figures are blank.
    """

    year: int
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[float | None, ...]], ...]
    gaps: tuple[str, ...]


def analysis(snapshot: Snapshot, unit: str | None) -> RequestFigures | None:
    """Return the figures of the requests of a unit, or of all; None where there are none."""
    inputs = snapshot.inputs
    rows = python_rows(snapshot.verdicts) if unit is None else snapshot.rows(unit)
    return request_figures(rows, inputs.books, inputs.table, inputs.calendar, inputs.as_of.day)


def table_three(snapshot: Snapshot, unit: str | None, year: int) -> TableThree | None:
    """Return table three of a year for a unit, or for the county; None where there is no form for the year."""
    form, _ = form_for(year)
    if form is None:
        return None
    table = snapshot.inputs.table
    chosen = pc.starts_with(table["type"], _TYPE)
    if unit is not None:
        chosen = pc.and_(chosen, pc.equal(table["unit"], unit))
    sources = AnnualSources(snapshot.inputs.registry, form, year, read_log(table.filter(chosen)))
    report = sources.county() if unit is None else sources.report(unit)
    rows = tuple((row.labels, tuple(report.cells.get(three(row.id, one.id)) for one in COLUMNS)) for row in form.rows)
    return TableThree(
        year, tuple(one.label for one in COLUMNS), rows, tuple(dict.fromkeys(gap.why.zh for gap in report.gaps))
    )
