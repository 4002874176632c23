"""规则库: a document becomes a draft, the draft a book: the document on the left, the rules on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.console import access
from gongkai.console.entry.attachments import MOST_BYTES
from gongkai.console.folder import current
from gongkai.console.forms.rule_fields import form_words
from gongkai.console.forms.rule_form import TO_DECIDE
from gongkai.console.office.rulebooks import book_files, drafting, rule_writing, versions
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from rules.loading.packaged import packaged_books

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from django.http import HttpRequest

    from events.problems import Problem

SORTS = {"added": "新增", "dropped": "删去", "changed": "改动"}
LABELS = {
    "title": "标题", "quote": "引文", "owed_by": "承担单位", "modality": "要求", "kind": "类型", "period": "时段",
    "clause": "条款", "note": "说明", "basis": "依据", "duty": "同一义务", "status": "状态", "open": "待定",
}  # fmt: skip
"""What pages call the keys that every rule has."""


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
        "in_force": current().settings.books,
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
    blocks = book_files.blocks(folder)
    clauses = book_files.clauses_of(folder)
    held = drafting.held(folder.name)
    tested, more = drafting.cases(folder) if "cases" in request.GET else ([], ())
    named = {str(one.get("id")) for one in clauses}
    others = versions.versions_of(folder.name)
    context = {
        "book": folder.name,
        "held": held,
        "may": not held and access.allowed(person, "setting.propose", access.COUNTY).allowed,
        "may_begin": held and access.allowed(person, "setting.propose", access.COUNTY).allowed,
        "versions": others,
        "before": versions.before(folder.name),
        "clauses": [(one, [block for block in blocks if block.clause == str(one.get("id"))]) for one in clauses],
        "inherited": [one for one in blocks if one.clause not in named],
        "kinds": form_words()["kinds"],
        "left": sum(block.proposed for block in blocks),
        "files": [(file, texts.get(file, book_files.text_of(folder, file))) for file in drafting.files_of(folder)],
        "texts": texts,
        "wrong": wrong,
        "checked": [(one, _rule_at(blocks, one)) for one in drafting.checked(folder) if one.code != TO_DECIDE],
        "told": {block.id: rule_writing.told(folder, block) for block in blocks if block.open},
        "tested": tested,
        "asked": "cases" in request.GET,
        "more": more,
    }
    return render(request, "office/book.html.j2", context, status=422 if wrong else 200)


def _rule_at(blocks: Sequence[book_files.PageBlock], problem: Problem) -> str:
    """Return the rule that a problem is about, nothing where it is about another part of the book."""
    found = (
        one.id for one in blocks if problem.where.file.endswith(one.file) and one.key_at(problem.where.line) is not None
    )
    return next(found, "")


@require_POST
def save(request: HttpRequest, book: str) -> HttpResponse:
    """Replace one file of a book; one that would have new errors stays as it was."""
    folder = _folder(request, book, "setting.propose")
    file = request.POST.get("file", book_files.RULES)
    text = request.POST.get("text", "").replace("\r\n", "\n")[: drafting.MOST]
    if file not in drafting.files_of(folder):
        raise Http404
    wrong = drafting.save(folder, {file: text if text.strip() or file == book_files.WORDS else "rules: []\n"})
    if wrong:
        return _page(request, folder, wrong, {file: text})
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
    back = request.POST.get("back", "")
    return see_other(f"/county/books/{book}/" + (f"rules/{back}" if back in request.POST.getlist("rule") else ""))


@require_POST
def version(request: HttpRequest, book: str) -> HttpResponse:
    """Begin a new version of a book that is in force."""
    access.require(request, "setting.propose", access.COUNTY)
    if versions.place_of(book) is None:
        raise Http404
    made = versions.begin(book)
    note(request, book=made, of=book)
    return see_other(f"/county/books/{made}/")


@require_safe
def compare(request: HttpRequest, book: str, other: str) -> HttpResponse:
    """Show what changed from another version of a book to this one."""
    access.require(request, "setting.view", access.COUNTY)
    if other not in versions.versions_of(book) or versions.place_of(book) is None:
        raise Http404
    words = form_words()
    labels = {key: one["label"] for key, one in words["fields"].items()} | LABELS
    context = {"found": versions.difference(other, book), "labels": labels, "sorts": SORTS}
    return render(request, "office/book_compare.html.j2", context)
