"""Earlier evaluations beside this one: how the statuses have moved, and what is still violated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.ordinary import parse_json, read_ordinary, read_ordinary_text
from events.problems import Problem, Text, Where
from reports.output.interrupted import recover
from reports.output.stacked_chart import stacked_chart
from reports.output.texts import BREACHES, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa
    from markupsafe import Markup

    from reports.run.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier evaluation, as far as a trend needs it.

    Attributes:
        as_of: its as-of moment.
        counts: verdicts by status.
        breaches: by unit id, how many verdicts were violated or late.
        violated: the obligations that were violated.
    """

    as_of: str
    counts: Mapping[str, int]
    breaches: Mapping[str, int]
    violated: frozenset[str]


def load_earlier(folder: Path) -> tuple[EarlierRun | None, tuple[Problem, ...]]:
    """Read what a trend needs from the folder of an earlier run.

    Returns:
        The run, or None with the problem where the folder is none; and a warning where its writer was killed.
    """
    problems = recover(folder)
    try:
        summary = parse_json(read_ordinary(folder / "summary.json"))
        lines = read_ordinary_text(folder / "verdicts.jsonl").splitlines()
        rows = [(row["obligation"], row["status"]) for row in map(parse_json, lines)]
        breaches = {
            unit["unit"]: sum(unit["statuses"].get(status, 0) for status in BREACHES) for unit in summary["units"]
        }
        counts = {status: int(summary["statuses"].get(status, 0)) for status in WORST_FIRST}
        violated = frozenset(obligation for obligation, status in rows if status == "violated")
        return EarlierRun(str(summary["as_of"]), counts, breaches, violated), problems
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        fact = Text(
            f"“{folder}”不是一次评估的完整结果（{error}）", f"{folder} is not the whole folder of a run ({error})"
        )
        cure = Text("给出 gongkai evaluate --out 写出的文件夹", "Give a folder that gongkai evaluate --out has written")
        return None, (*problems, Problem("not-a-run", Where("--previous"), fact, cure, str(folder)))


def earlier_of(table: pa.Table, as_of: str) -> EarlierRun:
    """Return a verdict table of an earlier day as an earlier evaluation."""
    counts, breaches, violated = Counter[str](), Counter[str](), set()
    for row in table.select(["obligation", "unit", "status"]).to_pylist():
        counts[row["status"]] += 1
        breaches[row["unit"]] += row["status"] in BREACHES
        if row["status"] == "violated":
            violated.add(row["obligation"])
    return EarlierRun(as_of, counts, breaches, frozenset(violated))


def trend_chart(evaluation: Evaluation) -> Markup:
    """Return the chart of statuses from evaluation to evaluation, this one last; nothing without an earlier one."""
    if not evaluation.earlier:
        return stacked_chart([], title="", lang=evaluation.lang)
    rows = [(run.as_of, run.counts) for run in evaluation.earlier]
    rows.append((evaluation.as_of.text, evaluation.status_counts()))
    return stacked_chart(
        rows, title=Text("历次评估的结论", "Statuses by evaluation").in_(evaluation.lang), lang=evaluation.lang
    )


def still_violated(evaluation: Evaluation) -> frozenset[str]:
    """Return what was violated in the last earlier evaluation and is still."""
    if not evaluation.earlier:
        return frozenset()
    now = {verdict.row["obligation"] for verdict in evaluation.verdicts if verdict.status == "violated"}
    return frozenset(now & evaluation.earlier[-1].violated)


def unit_trend(evaluation: Evaluation) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return for each unit with a breach in any evaluation its id, name and number of breaches, earliest first."""
    found = []
    for part in evaluation.units:
        now = sum(verdict.status in BREACHES for verdict in part.verdicts)
        numbers = (*(run.breaches.get(part.unit.id, 0) for run in evaluation.earlier), now)
        if any(numbers):
            found.append((part.unit.id, part.unit.name, numbers))
    return found
