"""`gongkai rules …`: check the rulebooks, run their cases, list them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from engine.kinds import KINDS
from events.problems import Text, has_errors, sort_problems
from events.vocabulary import load_vocabulary
from gongkai.cli.terminal import say, say_problems
from gongkai.evaluation.inputs import DEFAULT_UNITS
from gongkai.services.rule_cases import CaseResult, run_cases
from rules.cases import load_cases
from rules.lint.book import lint_book
from rules.load import find_book, load_books
from rules.loading.registry import load_registry
from rules.schema import rules_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang, Problem
    from rules.book import Book
    from rules.units import Registry

OK, FOUND, UNUSABLE = 0, 1, 2


def _load(names: Sequence[str], units: Path | None) -> tuple[tuple[Book, ...], Registry | None, tuple[Problem, ...]]:
    """Return the books and the registry, and everything that is wrong with them."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    books, wrong = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry)
    return books, registry, sort_problems((*problems, *wrong))


def check(names: Sequence[str], units: Path | None, lang: Lang) -> int:
    """List everything that is wrong with the rulebooks."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    found = list(problems)
    for name in names:
        found += lint_book(name, KINDS, vocabulary=load_vocabulary(), registry=registry)
    ordered = sort_problems(found)
    say_problems(ordered, lang)
    errors = sum(problem.severity == "error" for problem in ordered)
    text = Text(
        f"规则库 {'、'.join(names)}：错误{errors}处，提醒{len(ordered) - errors}处",
        f"Rulebooks {', '.join(names)}: {errors} errors, {len(ordered) - errors} warnings",
    )
    say(text.in_(lang))
    return UNUSABLE if errors else OK


def _junit(results: Sequence[CaseResult], path: Path) -> None:
    """Write the results as a JUnit report."""
    suite = ET.Element("testsuite", name="gongkai rules", tests=str(len(results)))
    suite.set("failures", str(sum(bool(result.faults) for result in results)))
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=result.rule, name=result.name, file=str(result.where))
        if result.faults:
            ET.SubElement(case, "failure", message=result.faults[0]).text = "\n".join(result.faults)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _say_reached(book: Book, results: Sequence[CaseResult], lang: Lang) -> None:
    """Say which statuses the cases of each rule reach, and which rules have no case."""
    for rule in book.rules:
        own = [result for result in results if result.rule == rule.id]
        reached = sorted({status for result in own for status in result.statuses})
        none = Text("没有用例", "no case").in_(lang)
        say(f"{rule.id}\t{len(own)}\t{' '.join(reached) or none}")


def test(names: Sequence[str], units: Path | None, junit: Path | None, lang: Lang) -> int:
    """Run the cases of the rulebooks; the status says whether all passed."""
    books, registry, problems = _load(names, units)
    if registry is None or has_errors(problems):
        say_problems(problems, lang)
        return UNUSABLE
    every: list[CaseResult] = []
    for name, book in zip(names, books, strict=True):
        folder, _ = find_book(name)
        files, wrong = load_cases(folder, vocabulary=load_vocabulary(), registry=registry) if folder else ((), ())
        say_problems(wrong, lang)
        if has_errors(wrong):
            return UNUSABLE
        results = run_cases(files, name, registry, lang)
        _say_reached(book, results, lang)
        every += results
    failed = [result for result in every if result.faults]
    for result in failed:
        say(f"{result.where}: {result.rule} “{result.name}”")
        for fault in result.faults:
            say(f"    {fault}")
    if junit is not None:
        _junit(every, junit)
    passed = len(every) - len(failed)
    say(Text(f"用例{len(every)}个，通过{passed}个", f"{len(every)} cases, {passed} passed").in_(lang))
    return FOUND if failed else OK


def list_rules(names: Sequence[str], units: Path | None, lang: Lang) -> int:
    """Print a line for each rule: id, kind, modality, title."""
    books, _, problems = _load(names, units)
    say_problems(problems, lang)
    if has_errors(problems):
        return UNUSABLE
    for book in books:
        for rule in book.rules:
            say(f"{rule.id}\t{rule.kind}\t{rule.modality}\t{rule.title.text().in_(lang)}")
    return OK


def schema() -> int:
    """Print the JSON Schema of a rule file."""
    say(json.dumps(rules_schema(KINDS), ensure_ascii=False, indent=2, sort_keys=True))
    return OK
