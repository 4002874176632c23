"""登记单、审核: what was submitted, what it would settle, and what may be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from events.ledger.damage import DamageError
from events.problems import Problem, Text, Where
from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.attachments import KINDS as FILE_KINDS
from gongkai.console.entry.attachments import path_of
from gongkai.console.entry.content import understand
from gongkai.console.entry.post import enter
from gongkai.console.entry.upload import upload_of
from gongkai.console.folder import current
from gongkai.console.live.thread import LIVE
from gongkai.console.live.trial import Trial, kept_trial, objections
from gongkai.console.models import Submission
from gongkai.console.models.submissions import DISCARDED, DRAFT, ENTERED, RETURNED, WAITING
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.errors import ConflictError
from gongkai.console.web.redirects import see_other
from reports.output.texts import SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from django.http import HttpRequest

_MOST_REASON = 1000
_SHOWN_ROWS = 200
STEP_NAMES = {
    "begin": "登记",
    "attach": "加附件",
    "at-once": "即时入账",
    "confirm": "事后审核",
    **{name: step.label for name, step in states.steps().items()},
}


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as the page shows it.

    Attributes:
        number: from 1.
        label: what sort of event it is.
        cells: label and value of each field.
        old: the entry that it replaces or withdraws, the same way.
        word: 更正, 撤回 or nothing.
    """

    number: int
    label: str
    cells: tuple[tuple[str, str], ...]
    old: tuple[tuple[str, str], ...]
    word: str


@require_safe
def listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the submissions of a unit that somebody may see, those that wait first."""
    thing = access.unit_of(request, unit)
    person = access.who(request)
    rows = access.visible(person, "submission.view", Submission).filter(unit=unit).select_related("author")
    mine = set(access.visible(person, "submission.approve", Submission).filter(unit=unit).values_list("pk", flat=True))
    waiting = list(rows.filter(state=WAITING).order_by("changed_at"))
    others = list(rows.exclude(state=WAITING).order_by("-changed_at")[:_SHOWN_ROWS])
    context = {"unit": thing, "rows": [*waiting, *others], "mine": mine}
    return render(request, "submissions.html.j2", context)


@require_safe
def detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Show a submission: its rows, what they would settle, its history, and the steps that are permitted now."""
    submission = access.submission_of(request, unit, number)
    return _page(request, submission)


def _page(request: HttpRequest, submission: Submission, message: str = "", status: int = 200) -> HttpResponse:
    person = access.who(request)
    problems, trial = _tried(submission)
    thing = access.UnitObject(submission.unit, unit_names().get(submission.unit, submission.unit))
    context = {
        "unit": thing,
        "submission": submission,
        "rows": _views(submission),
        "problems": problems,
        "trial": trial,
        "titles": _titles(),
        "steps": {one.name: one for one in states.permitted(person, submission)},
        "history": submission.steps.select_related("person").order_by("pk"),
        "files": submission.attachments.order_by("pk"),
        "digest": states.digest_of(submission),
        "message": message,
        "signs": SIGNS,
        "statuses": STATUS,
        "step_names": STEP_NAMES,
        "confirmable": _confirmable(request, submission),
        "own": access.allowed(person, "submission.edit", submission).allowed,
        "at_once": at_once(submission),
    }
    return render(request, "submission.html.j2", context, status=status)


def _titles() -> dict[tuple[str, str], str]:
    """Return what each rule asks, by book and id."""
    snapshot = LIVE.snapshot
    books = () if snapshot is None else snapshot.inputs.books
    return {(book.id, one.id): one.title.text().zh for book in books for one in book.rules}


def _confirmable(request: HttpRequest, submission: Submission) -> bool:
    """Say whether somebody may review what was entered at once."""
    pending = submission.after_review and submission.reviewed_at is None and submission.state == ENTERED
    return pending and access.allowed(access.who(request), "submission.approve", submission).allowed


def at_once(submission: Submission) -> bool:
    """Say whether a submission is entered first and reviewed afterwards."""
    types = {row.get("type") for row in submission.rows}
    plain = not any(row.get("corrects") or row.get("retracts") for row in submission.rows)
    return bool(types) and plain and types <= current().settings.after_review


def _tried(submission: Submission) -> tuple[tuple[Problem, ...], Trial | None]:
    """Return what is wrong with a submission, and what it would do; what is entered or discarded does nothing more."""
    if submission.state in {ENTERED, DISCARDED}:
        return (), None
    problems, table = _read(submission)
    snapshot, _ = LIVE.for_unit(submission.unit)
    if snapshot is None or table is None:
        return problems, None
    key = f"{submission.number}-{states.digest_of(submission)}"
    trial = kept_trial(snapshot, table, submission.unit, key)
    return (*problems, *trial.problems), trial


def _errors(submission: Submission) -> bool:
    """Say whether a submission cannot be entered; nothing is judged for it."""
    problems, table = _read(submission)
    snapshot = LIVE.snapshot
    if snapshot is not None and table is not None:
        problems = (*problems, *objections(snapshot, table, submission.unit))
    return any(one.severity == "error" for one in problems)


