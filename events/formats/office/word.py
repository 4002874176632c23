"""Tables of Word documents (.docx): each is a table of the log, with the paragraphs above it as its titles."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from events import findings
from events.formats.office.xlsx_styles import LOWERED, RAISED
from events.grid import Flaw, Grid
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where
from events.rows import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator

_RATIO = 16 << 20


def read_word(raw: bytes, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the tables of a Word document.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    wrong = _wrong(raw, file)
    if wrong is not None:
        return (), (wrong,)
    import docx  # noqa: PLC0415 - it takes a while, and few logs are documents

    try:
        body = docx.Document(io.BytesIO(raw)).element.body
        return _tables(body, file)
    except _TooLargeError as error:
        return (), (over_limit(Where(file), error.name, error.found),)
    except Exception as error:  # noqa: BLE001 - the reader of documents raises whatever a part makes it raise
        return (), (_unreadable(file, findings.shown(str(error))),)


class _TooLargeError(ValueError):
    """A table with more columns or cells than the limits allow."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(name)
        self.name = name
        self.found = found


def _limit(name: str, found: int) -> None:
    if found > getattr(limits(), name):
        raise _TooLargeError(name, found)


def _tables(body: Any, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:  # noqa: ANN401
    """Return the tables of a document, those of content controls too, each with the paragraphs above it."""
    grids: list[Grid] = []
    above: list[str] = []
    cells = 0
    for block in _content(body, "p", "tbl"):
        if block.tag.endswith("}tbl"):
            grid = _grid(block, file, len(grids) + 1, above)
            cells += sum(len(row) for _, row in grid.rows)
            _limit("cells", cells)
            grids.append(grid)
            above = []
        elif not is_blank(text := _paragraph(block)[0]):
            above.append(text)
    return tuple(one for one in grids if one.rows), ()


def _content(parent: Any, *wanted: str) -> Iterator[Any]:  # noqa: ANN401
    """Give the parts of these names of an element, those of content controls and of what was inserted too."""
    for one in parent.iterchildren():
        name = str(one.tag).rpartition("}")[2]
        if name in wanted:
            yield one
        elif name in {"sdt", "sdtContent", "customXml", "smartTag"}:
            yield from _content(one, *wanted)


def _wrong(raw: bytes, file: str) -> Problem | None:
    """Return why a document is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        return _unreadable(file, findings.shown(str(error)))
    size = sum(one.file_size for one in entries)
    if size > limits().unpacked_bytes:
        return over_limit(Where(file), "unpacked_bytes", size)
    large = [one.file_size // max(one.compress_size, 1) for one in entries if one.file_size > _RATIO]
    return over_limit(Where(file), "ratio", max(large)) if max(large, default=0) > limits().ratio else None


def _grid(table: Any, file: str, number: int, above: list[str]) -> Grid:  # noqa: ANN401
    """Return the cells of a table; a merged cell has its value in each of its rows, and once in a row."""
    rows: list[list[object]] = []
    filled: dict[tuple[int, int], int] = {}
    tops: dict[int, tuple[int, object]] = {}
    wide: set[int] = set()
    total = 0
    for at, row in enumerate(_content(table, "tr"), 1):
        cells: list[object] = [""] * _number(row, "trPr", "gridBefore", 0)
        widest = 0
        for cell in _content(row, "tc"):
            span = max(_number(cell, "tcPr", "gridSpan", 1), 1)
            _limit("columns", len(cells) + span)
            top = tops.get(len(cells))
            if _goes_on(cell) and top is not None:
                filled[at, len(cells) + 1] = top[0]
            else:
                top = tops[len(cells)] = (at, _value(cell))
            cells += [top[1], *[""] * (span - 1)]
            widest = max(widest, span)
        if len(cells) > 1 and widest * 2 > len(cells):
            wide.add(at)
        rows.append(cells)
        total += len(cells)
        _limit("cells", total)
    titles = [(0, [text]) for text in above]
    return Grid(file, f"表格{number}", list(enumerate(rows, 1)), frozenset(wide), above=titles, filled=filled)


def _found(element: Any, *names: str) -> Any:  # noqa: ANN401
    """Return the part below the parts of these names, None where there is none."""
    for name in names:
        element = None if element is None else element.find(f"{_WORD}{name}")
    return element


def _number(element: Any, properties: str, name: str, otherwise: int) -> int:  # noqa: ANN401
    """Return a whole number of an element's properties, no larger than one column more than there may be."""
    text = getattr(_found(element, properties, name), "attrib", {}).get(f"{_WORD}val", "")
    return min(int(text[:9]), limits().columns + 1) if text.isascii() and text.isdecimal() else otherwise


def _goes_on(cell: Any) -> bool:  # noqa: ANN401
    merge = _found(cell, "tcPr", "vMerge")
    return merge is not None and merge.get(f"{_WORD}val") != "restart"


def _value(cell: Any) -> str | Flaw:  # noqa: ANN401
    """Return the text of a cell, or that a part of it is struck out."""
    found = [_paragraph(one) for one in cell.iter(f"{_WORD}p")]
    text = "\n".join(one for one, _ in found).strip()
    return Flaw("struck", text) if text and any(struck for _, struck in found) else text


def _paragraph(paragraph: Any) -> tuple[str, bool]:  # noqa: ANN401
    """Return the text of a paragraph as it reads with all changes accepted, and whether a part is struck out."""
    texts, struck = [], False
    for run in paragraph.iter(f"{_WORD}r"):
        if any(str(one.tag).rpartition("}")[2] in _GONE for one in run.iterancestors()):
            continue
        text = "".join(_SIGNS.get(one.tag, one.text or "") for one in run.iterchildren() if one.tag in _SHOWN)
        raised = getattr(_found(run, "rPr", "vertAlign"), "attrib", {}).get(f"{_WORD}val")
        texts.append(text.translate(_RAISED[raised]) if raised in _RAISED else text)
        lines = (_found(run, "rPr", name) for name in ("strike", "dstrike"))
        struck |= bool(text.strip()) and any(_is_on(one) for one in lines)
    return "".join(texts), struck


def _is_on(element: Any) -> bool:  # noqa: ANN401
    return element is not None and element.get(f"{_WORD}val", "1") not in {"0", "false", "off"}


_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS: Final = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_SHOWN: Final = frozenset({f"{_WORD}t", *_SIGNS})
_GONE: Final = frozenset({"del", "moveFrom", "Fallback"})
"""What a run stands in that nobody sees: deleted, moved elsewhere, or for older programs only."""
_RAISED: Final = {"superscript": RAISED, "subscript": LOWERED}


def _unreadable(file: str, detail: str) -> Problem:
    fact = Text(f"这不是可以读取的 Word 文档（{detail}）", f"this is not a readable Word document: {detail}")
    cure = Text(
        "请在 Word 或 WPS 中另存为 .docx，或者把表格粘贴到 .xlsx",
        "Save it again as .docx, or paste its table into .xlsx",
    )
    return findings.simple("bad-document", Where(file), fact, cure)
