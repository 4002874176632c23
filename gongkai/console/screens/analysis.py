"""依申请分析: how many requests, from whom, how fast, and table three of the annual report, of a unit or the county."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.live.figures import analysis, table_three
from gongkai.console.live.thread import LIVE
from gongkai.console.registry import unit_names
from reports.run.requests import UNKNOWN, RequestFigures, RequestRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from gongkai.console.access import UnitObject

_NOT_LOGGED = "没有登记"


@require_safe
def unit(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the figures of a unit."""
    return _page(request, access.unit_of(request, unit, "request.figures"))


@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Show the figures of all units."""
    access.require(request, "county.view", access.COUNTY)
    return _page(request, None)


def _page(request: HttpRequest, thing: UnitObject | None) -> HttpResponse:
    one = None if thing is None else thing.unit
    snapshot, fresh = LIVE.for_unit(one)
    figures = None if snapshot is None else analysis(snapshot, one)
    year = _year(request)
    context = {
        "unit": thing,
        "fresh": fresh,
        "figures": figures,
        "groups": () if figures is None else _groups(figures, whole=one is None),
        "shares": () if figures is None else _shares(figures),
        "year": year,
        "three": None if snapshot is None else table_three(snapshot, one, year),
    }
    return render(request, "request_analysis.html.j2", context)


def _year(request: HttpRequest) -> int:
    """Return the year asked for, this one where none is."""
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == len("2023") else now().year


def _groups(figures: RequestFigures, *, whole: bool) -> tuple[tuple[str, dict[str, RequestFigures]], ...]:
    """Return the figures by month, and by unit where they are the county's."""
    months = ("月份", figures.by(lambda row: f"{row.received:%Y-%m}"))
    if not whole:
        return (months,)
    names = unit_names()
    return months, ("单位", figures.by(lambda row: names.get(row.unit, row.unit)))


def _shares(figures: RequestFigures) -> tuple[tuple[str, dict[str, int]], ...]:
    """Return how many requests came in which way, from whom, and how they ended."""
    keys: dict[str, Callable[[RequestRow], str]] = {
        "channel": lambda row: row.channel,
        "applicant": lambda row: row.applicant,
        "outcome": lambda row: row.outcome,
    }
    found = []
    for name, key in keys.items():
        known = load_vocabulary().attributes[name]
        labels = {value.value: value.zh for value in known.values} | {UNKNOWN: _NOT_LOGGED}
        rows = figures.rows if name != "outcome" else tuple(row for row in figures.rows if row.answered is not None)
        counts = RequestFigures(figures.rule, rows).counts(key)
        found.append((known.label.zh, {labels.get(value, value): count for value, count in counts.items()}))
    return tuple(found)
