"""Scores by a policy: exact, in any order the same, each with the lines that it follows from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from reports.scoring.policy import fits

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reports.run.evaluation import Evaluation, UnitPart, Verdict
    from reports.scoring.policy import Bonus, Conditions, Deduction, Indicator, LoadedPolicy, Policy
    from rules.units import Unit


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Why points were taken or given.

    Attributes:
        verdicts: the verdicts that it counts, by obligation.
        points: the points: negative where they were taken, positive for a bonus, the share's points for a share.
        uncapped: the points without the cap, where the cap took effect.
        share: what share was done, for an indicator by share.
    """

    verdicts: tuple[Verdict, ...]
    points: Fraction
    uncapped: Fraction | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator of one unit.

    Attributes:
        indicator: the indicator.
        applies: whether the unit owes anything under it; where not, its weight goes to the others in proportion.
        weight: its weight after that.
        points: its points, out of `weight`.
        lines: what they follow from, before the redistribution.
    """

    indicator: Indicator
    applies: bool
    weight: Fraction
    points: Fraction
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one unit.

    Attributes:
        unit: the unit.
        parts: its indicators.
        base: the points of the indicators, out of the policy's base; None where nothing applies.
        bonus: what the bonus adds.
        bonus_lines: what the bonus follows from.
        gated: whether the base is not above the gate, so that there is no bonus.
        vetoes: titles of the vetoes with their verdicts.
        total: the score; None where nothing applies.
        grade: its name, index of the policy's grades; None where it has none.
        counts: numbers of violated, late and unassessed verdicts.
        still: how many verdicts were violated in the earlier evaluation and are still.
        rank: the place among the units of its group, the same for equal scores.
        group: the group that it is ranked in, empty for all.
    """

    unit: Unit
    parts: tuple[Part, ...]
    base: Fraction | None
    bonus: Fraction
    bonus_lines: tuple[ScoreLine, ...]
    gated: bool
    vetoes: tuple[tuple[int, tuple[Verdict, ...]], ...]
    total: Fraction | None
    grade: int | None
    counts: Mapping[str, int]
    still: int = 0
    rank: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scores of an evaluation.

    Attributes:
        loaded: the policy.
        scores: a score a unit, in the order of the registry.
        groups: units by group that is ranked, best first.
        praise: ids of the units on the list for praise.
        interview: ids of the units on the list for an interview.
        unscored: how many rules no indicator has.
    """

    loaded: LoadedPolicy
    scores: tuple[Score, ...]
    groups: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    praise: tuple[str, ...] = ()
    interview: tuple[str, ...] = ()
    unscored: int = 0

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.loaded.policy

    def of(self, unit: str) -> Score | None:
        """Return the score of a unit; None where it has none, for it filed nothing."""
        return next((score for score in self.scores if score.unit.id == unit), None)


def exact(value: float) -> Fraction:
    """Return a figure of the policy as it is written: 0.1 is a tenth."""
    return Fraction(str(value))


def _chosen(verdicts: Sequence[Verdict], patterns: Sequence[str]) -> tuple[Verdict, ...]:
    """Return the verdicts of rules that fit, by obligation."""
    found = [one for one in verdicts if fits(patterns, one.row["rule"], one.clause)]
    return tuple(sorted(found, key=lambda one: one.row["obligation"]))


def _deducted(verdicts: Sequence[Verdict], deduction: Deduction) -> ScoreLine | None:
    """Return what a deduction takes, or None where there is nothing to take."""
    hits = tuple(one for one in verdicts if one.status == deduction.status)
    if deduction.rules:
        hits = _chosen(hits, deduction.rules)
    if not hits:
        return None
    full = exact(deduction.points) * len(hits)
    taken = min(full, exact(deduction.cap)) if deduction.cap is not None else full
    return ScoreLine(hits, -taken, -full if taken < full else None)


def _by_deduction(verdicts: Sequence[Verdict], indicator: Indicator) -> tuple[bool, Fraction, tuple[ScoreLine, ...]]:
    """Return whether an indicator applies, its points of its weight, and the lines.

    It applies to whoever owes any of its rules, triggered or not: otherwise a first fault could raise a score.
    """
    lines = tuple(line for one in indicator.deduct if (line := _deducted(verdicts, one)) is not None)
    weight = exact(indicator.weight)
    return bool(verdicts), max(weight + sum((line.points for line in lines), Fraction(0)), Fraction(0)), lines


def _by_share(verdicts: Sequence[Verdict], indicator: Indicator) -> tuple[bool, Fraction, tuple[ScoreLine, ...]]:
    """Return whether an indicator applies, its points of its weight, and the lines: each rule's share, weighted."""
    share = indicator.share
    credit = {"met": Fraction(1), "violated": Fraction(0)}
    if share is not None:
        credit["late"] = exact(share.late)
        if share.unassessed == "zero":
            credit["unassessed"] = Fraction(0)
    by_rule: dict[str, list[Verdict]] = {}
    for one in verdicts:
        if one.status in credit:
            by_rule.setdefault(one.row["rule"], []).append(one)
    weights = {rule: exact(indicator.weights.get(rule, 1)) for rule in by_rule}
    total = sum(weights.values(), Fraction(0))
    lines = []
    for rule, found in sorted(by_rule.items()):
        done = sum((credit[one.status] for one in found), Fraction(0)) / len(found)
        missed = tuple(one for one in found if one.status != "met")
        lines.append(ScoreLine(missed, exact(indicator.weight) * weights[rule] * done / total, share=done))
    points = sum((line.points for line in lines), Fraction(0))
    return bool(by_rule), points, tuple(line for line in lines if line.verdicts)


