"""Document numbers and other subjects as people type them, looked up among those that the log has."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BRACKETS = str.maketrans("〔［【（〕］】）", "[[[[]]]]")
_PUNCTUATION = re.compile(r"[\s《》“”\"'·]")


def folded(subject: str) -> str:
    """Return a subject as subjects are compared: brackets alike, half width, without spaces and title marks."""
    plain = unicodedata.normalize("NFKC", subject.translate(_BRACKETS)).replace("(", "[").replace(")", "]")
    return _PUNCTUATION.sub("", plain).casefold()


def looked_up(subject: str, known: Iterable[str]) -> str:
    """Return a subject as the log already writes it, where it has it."""
    wanted = folded(subject)
    return next((one for one in known if folded(one) == wanted), subject)
