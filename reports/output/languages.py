"""The two languages of the pages: catalogues for the words of templates; Babel for dates, numbers, shares and plurals.

A template is written in Chinese, `_("…")` around its words; `locale/en.po` has the English of each. Sentences that the
program makes up are pairs (`events.problems.Text`). docs/decisions/0014-languages.md says why.
"""

from __future__ import annotations

import io
import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from events.problems import Lang

CATALOGUES = Path(__file__).parents[1] / "locale"
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}


@cache
def translations(lang: Lang) -> NullTranslations:
    """Return what the words of templates are in a language; those of the default language are the keys themselves."""
    if lang == "zh":
        return NullTranslations()
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        catalogue = read_po(file, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def long_date(day: date, lang: Lang) -> str:
    """Return a day as a sentence has it: 2023年12月31日, 31 December 2023."""
    return format_date(day, "long", locale=LOCALES[lang])


def number(value: float, lang: Lang) -> str:
    """Return a number with its thousands marked, and with two digits behind the point at most: 4,189; 92.35."""
    return format_decimal(value, format="#,##0.##", locale=LOCALES[lang])


def share(value: float, lang: Lang) -> str:
    """Return a share (0 to 1) in per cent, with one digit behind the point at most."""
    return format_percent(value, format="#,##0.#%", locale=LOCALES[lang])


def joined(words: Sequence[str], lang: Lang) -> str:
    """Return words as a list in a sentence: 甲、乙和丙; A, B and C."""
    return format_list(list(words), locale=LOCALES[lang])


_ARTICLE = re.compile(r"art([1-9]\d{0,2})")
_DIGITS = "零一二三四五六七八九"


def clause_name(clause: str | None, lang: Lang = "zh") -> str:
    """Return a clause as people cite it: `art33` is 第三十三条 (Article 33); a row of a notice is cited by its number.

    >>> clause_name("art33"), clause_name("art10", "en"), clause_name("8.2")
    ('第三十三条', 'Article 10', '8.2')
    """
    article = _ARTICLE.fullmatch(clause or "")
    if article is None:
        return clause or ""
    return f"第{_chinese(int(article[1]))}条" if lang == "zh" else f"Article {article[1]}"


def _chinese(number: int) -> str:
    """Return a number from 1 to 999 as articles are counted: 十, 二十一, 一百零一, 一百一十."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
