"""A register to fill in, one row a matter and one column a date, in one of the layouts that are known."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.mapping import TableMapping
    from events.vocabulary import Vocabulary

ROWS = 500
"""How many rows are prepared."""

HEADINGS = 3
"""The row of the headings, from 1; the title and the unit stand above."""

LISTED = 255
"""The most characters that a drop-down's values may have together in a workbook."""

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


def register_workbook(layout: TableMapping, vocabulary: Vocabulary, unit: str | None = None) -> bytes:
    """Return the workbook; it is read again without a mapping.

    Args:
        layout: the layout (`events.layouts`).
        vocabulary: the vocabulary, for the drop-down lists.
        unit: name of the unit that keeps the register.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _EPOCH, "title": layout.source})
    sheet = book.add_worksheet(layout.source)
    title = book.add_format({"bold": True, "font_size": 14})
    look = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
    head, day_head = book.add_format(look), book.add_format({**look, "bg_color": "#FFF2CC"})
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    sheet.write_string(0, 0, f"{layout.source}台账", title)
    sheet.write_string(1, 0, f"填报单位：{unit or ''}")
    events = {one.heading for one in layout.events}
    for column, (heading, attribute) in enumerate(_columns(layout, vocabulary).items()):
        sheet.write_string(HEADINGS - 1, column, heading, day_head if heading in events else head)
        if heading in events:
            sheet.set_column(column, column, 14, day)
            check = {"validate": "date", "criteria": "between", "minimum": _FIRST, "maximum": _LAST}
            message = {"input_message": "没有发生的留空", "error_message": "这不是日期，请写成 2023-07-14"}
            sheet.data_validation(HEADINGS, column, ROWS, column, {**check, **message})
            continue
        sheet.set_column(column, column, 18, text if heading != "序号" else None)
        options = _options(attribute, vocabulary)
        if options:
            choice = {"validate": "list", "source": options, "error_type": "information"}
            sheet.data_validation(HEADINGS, column, ROWS, column, choice)
    sheet.freeze_panes(HEADINGS, 1)
    sheet.set_row(HEADINGS - 1, 32)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADINGS - 1)
    book.close()
    return content.getvalue()


def _columns(layout: TableMapping, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the headings with the attribute that each stands for, what goes with a date beside it."""
    columns = {"序号": "", **{heading: target for heading, target in layout.columns.items() if heading != "报送日期"}}
    for event in layout.events:
        kind = vocabulary.types[vocabulary.find_type(event.event) or ""]
        if event == layout.events[0] and "applicant" in kind.attributes:
            columns["申请人类型"] = "applicant"
        columns[event.heading] = ""
        columns |= dict(event.fields)
    return columns


def _options(name: str, vocabulary: Vocabulary) -> list[str]:
    """Return what a cell of an attribute can be chosen from, as far as a workbook can list it."""
    found = vocabulary.find_attribute(name) if name else None
    if found is None:
        return []
    attribute = vocabulary.attributes[found]
    words = ["是", "否"] if attribute.type == "bool" else [one.zh for one in attribute.values]
    return [word for number, word in enumerate(words) if len(",".join(words[: number + 1])) <= LISTED]
