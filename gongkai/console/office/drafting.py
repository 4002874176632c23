"""A rulebook drafted from a document, finished clause by clause; nothing of it holds before it is approved."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine.kinds import KINDS
from events.problems import Problem, Text, Where, has_errors
from events.vocabulary import load_vocabulary
from gongkai.console.folder import BOOKS, current
from gongkai.console.models import office_store as rows
from gongkai.console.models.proposals import P_PROPOSED
from gongkai.console.office.assessing import request_now
from gongkai.console.web.errors import ConflictError
from gongkai.options import BookOptions
from gongkai.services.preview import preview
from gongkai.services.rulebooks.drafts import accept_rules, draft_book
from gongkai.services.rulebooks.rule_cases import run_book_cases
from gongkai.services.rulebooks.views import check_books
from rules.load import load_books
from rules.loading.draft import packaged_books

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gongkai.services.preview import Preview

ENDINGS = (".docx", ".pdf", ".html", ".xlsx", ".txt")
FILES = ("rules.yaml", "book.yaml", "cases.yaml")
"""Files of a book that can be edited in the page; `cases.yaml` need not be there yet."""
MOST = 500_000
HELD = "这本规则库正在使用，或者等着批准，不能再改。另起一个编号重新拟。"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RULE = re.compile(r"^  - id: (?P<id>.+?)\s*$")
Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One rule as the file says it.

    Attributes:
        id: the rule.
        clause: its clause.
        proposed: whether nobody has taken it over.
        text: its lines.
        open: what is left to decide.
    """

    id: str
    clause: str
    proposed: bool
    text: str
    open: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Return the ids of the county's own books."""
    return tuple(sorted(one.parent.name for one in (current().root / BOOKS).glob("*/book.yaml")))


def folder_of(name: str) -> Path | None:
    """Return the folder of one of the county's own books, None where there is none."""
    return current().root / BOOKS / name if name in names() else None


def held(name: str) -> bool:
    """Say whether a book is in force or waits for approval: then nothing of it is changed any more."""
    waiting = rows.proposals().filter(kind="books", state=P_PROPOSED).values_list("content", flat=True)
    return name in current().settings.books or any(name in (yaml.safe_load(one) or ()) for one in waiting)


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


def text_of(folder: Path, file: str) -> str:
    """Return the text of one of a book's files, nothing where it is not there."""
    path = folder / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def clauses_of(folder: Path) -> list[Mapping[str, Any]]:
    """Return the clauses as the document has them."""
    found = yaml.safe_load(text_of(folder, "book.yaml")) or {}
    clauses = found.get("clauses", []) if isinstance(found, dict) else []
    return [one for one in clauses if isinstance(one, dict)]


def blocks_of(text: str) -> Iterator[PageBlock]:
    """Yield the rules of a file, each with its own lines."""
    lines = text.splitlines()
    at = [number for number, line in enumerate(lines) if _RULE.match(line)]
    for start in at:
        end = start + 1
        while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
            end += 1
        own = "\n".join(lines[start:end]).rstrip() + "\n"
        try:
            [said] = yaml.safe_load(own)
            yield PageBlock(
                str(said["id"]),
                str(said.get("clause", "")),
                said.get("status") == "proposed",
                own,
                tuple(map(str, said.get("open", ()))),
            )
        except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError):
            continue


def with_block(text: str, rule: str, block: str) -> str | None:
    """Return a file of rules with the lines of one rule replaced, None where it has no such rule."""
    old = next((one for one in blocks_of(text) if one.id == rule), None)
    if old is None:
        return None
    new = block.strip("\n").rstrip() + "\n"
    return text.replace(old.text, new, 1) if block.strip() else text.replace(old.text, "", 1)


def save(folder: Path, file: str, text: str) -> Problems:
    """Replace one file of a book; where the book could not be loaded then, it stays as it was.

    Raises:
        ConflictError: the book is in force, or waits for approval.
    """
    if held(folder.name):
        raise ConflictError(HELD)
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / folder.name
        shutil.copytree(folder, copy)
        (copy / file).write_text(text, encoding="utf-8", newline="\n")
        _, problems = load_books([copy], KINDS, vocabulary=load_vocabulary(), with_proposals=True)
        errors = tuple(_shown(one, copy) for one in problems if one.severity == "error")
    if errors:
        return errors
    part = folder / f".{file}.part"
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(folder / file)
    return ()


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


def checked(folder: Path) -> Problems:
    """Return what `rules check` says of a book, with lines."""
    options = BookOptions(books=(str(folder),), units=request_now().units)
    return tuple(_shown(one, folder) for one in check_books(options))


def cases(folder: Path) -> tuple[list[tuple[str, str, tuple[str, ...]]], Problems]:
    """Return rule, name and faults of each case of a book, and what is wrong."""
    options = BookOptions(books=(str(folder),), units=request_now().units)
    tested, problems = run_book_cases(options)
    found = [(one.rule, one.name, one.faults) for _, own in tested or () for one in own]
    return found, tuple(_shown(one, folder) for one in problems)


def looked_at(folder: Path, rule: str) -> tuple[Preview | None, Problems]:
    """Return what a rule comes to on the ledger as it is now."""
    found, problems = preview(rule, replace(request_now(), books=(str(folder),), readings=(), waivers=None))
    return found, tuple(_shown(one, folder) for one in problems) if has_errors(problems) else ()
