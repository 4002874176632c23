"""评定: the queue of what waits for a judgement, one duty a page, and the second person."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.values.dates import DateError, read_moment
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry.attachments import MOST_BYTES
from gongkai.console.forms.problems import FormProblems
from gongkai.console.live.thread import LIVE
from gongkai.console.models.assessments import A_WAITING, ASSESSMENT_STATES, RESULTS
from gongkai.console.office import assessing, door, ledger
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpRequest

    from gongkai.console.live.snapshot import Snapshot
    from gongkai.console.models import Assessment
    from gongkai.console.office.assessing import Waiting

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 300


def key_of(waiting: Waiting) -> str:
    """Return the name of a duty in addresses."""
    return sha256(waiting.row["obligation"].encode()).hexdigest()[:20]


def _queue(request: HttpRequest) -> tuple[Snapshot | None, list[Waiting]]:
    """Return the queue, without what waits for a second person; by clause."""
    snapshot, _ = LIVE.for_unit(None)
    if snapshot is None:
        return None, []
    begun = set(door.visible_assessments(request).filter(state=A_WAITING).values_list("obligation", flat=True))
    return snapshot, [one for one in assessing.queue(snapshot) if one.row["obligation"] not in begun]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the queue; the filters stand in the address."""
    return _listing(request, ())


