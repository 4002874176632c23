"""Chinese numerals as numbers: 十四 is 14, 二十 is 20, 三 is 3."""

from __future__ import annotations

from typing import Final

DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
NUMERAL: Final = "[零〇一二两三四五六七八九十百千]+"
"""A pattern for a numeral."""


def number_of(text: str) -> int:
    """Return the number that a numeral, Chinese or of digits, says.

    >>> number_of("十四"), number_of("二十"), number_of("一百零五"), number_of("12")
    (14, 20, 105, 12)
    """
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = DIGITS.get(sign, 0)
    return total + digit
