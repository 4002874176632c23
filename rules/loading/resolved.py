"""The rules of a rulebook's folder, each validated in each of its readings."""

from __future__ import annotations

import typing
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import Problem, Text, did_you_mean, has_errors, sort_problems, suggestion
from rules.loading.dated import versions_of
from rules.loading.draft import BookDraft, read_draft
from rules.loading.names import check_events, check_units
from rules.loading.packaged import BOOKS
from rules.loading.shares import check_shares
from rules.loading.vocabulary import words_of
from rules.loading.words import in_ids
from rules.model import Period, Readings
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.vocabulary import Vocabulary
    from rules.model import Rule
    from rules.units import Registry
    from rules.yaml.nodes import Node

FIXED = frozenset({"id", "clause", "quote", "readings"})
"""What a reading cannot set: it is what identifies the rule, or what is being read."""


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule in each of its readings.

    Attributes:
        node: where it stands.
        readings: by reading, the rule's versions in the order of time; under the empty name where it has one reading.
        default: name of its default reading, empty where it has only one.
    """

    node: Node
    readings: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    default: str = ""

    @property
    def rule(self) -> Rule:
        """Return the rule in its default reading, as it holds last."""
        return self.readings[self.default][-1]

    @property
    def versions(self) -> tuple[Rule, ...]:
        """Return every version of the rule in every reading."""
        return tuple(rule for versions in self.readings.values() for rule in versions)

    def in_ids(self, vocabulary: Vocabulary) -> LoadedRule:
        """Return the same with every word of its versions as the vocabulary's own id."""
        versions = {name: tuple(in_ids(rule, vocabulary) for rule in rules) for name, rules in self.readings.items()}
        return replace(self, readings=versions)


def _own(loaded: Sequence[LoadedRule], draft: BookDraft) -> list[tuple[Rule, Node]]:
    """Return the rules that the book itself wrote, with their places, where the book is one of a county.

    A rule that it inherits, or that comes with the product, may name units that this county lacks.
    """
    if draft.folder.parent == BOOKS:
        return []
    return [
        (rule, one.node) for one in loaded if Path(one.node.where.file).parent == draft.folder for rule in one.versions
    ]


def unknown_owners(
    folder: Path, kinds: Sequence[type[Rule]], vocabulary: Vocabulary | None, registry: Registry
) -> tuple[Problem, ...]:
    """Return a problem for each unit or group that rules written in a book itself name and a registry lacks.

    Args:
        folder: the rulebook's folder.
        kinds: the models of the kinds of rule.
        vocabulary: the event types that rules may name.
        registry: the units that there are.
    """
    draft, found, _ = load_rules(folder, kinds, vocabulary)
    return check_units(_own(found, draft), registry) if draft is not None else ()


