"""Read a Word document: paragraphs and tables in their order, cells that are merged given once."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree

from events.limits import limits, over_limit
from events.problems import Problem, Text, Where
from rules.drafting.blocks import Document, Paragraph, TableRow
from rules.drafting.reading.numbering import Numbering

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        problems, numbers = [*_tracked(name, opened), *_beside(name, opened)], Numbering(opened)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, etree.LxmlError, RecursionError) as error:
        return Document((), (_unreadable(name, content, error),))
    blocks: list[Block] = []
    tables = total = 0
    for number, one in enumerate(_content(opened.element.body), 1):
        place = Where(name, line=number)
        if one.tag == qn("w:tbl"):
            if one.xpath(".//w:tc//w:tbl"):
                problems.append(_nested(place))
            for row in _content(one):
                cells = _cells(row, numbers) if row.tag == qn("w:tr") else ()
                total += len(cells)
                if len(cells) > limits().columns or total > limits().cells:
                    return Document((), (over_limit(place, "columns", len(cells)),))
                blocks.append(TableRow(cells, place, tables))
            tables += 1
        elif (text := numbers.label(one) + _text_of(one)).strip():
            blocks += [Paragraph(line.strip(), place) for line in text.split("\n")]
    return Document(tuple(blocks), tuple(problems))


def _content(parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """Give the paragraphs, tables and rows of a part of a document in their order, those of content controls too."""
    for one in parent.iterchildren():
        if one.tag in (qn("w:p"), qn("w:tbl"), qn("w:tr")):
            yield one
        elif one.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag")):
            yield from _content(one)


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
    for node in paragraph.iter(*_SIGNS):
        if _unseen(node, paragraph):
            continue
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag == qn("w:tab"):
            parts.append("" if node.getparent().tag == qn("w:tabs") else " ")
        elif node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
    return "".join(parts)


_SIGNS: Final = tuple(qn(one) for one in ("w:t", "w:tab", "w:br", "w:cr", "w:noBreakHyphen"))
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _unseen(node: Any, paragraph: Any) -> bool:  # noqa: ANN401
    """Say whether nobody sees a part of a paragraph: moved elsewhere, hidden, or there for older programs only."""
    for one in node.iterancestors():
        if one.tag in (qn("w:moveFrom"), qn("w:del"), _FALLBACK):
            return True
        if one.tag == qn("w:r") and (hidden := one.find(f"{qn('w:rPr')}/{qn('w:vanish')}")) is not None:
            return hidden.get(qn("w:val"), "1") not in {"0", "false", "off"}
        if one is paragraph:
            return False
    return False


def _cells(row: Any, numbers: Numbering) -> tuple[str, ...]:  # noqa: ANN401
    """Return the cells of a row; one that goes on from above is empty, and blanks follow one that spans columns."""
    found: list[str] = []
    for cell in row.xpath("./w:tc|./w:sdt/w:sdtContent/w:tc"):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
        lines = [(numbers.label(one) + _text_of(one)).strip() for one in cell.iter(qn("w:p"))]
        found.append("" if goes_on else "\n".join(line for line in lines if line))
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        wide = span.get(qn("w:val"), "1") if span is not None else "1"
        found += [""] * (min(int(wide), _MOST_SPAN) - 1 if wide.isdecimal() else 0)
    return tuple(found)


def _tracked(name: str, opened: Any) -> list[Problem]:  # noqa: ANN401
    """Return a warning where the document has changes that nobody has accepted."""
    changes = opened.element.body.xpath("count(.//w:ins|.//w:del|.//w:moveFrom)")
    if not changes:
        return []
    fact = Text(
        f"文档里有{changes:.0f}处没有接受的修订，按全部接受读",
        f"there are {changes:.0f} tracked changes; the document is read as if all were accepted",
    )
    cure = Text("在 Word 里接受或者拒绝修订，再拟一次", "Accept or reject them in Word, and draft again")
    return [Problem("tracked-changes", Where(name), fact, cure, severity="warning")]


def _beside(name: str, opened: Any) -> list[Problem]:  # noqa: ANN401
    """Return a warning for hidden text, and one for each footnote: what stands there is part of no clause."""
    found = []
    hidden = "".join(one.text or "" for one in opened.element.body.xpath(".//w:r[w:rPr/w:vanish]/w:t")).strip()
    if hidden:
        fact = Text(f"有隐藏的文字，没有读：“{hidden[:_SHOWN]}”", f"hidden text was not read: {hidden[:_SHOWN]!r}")
        cure = Text("要算的，请取消隐藏再拟", "Unhide it where it counts, and draft again")
        found.append(Problem("hidden-text", Where(name), fact, cure, severity="warning"))
    for part in opened.part.package.iter_parts():
        if str(part.partname) not in {"/word/footnotes.xml", "/word/endnotes.xml"}:
            continue
        for note in etree.fromstring(part.blob, _PARSER):
            text = "".join(one.text or "" for one in note.iter(qn("w:t"))).strip()
            if text:
                fact = Text(
                    f"脚注没有读作条款：“{text[:_SHOWN]}”", f"a footnote is part of no clause: {text[:_SHOWN]!r}"
                )
                cure = Text("是要求的，请写进正文再拟", "Write it into the text where it asks for something")
                found.append(Problem("footnote", Where(name), fact, cure, severity="warning"))
    return found


_SHOWN: Final = 200
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)


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
