"""已入账: a unit's entries in the ledger, each to be corrected or withdrawn by another submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.content import understand
from gongkai.console.forms.event_form import chosen, columns_of, fields_of, problems_by_field, row_from
from gongkai.console.forms.evidence import kept_with_file
from gongkai.console.forms.problems import FormProblems
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Submission
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from gongkai.console.entry.content import Row

_PAGE = 50


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show what the ledger has of a unit, the latest first."""
    thing = access.unit_of(request, unit, "unit.view")
    access.require(request, "entry.view", thing)
    snapshot, fresh = LIVE.for_unit(unit)
    entries = [] if snapshot is None else snapshot.entries(unit)
    wanted = request.GET.get("q", "").strip()[:50]
    if wanted:
        entries = [one for one in entries if wanted in f"{one['subject']} {one['data.title']} {one['id']}"]
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    replaced = {one[name]: name for one in entries for name in ("corrects", "retracts") if one[name]}
    context = {
        "unit": thing,
        "page": page,
        "fresh": fresh,
        "q": wanted,
        "types": load_vocabulary().types,
        "replaced": replaced,
        "may": access.allowed(access.who(request), "entry.correct", thing).allowed,
    }
    return render(request, "entries.html.j2", context)


def _entry(request: HttpRequest, unit: str, entry: str) -> Mapping[str, Any]:
    """Return an entry that somebody may correct.

    Raises:
        Http404: the unit has none of this id.
        PermissionDenied: he may not.
    """
    thing = access.unit_of(request, unit)
    access.require(request, "entry.view", thing)
    snapshot, _ = LIVE.for_unit(unit)
    found = next((one for one in (snapshot.entries(unit) if snapshot else ()) if one["id"] == entry), None)
    if found is None:
        raise Http404
    access.require(request, "entry.correct", access.EntryObject(unit, entry))
    return found


def _row(entry: Mapping[str, Any]) -> Row:
    """Return the raw fields of an entry."""
    row: Row = {"type": entry["type"]}
    if entry["subject"]:
        row["subject"] = entry["subject"]
    at = entry["occurred_at"]
    row["occurred_at"] = at.isoformat(sep=" ", timespec="minutes") if entry["timed"] else at.date().isoformat()
    for name, value in entry.items():
        if name.startswith("data.") and value is not None:
            row[name] = _text(value)
    return row


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, unit: str, entry: str) -> HttpResponse:
    """Replace an entry by another, after review."""
    found = _entry(request, unit, entry)
    thing = access.unit_of(request, unit, "submission.create")
    kind = load_vocabulary().types[found["type"]]
    row, problems = _row(found), FormProblems()
    if request.method == "POST":
        row = {**row_from(request.POST, kind), "corrects": entry}
        row.pop("retracts", None)
        trial = Submission(unit=unit, number=0, rows=[row])
        problems = problems_by_field(understand(trial, now(), (), columns_of(kind)).problems, kind)
        if not problems:
            title = f"更正 {kind.label.zh} {row.get('subject', '')}"
            person = access.who(request)
            made = kept_with_file(
                request, person, problems, lambda: states.begin(person, unit, "correct", [row], title)
            )
            if made is not None:
                return see_other(f"/u/{unit}/submissions/{made.number}/")
    context = {
        "unit": thing,
        "kind": kind,
        "fields": [(one, chosen(row, one)) for one in fields_of(kind)],
        "problems": problems,
        "submission": None,
        "subjects": [],
        "corrects": entry,
        "takes_file": True,
    }
    return render(request, "event_form.html.j2", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, unit: str, entry: str) -> HttpResponse:
    """Withdraw an entry, after review."""
    found = _entry(request, unit, entry)
    thing = access.unit_of(request, unit, "submission.create")
    kind = load_vocabulary().types[found["type"]]
    problems = FormProblems()
    if request.method == "POST":
        why = request.POST.get("reason", "").strip()[:500]
        row: Row = {name: value for name, value in _row(found).items() if not name.startswith("data.")}
        row |= {"retracts": entry, "data.note": f"撤回：{why}"}
        if not why:
            problems.add("reason", "写明为什么撤回。")
        trial = Submission(unit=unit, number=0, rows=[row])
        for text in problems_by_field(understand(trial, now()).problems, kind).found.values():
            problems.add("reason", text)
        if not problems:
            title = f"撤回 {kind.label.zh} {row.get('subject', '')}"
            made = states.begin(access.who(request), unit, "retract", [row], title)
            return see_other(f"/u/{unit}/submissions/{made.number}/")
    context = {"unit": thing, "kind": kind, "entry": found, "problems": problems}
    return render(request, "withdraw.html.j2", context, status=422 if problems else 200)
