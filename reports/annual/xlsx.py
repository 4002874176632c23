"""The report as a workbook: a sheet a table, the text, and what a person must still fill in."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from reports.annual.form import COLUMNS, DISPUTES, RESULTS, four, three
from reports.annual.layout import LayoutTable, tables_of
from reports.annual.prose import Hole, opening, sections_of, title_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from reports.annual.report import AnnualReport

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run
PAGE_WIDTH, LABEL_HEIGHT, LINE, WIDE = 104, 27, 15, 84  # characters, points, points, characters
AMOUNT = "0.######"
GAPS, PROSE = "待补事项", "正文"
PARTS = ("各单位主动公开", "各单位申请办理", "各单位复议诉讼")
SHOWN = 20
"""How many entries a gap names."""


class _Book:
    """A workbook being written; texts are texts, never formulas or links."""

    def __init__(self) -> None:
        """Start a workbook in memory."""
        self.content = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.workbook = xlsxwriter.Workbook(self.content, {**options, "in_memory": True})
        self.workbook.set_properties({"created": EPOCH})
        base = {"valign": "vcenter", "text_wrap": True, "border": 1, "font_size": 10}
        self.title = self._format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
        self.head = self._format({**base, "bold": True, "align": "center", "bg_color": "#E9EDF3"})
        self.label = self._format({**base, "align": "left"})
        self.figure = self._format({**base, "align": "center"})
        self.amount = self._format({**base, "align": "center", "num_format": AMOUNT})
        self.blank = self._format({**base, "align": "center", "bg_color": "#FFF4CC"})
        self.text = self._format({"text_wrap": True, "valign": "top", "font_size": 11})
        self.heading = self._format({"bold": True, "font_size": 12})

    def _format(self, properties: dict[str, Any]) -> Format:
        """Return a format in a font that has Chinese."""
        return self.workbook.add_format({"font_name": "Microsoft YaHei", **properties})

    def number(self, value: float | None) -> Format:
        """Return the format of a figure: a blank one is coloured."""
        if value is None:
            return self.blank
        return self.figure if float(value).is_integer() else self.amount

    def put(self, sheet: Worksheet, row: int, column: int, value: float | None) -> None:
        """Write a figure, or a blank."""
        if value is None:
            sheet.write_blank(row, column, None, self.blank)
        else:
            sheet.write_number(row, column, value, self.number(value))


def workbook_of(report: AnnualReport) -> bytes:
    """Return the workbook of a report: the tables, the text, the gaps, and of a county the figures of its units."""
    book = _Book()
    for table in tables_of(report.form):
        _table_sheet(book, table, report)
    _prose_sheet(book, report)
    _gap_sheet(book, report)
    if report.parts:
        _part_sheets(book, report)
    book.workbook.close()
    return book.content.getvalue()


def _table_sheet(book: _Book, table: LayoutTable, report: AnnualReport) -> None:
    """Write one table under the title of the report, its headings merged as on the form."""
    sheet = book.workbook.add_worksheet(table.name)
    for column, share in enumerate(table.widths):
        sheet.set_column(column, column, max(PAGE_WIDTH * share, 5))
    sheet.merge_range(0, 0, 0, table.columns - 1, f"{title_of(report)} {table.name}", book.title)
    sheet.set_row(0, LABEL_HEIGHT)
    for row in range(1, table.rows + 1):
        sheet.set_row(row, LABEL_HEIGHT)
    for cell in table.cells:
        row, column = cell.row + 1, cell.column
        last = (row + cell.rows - 1, column + cell.columns - 1)
        value = report.cells[cell.key] if cell.key else cell.text
        form = book.number(report.cells[cell.key]) if cell.key else _label_format(book, table, cell.row)
        if last != (row, column):
            sheet.merge_range(row, column, *last, "", form)
        if isinstance(value, str):
            sheet.write_string(row, column, value, form)
        elif value is None:
            sheet.write_blank(row, column, None, form)
        else:
            sheet.write_number(row, column, value, form)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _label_format(book: _Book, table: LayoutTable, row: int) -> Format:
    """Return the format of a label: table three has labels at the left of its number rows."""
    return book.label if table.name == "申请办理" and row > 2 else book.head  # noqa: PLR2004 - below its three headings


def _prose_sheet(book: _Book, report: AnnualReport) -> None:
    """Write the six sections, a paragraph a row."""
    sheet = book.workbook.add_worksheet(PROSE)
    sheet.set_column(0, 0, WIDE)
    lines = [(title_of(report), book.heading), (opening(report), book.text)]
    for section in sections_of(report):
        lines.append((section.heading, book.heading))
        lines += [("".join(map(str, paragraph)), book.text) for paragraph in section.paragraphs]
    for row, (text, form) in enumerate(lines):
        sheet.write_string(row, 0, text, form)
        sheet.set_row(row, LINE * (1 + 2 * len(text) // WIDE) + 4)


def _gap_sheet(book: _Book, report: AnnualReport) -> None:
    """Write what the log could not fill, what is odd in it, and what of the text a person must write."""
    sheet = book.workbook.add_worksheet(GAPS)
    for column, (head, width) in enumerate((("事项", 46), ("涉及的格", 60), ("台账记录", 40))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, book.head)
    rows = [(gap.why.zh, _cell_names(report, gap.cells), _ids(gap.events)) for gap in (*report.gaps, *report.prefilled)]
    rows += [(note.text.zh, "", _ids(note.events)) for note in report.notes]
    rows += [
        (str(part), section.heading, "")
        for section in sections_of(report)
        for paragraph in section.paragraphs
        for part in paragraph
        if isinstance(part, Hole)
    ]
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, book.label)
    sheet.freeze_panes(1, 0)


def _cell_names(report: AnnualReport, cells: tuple[str, ...]) -> str:
    """Return what cells are called, cut where there are many."""
    names = [report.form.labels[cell] for cell in cells[:SHOWN]]
    return "；".join(names) + (f"……共{len(cells)}格" if len(cells) > SHOWN else "")


def _ids(events: tuple[str, ...]) -> str:
    """Return ids of entries, cut where there are many."""
    return "；".join(events[:SHOWN]) + (f"……共{len(events)}条" if len(events) > SHOWN else "")


def _part_sheets(book: _Book, report: AnnualReport) -> None:
    """Write the figures of the units that a county's report is the sum of."""
    form = report.form
    two = [f"two.{cell}" for block in form.blocks for row in block.rows for cell in row.cells]
    fours = [four(dispute.id, result.id) for dispute in DISPUTES for result in RESULTS]
    for name, keys in ((PARTS[0], two), (PARTS[2], fours)):
        sheet = _part_sheet(book, name, ["单位", *(form.labels[key] for key in keys)])
        for number, part in enumerate(report.parts, start=1):
            sheet.write_string(number, 0, part.name, book.label)
            for column, key in enumerate(keys, start=1):
                book.put(sheet, number, column, part.cells[key])
    sheet = _part_sheet(book, PARTS[1], ["单位", "项目", *(column.label for column in COLUMNS)])
    sheet.set_column(1, 1, 50)
    lines = [(part, row) for part in report.parts for row in form.rows]
    for number, (part, row) in enumerate(lines, start=1):
        sheet.write_string(number, 0, part.name, book.label)
        sheet.write_string(number, 1, row.labels[-1], book.label)
        for place, one in enumerate(COLUMNS, start=2):
            book.put(sheet, number, place, part.cells[three(row.id, one.id)])
    sheet.autofilter(0, 0, max(len(lines), 1), 1 + len(COLUMNS))


def _part_sheet(book: _Book, name: str, heads: list[str]) -> Worksheet:
    """Start a sheet with a row of headings."""
    sheet = book.workbook.add_worksheet(name)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(heads) - 1, 11)
    sheet.set_row(0, LABEL_HEIGHT * 2)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, book.head)
    sheet.freeze_panes(1, 1)
    return sheet
