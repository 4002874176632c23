"""Problems of an input, said as values: a place, a fact and a cure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_WORD = 200
_REMEMBERED = 1000
"""Among how many words what is near is remembered: more would take the memory that they fill."""

_CELL = re.compile(r"([A-Z]+)(\d+)")

Lang = Literal["zh", "en"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One sentence in the two languages of the product."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Where:
    """A place in an input: a file, and a line and column or a sheet and cell in it.

    Lines and columns count from 1. A record-oriented file without lines (Parquet) gives the row as `line`.
    """

    file: str
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        """Return `file:line:column`, or `file[sheet]!cell`."""
        if self.sheet is not None:
            return f"{self.file}[{self.sheet}]" + (f"!{self.cell}" if self.cell else "")
        parts = [self.file, *(str(part) for part in (self.line, self.column) if part is not None)]
        return ":".join(parts)

    def key(self) -> tuple[str, str, int, int, str]:
        """Return what places are sorted by: B4 comes before C4, and both before A10."""
        cell = _CELL.fullmatch(self.cell or "")
        if cell is None:
            return (self.file, self.sheet or "", self.line or 0, self.column or 0, self.cell or "")
        return (self.file, self.sheet or "", int(cell[2]), len(cell[1]), cell[1])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an input that has to be put right (error) or looked at (warning).

    Attributes:
        code: stable name of this sort of problem, such as `unknown-unit`.
        where: the place.
        fact: what is the case.
        cure: what to do about it.
        value: the offending value as it stands in the input.
        severity: an error makes the input unusable; a warning does not.
    """

    code: str
    where: Where
    fact: Text
    cure: Text
    value: str | None = None
    severity: Severity = "error"

    def line(self, lang: Lang = "zh") -> str:
        """Return the problem as one line: place, fact, cure."""
        mark = {"zh": {"error": "错误", "warning": "提醒"}, "en": {"error": "error", "warning": "warning"}}
        gap = "" if lang == "zh" else " "
        fact, cure = (_sentence(text.in_(lang), lang) for text in (self.fact, self.cure))
        return f"{self.where}: {mark[lang][self.severity]} [{self.code}] {fact}{gap}{cure}"


class ProblemError(Exception):
    """Something cannot be done, for a reason that a person can do something about.

    Attributes:
        problem: why, and what to do.
    """

    def __init__(self, problem: Problem) -> None:
        """Say the problem in a line."""
        super().__init__(problem.line("en"))
        self.problem = problem


def _sentence(text: str, lang: Lang) -> str:
    """Return a text with a full stop, unless it ends in a mark of its own."""
    stop = "。" if lang == "zh" else "."
    return text if text.endswith(("。", ".", "？", "?", "！", "!")) else text + stop


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in the order of their places, without repeats."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (*problem.where.key(), problem.code)))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether any of the problems makes the input unusable."""
    return any(problem.severity == "error" for problem in problems)


def did_you_mean(value: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Return the known words nearest to `value`, best first; none is near a text that nobody mistypes a word as."""
    if len(value) > _LONGEST_WORD:
        return ()
    words = tuple(sorted(set(known)))
    find = _near if len(words) <= _REMEMBERED else _near.__wrapped__
    return find(value, words, most)


@lru_cache(maxsize=2048)
def _near(value: str, words: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return the nearest words; a log asks for the same one in every row."""
    return tuple(difflib.get_close_matches(value, words, n=most, cutoff=0.5))


def suggestion(near: Sequence[str], otherwise: Text) -> Text:
    """Return "did you mean …" for the nearest words, or the cure that holds where none is near."""
    if not near:
        return otherwise
    return Text(zh=f"是不是“{'”或“'.join(near)}”？", en=f"Did you mean {' or '.join(repr(word) for word in near)}?")
