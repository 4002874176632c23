"""Running the test cases of the rules: what a jurist wrote down against what the engine says."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from engine.time.period import EVERYTHING
from events.problems import Problem, has_errors
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.evaluation.judge import element_labels
from gongkai.services.rulebooks import load_for
from rules.cases import load_cases
from rules.load import find_book, load_book

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from events.problems import Lang, Where
    from gongkai.options import BookOptions
    from rules.book import Book
    from rules.cases import Case, RuleCases
    from rules.units import Registry


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


def _of_another_year(row: Mapping[str, Any], years: Collection[int]) -> bool:
    """Say whether a verdict is that nothing forbidden happened in a year that a case says nothing of.

    A standing prohibition is one obligation a calendar year; a case need not list each.
    """
    opened = row["opened_on"]
    silent = row["status"] == "met" and not row["evidence"] and row["trigger"] is None
    return silent and opened is not None and opened.year not in years


def _compare(case: Case, rows: Sequence[Mapping[str, Any]], registry: Registry) -> list[str]:
    """Return what is other than the case expects: wrong fields, missing verdicts, verdicts that it does not list."""
    faults: list[str] = []
    left = list(rows)
    years: set[int] = set()
    for expected in case.expect:
        unit, subject = registry.find(expected.unit), expected.subject
        same = [row for row in left if row["unit"] == unit and (subject is None or row["subject"] == subject)]
        if not same:
            faults.append(f"{expected.unit} {subject or ''}: no such verdict")
            continue
        # of several that fit alike, the last: a standing prohibition is one obligation a year
        best = min(reversed(same), key=lambda row: len(_differences(expected.given(), row)))
        left.remove(best)
        years |= {best["opened_on"].year} if best["opened_on"] is not None else set()
        faults += _differences(expected.given(), best)
    named = {registry.find(expected.unit) for expected in case.expect}
    faults += [
        f"{row['unit_name']} {row['subject'] or ''}: unexpected verdict {row['status']}"
        for row in left
        if row["unit"] in named and not _of_another_year(row, years)
    ]
    return faults


def run_case(case: Case, where: Where, rule_id: str, book: Book, registry: Registry, lang: Lang = "zh") -> CaseResult:
    """Run one case of one rule."""
    rules = tuple(rule for rule in book.rules if rule.id == rule_id)
    if not rules:
        return CaseResult(rule_id, case.name, where, (f"the book has no rule {rule_id}",), frozenset())
    small = replace(book, rules=rules, earlier=tuple(rule for rule in book.earlier if rule.id == rule_id))
    as_of = AsOf.parse(case.as_of)
    with TemporaryDirectory() as folder:
        table, faults = _table(case, registry, Path(folder))
    if faults:
        return CaseResult(rule_id, case.name, where, faults, frozenset())
    calendar = china_calendar(*calendar_span([small], as_of))
    labels = element_labels(lang)
    rows = evaluate(
        table, [small], registry, as_of, calendar, lang=lang, labels=labels, period=EVERYTHING, filing=False
    ).to_pylist()
    named = {registry.find(expected.unit) for expected in case.expect}
    reached = frozenset(row["status"] for row in rows if row["unit"] in named)
    return CaseResult(rule_id, case.name, where, tuple(_compare(case, rows, registry)), reached)


def run_cases(files: Sequence[RuleCases], book: str, registry: Registry, lang: Lang = "zh") -> list[CaseResult]:
    """Run all cases of a rulebook; a case that chooses a reading gets the book under that reading."""
    books: dict[tuple[str, str | None], Book] = {}
    results = []
    for file in files:
        for case, where in zip(file.cases, file.places, strict=True):
            key = (file.rule, case.reading) if case.reading else ("", None)
            if key not in books:
                chosen = {file.rule: case.reading} if case.reading else {}
                loaded, _ = load_book(book, KINDS, readings=chosen, vocabulary=load_vocabulary(), registry=registry)
                if loaded is None:
                    fault = (f"the book has no reading {case.reading} of {file.rule}",)
                    results.append(CaseResult(file.rule, case.name, where, fault, frozenset()))
                    continue
                books[key] = loaded
            results.append(run_case(case, where, file.rule, books[key], registry, lang))
    return results


Tested = tuple[tuple["Book", tuple[CaseResult, ...]], ...]
"""What became of the cases of each book."""


def run_book_cases(options: BookOptions) -> tuple[Tested | None, tuple[Problem, ...]]:
    """Run the cases of rulebooks.

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
        tested.append((book, tuple(run_cases(files, name, registry, options.lang))))
    return tuple(tested), told


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
