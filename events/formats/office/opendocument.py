"""OpenDocument spreadsheets (.ods, and flat .fods): the cells as they are shown, which such a file says itself."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from events import findings
from events.formats.office.shown_cells import strike
from events.formats.office.xlsx_marks import SheetError, parse
from events.formats.office.xlsx_package import unreadable
from events.formats.office.xlsx_styles import LOWERED, RAISED
from events.grid import Flaw, Grid, ShownNumber
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where
from events.rows import is_blank
from events.values.measures import measure_of

if TYPE_CHECKING:
    from events.formats.office.xlsx_marks import Attributes

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_DAY_ZERO = date(1899, 12, 30)
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MISSED = timedelta(milliseconds=20)
_BEHIND = re.compile(r"[^\d.,]*$")
_ERROR = re.compile(r"(?:#[A-Z/0!?]+[!?]?|Err:\d+)")
_OUTSIDE = Text("有内容离表格太远的，请删去表格以外的单元格", "Delete what stands far outside the table")


def read_opendocument(raw: bytes, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the cells of every sheet that is not empty.

    Args:
        raw: what is in the file: a zip file, or flat XML.
        file: the name that problems show.
    """
    try:
        content = _content(raw)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        return (), (unreadable(file, findings.shown(str(error))),)
    if isinstance(content, int):
        return (), (over_limit(Where(file), "unpacked_bytes", content),)
    scan = _Scan(file)
    try:
        parse(content, scan.start, scan.end, scan.text)
    except _TooLargeError as error:
        return (), (over_limit(Where(file, sheet=error.sheet), "cells", error.cells, _OUTSIDE),)
    except SheetError as error:
        return (), (unreadable(file, findings.shown(str(error))),)
    return tuple(one for one in scan.grids if one.rows), ()


def _content(raw: bytes) -> bytes | int:
    """Return the part with the cells, or how many bytes it has where these are too many."""
    if not raw.startswith(b"PK"):
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entry = archive.getinfo("content.xml")
        if entry.file_size > limits().unpacked_bytes:
            return entry.file_size
        return archive.read(entry)


class _TooLargeError(Exception):
    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(sheet)
        self.sheet = sheet
        self.cells = cells


class _Look:
    """What an automatic style says."""

    __slots__ = ("align", "hidden", "struck")

    def __init__(self) -> None:
        self.align = ""
        self.struck = self.hidden = False


