"""依申请: the register of requests, the case with its clock, the steps, the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.ledger.damage import DamageError
from events.values.dates import DateError, read_moment
from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry import request_limits, states
from gongkai.console.entry import requests as register
from gongkai.console.entry.attachments import KINDS, AttachmentError, clean_name, kind_of, path_of, store
from gongkai.console.entry.content import understand
from gongkai.console.entry.post import enter
from gongkai.console.folder import current
from gongkai.console.forms.event_form import chosen, columns_of, fields_of, problems_by_field, row_from
from gongkai.console.forms.problems import FormProblems
from gongkai.console.live.request_clock import request_state
from gongkai.console.live.thread import LIVE
from gongkai.console.models import RequestCase, Submission
from gongkai.console.models.store import add_document
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from reports.output.texts import SIGNS, STATUS

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from gongkai.console.live.request_clock import RequestState

_MOST = 2000


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the requests of a unit; who may not see applicants sees how many there are."""
    thing = access.unit_of(request, unit, "request.figures")
    person = access.who(request)
    snapshot, fresh = LIVE.for_unit(unit)
    cases = access.visible(person, "request.view", RequestCase).filter(unit=unit).order_by("-year", "-number")
    rows = [] if snapshot is None else snapshot.rows(unit)
    replies: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["rule"] in {"14.1.reply", "art33.reply"} and row["subject"]:
            replies.setdefault(row["subject"], row)
    context = {
        "unit": thing,
        "cases": [(case, replies.get(case.subject)) for case in cases],
        "may": access.allowed(person, "request.create", thing).allowed,
        "may_view": access.allowed(person, "request.view", thing).allowed,
        "figures": _figures(replies),
        "fresh": fresh,
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "requests.html.j2", context)


