"""The two languages of the pages: catalogues for the words of templates; Babel for dates, numbers, shares and plurals.

A template is written in Chinese, `_("…")` around its words; `locale/en.po` has the English of each. Sentences that the
program makes up are pairs (`events.problems.Text`). docs/decisions/0014-languages.md says why.
"""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
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
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (for pages in English alone)
    from babel.messages.pofile import read_po  # noqa: PLC0415

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
