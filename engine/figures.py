"""Figures of the log in the unit of the rule that asks for them: 9000人次 is 0.9万人次."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.kinds.base import deeds_of
from events.problems import Problem, Text
from events.values.measures import convert
from rules.deeds import FigureReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Where
    from rules.book import Book

FIGURE: Final = "indicator.reported"
INDICATOR: Final = "data.indicator"
VALUE: Final = "data.value"
MEASURE: Final = "data.unit_of_measure"
FAR: Final = 100
"""A figure so many times its target, or so small a part of it, was probably counted in another unit."""
SHARE: Final = "%"
"""The unit of shares: one that is about a hundredth of its target was probably meant as a fraction, 0.98 for 98%."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of a figure.

    Attributes:
        unit: what it is counted in, such as 万人次.
        target: the target, in that unit.
        from_below: whether the figure has to come up to the target.
    """

    unit: str
    target: float
    from_below: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the log.

    Attributes:
        indicator: what it is of.
        value: the number.
        measure: its unit; blank where none is stated.
    """

    indicator: str
    value: float
    measure: str


def asked_figures(books: Sequence[Book]) -> dict[str, tuple[Asked, ...]]:
    """Return what the rules ask of each figure, by its name."""
    asked: dict[str, list[Asked]] = defaultdict(list)
    for book in books:
        for rule in book.versions():
            for deed in deeds_of(rule):
                if not isinstance(deed, FigureReport) or deed.act.event != FIGURE:
                    continue
                one = Asked(deed.counted_in, deed.target, deed.compare != "at_most")
                conditions = [group["indicator"] for group in deed.act.where if "indicator" in group]
                for value in (name for one_ in conditions for name in (one_.equals, *(one_.one_of or ()))):
                    if value is not None and one not in asked[str(value)]:
                        asked[str(value)].append(one)
    return {name: tuple(found) for name, found in asked.items()}


def as_asked(
    figure: Figure, asked: Mapping[str, Sequence[Asked]], where: Where
) -> tuple[tuple[float, str] | None, Problem | None]:
    """Return a figure in the unit of its rule, and what is to be told of it.

    Args:
        figure: the figure.
        asked: what the rules ask (`asked_figures`).
        where: its place.

    Returns:
        Number and unit, None where the figure stays as it is; and an error where its unit does not agree with that of
        the rule, or a warning where it is a hundred times off its target, stated unit or not: 0.97 under 数值（%）.
    """
    wanted = asked.get(figure.indicator, ())
    if not wanted:
        return None, None
    if not figure.measure:
        far = _far_off(figure.value, wanted)
        return None, None if far is None else _told(where, figure, far)
    number = Decimal(repr(figure.value))
    found = [(float(one_), one) for one in wanted if (one_ := convert(number, figure.measure, one.unit)) is not None]
    if not found:
        return None, _disagrees(where, figure, wanted[0].unit)
    value, first = found[0]
    far = first if all(_is_far(converted, one, stated=True) for converted, one in found) else None
    return (value, first.unit), None if far is None else _told(where, figure, far)


def of_nothing(where: Where) -> Problem:
    """Return the warning about a figure that names no indicator."""
    fact = Text("上报了数值，没有写明是哪项指标，不算作任何一项", "a figure names no indicator; it counts for none")
    cure = Text(
        "请在“指标”一列写指标名称（见 gongkai rules list，或者自查表的“对应要求”）",
        "Write the indicator beside the figure",
    )
    return Problem("figure-of-nothing", where, fact, cure, None, "warning")


def _far_off(value: float, wanted: Sequence[Asked]) -> Asked | None:
    """Return what a rule asks where a figure is far off every target, None else."""
    far = [one for one in wanted if _is_far(value, one)]
    return far[0] if len(far) == len(wanted) else None


def _is_far(value: float, one: Asked, *, stated: bool = False) -> bool:
    """Say whether a figure is far off its target; what is told with its unit may be a small part of it."""
    if one.target <= 0:
        return False
    if one.unit == SHARE and one.target / 2 <= value * FAR <= one.target * 2:
        return True
    return value >= one.target * FAR or (one.from_below and not stated and 0 < value <= one.target / FAR)


def _disagrees(where: Where, figure: Figure, wanted: str) -> Problem:
    text = f"{figure.value:.15g}{figure.measure}"
    fact = Text(
        f"“{figure.indicator}”以{figure.measure}计，任务以{wanted}计，换算不了",
        f"{figure.indicator!r} is told in {figure.measure}, the task counts in {wanted}: the two do not agree",
    )
    cure = Text(f"请写成以{wanted}计的数字", f"Write the figure in {wanted}")
    return Problem("bad-measure", where, fact, cure, text)


def _told(where: Where, figure: Figure, asked: Asked) -> Problem:
    text, target = f"{figure.value:.15g}{figure.measure}", f"{asked.target:.15g}{asked.unit}"
    fact = Text(
        f"“{figure.indicator}”是 {text}，目标是 {target}，相差一百倍以上，可能不是以{figure.measure or asked.unit}计的",
        f"{figure.indicator!r} is {text}, its target {target}: a hundred times apart, perhaps in another unit",
    )
    cure = Text(
        f"请核对，并在数字后面写明计量单位，例如 {target}",
        f"Check it, and write the unit behind the figure, such as {target}",
    )
    if figure.measure:
        cure = Text("请核对数字和它的计量单位；没有写错的不用处理", "Check the figure and its unit")
    return Problem("far-off-target", where, fact, cure, text, "warning")
