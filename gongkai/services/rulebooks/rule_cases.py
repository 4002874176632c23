"""Running the test cases of the rules: what a jurist wrote down against what the engine says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from engine.evaluate import Apart, calendar_span, evaluate_apart
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from engine.time.period import EVERYTHING, RunPeriod
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.evaluation.judge import element_labels
from gongkai.options import DEFAULT_UNITS
from gongkai.services.rulebooks.views import load_for
from rules.cases import load_cases
from rules.load import find_book, load_books

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang
    from gongkai.options import BookOptions
    from rules.book import Book
    from rules.cases import Case, RuleCases
    from rules.units import Registry

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


def _table(case: Case, registry: Registry, folder: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the case's events through the same door as any log, and what is wrong with them."""
    path = folder / "events.jsonl"
    lines = [json.dumps(record, ensure_ascii=False, default=str) for record in case.records()]
    if not lines:
        return read_events((), registry).table, ()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    log = read_events((path,), registry)
    faults = tuple(problem.line() for problem in log.problems) if has_errors(log.problems) else ()
    return log.table, faults


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
    def asked(self) -> tuple[str, str, str]:
        """Return what cases that are judged together have in common: moment, reading and period."""
        return self.case.as_of, self.case.reading or "", self.case.period or ""

    def result(self, rows: Sequence[Mapping[str, Any]], registry: Registry) -> CaseResult:
        """Return what became of the case, by its verdicts."""
        named = {registry.find(expected.unit) for expected in self.case.expect}
        seen = {registry.find(unit) for unit in self.case.units} if self.case.units else None
        own = [row for row in rows if seen is None or row["unit"] in seen]
        reached = frozenset(row["status"] for row in own if row["unit"] in named)
        return CaseResult(self.rule, self.case.name, self.where, tuple(_compare(self.case, own, registry)), reached)


def _judged(scenes: Sequence[_Scene], registry: Registry, lang: Lang) -> list[CaseResult]:
    """Judge cases that are asked about at one moment."""
    case = scenes[0].case
    as_of = AsOf.parse(case.as_of)
    calendar = china_calendar(*calendar_span([book for scene in scenes for book in scene.log.books], as_of))
    rows = evaluate_apart(
        [scene.log for scene in scenes],
        registry,
        as_of,
        calendar,
        period=RunPeriod.parse(case.period) if case.period else EVERYTHING,
        filing=False,
        lang=lang,
        labels=element_labels(lang),
    )
    return [scene.result(own, registry) for scene, own in zip(scenes, rows, strict=True)]


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
        return self._small.setdefault((rule, reading), small)


def _scene(rule: str, case: Case, where: Where, books: _Books, registry: Registry) -> _Scene | CaseResult:
    """Return a case that can be judged, or its result where it cannot."""
    book = books.of(rule, case.reading or "")
    if isinstance(book, str):
        return CaseResult(rule, case.name, where, (book,), frozenset())
    with TemporaryDirectory() as folder:
        table, faults = _table(case, registry, Path(folder))
    if faults:
        return CaseResult(rule, case.name, where, faults, frozenset())
    return _Scene(rule, case, where, Apart(table, (book,)))


def run_cases(files: Sequence[RuleCases], book: str, registry: Registry, lang: Lang = "zh") -> list[CaseResult]:
    """Run all cases of a rulebook, those of one moment together; one that chooses a reading is judged under it."""
    books = _Books(book, files, registry)
    made = [
        _scene(file.rule, case, where, books, registry)
        for file in files
        for case, where in zip(file.cases, file.places, strict=True)
    ]
    results: list[CaseResult | None] = [one if isinstance(one, CaseResult) else None for one in made]
    together: dict[tuple[str, str, str], list[tuple[int, _Scene]]] = {}
    for place, one in enumerate(made):
        if isinstance(one, _Scene):
            together.setdefault(one.asked, []).append((place, one))
    for scenes in together.values():
        for first in range(0, len(scenes), AT_ONCE):
            some = scenes[first : first + AT_ONCE]
            judged = _judged([scene for _, scene in some], registry, lang)
            for (place, _), result in zip(some, judged, strict=True):
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
