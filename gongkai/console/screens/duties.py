"""我的事项: what a unit has to do, by when, what is missing; and why."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Submission
from gongkai.console.models.submissions import WAITING
from gongkai.console.office import door, objecting
from gongkai.console.registry import registry
from gongkai.console.work.waiting import waiting_for
from reports.log.template import template_workbook
from reports.output.texts import SIGNS, STATUS
from reports.selfcheck.page import self_check_page
from reports.selfcheck.workbook import write_fill_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.http import HttpRequest, HttpResponseRedirect

    from gongkai.console.live.snapshot import Snapshot, UnitState
    from reports.selfcheck.check import ToDo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CODE = re.compile(r"（[a-z_]+\.[a-z_]+）")
_OWN = frozenset(("overdue", "soon", "behind", "later"))
"""The groups of the self-check that the unit sees to by itself."""
_COUNTY = frozenset(("unrecorded", "judged"))
"""The groups that wait for a judgement of the county, or for a figure."""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty in the list.

    Attributes:
        key: its name in addresses.
        title: what is to be done.
        clause: its short number.
        subject: on which matter.
        status: how it stands.
        group: the group of the self-check.
        due: the day, as people write it.
        left: how far away that is.
        missing: what is missing.
        link: the form, filled in.
        objection: the address of an objection to it, where a published run has it.
        objected: how far an objection is, or nothing.
        sort: what lines are sorted by.
    """

    key: str
    title: str
    clause: str
    subject: str
    status: str
    group: str
    due: str
    left: str
    missing: str
    link: str
    objection: str
    objected: str
    sort: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DutyLists:
    """The lists of a unit's duties, as everybody sees them who may see the unit.

    Attributes:
        objections: address and state of the objections to them.
        counts: how many are overdue, due soon, or judged by the county.
        text: the part of the page.
    """

    objections: Mapping[str, tuple[str, str]]
    counts: Mapping[str, int]
    text: Markup


def duty_key(row: Mapping[str, Any]) -> str:
    """Return the name of an obligation in addresses."""
    return sha256(f"{row['obligation']}|{row['trigger']}".encode()).hexdigest()[:20]


