"""Rulebooks that come with the product, from what an earlier process kept of them, their rules made and checked."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pydantic

import events
import rules
from events.problems import Text
from events.storage.compiled import cache_folder
from events.storage.ordinary import read_ordinary
from events.storage.values import KeptValues
from rules.book import Book, BookReadings, Clause, RuleReadings
from rules.loading.packaged import BOOKS, packaged_books
from rules.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from events.problems import Problem
    from events.vocabulary import Vocabulary
    from rules.loading.draft import BookDraft
    from rules.loading.resolved import LoadedRule
    from rules.model import Rule

    Kinds: TypeAlias = tuple[type[Rule], ...]


def packaged_book(
    folder: Path, kinds: Sequence[type[Rule]], vocabulary: Vocabulary | None
) -> tuple[BookReadings | None, tuple[Problem, ...]]:
    """Read a rulebook that comes with the product; which units there are does not matter to it.

    Args:
        folder: its folder, in `BOOKS`.
        kinds: the models of the kinds of rule.
        vocabulary: the event types that rules may name, to check them.

    Returns:
        The book in all its readings, None where it is unusable, and everything that is wrong with it.
    """
    asked = tuple(kinds)
    made_of = _made_of(folder, asked, vocabulary)
    if made_of is not None:
        try:
            return _recalled(asked, made_of), ()
        except LookupError:
            pass
    from rules.loading.resolved import load_rules  # noqa: PLC0415 - what was kept needs nothing of it

    draft, found, problems = load_rules(folder, kinds, vocabulary)
    if draft is None:
        return None, problems
    book = in_readings(draft, found)
    if made_of is not None and not problems and _is_whole(draft) and made_of == _made_of(folder, asked, vocabulary):
        _values().keep(makers(asked), made_of, book)
    return book, problems


def in_readings(draft: BookDraft, found: Sequence[LoadedRule]) -> BookReadings:
    """Return a book as a run needs it, without the places of its files."""
    entry = draft.entry
    bare = Book(
        id=entry.id,
        title=entry.title.text(),
        document=entry.document,
        issued_on=entry.issued_on.isoformat(),
        in_force=entry.in_force,
        clauses=draft.clauses(),
        rules=(),
        readings={},
        source=draft.source,
        sha256=draft.sha256,
    )
    written = tuple(name for node in draft.rules if (name := node.text("id")) is not None)
    return BookReadings(bare, tuple(RuleReadings(one.readings, one.default) for one in found), written)


def _is_whole(draft: BookDraft) -> bool:
    """Say whether all that a book is made of is in the files that `_made_of` looks at."""
    base = draft.entry.extends
    return base is None or (base in packaged_books() and not (draft.folder / base).exists())


def _made_of(folder: Path, kinds: Kinds, vocabulary: Vocabulary | None) -> str | None:
    """Return what decides how a book is, besides the code; None where nothing is kept or a file cannot be read."""
    if cache_folder() is None or not all(map(_file, map(_module, kinds))):
        return None
    digest = hashlib.sha256()
    try:
        for path in sorted(path for path in BOOKS.glob("*/*") if path.is_file()):
            raw = read_ordinary(path)
            digest.update(f"{path.parent.name}/{path.name}:{len(raw)}:".encode())
            digest.update(raw)
    except OSError:  # who reads the book says what is wrong with it
        return None
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in kinds]
    words = None if vocabulary is None else vocabulary.sha256
    return json.dumps([folder.name, digest.hexdigest(), words, names, pydantic.VERSION])


@lru_cache(maxsize=8)
def _recalled(kinds: Kinds, made_of: str) -> BookReadings:
    """Return a book that was kept; a server asks for the same ones again and again.

    Raises:
        LookupError: nothing usable was kept.
    """
    book = _values().recall(makers(kinds), made_of)
    if isinstance(book, BookReadings):
        return book
    raise LookupError


def _values() -> KeptValues:
    """Return what reads and writes books: of the values that they are made of, and no others."""
    return KeptValues((BookReadings, RuleReadings, Book, Clause, Text, *_models(Model)))


def _models(base: type[Model]) -> Iterator[type[Model]]:
    """Go through the models that there are."""
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


@lru_cache(maxsize=8)
def makers(kinds: Kinds = ()) -> tuple[str, ...]:
    """Return the files of the modules that make what is kept of files of rules: books, or units where no kind is given.

    A module more only means that a change of it makes entries anew.
    """
    home, log = (Path(_file(package)).parent for package in (rules, events))
    own = (home, home / "loading", home / "yaml", log, log / "storage")
    folders = dict.fromkeys([*own, *(one for kind in kinds for one in kind.code)])
    found = sorted(str(path) for folder in folders for path in folder.glob("*.py"))
    return tuple(dict.fromkeys([__file__, *found, *(_file(_module(kind)) for kind in kinds)]))


def _module(kind: type[Rule]) -> ModuleType | None:
    return sys.modules.get(kind.__module__)


def _file(module: ModuleType | None) -> str:
    """Return the file of a module; nothing of one that was typed in."""
    return getattr(module, "__file__", None) or ""
