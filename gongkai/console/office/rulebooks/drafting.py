"""A rulebook drafted from a document, finished clause by clause; nothing of it holds before it is approved."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from events.problems import Problem, Text, Where, has_errors
from events.storage.files import rewrite
from gongkai.console.folder import BOOKS, current
from gongkai.console.models import office_store as rows
from gongkai.console.models.proposals import P_APPROVED, P_PROPOSED
from gongkai.console.office.assessing import request_now
from gongkai.console.office.rulebooks.book_files import BOOK, WORDS, rule_files, text_of
from gongkai.console.registry import registry
from gongkai.console.web.errors import ConflictError
from gongkai.options import BookOptions
from gongkai.services.preview import preview
from gongkai.services.rulebooks.drafts import accept_rules, draft_book
from gongkai.services.rulebooks.rule_cases import run_book_cases, state_of_files
from gongkai.services.rulebooks.views import check_books
from rules.loading.packaged import packaged_books

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gongkai.services.preview import Preview
    from rules.units import Unit

ENDINGS = (".docx", ".pdf", ".html", ".xlsx", ".txt")
MOST = 500_000
HELD = "这本规则库在用、用过，或者等着批准，不能再改：先前的运行用的是它。要改，另起一个新版本。"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Problems = tuple[Problem, ...]


def names() -> tuple[str, ...]:
    """Return the ids of the county's own books."""
    found = (one.parent.name for one in (current().root / BOOKS).glob("*/book.yaml"))
    return tuple(sorted(one for one in found if _ID.fullmatch(one)))


def folder_of(name: str) -> Path | None:
    """Return the folder of one of the county's own books, None where there is none."""
    return current().root / BOOKS / name if name in names() else None


def held(name: str) -> bool:
    """Say whether a book is in force, was, or waits for approval: then nothing of it is changed any more.

    Runs name their books by the folder: what an earlier one was made with stays as it was.
    """
    asked = rows.proposals().filter(kind="books", state__in=[P_PROPOSED, P_APPROVED]).values_list("content", flat=True)
    if name in current().settings.books or any(name in (yaml.safe_load(one) or ()) for one in asked):
        return True
    return any(f"{BOOKS}/{name}" in one for one in rows.runs().values_list("arguments", flat=True))


def draft(name: str, file_name: str, content: bytes, like: str) -> Problems:
    """Draft a book from a document; return what is wrong where none was made.

    Args:
        name: the id of the new book.
        file_name: the name of the document; only its ending is looked at.
        content: the document.
        like: an earlier book whose rules are proposed again, or nothing.
    """
    ending = Path(file_name.lower()).suffix
    wrong = _unusable(name, ending, like)
    if wrong:
        return wrong
    place = current().root / BOOKS / name
    with tempfile.TemporaryDirectory() as work:
        notice = Path(work) / f"notice{ending}"
        notice.write_bytes(content)
        units = request_now().units
        made, problems = draft_book(notice, place, units, like=like or None, book=name)
    return tuple(one for one in problems if one.severity == "error") if made is None else ()


def _unusable(name: str, ending: str, like: str) -> Problems:
    where = Where("规则库")
    if not _ID.fullmatch(name) or name in packaged_books() or name in names():
        fact = Text(f"编号“{name}”不能用，或者已经有了", f"{name!r} cannot be used, or is there")
        return (Problem("bad-id", where, fact, Text("用小写字母、数字和连字符，例如 jiaxiang-2024", "a-z, 0-9, -")),)
    if ending not in ENDINGS:
        fact = Text(f"不读“{ending}”文件", f"{ending} is not read")
        return (Problem("bad-file", where, fact, Text(f"可用 {'、'.join(ENDINGS)}", f"Use {', '.join(ENDINGS)}")),)
    if like and like not in (*packaged_books(), *names()):
        fact = Text(f"没有规则库“{like}”", f"there is no rulebook {like!r}")
        return (Problem("unknown-book", where, fact, Text("从列表里选", "Choose one")),)
    return ()


