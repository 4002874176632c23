"""A new version of a rulebook: begun as a copy, changed like a draft, and held beside the versions before it.

A version is a folder of its own and keeps the id that the book has for itself, so that obligations are the same from
one version to the next, and what an earlier run was made with stays where it was.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from gongkai.console.folder import BOOKS, current
from gongkai.console.office.assessing import request_now
from gongkai.console.office.proposing import book_id, books_at_hand
from gongkai.console.office.rulebooks import drafting
from gongkai.console.web.errors import ConflictError
from gongkai.services.rulebooks.views import compare_books
from rules.loading.packaged import find_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Problem
    from rules.diff import RuleDifference

_VERSION = re.compile(r"(?P<name>.+)-v(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class VersionDifferences:
    """What changed from one version of a book to another.

    Attributes:
        before: the earlier version.
        after: the later version.
        rules: the rules that differ; None where one of the versions cannot be used.
        problems: why.
    """

    before: str
    after: str
    rules: Sequence[RuleDifference] | None
    problems: Sequence[Problem]


def place_of(name: str) -> Path | None:
    """Return the folder of a book, the county's own or one that comes with the product; None where there is none."""
    if name not in books_at_hand():
        return None
    return drafting.folder_of(name) or find_book(name)[0]


def versions_of(name: str) -> tuple[str, ...]:
    """Return the other versions of a book, the earliest first."""
    own = book_id(name)
    return tuple(sorted((one for one in books_at_hand() if one != name and book_id(one) == own), key=_order))


def _order(name: str) -> tuple[str, int]:
    found = _VERSION.fullmatch(name)
    return (name, 1) if found is None else (found["name"], int(found["number"]))


def begin(name: str) -> str:
    """Begin a new version of a book, and return its name.

    Raises:
        ConflictError: there is a version already that is not in force yet.
    """
    source = place_of(name)
    if source is None:
        message = "没有这本规则库。"
        raise ConflictError(message)
    first = _order(name)[0]
    taken = [_order(one)[1] for one in (name, *versions_of(name)) if _order(one)[0] == first]
    open_ones = [one for one in versions_of(name) if one in drafting.names() and not drafting.held(one)]
    if open_ones:
        message = f"新版本“{open_ones[-1]}”还没有定，接着改它。"
        raise ConflictError(message)
    made = f"{first}-v{max(taken) + 1}"
    place = current().root / BOOKS / made
    part = place.with_name(f".{made}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(exist_ok=True)
    shutil.copytree(source, part, ignore=shutil.ignore_patterns("__pycache__", ".*", "review.html"))
    part.replace(place)
    return made


def before(name: str) -> str | None:
    """Return the version that a book is compared with at first: the one in force, else the one before it."""
    others = versions_of(name)
    in_force = [one for one in others if one in current().settings.books]
    earlier = [one for one in others if _order(one) < _order(name)]
    return next(iter([*in_force, *reversed(earlier)]), None)


def changed_by(content: str) -> tuple[tuple[str, str], ...]:
    """Return the books of a proposal that have another version, each with the one that it is compared with."""
    try:
        found = yaml.safe_load(content)
    except yaml.YAMLError:
        return ()
    names = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
    named = [one for one in names if one in drafting.names()]
    return tuple((one, earlier) for one in named if (earlier := before(one)) is not None)


def difference(earlier: str, later: str) -> VersionDifferences:
    """Return what changed from one version to another, as `rules diff` says it."""
    one, other = place_of(earlier), place_of(later)
    if one is None or other is None:
        return VersionDifferences(earlier, later, None, ())
    found, problems = compare_books(str(one), str(other), request_now().units)
    return VersionDifferences(earlier, later, found, [one for one in problems if one.severity == "error"])
