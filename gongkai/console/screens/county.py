"""The submissions of the county, for those who evaluate or publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.console import access
from gongkai.console.models import Submission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """Show the submissions that the county office may see."""
    person = access.require(request, "county.view", access.COUNTY)
    rows = access.visible(person, "submission.view", Submission).order_by("-changed_at")[:200]
    mine = set(access.visible(person, "submission.approve", Submission).values_list("pk", flat=True))
    context = {"rows": rows.select_related("author"), "mine": mine, "unit": None}
    return render(request, "submissions.html.j2", context)
