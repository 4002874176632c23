"""The workbook that a department fills in: our headings, drop-down lists, checks in the cells, and how to do it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from events.sheets.skipped import LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from events.vocabulary import Attribute, Vocabulary
    from rules.units import Registry

ROWS = 1000
"""How many rows have lists and checks."""

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own time stamp, the same in every run
_LOG, _HELP = "台账", "填写说明"
_FIELDS = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts")
_REQUIRED = frozenset({"id", "type", "unit", "occurred_at"})
_DATES = frozenset({"occurred_at", "recorded_at"})
_FIRST, _LAST = date(1949, 1, 1), date(2100, 12, 31)
_EXAMPLE = "示例（本行不读取，可以删除）"
_EXAMPLES: dict[str, object] = {"bool": "是", "int": 12, "number": 97.5, "text": "（文字）", "date": date(2023, 7, 14)}
_TITLE_LETTERS, _PROMPT_LETTERS = 32, 255
"""What a cell's message can hold."""

_HOW = (
    "一、一行填写一件事。带 * 的列必须填写；列名不要改动，列的先后可以调整，用不到的列可以删除。",
    "二、编号由填报单位自己编，不能重复，写定后不再改动，例如 mz-2023-001。",
    "三、类型从下拉选项中选择；单位可以选择，也可以填写单位名录中的其他名称。",
    "四、主题填写文号、会议名称、申请编号、决策事项等；同一事项在各处的写法要一致，上下环节靠它对应。",
    "五、发生日期填写事情发生的那一天，例如 2023-07-14；有时刻的写 2023-07-14 09:30。登记日期不填的，视为当天登记。",
    "六、更正已经上报的记录：不要改动原来的行，另起一行，用新编号，并在“更正”一列填写原编号；撤销的，在“撤销”一列填写原编号。",
    "七、多项内容写在一格里，用分号“；”隔开；“是否”一类的列填写“是”或者“否”；数字只写数字，单位与任务目标一致。",
    "八、灰色的示例行不会被读取。合计行、签名行也不会作为事件读取。",
    "九、填好后先自查：gongkai events check 台账.xlsx --show",
)


@dataclass(slots=True)
class _Formats:
    """The looks of the cells."""

    head: Format
    needed: Format
    example: Format
    example_day: Format
    day: Format
    text: Format
    wrap: Format
    title: Format


@dataclass(slots=True)
class _Lists:
    """The sheet with the options, a column a list."""

    sheet: Worksheet
    used: int = 0
    known: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, options: Sequence[str]) -> str:
        """Write a list and return the range that it stands in."""
        if name not in self.known:
            self.sheet.write_string(0, self.used, name)
            for row, option in enumerate(options, 1):
                self.sheet.write_string(row, self.used, option)
            column = xl_col_to_name(self.used, col_abs=True)
            self.known[name] = f"={LISTS}!{column}$2:{column}${len(options) + 1}"
            self.used += 1
        return self.known[name]


