"""Text as the log keeps it: composed, stripped, on one line, without characters that nobody can see."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 4000
"""The longest text of a field."""

_LINE_BREAKS = re.compile(r"[ \u3000]*[\t\r\n\v\f\u2028\u2029]+[ \u3000]*")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")


class TextError(ValueError):
    """A text that cannot stand in the log.

    Attributes:
        code: `bad-character` or `too-long`.
        detail: the character as `U+0000`, or the length.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def clean_text(text: str) -> str:
    """Return the text in composed form and stripped, its line breaks as spaces.

    Raises:
        TextError: it has characters that cannot be shown, or is too long.
    """
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _INVISIBLE.sub("", _LINE_BREAKS.sub(" ", text.strip()))
        refused = _REFUSED.search(text)
        if refused is not None:
            raise TextError("bad-character", f"U+{ord(refused.group()):04X}")
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise TextError("too-long", str(len(text)))
    return text
