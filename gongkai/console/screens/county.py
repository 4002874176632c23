"""The county at a glance, for those who evaluate, publish or audit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.console import access
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Submission
from gongkai.console.registry import registry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every unit with the counts of its verdicts."""
    access.require(request, "county.view", access.COUNTY)
    snapshot, current_state = LIVE.for_unit(None)
    counts: dict[str, Counter[str]] = {}
    last: dict[str, str] = {}
    if snapshot is not None:
        table = snapshot.verdicts.select(["unit", "status"])
        for unit, status in zip(table["unit"].to_pylist(), table["status"].to_pylist(), strict=True):
            counts.setdefault(unit, Counter())[status] += 1
        events = snapshot.inputs.table.group_by("unit").aggregate([("occurred_at", "max")]).to_pylist()
        last = {row["unit"]: str(row["occurred_at_max"].date()) for row in events}
    context = {"units": registry().units, "counts": counts, "last": last, "fresh": current_state, "snapshot": snapshot}
    return render(request, "county.html.j2", context)


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """Show the submissions that the county office may see."""
    person = access.require(request, "county.view", access.COUNTY)
    rows = access.visible(person, "submission.view", Submission).order_by("-changed_at")[:200]
    mine = set(access.visible(person, "submission.approve", Submission).values_list("pk", flat=True))
    context = {"rows": rows.select_related("author"), "mine": mine, "unit": None}
    return render(request, "submissions.html.j2", context)
