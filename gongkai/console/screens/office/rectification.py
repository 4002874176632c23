"""整改: one problem is one page, with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from events.values.dates import DateError, read_moment
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry.attachments import KINDS as FILE_KINDS
from gongkai.console.entry.attachments import AttachmentError, path_of
from gongkai.console.forms.problems import FormProblems
from gongkai.console.live.thread import LIVE
from gongkai.console.models.rectification import (
    OPEN_STATES,
    R_FILLED,
    R_ORDERED,
    R_PREPARED,
    R_REPORTED,
    R_RETURNED,
    RECTIFICATION_STATES,
)
from gongkai.console.office import door, rectifying, runs
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpRequest

    from events.problems import Problem
    from gongkai.console.models import Rectification

_SHOWN = 500
_FILLING = frozenset((R_ORDERED, R_RETURNED, R_FILLED))
ACTIONS = {
    "order": ("rectification.order", frozenset((R_PREPARED,))),
    "fill": ("rectification.fill", _FILLING),
    "attach": ("rectification.fill", _FILLING),
    "approve": ("rectification.approve", frozenset((R_FILLED,))),
    "send-back": ("rectification.approve", frozenset((R_FILLED,))),
    "opinion": ("rectification.opinion", frozenset((R_REPORTED,))),
    "accept": ("rectification.decide", frozenset((R_REPORTED,))),
    "return": ("rectification.decide", frozenset((R_REPORTED,))),
    "extend": ("rectification.decide", OPEN_STATES),
}
"""Which action of the access table a step needs, and in which states its button is shown."""


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show what a unit has to mend."""
    thing = access.unit_of(request, unit)
    found = door.visible_rectifications(request).filter(unit=unit)
    context = {
        "unit": thing,
        "rows": found,
        "states": RECTIFICATION_STATES,
        "today": now().date(),
        "long": rectifying.long_among(list(found)),
    }
    return render(request, "office/unit_rectifications.html.j2", context)


@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Show the problems of the county; the filters stand in the address."""
    return _county(request, FormProblems())


def _county(request: HttpRequest, problems: FormProblems) -> HttpResponse:
    person = access.require(request, "county.view", access.COUNTY)
    state, unit = request.GET.get("state", ""), request.GET.get("of", "")
    found = door.visible_rectifications(request)
    if state in RECTIFICATION_STATES:
        found = found.filter(state=state)
    elif state == "overdue":
        found = found.filter(state__in=sorted(OPEN_STATES), due__lt=now().date())
    if unit:
        found = found.filter(unit=unit)
    published = list(door.visible_runs(request).filter(state__in=["units", "county"]))
    shown = list(found[:_SHOWN])
    long = rectifying.long_among(shown)
    shown = [one for one in shown if one.pk in long] if state == "long" else shown
    may_order = {
        one.pk
        for one in shown
        if one.state == R_PREPARED and access.allowed(person, "rectification.order", one).allowed
    }
    context = {
        "rows": shown,
        "states": RECTIFICATION_STATES,
        "state": state,
        "of": unit,
        "units": unit_names(),
        "today": now().date(),
        "open_states": OPEN_STATES,
        "long": long,
        "may_order": may_order,
        "runs": [(str(one.number), str(one)) for one in published],
        "may": access.allowed(person, "rectification.prepare", access.COUNTY).allowed,
        "problems": problems,
        "values": {"run": request.POST.get("run", ""), "due": request.POST.get("due", "")},
    }
    return render(request, "office/rectifications.html.j2", context, status=422 if problems else 200)


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order the problems that were ticked; each one by another person than prepared it."""
    person = access.require(request, "county.view", access.COUNTY)
    chosen = []
    for key in request.POST.getlist("one"):
        unit, _, number = key.partition("/")
        if number.isdigit():
            chosen.append(door.rectification_of(request, unit, int(number), "rectification.order"))
    problems = FormProblems()
    for one in chosen:
        for problem in rectifying.order(person, one):
            problems.add("", f"{one.label}：{problem.fact.zh}。{problem.cure.zh}")
    note(request, rows=len(chosen))
    return _county(request, problems) if problems else see_other("/county/rectification/?state=ordered")


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the orders for the problems of a published run; nobody does so for a unit of his own."""
    person = access.require(request, "rectification.prepare", access.COUNTY)
    problems = FormProblems()
    number, due = request.POST.get("run", ""), _day(request.POST.get("due", ""))
    if not number.isdigit():
        problems.add("run", "选一次已公布的运行。")
    if due is None or due <= now().date():
        problems.add("due", "整改期限写成 2023-07-20，要在今天以后。")
    if problems or due is None:
        return _county(request, problems)
    run = door.run_of(request, int(number))
    units = request.POST.getlist("units") or list(unit_names())
    names = unit_names()
    mine = {
        unit
        for unit in units
        if unit in names
        and access.allowed(person, "rectification.prepare", access.UnitObject(unit, names[unit])).allowed
    }
    note(request, run=run.number, rows=rectifying.prepare(person, run, mine, due))
    return see_other("/county/rectification/?state=prepared")


def _day(text: str) -> date | None:
    """Return a day as somebody wrote it, or None."""
    try:
        return read_moment(text.strip())[0].date() if text.strip() else None
    except DateError:
        return None


@require_safe
def detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Show one problem."""
    return _page(request, door.rectification_of(request, unit, number), FormProblems())


