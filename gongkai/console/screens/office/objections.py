"""异议: what units say against published verdicts, and how it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.console import access
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models import Submission
from gongkai.console.models.objections import DECISIONS, FOLLOWS, GROUNDS, O_DRAFT, O_SUBMITTED, OBJECTION_STATES
from gongkai.console.models.submissions import DISCARDED, STATES
from gongkai.console.office import door, objecting, runs
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from reports.output.texts import SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from gongkai.console.models import Objection, Person

_SHOWN = 300


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the objections of a unit."""
    thing = access.unit_of(request, unit)
    found = door.visible_objections(request).filter(unit=unit)
    context = {"unit": thing, "rows": found, "states": OBJECTION_STATES, "decisions": DECISIONS, "grounds": GROUNDS}
    return render(request, "office/unit_objections.html.j2", context)


@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Show the objections of the county, those that wait first."""
    access.require(request, "county.view", access.COUNTY)
    state, unit = request.GET.get("state", ""), request.GET.get("of", "")
    found = door.visible_objections(request)
    if state in OBJECTION_STATES:
        found = found.filter(state=state)
    if unit:
        found = found.filter(unit=unit)
    context = {
        "rows": sorted(found[:_SHOWN], key=lambda one: one.state != O_SUBMITTED),
        "states": OBJECTION_STATES,
        "decisions": DECISIONS,
        "grounds": GROUNDS,
        "state": state,
        "of": unit,
        "units": unit_names(),
    }
    return render(request, "office/objections.html.j2", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Begin an objection to a verdict of a published run."""
    thing = access.unit_of(request, unit, "objection.draft")
    run = door.run_of(request, number)
    about = request.POST.get("about", "") or request.GET.get("about", "")
    found = runs.read(run) if run.published else None
    row = None if found is None else found.rows.get(about)
    if found is None or row is None or row["unit"] != unit:
        raise Http404
    problems, values = FormProblems(), _values(request)
    if request.method == "POST":
        _check(values, problems)
        if not problems:
            label = f"{row['clause']} {found.title(row)}"
            words = (values["ground"], values["statement"])
            made = objecting.draft(access.who(request), run, row, label, words)
            return see_other(f"/u/{unit}/objections/{made.number}/")
    context = {
        "unit": thing,
        "run": run,
        "row": row,
        "title": found.title(row),
        "grounds": list(GROUNDS.items()),
        "problems": problems,
        "values": values,
        "signs": SIGNS,
        "statuses": STATUS,
        "open": objecting.is_open(run),
    }
    return render(request, "office/objection_new.html.j2", context, status=422 if problems else 200)


def _values(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[: objecting.MOST] for name in ("ground", "statement")}


def _check(values: Mapping[str, str], problems: FormProblems) -> None:
    if values["ground"] not in GROUNDS:
        problems.add("ground", "选一项理由。")
    if not values["statement"]:
        problems.add("statement", "写明哪里不对，依据是什么。")


