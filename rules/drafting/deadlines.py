"""Times of clauses: the last day that their words allow, and whether they are understood at all."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_FULL: Final = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")
_MONTH: Final = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})[日号]|底|末|份)?")
_SHORT: Final = re.compile(r"(?<![\d.])(\d{1,2})[/.](\d{1,2})(?![\d.%])")
_NEXT: Final = re.compile(r"[次翌明]年")
_QUARTER: Final = re.compile(r"第?([一二三四1-4])季度(?:末|底|前|内)?")
_WORDS: Final = (
    ("上半年", 6), ("下半年", 12), ("年中", 6), ("年底", 12), ("年末", 12), ("年内", 12), ("全年", 12), ("长期", 12),
    ("持续", 12), ("常年", 12), ("常态", 12), ("年度", 12), ("年终", 12),
)  # fmt: skip
_REPEATED: Final = re.compile(r"每|逐|次月|定期|按[年季月]|(?<![一二三四1-4])季度末|(?<!\d)月[底末]")


def day_of(text: str, year: int) -> date | None:
    """Return the last day that the words of a time allow: 11月底前, 2024.6.30, 年底前, 上半年, 第三季度, 次年1月31日前.

    Args:
        text: the words.
        year: the year that the document is for.
    """
    own = year + bool(_NEXT.search(text))
    full, found = _FULL.search(text), _MONTH.search(text)
    if full is not None:
        return _last(int(full[1]), int(full[2]), int(full[3]))
    if found is not None:
        return _last(int(found[1] or own), int(found[2]), int(found[3]) if found[3] else None)
    short = _SHORT.search(text)
    if short is not None:
        return _last(own, int(short[1]), int(short[2]))
    quarter = _QUARTER.search(text)
    if quarter is not None:
        return _last(own, 3 * ("一二三四".find(quarter[1]) + 1 or int(quarter[1])), None)
    month = next((month for words, month in _WORDS if words in text), 3 if "年初" in text else None)
    return _last(own, month, None) if month is not None else None


def is_understood(text: str) -> bool:
    """Say whether the words of a time name a day, or nothing at all."""
    return not text.strip() or (day_of(text, 2000) is not None and not _REPEATED.search(text))


def _last(year: int, month: int, day: int | None) -> date | None:
    """Return a day of a month, its last one where the day is none of it or not said."""
    if not 1 <= month <= 12:  # noqa: PLR2004
        return None
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day or last, last))
