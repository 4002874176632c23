"""One new rule in a rulebook, from a template of a common duty and a few answers, with its cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from engine.kinds import KINDS
from events.problems import Problem, Text, Where, did_you_mean, sort_problems, suggestion
from events.storage.files import rewrite
from events.storage.ordinary import read_ordinary, read_ordinary_text
from events.vocabulary import load_vocabulary
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS
from gongkai.services.rulebooks.rule_cases import run_cases
from reports.output.folder import not_writable
from rules.cases import load_cases
from rules.lint.whole_book import lint_book
from rules.load import load_books
from rules.loading.registry import load_registry
from rules.templates.template import Template, templates, without_subjects
from rules.yaml.values import value_of
from rules.yaml.written import as_entry, as_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang
    from rules.book import Book, Clause
    from rules.units import Registry

Problems = tuple[Problem, ...]

PLACE: Final = Where("rules new")
RULES: Final = "rules.yaml"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new rule is to be.

    Attributes:
        template: the name of the template.
        clause: the clause that it comes from.
        name: the rule's id; made of clause and template without.
        title: its title; the template's without.
        quote: the clause's words; the whole clause without.
        owed_by: units and groups; those that the clause names without.
        answers: what the template asks, as `KEY=VALUE`.
    """

    template: str | None = None
    clause: str | None = None
    name: str | None = None
    title: str | None = None
    quote: str | None = None
    owed_by: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """What is asked of somebody who writes a rule: its name, the question, and the answer unless another is given."""

    name: str
    text: Text
    value: str


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule that was written: its id, and what its cases say that does not fit."""

    name: str
    cases: int
    faults: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Desk:
    """The book that a rule is written into, and the units that it is for."""

    folder: Path
    book: Book
    registry: Registry


def template_lines(lang: Lang) -> list[str]:
    """Return the templates: name, what the duty is, in which words documents say it, and what is asked."""
    lines = []
    for one in templates():
        lines.append(f"{one.name}\t{one.title.in_(lang)}\t{one.words}")
        lines += [f"    {slot.name}={_shown(slot.value)}\t{slot.question.in_(lang)}" for slot in one.slots]
    return lines


def _shown(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000).split("\n...")[0].strip()


def questions(folder: Path, wanted: Wanted, units: Path | None) -> tuple[tuple[RuleQuestion, ...], Problems]:
    """Return what is still to be asked for a rule: first the template and the clause, then what follows from them."""
    desk, problems = _desk(folder, units)
    if desk is None:
        return (), problems
    template = _template(wanted.template or "")
    clause = _clause(desk.book, wanted.clause or "")
    if template is None or clause is None:
        first = templates()[0].name
        names = "、".join(f"{one.name}（{one.title.zh}）" for one in templates())
        asked = (
            RuleQuestion("clause", Text("条款编号", "the clause"), wanted.clause or desk.book.clauses[0].id),
            RuleQuestion("template", Text(f"模板：{names}", f"the template: {names}"), wanted.template or first),
        )
        return asked, ()
    return _rest(desk, template, clause, wanted), ()


def _rest(desk: _Desk, template: Template, clause: Clause, wanted: Wanted) -> tuple[RuleQuestion, ...]:
    """Return what is asked once template and clause are known; what is said already is not asked again."""
    owners = "、".join(_owners(desk, clause))
    head = (
        RuleQuestion("name", Text("规则编号", "the rule's id"), wanted.name or f"{clause.id}.{template.name}"),
        RuleQuestion("quote", Text("引文（条款的原话）", "the clause's own words"), wanted.quote or clause.text),
        RuleQuestion("owed_by", Text("谁承担（用、隔开）", "who owes it"), "、".join(wanted.owed_by) or owners),
    )
    said = dict(one.partition("=")[::2] for one in wanted.answers)
    year = str(desk.book.in_force.start.year)
    slots = (
        RuleQuestion(slot.name, slot.question, _shown(slot.value).strip("'").replace("$year", year))
        for slot in template.slots
        if slot.name not in said
    )
    known = {"name": wanted.name, "quote": wanted.quote, "owed_by": wanted.owed_by}
    return (*(one for one in head if not known[one.name]), *slots)


def write_rule(
    folder: Path, wanted: Wanted, units: Path | None, lang: Lang = "zh"
) -> tuple[NewRule | None, tuple[Problem, ...]]:
    """Write a rule into `rules.yaml` of a book, and its cases; a book that would have new errors is left as it was.

    Args:
        folder: the book's folder.
        wanted: what the rule is to be.
        units: the registry.
        lang: language of the verdicts that the cases are run with.
    """
    desk, problems = _desk(folder, units)
    if desk is None:
        return None, problems
    rule, cases, wrong = _made(desk, wanted)
    if wrong:
        return None, sort_problems(wrong)
    before = {_said(one) for one in _looked(desk)}
    written: dict[Path, bytes | None] = {}
    try:
        _append(desk.folder / RULES, rule, written)
        _new(desk.folder / "cases" / f"{rule['id']}.yaml", as_yaml({"rule": rule["id"], "cases": cases}), written)
        found = _looked(desk)
        wrong = [one for one in found if one.severity == "error" and _said(one) not in before]
        if wrong:
            _undo(written)
            return None, sort_problems(wrong)
        return _tried(desk, str(rule["id"]), lang), ()
    except OSError as error:
        _undo(written)
        return None, (not_writable(folder, error),)


def _said(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.fact.zh


def _looked(desk: _Desk) -> Problems:
    return lint_book(desk.folder, KINDS, vocabulary=load_vocabulary(), registry=desk.registry)


def _tried(desk: _Desk, name: str, lang: Lang) -> NewRule:
    """Run the cases of a rule that was written."""
    files, _ = load_cases(desk.folder, vocabulary=load_vocabulary(), registry=desk.registry)
    results = run_cases([one for one in files if one.rule == name], str(desk.folder), desk.registry, lang)
    faults = tuple(f"{one.name}：{fault}" for one in results for fault in one.faults)
    return NewRule(name, len(results), faults)


def _desk(folder: Path, units: Path | None) -> tuple[_Desk | None, Problems]:
    """Return the book and the units; None where one of them is not usable."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    use_words((str(folder),))
    if not (folder / "book.yaml").is_file():
        fact = Text(f"“{folder}”不是规则库的文件夹", f"{folder} is no rulebook's folder")
        cure = Text("写上自己的规则库的文件夹", "Name the folder of a rulebook of your own")
        return None, (Problem("unknown-book", PLACE, fact, cure, str(folder)),)
    books, wrong = load_books((folder,), KINDS, vocabulary=load_vocabulary(), registry=registry, with_proposals=True)
    if registry is None or not books:
        return None, sort_problems((*problems, *wrong))
    return _Desk(folder, books[0], registry), ()


