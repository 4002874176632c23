"""Measures that a run is held against: a preset, a scoring policy, earlier runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.time.asof import AsOf
from events.problems import Problem, Text, Where, has_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from gongkai.evaluation.inputs import Inputs
    from gongkai.files.preset import Preset
    from gongkai.options import RunRequest
    from reports.run.earlier import EarlierRun
    from reports.run.evaluation import Evaluation
    from reports.run.folder import RunFolder
    from reports.scoring.policy import LoadedPolicy
    from reports.scoring.scores import Scoring


@dataclass(frozen=True, slots=True)
class Measures:
    """What a run is held against, as it was read.

    Attributes:
        preset: the preset, or None.
        policy: the scoring policy, or None.
        earlier: earlier runs, in the order given.
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


def with_preset(request: RunRequest) -> tuple[RunRequest | None, Preset | None, tuple[Problem, ...]]:
    """Return the request with the as-of moment of its preset where it has none of its own, and the preset.

    Returns:
        No request where there is no as-of moment, or the preset cannot be used; and what is wrong.
    """
    if request.preset is None:
        return (request, None, ()) if request.as_of else (None, None, (NO_AS_OF,))
    from gongkai.files.preset import load_preset  # noqa: PLC0415 (only where a preset is named)

    preset, problems = load_preset(request.preset, request.books, request.as_of or None)
    if preset is None or has_errors(problems):
        return None, None, problems
    return replace(request, as_of=preset.as_of), preset, problems


def load_measures(
    request: RunRequest, preset: Preset | None, inputs: Inputs, previous: Sequence[RunFolder]
) -> tuple[Measures | None, tuple[Problem, ...]]:
    """Read the policy, and hold the earlier runs beside it.

    Args:
        request: what is asked for.
        preset: the preset, or None.
        inputs: what is judged.
        previous: the earlier runs, in the order given.

    Returns:
        What was read, None where some of it is unusable, and everything that is wrong.
    """
    if preset is None and request.policy is None and not previous:
        return Measures(), ()
    from reports.run.earlier import earlier_of  # noqa: PLC0415
    from reports.scoring.policy import load_policy  # noqa: PLC0415 (most runs have none of these)

    policy, problems = load_policy(request.policy, inputs.books) if request.policy is not None else (None, ())
    if has_errors(problems):
        return None, problems
    said: dict[str, object] = {}
    if preset is not None:
        said["preset"] = preset.name
    if policy is not None and request.policy is not None:
        said["policy"] = {"file": request.policy.name, "sha256": policy.sha256}
    if previous:
        said["earlier"] = [{"as_of": run.as_of.text, "sha256": run.rows_digest} for run in previous]
    earlier = tuple(earlier_of(run.rows.values(), run.as_of.text) for run in previous)
    return Measures(preset, policy, earlier, said), problems


def with_measures(
    evaluation: Evaluation, measures: Measures, inputs: Inputs, judge: Callable[[Inputs], pa.Table]
) -> tuple[Evaluation, Scoring | None]:
    """Return an evaluation with its occasion and earlier runs, and its scores.

    Where a preset is compared to another one and no earlier folder is given, the same log is judged as of that day.
    """
    earlier, preset = measures.earlier, measures.preset
    if not earlier and preset is not None and preset.earlier is not None and preset.earlier < evaluation.as_of.text:
        from reports.run.earlier import earlier_of  # noqa: PLC0415 (only where a preset is compared to another one)

        table = judge(replace(inputs, as_of=AsOf.parse(preset.earlier)))
        rows = table.select(["obligation", "unit", "status"]).to_pylist()
        earlier = (earlier_of(rows, preset.earlier),)
    occasion = preset.occasion if preset is not None else None
    evaluation = replace(
        evaluation, occasion=occasion, earlier=earlier, receipt={**evaluation.receipt, **measures.receipt}
    )
    if measures.policy is None:
        return evaluation, None
    from reports.scoring.scores import score, still_violated  # noqa: PLC0415 (only where a policy is given)

    return evaluation, score(evaluation, measures.policy, still_violated(evaluation))
