"""运行: an official run is asked for, watched, looked at, compared and published."""

from __future__ import annotations

import mimetypes
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engine.time.asof import AsOf
from events.problems import has_errors
from events.values.dates import DateError, read_moment
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.folder import current
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models.runs import PUBLISHED, RUN_STATES, TO_COUNTY, TO_UNITS, UNDER_WAY
from gongkai.console.office import door, runner, runs, scoring
from gongkai.console.web.auditing import note
from gongkai.console.web.errors import ConflictError
from gongkai.console.web.redirects import see_other
from gongkai.services.compare import compare_folders
from gongkai.services.outgoing.publish import publish_run
from reports.comparison.compare import GROUPS, input_lines, side_text
from reports.output.texts import SIGNS, STATUS
from reports.publication.files import PAGE_FILE, RECEIPT, WORKBOOK
from reports.publication.version import PublicationChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from gongkai.console.models import CountyRun
    from reports.comparison.compare import Comparison

PRESETS = (("mid-year", "年中评估"), ("annual", "年度评估"))
SHOWN = ("violated", "late", "unassessed", "pending", "waived", "met")
"""Statuses of the rows on a unit's page, what needs attention first."""
_MOST = 500
_LINES = 300
"""How many lines of a group a comparison shows; the command line writes them all."""
FRAME = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
)
"""The pages of a run stand alone, with their styles and scripts in them; they reach nothing of the console."""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the runs."""
    person = access.require(request, "county.view", access.COUNTY)
    may = access.allowed(person, "run.make", access.COUNTY).allowed
    return render(
        request, "office/runs.html.j2", {"runs": door.visible_runs(request), "may": may, "states": RUN_STATES}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask for a run; one that revises a published run has its as-of and a later known-by."""
    person = access.require(request, "run.make", access.COUNTY)
    problems = FormProblems()
    values = _values(request)
    if request.method == "POST":
        asked = _asked(request, values, problems)
        if asked is not None and not problems:
            made = runs.make(person, asked)
            note(request, run=made.number)
            runner.start()
            return see_other(f"/county/runs/{made.number}/")
    context = {
        "problems": problems,
        "values": values,
        "presets": PRESETS,
        "policies": list(runs.policies().items()),
        "earlier": [(str(one.number), str(one)) for one in runs.finished()],
        "published": [(str(one.number), str(one)) for one in runs.finished() if one.published],
    }
    return render(request, "office/run_new.html.j2", context, status=422 if problems else 200)


def _values(request: HttpRequest) -> dict[str, Any]:
    """Return what the form shows: what was sent, or what a revised run begins with."""
    if request.method == "POST":
        names = (
            "title", "as_of", "known_by", "period", "preset", "policy", "rectify_within", "readings", "revises",
        )  # fmt: skip
        values: dict[str, Any] = {name: request.POST.get(name, "").strip()[:_MOST] for name in names}
        return {**values, "previous": [one for one in request.POST.getlist("previous") if one]}
    values = {
        "title": "", "as_of": f"{now():%Y-%m-%d}", "known_by": "", "period": "", "preset": "",
        "policy": next(iter(runs.policies()), "") if current().settings.policy else "",
        "rectify_within": "10个工作日", "readings": "", "revises": "", "previous": [],
    }  # fmt: skip
    number = request.GET.get("revises", "")
    if number.isdigit():
        old = door.run_of(request, int(number))
        said = dict(zip(old.arguments[::2], old.arguments[1::2], strict=False))
        values |= {
            "title": f"{old.title}（复核后修订）"[:200],
            "as_of": old.as_of,
            "known_by": f"{now():%Y-%m-%d}",
            "period": said.get("--period", ""),
            "preset": said.get("--preset", ""),
            "policy": said.get("--policy", ""),
            "rectify_within": said.get("--rectify-within", ""),
            "revises": number,
            "previous": [
                value.rpartition("/")[2]
                for flag, value in zip(old.arguments[::2], old.arguments[1::2], strict=False)
                if flag == "--previous"
            ],
        }
    return values


