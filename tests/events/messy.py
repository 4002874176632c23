"""Making messy spreadsheets, and what is read of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

import openpyxl
import xlsxwriter

from events.read import read_events
from rules.loading.registry import UNITS, load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl import Workbook

HEAD = ("编号", "类型", "单位", "主题", "发生日期")
DAY = "2023-07-14 00:00:00"
EVENT = ("training.held", "minzheng", None, DAY)
Rows = list[tuple[object, ...]]
Changes = dict[str, object]


def row(identity: object, **changes: object) -> tuple[object, ...]:
    """Return a training of 县民政局 in the columns of `HEAD`."""
    cells: Changes = {"编号": identity, "类型": "业务培训", "单位": "县民政局", "主题": None, "发生日期": "2023-07-14"}
    return tuple((cells | changes).values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """One messy spreadsheet.

    Attributes:
        name: what is messy about it.
        make: writes it.
        events: type, unit, subject and day of each event that is read of it.
        told: code and cell of each problem.
    """

    name: str
    make: Callable[[Path], None]
    events: Sequence[tuple[object, ...]]
    told: Sequence[tuple[str, str | None]] = ()


def with_xlsxwriter(*rows: Sequence[object], options: dict[str, Any] | None = None) -> Callable[[Path], None]:
    """Return what writes rows with XlsxWriter; dates become date cells."""

    def make(path: Path) -> None:
        book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, **(options or {})})
        sheet, days = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
        clock = book.add_format({"num_format": "hh:mm"})
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, time):
                    sheet.write_datetime(number, column, cell, clock)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, days)
                elif cell is not None:
                    sheet.write(number, column, cell)
        book.close()

    return make


def with_openpyxl(*rows: Sequence[object], change: Callable[[Workbook], None] | None = None) -> Callable[[Path], None]:
    """Return what writes rows with openpyxl and then changes the workbook."""

    def make(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "台账"
        for cells in rows:
            sheet.append(list(cells))
        if change is not None:
            change(book)
        book.save(path)

    return make


def merged(*ranges: str) -> Callable[[Workbook], None]:
    """Return what merges cells of the first sheet."""

    def change(book: Workbook) -> None:
        for one in ranges:
            book["台账"].merge_cells(one)

    return change


def wide_headings(path: Path) -> None:
    """Write headings in two rows under a merged caption, the groups merged over their columns."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.merge_range("A1:F1", "公众代表列席会议情况统计表")
    for cells, text in {"A2:A3": "序号", "B2:B3": "责任单位", "F2:F3": "类型"}.items():
        sheet.merge_range(cells, text)
    sheet.merge_range("C2:E2", "会议情况")
    sheet.write_row("C3", ("会议名称", "会议日期", "列席人数"))
    sheet.write_row("A4", (1, "县民政局", "第1次", "2023.7.14", 3, "列席常务会议"))
    sheet.merge_range("A5:F5", "二、下半年")
    sheet.write_row("A6", (2, "金乡街道", "第2次", "2023/7/14", "４", "列席常务会议"))
    sheet.merge_range("A7:C7", "合　计")
    sheet.write("E7", 7)
    sheet.merge_range("A8:F8", "注：列席人数不含工作人员。")
    sheet.write("A9", "单位负责人：王五")
    sheet.write("D9", "填表人：张三")
    book.close()


def seen(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[str, str | None]]]:
    """Return type, unit, subject and moment of each event, and code and cell of each problem but unknown columns."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = read_events([path], registry)
    events: list[tuple[object, ...]] = [
        (one["type"], one["unit"], one["subject"], str(one["occurred_at"]))
        for one in log.table.select(["type", "unit", "subject", "occurred_at"]).to_pylist()
    ]
    told = [(one.code, one.where.cell) for one in log.problems if one.code not in {"unknown-column", "repeated-row"}]
    return events, told
