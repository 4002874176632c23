"""Rulebooks drafted from documents, and proposals that somebody takes over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.kinds import KINDS
from events.problems import Problem, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from events.storage.files import rewrite
from events.storage.ordinary import read_ordinary
from events.vocabulary import load_vocabulary
from reports.output.folder import not_writable, write_folder
from reports.pages.draft_page import draft_page
from rules.drafting.accept import accepted
from rules.drafting.book_files import draft_files, summary
from rules.drafting.draft import draft_of
from rules.drafting.like import load_earlier
from rules.drafting.notice import read_notice
from rules.drafting.reading.files import read_document
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from events.problems import Lang

PAGE = "review.html"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Problems = tuple[Problem, ...]


def draft_book(
    notice: Path, out: Path, units: Path | None, *, like: str | None = None, book: str | None = None, lang: Lang = "zh"
) -> tuple[dict[str, Any] | None, Problems]:
    """Draft a rulebook from a document into a new folder; return its summary, and what a person has to look at.

    Args:
        notice: the document: docx, pdf, html, xlsx or txt.
        out: a folder that is not there yet, or is empty.
        units: the registry whose units own the rules; without, the document's own names make one.
        like: an earlier book whose rules of the same clauses are proposed.
        book: the book's id; the folder's name without.
        lang: language of the page.
    """
    problems = _place(out)
    registry, wrong = load_registry(units) if units is not None else (None, ())
    problems += wrong
    earlier, wrong = load_earlier(like) if like is not None else (None, ())
    problems += wrong
    document = read_document(notice)
    problems += document.problems
    if has_errors(problems):
        return None, sort_problems(problems)
    read = read_notice(document, notice.name)
    problems = [*problems, *read.problems]
    if not read.clauses:
        return None, sort_problems(problems)
    name = book or (out.name if _ID.fullmatch(out.name) else f"notice-{read.year}")
    if not _ID.fullmatch(name):
        problems.append(_bad_id(name))
        return None, sort_problems(problems)
    draft = draft_of(read, load_vocabulary(), registry, earlier)
    files = {**draft_files(draft, name), PAGE: draft_page(draft, name, lang)}

    def fill(folder: Path) -> None:
        for file, text in files.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8", newline="\n")

    problems += write_folder(out, fill)
    return summary(draft, name), sort_problems([*problems, *draft.owners.problems])


def _place(out: Path) -> list[Problem]:
    """Return a problem where the folder is there and has something: what somebody has finished is never replaced."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return []
    fact = Text(f"“{out}”已经有内容", f"{out} is there and not empty")
    cure = Text(
        "换一个新文件夹：里面可能有核对过的规则", "Name a new folder: it may hold rules that somebody has finished"
    )
    return [Problem("not-empty", Where("--out"), fact, cure, str(out))]


def _bad_id(name: str) -> Problem:
    fact = Text(f"“{name}”不能作规则库的编号", f"{name!r} cannot be a book's id")
    cure = Text("用小写字母、数字和连字符，例如 jiaxiang-2024", "Use lower-case letters, digits and hyphens")
    return Problem("bad-option", Where("--id"), fact, cure, name)


def draft_lines(found: dict[str, Any], out: Path, lang: Lang) -> tuple[str, ...]:
    """Return what was drafted, in a few lines."""
    numbers = found["numbers"]
    left = numbers["left"] + numbers["unproposed"]
    return tuple(
        text.in_(lang)
        for text in (
            Text(
                f"{found['title']}：{found['clauses']}个条款，拟出{found['proposals']}条规则，待定{found['to_decide']}处",
                f"{found['title']}: {found['clauses']} clauses, {found['proposals']} proposed rules, "
                f"{found['to_decide']} things to decide",
            ),
            Text(
                f"条款里有{numbers['numbers']}个数：{numbers['proposed']}个在拟议的规则里，"
                f"{numbers['names']}个是名称的一部分，{left}个没有读懂",
                f"{numbers['numbers']} numbers: {numbers['proposed']} in proposals, {numbers['names']} parts of names, "
                f"{left} not understood",
            ),
            Text(
                f"核对：{out / PAGE}，规则：{out / 'rules.yaml'}", f"Review: {out / PAGE}; rules: {out / 'rules.yaml'}"
            ),
        )
    )


def accept_rules(folder: Path, names: Sequence[str], *, every: bool) -> tuple[tuple[str, ...], Problems]:
    """Take proposals over in a drafted book's rule files; a book that would not load then is left as it was.

    Args:
        folder: the book's folder.
        names: the rules to take over.
        every: all of them.
    """
    problems = _unasked(names, every=every)
    raw: dict[Path, bytes] = {}
    for file in sorted(folder.glob("*.yaml")) if not problems else ():
        if file.name != "book.yaml":
            raw[file] = read_ordinary(file)
    texts = {file: one.decode("utf-8-sig", "surrogateescape") for file, one in raw.items()}
    changed = {file: accepted(text, None if every else names) for file, text in texts.items()}
    taken = tuple(name for _, found in changed.values() for name in found)
    if problems or not (folder / "book.yaml").is_file():
        return (), tuple(problems or [_no_book(folder)])
    left = {name for file, text in texts.items() for name in accepted(text, None)[1]}
    problems += [_unknown(name, left) for name in names if name not in taken]
    if problems:
        return (), sort_problems(problems)
    try:
        _replace({file: text.encode("utf-8", "surrogateescape") for file, (text, found) in changed.items() if found})
        _, wrong = load_books([folder], KINDS, vocabulary=load_vocabulary(), with_proposals=True)
        if has_errors(wrong):
            _replace({file: raw[file] for file, (_, found) in changed.items() if found})
            return (), wrong
    except OSError as error:
        return (), (not_writable(folder, error),)
    return taken, ()


def _replace(contents: Mapping[Path, bytes]) -> None:
    """Write rule files anew, each whole or as it was: it is these that the command is asked to edit."""
    for file, content in contents.items():
        rewrite(file, content)


def _unasked(names: Sequence[str], *, every: bool) -> list[Problem]:
    if names or every:
        return []
    fact = Text("没有写要定下哪些规则", "no rule is named")
    cure = Text("写上规则编号，或者用 --all", "Name rules, or give --all")
    return [Problem("bad-option", Where("rules accept"), fact, cure)]


def _no_book(folder: Path) -> Problem:
    fact = Text(f"“{folder}”不是规则库的文件夹", f"{folder} is no rulebook's folder")
    cure = Text("写上 rules draft 写出的文件夹", "Name the folder that rules draft wrote")
    return Problem("unknown-book", Where(str(folder)), fact, cure)


def _unknown(name: str, known: set[str]) -> Problem:
    fact = Text(f"没有拟议的规则“{name}”", f"there is no proposed rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("编号见 rules.yaml", "The ids are in rules.yaml"))
    return Problem("unknown-rule", Where("rules accept"), fact, cure, name)
