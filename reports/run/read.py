"""A run as its folder has it: verdict rows, the receipt, and what it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.time.asof import AsOf
from events.ordinary import parse_json, read_ordinary, read_ordinary_text
from events.problems import Problem, Text, Where
from reports.output.interrupted import recover
from reports.run.kept_inputs import read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reports.run.kept_inputs import KeptFacts

    Row = Mapping[str, Any]

NEEDED = (
    "obligation",
    "book",
    "rule",
    "clause",
    "unit",
    "unit_name",
    "subject",
    "opened_on",
    "due_on",
    "met_on",
    "status",
    "evidence",
    "trigger",
    "waiver",
    "reason",
)
"""The columns of the verdicts that are looked at; days are their ISO texts."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        rows: the verdicts by obligation.
        receipt: what `run.json` says.
        as_of: its moment.
        facts: what it was made from; None where the run is from a version that did not keep it.
    """

    rows: Mapping[str, Row]
    receipt: Mapping[str, Any]
    as_of: AsOf
    facts: KeptFacts | None

    def title(self, row: Row) -> str:
        """Return what the rule of a row asks, or the rule's id where that was not kept."""
        rule = self.facts.rules.get((row["book"], row["rule"])) if self.facts is not None else None
        return str(rule["title"]) if rule is not None else str(row["rule"])


def load_run(folder: Path) -> tuple[Run | None, tuple[Problem, ...]]:
    """Read the folder that `evaluate` wrote.

    Returns:
        The run, or None with the problem where the folder is none; and a warning where its writer was killed.
    """
    problems = recover(folder)
    try:
        lines = read_ordinary_text(folder / "verdicts.jsonl").splitlines()
        rows = [{name: row[name] for name in NEEDED} for row in map(parse_json, lines)]
        receipt = dict(parse_json(read_ordinary(folder / "run.json")))
        as_of = AsOf.parse(receipt["as_of"])
        return Run({row["obligation"]: row for row in rows}, receipt, as_of, read_facts(folder)), problems
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        fact = Text(
            f"“{folder}”不是一次评估的完整结果（{error}）", f"{folder} is not the whole folder of a run ({error})"
        )
        cure = Text("给出 gongkai evaluate --out 写出的文件夹", "Give a folder that gongkai evaluate --out has written")
        return None, (*problems, Problem("not-a-run", Where(str(folder)), fact, cure))