def _page(request: HttpRequest, one: Rectification, problems: FormProblems, status: int = 422) -> HttpResponse:
    person = access.who(request)
    member = one.unit in access.units_of(person)
    name = unit_names().get(one.unit, one.unit)
    snapshot = LIVE.snapshot
    now_row = (
        None
        if snapshot is None
        else next((row for row in snapshot.rows(one.unit) if row["obligation"] == one.obligation), None)
    )
    then = runs.row_of(one.run, one.obligation)
    context = {
        "unit": access.UnitObject(one.unit, name) if member else None,
        "name": name,
        "one": one,
        "states": RECTIFICATION_STATES,
        "then": then,
        "long": one.pk in rectifying.long_among([one]),
        "now_row": now_row,
        "derivation": snapshot.explain(now_row) if snapshot is not None and now_row is not None else (),
        "steps": {
            step
            for step, (action, states) in ACTIONS.items()
            if one.state in states and access.allowed(person, action, one).allowed
        },
        "history": one.steps.select_related("person").order_by("pk"),
        "step_names": rectifying.STEPS,
        "files": one.files.order_by("pk"),
        "problems": problems,
        "values": {name: request.POST.get(name, "") for name in ("measure", "done_on", "text", "due")},
    }
    return render(request, "office/rectification.html.j2", context, status=status if problems else 200)


@require_POST
def step(request: HttpRequest, unit: str, number: int, name: str) -> HttpResponse:
    """Take a step."""
    if name not in ACTIONS:
        raise Http404
    one = door.rectification_of(request, unit, number, ACTIONS[name][0])
    problems = FormProblems()
    said = _take(request, one, name, problems)
    for problem in said:
        problems.add("", f"{problem.fact.zh}。{problem.cure.zh}")
    if problems:
        return _page(request, door.rectification_of(request, unit, number), problems)
    return see_other(f"/u/{unit}/rectification/{number}/")


def _take(request: HttpRequest, one: Rectification, name: str, problems: FormProblems) -> Sequence[Problem]:
    """Take a step that is allowed, or say what is missing."""
    person, text = access.who(request), request.POST.get("text", "").strip()
    if name in {"send-back", "return", "opinion", "extend"} and not text:
        problems.add("text", "写明理由。")
        return ()
    if name in {"fill", "attach"}:
        return _filled(request, one, name, problems)
    if name == "extend":
        return _extended(request, one, text, problems)
    entering = {"order": rectifying.order, "approve": rectifying.approve}
    if name in entering:
        return entering[name](person, one)
    if name == "accept":
        rectifying.accept(person, one)
    else:
        texts = {"send-back": rectifying.send_back, "return": rectifying.give_back, "opinion": rectifying.give_opinion}
        texts[name](person, one, text)
    return ()


def _extended(request: HttpRequest, one: Rectification, text: str, problems: FormProblems) -> Sequence[Problem]:
    """Set a later day."""
    due = _day(request.POST.get("due", ""))
    if due is None:
        problems.add("due", "新的期限写成 2023-08-20。")
        return ()
    return rectifying.extend(access.who(request), one, due, text)


def _filled(request: HttpRequest, one: Rectification, name: str, problems: FormProblems) -> Sequence[Problem]:
    """Take what a clerk filled in or attached."""
    person = access.who(request)
    if name == "attach":
        file = request.FILES.get("file")
        try:
            if file is None:
                problems.add("file", "选一个文件。")
            else:
                rectifying.attach(person, one, file.name or "", file.read())
        except AttachmentError as error:
            problems.add("file", str(error))
        return ()
    measure, day = request.POST.get("measure", "").strip(), _day(request.POST.get("done_on", ""))
    if not measure:
        problems.add("measure", "写明做了什么。")
    if day is None:
        problems.add("done_on", "完成日期写成 2023-07-14。")
    if problems or day is None:
        return ()
    wrong = rectifying.wrong_measure(one, measure, day)
    if not wrong:
        rectifying.fill(person, one, measure, day)
    return wrong


@require_safe
def file(request: HttpRequest, unit: str, number: int, key: int) -> HttpResponse | FileResponse:
    """Return a file that shows what was done."""
    one = door.rectification_of(request, unit, number)
    found = one.files.filter(pk=key).first()
    if found is None:
        raise Http404
    note(request, file=found.sha256)
    kind = FILE_KINDS.get(found.kind, "application/octet-stream")
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    content = path_of(found.sha256).open("rb")
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=kind, headers=headers)
