"""The few files that pages load: one style sheet, one script, one icon."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

FOLDER = Path(__file__).parents[1] / "static"
FILES = {"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8"}


@login_not_required
@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Return one of the files."""
    kind = FILES.get(name)
    if kind is None:
        raise Http404
    content = (FOLDER / name).read_bytes()
    tag = f'"{sha256(content).hexdigest()[:16]}"'
    headers = {"Cache-Control": "max-age=3600", "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type=kind, headers=headers)
