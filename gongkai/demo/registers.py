"""The registers that units keep: a spreadsheet each, with headings and dates as people write them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from events.model import AttributeValue
    from events.vocabulary import Attribute
    from gongkai.demo.year.log import Entry
    from rules.units import Unit

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's own time stamp, the same in every run
CSV_EVERY = 9
"""Every so-many-th unit keeps a CSV file in the encoding of an old Excel instead of a workbook."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "登记编号", "台账编号"),
    "type": ("类型", "事项类型", "工作类型"),
    "unit": ("单位", "责任单位", "填报单位"),
    "subject": ("主题", "事项", "事项名称"),
    "occurred_at": ("发生日期", "日期", "办理日期"),
    "recorded_at": ("登记日期", "填报日期", "录入日期"),
    "title": ("标题", "名称", "信息名称"),
}
"""What units call the columns; which one a unit uses is its own affair."""

DATES: tuple[Callable[[datetime], str], ...] = (
    lambda at: f"{at.year}年{at.month}月{at.day}日",
    lambda at: f"{at:%Y-%m-%d}",
    lambda at: f"{at.year}/{at.month}/{at.day}",
    lambda at: f"{at.year}.{at.month:02d}.{at.day:02d}",
)
CLOCKS: tuple[Callable[[datetime], str], ...] = (
    lambda at: f"{at.hour}时{at.minute:02d}分",
    lambda at: f" {at:%H:%M}",
    lambda at: f" {at:%H:%M}",
    lambda at: f" {at:%H:%M}",
)
"""How units write days, and the time of day behind each."""


def _cell(attribute: Attribute, value: AttributeValue) -> str | float:
    """Return an attribute as a register shows it: 是 and 否, the Chinese names of values, lists with semicolons."""
    names = {one.value: one.zh for one in attribute.values}
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(names.get(part, part) for part in value)
    return names.get(value, value) if isinstance(value, str) else value


class Register:
    """One unit's register: its style, and its rows."""

    def __init__(self, unit: Unit, entries: Sequence[Entry], rng: random.Random) -> None:
        """Choose the unit's style.

        Args:
            unit: the unit.
            entries: its entries, in their order.
            rng: the seeded source of all choices.
        """
        self.unit = unit
        self.entries = entries
        self.style = rng.randrange(len(DATES))
        self.real_dates = rng.random() < 0.3  # noqa: PLR2004 - some format the cells as dates
        self.names = [unit.name, *unit.aliases[:1]]
        self.headings = {name: rng.choice(choices) for name, choices in HEADINGS.items()}
        self._attributes = load_vocabulary().attributes
        used = {name for entry in entries for name in entry.data}
        self.attributes = [name for name in self._attributes if name in used]
        self.corrected = any(entry.corrects or entry.retracts for entry in entries)

    def head(self) -> list[str]:
        """Return the headings."""
        core = ("id", "type", "unit", "subject", "occurred_at", "recorded_at")
        names = [self.headings[name] for name in core]
        names += [self.headings.get(name, self._attributes[name].label.zh) for name in self.attributes]
        return [*names, "更正", "撤销"] if self.corrected else names

    def rows(self) -> list[list[Any]]:
        """Return the rows: texts, figures, and moments where the unit formats its cells as dates."""
        return [self._row(number, entry) for number, entry in enumerate(self.entries)]

    def _moment(self, at: datetime, *, timed: bool) -> str | datetime:
        """Return a day or moment as this unit writes it."""
        if self.real_dates:
            return at
        return DATES[self.style](at) + (CLOCKS[self.style](at) if timed else "")

    def _row(self, number: int, entry: Entry) -> list[Any]:
        """Return one row."""
        label = load_vocabulary().types[entry.type].label.zh
        logged = datetime(entry.recorded.year, entry.recorded.month, entry.recorded.day) if entry.recorded else None  # noqa: DTZ001
        row: list[Any] = [entry.id, label, self.names[number % len(self.names)], entry.subject]
        row.append(self._moment(entry.at, timed=entry.timed))
        row.append(self._moment(logged, timed=False) if logged else None)
        for name in self.attributes:
            value = entry.data.get(name)
            row.append(None if value is None else _cell(self._attributes[name], value))
        return [*row, entry.corrects, entry.retracts] if self.corrected else row


def write_workbook(register: Register, path: Path) -> None:
    """Write a register as a workbook: a title over the headings, then a row an entry.

    It is made in memory, so that a disk that is full is an `OSError`, and no error of the library's own.
    """
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": EPOCH, "title": f"{register.unit.name}政务公开工作台账"})
    sheet = book.add_worksheet("台账")
    bold = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    head = register.head()
    sheet.merge_range(0, 0, 0, len(head) - 1, f"{register.unit.name}2023年政务公开工作台账（虚构示例）", bold)
    for column, name in enumerate(head):
        sheet.write_string(1, column, name, bold)
        sheet.set_column(column, column, 18)
    for number, row in enumerate(register.rows(), start=2):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moment if value.hour or value.minute else day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    sheet.freeze_panes(2, 0)
    book.close()
    path.write_bytes(content.getvalue())


def write_csv(register: Register, path: Path) -> None:
    """Write a register as an old Excel exports it: commas, GB18030."""
    register.real_dates = False
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(register.head())
    writer.writerows(["" if cell is None else cell for cell in row] for row in register.rows())
    path.write_bytes(text.getvalue().encode("gb18030"))


def write_registers(units: Sequence[Unit], entries: dict[str, list[Entry]], folder: Path, rng: random.Random) -> None:
    """Write the register of each unit that has entries, under the unit's name.

    Args:
        units: the units, in the order of the registry; their names are names of files.
        entries: the entries of each unit, by its id.
        folder: where the files go.
        rng: the seeded source of all choices.
    """
    for number, unit in enumerate((one for one in units if one.id in entries), start=1):
        register = Register(unit, entries[unit.id], rng)
        if number % CSV_EVERY == 0:
            write_csv(register, folder / f"{unit.name}.csv")
        else:
            write_workbook(register, folder / f"{unit.name}.xlsx")
