"""Running the test cases of the rules: what a jurist wrote down against what the engine says."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pyarrow.compute as pc

from engine.backends.duck import DuckBackend
from engine.evaluate import Apart, calendar_span, evaluate_apart
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from engine.time.period import EVERYTHING, RunPeriod
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.read import LogReader
from events.vocabulary import load_vocabulary
from gongkai.evaluation.judge import element_labels
from gongkai.options import DEFAULT_UNITS
from gongkai.services.rulebooks.views import load_for
from rules.cases import load_cases
from rules.load import find_book, load_books

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from engine.time.calendar import Calendar
    from events.problems import Lang
    from gongkai.options import BookOptions
    from rules.book import Book
    from rules.cases import Case, RuleCases
    from rules.units import Registry

_IDS: Final = ("id", "corrects", "retracts")
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9-]{1,100}")

AT_ONCE: Final = 200
"""How many cases are judged in one pass: enough to share its cost, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        rule: the rule's id.
        name: the case's name.
        where: where the case stands.
        faults: what is other than expected, a sentence each; none where the case passed.
        statuses: the statuses that the case reached.
    """

    rule: str
    name: str
    where: Where
    faults: tuple[str, ...]
    statuses: frozenset[str]


Events = tuple["pa.Table", tuple[str, ...]]
"""The events of a case, and what is wrong with them."""


def _read(records: Iterable[Mapping[str, Any]], registry: Registry) -> Events:
    """Return the events of records, which go through the same door as those of any log."""
    log = LogReader(load_vocabulary(), registry, None)
    lines = [json.dumps(record, ensure_ascii=False, default=str) for record in records]
    raw = "".join(f"{line}\n" for line in lines).encode()
    read = log.result([log.empty(), *(log.read_bytes(Path("events.jsonl"), raw) if raw else ())])
    return read.table, tuple(problem.line() for problem in read.problems) if has_errors(read.problems) else ()


def _read_all(cases: Sequence[Case], registry: Registry) -> list[Events]:
    """Return the events of each case.

    Cases are read as one log, their ids told apart, in a tenth of the time. Where something is wrong in it, each half
    is read by itself, down to the case that it is wrong in.
    """
    if len(cases) < 2:  # noqa: PLR2004 - there is nothing to halve
        return [_read(case.records(), registry) for case in cases]
    if all(map(_has_plain_ids, cases)):
        table, faults = _read(
            (_told_apart(one, place) for place, case in enumerate(cases) for one in case.records()), registry
        )
        if not faults:
            return [(one, ()) for one in _taken_apart(table, len(cases))]
    half = len(cases) // 2
    return [*_read_all(cases[:half], registry), *_read_all(cases[half:], registry)]


def _has_plain_ids(case: Case) -> bool:
    """Say whether the ids of a case, each of which it has once, are read as they stand whatever is before them."""
    ids = [record["id"] for record in case.records()]
    return len(set(ids)) == len(ids) and all(map(_PLAIN_ID.fullmatch, ids))


def _told_apart(record: Mapping[str, Any], place: int) -> dict[str, Any]:
    """Return a record of the case at a place under an id that no other case has."""
    return {**record, **{name: f"{place:06}.{record[name]}" for name in _IDS if name in record}}


def _taken_apart(table: pa.Table, cases: int) -> list[pa.Table]:
    """Return the events of each of so many cases, under their own ids."""
    counts = Counter(int(one[:6]) for one in table["id"].to_pylist())
    for name in _IDS:
        own = pc.utf8_slice_codeunits(table[name], len("000000."))
        table = table.set_column(table.column_names.index(name), name, own)
    starts = accumulate((counts[place] for place in range(cases)), initial=0)
    return [table.slice(start, counts[place]) for place, start in zip(range(cases), starts, strict=False)]


def _plain(value: object) -> object:
    """Return a value of a verdict or of a case in the form that both are compared in."""
    if isinstance(value, tuple | list):
        return sorted(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _differences(expected: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Return the fields in which a verdict is other than expected."""
    return [
        f"{row['unit_name']} {row['subject'] or ''} {field}: expected {_plain(value)}, is {_plain(row[field])}"
        for field, value in expected.items()
        if _plain(row[field]) != _plain(value)
    ]


