"""A scoring policy in YAML: weights, deductions with caps, vetoes, a gated bonus, lists by stated thresholds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from events.problems import Problem, Text, did_you_mean, has_errors, sort_problems, suggestion
from events.storage.ordinary import read_ordinary
from rules.model import Bilingual, Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.book import Book
    from rules.yaml.nodes import Node

Breach = Literal["violated", "late", "unassessed"]
Patterns = tuple[Word, ...]


class Deduction(Model):
    """So many points for each verdict of a status, up to a cap; `rules` narrows the rules of the indicator."""

    status: Breach
    points: float = Field(gt=0)
    cap: float | None = Field(default=None, gt=0)
    rules: Patterns = ()


class Share(Model):
    """Points by the share of what was done: in time counts 1, late counts `late`, not done 0."""

    late: float = Field(default=0, ge=0, le=1, description="partial credit for what was done late")
    unassessed: Literal["left_out", "zero"] = "left_out"


class Indicator(Model):
    """A part of the score: some rules and the points that they are worth, by deductions or by share."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
    title: Bilingual
    weight: float = Field(gt=0)
    rules: Patterns = Field(min_length=1)
    deduct: tuple[Deduction, ...] = ()
    share: Share | None = None
    weights: dict[str, float] = Field(
        default_factory=dict, description="how much a rule counts in the share; 1 without"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Indicator:
        """Refuse an indicator that is scored in both ways or in none."""
        if bool(self.deduct) == (self.share is not None):
            msg = "give exactly one of deduct and share"
            raise ValueError(msg)
        if self.weights and self.share is None:
            msg = "weights of rules go with share"
            raise ValueError(msg)
        if any(weight <= 0 for weight in self.weights.values()):
            msg = "a weight is more than 0"
            raise ValueError(msg)
        return self


class Veto(Model):
    """One violation of these rules fails the unit; its score is at most `score`."""

    title: Bilingual
    rules: Patterns = Field(min_length=1)
    score: float = Field(default=0, ge=0)


class BonusItem(Model):
    """So many points for each thing done in time, up to a cap."""

    title: Bilingual
    rules: Patterns = Field(min_length=1)
    each: float = Field(gt=0)
    cap: float | None = Field(default=None, gt=0)


class Bonus(Model):
    """Points above the rest, for units whose score is above the gate."""

    max: float = Field(gt=0)
    above: float = Field(ge=0)
    items: tuple[BonusItem, ...] = Field(min_length=1)


class Grade(Model):
    """The name of scores from a bound on."""

    title: Bilingual
    at_least: float = Field(ge=0)


class Conditions(Model):
    """Thresholds of a list: for praise all of them hold, for an interview any of them is enough."""

    score_at_least: float | None = None
    score_below: float | None = None
    violated_at_most: int | None = Field(default=None, ge=0)
    violated_at_least: int | None = Field(default=None, ge=1)
    late_at_most: int | None = Field(default=None, ge=0)
    still_violated_at_least: int | None = Field(default=None, ge=1)
    rank_at_most: int | None = Field(default=None, ge=1)
    vetoed: bool | None = None

    @model_validator(mode="after")
    def _some(self) -> Conditions:
        """Refuse a list without a threshold."""
        if all(getattr(self, name) is None for name in type(self).model_fields):
            msg = "state at least one threshold"
            raise ValueError(msg)
        return self


class Policy(Model):
    """How verdicts become scores. It is a county's own choice: no document gives these figures."""

    title: Bilingual
    example: bool = False
    note: Bilingual | None = None
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    vetoes: tuple[Veto, ...] = ()
    bonus: Bonus | None = None
    grades: tuple[Grade, ...] = ()
    failed: Bilingual = Bilingual(zh="不合格", en="failed")
    praise: Conditions | None = None
    interview: Conditions | None = None
    rank_within: tuple[Word, ...] = Field(
        default=(), description="groups of the registry that are ranked apart; other units are scored, not ranked"
    )

    @property
    def base(self) -> float:
        """The most points without the bonus."""
        return sum(indicator.weight for indicator in self.indicators)

    @property
    def most(self) -> float:
        """The most points there are."""
        return self.base + (self.bonus.max if self.bonus is not None else 0)


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy with the hash of its file."""

    policy: Policy
    sha256: str


def fits(patterns: Sequence[str], rule: str, clause: str) -> bool:
    """Say whether a rule is among the patterns: a clause such as `8.2`, a rule, or a pattern of rules such as `3.*`."""
    return any(pattern == clause or fnmatchcase(rule, pattern) for pattern in patterns)


def load_policy(path: Path, books: Sequence[Book]) -> tuple[LoadedPolicy | None, tuple[Problem, ...]]:
    """Read a scoring policy.

    Args:
        path: the YAML file.
        books: the rulebooks whose verdicts it scores.

    Returns:
        The policy, None where it is unusable, and everything that is wrong with it.
    """
    loaded, node, problems = _read(path)
    if loaded is not None and node is not None:
        problems += (*_unknown(node, books), *_twice(loaded.policy, node, books))
    return (None if has_errors(problems) else loaded), sort_problems(problems)


def read_policy(path: Path) -> tuple[LoadedPolicy | None, tuple[Problem, ...]]:
    """Read a scoring policy where the rulebooks are not at hand: whether its rules exist is not asked."""
    loaded, _, problems = _read(path)
    return (None if has_errors(problems) else loaded), sort_problems(problems)


def _read(path: Path) -> tuple[LoadedPolicy | None, Node | None, tuple[Problem, ...]]:
    """Return the policy as its file has it, where it is one, with its nodes and what is wrong with its shape."""
    node, problems = read_yaml(path)
    if node is None:
        return None, None, problems
    policy, wrong = validate(Policy, node)
    loaded = LoadedPolicy(policy, hashlib.sha256(read_ordinary(path)).hexdigest()) if policy is not None else None
    return loaded, node, (*problems, *wrong)


def _unknown(node: Node, books: Sequence[Book]) -> list[Problem]:
    """Return a problem for every pattern that no rule of the books fits."""
    rules = [(rule.id, rule.clause) for book in books for rule in book.rules]
    known = [*dict.fromkeys(clause for _, clause in rules), *(rule for rule, _ in rules)]
    problems = []
    for part in node.walk():
        for one in (*part.items("rules"), *(weights.children.values() if (weights := part.get("weights")) else ())):
            text = str(one.scalar) if one in part.items("rules") else _key_of(part, one)
            if not any(fits([text], rule, clause) for rule, clause in rules):
                fact = Text(f"没有规则或者条款“{text}”", f"there is no rule or clause {text!r}")
                cure = suggestion(did_you_mean(text, known), Text("见 gongkai rules list", "See gongkai rules list"))
                problems.append(Problem("unknown-rule", one.key, fact, cure, text))
    return problems


def _key_of(part: Node, value: Node) -> str:
    """Return the key that a weight stands under."""
    weights = part.get("weights")
    return next(str(key) for key, child in weights.children.items() if child is value) if weights is not None else ""


def _twice(policy: Policy, node: Node, books: Sequence[Book]) -> list[Problem]:
    """Return a problem for every indicator with a rule that an earlier one has, and for every id given twice."""
    problems = []
    entries = node.items("indicators")
    for number, indicator in enumerate(policy.indicators):
        rules = entries[number].get("rules")
        place = entries[number].where if rules is None else rules.key
        for earlier in policy.indicators[:number]:
            both = [
                rule.id
                for book in books
                for rule in book.rules
                if fits(indicator.rules, rule.id, rule.clause) and fits(earlier.rules, rule.id, rule.clause)
            ]
            if both:
                fact = Text(
                    f"{both[0]} 在指标 {earlier.id} 和 {indicator.id} 里都有，会计两次",
                    f"{both[0]} is in {earlier.id} and in {indicator.id}, and would count twice",
                )
                cure = Text("只留在一个指标里", "Leave it in one of them")
                problems.append(Problem("scored-twice", place, fact, cure, both[0]))
            if earlier.id == indicator.id:
                fact = Text(f"指标编号“{indicator.id}”重复", f"the indicator {indicator.id!r} is there twice")
                problems.append(Problem("duplicate-id", place, fact, Text("请改一个", "Rename one"), indicator.id))
    return problems
