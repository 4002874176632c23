"""What an evaluation reads: rulebooks, registry, calendar and log, with everything that is wrong in them."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.evaluate import Waiver, calendar_span
from engine.kinds import KINDS
from engine.time.asof import AsOf, AsOfError
from engine.time.calendar import china_calendar
from events.problems import Problem, Text, Where, has_errors, sort_problems, suggestion
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.evaluation.unused_names import unheard
from gongkai.files.calendar import load_calendar_file
from gongkai.files.mapping import load_mapping
from gongkai.files.waivers import load_waivers
from rules.lint.reachable import overlapping_books
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from engine.time.calendar import Arrangement, Calendar
    from events.read import FileRead, LedgerRead
    from rules.book import Book
    from rules.units import Registry

DEFAULT_BOOK = "jinxiang-2023"
DEFAULT_UNITS = UNITS / "jinxiang.yaml"

NO_LOG = Problem(
    "no-log",
    Where("--events"),
    Text("没有给出台账文件", "no event file is given"),
    Text("写上文件或者文件夹，例如 --events 台账.xlsx", "Name files or folders, for example --events log.xlsx"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, as they wrote it."""

    as_of: str
    events: tuple[Path, ...] = ()
    books: tuple[str, ...] = (DEFAULT_BOOK,)
    units: Path | None = None
    only: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    calendar: Path | None = None
    mapping: Path | None = None
    waivers: Path | None = None
    head: str | None = None
    since: Path | None = None
    backfill_days: int = 30
    incremental: bool = False
    reports: bool = True
    counties: Path | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the engine gets. It is usable when no problem is an error."""

    as_of: AsOf
    books: tuple[Book, ...]
    registry: Registry
    calendar: Calendar
    table: pa.Table
    files: tuple[FileRead, ...]
    ledgers: tuple[LedgerRead, ...]
    only: tuple[str, ...] | None
    waivers: tuple[Waiver, ...]
    closures: Mapping[date, str]
    hashes: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Gathering:
    """Problems as they turn up."""

    problems: list[Problem] = field(default_factory=list)

    def option(self, option: str, value: str, fact: Text, cure: Text) -> None:
        """Say that the value of an option cannot be used."""
        self.problems.append(Problem("bad-option", Where(option), fact, cure, value))


def parse_readings(texts: Sequence[str], gathering: Gathering) -> dict[str, str]:
    """Return the chosen readings by rule from `RULE=NAME` texts."""
    chosen = {}
    for text in texts:
        rule, equals, name = text.partition("=")
        if not (rule and equals and name):
            fact = Text(f"“{text}”不是“规则=读法”", f"{text!r} is not RULE=NAME")
            cure = Text("例如 --reading 8.4.attendance=county", "For example --reading 8.4.attendance=county")
            gathering.option("--reading", text, fact, cure)
        chosen[rule] = name
    return chosen


def parse_as_of(text: str, gathering: Gathering) -> AsOf | None:
    """Return the moment asked about."""
    try:
        return AsOf.parse(text)
    except AsOfError:
        fact = Text(f"“{text}”不是日期或时刻", f"{text!r} is neither a date nor a moment")
        cure = Text("写作 2023-12-31 或 2023-12-31T10:00", "Write 2023-12-31 or 2023-12-31T10:00")
        gathering.option("--as-of", text, fact, cure)
        return None


def _books(request: Request, registry: Registry, gathering: Gathering) -> tuple[Book, ...]:
    """Return the rulebooks asked for, their readings chosen."""
    readings = parse_readings(request.readings, gathering)
    names = tuple(dict.fromkeys(request.books))
    books, problems = load_books(names, KINDS, readings=readings, vocabulary=load_vocabulary(), registry=registry)
    gathering.problems += [*problems, *overlapping_books(books, Where("--book"))]
    if request.units is not None:
        gathering.problems += _unowed(books, registry, request.units)
    return books


def _unowed(books: Sequence[Book], registry: Registry, units: Path) -> list[Problem]:
    """Return a warning for each book that names units which the registry lacks, each of them told once."""
    found = []
    for book in books:
        missing = Counter(
            name
            for rule in book.rules
            for name in rule.owed_by
            if name not in registry.groups and registry.find(name) is None
        )
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


def _only(request: Request, registry: Registry, gathering: Gathering) -> tuple[str, ...] | None:
    """Return the ids of the units asked for, or None for all."""
    found = []
    for name in request.only:
        unit = registry.find(name)
        if unit is None:
            fact = Text(f"名录里没有“{name}”", f"{name!r} is not in the registry")
            cure = suggestion(registry.near(name), Text("检查名录", "Check the registry"))
            gathering.option("--unit", name, fact, cure)
        else:
            found.append(unit)
    return tuple(found) if request.only else None


def calendar_of(
    request: Request, books: Sequence[Book], as_of: AsOf, gathering: Gathering
) -> tuple[Calendar, dict[date, str]]:
    """Return the calendar with the county's file applied, and its closures."""
    closures: dict[date, str] = {}
    arrangements: dict[int, Arrangement] = {}
    if request.calendar is not None:
        file = load_calendar_file(request.calendar)
        gathering.problems += file.problems
        closures, arrangements = file.closures, file.arrangements
    first, last = calendar_span(books, as_of)
    return china_calendar(first, last, closures=closures, extra=arrangements), closures


