"""规则库: a document becomes a draft, the draft a book: the document on the left, the rules on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.console import access
from gongkai.console.entry.attachments import MOST_BYTES
from gongkai.console.office import drafting
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from reports.output.texts import SIGNS, STATUS
from rules.loading.draft import packaged_books

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from django.http import HttpRequest

    from events.problems import Problem


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show the county's own books, and draft one from a document."""
    person = access.require(request, "setting.view", access.COUNTY)
    wrong: Sequence[Problem] = ()
    message = ""
    if request.method == "POST":
        access.require(request, "setting.propose", access.COUNTY)
        file = request.FILES.get("file")
        name = request.POST.get("id", "").strip()[:64]
        if file is None or (file.size or 0) > MOST_BYTES:
            message = "选一个文件，20 MiB 以内。"
        else:
            wrong = drafting.draft(name, file.name or "", file.read(), request.POST.get("like", ""))
        if not wrong and not message:
            note(request, book=name)
            return see_other(f"/county/books/{name}/")
    context = {
        "books": [(one, drafting.held(one)) for one in drafting.names()],
        "packaged": packaged_books(),
        "may": access.allowed(person, "setting.propose", access.COUNTY).allowed,
        "wrong": wrong,
        "message": message,
        "values": {name: request.POST.get(name, "") for name in ("id", "like")},
    }
    return render(request, "office/books.html.j2", context, status=422 if wrong or message else 200)


def _folder(request: HttpRequest, book: str, action: str = "setting.view") -> Path:
    """Return the folder of a book; raises Http404 where there is none."""
    access.require(request, action, access.COUNTY)
    folder = drafting.folder_of(book)
    if folder is None:
        raise Http404
    return folder


@require_safe
def detail(request: HttpRequest, book: str) -> HttpResponse:
    """Show a book clause by clause, what `rules check` says, and its cases."""
    return _page(request, _folder(request, book), (), {})


def _page(request: HttpRequest, folder: Path, wrong: Sequence[Problem], texts: dict[str, str]) -> HttpResponse:
    person = access.who(request)
    blocks = list(drafting.blocks_of(drafting.text_of(folder, "rules.yaml")))
    clauses = drafting.clauses_of(folder)
    held = drafting.held(folder.name)
    tested, more = drafting.cases(folder) if "cases" in request.GET else ([], ())
    context = {
        "book": folder.name,
        "held": held,
        "may": not held and access.allowed(person, "setting.propose", access.COUNTY).allowed,
        "clauses": [(one, [block for block in blocks if block.clause == str(one.get("id"))]) for one in clauses],
        "left": sum(block.proposed for block in blocks),
        "files": [(file, texts.get(file, drafting.text_of(folder, file))) for file in drafting.FILES],
        "texts": texts,
        "wrong": wrong,
        "checked": drafting.checked(folder),
        "tested": tested,
        "asked": "cases" in request.GET,
        "more": more,
    }
    return render(request, "office/book.html.j2", context, status=422 if wrong else 200)


@require_POST
def save(request: HttpRequest, book: str) -> HttpResponse:
    """Replace one file of a book, or the lines of one rule; a book that would not load stays as it was."""
    folder = _folder(request, book, "setting.propose")
    file, rule = request.POST.get("file", "rules.yaml"), request.POST.get("rule", "")
    text = request.POST.get("text", "").replace("\r\n", "\n")[: drafting.MOST]
    if file not in drafting.FILES:
        raise Http404
    shown = {f"rule:{rule}" if rule else file: text}
    if rule:
        whole = drafting.with_block(drafting.text_of(folder, "rules.yaml"), rule, text)
        if whole is None:
            raise Http404
        file, text = "rules.yaml", whole
    wrong = drafting.save(folder, file, text)
    if wrong:
        return _page(request, folder, wrong, shown)
    note(request, book=book, file=file)
    return see_other(f"/county/books/{book}/")


@require_POST
def accept(request: HttpRequest, book: str) -> HttpResponse:
    """Take a proposed rule over."""
    folder = _folder(request, book, "setting.propose")
    wrong = drafting.accept(folder, tuple(request.POST.getlist("rule")))
    if wrong:
        return _page(request, folder, wrong, {})
    note(request, book=book, rule=" ".join(request.POST.getlist("rule"))[:200])
    return see_other(f"/county/books/{book}/")


@require_safe
def rule(request: HttpRequest, book: str, name: str) -> HttpResponse:
    """Show what a rule comes to on the ledger as it is now."""
    folder = _folder(request, book)
    found, wrong = drafting.looked_at(folder, name)
    if found is None and not wrong:
        raise Http404
    unknown = any(one.code == "unknown-rule" for one in wrong)
    if unknown:
        raise Http404
    context = {"book": book, "name": name, "found": found, "wrong": wrong, "signs": SIGNS, "statuses": STATUS}
    return render(request, "office/book_rule.html.j2", context)