def _asked(request: HttpRequest, values: Mapping[str, Any], problems: FormProblems) -> runs.AskedRun | None:
    """Return what was asked for, None where that is not usable."""
    revises = door.run_of(request, int(values["revises"])) if values["revises"].isdigit() else None
    if not values["title"]:
        problems.add("title", "写上名称，例如 2023年年中评估。")
    if not values["as_of"] or runs.wrong_moment(values["as_of"]):
        problems.add("as_of", "截至日写成 2023-06-30，或者 2023-06-30T18:00。")
    if values["known_by"] and runs.wrong_moment(values["known_by"]):
        problems.add("known_by", "登记截止写成 2023-07-10，或者 2023-07-10T18:00。")
    if values["period"] and runs.wrong_period(values["period"]):
        problems.add("period", "时段写成 2023、2023-Q2，或者 2023-01-01/2023-06-30。")
    if values["preset"] and values["preset"] not in dict(PRESETS):
        problems.add("preset", "没有这个预设。")
    if values["policy"] and values["policy"] not in runs.policies():
        problems.add("policy", "没有这个评分办法。")
    if values["rectify_within"] and runs.wrong_duration(values["rectify_within"]):
        problems.add("rectify_within", "整改时限写成 10个工作日、15天，或者1个月。")
    _check_previous(values, problems)
    if revises is not None and not problems:
        _check_revision(values, revises, problems)
    if problems:
        return None
    readings = tuple(one.strip() for one in values["readings"].replace("；", ";").split(";") if one.strip())
    fields = {key: value for key, value in values.items() if key not in {"readings", "previous", "revises"}}
    return runs.AskedRun(
        **fields, readings=readings, previous=tuple(int(one) for one in values["previous"]), revises=revises
    )


def _check_previous(values: Mapping[str, Any], problems: FormProblems) -> None:
    """Earlier runs are done, and ask of earlier moments."""
    known = {str(one.number): one for one in runs.finished()}
    if not set(values["previous"]) <= set(known):
        problems.add("previous", "没有这次运行，或者还没有完成。")
        return
    if problems.of("as_of"):
        return
    moment = AsOf.parse(values["as_of"]).moment
    late = [known[one].title for one in values["previous"] if AsOf.parse(known[one].as_of).moment >= moment]
    if late:
        problems.add("previous", f"截至日不早于这一次的，不能作先前的运行：{'、'.join(late)}。")


def _check_revision(values: Mapping[str, Any], revises: CountyRun, problems: FormProblems) -> None:
    """A revised run asks of the same moment, with what was recorded later."""
    if not revises.published:
        problems.add("revises", "只有已公布的运行才修订。")
        return
    if values["as_of"] != revises.as_of:
        problems.add("as_of", f"修订的运行，截至日要和原来的一样：{revises.as_of}。")
    before = AsOf.parse(revises.known_by or revises.as_of).moment
    if AsOf.parse(values["known_by"] or values["as_of"]).moment <= before:
        problems.add("known_by", f"修订的运行，登记截止要晚于原来的{revises.known_by or revises.as_of}。")


