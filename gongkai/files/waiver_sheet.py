"""A waiver list kept as a spreadsheet, read into the same shape as the YAML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.formats.office.xlsx import read_grids
from events.problems import Problem, Text, Where, did_you_mean, suggestion
from events.storage.ordinary import read_ordinary
from events.values.dates import DateError, read_moment
from rules.yaml.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.grid import Grid

HEADINGS = {
    "unit": ("单位", "责任单位", "unit"),
    "rule": ("规则", "规则编号", "rule"),
    "subject": ("事项", "主题", "subject"),
    "period": ("期间", "年度", "期限", "period"),
    "reason": ("理由", "豁免理由", "reason"),
    "approver": ("批准人", "批准单位", "approver"),
    "from": ("起", "起始日期", "开始日期", "from"),
    "until": ("止", "截止日期", "结束日期", "until"),
}
"""What a list may call its columns."""

DAYS = ("from", "until")


def _field(heading: object) -> str | None:
    """Return the field of a heading, or None."""
    text = str(heading or "").strip().casefold()
    return next((field for field, names in HEADINGS.items() if text in names), None)


def _text(field: str, cell: object) -> str | None:
    """Return a cell as the YAML file would have it; days in any form that logs have."""
    if cell is None or str(cell).strip() == "":
        return None
    if field in DAYS:
        try:
            return read_moment(cell)[0].date().isoformat()
        except DateError:
            return str(cell)
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def _row(grid: Grid, number: int, cells: Sequence[object], fields: Sequence[str | None]) -> Node:
    """Return one row as an entry of `waivers`."""
    children: dict[str | int, Node] = {}
    for column, (field, cell) in enumerate(zip(fields, cells, strict=False), start=1):
        value = _text(field, cell) if field is not None else None
        if field is not None and value is not None:
            where = grid.cell(number, column)
            children[field] = Node(where, where, "scalar", scalar=value)
    return Node(grid.cell(number, 1), grid.cell(number, 1), "mapping", children=children)


def read_sheet(path: Path) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read a waiver list; its first row with the headings of all needed columns starts it.

    Returns:
        The list as the YAML file would be, None where it cannot be read, and what is wrong with it.
    """
    try:
        raw = read_ordinary(path)
    except OSError as error:
        fact = Text(f"文件无法读取（{error.strerror}）", f"the file cannot be read ({error.strerror})")
        cure = Text("请检查路径和权限", "Check the path and its rights")
        return None, (Problem("unreadable-file", Where(str(path)), fact, cure),)
    grids, problems = read_grids(raw, str(path))
    for grid in grids:
        for position, (_, cells) in enumerate(grid.rows):
            fields = [_field(cell) for cell in cells]
            if {"unit", "rule"} <= set(fields):
                rows = [(number, row) for number, row in grid.rows[position + 1 :] if any(cell for cell in row)]
                entries: dict[str | int, Node] = {
                    index: _row(grid, number, row, fields) for index, (number, row) in enumerate(rows)
                }
                listed = Node(grid.top(), grid.top(), "list", children=entries)
                return Node(grid.top(), grid.top(), "mapping", children={"waivers": listed}), tuple(problems)
    return None, (*problems, _no_headings(path, grids))


def _no_headings(path: Path, grids: Sequence[Grid]) -> Problem:
    """Return the problem of a sheet without the headings of a waiver list."""
    found = [str(cell) for grid in grids for _, row in grid.rows[:5] for cell in row if cell]
    fact = Text("没有找到豁免清单的表头", "there are no headings of a waiver list")
    needed = Text("表头须有：单位、规则、理由、批准人、起、止", "It needs 单位, 规则, 理由, 批准人, 起, 止")
    near = [name for heading in found for name in did_you_mean(heading, [names[0] for names in HEADINGS.values()])]
    return Problem("missing-column", Where(str(path)), fact, suggestion(near[:2], needed))