def _template(name: str) -> Template | None:
    return next((one for one in templates() if one.name == name), None)


def _clause(book: Book, name: str) -> Clause | None:
    return next((one for one in book.clauses if one.id == name), None)


def _owners(desk: _Desk, clause: Clause) -> tuple[str, ...]:
    """Return the units that a clause names, as far as the registry knows them."""
    return tuple(name for name in (*clause.lead, *clause.responsible) if desk.registry.knows(name))


def _made(desk: _Desk, wanted: Wanted) -> tuple[dict[str, Any], list[dict[str, Any]], list[Problem]]:
    """Return the rule and its cases, and what is wrong with what is wanted."""
    template, clause = _template(wanted.template or ""), _clause(desk.book, wanted.clause or "")
    problems = []
    if template is None:
        names = [one.name for one in templates()]
        problems.append(_unknown("--template", Text("模板", "template"), wanted.template, names))
    if clause is None:
        names = [one.id for one in desk.book.clauses]
        problems.append(_unknown("--clause", Text("条款", "clause"), wanted.clause, names))
    if template is None or clause is None:
        return {}, [], problems
    answers, problems = _answers(template, wanted.answers)
    owners = wanted.owed_by or _owners(desk, clause)
    problems += _unowned(desk, owners)
    name = wanted.name or f"{clause.id}.{template.name}"
    if any(one.id == name for one in desk.book.rules):
        fact = Text(f"已经有规则“{name}”", f"there is a rule {name!r} already")
        cure = Text("用 --id 另写一个编号", "Give it another id with --id")
        problems.append(Problem("duplicate-id", Where("--id"), fact, cure, name))
    if problems:
        return {}, [], problems
    unit = desk.registry.unit(desk.registry.members(owners)[0]).name
    made = template.made(answers, unit, desk.book.in_force.start.year)
    title = {"zh": wanted.title} if wanted.title else made.rule["title"]
    rule = {"id": name, "clause": clause.id, "title": title, "quote": wanted.quote or clause.text}
    rule |= {"owed_by": list(owners)} | {key: value for key, value in made.rule.items() if key != "title"}
    return rule, without_subjects(made.cases, load_vocabulary()), []


