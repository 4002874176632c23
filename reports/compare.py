"""What changed between two runs: mid-year and annual, or before and after a holiday arrangement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.problems import Problem, Text, Where
from reports.terminal import plain
from reports.texts import BREACHES, SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from events.problems import Lang

    Row = Mapping[str, Any]

NEEDED = ("obligation", "rule", "unit_name", "clause", "subject", "status", "due_on", "evidence")

GROUPS = {
    "breached": Text("新出现的问题", "Newly violated or late"),
    "mended": Text("已整改（补做或者更正后不再是问题）", "Mended: done late, or no breach any more"),
    "done": Text("已按期完成", "Done in time since"),
    "moved": Text("到期日有变化", "Due date moved"),
    "other": Text("结论有其他变化", "Status changed otherwise"),
    "evidence": Text("结论不变，证据有变化", "Same status, other evidence"),
    "appeared": Text("新增的义务", "New obligations"),
    "gone": Text("不再有的义务", "Obligations that are no more"),
}
"""The groups of changes, in the order that they are told."""

SOURCES = {
    "as_of": Text("截至日期", "as-of date"),
    "books": Text("规则库", "rulebooks"),
    "registry": Text("单位名录", "unit registry"),
    "calendar": Text("工作日历", "calendar"),
    "events": Text("台账", "log"),
    "gongkai": Text("软件版本", "version"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as its folder has it: the rows by obligation, and the receipt."""

    rows: Mapping[str, Row]
    receipt: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One obligation that differs; one side is None where a run does not have it."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The later row, or the earlier one where there is no later."""
        row = self.after if self.after is not None else self.before
        if row is None:
            msg = "a change has a side"
            raise ValueError(msg)
        return row


def load_run(folder: Path) -> tuple[Run | None, tuple[Problem, ...]]:
    """Read the folder that `evaluate` wrote.

    Returns:
        The run, or None with the problem where the folder is none.
    """
    try:
        lines = (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [{name: row[name] for name in NEEDED} for row in map(json.loads, lines)]
        receipt = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return Run({row["obligation"]: row for row in rows}, dict(receipt)), ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        fact = Text(
            f"“{folder}”不是一次评估的完整结果（{error}）", f"{folder} is not the whole folder of a run ({error})"
        )
        cure = Text("给出 gongkai evaluate --out 写出的文件夹", "Give a folder that gongkai evaluate --out has written")
        return None, (Problem("not-a-run", Where(str(folder)), fact, cure),)


def _group(before: Row | None, after: Row | None) -> str | None:
    """Return the group of a change, or None where nothing changed."""
    if before is None:
        return "breached" if after is not None and after["status"] in BREACHES else "appeared"
    if after is None:
        return "gone"
    old, new = before["status"], after["status"]
    if old != new:
        return _status_group(old, new)
    if before["due_on"] != after["due_on"]:
        return "moved"
    return "evidence" if before["evidence"] != after["evidence"] else None


def _status_group(old: str, new: str) -> str:
    """Return the group of a change of status."""
    if new in BREACHES and old not in BREACHES:
        return "breached"
    if old == "violated":
        return "mended"
    return "done" if new == "met" else "other"


def changes(before: Run, after: Run) -> dict[str, list[Change]]:
    """Return what changed, by group; within a group by obligation."""
    found: dict[str, list[Change]] = {name: [] for name in GROUPS}
    for obligation in sorted(before.rows.keys() | after.rows.keys()):
        change = Change(before.rows.get(obligation), after.rows.get(obligation))
        group = _group(change.before, change.after)
        if group is not None:
            found[group].append(change)
    return found


def _line(change: Change, lang: Lang) -> str:
    """Return one change in a line."""
    row = change.row
    words = f"{row['unit_name']} {row['clause']} {row['rule']}"
    subject = f"：{row['subject']}" if row["subject"] else ""
    sides = [
        f"{SIGNS[side['status']]} {STATUS[side['status']].in_(lang)}" + (f" {side['due_on']}" if side["due_on"] else "")
        if side is not None
        else "∅"
        for side in (change.before, change.after)
    ]
    return plain(f"  {words}{subject}  {' → '.join(sides)}")


def compare_lines(before: Run, after: Run, lang: Lang) -> Iterator[str]:
    """Return what changed in the inputs, and then each obligation that changed, by group."""
    differing = [name for name in SOURCES if before.receipt.get(name) != after.receipt.get(name)]
    names = "、".join(SOURCES[name].in_(lang) for name in differing)
    same = Text("两次评估的输入相同", "Both runs had the same inputs").in_(lang)
    yield Text(f"输入的变化：{names}", f"Inputs that differ: {names}").in_(lang) if differing else same
    for name, found in changes(before, after).items():
        if found:
            yield ""
            yield f"{GROUPS[name].in_(lang)}（{len(found)}）"
            yield from (_line(change, lang) for change in found)
