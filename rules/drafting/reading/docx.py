"""Read a Word document: paragraphs and tables in their order, cells that are merged given once."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from events.problems import Problem, Text, Where
from rules.drafting.blocks import Document, Paragraph, TableRow

if TYPE_CHECKING:
    from rules.drafting.blocks import Block

_OLE: Final = b"\xd0\xcf\x11\xe0"
_MOST_BYTES: Final = 100 << 20
"""How much the parts of a document may be together, unpacked."""
_MOST_SPAN: Final = 200


def read_docx(name: str, content: bytes) -> Document:
    """Return the paragraphs and rows of a Word document."""
    try:
        _look_at(content)
        opened = docx.Document(io.BytesIO(content))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, etree.LxmlError, RecursionError) as error:
        return Document((), (_unreadable(name, content, error),))
    problems = _tracked(name, opened)
    blocks: list[Block] = []
    tables = 0
    for number, one in enumerate(opened.iter_inner_content(), 1):
        if isinstance(one, Table):
            place = Where(name, line=number)
            if one._tbl.xpath(".//w:tc//w:tbl"):  # noqa: SLF001 - the library has no name for it
                problems.append(_nested(place))
            blocks += [TableRow(_cells(row), Where(name, line=number), tables) for row in one._tbl.tr_lst]  # noqa: SLF001
            tables += 1
        elif (text := _text_of(one._p)).strip():  # noqa: SLF001
            blocks += [Paragraph(line.strip(), Where(name, line=number)) for line in text.split("\n")]
    return Document(tuple(blocks), tuple(problems))


def _look_at(content: bytes) -> None:
    """Refuse what is no Word document, or unpacks to too much.

    Raises:
        ValueError: it is encrypted, too large, or of another kind.
        BadZipFile: it is no archive.
    """
    if content.startswith(_OLE):
        msg = "encrypted or old"
        raise ValueError(msg)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            msg = "too large"
            raise ValueError(msg)


def _text_of(paragraph: Any) -> str:  # noqa: ANN401
    """Return the text of a paragraph as it reads with all changes accepted: what was deleted is left out."""
    parts = []
    for node in paragraph.iter():
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag == qn("w:tab"):
            parts.append("" if node.getparent().tag == qn("w:tabs") else " ")
        elif node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
    return "".join(parts)


def _cells(row: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the cells of a row; one that goes on from above is empty, and blanks follow one that spans columns."""
    found: list[str] = []
    for cell in row.tc_lst:
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
        lines = [_text_of(paragraph).strip() for paragraph in cell.iter(qn("w:p"))]
        found.append("" if goes_on else "\n".join(line for line in lines if line))
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        wide = span.get(qn("w:val"), "1") if span is not None else "1"
        found += [""] * (min(int(wide), _MOST_SPAN) - 1 if wide.isdecimal() else 0)
    return tuple(found)


def _tracked(name: str, opened: Any) -> list[Problem]:  # noqa: ANN401
    """Return a warning where the document has changes that nobody has accepted."""
    changes = opened.element.body.xpath("count(.//w:ins|.//w:del)")
    if not changes:
        return []
    fact = Text(
        f"文档里有{changes:.0f}处没有接受的修订，按全部接受读",
        f"there are {changes:.0f} tracked changes; the document is read as if all were accepted",
    )
    cure = Text("在 Word 里接受或者拒绝修订，再拟一次", "Accept or reject them in Word, and draft again")
    return [Problem("tracked-changes", Where(name), fact, cure, severity="warning")]


def _nested(place: Where) -> Problem:
    fact = Text("表格里还有表格，里面的一层按文字读", "there is a table within this table; it is read as text")
    cure = Text("核对拟出的条款，或者把里层的表格移出来", "Check the clauses, or move the inner table out")
    return Problem("nested-table", place, fact, cure, severity="warning")


def _unreadable(name: str, content: bytes, error: Exception) -> Problem:
    if content.startswith(_OLE):
        fact = Text("这个文件加了密码，或者是旧的 .doc 格式", "this file has a password, or is of the old .doc format")
        cure = Text("在 Word 里去掉密码，另存为 .docx", "Take the password away in Word, and save it as .docx")
        return Problem("encrypted", Where(name), fact, cure)
    fact = Text(f"这不是能读的 Word 文档：{error}", f"this Word document cannot be read: {error}")
    cure = Text("在 Word 里打开并另存为 .docx", "Open it in Word and save it as .docx again")
    return Problem("not-readable", Where(name), fact, cure)
