"""通知: prepared, sent, signed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from gongkai.console import access
from gongkai.console.entry.attachments import KINDS as FILE_KINDS
from gongkai.console.entry.attachments import path_of
from gongkai.console.folder import current
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models.notices import N_PREPARED, N_SENT, NOTICE_KINDS, NOTICE_STATES
from gongkai.console.office import door, noticing
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

_SHOWN = 500
_WIDE = 2000


@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Show the notices; the filters stand in the address."""
    return _county(request, FormProblems(), ())


def _county(request: HttpRequest, problems: FormProblems, left: Sequence[str]) -> HttpResponse:
    person = access.require(request, "county.view", access.COUNTY)
    state, kind, unit = (request.GET.get(name, "") for name in ("state", "kind", "of"))
    found = door.visible_notices(request)
    for name, value, known in (("state", state, NOTICE_STATES), ("kind", kind, NOTICE_KINDS)):
        found = found.filter(**{name: value}) if value in known else found
    found = found.filter(unit=unit) if unit else found
    published = door.visible_runs(request).filter(state__in=["units", "county"])
    said = request.POST if request.method == "POST" else request.GET  # a run's page fills in whom its lists name
    context = {
        "rows": list(found[:_SHOWN]),
        "states": NOTICE_STATES,
        "kinds": NOTICE_KINDS,
        "state": state,
        "kind": kind,
        "of": unit,
        "units": unit_names(),
        "runs": [(str(one.number), str(one)) for one in published],
        "may": access.allowed(person, "notice.prepare", access.COUNTY).allowed,
        "may_send": access.has_role(person, "publisher"),
        "by_mail": current().settings.mail is not None,
        "problems": problems,
        "left": left,
        "values": {name: said.get(name, "")[:_WIDE] for name in ("run", "what", "text")},
        "chosen": said.getlist("units"),
    }
    return render(request, "office/notices.html.j2", context, status=422 if problems or left else 200)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare notices of a published run."""
    person = access.require(request, "notice.prepare", access.COUNTY)
    problems = FormProblems()
    number, kind = request.POST.get("run", ""), request.POST.get("what", "")
    units = [one for one in dict.fromkeys(request.POST.getlist("units")) if one in unit_names()]
    if not number.isdigit():
        problems.add("run", "选一次已公布的运行。")
    if kind not in noticing.FROM_SERVICE:
        problems.add("what", "选发什么。")
    if not units and kind != "rectification":
        problems.add("units", "写明发给哪些单位；约谈谁、表扬谁由人决定。")
    if problems:
        return _county(request, problems, ())
    run = door.run_of(request, int(number))
    text = request.POST.get("text", "").strip()
    made, left = noticing.prepare(person, run, kind, units or list(unit_names()), text)
    note(request, run=run.number, kind=kind, rows=made)
    if units and left:
        return _county(request, problems, left)
    return see_other("/county/notices/?state=prepared")


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send the notices that were ticked; each one by another person than prepared it."""
    access.require(request, "county.view", access.COUNTY)
    keys = [int(one) for one in request.POST.getlist("notice") if one.isdigit()]
    chosen = [door.notice_of(request, key, "notice.send") for key in keys]
    for one in chosen:
        noticing.send(access.who(request), one)
    note(request, rows=len(chosen))
    return see_other("/county/notices/?state=sent")


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show a unit its notices."""
    thing = access.unit_of(request, unit)
    found = door.visible_notices(request).filter(unit=unit).exclude(state=N_PREPARED)
    context = {"unit": thing, "rows": found, "states": NOTICE_STATES, "kinds": NOTICE_KINDS}
    return render(request, "office/unit_notices.html.j2", context)


@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """Show a notice."""
    notice = door.notice_of(request, key)
    person = access.who(request)
    name = unit_names().get(notice.unit, notice.unit)
    member = notice.unit in access.units_of(person)
    context = {
        "notice": notice,
        "name": name,
        "unit": access.UnitObject(notice.unit, name) if member else None,
        "states": NOTICE_STATES,
        "kinds": NOTICE_KINDS,
        "mail": notice.kind == "reminder" and access.allowed(person, "county.remind", access.COUNTY).allowed,
        "may_sign": notice.state == N_SENT and access.allowed(person, "notice.sign", notice).allowed,
        "may_send": notice.state == N_PREPARED and access.allowed(person, "notice.send", notice).allowed,
    }
    return render(request, "office/notice.html.j2", context)


@require_POST
def sign(request: HttpRequest, key: int) -> HttpResponse:
    """Sign for a notice."""
    notice = door.notice_of(request, key, "notice.sign")
    noticing.sign(access.who(request), notice)
    return see_other(f"/notices/{key}/")


@require_safe
def file(request: HttpRequest, key: int) -> HttpResponse | FileResponse:
    """Return the document of a notice."""
    notice = door.notice_of(request, key)
    return _given(request, notice.sha256, notice.file_name, "docx")


@require_safe
def own_list(request: HttpRequest, key: int) -> HttpResponse | FileResponse:
    """Return the unit's own list of a notice, which comes back filled in."""
    notice = door.notice_of(request, key)
    name = notice.file_name.removesuffix(".docx") + "-清单.xlsx"
    return _given(request, notice.list_sha256, name, "xlsx")


def _given(request: HttpRequest, digest: str, name: str, kind: str) -> FileResponse:
    """Return a file by its hash; raises Http404 where there is none."""
    if not digest:
        raise Http404
    note(request, file=digest)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    content = path_of(digest).open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type=FILE_KINDS[kind], headers=headers)
