"""年度报告: the statutory tables of a year, live from the ledger, of a unit and of the county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.live.thread import LIVE
from gongkai.console.registry import registry
from gongkai.services.annual.filling import AnnualSources, form_for
from reports.annual.docx import document_of
from reports.annual.layout import shown, tables_of
from reports.annual.log import read_log
from reports.annual.prose import title_of
from reports.annual.xlsx import workbook_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gongkai.console.access import UnitObject
    from gongkai.console.live.snapshot import Snapshot
    from reports.annual.layout import LayoutTable
    from reports.annual.report import AnnualReport

KINDS = {
    "xlsx": (workbook_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (document_of, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def _sources(year: int) -> tuple[AnnualSources | None, Snapshot | None, bool]:
    """Return what reports of a year are filled from; nothing where the ledger is not read yet.

    Raises:
        Http404: there is no form of this year.
    """
    form, _ = form_for(year)
    if form is None:
        raise Http404
    snapshot, fresh = LIVE.for_unit(None)
    if snapshot is None:
        return None, None, False
    return AnnualSources(registry(), form, year, read_log(snapshot.inputs.table)), snapshot, fresh


def _grid(table: LayoutTable, report: AnnualReport) -> list[list[dict[str, Any]]]:
    """Return the cells of a table row by row."""
    found: list[list[dict[str, Any]]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda one: (one.row, one.column)):
        value = None if cell.key is None else report.cells.get(cell.key)
        found[cell.row].append(
            {
                "text": cell.text if cell.key is None else "" if value is None else shown(value),
                "label": cell.key is None,
                "blank": cell.key is not None and value is None,
                "rows": cell.rows,
                "columns": cell.columns,
            }
        )
    return found


def _page(
    request: HttpRequest, year: int, report: AnnualReport | None, thing: UnitObject | None, *, fresh: bool
) -> HttpResponse:
    kind = request.GET.get("file", "")
    if report is not None and kind in KINDS:
        make, content_type = KINDS[kind]
        headers = {"Content-Disposition": f'attachment; filename="annual-{report.unit}-{year}.{kind}"'}
        return HttpResponse(make(report), content_type=content_type, headers=headers)
    this = now().year
    context = {
        "unit": thing,
        "year": year,
        "years": [one for one in (this - 1, this) if form_for(one)[0] is not None],
        "title": f"{year}年年度报告" if report is None else title_of(report),
        "tables": [] if report is None else [(one.name, _grid(one, report)) for one in tables_of(report.form)],
        "gaps": () if report is None else report.gaps,
        "fresh": fresh,
        "route": "county-annual" if thing is None else "unit-annual",
        "args": () if thing is None else (thing.unit,),
    }
    return render(request, "office/annual.html.j2", context)


@require_safe
def unit_report(request: HttpRequest, unit: str, year: int) -> HttpResponse:
    """Show the tables of a unit."""
    thing = access.unit_of(request, unit)
    sources, _, fresh = _sources(year)
    return _page(request, year, None if sources is None else sources.report(unit), thing, fresh=fresh)


@require_safe
def county_report(request: HttpRequest, year: int) -> HttpResponse:
    """Show the tables of the county: the sum of those of its units."""
    access.require(request, "county.view", access.COUNTY)
    sources, _, fresh = _sources(year)
    return _page(request, year, None if sources is None else sources.county(), None, fresh=fresh)