def _figures(replies: dict[str, dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in replies.values():
        found[row["status"]] = found.get(row["status"], 0) + 1
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, unit: str) -> HttpResponse:
    """Register a request, and enter its receipt at once."""
    thing = access.unit_of(request, unit, "request.create")
    problems = FormProblems()
    values = {
        name: request.POST.get(name, "").strip()[:_MOST]
        for name in ("channel", "received", "applicant", "contact", "wanted", "sort")
    }
    channels, sorts = _values("channel"), _values("applicant")
    if request.method == "POST":
        received = _day(values["received"], problems)
        if values["channel"] not in dict(channels):
            problems.add("channel", "选申请是怎么来的。")
        if values["sort"] and values["sort"] not in dict(sorts):
            problems.add("sort", "从列出的里面选。")
        if not values["wanted"]:
            problems.add("wanted", "写申请要什么信息。")
        if not problems and received is not None:
            case, submission = register.register(
                access.who(request),
                unit,
                channel=values["channel"],
                received=received,
                applicant=values["applicant"][:200],
                contact=values["contact"],
                wanted=values["wanted"],
                sort=values["sort"],
            )
            note(request, case=case.subject)
            _settle(request, submission)
            return see_other(f"/u/{unit}/requests/{case.year}-{case.number}/")
    context = {"unit": thing, "problems": problems, "values": values, "channels": channels, "sorts": sorts}
    return render(request, "request_new.html.j2", context, status=422 if problems else 200)


def _values(attribute: str) -> list[tuple[str, str]]:
    """Return the values that an attribute can have, with what people call them."""
    return [(one.value, one.zh) for one in load_vocabulary().attributes[attribute].values]


def _day(text: str, problems: FormProblems) -> date | None:
    try:
        moment, _ = read_moment(text)
    except DateError:
        problems.add("received", "写收到的日期，例如 2023-7-14。")
        return None
    if moment.date() > now().date():
        problems.add("received", "这一天还没有到。")
    return moment.date()


def _settle(request: HttpRequest, submission: Submission) -> None:
    """Enter a step at once where its type is reviewed afterwards; else it waits for its review."""
    types = {row["type"] for row in submission.rows}
    if types <= current().settings.after_review:
        try:
            enter(states.enter_at_once(access.who(request), submission))
        except DamageError:
            return  # it is approved, and entered on the next occasion


@require_safe
def detail(request: HttpRequest, unit: str, year: int, number: int) -> HttpResponse:
    """Show one request: its clock, what may be done now, its documents, what happened."""
    case = access.case_of(request, unit, year, number)
    return _page(request, case)


def _page(request: HttpRequest, case: RequestCase, problems: FormProblems | None = None) -> HttpResponse:
    thing = access.unit_of(request, case.unit)
    state, fresh = _state(case)
    types = load_vocabulary().types
    may = access.allowed(access.who(request), "request.step", case).allowed
    had = {one["type"] for one in state.events} if state else set()
    context = {
        "unit": thing,
        "case": case,
        "state": state,
        "fresh": fresh,
        "steps": [types[one.name] for one in register.possible_steps(state.events)] if state and may else [],
        "may": may,
        "waiting": list(register.steps_under_way(case)),
        "documents": case.documents.order_by("pk"),
        "timeline": _timeline(state),
        "confirm": case.channel in register.NEEDS_CONFIRMATION and "request.confirmed" not in had,
        "stages": _stages(had),
        "signs": SIGNS,
        "statuses": STATUS,
        "problems": problems or FormProblems(),
    }
    note(request, case=case.subject)
    return render(request, "request.html.j2", context, status=422 if problems else 200)


def _state(case: RequestCase) -> tuple[RequestState | None, bool]:
    snapshot, fresh = LIVE.for_unit(case.unit)
    return (None if snapshot is None else request_state(snapshot, case.unit, case.subject)), fresh


def _timeline(state: RequestState | None) -> list[tuple[str, str]]:
    types = load_vocabulary().types
    events = () if state is None else state.events
    return [(str(one["occurred_at"].date()), types[one["type"]].label.zh) for one in events]


def _stages(had: set[str]) -> list[tuple[str, bool]]:
    """Return the stages that the file has to show, and which it does."""
    known = {
        "登记": "request.received" in had,
        "审核": "request.received" in had,
        "办理": bool(
            had & {"request.answered", "request.third_party_asked", "request.organ_asked", "request.correction_asked"}
        ),
        "答复": "request.answered" in had,
        "归档": "request.archived" in had,
    }
    return [(name, known[name]) for name in register.STAGES]


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, unit: str, year: int, number: int, step: str) -> HttpResponse:
    """Take a step of a request: a submission, entered at once or after review."""
    case = access.case_of(request, unit, year, number, "request.step")
    thing = access.unit_of(request, unit, "submission.create")
    state, _ = _state(case)
    events = () if state is None else state.events
    if step not in {one.name for one in register.possible_steps(events)}:
        raise Http404
    kind = load_vocabulary().types[step]
    row, problems = row_from(request.POST, kind), FormProblems()
    if request.method == "POST":
        row = request_limits.with_fee({**row, "subject": case.subject})
        row.pop("corrects", None)
        row.pop("retracts", None)
        trial = Submission(unit=unit, number=0, rows=[row])
        problems = problems_by_field(understand(trial, now(), (), columns_of(kind)).problems, kind)
        for name, text in request_limits.objections(row, events):
            problems.add(name, text)
        if not problems:
            made = states.begin(access.who(request), unit, "request", [row], f"{kind.label.zh} {case.subject}")
            case.submissions.add(made)
            if step == "request.archived":
                case.archived_at = now()
                case.save(update_fields=["archived_at"])
            if step in current().settings.after_review:
                _settle(request, made)
                return see_other(f"/u/{unit}/requests/{year}-{number}/")
            return see_other(f"/u/{unit}/submissions/{made.number}/")
    fields = [(one, chosen(row, one)) for one in fields_of(kind) if one.name != "subject"]
    context = {
        "unit": thing,
        "kind": kind,
        "fields": fields,
        "problems": problems,
        "submission": None,
        "subjects": [],
        "told": request_limits.hint(case, step, events),
    }
    return render(request, "event_form.html.j2", context, status=422 if problems else 200)


@require_POST
def document(request: HttpRequest, unit: str, year: int, number: int) -> HttpResponse:
    """Add a document to a request; it stays in the database and the uploads, out of the ledger."""
    case = access.case_of(request, unit, year, number, "request.step")
    file, problems = request.FILES.get("file"), FormProblems()
    try:
        content = b"" if file is None else file.read()
        if not content:
            problems.add("file", "选一个文件。")
        else:
            kind = kind_of(content)
            add_document(case, clean_name((file.name if file else "") or ""), store(content), len(content), kind)
    except AttachmentError as error:
        problems.add("file", str(error))
    if problems:
        return _page(request, case, problems)
    return see_other(f"/u/{unit}/requests/{year}-{number}/")


@require_safe
def download(request: HttpRequest, unit: str, year: int, number: int, file: int) -> HttpResponse | FileResponse:
    """Return a document of a request."""
    case = access.case_of(request, unit, year, number)
    found = case.documents.filter(pk=file).first()
    if found is None or not path_of(found.sha256).exists():
        raise Http404
    note(request, case=case.subject, file=found.sha256)
    kind = KINDS.get(found.kind, "application/octet-stream")
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    content = path_of(found.sha256).open("rb")
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=kind, headers=headers)


@require_safe
def whole_file(request: HttpRequest, unit: str, year: int, number: int) -> HttpResponse:
    """Return the whole file of a request as a ZIP."""
    case = access.case_of(request, unit, year, number)
    state, _ = _state(case)
    note(request, case=case.subject)
    content = register.file_of(case, [f"{day} {what}" for day, what in _timeline(state)])
    headers = {"Content-Disposition": 'attachment; filename="file.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)