class _Scan:
    """Goes through the sheets of a document."""

    def __init__(self, file: str) -> None:
        self.grids: list[Grid] = []
        self._file = file
        self._looks: dict[str, _Look] = {}
        self._look = _Look()
        self._plain = _Look()
        self._sheet = ""
        self._hidden = False
        self._rows: list[list[object]] = []
        self._row: list[object] = []
        self._struck: dict[int, set[int]] = {}
        self._row_struck: set[int] = set()
        self._merged: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._cell: Attributes | None = None
        self._row_at: Attributes = {}
        self._paragraphs: list[str] = []
        self._spans: list[_Look] = []
        self._noted = 0
        self._cells = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element as it starts."""
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "style":
            self._look = self._looks.setdefault(plain.get("name", ""), _Look())
        elif name == "text-properties":
            self._look.align = plain.get("text-position", "").partition(" ")[0]
            self._look.struck = plain.get("text-line-through-style", "none") != "none"
        elif name == "table-properties":
            self._look.hidden = plain.get("display") == "false"
        elif name == "table":
            self._start_sheet(plain)
        elif name == "table-row":
            self._row, self._row_at, self._row_struck = [], plain, set()
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell, self._paragraphs, self._spans = plain, [], []
        elif name == "annotation":
            self._noted += 1
        elif self._cell is not None and not self._noted:
            self._inside(name, plain)

    def _start_sheet(self, plain: Attributes) -> None:
        self._sheet, self._rows, self._merged = plain.get("name", ""), [], []
        self._struck, self._hidden_rows = {}, set()
        self._hidden = self._looks.get(plain.get("style-name", ""), self._plain).hidden

    def _inside(self, name: str, plain: Attributes) -> None:
        """Take an element inside a cell."""
        if name == "p":
            self._paragraphs.append("")
        elif name == "span":
            self._spans.append(self._looks.get(plain.get("style-name", ""), self._plain))
        elif name in {"s", "tab", "line-break"}:
            count = plain.get("c", "1")
            self.text({"s": " " * (int(count) if count.isdigit() and len(count) < 4 else 1)}.get(name, "\n"))  # noqa: PLR2004

    def text(self, text: str) -> None:
        """Take the text of a cell."""
        if self._cell is None or self._noted or not self._paragraphs:
            return
        align = self._spans[-1].align if self._spans else ""
        raised = {"super": RAISED, "sub": LOWERED}.get(align) if align else None
        self._paragraphs[-1] += text if raised is None else text.translate(raised)

    def end(self, name: str) -> None:
        """Take an element as it ends."""
        if name == "annotation":
            self._noted -= 1
        elif name == "span" and self._spans:
            struck = self._spans.pop().struck
            if struck and self._cell is not None:
                self._cell["struck-part"] = "true"
        elif name in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._end_cell(self._cell, covered=name != "table-cell")
            self._cell = None
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._end_sheet()

    def _end_cell(self, cell: Attributes, *, covered: bool) -> None:
        value = "" if covered else self._value(cell)
        count = _count(cell, "number-columns-repeated")
        if is_blank(value):
            self._row += [""] * min(count, max(limits().columns + 1 - len(self._row), 0))
            return
        self._add(count)
        if self._looks.get(cell.get("style-name", ""), self._plain).struck:
            self._row_struck.update(range(len(self._row), len(self._row) + count))
        if (down := _count(cell, "number-rows-spanned")) > 1 or _count(cell, "number-columns-spanned") > 1:
            self._merged.append((len(self._rows), len(self._row), down, _count(cell, "number-columns-spanned")))
        self._row += [value] * count

    def _add(self, cells: int) -> None:
        self._cells += cells
        if self._cells > limits().cells:
            raise _TooLargeError(self._sheet, self._cells)

    def _value(self, cell: Attributes) -> object:
        """Return what a cell shows, or why it shows nothing that counts."""
        text = "\n".join(one.strip() for one in self._paragraphs)
        if cell.get("struck-part"):
            return Flaw("struck", text)
        if _ERROR.fullmatch(text) and "formula" in cell:
            return Flaw("error", text)
        return _typed(cell, text)

    def _end_row(self) -> None:
        count = _count(self._row_at, "number-rows-repeated")
        while self._row and is_blank(self._row[-1]):
            self._row.pop()
        if not self._row:
            count = min(count, max(limits().cells - len(self._rows), 0), 1_048_576 - min(len(self._rows), 1_048_576))
            self._rows += [[] for _ in range(count if len(self._rows) + count < 1_048_576 else 0)]  # noqa: PLR2004
            return
        self._add(len(self._row) * (count - 1))
        for _ in range(count):
            if self._row_at.get("visibility") in {"collapse", "filter"}:
                self._hidden_rows.add(len(self._rows) + 1)
            if self._row_struck:
                self._struck[len(self._rows)] = set(self._row_struck)
            self._rows.append(list(self._row))

    def _end_sheet(self) -> None:
        rows = self._rows
        while rows and all(is_blank(one) for one in rows[-1]):
            rows.pop()
        struck = strike(rows, self._struck)
        wide, filled = self._fill()
        hidden = frozenset(number for number in self._hidden_rows if number <= len(rows))
        self.grids.append(
            Grid(
                self._file,
                self._sheet,
                list(enumerate(rows, 1)),
                wide,
                self._hidden,
                hidden,
                _DAY_ZERO,
                filled=filled,
                struck=struck,
            )
        )

    def _fill(self) -> tuple[frozenset[int], dict[tuple[int, int], int]]:
        """Put the value of a merged cell into each of its rows."""
        width = max(map(len, self._rows), default=0)
        wide: set[int] = set()
        filled: dict[tuple[int, int], int] = {}
        for top, left, down, across in self._merged:
            if across > 1 and across * 2 > width:
                wide.add(top + 1)
            for number in range(top + 1, min(top + down, len(self._rows))):
                self._add(1)
                row = self._rows[number]
                row += [""] * (left + 1 - len(row))
                row[left] = self._rows[top][left]
                filled[number + 1, left + 1] = top + 1
        return frozenset(wide), filled


def _typed(cell: Attributes, text: str) -> object:
    """Return the value of a cell by its type: a date, a number, or the text that stands there."""
    kind = cell.get("value-type", "")
    if kind == "date":
        return _date(cell.get("date-value", ""), text)
    if kind in {"float", "percentage", "currency"}:
        return _number(cell.get("value", ""), text, kind)
    if kind == "boolean":
        return cell.get("boolean-value") == "true"
    clock = _CLOCK.fullmatch(cell.get("time-value", "")) if kind == "time" else None
    if clock is not None and int(clock[1]) < 24:  # noqa: PLR2004 - a duration is longer
        return time(int(clock[1]), int(clock[2]), int(clock[3]))
    return text


def _count(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1  # noqa: PLR2004 - no sheet has more


def _date(value: str, text: str) -> object:
    """Return the date of a cell, or what it shows where that leaves out the year or the day."""
    try:
        moment = _to_the_second(datetime.fromisoformat(value))
    except ValueError:
        return text
    day = re.search(rf"(?<!\d)0?{moment.day}(?!\d)", text.replace(str(moment.year), "", 1))
    if str(moment.year) not in text or day is None:
        return text
    return moment.date() if moment.time() == time() else moment


def _to_the_second(moment: datetime) -> datetime:
    """Return a moment without the hundredths by which a fraction of a day misses its second."""
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded if abs(rounded - moment) <= _MISSED else moment


def _number(value: str, text: str, kind: str) -> object:
    """Return the number of a cell with what it is shown as."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return text
    if kind == "percentage":
        return f"{(number * 100).normalize():f}%"
    plain = float(number)
    if text in {value, repr(plain), f"{number.normalize():f}"}:
        return plain
    behind = _BEHIND.search(text)
    unit = behind[0].strip() if behind is not None and measure_of(behind[0].strip()) is not None else ""
    digits = re.sub(r"[^\d.]", "", text)
    return ShownNumber(plain, text, unit, _scale(plain, digits) if unit else 1)


def _scale(number: float, digits: str) -> int:
    """Return how many times the number that is shown a number is: a power of ten, since formats leave out thousands."""
    try:
        shown = float(digits)
    except ValueError:
        return 1
    ratio = number / shown if shown else 1
    return next((10**power for power in (9, 8, 6, 4, 3) if 0.9 * 10**power < ratio < 1.1 * 10**power), 1)
