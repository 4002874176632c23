"""Workbooks that offices can use: texts that are never formulas, one look, heads that stay, A4 on its side."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FILLS = {"violated": "#F8D7DA", "late": "#FFE8C2", "unassessed": "#E7E0F7", "pending": "#DCEBFA", "met": "#DDF2E3"}
INKS = {"violated": "#8C1420", "late": "#7A4A00", "unassessed": "#4A2D8A", "pending": "#134A7C", "met": "#14622F"}
"""The colours of statuses, paper and ink: those of the pages."""

BARS = {
    "violated": "#C62839",
    "late": "#D68A00",
    "unassessed": "#7552C8",
    "pending": "#2F7FC9",
    "met": "#2E8B57",
    "waived": "#8893A1",
    "not_taken": "#A9B1BC",
    "not_applicable": "#D0D5DC",
}
"""The colours of statuses in charts."""

ACCENT = "#1F3A5F"
FONT = "Microsoft YaHei"
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run
LINE, WIDE = 16.5, 0x2E7F  # points; letters beyond are Chinese
CELL = 32_767  # characters that a cell can hold
HIGHEST = 409  # points that a row can be high


class Workbook:
    """A workbook being written: its formats, and cells that are texts, numbers or days and never formulas."""

    def __init__(self, path: Path) -> None:
        """Start a workbook."""
        self.workbook = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.workbook.set_properties({"created": EPOCH})
        self._base = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9CED6", "font_size": 11}
        head = {"bold": True, "bg_color": ACCENT, "font_color": "#FFFFFF", "align": "center", "valign": "vcenter"}
        self.head = self.form(head)
        self.text = self.form()
        self.centred = self.form({"align": "center"})
        self.day = self.form({"num_format": "yyyy-mm-dd", "align": "center"})
        self.grey = self.form({"bg_color": "#F0F1F3", "font_color": "#7A828C", "font_size": 9})
        self.grey_day = self.form(
            {"bg_color": "#F0F1F3", "font_color": "#7A828C", "font_size": 9, "num_format": "yyyy-mm-dd"}
        )
        self.grey_head = self.form({**head, "bg_color": "#7A828C"})
        self.input = self.form({"bg_color": "#FFFDE7"})
        self.input_day = self.form({"bg_color": "#FFFDE7", "num_format": "yyyy-mm-dd", "align": "center"})
        self.input_head = self.form({**head, "bg_color": "#8A6D00"})
        self.title = self.workbook.add_format({"font_name": FONT, "bold": True, "font_size": 14, "valign": "vcenter"})
        self.soft = self.workbook.add_format({"font_name": FONT, "font_size": 10, "font_color": "#5B6675"})
        self.fills = {
            status: self.form({"bg_color": colour, "font_color": INKS[status], "align": "center"})
            for status, colour in FILLS.items()
        }

        self.problems = {
            status: self.form({"bg_color": colour, "font_color": INKS[status]}) for status, colour in FILLS.items()
        }

    def form(self, properties: dict[str, Any] | None = None) -> Format:
        """Return a format of a cell, in a font that has Chinese."""
        return self.workbook.add_format({"font_name": FONT, **self._base, **(properties or {})})

    def put(self, sheet: Worksheet, row: int, column: int, value: object, form: Format | None = None) -> None:
        """Write one cell: a number, a day, or anything else as text; `None` and an empty text are blank."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value, form or self.text)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, form or self.day)
        elif value is None or value == "":
            sheet.write_blank(row, column, None, form or self.text)
        else:
            text = str(value)
            sheet.write_string(row, column, text if len(text) <= CELL else f"{text[: CELL - 1]}…", form or self.text)

    def heads(self, sheet: Worksheet, labels: Sequence[str], row: int = 0) -> None:
        """Write a row of headings."""
        for column, label in enumerate(labels):
            self.put(sheet, row, column, label, self.head)

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()


def lines_of(value: object, width: float) -> int:
    """Return the lines that a value takes in a column so many characters wide; a Chinese one is as wide as two."""
    return _lines("" if value is None else str(value), max(int(width * 0.9) - 1, 1))


@lru_cache(maxsize=4096)
def _lines(text: str, room: int) -> int:
    """Return the lines that a text takes of so much room each; most texts of a list are in many of its rows."""
    return sum(1 + max(sum(1 + (ord(letter) > WIDE) for letter in part) - 1, 0) // room for part in text.split("\n"))


def row_height(values: Sequence[tuple[object, float]], most: int = 16) -> float:
    """Return the height of a row in points, for its values and the widths of their columns; at most so many lines."""
    return min(LINE * max(1, min(most, max((lines_of(*one) for one in values), default=1))) + 3, HIGHEST)


def print_setup(sheet: Worksheet, title: str, foot: str, last: tuple[int, int], *, repeat: bool = True) -> None:
    """Set a sheet up for A4 on its side: one page wide, the head on every page, title above, page numbers below.

    Args:
        sheet: the sheet.
        title: what stands above every page.
        foot: what stands at the lower left.
        last: last row and column that are printed, from 0.
        repeat: whether row 0 is the head of every page.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.35, right=0.35, top=0.75, bottom=0.55)
    sheet.print_area(0, 0, max(last[0], 0), last[1])
    sheet.fit_to_pages(1, 0)
    if repeat:
        sheet.repeat_rows(0)
    # in headers an ampersand starts a command
    sheet.set_header(f'&C&"{FONT},Bold"&14{title.replace("&", "&&")}')
    sheet.set_footer(f'&L&"{FONT}"&8{foot.replace("&", "&&")}&R&"{FONT}"&8&P / &N')
