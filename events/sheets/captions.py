"""Captions above a table and units in its headings, which hold for all of its rows: 填报单位：县民政局, 单位：万元."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from events.findings import shown
from events.problems import Problem, Text
from events.rows import is_blank
from events.values.measures import measure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.grid import Grid
    from events.problems import Where
    from events.rows import UnitNames
    from events.sheets.heading_rows import HeadingRows
    from events.vocabulary import Vocabulary

_UNIT = re.compile(
    r"(?:填报|填表|报送|上报|填写|制表|编制|编报|申报|责任|主管|主办|承办|公开)?(?:单位|部门|机关)(?:名称)?(?:\((?:盖?公?章|签章|盖章)\))?[:：]\s*(?P<name>.*?)"
    r"(?:\((?:盖?公?章|签章|盖章)\))?(?:\s+(?:填报|填表|报送|制表|上报)(?:日期|时间|人).*)?"
)
_LABEL = re.compile(r"(?:填报|填表|报送|上报|责任)(?:单位|部门)(?:名称)?(?:\((?:盖?公?章|签章)\))?[:：]?")
_BESIDE = re.compile(
    r"(?:填报|填表|报送|上报|填写|制表|编制|编报|申报|责任|主管|主办|承办|公开|(?<![^\s,;]))(?:单位|部门|机关)(?:名称)?"
    r"(?:\([^()]{1,4}\))?(?:[:：]|\s)\s*([^\s,;:()]+)"
)
"""The same beside something else, such as a day or a person; it counts where the registry has the name."""
_PLAN = re.compile(r"(?:计划|安排|预排|规划|打算)(?:表|一览表|清单|汇总表|情况表)?(?:[(（][^()（）]*[)）])?$")
"""How the title of a plan ends."""
_NUMBERED = re.compile(r"^\(?\d{1,3}[)、.\-_ ]*")
_BEHIND = re.compile(r"[(\[【\-—_ ·.]")
_MEASURE = re.compile(r"(?:计量|金额|数值|货币|数量)?单位[:：]\s*([^\s,，;；()（）]+)")
_MEASURE_LABEL = re.compile(r"(?:计量|金额|数值|货币|数量)?单位[:：]?")
_PARTS = re.compile(r"[,、;/\\\s]+|[或和及与]")
_SAID = re.compile(r"^(?:(?:计量)?单位|以)")
_FOREIGN = re.compile(r"[^\d\W]{1,4}元")
_REMARKED = re.compile(r"[(\[【](.*?)[)\]】]")


def caption_unit(grid: Grid, first: int, names: UnitNames) -> tuple[Where, str] | None:
    """Return the unit that a table says above its headings that it is of, with its place.

    Args:
        grid: the table.
        first: index of the first row of its headings.
        names: the unit registry; a name that it does not have is returned all the same, to be told.
    """
    for number, cells in (*grid.rows[:first], *grid.above):
        for column, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            text = unicodedata.normalize("NFKC", cell).strip()
            if (measure := _MEASURE.search(text)) is not None and measure_of(measure[1]) is not None:
                continue
            name = named_unit(text, names)
            if not name and names.find(text) is not None and all(is_blank(one) or one == cell for one in cells):
                name = text
            if not name and _LABEL.fullmatch(text):
                name = next((str(one).strip() for one in cells[column + 1 :] if not is_blank(one)), "")
                name = name if names.find(name) is not None else ""
            if name:
                return grid.cell(number, column + 1) if number else grid.top(), name
    return None


def named_unit(text: str, names: UnitNames) -> str:
    """Return the unit that a text says a table is of (`填报单位：县民政局（章）`), blank where it says none.

    Args:
        text: what a cell says, in half width.
        names: the unit registry; a name that it does not have is returned all the same, to be told.
    """
    found = _UNIT.fullmatch(text)
    name = found["name"].strip() if found is not None else ""
    if name and names.find(name) is not None:
        return name
    for part in _BESIDE.findall(text):
        if names.find(part) is not None:
            return str(part)
    return name


def caption_measures(grid: Grid, first: int) -> tuple[str, ...]:
    """Return the units of measure that a table says above its headings (单位：万元、人次).

    Args:
        grid: the table.
        first: index of the first row of its headings.
    """
    for _, cells in (*grid.rows[:first], *grid.above):
        texts = [unicodedata.normalize("NFKC", cell).strip() for cell in cells if isinstance(cell, str)]
        for text, following in pairwise([*texts, ""]):
            named = _MEASURE.findall(text) or ([following] if _MEASURE_LABEL.fullmatch(text) else [])
            names = [one for part in named for one in re.split("[、/]", part) if measure_of(one) is not None]
            if names:
                return tuple(dict.fromkeys(names))
    return ()


def caption_measure(grid: Grid, first: int) -> str:
    """Return the one unit of measure that a table says above its headings (单位：万元), blank where it says none.

    Args:
        grid: the table.
        first: index of the first row of its headings.
    """
    found = caption_measures(grid, first)
    return found[0] if len(found) == 1 else ""


def planned_title(grid: Grid, first: int) -> list[Problem]:
    """Return a warning where a table's title, or its sheet's name, says that it is a plan.

    Args:
        grid: the table.
        first: index of the first row of its headings.
    """
    titles = [(number, column, cell) for number, cells in grid.rows[:first] for column, cell in enumerate(cells)]
    found = [(number, column, str(cell).strip()) for number, column, cell in titles if _is_plan(cell)]
    where = grid.cell(found[0][0], found[0][1] + 1) if found else grid.top()
    text = found[0][2] if found else grid.sheet or ""
    if not found and not _is_plan(grid.sheet):
        return []
    fact = Text(
        f"标题“{shown(text)}”说的是计划，表里的事按已经发生的读取",
        f"the title {shown(text)!r} says that it is a plan; what the table has is read as having happened",
    )
    cure = Text("还没有发生的，请删去这些行", "Take out what has not happened")
    return [Problem("planned-title", where, fact, cure, text, "warning")]


def _is_plan(cell: object) -> bool:
    return isinstance(cell, str) and _PLAN.search("".join(cell.split())) is not None


def sheet_unit(grid: Grid, names: UnitNames) -> str | None:
    """Return the unit that a sheet is called after, None where it is called something else."""
    if grid.sheet is None:
        return None
    bare = _NUMBERED.sub("", unicodedata.normalize("NFKC", grid.sheet)).strip()
    return next(
        (one for one in (grid.sheet, bare, _BEHIND.split(bare)[0].strip()) if names.find(one) is not None), None
    )


def sheet_contradicts(where: Where, caption: str, sheet: str) -> Problem:
    """Return the problem of a sheet that is called after one unit and says above its headings that it is of another."""
    fact = Text(
        f"表头写的单位是“{caption}”，工作表的名称是“{sheet}”",
        f"the table says it is of {caption!r}, and its sheet is called {sheet!r}",
    )
    cure = Text("请核对是哪个单位的，两处写成一样", "Check which unit it is of, and write the same in both places")
    return Problem("contradicting-unit", where, fact, cure, caption)


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


def measures_in(remark: str) -> tuple[str, ...]:
    """Return the units of measure that the brackets of a heading name: 人次 in （截至12月，人次） and （人次/年）."""
    text = unicodedata.normalize("NFKC", remark).strip()
    parts = [_SAID.sub("", part.rpartition(":")[2]).removesuffix("计") for part in _PARTS.split(text)]
    return tuple(dict.fromkeys(part for part in parts if measure_of(part) is not None))


def other_money(remark: str) -> str:
    """Return the money that the brackets of a heading name and that is no 元 (万美元); blank for anything else."""
    text = "".join(unicodedata.normalize("NFKC", remark).split()).rpartition(":")[2]
    return text if _FOREIGN.fullmatch(text) and measure_of(text) is None else ""


def unsaid_units(
    grid: Grid, at: HeadingRows, columns: Mapping[str, int], stated: Mapping[str, str], vocabulary: Vocabulary
) -> list[Problem]:
    """Return a warning for each column of figures whose unit is not clear, where cells have none of their own.

    Args:
        grid: the table.
        at: its headings.
        columns: number of the column of each field, from 0.
        stated: the unit of measure of each column that states one.
        vocabulary: the vocabulary.
    """
    above = caption_measures(grid, at.first)
    problems = []
    for name in sorted(columns.keys() - stated.keys()):
        attribute = vocabulary.attributes.get(name.removeprefix("data."))
        if attribute is None or attribute.type not in {"int", "number"} or attribute.measured_by in columns:
            continue
        column, heading = columns[name], str(at.cells[columns[name]]).strip()
        counted = bool(attribute.measured_by or attribute.per)
        if f"data.{attribute.measured_by}" in columns:
            continue
        several = _several(heading) or (above if counted and len(above) > 1 else ())
        below = [cells[column] for _, cells in grid.rows[at.last + 1 :] if column < len(cells)]
        if not any(map(_is_bare, below)):
            continue
        where = grid.cell(at.row_of(grid, column), column + 1)
        if several:
            problems.append(_several_units(where, heading, several))
        elif attribute.per and heading not in {name, attribute.name, attribute.label.zh}:
            problems.append(_assumed(where, heading, attribute.label))
    return problems


def _several(heading: str) -> Sequence[str]:
    """Return the units that one pair of brackets of a heading names, where they are several."""
    found = map(measures_in, _REMARKED.findall(unicodedata.normalize("NFKC", heading)))
    return next((one for one in found if len(one) > 1), ())


def _is_bare(value: object) -> bool:
    """Say whether a cell has a number and no unit."""
    if is_blank(value):
        return False
    if isinstance(value, str):
        return re.fullmatch(r"[\d,.]+", value.strip()) is not None
    return isinstance(value, int | float) and not getattr(value, "unit", "")


def _several_units(where: Where, heading: str, units: Sequence[str]) -> Problem:
    text, named = shown(heading), "、".join(units)
    fact = Text(
        f"列“{text}”可能以{named}计，没有单位的数字不知道是哪一个",
        f"the column {text!r} may be in {named}; of numbers without a unit it cannot be told in which",
    )
    cure = Text("请在每个数字后面写明计量单位，例如 1.3万人次", "Write its unit behind each number, such as 1.3万人次")
    return Problem("several-units", where, fact, cure, text, "warning")


def _assumed(where: Where, heading: str, label: Text) -> Problem:
    text = shown(heading)
    fact = Text(
        f"列“{text}”没有写明是元、万元还是亿元，没有单位的数字按{label.zh}读取",
        f"the column {text!r} does not say its unit; numbers without one are read as {label.en}",
    )
    cure = Text("请在列名里写明，例如 投资额（万元）", "Say it in the heading, such as 投资额（万元）")
    return Problem("assumed-unit", where, fact, cure, text, "warning")
