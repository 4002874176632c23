"""登记一件事: by matter, one event a form; the draft shows at once what it would settle."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.vocabulary import fold, load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.attachments import AttachmentError, keep_upload
from gongkai.console.entry.content import COUNTY_TYPES, understand
from gongkai.console.entry.subjects import looked_up
from gongkai.console.forms.event_form import chosen, columns_of, fields_of, problems_by_field, row_from
from gongkai.console.forms.evidence import kept_with_file
from gongkai.console.forms.problems import FormProblems
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Submission
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.vocabulary import EventType
    from gongkai.console.access import UnitObject
    from gongkai.console.entry.content import Row

_MATTERS = Path(__file__).parents[1] / "matters.yaml"
_SUBJECTS = 300


@cache
def _matters() -> list[dict[str, Any]]:
    types = load_vocabulary().types
    found = yaml.safe_load(_MATTERS.read_text(encoding="utf-8"))
    return [{**one, "types": [types[name] for name in one["types"]]} for one in found]


@require_safe
def matters(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the matters with their steps; what somebody searches for is found among all event types."""
    thing = access.unit_of(request, unit, "submission.create")
    wanted = request.GET.get("q", "").strip()[:50]
    found = []
    if wanted:
        found = [
            kind for kind in load_vocabulary().types.values() if kind.name not in COUNTY_TYPES and _names(kind, wanted)
        ]
    return render(request, "matters.html.j2", {"unit": thing, "matters": _matters(), "q": wanted, "found": found})


def _names(kind: EventType, wanted: str) -> bool:
    names = (kind.name, kind.label.zh, kind.meaning.zh, *kind.synonyms)
    return any(fold(wanted) in fold(name) for name in names)


def _kind(name: str) -> EventType:
    """Return an event type that a unit enters.

    Raises:
        Http404: there is none, or the county enters it.
    """
    kind = load_vocabulary().types.get(name)
    if kind is None or name in COUNTY_TYPES:
        raise Http404
    return kind


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, unit: str, kind: str) -> HttpResponse:
    """Show the form of an event type, and keep what it says as a draft."""
    thing = access.unit_of(request, unit, "submission.create")
    known = _kind(kind)
    if request.method != "POST":
        row = row_from(request.GET, known)
        return _page(request, thing, known, row, FormProblems())
    row = _read(request, thing, known)
    problems = _problems(thing, row, known)
    person = access.who(request)
    made = None
    if not problems:
        made = kept_with_file(
            request, person, problems, lambda: states.begin(person, unit, _sort(row), [row], title_of(row))
        )
    if made is None:
        return _page(request, thing, known, row, problems)
    return see_other(f"/u/{unit}/submissions/{made.number}/")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Change a draft of one event."""
    submission = access.submission_of(request, unit, number, "submission.edit")
    thing = access.unit_of(request, unit, "submission.create")
    if len(submission.rows) != 1 or submission.kind == "workbook":
        raise Http404
    known = _kind(submission.rows[0]["type"])
    if request.method != "POST":
        return _page(request, thing, known, submission.rows[0], FormProblems(), submission)
    row = _read(request, thing, known)
    for name in ("corrects", "retracts"):
        row.pop(name, None)
        if name in submission.rows[0]:
            row[name] = submission.rows[0][name]
    problems = _problems(thing, row, known)
    person = access.who(request)
    if problems or not kept_with_file(
        request, person, problems, lambda: states.change(person, submission, [row], title_of(row))
    ):
        return _page(request, thing, known, row, problems, submission)
    return see_other(f"/u/{unit}/submissions/{number}/")


@require_POST
def attach(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Add a file as evidence to a draft."""
    submission = access.submission_of(request, unit, number, "submission.edit")
    file = request.FILES.get("file")
    problems = FormProblems()
    if file is None:
        problems.add("file", "选一个文件。")
    else:
        try:
            keep_upload(access.who(request), submission, file.name or "", file.read())
        except AttachmentError as error:
            problems.add("file", str(error))
    if problems:
        context = {"unit": access.unit_of(request, unit), "submission": submission, "problems": problems}
        return render(request, "attach.html.j2", context, status=422)
    return see_other(f"/u/{unit}/submissions/{number}/")


def _read(request: HttpRequest, thing: UnitObject, kind: EventType) -> Row:
    """Return what the form says, its subject as the log writes it."""
    row = row_from(request.POST, kind)
    row.pop("corrects", None)
    row.pop("retracts", None)
    if "subject" in row:
        row["subject"] = looked_up(str(row["subject"]), _subjects(thing.unit))
    return row


def _subjects(unit: str) -> list[str]:
    """Return the subjects that a unit's entries have, the latest first."""
    snapshot, _ = LIVE.for_unit(None, timeout=0.0)
    entries = () if snapshot is None else snapshot.entries(unit)
    return list(dict.fromkeys(one["subject"] for one in entries if one["subject"]))[:_SUBJECTS]


def _problems(thing: UnitObject, row: Row, kind: EventType) -> FormProblems:
    """Return what is wrong with a row."""
    trial = Submission(unit=thing.unit, number=0, rows=[row])
    return problems_by_field(understand(trial, now(), (), columns_of(kind)).problems, kind)


def _sort(row: Row) -> str:
    if "retracts" in row:
        return "retract"
    return "correct" if "corrects" in row else "entry"


def title_of(row: Row) -> str:
    """Return a line that says what a row is."""
    label = load_vocabulary().types[str(row["type"])].label.zh
    words = [label, *(str(row[name]) for name in ("subject", "data.title") if row.get(name))]
    return " ".join(words)


def _page(
    request: HttpRequest,
    thing: UnitObject,
    kind: EventType,
    row: Row,
    problems: FormProblems,
    submission: Submission | None = None,
) -> HttpResponse:
    fields = [(one, chosen(row, one)) for one in fields_of(kind)]
    context = {
        "unit": thing,
        "kind": kind,
        "fields": fields,
        "problems": problems,
        "submission": submission,
        "subjects": _subjects(thing.unit),
        "takes_file": True,
    }
    return render(request, "event_form.html.j2", context, status=422 if problems else 200)
