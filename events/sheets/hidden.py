"""Hidden rows, columns and sheets are read all the same, and told: a filter hides rows that happened nevertheless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text

if TYPE_CHECKING:
    from events.grid import Grid

_NAMED = 5
HELP = frozenset({"填写说明", "填报说明", "填表说明"})
"""Sheets that say how a workbook is filled in; that they have no headings needs no telling."""

LISTS = "选项"
"""The hidden sheet of our template that its drop-down lists stand on."""


def unread_hidden(grid: Grid) -> list[Problem]:
    """Return a warning about a hidden sheet that has not the columns of events; the lists of our template need none."""
    if grid.sheet == LISTS:
        return []
    fact = Text(
        "这张隐藏的工作表没有台账需要的列，没有读取", "the hidden sheet has not the columns of a log and is not read"
    )
    cure = Text("如果是台账，请取消隐藏并补全列名", "If it is a log, show it and complete its headings")
    return [Problem("hidden-sheet", grid.top(), fact, cure, None, "warning")]


def hidden_problems(grid: Grid) -> list[Problem]:
    """Return a warning where a sheet that was read is hidden, and one where some of its rows are."""
    problems: list[Problem] = []
    cure = Text("不应计入的请删除；应计入的不用处理", "Delete what must not count; leave what does")
    if grid.hidden:
        fact = Text("这是隐藏的工作表，也读取了", "the sheet is hidden; it is read all the same")
        problems.append(Problem("hidden-sheet", grid.top(), fact, cure, None, "warning"))
    rows = sorted(grid.hidden_rows)
    if rows:
        named = "、".join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
        fact = Text(
            f"有 {len(rows)} 行是隐藏的（{named}），也读取了",
            f"{len(rows)} rows are hidden ({named}); they are read all the same",
        )
        problems.append(Problem("hidden-rows", grid.top(), fact, cure, named, "warning"))
    return problems
