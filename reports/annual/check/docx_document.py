"""A Word document as tables and paragraphs, read within limits.

Only the part that holds the text is read, as a stream: a row may say that a cell spans 2,000 million columns, a part
may unpack to any size. Source: ECMA-376 part 1, 17.3 (paragraphs) and 17.4 (tables).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from events.formats.office.xlsx_marks import SheetError, parse
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

_MAIN = "/officeDocument"
_FREE = 16 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, SheetError, ValueError, EOFError, OSError, RuntimeError, NotImplementedError)
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LONGEST = 10
"""As many digits of a number are looked at: it is over every limit then."""
_DEEPEST = 200
"""How deep the elements of a document may be nested; tables in tables in tables are a few dozen deep."""


class _LimitError(Exception):
    """The document has more of something than a limit allows."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(name)
        self.name, self.found = name, found


def _limited(name: str, found: int) -> None:
    """Hold a count to a limit.

    Raises:
        _LimitError: it is over it.
    """
    if found > getattr(limits(), name):
        raise _LimitError(name, found)


@dataclass(slots=True)
class DocxDocument:
    """What stands in a document, in its order.

    Attributes:
        tables: rows of texts; a merged cell has its text in each of its places. Tables inside cells are left out.
        paragraphs: the texts outside tables.
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def read_document(raw: bytes, file: str) -> tuple[DocxDocument | None, Problem | None]:
    """Return what stands in a document, or what is wrong with it.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            part = _part(archive, _main(_part(archive, "_rels/.rels")))
        scan = _Scan()
        parse(part, scan.start, scan.end, scan.text)
    except _LimitError as error:
        return None, over_limit(Where(file), error.name, error.found)
    except (*_BROKEN, KeyError) as error:
        why = " ".join(str(error).split())[:160] or type(error).__name__
        fact = Text(f"这不是可以读取的 DOCX 文档（{why}）", f"this is not a readable DOCX document: {why}")
        return None, Problem("bad-document", Where(file), fact, Text("请另存为 .docx", "Save it as .docx"))
    return scan.document, None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part, unpacked no further than the limits allow.

    Raises:
        _LimitError: it is too large.
        KeyError: there is none of this name.
    """
    entry = archive.getinfo(name)
    _limited("unpacked_bytes", entry.file_size)
    if entry.file_size > _FREE:
        _limited("ratio", entry.file_size // max(entry.compress_size, 1))
    with archive.open(entry) as stream:  # no more than it says that it has, whatever it unpacks to
        return stream.read(entry.file_size)


def _main(relations: bytes) -> str:
    """Return the name of the part that holds the text."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith(_MAIN):
            found.append(attributes.get("Target", ""))

    parse(relations, start)
    return found[0].lstrip("/") if found else "word/document.xml"


@dataclass(slots=True)
class _Cell:
    """A cell on its way: where it starts, how many columns it takes, and whether the one above goes on in it."""

    span: int = 1
    goes_on: bool = False
    lines: list[str] = field(default_factory=list)


class _Scan:
    """Goes through the elements of the text."""

    def __init__(self) -> None:
        self.document = DocxDocument()
        self._depth = self._tables = self._cells = 0
        self._row: list[str] = []
        self._above: dict[int, str] = {}
        self._column = 0
        self._cell: _Cell | None = None
        self._words: list[str] | None = None
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element as it starts."""
        self._depth += 1
        if self._depth > _DEEPEST:
            message = "nested too deep"
            raise SheetError(message)
        if name == "tbl":
            self._tables += 1
            if self._tables == 1:
                self.document.tables.append([])
                self._above = {}
        elif self._tables <= 1:
            self._part_of(name, attributes)

    def _part_of(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element that is in no table inside a table."""
        if name == "tr" and self._tables:
            self._row, self._column = [], 0
        elif name == "tc" and self._tables:
            self._cell = _Cell()
        elif name == "p" and (self._cell is not None or not self._tables):
            self._words = []
        elif name == "t" and self._words is not None:
            self._in_text = True
        elif name in _BREAKS and self._words is not None:
            self._words.append(_BREAKS[name])
        elif name in {"gridSpan", "gridBefore", "vMerge"}:
            self._merge(name, next((value for key, value in attributes.items() if key.endswith("val")), ""))

    def _merge(self, name: str, value: str) -> None:
        """Take how far a cell reaches."""
        if name == "gridBefore" and self._cell is None:
            self._column += _number(value)
        elif self._cell is not None and name == "gridSpan":
            self._cell.span = max(_number(value), 1)
        elif self._cell is not None and name == "vMerge":
            self._cell.goes_on = value != "restart"

    def text(self, text: str) -> None:
        """Take the words of a run."""
        if self._in_text and self._words is not None:
            self._words.append(text)

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        self._depth -= 1
        if name == "tbl":
            self._tables -= 1
        elif self._tables > 1:
            return
        elif name == "t":
            self._in_text = False
        elif name == "p" and self._words is not None:
            where = self._cell.lines if self._cell is not None else self.document.paragraphs
            where.append("".join(self._words))
            self._words = None
        elif name == "tc" and self._cell is not None:
            self._settle(self._cell)
            self._cell = None
        elif name == "tr" and self._tables:
            self.document.tables[-1].append(self._row)

    def _settle(self, cell: _Cell) -> None:
        """Put the text of a cell into each of its places in the row."""
        self._cells += cell.span
        _limited("columns", self._column + cell.span)
        _limited("cells", self._cells)
        # one that goes on where nothing is above has what it says itself
        text = self._above.get(self._column, "\n".join(cell.lines)) if cell.goes_on else "\n".join(cell.lines)
        self._above.update(dict.fromkeys(range(self._column, self._column + cell.span), text))
        self._row += [text] * cell.span
        self._column += cell.span


def _number(text: str) -> int:
    return int(text[:_LONGEST]) if text.isascii() and text.isdigit() else 0