@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a run: how far it is, its command, its figures, and what may be done with it."""
    access.require(request, "county.view", access.COUNTY)
    run = door.run_of(request, number)
    return _page(request, run, FormProblems())


def _page(request: HttpRequest, run: CountyRun, problems: FormProblems) -> HttpResponse:
    person = access.who(request)
    decision = access.allowed(person, "run.publish", run)
    context = {
        "run": run,
        "states": RUN_STATES,
        "progress": runner.progress_of(run),
        "command": runs.command(run),
        "may_publish": run.state == "done" and decision.allowed,
        "why_not": "" if decision.allowed else decision.reason,
        "may_cancel": run.state in UNDER_WAY and access.allowed(person, "run.cancel", run).allowed,
        "may_make": access.allowed(person, "run.make", access.COUNTY).allowed,
        "others": [one for one in runs.finished() if one.pk != run.pk],
        "public": (PAGE_FILE, WORKBOOK),
        "counts": [(status, run.statuses[status]) for status in _order(run.statuses)],
        "lists": scoring.lists_of(runs.folder_of(run)),
        "may_prepare": run.published and access.allowed(person, "notice.prepare", access.COUNTY).allowed,
        "signs": SIGNS,
        "statuses": STATUS,
        "problems": problems,
        "until": request.POST.get("until", ""),
    }
    return render(request, "office/run.html.j2", context, status=422 if problems else 200)


def _order(statuses: Mapping[str, int]) -> list[str]:
    """Return statuses in the order in which people look at them, what needs attention first."""
    return sorted(statuses, key=lambda one: (SHOWN.index(one) if one in SHOWN else len(SHOWN), one))


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish a run, by another person than its maker."""
    run = door.run_of(request, number, "run.publish")
    problems = FormProblems()
    audience, until = request.POST.get("audience", ""), request.POST.get("until", "").strip()
    if audience not in PUBLISHED:
        problems.add("audience", "选公布的范围。")
    day = None
    try:
        day = read_moment(until)[0].date() if until else None
    except DateError:
        problems.add("until", "异议截止日写成 2023-07-20。")
    if day is not None and day < now().date():
        problems.add("until", "异议截止日不能早于今天。")
    if problems:
        return _page(request, run, problems)
    runs.publish(access.who(request), run, audience, day)
    note(request, run=number, audience=audience)
    return see_other(f"/county/runs/{number}/")


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Take a run out of the queue, or end it while it runs."""
    run = door.run_of(request, number, "run.cancel")
    runner.cancel(access.who(request), run)
    note(request, run=number)
    return see_other(f"/county/runs/{number}/")


@require_safe
def file(request: HttpRequest, number: int, name: str) -> HttpResponse | FileResponse:
    """Return a file of a run; only names of its manifest lead to files."""
    run = door.run_of(request, number, "run.whole")
    if name not in run.files:
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    shown = kind in {"text/html", "text/css", "text/javascript", "image/svg+xml"}
    headers = {"Content-Security-Policy": FRAME}
    path = runs.folder_of(run) / name
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return FileResponse(
        path.open("rb"), as_attachment=not shown, filename=path.name, content_type=kind, headers=headers
    )


@require_safe
def public(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Return a file of the version for the public, made of a published run by the same service as the command line."""
    access.require(request, "county.view", access.COUNTY)
    run = door.run_of(request, number)
    if not run.published or name not in {PAGE_FILE, WORKBOOK, RECEIPT}:
        raise Http404
    with tempfile.TemporaryDirectory() as work:
        files, problems = publish_run(runs.folder_of(run), Path(work) / "out", PublicationChoice(), "zh")
        found = {} if files is None else {one.name: one.read_bytes() for one in files}
    if name not in found:
        raise ConflictError("；".join(one.fact.zh for one in problems if one.severity == "error"))
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Security-Policy": FRAME, "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found[name], content_type=kind, headers=headers)


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of a comparison."""

    unit: str
    clause: str
    title: str
    subject: str
    before: str
    after: str
    causes: tuple[str, ...]


@require_safe
def compare(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """Show what changed from an earlier run to this one, each change with its causes."""
    access.require(request, "county.view", access.COUNTY)
    after, before = door.run_of(request, number), door.run_of(request, other)
    comparison, problems = compare_folders(runs.folder_of(before), runs.folder_of(after))
    context = {
        "run": after,
        "other": before,
        "wrong": [one.line("zh") for one in problems] if has_errors(problems) else [],
        "groups": [] if comparison is None else _groups(comparison),
        "inputs": [] if comparison is None else [line.strip() for line in input_lines(comparison, "zh")],
    }
    return render(request, "office/run_compare.html.j2", context)


def _groups(comparison: Comparison) -> list[tuple[str, int, list[Changed]]]:
    """Return what changed, by group."""
    found = []
    for name, changes in comparison.groups.items():
        lines = [
            Changed(
                change.row["unit_name"],
                change.row["clause"],
                comparison.after.title(change.row),
                change.row["subject"] or "",
                side_text(change.before, "zh").replace("∅", "—"),
                side_text(change.after, "zh").replace("∅", "—"),
                tuple(dict.fromkeys(cause.text.zh for cause in causes)),
            )
            for change, causes in changes
        ]
        if lines:
            found.append((GROUPS[name].zh, len(lines), lines[:_LINES]))
    return found


@require_safe
def unit_listing(request: HttpRequest, unit: str) -> HttpResponse:
    """Show a unit the published runs."""
    thing = access.unit_of(request, unit)
    found = door.visible_runs(request).filter(state__in=[TO_UNITS, TO_COUNTY])
    return render(request, "office/unit_runs.html.j2", {"unit": thing, "runs": found, "year": now().year})


@require_safe
def unit_detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Show a unit its own verdicts in a published run."""
    thing = access.unit_of(request, unit)
    run = door.run_of(request, number)
    if not run.published:
        raise Http404
    person = access.who(request)
    found = runs.read(run)
    lines = [] if found is None else [row for row in found.rows.values() if row["unit"] == unit]
    order = {status: place for place, status in enumerate(SHOWN)}
    lines = sorted((row for row in lines if row["status"] in order), key=lambda row: order[row["status"]])
    context = {
        "unit": thing,
        "run": run,
        "rows": lines,
        "titles": {row["obligation"]: found.title(row) for row in lines} if found is not None else {},
        "whole": access.allowed(person, "run.whole", run).allowed,
        "signs": SIGNS,
        "statuses": STATUS,
        "may_object": access.allowed(person, "objection.draft", thing).allowed and _open(run),
    }
    return render(request, "office/unit_run.html.j2", context)


def _open(run: CountyRun) -> bool:
    """Say whether units may still object to a run."""
    return run.objections_until is None or now().date() <= run.objections_until