def _listing(request: HttpRequest, problems: Sequence[str], status: int = 200) -> HttpResponse:
    person = access.require(request, "assessment.view", access.COUNTY)
    snapshot, waiting = _queue(request)
    clause, unit = request.GET.get("clause", ""), request.GET.get("of", "")
    chosen = [
        one for one in waiting if clause in {"", one.row["clause"]} and unit in {"", one.row["unit"]}
    ]  # fmt: skip
    found = door.visible_assessments(request)
    context = {
        "snapshot": snapshot,
        "waiting": [(key_of(one), one) for one in chosen[:_SHOWN]],
        "asked": assessing.asked_more(),
        "more": max(len(chosen) - _SHOWN, 0),
        "total": len(waiting),
        "clauses": list(dict.fromkeys(one.row["clause"] for one in waiting)),
        "units": {one.row["unit"]: one.row["unit_name"] for one in waiting},
        "clause": clause,
        "of": unit,
        "second": found.filter(state=A_WAITING),
        "past": found.exclude(state=A_WAITING)[:50],
        "states": ASSESSMENT_STATES,
        "results": RESULTS,
        "may": access.allowed(person, "assessment.write", access.COUNTY).allowed,
        "wrong": problems,
    }
    return render(request, "office/assess.html.j2", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show one duty that waits, with what to look for and the evidence at hand; take a judgement, and go on."""
    person = access.require(request, "assessment.view", access.COUNTY)
    snapshot, waiting = _queue(request)
    place = next((number for number, one in enumerate(waiting) if key_of(one) == key), None)
    if snapshot is None or place is None:
        raise Http404
    found = waiting[place]
    unit = access.UnitObject(found.row["unit"], found.row["unit_name"])
    problems, values = FormProblems(), {"result": "", "reason": "", "day": f"{now():%Y-%m-%d}"}
    decision = access.allowed(person, "assessment.write", unit)
    if request.method == "POST":
        access.require(request, "assessment.write", unit)
        values = {name: request.POST.get(name, "").strip()[: assessing.MOST_REASON] for name in values}
        day = _checked(person, found, values, problems)
        if day is not None and not problems:
            assessing.write(person, found.row, values["result"], values["reason"], day)
            note(request, of=unit.unit, rule=found.row["rule"])
            rest = [other for number, other in enumerate(waiting) if number != place]
            after = rest[min(place, len(rest) - 1)] if rest else None
            return see_other(f"/county/assess/one/{key_of(after)}" if after else "/county/assess/")
    context = {
        "found": found,
        "asked": assessing.asked_more(unit.unit).get(found.row["obligation"]),
        "about": unit,
        "evidence": assessing.evidence(snapshot, found),
        "derivation": snapshot.explain(dict(found.row)),
        "results": list(RESULTS.items()),
        "problems": problems,
        "values": values,
        "may": decision.allowed,
        "why_not": "" if decision.allowed else decision.reason,
        "office": assessing.evaluator_name(person, unit.unit),
        "place": place + 1,
        "total": len(waiting),
        "before": key_of(waiting[place - 1]) if place else "",
        "after": key_of(waiting[place + 1]) if place + 1 < len(waiting) else "",
    }
    return render(request, "office/assess_one.html.j2", context, status=422 if problems else 200)


def _checked(person: Any, found: Waiting, values: dict[str, str], problems: FormProblems) -> date | None:  # noqa: ANN401 (whoever is signed in)
    """Return the day of a judgement, None where something is wrong."""
    if values["result"] not in RESULTS:
        problems.add("result", "选合格、不合格或者需补充。")
    if not values["reason"]:
        problems.add("reason", "写明理由：看了什么，为什么这样评。")
    try:
        day = read_moment(values["day"])[0].date()
    except DateError:
        problems.add("day", "日期写成 2023-07-14。")
        return None
    if not problems:
        row = assessing.row_of(person, found.row["unit"], found.row["rule"], {**values, "day": day})
        for problem in ledger.wrong(found.row["unit"], "assess", [row]):
            problems.add("day" if problem.code == "future-day" else "reason", f"{problem.fact.zh}。{problem.cure.zh}")
    return day


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Return the workbook of the queue."""
    access.require(request, "assessment.write", access.COUNTY)
    content, problems = assessing.sheet()
    if content is None:
        return _listing(request, [one.line("zh") for one in problems], 422)
    headers = {"Content-Disposition": 'attachment; filename="assess.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a workbook that was filled in: every row becomes a judgement that waits for the second person."""
    person = access.require(request, "assessment.write", access.COUNTY)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        return _listing(request, ["选填好的 XLSX 文件，20 MiB 以内。"], 422)
    _, waiting = _queue(request)
    names = unit_names()

    def may(unit: str) -> bool:
        thing = access.UnitObject(unit, names.get(unit, unit))
        return access.allowed(person, "assessment.write", thing).allowed

    count, problems = assessing.read_sheet(person, file.read(), waiting, may)
    if problems:
        return _listing(request, [one.line("zh") for one in problems], 422)
    note(request, rows=count)
    return see_other("/county/assess/")


@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """Show a judgement."""
    return _page(request, door.assessment_of(request, key), "")


def _page(request: HttpRequest, assessment: Assessment, message: str, status: int = 200) -> HttpResponse:
    decision = access.allowed(access.who(request), "assessment.approve", assessment)
    context = {
        "assessment": assessment,
        "states": ASSESSMENT_STATES,
        "results": RESULTS,
        "may": decision.allowed and assessment.state == A_WAITING,
        "why_not": "" if decision.allowed else decision.reason,
        "message": message,
    }
    return render(request, "office/assessment.html.j2", context, status=status)


@require_POST
def approve(request: HttpRequest, key: int) -> HttpResponse:
    """Agree with a judgement, which enters it."""
    assessment = door.assessment_of(request, key, "assessment.approve")
    problems = assessing.approve(access.who(request), assessment)
    if problems:
        return _page(request, door.assessment_of(request, key), "账本没有收。", 409)
    return see_other("/county/assess/")


@require_POST
def send_back(request: HttpRequest, key: int) -> HttpResponse:
    """Return a judgement with a reason."""
    assessment = door.assessment_of(request, key, "assessment.approve")
    remark = request.POST.get("remark", "").strip()
    if not remark:
        return _page(request, assessment, "退回要写明理由。", 422)
    assessing.send_back(access.who(request), assessment, remark)
    return see_other("/county/assess/")
