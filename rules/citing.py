"""Names of clauses as people cite them: 第三十三条 for `art33`; a row of a notice is cited by its number."""

from __future__ import annotations

import re
from typing import Final

from events.problems import Text

_ARTICLE: Final = re.compile(r"art([1-9]\d{0,2})")
_DIGITS: Final = "零一二三四五六七八九"


def clause_name(clause: str) -> Text:
    """Return a clause's name by its id alone.

    >>> clause_name("art33").zh, clause_name("art10").en, clause_name("8.2").zh
    ('第三十三条', 'Article 10', '8.2')
    """
    article = _ARTICLE.fullmatch(clause)
    if article is None:
        return Text(clause, clause)
    return Text(f"第{_chinese(int(article[1]))}条", f"Article {article[1]}")


def _chinese(number: int) -> str:
    """Return a number from 1 to 999 as articles are counted: 十, 二十一, 一百零一, 一百一十."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
