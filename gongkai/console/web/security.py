"""Headers that every answer has, and the limit of what a request may bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

MOST_BYTES = 24 << 20
"""How many bytes the body of a request may have: an attachment of 20 MiB and its form."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityMiddleware:
    """Adds the headers; turns away what is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = _turned_away(request) or self._next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.SESSION_COOKIE_SECURE:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to what is not for this server, or is too large; None for everything else."""
    try:
        request.get_host()
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except DisallowedHost:
        return HttpResponse("没有这个网址", status=400, content_type="text/plain; charset=utf-8")
    except ValueError:
        length = MOST_BYTES + 1
    if length > MOST_BYTES:
        return HttpResponse("上传的内容太大", status=413, content_type="text/plain; charset=utf-8")
    return None