@require_safe
def home(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    """Lead everybody to the page where the work is."""
    person = access.who(request)
    units = access.units_of(person)
    if len(units) == 1 and not access.allowed(person, "county.view", access.COUNTY).allowed:
        return redirect("unit", units[0])
    return render(request, "home.html.j2", {"units": units, "todo": waiting_for(person)})


@require_safe
def unit_page(request: HttpRequest, unit: str) -> HttpResponse:
    """Show what a unit has to do."""
    thing = access.unit_of(request, unit)
    person = access.who(request)
    snapshot, fresh = LIVE.for_unit(unit)
    waiting = access.visible(person, "submission.view", Submission).filter(unit=unit)
    may_enter = access.allowed(person, "submission.create", thing).allowed
    objections = _objections(request, thing)
    context = {
        "unit": thing,
        "snapshot": snapshot,
        "fresh": fresh,
        "trouble": LIVE.trouble,
        "lists": None if snapshot is None else _lists(snapshot, thing, objections, may_enter=may_enter),
        "waiting": waiting.filter(state=WAITING).count(),
        "returned": waiting.filter(state="returned").count(),
        "may_enter": may_enter,
    }
    return render(request, "unit.html.j2", context)


def _lists(
    snapshot: Snapshot, thing: access.UnitObject, objections: Mapping[str, tuple[str, str]], *, may_enter: bool
) -> DutyLists:
    """Return the lists of a unit's duties; of a snapshot they are made once for all who may do the same."""
    key = (thing.unit, f"duties {may_enter} {bool(objections)}")
    known: DutyLists | None = snapshot.parts.get(key)
    if known is None or known.objections != objections:
        states = snapshot.states(thing.unit)
        lines = _lines(states, thing.unit, objections)
        context = {
            "unit": thing,
            "explained": reverse("duty", args=(thing.unit, "-")).removesuffix("-"),
            "open": [one for one in lines if one.group in _OWN],
            "joint": [one for one in lines if one.group == "joint"],
            "past": [one for one in lines if one.group == "past"],
            "county": [one for one in lines if one.group in _COUNTY],
            "done": _done(states),
            "may_enter": may_enter,
            "signs": SIGNS,
            "statuses": STATUS,
        }
        text = Markup(render_to_string("duties.html.j2", context))  # noqa: S704 - everything in it is escaped
        known = snapshot.parts[key] = DutyLists(objections, _counts(lines), text)
    return known


def _counts(lines: Sequence[DutyLine]) -> dict[str, int]:
    return {
        "overdue": sum(one.group == "overdue" for one in lines),
        "soon": sum(one.group == "soon" for one in lines),
        "county": sum(one.group in _COUNTY for one in lines),
    }


def _objections(request: HttpRequest, thing: access.UnitObject) -> Mapping[str, tuple[str, str]]:
    """Return address and state of the objection that can be filed, or was, against each obligation."""
    if not access.allowed(access.who(request), "objection.draft", thing).allowed:
        return {}
    return objecting.by_obligation(door.visible_runs(request), door.visible_objections(request), thing.unit)


def _lines(states: Sequence[UnitState], unit: str, objections: Mapping[str, tuple[str, str]]) -> list[DutyLine]:
    """Return the open duties of a unit by due day."""
    found = [
        _line(one, group, unit, state.evaluation.as_of.day, objections.get(one.verdict.row["obligation"], ("", "")))
        for state in states
        for group, many in state.check.groups.items()
        for one in many
    ]
    return sorted(found, key=lambda one: one.sort)


def _line(one: ToDo, group: str, unit: str, today: date, objection: tuple[str, str]) -> DutyLine:
    row = one.verdict.row
    due = one.verdict.due_on
    link = ""
    if one.remedy.event is not None:
        query = {
            "subject": row["subject"] or "",
            **{f"data.{name}": text for name, text in (one.remedy.data or {}).items()},
        }
        link = f"/u/{unit}/new/{one.remedy.event}?" + urlencode({name: text for name, text in query.items() if text})
    missing = _CODE.sub("", one.pace or one.remedy.words)
    limit = row.get("limit_at")
    return DutyLine(
        key=duty_key(row),
        title=one.verdict.title,
        clause=one.verdict.clause,
        subject=row["subject"] or "",
        status=one.verdict.status,
        group=group,
        due=str(limit or due or ""),
        left="共同承担" if group == "joint" else _left(one, row, today),
        missing=missing,
        link=link,
        objection=objection[0],
        objected=objection[1],
        sort=(str(due or "9999"), row["obligation"]),
    )


def _left(one: ToDo, row: Mapping[str, Any], today: date) -> str:
    """Return how far away the due day is, in words."""
    if one.verdict.status == "violated":
        return "已逾期" if one.left is None or one.left >= 0 else f"已逾期{-one.left}个工作日"
    if row["due_on"] is None:
        return "期限停止计算"
    if one.left is None:
        return ""
    return "今天到期" if one.left == 0 and row["due_on"] == today else f"还有{one.left}个工作日"


def _done(states: Sequence[UnitState]) -> list[tuple[str, str, str, str]]:
    """Return what is settled: key, title, subject, status."""
    return [
        (duty_key(one.row), one.title, one.row["subject"] or "", one.status)
        for state in states
        for one in state.check.part.verdicts
        if one.status in {"met", "late", "waived"}
    ]


@require_safe
def explanation(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    """Show the whole derivation of one verdict."""
    thing = access.unit_of(request, unit)
    snapshot = _snapshot(unit)
    row = next((row for row in snapshot.rows(unit) if duty_key(row) == key), None)
    if row is None:
        raise Http404
    address, state = _objections(request, thing).get(row["obligation"], ("", ""))
    entries = {one["id"]: one for one in snapshot.entries(unit)}
    context = {
        "unit": thing,
        "row": row,
        "lines": snapshot.explain(row),
        "evidence": [entries[one] for one in row["evidence"] if one in entries],
        "types": load_vocabulary().types,
        "may_enter": access.allowed(access.who(request), "submission.create", thing).allowed,
        "objection": address,
        "objected": state,
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "duty.html.j2", context)


def _snapshot(unit: str) -> Snapshot:
    """Return the snapshot, where there is one.

    Raises:
        Http404: there is none yet.
    """
    snapshot, _ = LIVE.for_unit(unit)
    if snapshot is None:
        raise Http404
    return snapshot


@require_safe
def printable(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the unit's self-check as a page to print."""
    access.unit_of(request, unit)
    states = _snapshot(unit).states(unit)
    if not states:
        raise Http404
    page = self_check_page([state.check for state in states], states[0].evaluation)
    # the page brings its styles with it; it has no script and loads nothing
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
    return HttpResponse(page, headers={"Content-Security-Policy": policy})


@require_safe
def fill_in(request: HttpRequest, unit: str) -> HttpResponse:
    """Return a workbook with a row for everything that is open, to be filled in and uploaded."""
    access.unit_of(request, unit, "submission.create")
    checks = [state.check for state in _snapshot(unit).states(unit)]
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "fill-in.xlsx"
        write_fill_in(checks, path, "zh")
        content = path.read_bytes()
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="fill-in.xlsx"'}
    )


@require_safe
def template(request: HttpRequest, unit: str) -> HttpResponse:
    """Return an empty sheet for the unit's log."""
    access.unit_of(request, unit, "submission.create")
    content = template_workbook(load_vocabulary(), registry(), unit=unit, types=[])
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="log.xlsx"'})