def _parts(verdicts: Sequence[Verdict], policy: Policy) -> tuple[Part, ...]:
    """Return the indicators of a unit, the weights of those that do not apply shared out among the others."""
    found = []
    for indicator in policy.indicators:
        chosen = _chosen(verdicts, indicator.rules)
        way = _by_share if indicator.share is not None else _by_deduction
        found.append((indicator, *way(chosen, indicator)))
    applying = sum((exact(indicator.weight) for indicator, applies, _, _ in found if applies), Fraction(0))
    factor = exact(policy.base) / applying if applying else Fraction(0)
    return tuple(
        Part(
            indicator,
            applies,
            exact(indicator.weight) * factor if applies else Fraction(0),
            points * factor if applies else Fraction(0),
            lines,
        )
        for indicator, applies, points, lines in found
    )


def _bonus(verdicts: Sequence[Verdict], bonus: Bonus) -> tuple[Fraction, tuple[ScoreLine, ...]]:
    """Return the bonus and what it follows from."""
    lines = []
    for item in bonus.items:
        hits = tuple(one for one in _chosen(verdicts, item.rules) if one.status == "met")
        full = exact(item.each) * len(hits)
        given = min(full, exact(item.cap)) if item.cap is not None else full
        if hits:
            lines.append(ScoreLine(hits, given, full if given < full else None))
    return min(sum((line.points for line in lines), Fraction(0)), exact(bonus.max)), tuple(lines)


def score_unit(unit: Unit, verdicts: Sequence[Verdict], policy: Policy, still: Collection[str] = ()) -> Score:
    """Return the score of one unit; it lies between 0 and the policy's most.

    Args:
        unit: the unit.
        verdicts: its verdicts, in any order.
        policy: how they become points.
        still: obligations that were violated in the earlier evaluation.
    """
    parts = _parts(verdicts, policy)
    base = sum((part.points for part in parts), Fraction(0)) if any(part.applies for part in parts) else None
    bonus, gated = Fraction(0), False
    lines: tuple[ScoreLine, ...] = ()
    if policy.bonus is not None and base is not None:
        gated = base <= exact(policy.bonus.above)
        bonus, lines = _bonus(verdicts, policy.bonus)
        bonus = Fraction(0) if gated else bonus
    vetoes = tuple(
        (number, hits)
        for number, veto in enumerate(policy.vetoes)
        if (hits := tuple(one for one in _chosen(verdicts, veto.rules) if one.status == "violated"))
    )
    total = base + bonus if base is not None else None
    if total is not None and vetoes:
        total = min(total, *(exact(policy.vetoes[number].score) for number, _ in vetoes))
    counts = {name: sum(one.status == name for one in verdicts) for name in ("violated", "late", "unassessed")}
    left = sum(one.status == "violated" and one.row["obligation"] in still for one in verdicts)
    return Score(unit, parts, base, bonus, lines, gated, vetoes, total, _grade(total, vetoes, policy), counts, left)


