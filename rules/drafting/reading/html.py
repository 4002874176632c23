"""Read an HTML page: paragraphs and tables, cells that span rows or columns laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree, html

from events.problems import Problem, Text, Where
from rules.drafting.blocks import Document, Paragraph, TableRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.drafting.blocks import Block

_TEXTS: Final = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre")
_HIDDEN: Final = ("script", "style", "head", "noscript", "template", "nav")
_SPAN: Final = 100
"""The most rows or columns that a cell is taken to span."""
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def read_html(name: str, content: bytes) -> Document:
    """Return the paragraphs and rows of a page."""
    said = _CHARSET.search(content[:4096])
    encoding = said[1].decode("ascii").lower() if said else "utf-8"
    encoding = "gb18030" if encoding in ("gb2312", "gbk") else encoding
    try:
        parser = html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False)
        root = html.document_fromstring(content, parser=parser)
    except (etree.LxmlError, LookupError, ValueError) as error:
        fact = Text(f"这个网页读不出来：{error}", f"this page cannot be read: {error}")
        cure = Text("在浏览器里另存为一份网页，或者把文字存成 TXT", "Save the page again from a browser, or its text")
        return Document((), (Problem("not-readable", Where(name), fact, cure),))
    blocks: list[Block] = []
    tables = [0]
    problems: list[Problem] = []
    _walk(root, name, blocks, tables, problems)
    return Document(tuple(blocks), tuple(problems))


def _walk(node: Any, name: str, blocks: list[Block], tables: list[int], problems: list[Problem]) -> None:  # noqa: ANN401
    """Add the blocks of a node and of what is in it, in their order."""
    if not isinstance(node.tag, str) or node.tag in _HIDDEN:
        return
    place = Where(name, line=node.sourceline)
    if node.tag == "table":
        if node.xpath(".//table"):
            fact = Text("表格里还有表格，里面的一层按文字读", "there is a table within this table; it is read as text")
            cure = Text("核对拟出的条款，或者把里层的表格移出来", "Check the clauses, or move the inner table out")
            problems.append(Problem("nested-table", place, fact, cure, severity="warning"))
        blocks += [TableRow(cells, place, tables[0]) for cells in _rows(node)]
        tables[0] += 1
    elif node.tag in _TEXTS or (node.tag in ("div", "td", "span", "center") and not _has_blocks(node)):
        text = " ".join(node.text_content().split())
        if text:
            blocks.append(Paragraph(text, place))
    else:
        if node.text and node.text.strip() and node.tag != "html":
            blocks.append(Paragraph(" ".join(node.text.split()), place))
        for child in node:
            _walk(child, name, blocks, tables, problems)
            if child.tail and child.tail.strip():
                blocks.append(Paragraph(" ".join(child.tail.split()), place))


def _has_blocks(node: Any) -> bool:  # noqa: ANN401
    return bool(node.xpath(".//p|.//table|.//div|.//h1|.//h2|.//h3|.//h4|.//li|.//br"))


def _rows(table: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    """Give the rows of a table; what a cell above spans is empty."""
    open_spans: dict[int, int] = {}
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for row in own:
        cells: list[str] = []
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while open_spans.get(column, 0) > 0:
                open_spans[column] -= 1
                cells.append("")
                column += 1
            cells.append(_cell_text(cell))
            wide, high = (_span(cell.get(key)) for key in ("colspan", "rowspan"))
            for covered in range(column, column + wide):
                open_spans[covered] = high - 1
            cells += [""] * (wide - 1)
            column += wide
        while open_spans.get(column, 0) > 0:
            open_spans[column] -= 1
            cells.append("")
            column += 1
        if cells:
            yield tuple(cells)


def _span(text: str | None) -> int:
    return min(int(text), _SPAN) if text is not None and text.isdecimal() and int(text) > 0 else 1


def _cell_text(cell: Any) -> str:  # noqa: ANN401
    """Return the text of a cell, its paragraphs as lines."""
    for line_break in cell.xpath(".//br"):
        line_break.tail = "\n" + (line_break.tail or "")
    parts = cell.xpath("./p|./div") or [cell]
    lines = [line for part in parts for line in part.text_content().split("\n")]
    return "\n".join(text for line in lines if (text := " ".join(line.split())))
