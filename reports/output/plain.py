"""Texts from outside without what steers a terminal, a page or a reader's eye.

Control characters, direction overrides (with which `gpj.exe` reads `exe.jpg`), line and paragraph separators, signs
without a width, and halves of characters, as a name has them that is no text.
"""

from __future__ import annotations

import re

_STEERING = (
    r"\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e0fff"
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ANY = re.compile(f"[{_STEERING}]")


def plain(text: str) -> str:
    """Return a text with U+FFFD for each steering character; a tab stays, and so does the length."""
    return _ANY.sub("�", text)


def plain_lines(text: str) -> str:
    """Return a text of several lines with U+FFFD for each steering character in them."""
    return "\n".join(plain(line) for line in text.splitlines())


def visible(text: str) -> str:
    r"""Return a text on one line in which each steering character is written out, such as `\x1b` and `\u202e`."""
    return _ANY.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: an apostrophe goes before one that looks so."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
