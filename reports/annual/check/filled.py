"""A filled report as it was found in a file: figures with their places, and the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from events.values.measures import half_width
from events.values.numbers import NOTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.problems import Where
    from reports.annual.form import Form

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_UNITS = re.compile(r"(人次|件|次|条|个|宗|起|例|项|份|元|万元)$")
_TEN_THOUSAND = re.compile(r"([\d.]+)万")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|[①-⑳]|\d{1,2}[.、)])")
_MARKS = re.compile(r"[\W_]+")
BLANKS = frozenset(("", "/", "\\", "-", "--", "—", "——", "－", "–", "无", "空"))
"""What stands in a cell that has no figure."""


def fold(text: object) -> str:
    """Return a label as labels are compared: in half width, without spaces, numbering and marks."""
    plain = "".join(unicodedata.normalize("NFKC", str(text)).split())
    return _MARKS.sub("", _ENUMERATOR.sub("", plain))


@dataclass(frozen=True, slots=True)
class FilledFigure:
    """What a number cell holds.

    Attributes:
        raw: what stands in it.
        value: its figure, or None where it is blank or no number.
        where: its place, or None where the file has no such cell.
    """

    raw: str
    value: float | None
    where: Where | None

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in: a blank, a stroke, or no such cell."""
        return self.value is None and unicodedata.normalize("NFKC", self.raw).strip() in BLANKS

    @property
    def shown(self) -> str:
        """The figure as it is shown; a blank is shown as one."""
        if self.value is None:
            return self.raw.strip() or "（空）"
        return f"{self.value:g}" if abs(self.value) < 1e6 else f"{self.value:.0f}"  # noqa: PLR2004 - %g turns to powers


ABSENT = FilledFigure("", None, None)


MONEY = {"元": Decimal("0.0001"), "千元": Decimal("0.1"), "万元": Decimal(1), "亿元": Decimal(10000)}
"""Units of amounts, in 万元."""

_AMOUNT = re.compile(rf"([\d,.]+)({'|'.join(sorted(MONEY, key=len, reverse=True))})")


def parse_amount(raw: object, where: Where, unit: str = "万元") -> FilledFigure:
    """Return what a cell of money holds, in 万元.

    Args:
        raw: the cell; a unit that it is written with counts.
        where: its place.
        unit: the unit of its heading.
    """
    found = _AMOUNT.fullmatch("".join(half_width(str(raw)).split())) if isinstance(raw, str) else None
    figure = parse_figure(found[1] if found is not None else raw, where)
    factor = MONEY[found[2] if found is not None else unit]
    if figure.value is None or factor == 1:
        return FilledFigure(str(raw), figure.value, where) if found is not None else figure
    return FilledFigure(str(raw), float(Decimal(str(figure.value)) * factor), where)


def parse_figure(raw: object, where: Where) -> FilledFigure:
    """Return what a number cell holds; width, spaces, thousands, a unit and a footnote's mark do not matter."""
    text = "" if raw is None else str(raw)
    if isinstance(raw, bool):
        return FilledFigure(text, None, where)
    if isinstance(raw, int | float):
        return FilledFigure(f"{raw:g}" if float(raw).is_integer() else text, float(raw), where)
    plain = NOTES.sub("", "".join(half_width(text).split()))
    plain = _GROUPED.sub("", _UNITS.sub("", plain))
    many = _TEN_THOUSAND.fullmatch(plain)
    if many is not None and _NUMBER.fullmatch(many[1]):
        return FilledFigure(text, float(Decimal(many[1]) * 10000), where)
    return FilledFigure(text, float(plain) if _NUMBER.fullmatch(plain) else None, where)


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line of text, and its place."""

    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled report.

    Attributes:
        file: the file.
        form: the form that its tables have.
        year: the report year, where the file says it.
        cells: the figures found, by key.
        tables: which tables were found: two, three, four.
        lines: the text, in order.
    """

    file: str
    form: Form
    year: int | None
    cells: Mapping[str, FilledFigure] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    lines: tuple[FilledLine, ...] = ()

    def figure(self, key: str) -> FilledFigure:
        """Return a figure, a blank without a place where the file has no such cell."""
        return self.cells.get(key, ABSENT)

    def name(self, key: str) -> str:
        """Return what a cell is called."""
        return self.form.labels.get(key, key)