def load_rules(
    folder: Path,
    kinds: Sequence[type[Rule]],
    vocabulary: Vocabulary | None = None,
    registry: Registry | None = None,
) -> tuple[BookDraft | None, tuple[LoadedRule, ...], tuple[Problem, ...]]:
    """Read the files of a rulebook and validate every reading of every rule.

    Args:
        folder: the rulebook's folder.
        kinds: the models of the kinds of rule.
        vocabulary: the event types that rules may name besides those that the book adds, to check them.
        registry: the units that rules may name, to check them.

    Returns:
        The files as written, the rules that are usable in the order of the clauses, and everything that is wrong.
    """
    draft, problems = read_draft(folder)
    if draft is None:
        return None, (), problems
    asked = (folder, draft.sha256, tuple(kinds))
    for before in _LOADED:
        if before.asked == asked and before.vocabulary is vocabulary and before.registry == registry:
            return before.found
    found = _loaded(draft, problems, kinds, vocabulary, registry)
    if not problems:  # a file that could not be read may be readable the next time
        _LOADED.append(_Loaded(asked, vocabulary, registry, found))
    return found


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A book as it was loaded: the same files give the same rules, with the same words and units."""

    asked: tuple[Path, str, tuple[type[Rule], ...]]
    vocabulary: Vocabulary | None
    registry: Registry | None
    found: tuple[BookDraft | None, tuple[LoadedRule, ...], tuple[Problem, ...]]


_LOADED: deque[_Loaded] = deque(maxlen=8)
"""The books that were loaded last; a server and a test ask for the same one again and again."""


def _loaded(
    draft: BookDraft,
    problems: tuple[Problem, ...],
    kinds: Sequence[type[Rule]],
    vocabulary: Vocabulary | None,
    registry: Registry | None,
) -> tuple[BookDraft, tuple[LoadedRule, ...], tuple[Problem, ...]]:
    """Return the usable rules of a book's files, and everything that is wrong with them."""
    found: list[LoadedRule] = []
    collected = list(problems)
    if vocabulary is not None:
        vocabulary, wrong = words_of(vocabulary, [draft.folder])
        collected += wrong
    order = {clause.id: position for position, clause in enumerate(draft.entry.clauses)}
    for node in draft.rules:
        loaded, wrong = _load_rule(node, draft, kinds)
        collected += wrong
        if loaded is None:
            continue
        if vocabulary is not None:
            loaded = loaded.in_ids(vocabulary)
        found.append(loaded)
        collected += _check_clause(loaded, order)
        for rule in loaded.versions:
            collected += check_events(rule, node, vocabulary) if vocabulary is not None else ()
    if registry is not None:
        collected += (*check_units(_own(found, draft), registry), *check_shares(_own(found, draft), registry))
    collected += _unaccounted(draft, found) if draft.entry.complete else ()
    found.sort(key=lambda loaded: order.get(loaded.rule.clause, len(order)))
    return draft, tuple(found), sort_problems(collected)


def _load_rule(
    node: Node, draft: BookDraft, kinds: Sequence[type[Rule]]
) -> tuple[LoadedRule | None, tuple[Problem, ...]]:
    """Return a rule in each of its readings, or None and what is wrong with it."""
    readings, problems = _readings(node)
    given: dict[str | int, Node] = {"period": draft.node.children["in_force"]}
    whole = replace(node, children=given | dict(node.children))
    if problems:
        bare = replace(whole, children={key: child for key, child in whole.children.items() if key != "readings"})
        return None, problems + _versions(bare, kinds)[1]
    if readings is None:
        versions, problems = _versions(whole, kinds)
        return (LoadedRule(node, {"": versions}) if versions else None), problems
    made: dict[str, tuple[Rule, ...]] = {}
    for name in readings.choices:
        nodes = _set_nodes(node, name)
        versions, wrong = _versions(replace(whole, children=dict(whole.children) | nodes), kinds)
        problems += wrong + _fixed_fields(nodes)
        if versions:
            made[name] = versions
    problems = tuple(dict.fromkeys(problems))
    if has_errors(problems) or not made:
        return None, problems
    return LoadedRule(node, made, readings.default), problems


def _versions(node: Node, kinds: Sequence[type[Rule]]) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """Return a rule of one reading as it holds at different times, and what is wrong with it."""
    model, problems = _model(node, kinds)
    if model is None:
        return (), problems
    period, _ = validate(Period, node.children["period"])
    if period is None:  # the rule's own validation says what is wrong with it
        return (), _validated(node, model)[1]
    found, problems = versions_of(node, period, at_end=model.value_at_end)
    made: list[Rule] = []
    for days, version in found:
        rule, wrong = _validated(version, model, days)
        problems += wrong
        made += [rule] if rule is not None else []
    if not found and not has_errors(problems):
        fact = Text("规则在整个期间没有生效的值", "no value of the rule is in force in all its period")
        cure = Text("请补上期末生效的值", "Give the value that holds when the period ends")
        problems += (Problem("no-value", node.where, fact, cure, node.text("id")),)
    return (() if has_errors(problems) else tuple(made)), tuple(dict.fromkeys(problems))


