"""What a workbook hides is read all the same, and told: a filter hides rows that happened nevertheless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text

if TYPE_CHECKING:
    from events.grid import Grid

_NAMED = 5


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
