"""全县进度, and 催报 to those who have not filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.folder import current
from gongkai.console.live.thread import LIVE
from gongkai.console.office import noticing, progress
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from gongkai.console.work.waiting import waiting_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {"": "名录顺序", "violated": "未完成最多", "filed": "报得最早"}
TEXT = "请把到目前为止的政务公开工作登记到台账；没有办过的事项不用登记。"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show how every unit stands; the filters stand in the address."""
    person = access.require(request, "county.view", access.COUNTY)
    snapshot, fresh = LIVE.for_unit(None)
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    whole = [] if snapshot is None else progress.lines(snapshot)
    chosen = [one for one in whole if one.shown(show)]
    if sort == "violated":
        chosen.sort(key=lambda one: -one.violated)
    elif sort == "filed":
        chosen.sort(key=lambda one: (one.filed is not None, str(one.filed)))
    context = {
        "todo": waiting_for(person),
        "lines": chosen,
        "total": len(whole),
        "unfiled": sum(one.filed is None for one in whole),
        "wrong": sum(bool(one.wrong) for one in whole),
        "due": sum(one.due for one in whole),
        "read": None if snapshot is None else progress.read_of(snapshot),
        "cities": bool(current().settings.counties),
        "shows": progress.SHOW,
        "show": show,
        "sorts": SORTS,
        "sort": sort,
        "fresh": fresh,
        "trouble": LIVE.trouble,
        "may_remind": access.allowed(person, "county.remind", access.COUNTY).allowed,
        "may_run": access.allowed(person, "run.make", access.COUNTY).allowed,
        "by_mail": current().settings.mail is not None,
        "text": TEXT,
        "year": now().year,
    }
    return render(request, "office/progress.html.j2", context)


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind all who have not filed, or those chosen among them."""
    person = access.require(request, "county.remind", access.COUNTY)
    snapshot, _ = LIVE.for_unit(None)
    unfiled = [one.id for one in progress.lines(snapshot) if one.filed is None] if snapshot is not None else []
    chosen = [one for one in request.POST.getlist("units") if one in unit_names()]
    units = [one for one in unfiled if not chosen or one in chosen]
    text = request.POST.get("text", "").strip() or TEXT
    reminded, mails = noticing.remind(person, units, text)
    note(request, rows=reminded, mails=mails)
    return see_other("/county/notices/?kind=reminder")