@dataclass(frozen=True, slots=True)
class Besides:
    """What a template lists besides its event types.

    Attributes:
        types: event types that stand after them, with the columns of their attributes to the right.
        choices: values of attributes that stand before those that the vocabulary has, such as indicators.
    """

    types: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def template_workbook(
    vocabulary: Vocabulary,
    registry: Registry,
    *,
    unit: str | None = None,
    types: Sequence[str] = (),
    besides: Besides | None = None,
) -> bytes:
    """Return the workbook.

    Args:
        vocabulary: the fields, types and attributes.
        registry: the units of the drop-down list.
        unit: id of the unit that fills it in, which the example names; None for any.
        types: the event types to be listed, with the columns of their attributes; all by default.
        besides: what is listed besides.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _EPOCH, "title": "政务公开台账"})
    first = list(types) or list(vocabulary.types)
    besides = besides or Besides()
    kinds = [*first, *(one for one in besides.types if one not in first)]
    log, help_sheet = book.add_worksheet(_LOG), book.add_worksheet(_HELP)
    lists = _Lists(book.add_worksheet(LISTS))
    lists.sheet.hide()
    names = [one.name for one in registry.units if unit in {None, one.id}]
    attributes = _attributes(vocabulary, first)
    attributes += [one for one in _attributes(vocabulary, kinds) if one not in attributes]
    sheet = _Log(log, _formats(book), lists, vocabulary, besides.choices)
    sheet.write(kinds, names, attributes)
    _write_help(help_sheet, sheet.formats, vocabulary, kinds)
    for one in (log, help_sheet):
        one.set_landscape()
        one.set_paper(9)  # A4
        one.fit_to_pages(1, 0)
    log.activate()
    book.close()
    return content.getvalue()


def _attributes(vocabulary: Vocabulary, kinds: Sequence[str]) -> list[Attribute]:
    """Return the attributes that events of some types may have."""
    return [
        one
        for one in vocabulary.attributes.values()
        if one.name in vocabulary.common or any(one.name in vocabulary.types[kind].attributes for kind in kinds)
    ]


def _formats(book: Any) -> _Formats:  # noqa: ANN401 - XlsxWriter ships no types
    line = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
    head = {**line, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#DCE6F1"}
    grey = {**line, "italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}
    return _Formats(
        head=book.add_format(head),
        needed=book.add_format({**head, "bg_color": "#F8CBAD"}),
        example=book.add_format(grey),
        example_day=book.add_format({**grey, "num_format": "yyyy-mm-dd"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        text=book.add_format({"num_format": "@"}),
        wrap=book.add_format({"text_wrap": True, "valign": "top"}),
        title=book.add_format({"bold": True, "font_size": 14}),
    )


@dataclass(slots=True)
class _Log:
    """The sheet to fill in."""

    sheet: Worksheet
    formats: _Formats
    lists: _Lists
    vocabulary: Vocabulary
    choices: Mapping[str, Sequence[str]]

    def write(self, kinds: Sequence[str], units: Sequence[str], attributes: Sequence[Attribute]) -> None:
        """Write headings, the example, lists and checks."""
        labels = [self.vocabulary.types[kind].label.zh for kind in kinds]
        example = {"id": _EXAMPLE, "type": labels[0], "unit": units[0], "subject": "金政发〔2023〕1号"}
        for column, name in enumerate(_FIELDS):
            self._head(column, self.vocabulary.fields[name].label.zh, needed=name in _REQUIRED)
            if name in _DATES:
                self._day(column, self.vocabulary.fields[name].label.zh)
                self.sheet.write_datetime(1, column, _EXAMPLES["date"], self.formats.example_day)
            else:
                self.sheet.set_column(column, column, 18, self.formats.text)
                self.sheet.write_string(1, column, example.get(name, ""), self.formats.example)
        self.sheet.set_column(0, 0, 30, self.formats.text)
        self._choose(_FIELDS.index("type"), "类型", labels, "stop")
        self._choose(_FIELDS.index("unit"), "单位", units, "information")
        for column, attribute in enumerate(attributes, len(_FIELDS)):
            self._attribute(column, attribute)
        self.sheet.freeze_panes(1, 1)
        self.sheet.set_row(0, 32)
        self.sheet.autofilter(0, 0, ROWS, len(_FIELDS) + len(attributes) - 1)

    def _head(self, column: int, label: str, *, needed: bool = False) -> None:
        text, look = (f"{label}*", self.formats.needed) if needed else (label, self.formats.head)
        self.sheet.write_string(0, column, text, look)

    def _attribute(self, column: int, attribute: Attribute) -> None:
        """Write the column of an attribute."""
        label, meaning = attribute.label.zh, attribute.meaning.zh
        self._head(column, label)
        self.sheet.write_comment(0, column, meaning, {"author": "gongkai"})
        labels = {one.value: one.zh for one in attribute.values}
        chosen = [labels.get(one, one) for one in self.choices.get(attribute.name, ())]
        options = list(dict.fromkeys([*chosen, *labels.values()]))
        if attribute.type == "date":
            self._day(column, label)
        else:
            self.sheet.set_column(column, column, 14, self.formats.text if attribute.type in {"text", "list"} else None)
        if attribute.type == "bool":
            self._choose(column, label, ("是", "否"), "stop", meaning)
        elif options:
            several = attribute.type == "list"
            self._choose(column, label, options, "information" if several or not attribute.closed else "stop", meaning)
        elif attribute.type in {"int", "number"}:
            self._number(column, label, whole=attribute.type == "int")
        value = options[0] if options else "" if attribute.type == "list" else _EXAMPLES[attribute.type]
        if isinstance(value, date):
            self.sheet.write_datetime(1, column, value, self.formats.example_day)
        else:
            self.sheet.write(1, column, value, self.formats.example)

    def _choose(self, column: int, label: str, options: Sequence[str], error: str, prompt: str = "") -> None:
        """Give the cells of a column a drop-down list."""
        several = (
            "；可以填写多项，用分号隔开，或者填写其他" if error == "information" and column >= len(_FIELDS) else ""
        )
        self._validate(
            column,
            {
                "validate": "list",
                "source": self.lists.add(label, options),
                "error_type": error,
                "input_title": label,
                "input_message": f"{prompt or '请从下拉选项中选择'}{several}",
                "error_title": label,
                "error_message": "不在选项之中，请核对",
            },
        )

    def _day(self, column: int, label: str) -> None:
        """Let a column take dates only, with or without the time of day."""
        self.sheet.set_column(column, column, 14, self.formats.day)
        self._validate(
            column,
            {
                "validate": "date",
                "criteria": "between",
                "minimum": _FIRST,
                "maximum": _LAST,
                "input_title": label,
                "input_message": "例如 2023-07-14；有时刻的写 2023-07-14 09:30",
                "error_title": label,
                "error_message": "这不是日期，请写成 2023-07-14",
            },
        )

    def _number(self, column: int, label: str, *, whole: bool) -> None:
        """Let a column take numbers only."""
        limit = {"criteria": ">=", "value": 0} if whole else {"criteria": "between", "minimum": -1e12, "maximum": 1e12}
        message = "请填写不小于零的整数" if whole else "只写数字，单位与任务目标一致"
        check = {"validate": "integer" if whole else "decimal", **limit}
        self._validate(column, {**check, "input_title": label, "input_message": message, "error_message": message})

    def _validate(self, column: int, options: dict[str, object]) -> None:
        """Set the check of a column below the example."""
        for key in ("input_title", "error_title"):
            options[key] = str(options.get(key, ""))[:_TITLE_LETTERS]
        options["input_message"] = str(options["input_message"])[:_PROMPT_LETTERS]
        self.sheet.data_validation(1, column, ROWS, column, options)


def _write_help(sheet: Worksheet, formats: _Formats, vocabulary: Vocabulary, kinds: Sequence[str]) -> None:
    """Write how the workbook is filled in, and what the types mean."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60, formats.wrap)
    sheet.set_column(2, 2, 48, formats.wrap)
    sheet.write_string(0, 0, "政务公开台账填写说明", formats.title)
    row = 1
    for sentence in _HOW:
        row += 1
        sheet.merge_range(row, 0, row, 2, sentence, formats.wrap)
        sheet.set_row(row, 30)
    row += 2
    for column, text in enumerate(("事件名称", "说明", "可以填写的列")):
        sheet.write_string(row, column, text, formats.head)
    for kind in kinds:
        row += 1
        known = vocabulary.types[kind]
        sheet.write_string(row, 0, known.label.zh)
        need = "（须填写主题）" if known.subject == "required" else ""
        sheet.write_string(row, 1, f"{known.meaning.zh}{need}", formats.wrap)
        columns = "、".join(vocabulary.attributes[name].label.zh for name in known.attributes)
        sheet.write_string(row, 2, columns, formats.wrap)
