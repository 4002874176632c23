"""Blocks of a document, whatever its format: paragraphs and rows of tables, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from events.problems import Problem, Where

_CJK: Final = r"[\u2e80-\u9fff\uff00-\uffef，。；：、（）“”《》〔〕]"
_GAP: Final = re.compile(rf"(?<={_CJK})[ \t\u00a0\u3000]+(?={_CJK})")
_BREAK: Final = re.compile(rf"(?<!{_CJK})\n(?!{_CJK})")
_SPACES: Final = re.compile(r"[ \t\u00a0\u3000]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph of running text."""

    text: str
    place: Where


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table; a cell that spans rows stands in the first of them, one that spans columns stands once.

    Attributes:
        cells: the texts; several lines of a cell are parted by line breaks.
        place: where the row is.
        page: which table of the document it is of, from 0; a new page may begin a new one.
    """

    cells: tuple[str, ...]
    place: Where
    page: int = 0


Block: TypeAlias = "Paragraph | TableRow"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read, and what is wrong with it."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


def squeezed(text: str) -> str:
    """Return a text with no space between Chinese signs and single ones elsewhere, as a person reads it."""
    return _SPACES.sub(" ", _GAP.sub("", text)).strip()


def joined_lines(text: str) -> str:
    """Return a cell's lines as one text: a break is a space between two words that are not Chinese, and no other."""
    return squeezed(_BREAK.sub(" ", text).replace("\n", ""))
