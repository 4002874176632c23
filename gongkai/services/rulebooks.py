"""`gongkai rules show`, `coverage`, `diff` and `reference`: the rulebooks for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from engine.kinds import KINDS
from events.problems import Problem, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from events.vocabulary import load_vocabulary
from gongkai.cli.terminal import say, say_problems
from gongkai.evaluation.inputs import DEFAULT_UNITS
from reports.output.folder import WriteError, write_one
from reports.pages.reference import reference_page
from rules.diff import diff_books, earlier_values
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang
    from rules.book import Book
    from rules.diff import RuleChange
    from rules.model import Rule
    from rules.units import Registry

OK, UNUSABLE = 0, 2
SORTS = {"added": Text("新增", "added"), "dropped": Text("取消", "dropped"), "changed": Text("修改", "changed")}


def _books(names: Sequence[str], units: Path | None, lang: Lang) -> tuple[tuple[Book, ...], Registry | None]:
    """Return usable books and the registry; what is wrong is printed, and then there is no registry."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    books, wrong = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry)
    found = sort_problems((*problems, *wrong))
    say_problems(found, lang)
    return books, None if has_errors(found) else registry


def coverage(names: Sequence[str], units: Path | None, lang: Lang) -> int:
    """Print clause by clause how many rules it has and whether a note says what none can check."""
    books, registry = _books(names, units, lang)
    if registry is None:
        return UNUSABLE
    for book in books:
        ruled = 0
        for clause in book.clauses:
            rules = [rule.id for rule in book.rules if rule.clause == clause.id]
            ruled += bool(rules or clause.note)
            note = Text("有说明", "note").in_(lang) if clause.note else ""
            say(f"{clause.id}\t{len(rules)}\t{note}\t{' '.join(rules)}")
        total = len(book.clauses)
        text = Text(
            f"{book.id}：{ruled}/{total}个条款有规则或说明，共{len(book.rules)}条规则",
            f"{book.id}: {ruled} of {total} clauses have rules or a note; {len(book.rules)} rules",
        )
        say(text.in_(lang))
    return OK


def _rule_lines(rule: Rule, book: Book, registry: Registry, lang: Lang) -> list[str]:
    """Return everything that is to know about a rule."""
    units = "、".join(registry.unit(unit).name for unit in registry.members(rule.owed_by))
    fields = rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    own = {name: value for name, value in fields.items() if name not in {"title", "quote", "note", "readings", "id"}}
    lines = [f"{rule.id}  {rule.title.text().in_(lang)}", f"{book.title.in_(lang)}（{book.document}）{rule.clause}"]
    lines += [f"“{rule.quote}”", Text(f"责任单位：{units}", f"Owed by: {units}").in_(lang)]
    lines += [f"  {line}" for line in yaml.safe_dump(own, allow_unicode=True, sort_keys=False).splitlines()]
    for start, end, name, value in earlier_values(rule, book):
        lines.append(Text(f"{start}至{end}：{name}: {value}", f"{start} to {end}: {name}: {value}").in_(lang))
    if rule.note is not None:
        lines.append(Text("说明：", "Note: ").in_(lang) + rule.note.text().in_(lang))
    if rule.readings is not None:
        lines.append(Text("读法：", "Readings:").in_(lang))
        for name, reading in rule.readings.choices.items():
            mark = "＊" if name == book.readings.get(rule.id) else "  "
            lines.append(f"{mark}{name}：{reading.reason.text().in_(lang)}")
    return lines


def show(name: str, names: Sequence[str], units: Path | None, lang: Lang) -> int:
    """Print one rule whole."""
    books, registry = _books(names, units, lang)
    if registry is None:
        return UNUSABLE
    for book in books:
        for rule in book.rules:
            if rule.id == name:
                for line in _rule_lines(rule, book, registry, lang):
                    say(line)
                return OK
    known = [rule.id for book in books for rule in book.rules]
    fact = Text(f"没有规则“{name}”", f"there is no rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("编号见 gongkai rules list", "Ids: gongkai rules list"))
    say_problems([Problem("unknown-rule", Where("rules show"), fact, cure, name)], lang)
    return UNUSABLE


def _change_lines(change: RuleChange, lang: Lang) -> list[str]:
    """Return one rule that differs: what, and for whom."""
    lines = [f"{SORTS[change.sort].in_(lang)}  {change.rule}"]
    lines += [f"    {name}：{old} → {new}" for name, old, new in change.fields]
    for label, units in ((Text("新承担", "owed now by"), change.more), (Text("不再承担", "no more by"), change.fewer)):
        if units:
            lines.append(f"    {label.in_(lang)}：{'、'.join(units)}")
    return lines


def diff(before: str, after: str, units: Path | None, lang: Lang) -> int:
    """Print what changed from one book to another, and for whom."""
    books, registry = _books((before, after), units, lang)
    if registry is None:
        return UNUSABLE
    changes = diff_books(books[0], books[1], registry)
    for change in changes:
        for line in _change_lines(change, lang):
            say(line)
    say(Text(f"有变化的规则{len(changes)}条", f"{len(changes)} rules differ").in_(lang))
    return OK


def reference(names: Sequence[str], units: Path | None, out: Path, lang: Lang) -> int:
    """Write the rules of the books as one web page."""
    books, registry = _books(names, units, lang)
    if registry is None:
        return UNUSABLE
    try:
        write_one(out, reference_page(books, registry, lang).encode())
    except WriteError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    say(str(out))
    return OK