def _grade(total: Fraction | None, vetoes: Sequence[object], policy: Policy) -> int | None:
    """Return the index of the best grade that a score reaches; a veto reaches none."""
    if total is None or vetoes:
        return None
    reached = [number for number, grade in enumerate(policy.grades) if total >= exact(grade.at_least)]
    return max(reached, key=lambda number: policy.grades[number].at_least, default=None)


def _ranked(scores: Sequence[Score], group: str) -> tuple[Score, ...]:
    """Return the scores of a group, best first, equal ones with the same rank and in the order of the registry."""
    scored = sorted((one for one in scores if one.total is not None), key=lambda one: -(one.total or 0))
    ranked: list[Score] = []
    for place, one in enumerate(scored, 1):
        same = ranked and ranked[-1].total == one.total
        ranked.append(replace(one, rank=ranked[-1].rank if same else place, group=group))
    return tuple(ranked)


def _conditions(score: Score, wanted: Conditions) -> list[bool]:
    """Return for each stated threshold whether a score reaches it."""
    total, counts = score.total, score.counts
    stated = wanted.model_dump(exclude_none=True)
    reached = {
        "score_at_least": total is not None and total >= exact(stated.get("score_at_least", 0)),
        "score_below": total is not None and total < exact(stated.get("score_below", 0)),
        "violated_at_most": counts["violated"] <= stated.get("violated_at_most", 0),
        "violated_at_least": counts["violated"] >= stated.get("violated_at_least", 0),
        "late_at_most": counts["late"] <= stated.get("late_at_most", 0),
        "still_violated_at_least": score.still >= stated.get("still_violated_at_least", 0),
        "rank_at_most": score.rank is not None and score.rank <= stated.get("rank_at_most", 0),
        "vetoed": bool(score.vetoes) == stated.get("vetoed", False),
    }
    return [reached[name] for name in stated]


def still_violated(evaluation: Evaluation) -> frozenset[str]:
    """Return what was violated in the last earlier evaluation and is still."""
    if not evaluation.earlier:
        return frozenset()
    now = {verdict.row["obligation"] for verdict in evaluation.verdicts if verdict.status == "violated"}
    return frozenset(now & evaluation.earlier[-1].violated)


def score(evaluation: Evaluation, loaded: LoadedPolicy, still: Collection[str] = ()) -> Scoring:
    """Return the scores of all units of an evaluation, ranked, and the lists by the policy's thresholds.

    What fell due outside the period of the evaluation is not scored. A unit in none of the groups that the policy
    ranks is scored, but neither ranked nor listed; one that filed nothing is not scored at all.

    Args:
        evaluation: the verdicts.
        loaded: the policy.
        still: obligations that were violated in the earlier evaluation.
    """
    policy = loaded.policy
    filed = [part for part in evaluation.units if part.filed]
    plain = [score_unit(part.unit, _in_period(part, evaluation), policy, still) for part in filed]
    groups: dict[str, tuple[Score, ...]] = {}
    left = list(plain)
    for name in policy.rank_within:
        members = set(evaluation.registry.members((name,)))
        groups[name] = _ranked([one for one in left if one.unit.id in members], name)
        left = [one for one in left if one.unit.id not in members]
    if not policy.rank_within:
        groups[""] = _ranked(left, "")
    ranked = {one.unit.id: one for found in groups.values() for one in found}
    scores = tuple(ranked.get(one.unit.id, one) for one in plain)
    listed = [one for one in scores if one.unit.id in ranked]
    rules = [rule for book in evaluation.books for rule in book.rules]
    return Scoring(
        loaded,
        scores,
        {name: found for name, found in groups.items() if found},
        tuple(one.unit.id for one in listed if policy.praise is not None and all(_conditions(one, policy.praise))),
        tuple(
            one.unit.id for one in listed if policy.interview is not None and any(_conditions(one, policy.interview))
        ),
        sum(not any(fits(one.rules, rule.id, rule.clause) for one in policy.indicators) for rule in rules),
    )


def _in_period(part: UnitPart, evaluation: Evaluation) -> tuple[Verdict, ...]:
    """Return the verdicts that fell due in the period of the evaluation, and those without a due date."""
    occasion = evaluation.occasion
    if occasion is None:
        return part.verdicts
    return tuple(one for one in part.verdicts if one.due_on is None or occasion.start <= one.due_on <= occasion.end)
