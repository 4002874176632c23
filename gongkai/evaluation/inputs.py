"""Inputs of an evaluation: rulebooks, registry, calendar and log, with everything that is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from engine.batches.layout import is_many
from engine.evaluate import Waiver
from events.problems import Problem, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from events.read import read_events
from events.subjects import one_spelling
from events.table import place_of
from events.vocabulary import use_vocabulary
from gongkai.evaluation.duties import as_duties_say
from gongkai.evaluation.figures import as_rules_count
from gongkai.evaluation.left_out import LeftOut, skipped
from gongkai.evaluation.setting import load_setting
from gongkai.options import NO_LOG, recorded, refused
from gongkai.parsing import Gathering, parse_moment, parse_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar
    from engine.time.period import RunPeriod
    from events.read import FileRead, LedgerRead, ReadResult
    from gongkai.evaluation.setting import Setting
    from gongkai.options import Request
    from rules.book import Book
    from rules.units import Registry

FIGURE, JUDGEMENT = "indicator.reported", "assessment.recorded"


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
        left_out: what could not be read and is left out (`--skip-unreadable`).
        problems: warnings.
    """

    as_of: AsOf
    known_by: AsOf | None
    period: RunPeriod | None
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
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


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
    if is_many(request.events):
        return None, sort_problems([*refused(request), MANY])
    setting, problems = load_setting(request)
    return (None, _told(request, problems)) if setting is None else read_into(setting, request, problems)


def _told(request: Request, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems of a request whose setting cannot be read."""
    gathering = Gathering([*refused(request), *problems])
    parse_moment(request.as_of, gathering)
    return sort_problems(gathering.problems)


def read_into(
    setting: Setting, request: Request, problems: Sequence[Problem] = ()
) -> tuple[Inputs | None, tuple[Problem, ...]]:
    """Read the log of a request into a setting.

    Args:
        setting: what the log is judged by.
        request: the moment, the log and the units; what it says of the setting is not looked at.
        problems: what is wrong with the setting.

    Returns:
        The inputs, or None where an error makes them unusable; and the problems, sorted by place.
    """
    use_vocabulary(setting.vocabulary)
    gathering = Gathering([*refused(request), *problems])
    as_of = parse_moment(request.as_of, gathering)
    known_by = parse_moment(request.known_by, gathering, "--known-by") if request.known_by is not None else None
    period = parse_period(request.period, gathering)
    only = _only(request, setting.registry, gathering)
    log, left = _log(setting, request, gathering)
    if as_of is None or has_errors(gathering.problems):
        return None, sort_problems(gathering.problems)
    gathering.problems += [*_ended(setting.books, as_of), *_unused_names(log.table, setting.books)]
    warnings = sort_problems(gathering.problems)
    inputs = Inputs(
        as_of=as_of,
        known_by=known_by,
        period=period,
        books=setting.books,
        registry=setting.registry,
        calendar=setting.calendar(as_of),
        table=one_spelling(log.table),
        files=log.files,
        ledgers=log.ledgers,
        only=only,
        waivers=setting.waivers,
        closures=setting.closures,
        hashes=setting.hashes,
        options=recorded(request),
        left_out=left,
        problems=warnings,
    )
    return inputs, warnings


def _log(setting: Setting, request: Request, gathering: Gathering) -> tuple[ReadResult, tuple[LeftOut, ...]]:
    """Return the log of a request, and what of it is left out."""
    found = read_events(request.events, setting.registry, mapping=setting.mapping, head=request.head)
    log = as_rules_count(as_duties_say(found, setting.books), setting.books)
    left: tuple[LeftOut, ...] = ()
    if request.skip_unreadable:
        log, left = skipped(log, setting.registry)
    gathering.problems += log.problems if request.events else (NO_LOG,)
    if request.head is not None and not log.ledgers and not has_errors(log.problems):
        fact = Text("--events 里没有账本，--head 无从说起", "there is no ledger in --events that --head could be of")
        gathering.option("--head", request.head, fact, Text("写上账本的文件夹", "Name the folder of the ledger"))
    return log, left


def _unused_names(table: pa.Table, books: Sequence[Book]) -> list[Problem]:
    """Return a warning for names of figures and clauses of judgements that are nearly those that the rules ask for.

    Args:
        table: the log (`events.table`).
        books: the rulebooks that it is judged by.
    """
    rules = [rule for book in books for rule in book.versions()]
    figures = [
        str(value)
        for rule in rules
        for _, selector in rule.selectors()
        for group in selector.where
        if selector.event == FIGURE and "indicator" in group
        for value in (group["indicator"].equals, *(group["indicator"].one_of or ()))
        if value is not None
    ]
    clauses = [clause.id for book in books for clause in book.clauses]
    names = [*clauses, *(rule.id for rule in rules)]
    return [
        *_strange(table, FIGURE, "data.indicator", figures, Text("指标", "figure")),
        *_strange(table, JUDGEMENT, "data.clause", names, Text("条款", "clause")),
    ]


def _strange(table: pa.Table, sort: str, column: str, known: Iterable[str], label: Text) -> list[Problem]:
    """Return a warning for each value that is nearly a known one, at the first event that has it."""
    names = sorted(set(known))
    rows = table.filter(pc.equal(table["type"], sort))
    problems = []
    for value in pc.unique(rows[column]).to_pylist():
        near = did_you_mean(value, names) if value is not None and value not in names else ()
        if near:  # a log may well hold figures that no rule of these books asks for
            row = rows.slice(pc.index(rows[column], value).as_py(), 1).select(["file", "place"]).to_pylist()[0]
            fact = Text(
                f"没有规则使用{label.zh}“{value}”，这条记录不起作用",
                f"no rule asks for the {label.en} {value!r}: the record counts for nothing",
            )
            where = place_of(row["file"], row["place"])
            cure = suggestion(near, Text("", ""))
            problems.append(Problem("unused-name", where, fact, cure, value, severity="warning"))
    return problems
