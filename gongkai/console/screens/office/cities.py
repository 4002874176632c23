"""各县: an office above several counties reads the runs that each has published, in each one's own data folder."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.console import access
from gongkai.console.office import counties
from reports.output.texts import SIGNS, STATUS

if TYPE_CHECKING:
    from django.http import HttpRequest

FRAME = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the published runs of every county."""
    access.require(request, "city.view", access.COUNTY)
    context = {"counties": counties.published(), "signs": SIGNS, "statuses": STATUS}
    return render(request, "office/cities.html.j2", context)


@require_safe
def file(request: HttpRequest, county: str, number: int, name: str) -> HttpResponse:
    """Return a file of a county's published run; only what its announcement names leads to files."""
    access.require(request, "city.view", access.COUNTY)
    found = counties.file_of(county, number, name)
    if found is None:
        raise Http404
    path, content = found
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    shown = kind in {"text/html", "text/css", "text/javascript", "image/svg+xml"}
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    headers = {"Content-Security-Policy": FRAME}
    if not shown:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(path.name)}"
    return HttpResponse(content, content_type=kind, headers=headers)
