"""Private words, left out of a text that is published: people, places in files, ids of entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.run.folder import Row, RunFolder

PERSONAL: Final = ("staff.", "request.", "message.", "rectification.")
"""Beginnings of the event types whose subjects are people or what people asked for."""

SOMEBODY: Final = "×××"
_BRACKETS: Final = re.compile(r"（[^（）]*）|\([^()]*\)")


class Private:
    """What the log of a run has that nobody else is to read."""

    def __init__(self, run: RunFolder) -> None:
        """Gather it from the entries that the run kept."""
        log: list[dict[str, Any]] = list(run.kept.log.values()) if run.kept is not None else []  # type: ignore[arg-type]
        self._subjects = _pattern(str(one["subject"]) for one in log if self.personal(one["type"]) and one["subject"])
        self._files = _pattern(str(one["file"]) for one in log if one["file"])
        self._types = {str(one["id"]): str(one["type"]) for one in log}
        self._kept = run.kept is not None

    @staticmethod
    def personal(kind: object) -> bool:
        """Say whether the subject of a type of event is a person, or what a person asked for."""
        return str(kind).startswith(PERSONAL)

    def about_people(self, row: Row) -> bool:
        """Say whether a verdict is about a person or what one asked for; also where the log was not kept."""
        named = [*row["evidence"], *filter(None, (row["trigger"],))]
        return not self._kept or any(self.personal(self._types.get(one, PERSONAL[0])) for one in named)

    def subject(self, row: Row) -> str:
        """Return what a verdict is about, empty where that is a person, or what one asked for."""
        subject = str(row["subject"] or "")
        if not subject or self.about_people(row):
            return ""
        return self._without(subject, row)

    def reason(self, row: Row) -> str:
        """Return the reason of a verdict without people, places in files and ids of entries."""
        return self._without(str(row["reason"]), row)

    def _without(self, text: str, row: Row) -> str:
        """Return a text without them; brackets that have a place or an id go as a whole."""
        ids = _pattern(one for one in (*row["evidence"], row["trigger"] or "") if one)

        def kept(found: re.Match[str]) -> str:
            words = found[0]
            placed = self._files is not None and self._files.search(words)
            return "" if placed or (ids is not None and ids.search(words)) else words

        text = _BRACKETS.sub(kept, text)
        for pattern in (self._files, self._subjects, ids):
            text = pattern.sub(SOMEBODY, text) if pattern is not None else text
        return text


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of whole words, the longest first; None where there are none."""
    found = sorted(set(words), key=lambda word: (-len(word), word))
    if not found:
        return None
    return re.compile("|".join(rf"(?<![0-9A-Za-z_-]){re.escape(word)}(?![0-9A-Za-z_-])" for word in found))
