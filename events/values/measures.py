"""Units of measure (人次, 万元, 亩, ‰): how they are written, which agree, and the factor between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCALES: Mapping[str, int] = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "万亿": 10**12,
}  # fmt: skip

_KINDS: Mapping[str, Mapping[str, Fraction]] = {
    "people": dict.fromkeys(("人", "名", "位", "口"), Fraction(1)),
    "attendances": {"人次": Fraction(1)},
    "money": {"元": Fraction(1), "块": Fraction(1), "角": Fraction(1, 10), "分钱": Fraction(1, 100)},
    "area": {
        "平方米": Fraction(1), "平米": Fraction(1), "㎡": Fraction(1), "m²": Fraction(1), "m2": Fraction(1),
        "亩": Fraction(2000, 3), "公顷": Fraction(10_000), "平方公里": Fraction(10**6), "平方千米": Fraction(10**6),
        "km²": Fraction(10**6), "k㎡": Fraction(10**6), "㎢": Fraction(10**6),
    },
    "length": {
        "米": Fraction(1), "m": Fraction(1), "公里": Fraction(1000), "千米": Fraction(1000), "km": Fraction(1000),
        "㎞": Fraction(1000), "里": Fraction(500), "华里": Fraction(500), "延米": Fraction(1), "延长米": Fraction(1),
    },
    "weight": {
        "吨": Fraction(1000), "t": Fraction(1000), "千克": Fraction(1), "公斤": Fraction(1), "kg": Fraction(1),
        "㎏": Fraction(1), "斤": Fraction(1, 2), "克": Fraction(1, 1000), "g": Fraction(1, 1000),
    },
    "volume": {"立方米": Fraction(1), "方": Fraction(1), "m³": Fraction(1), "m3": Fraction(1)},
    "share": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "百分比": Fraction(1, 100)},
    "points": {"个百分点": Fraction(1), "百分点": Fraction(1), "pct": Fraction(1)},
    "power": {"千瓦": Fraction(1), "kw": Fraction(1), "瓦": Fraction(1, 1000), "兆瓦": Fraction(1000)},
    "days": {"天": Fraction(1), "日": Fraction(1)},
    "working days": {"个工作日": Fraction(1), "工作日": Fraction(1)},
    "hours": {"小时": Fraction(1), "个小时": Fraction(1), "分钟": Fraction(1, 60)},
    "marks": {"分": Fraction(1)},
}  # fmt: skip

_COUNTERS = frozenset(
    "个家户所项套张台场处条件份篇期次座辆只棵株头册本宗起批班间栋幢片段部类种村镇例对架艘眼面支团组门页字届轮遍"
)
_ANY = "个"
"""The counter of everything: 5个 is 5家, but 5家 is not 5个 of something else."""

_BY_NOUN = {noun: (kind, factor) for kind, nouns in _KINDS.items() for noun, factor in nouns.items()}
_BY_NOUN |= {noun: (noun, Fraction(1)) for noun in _COUNTERS}
_FORM = re.compile(f"({'|'.join(sorted(_SCALES, key=len, reverse=True))})(.*)")


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure.

    Attributes:
        kind: what it measures, such as `money` or a counter such as 家; blank where only a scale (万) is stated.
        factor: how many of the kind's smallest usual unit it is.
    """

    kind: str
    factor: Fraction


_HALF_WIDTH: Mapping[int, int | str] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0xA0: " ",
}


def half_width(text: str) -> str:
    """Return a text with its full-width letters, digits and marks in half width; ① and ² stay what they are."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def measure_of(text: str) -> Measure | None:
    """Return the unit that a text names (`万人次`, `亩`, `%`, `万`), or None where it names none."""
    text = "".join(half_width(text).split()).casefold().removesuffix("人民币").removeprefix("人民币")
    if not text:
        return None
    found = _BY_NOUN.get(text)
    if found is not None:
        return Measure(*found)
    form = _FORM.fullmatch(text)
    scale, noun = (form[1], form[2]) if form else ("", text)
    if scale and not noun:
        return Measure("", Fraction(_SCALES[scale]))
    kind = _BY_NOUN.get(noun)
    return Measure(kind[0], kind[1] * _SCALES[scale]) if scale and kind is not None else None


def agree(stated: Measure, wanted: Measure) -> bool:
    """Say whether figures in one unit can be told in another."""
    counted = wanted.kind in _COUNTERS
    unnamed = not stated.kind and wanted.kind not in {"share", "points"}
    return stated.kind == wanted.kind or unnamed or (stated.kind == _ANY and counted)


def convert(value: Decimal, stated: str, wanted: str) -> Decimal | None:
    """Return a figure in another unit, None where the two do not agree or one of them is not known.

    Args:
        value: the figure as it is written.
        stated: the unit that it is written in.
        wanted: the unit to tell it in.
    """
    from_, to = measure_of(stated), measure_of(wanted)
    if "".join(stated.split()) == "".join(wanted.split()):
        return value
    if from_ is None or to is None or not agree(from_, to):
        return None
    return scaled(value, from_.factor / to.factor)


def scaled(value: Decimal, factor: Fraction) -> Decimal:
    """Return a figure times a factor; exactly where that has an end, else to 28 digits."""
    return value * Decimal(factor.numerator) / Decimal(factor.denominator)
