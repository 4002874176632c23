"""评分办法: what a scoring policy comes to on the ledger as it is now, before anybody approves it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.evaluation.build import build_evaluation
from gongkai.evaluation.judge import judge_inputs
from reports.scoring.files import grade_of, points
from reports.scoring.policy import load_policy
from reports.scoring.scores import score

if TYPE_CHECKING:
    from pathlib import Path

    from events.problems import Problem
    from gongkai.evaluation.inputs import Inputs


GROUPS = {"departments": "部门", "towns": "镇街", "zones": "管委会"}
"""What pages call the groups that registries have by custom."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What a policy gives one unit.

    Attributes:
        name: the unit.
        group: the group that it is ranked in, or nothing.
        rank: its place in its group, None where it is not ranked.
        points: its score, None where nothing of the policy applies to it.
        grade: the name of its grade, or nothing.
        lists: 表扬, 约谈, or neither.
    """

    name: str
    group: str
    rank: int | None
    points: float | None
    grade: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedUnits:
    """The lists that a policy gives in a run, as unit and name, and the policy's title."""

    policy: str
    praise: tuple[tuple[str, str], ...]
    interview: tuple[tuple[str, str], ...]


def lists_of(folder: Path) -> ListedUnits | None:
    """Return the lists of a run that was scored, None of one that was not."""
    try:
        found = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
        units = found["units"]
        praise, interview = (
            tuple((one["unit"], one["unit_name"]) for one in units if one[name]) for name in ("praise", "interview")
        )
        return ListedUnits(str(found["policy"]), praise, interview)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def policy_problems(path: Path, inputs: Inputs) -> tuple[Problem, ...]:
    """Return what is wrong with a policy, by the rulebooks in force."""
    return load_policy(path, inputs.books)[1]


def scores_by(path: Path, inputs: Inputs) -> tuple[ScoreRow, ...]:
    """Return what a policy gives each unit that has filed, the best of each group first."""
    loaded, _ = load_policy(path, inputs.books)
    if loaded is None:
        return ()
    scoring = score(build_evaluation(inputs, judge_inputs(inputs, "zh"), "zh", {}), loaded)
    groups = list(scoring.groups)
    order = {
        one.unit.id: (groups.index(one.group) if one.rank else len(groups), one.rank or 0) for one in scoring.scores
    }
    found = sorted(scoring.scores, key=lambda one: (order[one.unit.id], one.unit.id))
    return tuple(
        ScoreRow(
            one.unit.name,
            GROUPS.get(one.group, one.group) if one.rank else "",
            one.rank,
            points(one.total),
            grade_of(one, scoring, "zh"),
            tuple(
                label
                for label, listed in (("表扬", scoring.praise), ("约谈", scoring.interview))
                if one.unit.id in listed
            ),
        )
        for one in found
    )
