"""Circulars of the county (情况通报, 表扬通报), from the folder of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, has_errors
from gongkai.services.outgoing.recipients import named_units, scored_units
from reports.circulars import Ranking, make_circular

if TYPE_CHECKING:
    from gongkai.services.outgoing.recipients import Choice
    from reports.circulars import Circular
    from reports.run.folder import RunFolder


def county_circular(run: RunFolder, choice: Choice, *, praise: bool) -> tuple[Circular | None, tuple[Problem, ...]]:
    """Return what a circular says, None where the input is not usable, and what is wrong.

    Who comes first or last is said only under a scoring policy that the run was scored by; who is praised is on the
    policy's list or was named by hand, and is never made up.

    Args:
        run: the run.
        choice: the units that are praised, and the policy.
        praise: whether it is one of praise.
    """
    ranking, problems = _ranking(run, choice, praise=praise)
    if has_errors(problems):
        return None, tuple(problems)
    praised, wrong = _praised(run, choice, ranking) if praise else ([], _too_many(choice))
    problems += wrong
    if has_errors(problems):
        return None, tuple(problems)
    return make_circular(run, run.summary, ranking, praised), tuple(problems)


def _ranking(run: RunFolder, choice: Choice, *, praise: bool) -> tuple[Ranking, list[Problem]]:
    """Return what the policy's scores say; nothing where no policy was given."""
    if choice.policy is None:
        return Ranking(), []
    title, units, problems = scored_units(choice.policy, run, "praise" if praise else None)
    return Ranking(title, units), problems


def _praised(run: RunFolder, choice: Choice, ranking: Ranking) -> tuple[list[str], list[Problem]]:
    """Return the names of the units that are praised."""
    groups = list(dict.fromkeys(str(one["group"]) for one in ranking.units))
    best_first = sorted(ranking.units, key=lambda one: (groups.index(str(one["group"])), one["rank"] or 0))
    listed = [str(one["unit_name"]) for one in best_first if one["praise"]]
    if choice.units:
        named, problems = named_units(run, choice.units)
        if choice.policy is not None:
            problems += [_not_listed(name) for name in named if name not in listed]
        return named, problems
    if choice.policy is not None and listed:
        return listed, []
    fact = Text("没有写明表扬哪些单位", "it is not said which units are praised")
    if choice.policy is not None:
        fact = Text("按这份评分办法，没有单位列入表扬名单", "by this policy no unit is on the list for praise")
    cure = Text(
        "用 --unit 逐个写明，或者用 --policy 按评分办法的表扬名单；表扬谁由人决定",
        "Name each with --unit, or take the list of a policy with --policy; who is praised is for people to say",
    )
    return [], [Problem("no-units", Where("--unit"), fact, cure)]


def _too_many(choice: Choice) -> list[Problem]:
    """Return the problem of units named for a circular about all of them."""
    if not choice.units:
        return []
    fact = Text("情况通报说的是全县，不能只写几个单位", "a circular is of the whole county, not of some units")
    cure = Text("去掉 --unit；要表扬的，用 --kind praise", "Leave --unit out; for praise there is --kind praise")
    return [Problem("bad-option", Where("--unit"), fact, cure)]


def _not_listed(name: str) -> Problem:
    """Return the problem of a unit that was named but is not on the list for praise."""
    fact = Text(f"“{name}”不在表扬名单里", f"{name} is not on the list for praise")
    cure = Text("去掉这个单位；名单以外的，不写 --policy", "Leave it out, or leave --policy out")
    return Problem("not-listed", Where("--unit"), fact, cure, name)
