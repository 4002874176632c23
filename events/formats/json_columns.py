"""JSON lines block by block, as columns where every line is in the form of the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from events.formats.json_block import BlockReader
from events.table import ATTRIBUTE_TYPES
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LINE_END = re.compile(r"\r\n|\r|\n")
_BLOCK = 4 << 20
_FIELDS = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")

Lines = list[tuple[int, str]]
"""Number and text of each line that is not blank."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some thousands of lines of a text.

    Attributes:
        first: number of its first line.
        content: the lines in UTF-8; unless it is the last block, a line feed ends it.
    """

    first: int
    content: bytes

    def lines(self) -> Lines:
        """Return the lines that are not blank."""
        text = self.content.decode("utf-8", "surrogatepass")
        split = LINE_END.split(text) if "\r" in text else text.split("\n")
        return [(number, line) for number, line in enumerate(split, self.first) if line and not line.isspace()]

    def number(self) -> int:
        """Return how many line feeds and other ends of lines there are."""
        ends = self.content.count(b"\n")
        return ends + self.content.count(b"\r") - self.content.count(b"\r\n") if b"\r" in self.content else ends

    def columns(self) -> tuple[pa.Table | None, Sequence[int]]:
        """Return the lines as columns, and the number of each.

        There are no columns where a line is no object of the contract's fields with values of their types. What JSON
        allows and the log does not, such as a key given twice, is not read here either.
        """
        count = self._objects()
        if count:  # a log of the usual form is not taken apart into lines: memory for all of it again costs more
            return _columns(self.content, count), range(self.first, self.first + count)
        lines = self.lines()
        numbers = [number for number, _ in lines]
        if not all(line.startswith("{") and line.endswith("}") for _, line in lines):
            return None, numbers
        text = "\n".join(line for _, line in lines)
        return _columns(text.encode("utf-8", "surrogatepass"), len(lines)), numbers

    def _objects(self) -> int:
        """Return how many lines there are if each is `{…}` with nothing around it, else 0."""
        content = self.content
        count = content.count(b"\n") + (not content.endswith(b"\n"))
        whole = content.startswith(b"{") and content.endswith((b"}", b"}\n")) and b"\r" not in content
        return count if whole and content.count(b"}\n{") == count - 1 else 0


def blocks_of(content: bytes) -> Iterator[TextBlock]:
    """Yield a text in UTF-8 in blocks of some thousands of lines."""
    start, number = 0, 1
    while start < len(content):
        end = content.find(b"\n", start + _BLOCK) + 1 or len(content)
        block = TextBlock(number, content[start:end])
        yield block
        start, number = end, number + block.number()


def _columns(content: bytes, count: int) -> pa.Table | None:
    """Return lines of JSON as columns, None where they are not so many objects in the form of the contract."""
    attributes = {one.name: ATTRIBUTE_TYPES[one.type] for one in load_vocabulary().attributes.values()}
    reader = BlockReader(attributes, _of_contract, unexpected_field_behavior="error")
    try:
        table = reader.read(content)
    except pa.ArrowException:
        return None
    return table if table.num_rows == count else None


def _of_contract(data: pa.DataType) -> pa.Schema:
    """Return the columns of the contract, the attributes being those of a type."""
    return pa.schema([*((name, pa.string()) for name in _FIELDS), ("data", data)])
