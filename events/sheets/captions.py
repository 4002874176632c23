"""What stands above the headings of a table and holds for all of its rows: 填报单位：县民政局."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from events.problems import Problem, Text
from events.rows import is_blank

if TYPE_CHECKING:
    from events.grid import Grid
    from events.problems import Where
    from events.rows import UnitNames

_UNIT = re.compile(
    r"(?:填报|填表|报送|上报|填写|制表|编制|责任|主管|承办|公开)?(?:单位|部门|机关)(?:名称)?(?:\((?:盖?公?章|签章|盖章)\))?[:：]\s*(?P<name>.*?)"
    r"(?:\((?:盖?公?章|签章|盖章)\))?(?:\s+(?:填报|填表|报送|制表|上报)(?:日期|时间|人).*)?"
)
_LABEL = re.compile(r"(?:填报|填表|报送|上报|责任)(?:单位|部门)(?:名称)?(?:\((?:盖?公?章|签章)\))?[:：]?")


def caption_unit(grid: Grid, first: int, names: UnitNames) -> tuple[Where, str] | None:
    """Return the unit that a table says above its headings that it is of, with its place.

    Args:
        grid: the table.
        first: index of the first row of its headings.
        names: the unit registry; a name that it does not have is returned all the same, to be told.
    """
    for number, cells in grid.rows[:first]:
        for column, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            text = unicodedata.normalize("NFKC", cell).strip()
            found = _UNIT.fullmatch(text)
            name = found["name"].strip() if found is not None else ""
            if not name and _LABEL.fullmatch(text):
                name = next((str(one).strip() for one in cells[column + 1 :] if not is_blank(one)), "")
                name = name if names.find(name) is not None else ""
            if name:
                return grid.cell(number, column + 1), name
    return None


def contradicts(where: Where, caption: str, source: str, constant: str) -> Problem:
    """Return the problem of a table that says it is of another unit than the mapping says."""
    fact = Text(
        f"这张表写明是“{caption}”的，对应表（{source}）的 constants 却写着“{constant}”",
        f"the table says it is of {caption!r}, the mapping ({source}) has {constant!r} under constants",
    )
    cure = Text(
        "请去掉对应表里的 unit，或者写明它是哪个文件的，例如 files: [县民政局.xlsx]",
        "Take unit out of the mapping, or say which file it is for: files: [log.xlsx]",
    )
    return Problem("constant-contradicts", where, fact, cure, caption)
