"""The audit log: everybody's own acts, all of them for an auditor, logins and settings for an administrator."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.console import access, audit
from gongkai.console.folder import current
from gongkai.console.work.acts import act_name, end_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_MOST = 500
_ADMINISTRATION = ("login", "logout", "start", "password", "person", "people", "setting", "health")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the last acts that somebody may see."""
    person = access.who(request)
    wanted = {name: request.GET.get(name, "").strip()[:64] for name in ("who", "what", "at")}
    everything = access.allowed(person, "audit.all", access.COUNTY).allowed
    logins = access.allowed(person, "audit.logins", access.COUNTY).allowed

    def seen(line: dict[str, Any]) -> bool:
        own = line["who"] == person.username
        allowed = everything or own or (logins and str(line["what"]).startswith(_ADMINISTRATION))
        texts = {"who": line["who"], "what": f"{line['what']} {act_name(line['what'])}", "at": line["at"]}
        return allowed and all(text in str(texts[name]) for name, text in wanted.items() if text)

    lines = deque((line for line in audit.lines(current().audit) if seen(line)), _MOST)
    context = {
        "lines": [(line, act_name(line["what"]), end_of(line)) for line in reversed(lines)],
        "everything": everything,
        "wanted": wanted,
    }
    return render(request, "audit.html.j2", context)