def files_of(folder: Path) -> tuple[str, ...]:
    """Return the files of a book that can be changed as a whole."""
    return (*rule_files(folder), BOOK, WORDS)


def save(folder: Path, changes: Mapping[str, str]) -> Problems:
    """Replace files of a book; where it would have new errors, every file stays as it was, and the errors are returned.

    Args:
        folder: the book's folder.
        changes: the new text by the file's name in the folder; a file without any text goes.

    Raises:
        ConflictError: the book is in force, or waits for approval.
    """
    if held(folder.name):
        raise ConflictError(HELD)
    before = {_said(one) for one in checked(folder)}
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / folder.name
        shutil.copytree(folder, copy)
        _write(copy, changes)
        found = tuple(_shown(one, copy) for one in _looked(copy))
    errors = tuple(one for one in found if one.severity == "error" and _said(one) not in before)
    if not errors:
        _write(folder, changes)
    return errors


def _write(folder: Path, changes: Mapping[str, str]) -> None:
    """Write files, each whole or as it was."""
    for file, text in changes.items():
        path = folder / file
        if not text.strip():
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(exist_ok=True)
        rewrite(path, text.encode())


def _said(problem: Problem) -> tuple[str, str]:
    """Return what tells a problem from another, wherever its line has moved to."""
    return problem.code, problem.fact.zh


def _shown(problem: Problem, folder: Path) -> Problem:
    """Return a problem that names a file of the book, not a folder of the server."""
    file = problem.where.file.replace(f"{folder}/", "").replace(str(folder), folder.name)
    return replace(problem, where=replace(problem.where, file=file))


def accept(folder: Path, rules: tuple[str, ...]) -> Problems:
    """Take proposals over.

    Raises:
        ConflictError: the book is in force, or waits for approval.
    """
    if held(folder.name):
        raise ConflictError(HELD)
    _, problems = accept_rules(folder, rules, every=False)
    return tuple(_shown(one, folder) for one in problems if one.severity == "error")


_CHECKED: dict[Path, tuple[object, Problems]] = {}


def checked(folder: Path) -> Problems:
    """Return what `rules check` says of a book, with lines; asked again only where one of its files has changed."""
    state = state_of_files(_options(folder))
    known = _CHECKED.get(folder)
    if known is None or known[0] != state:
        known = _CHECKED[folder] = (state, tuple(_shown(one, folder) for one in _looked(folder)))
    return known[1]


def _looked(folder: Path) -> Problems:
    return check_books(_options(folder))


def _options(folder: Path) -> BookOptions:
    return BookOptions(books=(str(folder),), units=request_now().units)


def owing(owed_by: object) -> list[Unit]:
    """Return the units that owe a rule, by what its `owed_by` says; none where it names nobody."""
    said = owed_by if isinstance(owed_by, list) else [owed_by]
    known = registry()
    names = tuple(one for one in said if isinstance(one, str) and known.knows(one))
    return [known.unit(one) for one in known.members(names)] if names else []


def last_day(folder: Path) -> str:
    """Return the last day on which a book is in force, nothing where it does not say."""
    found = yaml.safe_load(text_of(folder, BOOK)) or {}
    period = found.get("in_force") if isinstance(found, dict) else None
    return str(period.get("to", "")) if isinstance(period, dict) else ""


Cases = list[tuple[str, str, tuple[str, ...]]]
"""Rule, name and faults of each case."""


def cases(folder: Path, rule: str | None = None) -> tuple[Cases, Problems]:
    """Return what became of each case of a book, or of one rule, and what is wrong."""
    tested, problems = run_book_cases(_options(folder), rule)
    found = [(one.rule, one.name, one.faults) for _, own in tested or () for one in own]
    return found, tuple(_shown(one, folder) for one in problems)


def looked_at(folder: Path, rule: str) -> tuple[Preview | None, Problems]:
    """Return what a rule comes to on the ledger as it is now."""
    found, problems = preview(rule, replace(request_now(), books=(str(folder),), readings=(), waivers=None))
    return found, tuple(_shown(one, folder) for one in problems) if has_errors(problems) else ()
