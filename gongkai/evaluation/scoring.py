"""What an evaluation may have besides its inputs: a preset, a scoring policy, earlier evaluations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.time.asof import AsOf
from events.problems import Problem, Text, Where, has_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from gongkai.evaluation.inputs import Inputs
    from gongkai.files.preset import Preset
    from reports.run.earlier import EarlierRun
    from reports.run.evaluation import Evaluation
    from reports.scoring.policy import LoadedPolicy


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, as they wrote it."""

    preset: str | None = None
    policy: Path | None = None
    earlier: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Extras:
    """What was read of it.

    Attributes:
        preset: the preset, or None.
        policy: the scoring policy, or None.
        earlier: earlier evaluations, in the order given.
        receipt: what `run.json` says of them.
    """

    preset: Preset | None = None
    policy: LoadedPolicy | None = None
    earlier: tuple[EarlierRun, ...] = ()
    receipt: dict[str, object] = field(default_factory=dict)


NO_AS_OF = Problem(
    "missing-option",
    Where("--as-of"),
    Text("没有给出截至日期", "no as-of date is given"),
    Text("写 --as-of 2023-12-31，或者 --preset annual", "Write --as-of 2023-12-31, or --preset annual"),
)


def as_of_text(
    asked: Asked, as_of: str | None, books: tuple[str, ...]
) -> tuple[str | None, Preset | None, tuple[Problem, ...]]:
    """Return the as-of moment, given or the preset's, with the preset."""
    if asked.preset is None:
        return as_of, None, (NO_AS_OF,) if as_of is None else ()
    from gongkai.files.preset import load_preset  # noqa: PLC0415 (only where a preset is named)

    preset, problems = load_preset(asked.preset, books, as_of)
    return (preset.as_of if preset is not None else None), preset, problems


def load_extras(asked: Asked, preset: Preset | None, inputs: Inputs) -> tuple[Extras | None, tuple[Problem, ...]]:
    """Read the policy and the earlier evaluations.

    Returns:
        What was read, None where some of it is unusable, and everything that is wrong.
    """
    if preset is None and asked.policy is None and not asked.earlier:
        return Extras(), ()
    from reports.run.earlier import load_earlier  # noqa: PLC0415
    from reports.scoring.policy import load_policy  # noqa: PLC0415 (most runs have none of these)

    policy, problems = load_policy(asked.policy, inputs.books) if asked.policy is not None else (None, ())
    earlier: list[EarlierRun] = []
    for folder in asked.earlier:
        run, wrong = load_earlier(folder)
        problems += wrong
        if run is not None:
            earlier.append(run)
    if has_errors(problems):
        return None, problems
    said: dict[str, object] = {}
    if preset is not None:
        said["preset"] = preset.name
    if policy is not None and asked.policy is not None:
        said["policy"] = {"file": asked.policy.name, "sha256": policy.sha256}
    if asked.earlier:
        said["earlier"] = [
            {"as_of": run.as_of, "sha256": hashlib.sha256((folder / "verdicts.jsonl").read_bytes()).hexdigest()}
            for run, folder in zip(earlier, asked.earlier, strict=True)
        ]
    return Extras(preset, policy, tuple(earlier), said), problems


def with_extras(
    evaluation: Evaluation, extras: Extras, inputs: Inputs, judge: Callable[[Inputs], pa.Table]
) -> Evaluation:
    """Return an evaluation with its occasion, earlier evaluations and scores.

    Where a preset is compared to another one and no earlier folder is given, the same log is judged as of that day.
    """
    earlier, preset = extras.earlier, extras.preset
    if not earlier and preset is not None and preset.earlier is not None and preset.earlier < evaluation.as_of.text:
        from reports.run.earlier import earlier_of  # noqa: PLC0415 (only where a preset is compared to another one)

        earlier = (earlier_of(judge(replace(inputs, as_of=AsOf.parse(preset.earlier))), preset.earlier),)
    occasion = preset.occasion if preset is not None else None
    evaluation = replace(
        evaluation, occasion=occasion, earlier=earlier, receipt={**evaluation.receipt, **extras.receipt}
    )
    if extras.policy is None:
        return evaluation
    from reports.run.earlier import still_violated  # noqa: PLC0415
    from reports.scoring.scores import score  # noqa: PLC0415 (only where a policy is given)

    return replace(evaluation, scoring=score(evaluation, extras.policy, still_violated(evaluation)))
