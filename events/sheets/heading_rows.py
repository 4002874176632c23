"""Which row of a table has its headings: one row, or two of which the upper one groups the lower one's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from events.rows import is_blank
from events.values.measures import measure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.grid import Grid

_REMARKED = re.compile(r"[(\[【](.*?)[)\]】]")
_PLANNED = re.compile(
    r"计划|规划|拟|预(?![算案防警决备审约])|(?<![对响供反效适相感])应(?![急用对征诉邀聘])|暂定|(?<![接招对看期优])待(?!遇)|原定|目标|未(?!成年)|取消"
    r"|作废|参考|最晚|最迟|截止|[期时]限|限期|(?<![按依])要求|安排|建议|推迟|延[期后]|改期|下[个周月季年次]|明年|预备|另行|为准|未[定报]"
    r"|planned|due|expected|scheduled|tentative|deadline|tb[dc]",
    re.IGNORECASE,
)
"""In brackets behind a heading: what stands below has not happened, or is not known to have."""
_LABEL = re.compile(r"(?:填报|报送|上报|填表|制表|编制)(?:单位|部门|机关|日期|时间|人)[:：]?|(?:单位|部门)名称[:：]?")
_DIGIT = re.compile(r"\d")
CLOCKS = frozenset({"时间", "具体时间", "时刻", "起始时间", "开始时间"})
"""Headings of the time of the day, where a date stands beside them."""
SEARCHED = 20
"""How many rows are searched for the headings; titles and notes may stand above them."""

_LEAST = 2
"""A row with fewer known headings is not one of headings."""


@dataclass(frozen=True, slots=True)
class HeadingRows:
    """The headings of a table.

    Attributes:
        cells: a heading for each column, blank where it has none.
        first: index of the (upper) row among those of the grid.
        last: index of the (lower) row; the events stand below it.
    """

    cells: Sequence[object]
    first: int
    last: int

    def row_of(self, grid: Grid, column: int) -> int:
        """Return the number of the row that a column's heading stands in; columns count from 0."""
        number, cells = grid.rows[self.last]
        return number if column < len(cells) and not is_blank(cells[column]) else grid.rows[self.first][0]


def find_headings(
    grid: Grid,
    known: Callable[[Sequence[object]], int],
    meant: Callable[[object], bool],
    chosen: tuple[int, int] | None,
) -> HeadingRows | None:
    """Return the row, or the two, with the most headings that are known.

    Args:
        grid: the table.
        known: how many fields the headings among some cells stand for.
        meant: whether a heading is known, be it as one to ignore.
        chosen: numbers of the first and the last row of headings where the mapping says so.

    Returns:
        The headings; None where there are none, or not where the mapping says.
    """
    if chosen is not None:
        return _chosen(grid, chosen, meant)
    head = grid.rows[:SEARCHED]
    counts = [0 if _is_caption(cells, meant) else known(cells) for _, cells in head]
    most = max(counts, default=0)
    best = HeadingRows(head[counts.index(most)][1], counts.index(most), counts.index(most)) if most >= _LEAST else None
    for index in range(len(head) - 1):
        if counts[index] >= _LEAST and _divides(head[index][1], head[index + 1][1]):
            cells = joined(head[index][1], head[index + 1][1], meant)
            if known(cells) >= most - 1:
                return HeadingRows(cells, index, index + 1)
        if counts[index] >= _LEAST and _measures(head[index][1], head[index + 1][1]):
            cells = joined(head[index][1], head[index + 1][1], meant)
            if known(cells) >= most:
                return HeadingRows(cells, index, index + 1)
        if (
            counts[index]
            and counts[index + 1] >= _LEAST
            and (cells := joined(head[index][1], head[index + 1][1], meant))
        ):
            count = known(cells)
            if count > most:
                best, most = HeadingRows(cells, index, index + 1), count
    return best


def is_planned(folded: str) -> bool:
    """Say whether brackets behind a heading say that what stands below is a plan, not a fact."""
    return any(_PLANNED.search(one) for one in _REMARKED.findall(folded))


def _divides(upper: Sequence[object], lower: Sequence[object]) -> bool:
    """Say whether a row does nothing but divide headings above it (计划 and 实际 below one 日期), or repeat them."""
    groups: dict[object, int] = {}
    group: object = ""
    for column, below in enumerate(lower):
        above = upper[column] if column < len(upper) else ""
        group = group if is_blank(above) else above
        if is_blank(below) or below == group:
            continue
        if not isinstance(below, str) or is_blank(group) or _DIGIT.search(below):
            return False
        groups[group] = groups.get(group, 0) + 1
    pairs = {(str(one), str(other)) for one, other in zip(upper, lower, strict=False) if not is_blank(other)}
    turned = len(groups) > 1 and len({other for one, other in pairs if one != other}) == 1
    return bool(groups) and (all(count > 1 for count in groups.values()) or turned)


def _measures(upper: Sequence[object], lower: Sequence[object]) -> bool:
    """Say whether a row does nothing but say what is counted in what: 万元 below 投资额, or 投资额 below 万元."""
    filled = [(above, below) for above, below in zip(upper, lower, strict=False) if not is_blank(below)]
    return bool(filled) and all(
        isinstance(above, str) and isinstance(below, str) and (stated_measure(above) or stated_measure(below))
        for above, below in filled
    )


def _folded(cell: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(cell)).split())


def stated_measure(text: str) -> str:
    """Return the unit of measure that a text names (`单位：万元`, `（万人次）`, 以万元计), blank for any other."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).strip("()[]【】")
    text = text.rpartition(":")[2].removeprefix("以").removesuffix("计")
    return text if measure_of(text) is not None else ""


def _is_caption(cells: Sequence[object], meant: Callable[[object], bool]) -> bool:
    """Say whether a row is one such as 填报单位 | 县民政局: behind a heading stands its value."""
    filled = [one for one in cells if not is_blank(one)]
    return any(
        isinstance(first, str) and _LABEL.fullmatch("".join(first.split())) and not meant(second)
        for first, second in pairwise(filled)
    )


def _chosen(grid: Grid, chosen: tuple[int, int], meant: Callable[[object], bool]) -> HeadingRows | None:
    """Return the headings in the rows of these numbers."""
    places = {number: index for index, (number, _) in enumerate(grid.rows)}
    first, last = places.get(chosen[0]), places.get(chosen[1])
    if first is None or last is None:
        return None
    upper, lower = grid.rows[first][1], grid.rows[last][1]
    return HeadingRows(lower if first == last else joined(upper, lower, meant), first, last)


def joined(upper: Sequence[object], lower: Sequence[object], meant: Callable[[object], bool]) -> list[object]:
    """Return the headings of two rows as those of one.

    A lower cell stands for itself, or, where that is known, together with the upper one that it belongs to
    (`反馈/日期`); where the lower row is blank, the upper one counts.
    """
    cells: list[object] = []
    group: object = ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        group = group if is_blank(above) else above
        measure = stated_measure(str(group))
        both = [] if is_blank(below) or is_blank(group) or below == group else [f"{group}/{below}", f"{group}{below}"]
        both += [f"{group}({stated_measure(str(below)) or below})", f"{below}({measure or group})"] if both else []
        planned = [one for one in both if is_planned(one) and not (meant(below) and not _PLANNED.search(str(group)))]
        # 时间 below 会议情况 is 时间: a group in brackets says something of a heading only where it is its measure
        told = both if not (meant(below) or _folded(below) in CLOCKS) or measure else both[:2]
        cells.append(
            next(
                (one for one in (*planned, *told) if one in planned or meant(one)), above if is_blank(below) else below
            )
        )
    return cells
