"""The calendar of a unit, at an address that a phone or Outlook reads by itself."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.console import access
from gongkai.console.live.thread import LIVE
from gongkai.console.work.accounts import hashed
from reports.selfcheck.due import calendar_file, due_within

if TYPE_CHECKING:
    from django.http import HttpRequest

_AHEAD = timedelta(days=180)


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, unit: str) -> HttpResponse:
    """Show how to subscribe; a new address ends the earlier one."""
    thing = access.unit_of(request, unit)
    person = access.who(request)
    made = ""
    if request.method == "POST":
        token = secrets.token_hex(20)
        person.feed = hashed(token)
        person.save(update_fields=["feed"])
        made = request.build_absolute_uri(f"/ics/{token}.ics?unit={unit}")
    return render(request, "feed.html.j2", {"unit": thing, "address": made, "has": bool(person.feed)})


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return what falls due for a unit, to whoever has the address, as long as its owner may see the unit."""
    person = access.person_of_feed(hashed(token))
    unit = request.GET.get("unit", "")
    if person is None or not access.allowed(person, "unit.view", access.UnitObject(unit, "")).allowed:
        raise Http404
    snapshot, _ = LIVE.for_unit(unit)
    states = () if snapshot is None else snapshot.states(unit)
    if snapshot is None or not states:
        raise Http404
    last = snapshot.inputs.as_of.day + _AHEAD
    found = tuple(one for state in states for one in due_within(state.evaluation, snapshot.inputs.calendar, last))
    return HttpResponse(calendar_file(found, states[0].evaluation), content_type="text/calendar; charset=utf-8")
