"""JSON lines block by block, as columns where every line is in the form of the contract."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.json as pj

from events.table import ATTRIBUTE_TYPES
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_END = re.compile(r"\r\n|\r|\n")
_BLOCK = 4 << 20
_FIELDS = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")

Lines = list[tuple[int, str]]
"""Number and text of each line that is not blank."""


def blocks_of(text: str) -> Iterator[Lines]:
    """Yield the lines of a text, some thousands at a time; a block ends with a line feed."""
    start, number = 0, 1
    while start < len(text):
        end = text.find("\n", start + _BLOCK) + 1 or len(text)
        block = text[start:end]
        lines = LINE_END.split(block) if "\r" in block else block.split("\n")
        yield [(number + one, line) for one, line in enumerate(lines) if line and not line.isspace()]
        start, number = end, number + len(lines) - 1


def columns_of(lines: Lines) -> pa.Table | None:
    """Return lines as columns, None where one is no object of the contract's fields with values of their types.

    What JSON allows and the log does not, such as a key given twice, is not read here either.
    """
    if not all(line.startswith("{") and line.endswith("}") for _, line in lines):
        return None
    attributes = [(one.name, ATTRIBUTE_TYPES[one.type]) for one in load_vocabulary().attributes.values()]
    schema = pa.schema([*((name, pa.string()) for name in _FIELDS), ("data", pa.struct(attributes))])
    options = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    content = io.BytesIO("\n".join(line for _, line in lines).encode("utf-8", "surrogatepass"))
    try:
        table = pj.read_json(content, pj.ReadOptions(block_size=2 * _BLOCK), options)
    except pa.ArrowException:
        return None
    return table if table.num_rows == len(lines) else None
