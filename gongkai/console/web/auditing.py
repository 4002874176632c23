"""One line of the audit log for each change that somebody asked for, and for each download with personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.console import audit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

NOTE = "gongkai.audit"
"""Where a page leaves what the audit log should say besides."""


def note(request: HttpRequest, **details: str | int) -> None:
    """Leave something for the audit log; a GET is logged only where something was left."""
    request.META.setdefault(NOTE, {}).update(details)


class AuditMiddleware:
    """Writes the line after the answer is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        before = getattr(request.user, "username", "")
        response = self._next(request)
        details = request.META.get(NOTE, {})
        if request.method not in {"GET", "HEAD", "OPTIONS"} or details:
            match = request.resolver_match
            what = match.view_name if match is not None else "unknown"
            who = details.pop("who", "") or before or getattr(request.user, "username", "")
            # the secret of a link is no text for a log
            path = request.path[:200] if match is None or "token" not in match.kwargs else f"/{match.route}"
            audit.record(who, what, method=request.method, path=path, status=response.status_code, **details)
        return response
