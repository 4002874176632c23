"""Characters that look like others: a Cyrillic е, a radical instead of its character, a mark that nobody sees."""

from __future__ import annotations

import unicodedata

from events.problems import Text

_USUAL = ("CJK UNIFIED", "LATIN ", "FULLWIDTH LATIN", "IDEOGRAPHIC", "DIGIT")
_NAMED = 3


def odd_characters(text: str) -> Text:
    """Return words for the characters of a name that Chinese names do not have, blank where it has none.

    They are named by number, since on paper `县財政局` with a radical or `A` in Cyrillic cannot be told from the usual.
    """
    odd = [one for one in dict.fromkeys(text) if _is_odd(one)][:_NAMED]
    if not odd:
        return Text("", "")
    zh = "、".join(f"“{_visible(one)}”（U+{ord(one):04X}）" for one in odd)
    en = ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, '')}".strip() for one in odd)
    return Text(f"，其中{zh}是形近或者看不见的字符", f" (it has {en})")


def _is_odd(one: str) -> bool:
    """Say whether a character is a letter of another script, a radical, or an invisible mark."""
    if ord(one) < 0x80:  # noqa: PLR2004 - ASCII ends there
        return not one.isprintable()
    category, name = unicodedata.category(one), unicodedata.name(one, "")
    if category in {"Cf", "Cc", "Mn"} or "RADICAL" in name:
        return True
    return category.startswith("L") and not name.startswith(_USUAL)


def _visible(one: str) -> str:
    return one if one.isprintable() and not unicodedata.combining(one) else "·"