def _readings(node: Node) -> tuple[Readings | None, tuple[Problem, ...]]:
    """Return the readings of a rule, None where it has only one."""
    child = node.get("readings")
    return validate(Readings, child) if child is not None else (None, ())


def _set_nodes(node: Node, name: str) -> dict[str | int, Node]:
    """Return the nodes of what a reading sets, by field."""
    current: Node | None = node
    for step in ("readings", "choices", name, "set"):
        current = current.get(step) if current is not None else None
    return dict(current.children) if current is not None else {}


def _fixed_fields(nodes: Mapping[str | int, Node]) -> tuple[Problem, ...]:
    """Return a problem for every field that a reading must leave alone."""
    cure = Text("请写成另一条规则", "Write it as a rule of its own")
    return tuple(
        Problem("bad-reading", child.key, Text(f"解读不能改变“{key}”", f"a reading cannot set {key!r}"), cure, str(key))
        for key, child in nodes.items()
        if key in FIXED
    )


def _validated(node: Node, model: type[Rule], days: Period | None = None) -> tuple[Rule | None, tuple[Problem, ...]]:
    """Return the value as a rule of its kind, on these days where they are given."""
    value: dict[str, object] = {str(key): child.plain() for key, child in node.children.items()}
    if days is not None:
        value["period"] = {"from": days.start, "to": days.end}
    return validate(model, node, value=value)


def _model(node: Node, kinds: Sequence[type[Rule]]) -> tuple[type[Rule] | None, tuple[Problem, ...]]:
    """Return the model of the kind that a rule names."""
    models = {kind_name(kind): kind for kind in kinds}
    child = node.get("kind")
    name = child.plain() if child is not None else None
    model = models.get(str(name))
    if model is not None:
        return model, ()
    known = "、".join(sorted(models))
    if child is None or name is None:
        fact = Text("缺少“kind”", "'kind' is missing")
        return None, (
            Problem("missing-key", node.where, fact, Text(f"请写明种类：{known}", f"One of {known}"), "kind"),
        )
    fact = Text(f"没有“{name}”这种规则", f"there is no kind of rule {name!r}")
    cure = suggestion(did_you_mean(str(name), models, most=1), Text(f"种类有：{known}", f"The kinds are {known}"))
    return None, (Problem("unknown-kind", child.where, fact, cure, str(name)),)


@cache
def kind_name(model: type[Rule]) -> str:
    """Return the word that `kind:` gives for a model."""
    info = model.model_fields["kind"]
    words = typing.get_args(info.annotation)
    return str(words[0] if words else info.default)


def _check_clause(loaded: LoadedRule, known: Mapping[str, int]) -> tuple[Problem, ...]:
    """Return the problem of a rule for a clause that the book does not have."""
    clause = loaded.rule.clause
    if clause in known:
        return ()
    fact = Text(f"规则集没有条款“{clause}”", f"the book has no clause {clause!r}")
    cure = suggestion(did_you_mean(clause, known), Text("请在 book.yaml 中登记条款", "Add it to book.yaml"))
    return (Problem("unknown-clause", loaded.node.children["clause"].where, fact, cure, clause),)


def _unaccounted(draft: BookDraft, found: Sequence[LoadedRule]) -> tuple[Problem, ...]:
    """Return an error for every clause without a rule and without a note."""
    ruled = {loaded.rule.clause for loaded in found}
    return tuple(
        unaccounted_clause(draft.clause_node(position), clause.id)
        for position, clause in enumerate(draft.entry.clauses)
        if clause.id not in ruled and clause.note is None
    )


def unaccounted_clause(node: Node, clause: str) -> Problem:
    """Return the problem of a clause with neither a rule nor a note."""
    fact = Text(f"条款 {clause} 既没有规则也没有说明", f"the clause {clause} has neither a rule nor a note")
    cure = Text("请写一条规则，或者用 note 写明为什么不能核对", "Write a rule, or say in a note why none can check it")
    return Problem("unaccounted-clause", node.where, fact, cure, clause)