def _ended(books: Sequence[Book], as_of: AsOf) -> list[Problem]:
    """Return a warning for each book that is no longer in force: it says nothing of what happened later."""
    return [
        Problem(
            "book-ended",
            Where(book.id),
            Text(
                f"规则库 {book.id} 的有效期到{book.in_force.end}为止，之后发生的事项不按它评估",
                f"{book.id} was in force until {book.in_force.end}; it is not applied to what happened later",
            ),
            Text("评估之后的年度，用那一年的规则库", "For a later year use that year's book"),
            severity="warning",
        )
        for book in books
        if as_of.day > book.in_force.end
    ]


def _hashes(request: Request) -> dict[str, str]:
    """Return the hashes of the optional files of a run, by what they are."""
    files = {"waivers": request.waivers, "mapping": request.mapping, "calendar": request.calendar}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path is not None}


def load_inputs(request: Request) -> tuple[Inputs | None, tuple[Problem, ...]]:
    """Read everything that a request names; all problems of all inputs are collected.

    Returns:
        The inputs, or None where an error makes them unusable; and the problems, sorted by place.
    """
    gathering = Gathering()
    as_of = parse_as_of(request.as_of, gathering)
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    gathering.problems += problems
    if registry is None:
        return None, sort_problems(gathering.problems)
    only = _only(request, registry, gathering)
    books = _books(request, registry, gathering)
    mapping, problems = load_mapping(request.mapping, registry)
    gathering.problems += problems
    waivers, problems = load_waivers(request.waivers, registry, books)
    gathering.problems += problems
    log = read_events(request.events, registry, mapping=mapping, head=request.head)
    gathering.problems += log.problems if request.events else (NO_LOG,)
    if request.counties is not None:
        fact = Text("台账只有一个县", "the log is of one county")
        cure = Text("台账写成 county=… 文件夹，或者去掉它", "Lay the log out as folders county=…, or leave it out")
        gathering.option("--counties", str(request.counties), fact, cure)
    if request.head is not None and not log.ledgers and not has_errors(log.problems):
        fact = Text("--events 里没有账本，--head 无从说起", "there is no ledger in --events that --head could be of")
        gathering.option("--head", request.head, fact, Text("写上账本的文件夹", "Name the folder of the ledger"))
    if as_of is None or has_errors(gathering.problems):
        return None, sort_problems(gathering.problems)
    calendar, closures = calendar_of(request, books, as_of, gathering)
    gathering.problems += [*_ended(books, as_of), *unheard(log.table, books)]
    problems = sort_problems(gathering.problems)
    if has_errors(problems):
        return None, problems
    inputs = Inputs(
        as_of,
        books,
        registry,
        calendar,
        log.table,
        log.files,
        log.ledgers,
        only,
        waivers,
        closures,
        _hashes(request),
        problems,
    )
    return inputs, problems