def _read(submission: Submission) -> tuple[tuple[Problem, ...], pa.Table | None]:
    """Return what is wrong with a submission by itself, and its events where they can be entered."""
    understood = understand(submission, now(), states.attachment_digests(submission))
    if not submission.rows:
        fact, cure = Text("没有要登记的行", "there is nothing to enter"), Text("改好台账再提交", "Mend the sheet first")
        return (Problem("no-rows", Where(str(submission)), fact, cure),), None
    if submission.kind == "workbook" and submission.state in {DRAFT, RETURNED}:
        read = upload_of(submission, now())
        if not read.usable:
            return read.problems, None
    return understood.problems, understood.table if understood.usable else None


def _views(submission: Submission) -> list[RowView]:
    """Return the rows as the page shows them, beside the entries that they replace."""
    wanted = {row.get("corrects") or row.get("retracts") for row in submission.rows} - {None}
    old: dict[str, Mapping[str, Any]] = {}
    if wanted:
        snapshot, _ = LIVE.for_unit(submission.unit)
        entries = () if snapshot is None else snapshot.entries(submission.unit)
        old = {one["id"]: one for one in entries if one["id"] in wanted}
    return [_view(number, row, old) for number, row in enumerate(submission.rows[:_SHOWN_ROWS], 1)]


def _view(number: int, row: Mapping[str, Any], old: Mapping[str, Mapping[str, Any]]) -> RowView:
    types = load_vocabulary().types
    kind = types.get(str(row.get("type", "")))
    target = row.get("corrects") or row.get("retracts")
    word = "更正" if row.get("corrects") else "撤回" if row.get("retracts") else ""
    earlier = old.get(str(target), {})
    return RowView(number, kind.label.zh if kind else str(row.get("type", "")), _cells(row), _cells(earlier), word)


def _cells(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return label and value of what a row says."""
    vocabulary = load_vocabulary()
    found = []
    for name in ("subject", "occurred_at", *sorted(key for key in row if key.startswith("data."))):
        value = row.get(name)
        if value in (None, "", []):
            continue
        known = vocabulary.attributes.get(name.removeprefix("data."))
        label = vocabulary.fields[name].label.zh if name in vocabulary.fields else known.label.zh if known else name
        found.append((label, _said(value, {} if known is None else {one.value: one.zh for one in known.values})))
    return tuple(found)


def _said(value: object, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    parts = value if isinstance(value, (list, tuple)) else str(value).split(";") if words else [value]
    named = {"true": "是", "false": "否", **words}
    return "；".join(named.get(str(one).strip(), str(one).strip()) for one in parts).removesuffix(" 00:00:00")


@require_POST
def submit(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Hand a draft in for review; what delays nothing in law is entered at once."""
    submission = access.submission_of(request, unit, number, "submission.submit")
    if submission.state not in {WAITING, ENTERED} and _errors(submission):
        return _page(request, submission, "有错误，改正后再提交。", 422)
    person = access.who(request)
    if not at_once(submission):
        states.take(person, submission, "submit")
        return see_other(f"/u/{unit}/submissions/{number}/")
    return _enter(request, states.enter_at_once(person, submission))


@require_POST
def recall(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Take a submission back before it is reviewed."""
    submission = access.submission_of(request, unit, number, "submission.edit")
    states.take(access.who(request), submission, "recall")
    return see_other(f"/u/{unit}/submissions/{number}/")


@require_POST
def discard(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Put a draft away for good."""
    submission = access.submission_of(request, unit, number, "submission.discard")
    states.take(access.who(request), submission, "discard")
    return see_other(f"/u/{unit}/submissions/")


@require_POST
def send_back(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Return a submission with a reason."""
    submission = access.submission_of(request, unit, number, "submission.return")
    reason = request.POST.get("reason", "").strip()[:_MOST_REASON]
    if not reason:
        return _page(request, submission, "退回要写明理由。", 422)
    states.take(access.who(request), submission, "return", reason=reason)
    return see_other(f"/u/{unit}/submissions/")


@require_POST
def approve(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Approve exactly what the page showed, and enter it."""
    submission = access.submission_of(request, unit, number, "submission.approve")
    person = access.who(request)
    if _confirmable(request, submission):
        states.confirm(person, submission)
        return see_other(f"/u/{unit}/submissions/{number}/")
    if submission.state == WAITING and _errors(submission):
        return _page(request, submission, "有错误，不能入账。请退回。", 422)
    approved = states.take(person, submission, "approve", digest=request.POST.get("digest", ""))
    return _enter(request, approved)


def _enter(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Enter an approved submission; where the ledger cannot be used now, it is entered on the next occasion."""
    note(request, digest=submission.digest)
    try:
        problems: Sequence[Problem] = enter(submission)
    except DamageError as error:
        return _page(request, submission, f"已审核，但账本现在不能写：{error.problem.line('zh')}", 503)
    if problems:
        submission.refresh_from_db()
        return _page(request, submission, "账本没有收，已经退回。", 409)
    return see_other(f"/u/{submission.unit}/submissions/{submission.number}/")


@require_safe
def attachment(request: HttpRequest, unit: str, number: int, file: int) -> HttpResponse | FileResponse:
    """Return a file of a submission."""
    submission = access.submission_of(request, unit, number)
    found = submission.attachments.filter(pk=file).first()
    if found is None:
        raise Http404
    note(request, file=found.sha256)
    try:
        content = path_of(found.sha256).open("rb")
    except OSError as error:
        message = "附件不在服务器上，请告诉管理员。"
        raise ConflictError(message) from error
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    kind = FILE_KINDS.get(found.kind, "application/octet-stream")
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=kind, headers=headers)
