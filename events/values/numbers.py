"""Numbers with what stands beside them: a unit, a sign of money, a remark, a footnote's mark; and Chinese words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from events.values.measures import half_width, measure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?)\s*(.*)", re.ASCII | re.IGNORECASE)
NOTES = re.compile(
    "(?:[*※▲△★☆†‡\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207d\u207e\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3251-\u325f"
    "\u32b1-\u32bf]|[(（\\[【](?:注?\\d{1,2}|注)[)）\\]】])+$"
)
"""Marks that lead to a footnote: ①, ¹, *, [1] or （注） behind a figure are none of its digits."""
_BEFORE = re.compile(r"(?:共计?|合计|总计|累计|实际完成|完成)[:：]?\s*")
"""Words before a figure that leave it as it is; 约 and 近 do not."""
_MONEY = re.compile(r"(?:[¥￥]|人民币|RMB|CNY)\s*[:：]?\s*", re.IGNORECASE)
_BRACKETED = re.compile(r"(.+?)\s*[(\[【]([^()\[\]【】]+)[)\]】]")
_TURNED = re.compile(
    r"计划|预[计估测]|拟|目标|估|约|左右|以上|以下|未|待|不[含包]|暂|除|超|余|多|折合|同比|增长|上年|去年|上期"
)
"""In brackets behind a figure: it is none that was reached, or not this one."""
_UNIT_LIKE = re.compile(r"[^\W\d_]+")
_DIGITS: Mapping[str, int] = dict(
    zip("〇一二三四五六七八九零两壹贰叁肆伍陆柒捌玖", (*range(10), 0, 2, *range(1, 10)), strict=True)
)
_TENS: Mapping[str, int] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_DIGIT = "[〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖]"
_NUMERAL = re.compile(f"(?:{_DIGIT}|[十拾百佰千仟万亿])+(?:点{_DIGIT}+)?")
_BELOW = re.compile(f"(?:({_DIGIT})[千仟])?(零)?(?:({_DIGIT})[百佰])?(零)?(?:({_DIGIT})?([十拾]))?(零)?({_DIGIT})?")
"""A numeral below ten thousand; its gaps are filled by 零."""
_SHARE = re.compile(rf"百分之({_NUMERAL.pattern}|\d+(?:\.\d+)?)")
_STEPS = re.compile(r"(\d+(?:\.\d+)?)(亿|万)(\d{1,4})(千|百)?(?!\d)", re.ASCII)

_LONGEST = 200
"""A longer text is no number."""
Beside = Literal["", "footnote", "remark"]


class ValueReadError(ValueError):
    """A value that is not of the attribute's type.

    Attributes:
        near: the values that it may have been meant to be.
        reason: `form` (not of the type), `separator` (a list with something else than semicolons between its parts),
            `measure` (a unit that is not the attribute's) or `digits` (a number that a spreadsheet has cut to 2.3E+11).
    """

    def __init__(self, near: tuple[str, ...] = (), reason: str = "form") -> None:
        super().__init__(near)
        self.near = near
        self.reason = reason


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as a text has it.

    Attributes:
        value: the number.
        unit: the unit behind it, blank where it has none.
        beside: what was left out: the mark of a footnote, or a remark in brackets.
    """

    value: Decimal
    unit: str
    beside: Beside = ""


def written_number(text: str) -> WrittenNumber:
    """Return the number that a text has, exactly as it is written.

    >>> written_number("12人（含2名企业代表）")
    WrittenNumber(value=Decimal('12'), unit='人', beside='remark')

    Raises:
        ValueReadError: it is no number, could be several, or what stands behind it is no unit.
    """
    text = half_width(text).strip()
    if len(text) > _LONGEST:
        raise ValueReadError
    found = _with_unit(text)
    if found is not None:
        return found
    plain = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    money = _MONEY.match(plain)
    plain = plain[money.end() :] if money is not None else plain
    plain = plain.removesuffix("整") if plain.endswith("元整") else plain
    bare = NOTES.sub("", plain).strip()
    beside: Beside = "footnote" if bare != plain else ""
    found = _with_unit(bare) or _spelt(bare)
    if found is None and not beside and (parts := _BRACKETED.fullmatch(bare)) is not None:
        found, beside = _bracketed(parts[1], parts[2])
    if found is None:
        raise ValueReadError(reason=_why(bare))
    if money is not None:
        unit = found.unit if found.unit.endswith("元") or measure_of(f"{found.unit}元") is None else f"{found.unit}元"
        return WrittenNumber(found.value, unit or "元", beside)
    return WrittenNumber(found.value, found.unit, beside)


def _with_unit(text: str) -> WrittenNumber | None:
    """Return a number of digits with its unit, None where something else stands behind it."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    unit = found[2].strip()
    return WrittenNumber(Decimal(found[1].replace(",", "")), unit) if not unit or measure_of(unit) else None


def _spelt(text: str) -> WrittenNumber | None:
    """Return a number in Chinese words with its unit; None where it is none, or one that could mean several."""
    text = "".join(text.split())
    share = _SHARE.fullmatch(text)
    if share is not None:
        amount = Decimal(share[1]) if share[1][0].isascii() else numeral(share[1])
        return WrittenNumber(amount, "%") if amount is not None else None
    steps = _STEPS.match(text)
    if steps is not None and steps[4]:
        amount = Decimal(steps[1]) * _SCALES[steps[2]] + Decimal(steps[3]) * _TENS[steps[4]]
        unit = text[steps.end() :]
        return WrittenNumber(amount, unit) if not unit or measure_of(unit) is not None else None
    found = _NUMERAL.match(text)
    for end in range(found.end(), 0, -1) if found is not None else ():
        amount, unit = numeral(text[:end]), text[end:]
        if amount is not None and (not unit or measure_of(unit) is not None):
            return WrittenNumber(amount, unit)
    return None


_SCALES: Mapping[str, int] = {"万": 10**4, "亿": 10**8}


def numeral(text: str) -> Decimal | None:
    """Return what a Chinese numeral says; None where it says none or could say several (三四, 一百二, 一万三).

    >>> numeral("一万三千"), numeral("一点三万"), numeral("三四")
    (Decimal('13000'), Decimal('13000.0'), None)
    """
    if not text:
        return None
    whole, point, fraction = text.partition("点")
    scale = 1
    while fraction[-1:] in _SCALES:
        scale, fraction = scale * _SCALES[fraction[-1]], fraction[:-1]
    number = _whole(whole)
    if number is None or (point and (not fraction or not all(one in _DIGITS for one in fraction))):
        return None
    tail = "".join(str(_DIGITS[one]) for one in fraction)
    return Decimal(f"{number}.{tail}") * scale if tail else Decimal(number)


def _whole(text: str) -> int | None:
    """Return what a numeral without a point says."""
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        if sign in text:
            high, _, low = text.partition(sign)
            above, below = _whole(high), _whole(low) if low else 0
            if above is None or below is None or not above or (low and not _follows(low, below, factor)):
                return None
            return above * factor + below
    return _below(text)


def _follows(low: str, below: int, factor: int) -> bool:
    """Say whether what stands behind 万 says itself which place it has: 三千 and 零三 do, 三 (三千) does not."""
    return low.startswith(("零", "〇")) or below >= factor // 10


def _below(text: str) -> int | None:
    """Return what a numeral below ten thousand says."""
    found = _BELOW.fullmatch(text.removeprefix("零") if len(text) > 1 else text)
    if found is None or not text:
        return None
    thousands, _, hundreds, gap, tens, ten, gap_of_ones, ones = found.groups()
    if ones and not ten and (thousands or hundreds) and not (gap or gap_of_ones or found[2]):
        return None  # 一百二 is 120 to some
    number = _DIGITS.get(thousands or "", 0) * 1000 + _DIGITS.get(hundreds or "", 0) * 100
    number += (_DIGITS[tens] if tens else 1) * 10 if ten else 0
    return number + _DIGITS.get(ones or "", 0)


def _bracketed(text: str, within: str) -> tuple[WrittenNumber | None, Beside]:
    """Return a number with its unit or a part of it in brackets, or with a remark: 1.3（万人次）, 13000人（次）."""
    number = _with_unit(text) or _spelt(text)
    within = within.strip()
    if number is None:
        return None, ""
    whole = f"{number.unit}{within}"
    if measure_of(within) is not None or measure_of(whole) is not None:
        unit = whole if measure_of(whole) is not None else within
        return (WrittenNumber(number.value, unit), "") if not number.unit or unit == whole else (None, "")
    if _TURNED.search(within) or not re.search("[一-鿿]", within):
        return None, ""
    return number, "remark"


def _why(text: str) -> str:
    """Return what a text lacks to be a number with a unit."""
    found = _NUMBER.fullmatch(text)
    return "measure" if found is not None and _UNIT_LIKE.fullmatch(found[2].strip()) else "form"
