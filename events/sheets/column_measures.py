"""Units of measure of columns of figures: what a heading or a caption names, and what is told where none is clear."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from events import findings
from events.problems import Problem, Text
from events.rows import is_blank
from events.sheets.captions import caption_measures
from events.values.measures import measure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.grid import Grid
    from events.problems import Where
    from events.sheets.heading_rows import HeadingRows
    from events.vocabulary import Vocabulary

_PARTS = re.compile(r"[,、;/\\\s]+|[或和及与]")
_SAID = re.compile(r"^(?:(?:计量)?单位|以)")
_FOREIGN = re.compile(r"[^\d\W]{1,4}元")
_REMARKED = re.compile(r"[(\[【](.*?)[)\]】]")


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
    text, named = findings.shown(heading), "、".join(units)
    fact = Text(
        f"列“{text}”可能以{named}计，没有单位的数字不知道是哪一个",
        f"the column {text!r} may be in {named}; of numbers without a unit it cannot be told in which",
    )
    cure = Text("请在每个数字后面写明计量单位，例如 1.3万人次", "Write its unit behind each number, such as 1.3万人次")
    return Problem("several-units", where, fact, cure, text, "warning")


def _assumed(where: Where, heading: str, label: Text) -> Problem:
    text = findings.shown(heading)
    fact = Text(
        f"列“{text}”没有写明是元、万元还是亿元，没有单位的数字按{label.zh}读取",
        f"the column {text!r} does not say its unit; numbers without one are read as {label.en}",
    )
    cure = Text("请在列名里写明，例如 投资额（万元）", "Say it in the heading, such as 投资额（万元）")
    return Problem("assumed-unit", where, fact, cure, text, "warning")
