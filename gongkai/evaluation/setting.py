"""The setting of evaluations, which can be kept while logs and moments change: books, units, calendar and so on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.evaluate import Waiver, calendar_span
from engine.kinds import KINDS
from engine.time.calendar import china_calendar
from events.problems import Problem, Text, Where, sort_problems
from events.storage.ordinary import read_ordinary
from events.vocabulary import load_vocabulary
from gongkai.files.calendar import load_calendar_file
from gongkai.files.mapping import hash_of, load_mappings
from gongkai.files.waivers import load_waivers
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS
from gongkai.parsing import Gathering, parse_readings
from rules.lint.reachable import overlapping_books
from rules.load import find_book, load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.time.asof import AsOf
    from engine.time.calendar import Arrangement, Calendar
    from events.mapping import TableMapping
    from events.vocabulary import Vocabulary
    from gongkai.options import CalendarOptions, Request
    from rules.book import Book
    from rules.units import Registry

FILES = ("waivers", "calendar", "vocabulary")
"""The options that name a file of the setting; the receipt has the hash of each."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What logs are judged by, read and checked.

    Attributes:
        books: the rulebooks, their readings chosen.
        registry: the units.
        vocabulary: the words of the log: those of the product, the books and the county.
        mapping: how other layouts of a log are read.
        waivers: exemptions.
        closures: the county's own closures, with their reasons.
        arrangements: arrangements of later years, by year.
        hashes: hashes of the optional files, by what they are.
    """

    books: tuple[Book, ...]
    registry: Registry
    vocabulary: Vocabulary
    mapping: Sequence[TableMapping] | None
    waivers: tuple[Waiver, ...]
    closures: Mapping[date, str]
    arrangements: Mapping[int, Arrangement]
    hashes: Mapping[str, str]

    def calendar(self, as_of: AsOf) -> Calendar:
        """Return the working days that an evaluation as of a moment needs."""
        first, last = calendar_span(self.books, as_of)
        return china_calendar(first, last, closures=self.closures, extra=self.arrangements)


def load_setting(request: Request) -> tuple[Setting | None, tuple[Problem, ...]]:
    """Read everything of a request but its log and its moment.

    Returns:
        The setting, None where there is no registry to go by; with an error among the problems it is not usable, and
        good for nothing but finding more of them.
    """
    gathering = Gathering()
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    gathering.problems += problems
    if registry is None:
        return None, sort_problems(gathering.problems)
    gathering.problems += use_words(request.books, request.vocabulary)
    books = _books(request, registry, gathering)
    waivers, problems = load_waivers(request.waivers, registry, books)
    gathering.problems += problems
    mapping, problems = load_mappings(request.mapping, registry)
    gathering.problems += problems
    closures, arrangements = closures_of(request, gathering)
    hashes = _hashes(request)
    setting = Setting(books, registry, load_vocabulary(), mapping, tuple(waivers), closures, arrangements, hashes)
    return setting, sort_problems(gathering.problems)


def setting_hash(request: Request) -> str:
    """Return the hash of everything that a setting is read from: while it is the same, so is the setting.

    A file or folder that cannot be read counts as one that is not there; reading the setting then says what is wrong.
    """
    folders = {name: folder for name in request.books if (folder := find_book(name)[0]) is not None}
    paths = [request.units or DEFAULT_UNITS, *(getattr(request, name) for name in FILES), *request.mapping]
    said = {
        "books": [(name, _folder_hash(folders.get(name))) for name in request.books],
        "readings": list(request.readings),
        "files": [None if path is None else _file_hash(path) for path in paths],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _folder_hash(folder: Path | None) -> list[tuple[str, str | None]]:
    """Return the hash of each file of a rulebook."""
    files = sorted(one for one in Path(folder).rglob("*") if one.is_file()) if folder is not None else []
    return [(one.relative_to(folder or one).as_posix(), _file_hash(one)) for one in files]


def _file_hash(path: Path) -> str | None:
    """Return the hash of a file, None where it cannot be read."""
    try:
        return hashlib.sha256(read_ordinary(path)).hexdigest()
    except OSError:
        return None


def _books(request: Request, registry: Registry, gathering: Gathering) -> tuple[Book, ...]:
    """Return the rulebooks asked for, their readings chosen."""
    readings = parse_readings(request.readings, gathering)
    names = tuple(dict.fromkeys(request.books))
    books, problems = load_books(
        names,
        KINDS,
        readings=readings,
        vocabulary=load_vocabulary(),
        registry=registry,
        with_proposals=request.with_proposals,
    )
    gathering.problems += [*problems, *overlapping_books(books, Where("--book"))]
    if request.units is not None:
        gathering.problems += _unowed(books, registry, request.units)
    return books


def _unowed(books: Sequence[Book], registry: Registry, units: Path) -> list[Problem]:
    """Return a warning for each book that names units which the registry lacks, each of them told once."""
    found = []
    for book in books:
        missing = Counter(name for rule in book.rules for name in rule.owed_by if not registry.knows(name))
        if missing:
            shown = "、".join(f"{name}（{count}条）" for name, count in sorted(missing.items()))
            fact = Text(
                f"规则库 {book.id} 的{len(missing)}个责任单位不在这份名录里，它们的规则无人承担：{shown}",
                f"{len(missing)} units that owe rules of {book.id} are not in this registry: {shown}",
            )
            cure = Text(
                "不需要处理，或者在名录里补上这些单位和组", "Leave it, or add these units and groups to the registry"
            )
            found.append(Problem("owed-by-nobody", Where(str(units)), fact, cure, book.id, severity="warning"))
    return found


def closures_of(options: CalendarOptions, gathering: Gathering) -> tuple[Mapping[date, str], Mapping[int, Arrangement]]:
    """Return the county's own closures, and arrangements of later years."""
    if options.calendar is None:
        return {}, {}
    file = load_calendar_file(options.calendar)
    gathering.problems += file.problems
    return file.closures, file.arrangements


def _hashes(request: Request) -> dict[str, str]:
    """Return the hashes of the optional files, by what they are."""
    paths = {name: getattr(request, name) for name in FILES}
    hashes = {name: _file_hash(path) for name, path in paths.items() if path is not None}
    hashes["mapping"] = hash_of(request.mapping)
    return {name: digest for name, digest in hashes.items() if digest is not None}
