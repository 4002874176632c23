"""Whether the server runs, and how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from events.ledger.damage import DamageError
from events.ledger.folder import read_head
from gongkai.console import access, audit
from gongkai.console.folder import current
from gongkai.console.live.thread import LIVE
from gongkai.console.mail import sending
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from gongkai.console.work import health as server

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the server runs."""
    del request
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show the state of ledger, verdicts and audit log."""
    access.require(request, "health.view", access.COUNTY)
    try:
        head, trouble = read_head(current().ledger), ""
    except DamageError as error:
        head, trouble = None, error.problem.line("zh")
    snapshot = LIVE.snapshot
    context = {
        "head": head,
        "trouble": trouble or LIVE.trouble,
        "made_at": None if snapshot is None else snapshot.made_at,
        "behind": snapshot is None or head is None or snapshot.head != head,
        "broken": audit.first_break(current().audit),
        "mail": current().settings.mail,
        "mail_trouble": sending.trouble(),
        "database": "PostgreSQL" if current().settings.database else "SQLite",
        "health": server.health(),
        "may_verify": access.allowed(access.who(request), "health.verify", access.COUNTY).allowed,
    }
    return render(request, "health.html.j2", context)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Verify the ledger now."""
    access.require(request, "health.verify", access.COUNTY)
    note(request, said=server.verify())
    return see_other("/admin/health")
