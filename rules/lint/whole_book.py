"""Looking a rulebook over: quotes, clauses, readings and cases, beyond what loading it needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from events.problems import Problem, Text, did_you_mean, has_errors, sort_problems, suggestion
from rules.cases import RuleCases, load_cases
from rules.lint.inherited import inherited_words
from rules.lint.numbers import unused_numbers
from rules.lint.proposed import left_to_decide
from rules.lint.reachable import check_reachable
from rules.loading.packaged import find_book
from rules.loading.resolved import LoadedRule, load_rules, unaccounted_clause
from rules.loading.vocabulary import words_of
from rules.yaml.folded import departs, fold_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Where
    from events.vocabulary import Vocabulary
    from rules.loading.draft import BookDraft
    from rules.model import Rule
    from rules.units import Registry

SHORTEST = 13
"""From how many characters on a quote is taken to say its duty."""


def lint_book(
    folder_or_name: str | Path,
    kinds: Sequence[type[Rule]],
    *,
    vocabulary: Vocabulary | None = None,
    registry: Registry | None = None,
) -> tuple[Problem, ...]:
    """Return everything that is wrong, or worth a look, in a rulebook.

    Args:
        folder_or_name: a folder, or the name of a rulebook that comes with the product.
        kinds: the models of the kinds of rule.
        vocabulary: the event types that rules may name.
        registry: the units that rules may name.

    Returns:
        Errors and warnings, in the order of their places.
    """
    folder, problems = find_book(folder_or_name)
    return problems if folder is None else look_over(folder, kinds, vocabulary, registry).problems


class Looked(NamedTuple):
    """A rulebook's folder as it was written, its usable rules, and everything that is wrong with it."""

    draft: BookDraft | None
    rules: tuple[LoadedRule, ...]
    problems: tuple[Problem, ...]


def look_over(
    folder: Path,
    kinds: Sequence[type[Rule]],
    vocabulary: Vocabulary | None = None,
    registry: Registry | None = None,
) -> Looked:
    """Read a rulebook's folder and look it over."""
    if vocabulary is not None:
        vocabulary, _ = words_of(vocabulary, [folder])
    draft, loaded, problems = load_rules(folder, kinds, vocabulary, registry)
    if draft is None:
        return Looked(None, (), problems)
    cases, case_problems = load_cases(folder, vocabulary=vocabulary, registry=registry)
    found = [*problems, *case_problems, *_clause_texts(draft), *inherited_words(draft)]
    found += () if draft.entry.complete else _unaccounted(draft, loaded)
    words = {clause.id: (fold_text(clause.text), fold_text(clause.section)) for clause in draft.entry.clauses}
    for rule in loaded:
        found += (*_quotes(rule, draft, words), *_same_readings(rule), *check_reachable(rule, vocabulary))
        found += _nobody(rule, registry) if registry is not None else ()
        found += (*_no_basis(rule, draft), *left_to_decide(rule))
    if not has_errors(problems):  # a rule that could not be read is not one that is missing
        found += _cases_without_rule(cases, loaded, draft)
        found += unused_numbers(draft, loaded)
    if not has_errors(case_problems):
        found += _rules_without_cases(cases, loaded, folder)
    return Looked(draft, loaded, sort_problems(found))


def _clause_texts(draft: BookDraft) -> list[Problem]:
    """Return a problem for every clause whose words are not the document's."""
    source = fold_text(draft.source)
    cure = Text("请从原文照抄", "Copy it from the document")
    problems: list[Problem] = []
    for position, clause in enumerate(draft.entry.clauses):
        missing = departs(clause.text, source)
        if missing is not None:
            where = draft.clause_node(position).children["text"].where
            fact = Text(
                f"条款 {clause.id} 从“{missing}”起与原文不同",
                f"the clause {clause.id} departs from the document at {missing!r}",
            )
            problems.append(Problem("text-not-in-source", where, fact, cure, clause.text))
    return problems


def _quotes(loaded: LoadedRule, draft: BookDraft, words: Mapping[str, tuple[str, str]]) -> list[Problem]:
    """Return the problem of a quote that is neither in its clause nor in the heading above it, or that says little.

    Args:
        loaded: the rule.
        draft: its book.
        words: the folded words of each clause, and those of the heading above it.
    """
    rule = loaded.rule
    text, section = words.get(rule.clause, (fold_text(rule.quote), ""))
    missing = None if fold_text(rule.quote) in section else departs(rule.quote, text)
    if missing is None:
        return _short_quote(loaded, text) if draft.entry.reviewed else []
    fact = Text(
        f"引文从“{missing}”起与条款 {rule.clause} 不同",
        f"the quote departs from the clause {rule.clause} at {missing!r}",
    )
    cure = Text("请照抄条款的原话", "Copy the clause's own words")
    return [Problem("quote-not-in-clause", loaded.node.children["quote"].where, fact, cure, rule.quote)]


def _short_quote(loaded: LoadedRule, text: str) -> list[Problem]:
    """Return a warning for a quote of so few words that the duty is not in it, where its clause has more."""
    quote = loaded.rule.quote
    if len(fold_text(quote)) >= SHORTEST or len(fold_text(quote)) >= len(text) - 1:
        return []
    fact = Text(f"引文“{quote}”只有几个字，看不出义务", f"the quote {quote!r} is too short to show the duty")
    cure = Text("请引到说清义务的整句", "Quote on, to where the duty is said")
    return [_warning("short-quote", loaded.node.children["quote"].where, fact, cure, quote)]


