"""Earlier runs, as far as a later one is held against them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.ordinary import parse_json, read_ordinary, read_ordinary_text
from events.problems import Problem, Text, Where
from reports.output.interrupted import recover
from reports.output.texts import BREACHES, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa


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
