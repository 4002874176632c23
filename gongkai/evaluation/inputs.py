"""What an evaluation reads: rulebooks, registry, calendar and log, with everything that is wrong in them."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.batches.plan import is_many
from engine.evaluate import Waiver, calendar_span
from engine.kinds import KINDS
from engine.time.calendar import china_calendar
from events.problems import Problem, Text, Where, has_errors, sort_problems, suggestion
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.evaluation.unused_names import unused_names
from gongkai.files.calendar import load_calendar_file
from gongkai.files.mapping import load_mapping
from gongkai.files.waivers import load_waivers
from gongkai.options import DEFAULT_UNITS, NO_LOG, recorded, refused
from gongkai.parsing import Gathering, parse_moment, parse_period, parse_readings
from rules.lint.reachable import overlapping_books
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from engine.time.asof import AsOf
    from engine.time.calendar import Arrangement, Calendar
    from engine.time.period import Period
    from events.read import FileRead, LedgerRead, ReadResult
    from gongkai.options import Request
    from rules.book import Book
    from rules.units import Registry


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the engine gets, read and checked.

    Attributes:
        as_of: the moment asked about.
        known_by: what was recorded later is not seen; None is the as-of moment.
        period: the days whose obligations are listed; None is for the engine to say.
        books: the rulebooks, their readings chosen.
        registry: the units.
        calendar: the working days, the county's own closures applied.
        table: the log (`events.table`).
        files: the files that it was read from.
        ledgers: the ledgers that it was read from.
        only: the ids of the units to judge, None for all.
        waivers: exemptions.
        closures: the county's own closures, with their reasons.
        hashes: hashes of the optional files, by what they are.
        options: what else was asked for, for the receipt (`gongkai.options.recorded`).
        problems: warnings.
    """

    as_of: AsOf
    known_by: AsOf | None
    period: Period | None
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
    options: Mapping[str, object]
    problems: tuple[Problem, ...]


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
    names = ("waivers", "mapping", "calendar", "vocabulary")
    files = {name: getattr(request, name) for name in names}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path is not None}


MANY = Problem(
    "many-counties",
    Where("--events"),
    Text("这是多个县的台账", "it is a log of many counties"),
    Text("写明一个县，例如 --events 台账/county=c0001", "Name one, for example --events log/county=c0001"),
)


def load_inputs(request: Request) -> tuple[Inputs | None, tuple[Problem, ...]]:
    """Read everything that a request names; all problems of all inputs are collected.

    Returns:
        The inputs, or None where an error makes them unusable; and the problems, sorted by place.
    """
    gathering = Gathering(refused(request))
    as_of = parse_moment(request.as_of, gathering)
    known_by = parse_moment(request.known_by, gathering, "--known-by") if request.known_by is not None else None
    period = parse_period(request.period, gathering)
    if is_many(request.events):
        return None, sort_problems([*gathering.problems, MANY])
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    gathering.problems += problems
    if registry is None:
        return None, sort_problems(gathering.problems)
    only = _only(request, registry, gathering)
    books = _books(request, registry, gathering)
    waivers, problems = load_waivers(request.waivers, registry, books)
    gathering.problems += problems
    log = _log(request, registry, gathering)
    if as_of is None or has_errors(gathering.problems):
        return None, sort_problems(gathering.problems)
    calendar, closures = calendar_of(request, books, as_of, gathering)
    gathering.problems += [*_ended(books, as_of), *unused_names(log.table, books)]
    problems = sort_problems(gathering.problems)
    if has_errors(problems):
        return None, problems
    inputs = Inputs(
        as_of=as_of,
        known_by=known_by,
        period=period,
        books=books,
        registry=registry,
        calendar=calendar,
        table=log.table,
        files=log.files,
        ledgers=log.ledgers,
        only=only,
        waivers=waivers,
        closures=closures,
        hashes=_hashes(request),
        options=recorded(request),
        problems=problems,
    )
    return inputs, problems


def _log(request: Request, registry: Registry, gathering: Gathering) -> ReadResult:
    """Return the log of a request."""
    mapping, problems = load_mapping(request.mapping, registry)
    gathering.problems += problems
    log = read_events(request.events, registry, mapping=mapping, head=request.head)
    gathering.problems += log.problems if request.events else (NO_LOG,)
    if request.head is not None and not log.ledgers and not has_errors(log.problems):
        fact = Text("--events 里没有账本，--head 无从说起", "there is no ledger in --events that --head could be of")
        gathering.option("--head", request.head, fact, Text("写上账本的文件夹", "Name the folder of the ledger"))
    return log