def _answers(template: Template, said: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
    """Return what is answered, by slot, and what is wrong with it."""
    known = [slot.name for slot in template.slots]
    answers: dict[str, Any] = {}
    problems = []
    for one in said:
        name, is_, text = one.partition("=")
        if not is_ or name not in known:
            problems.append(_unknown("--set", Text("要填的", "thing to fill in"), name, known))
            continue
        value, wrong = value_of(text, name)
        answers[name] = value if wrong is None else text
    return answers, problems


def _unowned(desk: _Desk, owners: Sequence[str]) -> list[Problem]:
    """Return the problems of names that no unit has, and of no name at all."""
    known = [*desk.registry.groups, *(unit.name for unit in desk.registry.units)]
    if not owners:
        return [_unknown("--owed-by", Text("承担单位", "unit or group that owes it"), None, known[:8])]
    strange = [name for name in owners if not desk.registry.knows(name)]
    return [_unknown("--owed-by", Text("单位或组", "unit or group"), name, known) for name in strange]


def _unknown(option: str, what: Text, name: str | None, known: Sequence[str]) -> Problem:
    """Return the problem of an option that names nothing that there is, or that is not given."""
    there = Text(f"可用：{'、'.join(known[:20])}", f"There are {', '.join(known[:20])}")
    if not name:
        return Problem("bad-option", Where(option), Text(f"没有写{what.zh}", f"no {what.en} is given"), there)
    fact = Text(f"没有{what.zh}“{name}”", f"there is no {what.en} {name!r}")
    return Problem("bad-option", Where(option), fact, suggestion(did_you_mean(name, known), there), name)


def _append(path: Path, rule: dict[str, Any], written: dict[Path, bytes | None]) -> None:
    """Append a rule to a file of rules, as its entries are indented; the file is made where there is none."""
    old = read_ordinary_text(path) if path.exists() else None
    written[path] = read_ordinary(path) if path.exists() else None
    text = old if old is not None and old.strip() else "rules:\n"
    entry = next((line for line in text.splitlines() if line.lstrip().startswith("- ")), "  - ")
    indent = entry[: len(entry) - len(entry.lstrip())]
    if text.rstrip().endswith("rules: []"):
        text = text.rstrip().removesuffix("[]").rstrip() + "\n"
    body = "\n".join(as_entry(rule, indent))
    rewrite(path, f"{text.rstrip()}\n\n{body}\n".encode())


def _new(path: Path, text: str, written: dict[Path, bytes | None]) -> None:
    """Write a file that is not there yet."""
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    written[path] = None
    rewrite(path, text.encode())


def _undo(written: dict[Path, bytes | None]) -> None:
    """Put every file back as it was."""
    for path, old in written.items():
        if old is None:
            path.unlink(missing_ok=True)
        else:
            rewrite(path, old)
