"""The self-check as a workbook to fill in: a row for each event that would settle something."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.output.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from events.problems import Lang
    from events.vocabulary import Attribute
    from reports.selfcheck.check import SelfCheck, ToDo

SHEET = Text("自查填报", "To fill in")
KNOWN = (
    (Text("义务编号", "obligation"), 30),
    (Text("对应要求", "duty"), 34),
    (Text("怎么办", "what to do"), 44),
    (Text("最晚日期", "latest"), 11),
)
"""Columns that say what a row is for; reading the workbook passes over them."""
FIELDS = (("type", 18), ("unit", 16), ("subject", 24), ("occurred_at", 12), ("recorded_at", 12))
MOST = 12
"""Rows alike for one duty at most: who needs more copies the last one; every missing part has a row of its own."""
LISTED = 255
"""The most characters that a drop-down's values may have together in a workbook."""
CELL = 32_767
Part = tuple["str | None", "Mapping[str, str]"]
Given = tuple["SelfCheck", "ToDo", Part, "Lang"]
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run

HOW = Text(
    "每行对应一件要办的事。办完一件，填上发生日期（浅黄色格），有下拉的从下拉里选，存盘。没有填日期的行视为还没有办，读取时跳过。\n"
    "一次办了多件的，复制那一行。灰色格不用填。\n"
    "再评估：gongkai check --unit 单位 --events 原来的台账 --events 本文件 --as-of 日期",
    "Each row is something to do. When it is done, fill in the date (yellow), choose from the drop-downs, and save."
    " Rows without a date count as not yet done and are passed over.\nCopy a row for a further event. Grey"
    " cells stay empty.\n"
    "Evaluate again: gongkai check --unit UNIT --events LOG --events THIS-FILE --as-of DATE",
)


class FillIn:
    """A workbook to fill in that is being written: texts as texts, never as formulas."""

    def __init__(self, path: Path) -> None:
        """Start it."""
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(str(path), options)
        self.file.set_properties({"created": EPOCH})
        base = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9CED6", "font_size": 10}
        self.head = self.form({**base, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
        self.text = self.form(base)
        self.soft = self.form({**base, "font_color": "#55606F"})
        self.fill = self.form({**base, "bg_color": "#FFF9E3"})
        self.day = self.form({**base, "bg_color": "#FFF9E3", "num_format": "yyyy-mm-dd"})
        self.shut = self.form({**base, "bg_color": "#EEF0F3"})

    def form(self, properties: dict[str, Any]) -> Format:
        """Return a format in a font that has Chinese."""
        return self.file.add_format({"font_name": "Microsoft YaHei", **properties})

    def headings(self, sheet: Worksheet, heads: Sequence[tuple[str, int]], how: str, last: int) -> None:
        """Write how to fill it in, up to a column, and the headings under it; the first column is hidden."""
        for column, (text, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, text, self.head)
        sheet.merge_range(0, 1, 0, last, how, self.form({"text_wrap": True, "valign": "top"}))
        sheet.set_row(0, 56)
        sheet.set_column(0, 0, heads[0][1], None, {"hidden": True})

    def finish(self, sheet: Worksheet, rows: int, columns: int) -> None:
        """Freeze and filter the headings, set the paper, and close the file."""
        sheet.freeze_panes(2, 2)
        sheet.autofilter(1, 0, max(rows, 1) + 1, columns - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        self.file.close()


def _rows(checks: Sequence[SelfCheck]) -> list[tuple[SelfCheck, ToDo, Part]]:
    """Return what would settle something, a row an event, in the order to do it."""
    return [
        (check, one, part)
        for check in checks
        for found in check.groups.values()
        for one in found
        if one.remedy.event is not None
        for part in one.remedy.rows(MOST)
    ]


def _drop_down(sheet: Worksheet, row: int, column: int, attribute: Attribute, lang: Lang) -> None:
    """Let a cell be chosen from the values of its attribute, where they are known; lists may have several."""
    words = [Text(value.zh, value.en).in_(lang) for value in attribute.values]
    if attribute.type == "bool":
        words = [Text("是", "yes").in_(lang), Text("否", "no").in_(lang)]
    if not words or sum(len(word) + 1 for word in words) > LISTED:
        return
    strict = attribute.type == "bool" or (attribute.closed and attribute.type != "list")
    sheet.data_validation(
        row,
        column,
        row,
        column,
        {"validate": "list", "source": words, "error_type": "stop" if strict else "information"},
    )


def _write_row(book: FillIn, sheet: Worksheet, row: int, given: Given, names: Sequence[str]) -> None:
    """Write one row: what it is for, what is known of the event, and blank cells for the rest."""
    check, one, (subject, data), lang = given
    vocabulary = load_vocabulary()
    kind = vocabulary.types[one.remedy.event or ""]
    due = one.verdict.due_on
    told = (
        one.verdict.row["obligation"],
        f"{one.verdict.cited} {one.verdict.title}",
        one.remedy.words,
        str(due or ""),
    )
    known = (kind.label.in_(lang), check.part.unit.name, one.verdict.row["subject"] or subject or "")
    for column, text in enumerate((*told, *known)):
        form = book.soft if column < len(told) else book.text
        sheet.write_string(row, column, plain(str(text))[:CELL], form)
    if kind.subject != "none" and not known[2]:
        sheet.write_blank(row, len(told) + 2, None, book.fill)
    at = len(told) + len(known)
    for column in (at, at + 1):
        sheet.write_blank(row, column, None, book.day)
    for column, name in enumerate(names, at + 2):
        if not vocabulary.has(kind.name, name):
            sheet.write_blank(row, column, None, book.shut)
            continue
        text = data.get(name, "")
        sheet.write(row, column, text or None, book.fill)
        _drop_down(sheet, row, column, vocabulary.attributes[name], lang)


def write_fill_in(checks: Sequence[SelfCheck], path: Path, lang: Lang) -> int:
    """Write the workbook; the same checks give the same cells.

    Returns:
        How many rows it has to fill in.
    """
    book, vocabulary, rows = FillIn(path), load_vocabulary(), _rows(checks)
    named = {name for _, one, _ in rows for name in one.remedy.names} | {"title"}
    names = [name for name in vocabulary.attributes if name in named]
    sheet = book.file.add_worksheet(SHEET.in_(lang))
    heads = [(text.in_(lang), width) for text, width in KNOWN]
    heads += [(vocabulary.fields[name].label.in_(lang), width) for name, width in FIELDS]
    heads += [(vocabulary.attributes[name].label.in_(lang), 14) for name in names]
    book.headings(sheet, heads, HOW.in_(lang), len(KNOWN) + len(FIELDS) - 1)
    for number, given in enumerate(rows, 2):
        _write_row(book, sheet, number, (*given, lang), names)
    book.finish(sheet, len(rows), len(heads))
    return len(rows)