def _unaccounted(draft: BookDraft, loaded: Sequence[LoadedRule]) -> list[Problem]:
    """Return a warning for every clause with neither a rule nor a note, in a book that is not yet complete."""
    ruled = {rule.rule.clause for rule in loaded}
    problems: list[Problem] = []
    for position, clause in enumerate(draft.entry.clauses):
        if clause.id not in ruled and clause.note is None:
            error = unaccounted_clause(draft.clause_node(position), clause.id)
            problems.append(_warning(error.code, error.where, error.fact, error.cure, clause.id))
    return problems


def _same_readings(loaded: LoadedRule) -> list[Problem]:
    """Return a warning for every reading that says the same as one before it."""
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for name, versions in loaded.readings.items():
        said = "".join(rule.model_dump_json(exclude={"readings"}) for rule in versions)
        first = seen.setdefault(said, name)
        if first != name:
            fact = Text(f"解读“{name}”与“{first}”相同", f"the reading {name!r} says the same as {first!r}")
            cure = Text("请在 set 中写明不同之处", "Say in its set what differs")
            problems.append(_warning("same-reading", loaded.node.place_of(name), fact, cure, name))
    return problems


def _nobody(loaded: LoadedRule, registry: Registry) -> list[Problem]:
    """Return a warning for a rule that no unit of the registry owes."""
    rule = loaded.rule
    known = all(registry.knows(name) for name in rule.owed_by)
    if not known or registry.members(rule.owed_by):
        return []
    fact = Text(f"没有单位承担规则 {rule.id}", f"no unit owes the rule {rule.id}")
    cure = Text("请核对 owed_by 中的组", "Check the groups in owed_by")
    where = loaded.node.children["owed_by"].where
    return [_warning("owed-by-nobody", where, fact, cure, ", ".join(rule.owed_by))]


def _no_basis(loaded: LoadedRule, draft: BookDraft) -> list[Problem]:
    """Return the problem of a rule that does not say who owes it and what proves it, in a book that asks for it."""
    own = Path(loaded.node.where.file).parent == draft.folder
    if not draft.entry.reviewed or not own or loaded.rule.basis is not None:
        return []
    name = loaded.rule.id
    fact = Text(f"规则 {name} 没有写明依据（basis）", f"the rule {name} has no basis")
    cure = Text(
        "请写明谁承担、依据哪句话、从何时起、什么记录证明（owed、from、proof、also）",
        "Say who owes it by which words, from when, and what proves it: owed, from, proof, also",
    )
    return [Problem("no-basis", loaded.node.where, fact, cure, name)]


def _cases_without_rule(cases: Sequence[RuleCases], loaded: Sequence[LoadedRule], draft: BookDraft) -> list[Problem]:
    """Return a problem for every case of a rule or reading that is not in the book."""
    known: Mapping[str, LoadedRule] = {rule.rule.id: rule for rule in loaded}
    written = {name for node in draft.rules if (name := node.text("id")) is not None}
    problems: list[Problem] = []
    for file in cases:
        rule = known.get(file.rule)
        if rule is not None:
            problems += _unknown_readings(file, rule)
        elif file.rule not in written:
            fact = Text(f"规则集没有规则“{file.rule}”", f"the book has no rule {file.rule!r}")
            cure = suggestion(did_you_mean(file.rule, written), Text("请核对规则编号", "Check the rule's id"))
            problems.append(Problem("unknown-rule", file.places[0], fact, cure, file.rule))
    return problems


def _unknown_readings(file: RuleCases, rule: LoadedRule) -> list[Problem]:
    """Return a problem for every case in a reading that its rule does not have."""
    names = [name for name in rule.readings if name]
    problems: list[Problem] = []
    for case, where in zip(file.cases, file.places, strict=True):
        if case.reading is not None and case.reading not in names:
            fact = Text(f"规则 {file.rule} 没有解读“{case.reading}”", f"{file.rule} has no reading {case.reading!r}")
            otherwise = Text("请去掉 reading", "Leave out the reading")
            cure = suggestion(did_you_mean(case.reading, names), otherwise)
            problems.append(Problem("unknown-reading", where, fact, cure, case.reading))
    return problems


def _rules_without_cases(cases: Sequence[RuleCases], loaded: Sequence[LoadedRule], folder: Path) -> list[Problem]:
    """Return a warning for every rule without a case file."""
    tested = {file.rule for file in cases}
    problems: list[Problem] = []
    for rule in loaded:
        name = rule.rule.id
        own = Path(rule.node.where.file).parent == folder  # an inherited rule has its cases in its own book
        if own and name not in tested and rule.rule.status is None:  # what is not decided yet has none
            fact = Text(f"规则 {name} 没有用例", f"the rule {name} has no cases")
            cure = Text(f"请写 cases/{name}.yaml", f"Write cases/{name}.yaml")
            problems.append(_warning("no-cases", rule.node.where, fact, cure, name))
    return problems


def _warning(code: str, where: Where, fact: Text, cure: Text, value: str) -> Problem:
    """Return a problem that does not make the book unusable."""
    return Problem(code, where, fact, cure, value, severity="warning")
