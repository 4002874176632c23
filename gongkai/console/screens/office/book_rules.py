"""One rule of a drafted rulebook: the clause beside its form, what it comes to on the ledger, and its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.console import access
from gongkai.console.forms.problems import FormProblems
from gongkai.console.forms.rule_fields import fields_of_kind, form_words
from gongkai.console.forms.rule_form import parts_of, problems_of_rule, said_of, values_from, values_of
from gongkai.console.office.rulebooks import book_files, drafting, rule_writing
from gongkai.console.registry import registry
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from gongkai.services.rulebooks.new_rule import Wanted
from reports.output.texts import SIGNS, STATUS
from rules.templates.template import templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from django.http import HttpRequest

    from events.problems import Problem
    from gongkai.console.forms.rule_form import RuleValues
    from gongkai.console.office.rulebooks.book_files import PageBlock

_SHOWN = 100
_WIDE = 400


def _folder(request: HttpRequest, book: str, action: str) -> Path:
    """Return the folder of a book; raises Http404 where there is none."""
    access.require(request, action, access.COUNTY)
    folder = drafting.folder_of(book)
    if folder is None:
        raise Http404
    return folder


def _block(folder: Path, rule: str) -> PageBlock:
    found = book_files.block_of(folder, rule)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, book: str, name: str) -> HttpResponse:
    """Show a rule as a form and as YAML, and keep what the form says; what is wrong stands beside its field."""
    folder = _folder(request, book, "setting.propose" if request.method == "POST" else "setting.view")
    block = _block(folder, name)
    if request.method != "POST":
        values = values_of(block.said)
        problems, _ = problems_of_rule(drafting.checked(folder), block, values)
        return _page(request, (folder, block), values, problems, (), status=200)
    values, problems = values_from(request.POST), FormProblems()
    if "switch" in request.POST:  # another kind has other fields; nothing is kept yet
        return _page(request, (folder, block), values, problems, (), status=200)
    said = said_of(values, block.said, problems)
    others: Sequence[Problem] = ()
    if not problems:
        made = rule_writing.lines_of(block, said)
        wrong = rule_writing.save_rule(folder, block, made.text)
        problems, others = problems_of_rule(wrong, made, values)
        if not wrong:
            note(request, book=book, rule=name)
            return _back(request, book, name)
    return _page(request, (folder, block), values, problems, others, status=422)


def _back(request: HttpRequest, book: str, name: str) -> HttpResponse:
    return see_other(f"/county/books/{book}/rules/{name}" + ("?try=yes#try" if "try" in request.POST else ""))


def _page(
    request: HttpRequest,
    place: tuple[Path, PageBlock],
    values: RuleValues,
    problems: FormProblems,
    others: Sequence[Problem],
    *,
    status: int,
    texts: Mapping[str, str] | None = None,
) -> HttpResponse:
    folder, block = place
    held = drafting.held(folder.name)
    clause = next((one for one in book_files.clauses_of(folder) if str(one.get("id")) == block.clause), {})
    tried = "try" in request.GET
    found, wrong = drafting.looked_at(folder, block.id) if tried else (None, ())
    tested, more = drafting.cases(folder, block.id) if tried else ([], ())
    context = {
        "book": folder.name,
        "block": block,
        "clause": clause,
        "parts": parts_of(str(clause.get("text", ""))),
        "values": values,
        "fields": fields_of_kind(values.kind),
        "words": form_words(),
        "events": _events(folder, block),
        "owners": _owners(),
        "told": rule_writing.told(folder, block),
        "owing": drafting.owing(block.said.get("owed_by")),
        "held": held,
        "may": not held and access.allowed(access.who(request), "setting.propose", access.COUNTY).allowed,
        "problems": problems if status != 200 else FormProblems(),  # noqa: PLR2004 (told beside the fields already)
        "beside": problems,
        "others": others,
        "tried": tried,
        "found": found,
        "rows": [] if found is None else found.rows[:_SHOWN],
        "wrong": (*wrong, *more),
        "tested": tested,
        "cases": (texts or {}).get("cases", rule_writing.cases_of(folder, block)),
        "text": (texts or {}).get("text", block.text),
        "signs": SIGNS,
        "statuses": STATUS,
    }
    return render(request, "office/book_rule.html.j2", context, status=status)


def _events(folder: Path, block: PageBlock) -> list[tuple[str, str]]:
    """Return the event types to choose from, those that the draft proposes first."""
    types = rule_writing.event_types(folder)
    proposed = block.said.get("candidates")
    first = [one for several in proposed.values() for one in several] if isinstance(proposed, dict) else []
    order = [*dict.fromkeys(one for one in first if one in types), *(one for one in types if one not in first)]
    return [(one, f"{types[one].label.zh}（{one}）" + ("，拟议" if one in first else "")) for one in order]


def _owners() -> list[tuple[str, str]]:
    """Return the groups and units that may owe a rule."""
    known, words = registry(), form_words()["groups"]
    groups = [one for one in known.groups if one not in words.values()]  # another group has this name on the page
    return [(one, words.get(one, one)) for one in groups] + [(one.name, one.name) for one in known.units]


@require_POST
def lines(request: HttpRequest, book: str, name: str) -> HttpResponse:
    """Replace the lines of a rule; without any, the rule and its cases go."""
    folder = _folder(request, book, "setting.propose")
    block = _block(folder, name)
    text = request.POST.get("text", "").replace("\r\n", "\n")[: drafting.MOST]
    wrong = rule_writing.save_rule(folder, block, text)
    if wrong:
        shown = {"text": text}
        return _page(request, (folder, block), values_of(block.said), FormProblems(), wrong, status=422, texts=shown)
    note(request, book=book, rule=name)
    ids = [one.id for one in book_files.blocks_of(text)]
    return _back(request, book, ids[0]) if ids else see_other(f"/county/books/{book}/")


@require_POST
def cases(request: HttpRequest, book: str, name: str) -> HttpResponse:
    """Replace the cases of a rule, and run them."""
    folder = _folder(request, book, "setting.propose")
    block = _block(folder, name)
    text = request.POST.get("text", "").replace("\r\n", "\n")[: drafting.MOST]
    wrong = drafting.save(folder, {rule_writing.case_file(name): text})
    if wrong:
        shown = {"cases": text}
        return _page(request, (folder, block), values_of(block.said), FormProblems(), wrong, status=422, texts=shown)
    note(request, book=book, rule=name, cases=len(text))
    return see_other(f"/county/books/{book}/rules/{name}?try=yes#try")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, book: str) -> HttpResponse:
    """Write a new rule of a clause from a template, with its cases, as `rules new` does."""
    folder = _folder(request, book, "setting.propose")
    said = request.POST if request.method == "POST" else request.GET
    clause = next((one for one in book_files.clauses_of(folder) if str(one.get("id")) == said.get("clause")), None)
    if clause is None:
        raise Http404
    chosen = next((one for one in templates() if one.name == said.get("template")), None)
    problems = FormProblems()
    if request.method == "POST" and chosen is not None:
        made, wrong = rule_writing.write(folder, _wanted(request, chosen.name, str(clause["id"])))
        if made is not None:
            note(request, book=book, rule=made.name)
            return see_other(f"/county/books/{book}/rules/{made.name}?try=yes#try")
        for one in wrong:
            _beside(one, problems, [slot.name for slot in chosen.slots])
    asked, stopped = ((), ()) if chosen is None else rule_writing.asked(folder, Wanted(chosen.name, str(clause["id"])))
    types = rule_writing.event_types(folder)
    context = {
        "book": book,
        "clause": clause,
        "templates": [(one.name, f"{one.title.zh}：{one.words}") for one in templates()],
        "chosen": chosen,
        "asked": [(one, said.get(one.name, one.value), one.value in types) for one in asked],
        "parts": parts_of(str(clause.get("text", ""))),
        "events": [(one, f"{found.label.zh}（{one}）") for one, found in types.items()],
        "owners": _owners(),
        "problems": problems,
        "stopped": [one for one in stopped if one.severity == "error"],
    }
    return render(request, "office/book_rule_new.html.j2", context, status=422 if problems else 200)


def _wanted(request: HttpRequest, template: str, clause: str) -> Wanted:
    """Return what was asked for; what is empty is left to the template."""
    head = {name: request.POST.get(name, "").strip()[:_WIDE] for name in ("name", "title", "quote", "quote_part")}
    known = {"csrfmiddlewaretoken", "clause", "template", "owed_by", "owed_by.other", *head}
    answers = [
        f"{name}={value.strip()[:_WIDE]}"
        for name, value in request.POST.items()
        if name not in known and isinstance(value, str) and value.strip()
    ]
    other = request.POST.get("owed_by.other", "").replace("；", "、").split("、")
    owners = [one.strip() for one in (*request.POST.getlist("owed_by"), *other) if one.strip()]
    return Wanted(
        template,
        clause,
        head["name"] or None,
        head["title"] or None,
        head["quote_part"] or head["quote"] or None,
        tuple(dict.fromkeys(owners)),
        tuple(answers),
    )


def _beside(problem: Problem, problems: FormProblems, slots: Sequence[str]) -> None:
    """Put a problem of a new rule beside the field that it is about."""
    place = problem.where.file.removeprefix("--").replace("-", "_")
    name = {"id": "name", "owed_by": "owed_by"}.get(place, "")
    codes = {"quote-not-in-clause": "quote", "unknown-event-type": "", "duplicate-id": "name"}
    name = name or codes.get(problem.code, "")
    if not name and problem.value:
        name = problem.value if problem.value in slots else ""
    problems.add(name, f"{problem.fact.zh}。{problem.cure.zh}")
