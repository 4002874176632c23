"""设置: books, readings, waivers, calendar and units, proposed by one person and approved by another."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.console import access
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models.proposals import P_PROPOSED, PROPOSAL_STATES
from gongkai.console.office import door, proposing
from gongkai.console.office.rulebooks import versions
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from reports.output.texts import SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from events.problems import Problem
    from gongkai.console.models import Proposal

_SHOWN = 100


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show what is in force, what waits for approval, and every version."""
    person = access.require(request, "setting.view", access.COUNTY)
    found = door.visible_proposals(request)
    context = {
        "kinds": proposing.KINDS,
        "versions": {kind: proposing.version_of(kind) for kind in proposing.KINDS},
        "texts": {kind: proposing.in_force(kind) for kind in proposing.KINDS},
        "waiting": found.filter(state=P_PROPOSED),
        "past": found.exclude(state=P_PROPOSED)[:_SHOWN],
        "states": PROPOSAL_STATES,
        "may": access.allowed(person, "setting.propose", access.COUNTY).allowed,
    }
    return render(request, "office/settings.html.j2", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Propose a setting; it is checked as `rules check` and the evaluation check it, and can be tried first."""
    person = access.require(request, "setting.propose", access.COUNTY)
    kind = request.POST.get("kind", "") or request.GET.get("kind", "")
    if kind not in proposing.KINDS:
        raise Http404
    problems = FormProblems()
    content, reason = _begun(request, kind)
    wrong: Sequence[Problem] = ()
    found: proposing.Tried | None = None
    if request.method == "POST":
        content = _sent(request, kind)
        reason = request.POST.get("reason", "").strip()
        only_try = "try" in request.POST
        if not reason and not only_try:
            problems.add("reason", "写明为什么改。")
        with tempfile.TemporaryDirectory() as work:
            found = proposing.tried(kind, content, Path(work), judge=only_try)
        wrong = found.problems
        if any(one.severity == "error" for one in wrong):
            problems.add("content", "内容有错，见下面的行号。")
        if not problems and not only_try:
            made = proposing.propose(person, kind, content, reason)
            note(request, kind=kind, proposal=made.pk)
            return see_other(f"/county/settings/{made.pk}/")
    context = {
        "kind": kind,
        "label": proposing.KINDS[kind],
        "content": content,
        "reason": reason,
        "problems": problems,
        "wrong": wrong,
        "found": found,
        "books": proposing.books_to_choose(content) if kind == "books" else (),
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "office/setting_new.html.j2", context, status=422 if problems else 200)


def _sent(request: HttpRequest, kind: str) -> str:
    """Return the content that was sent; of rulebooks, those that were ticked."""
    ticked = [one for one in request.POST.getlist("book") if one in proposing.books_at_hand()]
    if kind == "books" and ticked:
        return proposing.list_text(ticked)
    return request.POST.get("content", "").replace("\r\n", "\n")[: proposing.MOST]


def _begun(request: HttpRequest, kind: str) -> tuple[str, str]:
    """Return content and reason that the form begins with; what an objection leads to is filled in."""
    text, reason = proposing.begun(kind), request.GET.get("reason", "")[:1000]
    given = {name: request.GET.get(name, "")[:300] for name in ("unit", "rule", "reason")}
    if kind == "waivers" and given["unit"]:
        text = proposing.with_waiver(text, given)
    return text, reason


@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """Show a proposal beside what is in force."""
    return _page(request, door.proposal_of(request, key), (), "")


def _page(request: HttpRequest, proposal: Proposal, wrong: Sequence[Problem], message: str) -> HttpResponse:
    decision = access.allowed(access.who(request), "setting.approve", proposal)
    found = None
    if "try" in request.GET and request.method in {"GET", "HEAD"} and proposal.state == P_PROPOSED:
        with tempfile.TemporaryDirectory() as work:
            found = proposing.tried(proposal.kind, proposal.content, Path(work), judge=True)
    context = {
        "proposal": proposal,
        "label": proposing.KINDS[proposal.kind],
        "states": PROPOSAL_STATES,
        "present": proposing.in_force(proposal.kind),
        "changes": proposing.changed_lines(proposal) if proposal.state == P_PROPOSED else "",
        "versions": versions.changed_by(proposal.content) if proposal.kind == "books" else (),
        "may": decision.allowed and proposal.state == P_PROPOSED,
        "why_not": decision.reason if proposal.state == P_PROPOSED and not decision.allowed else "",
        "wrong": wrong,
        "found": found,
        "message": message,
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "office/setting.html.j2", context, status=422 if wrong or message else 200)


@require_POST
def approve(request: HttpRequest, key: int) -> HttpResponse:
    """Put a proposal in force."""
    proposal = door.proposal_of(request, key, "setting.approve")
    with tempfile.TemporaryDirectory() as work:
        wrong = proposing.approve(access.who(request), proposal, Path(work))
    if wrong:
        return _page(request, proposal, wrong, "现在不能批准。")
    note(request, kind=proposal.kind, proposal=proposal.pk)
    return see_other("/county/settings/")


@require_POST
def reject(request: HttpRequest, key: int) -> HttpResponse:
    """Turn a proposal down."""
    proposal = door.proposal_of(request, key, "setting.approve")
    remark = request.POST.get("remark", "").strip()
    if not remark:
        return _page(request, proposal, (), "写明不同意的理由。")
    proposing.reject(access.who(request), proposal, remark)
    return see_other("/county/settings/")
