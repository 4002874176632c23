"""Who gets a notice: the units named, those with problems, or those on a scoring policy's list for interviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from reports.run.folder import SCORES, RunFolderError
from reports.scoring.policy import read_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reports.notices import Kind
    from reports.run.folder import Row, RunFolder
    from reports.scoring.policy import LoadedPolicy

    Chosen = tuple[list[str], list[Problem]]

SCORE_FIELDS = ("unit", "unit_name", "group", "rank", "score", "grade", "praise", "interview")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says about who gets a notice.

    Attributes:
        units: units by id or name; with a policy, only these of its list.
        policy: the scoring policy whose list for interviews is taken, or None.
    """

    units: Sequence[str] = ()
    policy: Path | None = None


def chosen_units(run: RunFolder, kind: Kind, choice: Choice, rows: Mapping[str, Sequence[Row]]) -> Chosen:
    """Return the ids of the units that get a notice, and what is wrong; who is interviewed is never made up.

    Args:
        run: the run.
        kind: the kind of notice.
        choice: what was asked for.
        rows: what a notice of this kind names, by unit.
    """
    if choice.policy is not None:
        return _listed(run, kind, choice, rows)
    if choice.units:
        return _named(run, choice.units, rows)
    if kind == "rectification":
        return sorted(rows), []
    fact = Text("没有写明约谈哪些单位", "it is not said which units are to be interviewed")
    cure = Text(
        "用 --unit 逐个写明，或者用 --policy 按评分办法的约谈名单；约谈名单由人决定",
        "Name each with --unit, or take the list of a scoring policy with --policy; "
        "who is interviewed is for people to say",
    )
    return [], [Problem("no-units", Where("--unit"), fact, cure)]


def named_units(run: RunFolder, units: Sequence[str]) -> Chosen:
    """Return the names of units of a run that were named one by one, and what is wrong."""
    names = {row["unit"]: str(row["unit_name"]) for row in run.rows.values()}
    chosen, problems = _named(run, units, dict.fromkeys(names, ()))
    return [names[unit] for unit in chosen], problems


def scored_units(
    path: Path, run: RunFolder, wanted: Literal["praise", "interview"] | None
) -> tuple[str, Sequence[Mapping[str, Any]], list[Problem]]:
    """Return the title of a policy, what the scores of a run say of each unit by it, and what is wrong.

    Args:
        path: the policy, the one that the run was scored by.
        run: the run.
        wanted: the list that the policy must have thresholds for, or None where only the ranks are looked at.
    """
    loaded, problems = read_policy(path)
    if loaded is None:
        return "", (), list(problems)
    if wanted == "praise" and loaded.policy.praise is None:
        fact = Text("评分办法没有表扬名单的界线", "the policy has no thresholds for praise")
        cure = Text("在评分办法里写 praise，或者用 --unit 写明单位", "Write praise in it, or name units with --unit")
        return "", (), [*problems, Problem("no-praise-list", Where(str(path)), fact, cure)]
    scores, wrong = _scored(loaded, path, run)
    return loaded.policy.title.text().zh, scores, [*problems, *wrong]


