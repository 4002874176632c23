"""Read a text file: lines, and rows of tables whose cells are parted by tabulators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.problems import Where
from rules.drafting.blocks import Document, Paragraph, TableRow

if TYPE_CHECKING:
    from rules.drafting.blocks import Block

CELLS: Final = 3
"""How many cells, at least, make a line the row of a table."""


def read_text(name: str, content: str) -> Document:
    """Return the paragraphs and rows of a text."""
    blocks: list[Block] = []
    page = 0
    for number, line in enumerate(content.splitlines(), 1):
        cells = line.split("\t")
        place = Where(name, line=number)
        if len(cells) >= CELLS:
            blocks.append(TableRow(tuple(cell.strip() for cell in cells), place, page))
        else:
            page += bool(blocks) and isinstance(blocks[-1], TableRow)
            blocks.append(Paragraph(line.strip(), place))
    return Document(tuple(blocks))