@require_safe
def detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Show an objection, and what may be done with it now."""
    return _page(request, door.objection_of(request, unit, number), FormProblems())


def _page(request: HttpRequest, objection: Objection, problems: FormProblems) -> HttpResponse:
    person = access.who(request)
    member = access.allowed(person, "objection.draft", objection).allowed
    own = access.visible(person, "submission.view", Submission).filter(unit=objection.unit)
    decide = access.allowed(person, "objection.decide", objection)
    opinion = access.allowed(person, "objection.opinion", objection)
    waits = objection.state == O_SUBMITTED
    name = unit_names().get(objection.unit, objection.unit)
    context = {
        "unit": access.UnitObject(objection.unit, name) if member else None,
        "name": name,
        "objection": objection,
        "states": OBJECTION_STATES,
        "grounds": GROUNDS,
        "decisions": DECISIONS,
        "follows": FOLLOWS,
        "linked": list(objection.linked.order_by("number")),
        "known": set(own.values_list("pk", flat=True)),
        "choices": list(own.exclude(state=DISCARDED).order_by("-number")[:50]) if member else [],
        "submission_states": STATES,
        "may_change": member and objection.state == O_DRAFT,
        "may_submit": objection.state == O_DRAFT and access.allowed(person, "objection.submit", objection).allowed,
        "may_decide": waits and decide.allowed,
        "may_opine": waits and opinion.allowed,
        "why_not": decide.reason if waits and not decide.allowed and not decide.hidden and not opinion.allowed else "",
        "problems": problems,
        "values": {name: request.POST.get(name, "") for name in ("decision", "follows", "answer", "opinion")},
        "links": _links(person, objection) if objection.decision else [],
        "verdict": runs.row_of(objection.run, objection.obligation),
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "office/objection.html.j2", context, status=422 if problems else 200)


def _links(person: Person, objection: Objection) -> list[tuple[str, str]]:
    """Return where what follows is done, as far as the person may do it, and the revised run that shows it."""
    because = f"异议 {objection}：{objection.answer}"
    rule = objection.obligation.split("/")[1] if "/" in objection.obligation else ""
    waiver = {"kind": "waivers", "unit": objection.unit, "rule": rule, "reason": because}
    reading = {"kind": "readings", "rule": rule, "reason": because}
    found = {
        "correction": ("submission.view", "它的登记单", f"/u/{objection.unit}/submissions/"),
        "waiver": ("setting.propose", "提出豁免", f"/county/settings/new?{urlencode(waiver)}"),
        "reading": ("setting.propose", "提出改用读法", f"/county/settings/new?{urlencode(reading)}"),
        "assessment": ("assessment.write", "重新评定", f"/county/assess/?{urlencode({'of': objection.unit})}"),
    }
    links = []
    if objection.follows in found:
        action, label, address = found[objection.follows]
        where = access.COUNTY if action == "setting.propose" else objection
        if action == "submission.view" or access.allowed(person, action, where).allowed:
            links.append((label, address))
    if objection.follows != "none" and access.allowed(person, "run.make", access.COUNTY).allowed:
        links.append(("做完以后修订这次运行", f"/county/runs/new?revises={objection.run.number}"))
    return links


@require_POST
def change(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Change a draft and what is linked to it; only the unit's own submissions can be."""
    objection = door.objection_of(request, unit, number, "objection.draft")
    problems, values = FormProblems(), _values(request)
    _check(values, problems)
    if problems:
        return _page(request, objection, problems)
    numbers = [int(one) for one in request.POST.getlist("linked") if one.isdigit()]
    own = access.visible(access.who(request), "submission.view", Submission).filter(unit=unit, number__in=numbers)
    objecting.change(objection, values["ground"], values["statement"], own)
    return see_other(f"/u/{unit}/objections/{number}/")


@require_POST
def submit(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Hand an objection in."""
    objection = door.objection_of(request, unit, number, "objection.submit")
    objecting.submit(access.who(request), objection)
    return see_other(f"/u/{unit}/objections/{number}/")


@require_POST
def opinion(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Keep an evaluator's opinion."""
    objection = door.objection_of(request, unit, number, "objection.opinion")
    text = request.POST.get("opinion", "").strip()
    if not text:
        problems = FormProblems()
        problems.add("opinion", "写明意见。")
        return _page(request, objection, problems)
    objecting.give_opinion(access.who(request), objection, text)
    return see_other(f"/u/{unit}/objections/{number}/")


@require_POST
def decide(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Decide an objection."""
    objection = door.objection_of(request, unit, number, "objection.decide")
    problems = FormProblems()
    decision, follows = request.POST.get("decision", ""), request.POST.get("follows", "")
    answer = request.POST.get("answer", "").strip()
    if decision not in DECISIONS:
        problems.add("decision", "选采纳、部分采纳或者不采纳。")
    if follows not in FOLLOWS or (decision == "rejected") != (follows == "none"):
        problems.add("follows", "选接着做什么；不采纳的选“不用再做什么”，采纳的要有下一步。")
    if not answer:
        problems.add("answer", "写明理由，单位看得到。")
    if problems:
        return _page(request, objection, problems)
    objecting.decide(access.who(request), objection, decision, follows, answer)
    note(request, decision=decision, follows=follows)
    return see_other(f"/u/{unit}/objections/{number}/")
