"""Texts as quotes are compared: without spaces and line breaks, punctuation in half width."""

from __future__ import annotations

from rules.units import FULL_WIDTH

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def fold_text(text: str) -> str:
    """Return a text as quotes are compared: without spaces and line breaks, punctuation in half width."""
    return "".join(text.translate(FULL_WIDTH).translate(_QUOTES).split())


def departs(quote: str, text: str) -> str | None:
    """Return the words of `quote` from where it leaves the folded `text`; None where all of it is there."""
    folded = fold_text(quote)
    if folded in text:
        return None
    low, high = 0, len(folded)
    while low < high:  # the longest beginning that is there
        middle = (low + high + 1) // 2
        low, high = (middle, high) if folded[:middle] in text else (low, middle - 1)
    return folded[low : low + 12]