def _named(run: RunFolder, units: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> Chosen:
    """Return the ids of units that were named one by one."""
    names = {name: row["unit"] for row in run.rows.values() for name in (row["unit"], row["unit_name"])}
    chosen, problems = [], []
    for name in dict.fromkeys(units):
        unit = names.get(name)
        if unit is None:
            fact = Text(f"这次评估里没有“{name}”", f"{name!r} is not in this run")
            cure = suggestion(did_you_mean(name, names), Text("核对单位名称", "Check the unit's name"))
            problems.append(Problem("unknown-unit", Where("--unit"), fact, cure, name))
        elif unit not in rows:
            fact = Text(f"“{name}”没有需要写进通知的问题", f"{name} has no problem that a notice would name")
            cure = Text("去掉这个单位", "Leave it out")
            problems.append(Problem("no-problems", Where("--unit"), fact, cure, name))
        else:
            chosen.append(unit)
    return list(dict.fromkeys(chosen)), problems


def _listed(run: RunFolder, kind: Kind, choice: Choice, rows: Mapping[str, Sequence[Row]]) -> Chosen:
    """Return the ids of the units that the policy lists for an interview, by the scores that the run has of it."""
    if choice.policy is None or kind != "interview":
        fact = Text("评分办法的约谈名单只用于约谈通知", "the list of a policy is for notices of an interview only")
        cure = Text("加上 --kind interview，或者去掉 --policy", "Add --kind interview, or leave --policy out")
        return [], [Problem("bad-option", Where("--policy"), fact, cure)]
    loaded, problems = read_policy(choice.policy)
    if loaded is None:
        return [], list(problems)
    listed, wrong = _interviewed(loaded, choice.policy, run)
    found = [*problems, *wrong]
    if has_errors(found):
        return [], found
    wanted = list(listed)
    if choice.units:
        wanted, wrong = _named(run, choice.units, {**dict.fromkeys(listed, ()), **rows})
        found += [*wrong, *(_not_listed(unit, choice.policy) for unit in wanted if unit not in listed)]
    bare = [unit for unit in wanted if unit in listed and unit not in rows]
    found += [_nothing_to_name(listed[unit], choice.policy) for unit in bare]
    return [unit for unit in wanted if unit in rows], found


def _interviewed(loaded: LoadedPolicy, path: Path, run: RunFolder) -> tuple[dict[str, str], list[Problem]]:
    """Return the listed units, name by id in the order of the registry, and what is wrong with policy and scores."""
    policy = loaded.policy
    if policy.interview is None:
        fact = Text("评分办法没有约谈名单的界线", "the policy has no thresholds for interviews")
        cure = Text(
            "在评分办法里写 interview，或者用 --unit 写明单位", "Write interview in it, or name units with --unit"
        )
        return {}, [Problem("no-interview-list", Where(str(path)), fact, cure)]
    scores, found = _scored(loaded, path, run)
    return {str(unit["unit"]): str(unit["unit_name"]) for unit in scores if unit["interview"]}, found


def _scored(loaded: LoadedPolicy, path: Path, run: RunFolder) -> tuple[Sequence[Mapping[str, Any]], list[Problem]]:
    """Return what the scores of a run say of each unit, and what is wrong: another policy, or only an example."""
    policy = loaded.policy
    scores, problem = _scores(run, path)
    if problem is not None:
        return (), [problem]
    if scores["sha256"] != loaded.sha256:
        fact = Text(
            f"这次评估是按另一份评分办法计分的（“{scores['policy']}”），或者评分办法后来改过",
            f"this run was scored by another policy ({scores['policy']!r}), or the policy was changed since",
        )
        return (), [Problem("other-policy", Where(str(path)), fact, _again(path))]
    found = []
    if policy.example:
        title = policy.title.text()
        fact = Text(
            f"“{title.zh}”是示例，界线是举例的，不能作为约谈、表扬和排名的依据",
            f"{title.en!r} is an example: its thresholds are made up, and no ground for interview, praise or rank",
        )
        cure = Text("换成本县自己定的评分办法", "Use a policy that the county has decided on")
        found = [Problem("example-policy", Where(str(path)), fact, cure, severity="warning")]
    return scores["units"], found


def _scores(run: RunFolder, policy: Path) -> tuple[dict[str, Any], Problem | None]:
    """Return the scores that a run has, or the problem where it has none."""
    try:
        scores = run.scores
        if scores is None:
            fact = Text(
                "这次评估没有计分，也就没有约谈名单", "this run was not scored, so it has no list for interviews"
            )
            return {}, Problem("not-scored", Where(str(run.path)), fact, _again(policy))
        units = [{name: unit[name] for name in SCORE_FIELDS} for unit in scores["units"]]
        return {"sha256": scores["sha256"], "policy": scores["policy"], "units": units}, None
    except (RunFolderError, TypeError, KeyError, AttributeError) as error:
        why = error.why if isinstance(error, RunFolderError) else str(error)
        fact = Text(f"得分文件无法读取（{why}）", f"the scores cannot be read ({why})")
        return {}, Problem("bad-scores", Where(str(run.path / SCORES)), fact, _again(policy))


def _again(policy: Path) -> Text:
    """Return the cure where the scores of a run are not those of the policy."""
    return Text(
        f"用 gongkai evaluate … --policy {policy} 重新评估到这个文件夹",
        f"Evaluate into this folder again with gongkai evaluate … --policy {policy}",
    )


def _not_listed(unit: str, policy: Path) -> Problem:
    """Return the problem of a unit that was named but is not on the list."""
    fact = Text(f"“{unit}”不在约谈名单里", f"{unit!r} is not on the list for interviews")
    cure = Text(
        "去掉这个单位；名单以外的，不写 --policy", "Leave it out; for a unit that is not listed, leave --policy out"
    )
    return Problem("not-listed", Where(str(policy)), fact, cure, unit)


def _nothing_to_name(name: str, policy: Path) -> Problem:
    """Return the warning of a unit that is listed without anything violated or late, such as for what is unassessed."""
    fact = Text(
        f"“{name}”在约谈名单里，但没有未落实或者逾期的问题，没有写通知",
        f"{name} is on the list, but nothing of it is violated or late: no notice was written",
    )
    cure = Text("看它的得分从哪里来；要约谈的，另行起草", "See where its score comes from; draft this one by hand")
    return Problem("no-problems", Where(str(policy)), fact, cure, name, severity="warning")