def _compare(case: Case, rows: Sequence[Mapping[str, Any]], registry: Registry) -> list[str]:
    """Return what is other than the case expects: wrong fields, missing verdicts, verdicts that it does not list."""
    faults: list[str] = []
    left = list(rows)
    for expected in case.expect:
        unit, subject = registry.find(expected.unit), expected.subject
        same = [row for row in left if row["unit"] == unit and (subject is None or row["subject"] == subject)]
        if not same:
            faults.append(f"{expected.unit} {subject or ''}: no such verdict")
            continue
        best = min(same, key=lambda row: len(_differences(expected.given(), row)))
        left.remove(best)
        faults += _differences(expected.given(), best)
    named = {registry.find(expected.unit) for expected in case.expect}
    faults += [
        f"{row['unit_name']} {row['subject'] or ''}: unexpected verdict {row['status']}"
        for row in left
        if row["unit"] in named
    ]
    return faults


@dataclass(frozen=True, slots=True)
class _Scene:
    """A case that can be judged.

    Attributes:
        rule: the rule's id.
        case: the case.
        where: where it stands.
        log: its events, and the book cut down to its rule.
    """

    rule: str
    case: Case
    where: Where
    log: Apart

    @property
    def asked(self) -> tuple[str, str]:
        """Return what cases that are judged together have in common: moment and period."""
        return self.case.as_of, self.case.period or ""

    def result(self, rows: Sequence[Mapping[str, Any]], registry: Registry) -> CaseResult:
        """Return what became of the case, by its verdicts."""
        named = {registry.find(expected.unit) for expected in self.case.expect}
        seen = {registry.find(unit) for unit in self.case.units} if self.case.units else None
        own = [row for row in rows if seen is None or row["unit"] in seen]
        reached = frozenset(row["status"] for row in own if row["unit"] in named)
        return CaseResult(self.rule, self.case.name, self.where, tuple(_compare(self.case, own, registry)), reached)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What all cases are judged with.

    Attributes:
        registry: the units.
        calendar: working days of all that cases ask about.
        backend: a database that is open.
        lang: language of the reasons.
    """

    registry: Registry
    calendar: Calendar
    backend: DuckBackend
    lang: Lang

    def judged(self, scenes: Sequence[_Scene]) -> list[CaseResult]:
        """Judge cases that are asked about at one moment."""
        case = scenes[0].case
        rows = evaluate_apart(
            [scene.log for scene in scenes],
            self.registry,
            AsOf.parse(case.as_of),
            self.calendar,
            period=RunPeriod.parse(case.period) if case.period else EVERYTHING,
            filing=False,
            lang=self.lang,
            labels=element_labels(self.lang),
            beside=self.backend,
        )
        return [scene.result(own, self.registry) for scene, own in zip(scenes, rows, strict=True)]


def _calendar_for(scenes: Iterable[_Scene]) -> Calendar:
    """Return the working days of all that cases ask about."""
    firsts, lasts = zip(*(calendar_span(one.log.books, AsOf.parse(one.case.as_of)) for one in scenes), strict=True)
    return china_calendar(min(firsts), max(lasts))


class _Books:
    """A rulebook cut down to single rules, under the readings that cases choose.

    Reading a book is dear, and the reading of one rule says nothing of another: the first reading that cases choose of
    each rule is taken in one book, the second in another.
    """

    def __init__(self, name: str, files: Sequence[RuleCases], registry: Registry) -> None:
        self._name, self._registry = name, registry
        self._readings = {
            file.rule: ("", *sorted({case.reading for case in file.cases if case.reading})) for file in files
        }
        self._whole: dict[int, Book | None] = {}
        self._small: dict[tuple[str, str], Book] = {}

    def _whole_under(self, rule: str, reading: str) -> Book | None:
        """Return a book in which the rule has this reading; None where it has no such reading."""
        place = self._readings[rule].index(reading)
        if place not in self._whole:
            self._whole[place] = self._load(
                {one: all_[place] for one, all_ in self._readings.items() if len(all_) > place}
            )
        return self._whole[place] or self._load({rule: reading})

    def _load(self, chosen: Mapping[str, str]) -> Book | None:
        readings = {rule: reading for rule, reading in chosen.items() if reading}
        books, _ = load_books(
            (self._name,),
            KINDS,
            readings=readings,
            vocabulary=load_vocabulary(),
            registry=self._registry,
            with_proposals=True,
        )
        return books[0] if books else None

    def of(self, rule: str, reading: str) -> Book | str:
        """Return the book with this rule only, or why there is none."""
        if (rule, reading) in self._small:
            return self._small[rule, reading]
        book = self._whole_under(rule, reading)
        if book is None:
            return f"the book has no reading {reading} of {rule}"
        small = book.only(lambda one: one.id == rule)
        if not small.rules:
            return f"the book has no rule {rule}"
        # rules of the same book and id are the same in all logs that are judged together
        return self._small.setdefault(
            (rule, reading), replace(small, id=f"{small.id}.{reading}" if reading else small.id)
        )


def _scene(rule: str, case: Case, where: Where, books: _Books, events: Events) -> _Scene | CaseResult:
    """Return a case that can be judged, or its result where it cannot."""
    book = books.of(rule, case.reading or "")
    if isinstance(book, str):
        return CaseResult(rule, case.name, where, (book,), frozenset())
    table, faults = events
    if faults:
        return CaseResult(rule, case.name, where, faults, frozenset())
    return _Scene(rule, case, where, Apart(table, (book,)))


def run_cases(files: Sequence[RuleCases], book: str, registry: Registry, lang: Lang = "zh") -> list[CaseResult]:
    """Run all cases of a rulebook, those of one moment together; one that chooses a reading is judged under it."""
    books = _Books(book, files, registry)
    cases = [(file.rule, case, where) for file in files for case, where in zip(file.cases, file.places, strict=True)]
    logs = _read_all([case for _, case, _ in cases], registry)
    made = [_scene(*one, books, events) for one, events in zip(cases, logs, strict=True)]
    results: list[CaseResult | None] = [one if isinstance(one, CaseResult) else None for one in made]
    together: dict[tuple[str, str], list[tuple[int, _Scene]]] = {}
    for place, one in enumerate(made):
        if isinstance(one, _Scene):
            together.setdefault(one.asked, []).append((place, one))
    if not together:
        return [one for one in results if one is not None]
    calendar = _calendar_for(one for one in made if isinstance(one, _Scene))
    with DuckBackend(threads=1) as backend:
        bench = _Bench(registry, calendar, backend, lang)
        for scenes in together.values():
            for first in range(0, len(scenes), AT_ONCE):
                some = scenes[first : first + AT_ONCE]
                for (place, _), result in zip(some, bench.judged([scene for _, scene in some]), strict=True):
                    results[place] = result
    return [one for one in results if one is not None]


Tested = tuple[tuple["Book", tuple[CaseResult, ...]], ...]
"""What became of the cases of each book."""


def run_book_cases(options: BookOptions, rule: str | None = None) -> tuple[Tested | None, tuple[Problem, ...]]:
    """Run the cases of rulebooks.

    Args:
        options: the books and the registry.
        rule: run the cases of this rule only.

    Returns:
        The results by book, None where a book, the registry or a case is not usable; and what is wrong.
    """
    loaded, problems = load_for(options.books, options.units)
    registry = loaded.registry
    if registry is None or has_errors(problems):
        return None, problems
    tested = []
    told: tuple[Problem, ...] = ()  # what the linter warns of is not the cases' business
    for name, book in zip(options.books, loaded.books, strict=True):
        folder, _ = find_book(name)
        files, wrong = load_cases(folder, vocabulary=load_vocabulary(), registry=registry) if folder else ((), ())
        told = (*told, *wrong)
        if has_errors(wrong):
            return None, told
        files = tuple(file for file in files if rule in (None, file.rule))
        tested.append((book, tuple(run_cases(files, name, registry, options.lang))))
    if rule is not None and not any(one.id == rule for book, _ in tested for one in book.rules):
        return None, (*told, _unknown_rule(rule, [one.id for book, _ in tested for one in book.rules]))
    return tuple(tested), told


def _unknown_rule(name: str, known: Sequence[str]) -> Problem:
    fact = Text(f"没有规则“{name}”", f"there is no rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("编号见 gongkai rules list", "Ids: gongkai rules list"))
    return Problem("unknown-rule", Where("--rule"), fact, cure, name)


def state_of_files(options: BookOptions) -> tuple[tuple[str, int, int], ...]:
    """Return every file that the cases of books depend on, with its time and size: it differs where one changed."""
    folders = [folder for name in options.books if (folder := find_book(name)[0]) is not None]
    paths = [path for folder in folders for path in (*folder.glob("*"), *(folder / "cases").glob("*"))]
    paths += [options.units or DEFAULT_UNITS]
    states = ((str(path), path.stat()) for path in sorted(paths) if path.is_file())
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


def junit_report(results: Sequence[CaseResult]) -> bytes:
    """Return results as a JUnit report."""
    suite = ET.Element("testsuite", name="gongkai rules", tests=str(len(results)))
    suite.set("failures", str(sum(bool(result.faults) for result in results)))
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=result.rule, name=result.name, file=str(result.where))
        if result.faults:
            ET.SubElement(case, "failure", message=result.faults[0]).text = "\n".join(result.faults)
    content: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return content
