"""Read a PDF that has text: its tables as rows, and the lines outside them as paragraphs."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from events.problems import Problem, Text, Where
from rules.drafting.blocks import Document, Paragraph, TableRow
from rules.drafting.reading.columns import as_usual, lines_of

if TYPE_CHECKING:
    from rules.drafting.blocks import Block

_MOST_PAGES: Final = 500
_SHOWN: Final = 20
_PAGE_NUMBER: Final = re.compile(r"[-—–－\s]*\d{1,3}[-—–－\s]*")
_PRINTED: Final = re.compile(
    r"(?:(?:file|https?)://\S+\s*)?(?:\d{1,3}/\d{1,3})?$|\d{1,2}/\d{1,2}/\d{2,4},?\s*\d{1,2}:\d\d(?:\s*[AP]M)?$"
)
"""What a browser prints above and below each page."""
_TABLE: Final = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
_GAPS: Final[dict[str, Any]] = {"x_tolerance_ratio": 0.5}
"""How wide a gap is a space, in widths of a sign: what is set between Chinese and digits (a quarter) is none."""


def read_pdf(name: str, content: bytes) -> Document:
    """Return the paragraphs and rows of a PDF; one of scanned pages has none, which is told."""
    try:
        with pdfplumber.open(io.BytesIO(content)) as opened:
            if len(opened.pages) > _MOST_PAGES:
                return Document((), (_problem(name, "too-large", _TOO_LONG),))
            blocks: list[Block] = []
            pictures: list[int] = []
            for number, page in enumerate(opened.pages, 1):
                found = _page(page, Where(name, line=number), number)
                pictures += [number] if not found and page.images else []
                blocks += found
    except PDFPasswordIncorrect:
        return Document((), (_problem(name, "encrypted", _LOCKED),))
    except Exception as error:  # noqa: BLE001 - the library and what it stands on raise of any sort on a broken file
        if isinstance(error, pdfplumber.utils.exceptions.PdfminerException) and "Password" in repr(error):
            return Document((), (_problem(name, "encrypted", _LOCKED),))
        why = str(error) or type(error).__name__
        fact = Text(f"这个 PDF 读不出来：{why}", f"this PDF cannot be read: {why}")
        return Document((), (_problem(name, "not-readable", (fact, _SAVE_AGAIN)),))
    if not blocks:
        return Document((), (_problem(name, "no-text", _SCANNED),))
    return Document(tuple(blocks), _pictures(name, pictures))


def _pictures(name: str, pages: list[int]) -> tuple[Problem, ...]:
    """Return a warning where some of the pages are pictures: what stands on them is not in the draft."""
    if not pages:
        return ()
    numbers = "、".join(str(page) for page in pages[:_SHOWN]) + ("…" if len(pages) > _SHOWN else "")
    fact = Text(f"第{numbers}页是图片，没有文字，没有读到", f"pages {numbers} are pictures: they were not read")
    return (Problem("pages-without-text", Where(name, line=pages[0]), fact, _SCANNED[1], severity="warning"),)


_SAVE_AGAIN = Text("在原来的软件里重新导出 PDF，或者用 DOCX", "Export the PDF again, or use the DOCX")
_LOCKED = (Text("这个 PDF 加了密码", "this PDF has a password"), Text("去掉密码再拟", "Take the password away first"))
_SCANNED = (
    Text("这个 PDF 没有文字，多半是扫描件", "this PDF has no text: most likely it is a scan"),
    Text("用原来的 DOCX，或者先做文字识别", "Use the original DOCX, or recognise its text first"),
)
_TOO_LONG = (
    Text(f"这个 PDF 超过{_MOST_PAGES}页", f"this PDF has more than {_MOST_PAGES} pages"),
    Text("只留下通知和附件的页", "Keep the pages of the notice and its annex only"),
)


def _problem(name: str, code: str, said: tuple[Text, Text]) -> Problem:
    return Problem(code, Where(name), *said)


def _page(page: Any, place: Where, number: int) -> list[Block]:  # noqa: ANN401
    """Return the blocks of a page from top to bottom."""
    found: list[tuple[float, Block]] = []
    boxes = []
    for table in page.find_tables(_TABLE):
        boxes.append(table.bbox)
        top = table.bbox[1]
        for row in table.extract(keep_blank_chars=True, **_GAPS):
            top += 0.001
            found.append((top, TableRow(tuple(_cell(as_usual(cell or "")) for cell in row), place, number)))
    outside = page
    for box in boxes:
        outside = outside.outside_bbox(_within(box, page.bbox))
    for top, line in lines_of(outside, _GAPS):
        text = as_usual(line).strip()
        if text and not _PAGE_NUMBER.fullmatch(text) and not _PRINTED.match(text):
            found.append((top, Paragraph(text, place)))
    return [block for _, block in sorted(found, key=lambda pair: pair[0])]


def _cell(text: str) -> str:
    """Return a cell's text; where names are parted by spaces, a line that does not end with one goes on in the next."""
    lines = text.split("\n")
    parted = any(line != line.rstrip() for line in lines[:-1]) and any(" " in line.strip() for line in lines)
    return "".join(lines).strip() if parted else text


def _within(box: tuple[float, ...], page: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Return a box that does not reach beyond the page."""
    return (max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3]))
