"""The rulebooks, for people to read: checked, listed, shown, compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import yaml

from engine.kinds import KINDS
from events.problems import Problem, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from events.vocabulary import load_vocabulary
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS
from reports.pages.reference import reference_page
from rules.diff import diff_books, earlier_values
from rules.lint.whole_book import lint_book
from rules.load import load_books, packaged_books
from rules.loading.registry import load_registry
from rules.schema import book_schema, case_file_schema, rules_schema, vocabulary_schema
from rules.templates.snippets import snippets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang
    from gongkai.options import BookOptions
    from rules.book import Book
    from rules.diff import RuleDifference
    from rules.model import Rule
    from rules.units import Registry

Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """Rulebooks with the units that they are looked at by; no registry where it cannot be read."""

    books: tuple[Book, ...]
    registry: Registry | None


SchemaName = Literal["rules", "book", "cases", "vocabulary", "snippets"]

TOLD = frozenset({"title", "quote", "note", "readings", "id", "basis", "duty"})
"""Fields of a rule that have sentences of their own."""


def load_for(names: Sequence[str], units: Path | None) -> tuple[Rulebooks, Problems]:
    """Return the books and the registry, and everything that is wrong with them."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    use_words(names)
    books, wrong = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry, with_proposals=True)
    return Rulebooks(books, registry), sort_problems((*problems, *wrong))


def check_books(options: BookOptions) -> Problems:
    """Return everything that is wrong with rulebooks."""
    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    found = list(problems)
    for name in options.books:
        found += lint_book(name, KINDS, vocabulary=load_vocabulary(), registry=registry)
    return sort_problems(found)


def _usable(names: Sequence[str], units: Path | None) -> tuple[tuple[Book, ...], Registry | None, Problems]:
    """Return books and registry, no registry where something is not usable, and what is wrong."""
    loaded, problems = load_for(names, units)
    return loaded.books, None if has_errors(problems) else loaded.registry, problems


def coverage_lines(options: BookOptions) -> tuple[list[str], Problems]:
    """Return clause by clause how many rules it has and whether a note says what none can check; and what is wrong."""
    books, registry, problems = _usable(options.books, options.units)
    lines: list[str] = []
    for book in books if registry is not None else ():
        ruled = 0
        for clause in book.clauses:
            rules = [rule.id for rule in book.rules if rule.clause == clause.id]
            ruled += bool(rules or clause.note)
            note = Text("有说明", "note").in_(options.lang) if clause.note else ""
            lines.append(
                f"{clause.id}\t{len(rules)}\t{note}\t{' '.join(rules)}{taken_from(book, clause.id, options.lang)}"
            )
        total = len(book.clauses)
        text = Text(
            f"{book.id}：{ruled}/{total}个条款有规则或说明，共{len(book.rules)}条规则",
            f"{book.id}: {ruled} of {total} clauses have rules or a note; {len(book.rules)} rules",
        )
        lines.append(text.in_(options.lang))
    return lines, problems


def taken_from(book: Book, clause: str, lang: Lang) -> str:
    """Return, as one more column, the document whose words a clause is; nothing for the book's own."""
    document, lent = book.document_of(clause), book.lent(clause)
    return "" if lent is None else "\t" + Text(f"{lent.zh}{document}", f"{lent.en}: {document}").in_(lang)


def rule_lines(name: str, options: BookOptions) -> tuple[list[str], Problems]:
    """Return everything that is to know about a rule, and what is wrong."""
    books, registry, problems = _usable(options.books, options.units)
    if registry is None:
        return [], problems
    for book in books:
        for rule in book.rules:
            if rule.id == name:
                return _rule_lines(rule, book, registry, options.lang), problems
    known = [rule.id for book in books for rule in book.rules]
    fact = Text(f"没有规则“{name}”", f"there is no rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("编号见 gongkai rules list", "Ids: gongkai rules list"))
    return [], (*problems, Problem("unknown-rule", Where("rules show"), fact, cure, name))


def _rule_lines(rule: Rule, book: Book, registry: Registry, lang: Lang) -> list[str]:
    """Return everything that is to know about a rule."""
    units = "、".join(registry.unit(unit).name for unit in registry.members(rule.owed_by))
    fields = rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    own = {name: value for name, value in fields.items() if name not in TOLD}
    lines = [
        f"{rule.id}  {rule.title.text().in_(lang)}",
        f"{book.title.in_(lang)}（{book.document_of(rule.clause)}）{book.cited(rule.clause).in_(lang)}",
    ]
    lines += [f"“{rule.quote}”", Text(f"责任单位：{units}", f"Owed by: {units}").in_(lang)]
    lines += [f"  {line}" for line in yaml.safe_dump(own, allow_unicode=True, sort_keys=False).splitlines()]
    for start, end, name, value in earlier_values(rule, book):
        lines.append(Text(f"{start}至{end}：{name}: {value}", f"{start} to {end}: {name}: {value}").in_(lang))
    if rule.basis is not None:
        lines += [f"{label.in_(lang)}{text}" for label, text in rule.basis.said()]
    lines += _same_duty(rule, book, lang)
    if rule.note is not None:
        lines.append(Text("说明：", "Note: ").in_(lang) + rule.note.text().in_(lang))
    if rule.readings is not None:
        lines.append(Text("读法：", "Readings:").in_(lang))
        for name, reading in rule.readings.choices.items():
            mark = "＊" if name == book.readings.get(rule.id) else "  "
            lines.append(f"{mark}{name}：{reading.reason.text().in_(lang)}")
    return lines


def _same_duty(rule: Rule, book: Book, lang: Lang) -> list[str]:
    """Return which rules say the same duty, in this book or another that comes with the product."""
    if rule.duty is None:
        return []
    others, _ = load_books([name for name in packaged_books() if name != book.id], KINDS)
    same = [f"{one.id}/{other.id}" for one in (book, *others) for other in one.rules if other.duty == rule.duty]
    names = "、".join(name for name in same if name != f"{book.id}/{rule.id}")
    return [Text(f"同一义务，只计一次：{names}", f"The same duty, counted once: {names}").in_(lang)] if names else []


def compare_books(
    before: str, after: str, units: Path | None, earlier_units: Path | None = None
) -> tuple[tuple[RuleDifference, ...] | None, Problems]:
    """Return what changed from one book to another, None where one of them is not usable, and what is wrong.

    Args:
        before: the earlier book.
        after: the later book.
        units: the registry of the later book, and of both where there is no other.
        earlier_units: the registry of the earlier book.
    """
    olds, old_units, wrong = _usable((before,), earlier_units or units)
    news, new_units, problems = _usable((after,), units)
    problems = sort_problems(dict.fromkeys((*wrong, *problems)))
    if old_units is None or new_units is None:
        return None, problems
    return tuple(diff_books(olds[0], news[0], new_units, old_units)), problems


def reference(options: BookOptions) -> tuple[bytes | None, Problems]:
    """Return the rules of the books as one web page, None where something is not usable, and what is wrong."""
    books, registry, problems = _usable(options.books, options.units)
    return (None if registry is None else reference_page(books, registry, options.lang).encode()), problems


def schema_text(name: SchemaName = "rules") -> str:
    """Return the JSON Schema of one of the YAML files of a rulebook, or an editor's snippets."""
    schemas = {
        "book": book_schema,
        "cases": case_file_schema,
        "vocabulary": vocabulary_schema,
        "snippets": snippets,
    }
    schema = rules_schema(KINDS) if name == "rules" else schemas[name]()
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True)
