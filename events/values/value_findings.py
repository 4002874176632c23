"""Findings in one value of a log: dates, figures, lists, texts, each as a problem with its cure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from events.findings import shown
from events.grid import Flaw
from events.problems import Problem, Text, Where, suggestion
from events.values import figure_findings
from events.values.attributes import beside, near_part, odd_task, undivided
from events.values.dates import FIRST_YEAR, LAST_YEAR, day_of_serial
from events.values.text import MAX_LENGTH

if TYPE_CHECKING:
    from events.values.numbers import ValueReadError
    from events.values.text import TextError
    from events.vocabulary import Attribute

EXACT = 10**15
"""From here on a spreadsheet's numbers are not exact."""

_WORDS = 8
_DATE_FORMS = Text("写成 2023-07-14、2023-07-14T14:30 或 2023年7月14日", "Write 2023-07-14 or 2023-07-14T14:30")


def invisible_character(where: Where, label: Text, character: str, text: str) -> Problem:
    """Return the warning about a character that nobody can see, and that was taken away."""
    fact = Text(
        f"{label.zh}中有看不见的字符 {character}，已去掉", f"{label.en} has the invisible {character}; it is left out"
    )
    cure = Text("请核对，并重新输入", "Check it, and type it again")
    return Problem("invisible-character", where, fact, cure, shown(text), "warning")


def date_as_text(where: Where, label: Text, value: object) -> Problem:
    """Return the warning about a date cell that stands for a text; a spreadsheet makes 2023-1 a date by itself."""
    text = shown(value)
    fact = Text(f"{label.zh}的单元格是日期，读作“{text}”", f"{label.en} is a date cell, read as {text!r}")
    cure = Text("如果输入的不是日期（例如 3-1），请设为文本格式后重新输入", "Type it again as text if it is no date")
    return Problem("date-as-text", where, fact, cure, text, "warning")


def dropped_nought(where: Where, label: Text, text: str) -> Problem:
    """Return the error about a number cell that may be another task's number without its last nought."""
    fact = Text(
        f"{label.zh}的单元格是数字 {text}，分不清是“{text}”还是“{text}0”（表格软件会去掉末尾的0）",
        f"{label.en} is the number {text}, which may be {text!r} or {text + '0'!r}: a spreadsheet drops that nought",
    )
    cure = Text("请把单元格设为文本格式，重新输入", "Format the cell as text and type it again")
    return Problem("dropped-nought", where, fact, cure, text)


_DATE_REASONS = {
    "no-year": (
        Text("没有写明年份", "does not name the year"),
        Text("请写明四位的年份，例如 2023年7月14日", "Write the year with four digits, such as 2023-07-14"),
    ),
    "no-day": (
        Text("只写到月", "names a month only"),
        Text("请写明日，例如 2023年7月14日", "Write the day, such as 2023-07-14"),
    ),
    "range": (
        Text("是一段时间", "is a span of days"),
        Text("请只写一天：事情完成的那一天", "Write one day: the one on which it was done"),
    ),
    "span": (
        Text("的结束时刻不晚于开始时刻", "ends no later than it starts"),
        Text("请核对时刻，例如 9:30-11:00", "Check the times, such as 9:30-11:00"),
    ),
    "weekday": (
        Text("的星期与日期不符", "has a day of the week that the date does not fall on"),
        Text("请核对日期", "Check the date"),
    ),
    "half-day": (
        Text("只写了上午或者下午", "names a half of the day only"),
        Text("请写明时刻，或者只写日期", "Write the time, or the date alone"),
    ),
}


def bad_date(where: Where, label: Text, value: object, reason: str) -> Problem:
    """Return the problem of a date that cannot be read."""
    if isinstance(value, Flaw):
        return flawed(where, label, value)
    text = shown(value)
    cure = _DATE_FORMS
    if reason in _DATE_REASONS:
        said, cure = _DATE_REASONS[reason]
        fact = Text(f"“{text}”{said.zh}", f"{text!r} {said.en}")
    elif reason == "no-such-day":
        fact = Text(f"没有“{text}”这一天", f"there is no such day as {text!r}")
        cure = Text("请核对月和日", "Check month and day")
    elif reason == "no-such-time":
        fact = Text(f"没有“{text}”这个时刻", f"there is no such time as {text!r}")
        cure = Text("时刻从 00:00 到 23:59", "Times run from 00:00 to 23:59")
    elif reason == "year":
        fact = Text(
            f"“{text}”的年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
            f"the year of {text!r} is not within {FIRST_YEAR}-{LAST_YEAR}",
        )
        cure = Text("请核对年份", "Check the year")
    elif reason == "serial":
        fact = Text(f"“{text}”是数字，不是日期", f"{text!r} is a number, not a date")
        day = day_of_serial(value)
        cure = Text(f"如果是 {day}，请把单元格设为日期格式", f"If it is {day}, format the cell as a date")
    else:
        fact = Text(f"“{text}”不是日期（{label.zh}）", f"{text!r} is not a date ({label.en})")
    return Problem("bad-date", where, fact, cure, text)


def date_number(where: Where, value: float, day: object) -> Problem:
    """Return the warning about a number in a workbook's date column that was read as the day that it stands for."""
    text = f"{value:.15g}"
    fact = Text(f"数字 {text} 按表格软件的日期读作 {day}", f"the number {text} is read as the workbook's {day}")
    cure = Text("请核对，并把单元格设为日期格式", "Check it, and format the cell as a date")
    return Problem("date-number", where, fact, cure, text, "warning")


_FORMS = {
    "bool": Text("写“是”或“否”", "Write true or false"),
    "int": Text("写不小于零的整数，例如 3", "Write a whole number, such as 3"),
    "number": Text(
        "写数字，可以带计量单位，例如 1234.5 或 1.3万人次", "Write a number, with its unit or without, such as 1234.5"
    ),
    "text": Text("写一段文字", "Write a text"),
    "date": _DATE_FORMS,
    "list": Text("写成文字列表，用分号隔开", "Write a list of words, separated by semicolons"),
}


def bad_value(where: Where, attribute: Attribute, value: object, error: ValueReadError, stated: str = "") -> Problem:
    """Return the problem of a value that is not of its attribute's type, or whose unit is not."""
    if isinstance(value, Flaw):
        return flawed(where, attribute.label, value)
    text = shown(value)
    if error.reason == "digits":
        return _cut(where, attribute.label, text)
    if error.reason == "separator":
        return _separator(where, attribute, text)
    if error.reason == "measure":
        return _bad_measure(where, attribute, text, stated)
    fact = Text(
        f"“{text}”不能作为{attribute.label.zh}（data.{attribute.name}）",
        f"{text!r} is no value of data.{attribute.name}",
    )
    cure = _FORMS[attribute.type]
    if attribute.closed:
        words = [f"{one.value}（{one.zh}）" for one in attribute.values]
        cure = Text(f"可用：{'、'.join(words)}", f"There are {', '.join(one.value for one in attribute.values)}")
    return Problem("bad-value", where, fact, suggestion(error.near, cure), text)


def _separator(where: Where, attribute: Attribute, text: str) -> Problem:
    """Return the problem of a list whose parts are not told apart."""
    fact = Text(
        f"{attribute.label.zh}“{text}”分不清是几项",
        f"it cannot be told which words of data.{attribute.name} {text!r} has",
    )
    words = "、".join(one.zh for one in attribute.values[:_WORDS]) + ("…" if len(attribute.values) > _WORDS else "")
    named = ", ".join(one.value for one in attribute.values[:_WORDS])
    cure = Text(
        f"几项之间用分号（；）隔开，每项写词汇表中的名称：{words}",
        f"Put a semicolon (;) between the words; there are {named}",
    )
    return Problem("bad-value", where, fact, cure, text)


def _bad_measure(where: Where, attribute: Attribute, text: str, stated: str) -> Problem:
    """Return the problem of a figure in a unit that is none, or not one of the attribute or of its heading."""
    beside = Text(f"（列名或者表头写的是“{stated}”）", f" (heading or table: {stated!r})") if stated else Text("", "")
    fact = Text(
        f"{attribute.label.zh}“{text}”的计量单位读不懂，或者不一致{beside.zh}",
        f"the unit of data.{attribute.name} {text!r} is not understood or does not agree{beside.en}",
    )
    money = f"{attribute.per}元" if attribute.per else ""
    cure = Text(
        f"请写成以{money}计的数字" if money else "请写数字和计量单位，例如 1.31万人次、5000万元、97%",
        "Write the figure and its unit, such as 1.31万人次, 5000万元 or 97%",
    )
    return Problem("bad-measure", where, fact, cure, text)


def _cut(where: Where, label: Text, text: str) -> Problem:
    """Return the problem of a long number that a spreadsheet cut as it saved CSV."""
    fact = Text(
        f"{label.zh}“{text}”是表格软件缩写的长数字，后面几位已经丢掉",
        f"{label.en} is {text!r}: a spreadsheet shortened a long number, and its last digits are gone",
    )
    cure = Text(
        "请在原表里把这一列设为文本格式，重新输入后再另存", "Format the column as text, type it again and save it again"
    )
    return Problem("inexact-number", where, fact, cure, text)


_NOTE = "note"
_NOT_DONE = re.compile(
    r"(?:本次|会议|活动|培训|该?事项)?(?:[已被因].{0,8})?(?:取消|作废|推迟|延期|改期|暂停|中止)(?:举行|召开|举办|开展|办理)?[。.!]?"
    r"|(?:会议|活动|培训)?(?:尚未|还未|还没有?|没有?|未能?|未如?按?期|暂未)(?:举行|召开|举办|开展|完成|办理|办结|落实|实施|印发|公开|发布)[。.!]?"
)
"""A remark that nothing but says that what the row has did not happen."""
_FLAWS = {
    "ditto": (
        "nothing-above",
        Text("的上面一行没有值可以照抄", "stands below a row that has no value there"),
        Text("请写出这一格的值", "Write the value"),
    ),
    "elsewhere": (
        "nothing-above",
        Text("看不出照抄哪一格", "refers to a cell that cannot be told"),
        Text("请写出这一格的值", "Write the value"),
    ),
    "struck": (
        "struck-out",
        Text(
            "有一部分或者全部划了删除线，不知道算不算",
            "is struck out, in part or as a whole: it cannot be told whether it counts",
        ),
        Text("不算的请删去，算的请去掉删除线", "Delete what does not count, or take the line away"),
    ),
    "unshown": (
        "unknown-format",
        Text("的数字格式读不懂，不知道显示成什么", "has a number format that is not understood"),
        Text("请把单元格设为文本格式，照显示的样子重新输入", "Format the cell as text and type what it shows"),
    ),
}


def flawed(where: Where, label: Text, flaw: Flaw) -> Problem:
    """Return the problem of a cell whose formula came to an error, or to nothing that was saved."""
    text = shown(flaw.text)
    if flaw.kind == "error":
        fact = Text(f"{label.zh}是公式错误 {text}", f"{label.en} is the error {text}")
        return Problem(
            "formula-error",
            where,
            fact,
            Text("请改正公式，或者直接填写", "Put the formula right, or write the value"),
            text,
        )
    if flaw.kind in _FLAWS:
        code, fact, cure = _FLAWS[flaw.kind]
        said = Text(f"{label.zh}“{text}”{fact.zh}", f"{label.en} {text!r} {fact.en}")
        return Problem(code, where, said, cure, text)
    fact = Text(f"{label.zh}是公式 {text}，没有保存结果", f"{label.en} is the formula {text}, saved without its result")
    cure = Text(
        "请在表格软件中打开并保存一次，或者直接填写", "Open and save it in a spreadsheet program, or write the value"
    )
    return Problem("formula-unsaved", where, fact, cure, text)


def bad_field(where: Where, label: Text, value: object, reason: str = "form") -> Problem:
    """Return the problem of a field that is not a text."""
    if isinstance(value, Flaw):
        return flawed(where, label, value)
    if reason == "digits":
        return _cut(where, label, shown(value))
    if isinstance(value, float) and abs(value) >= EXACT:
        fact = Text(
            f"{label.zh}是超过15位的数字，表格软件只保留前15位",
            f"{label.en} is a number of over 15 digits; a spreadsheet keeps 15",
        )
        cure = Text("请把单元格设为文本格式，重新输入", "Format the cell as text and type it again")
        return Problem("inexact-number", where, fact, cure, shown(value))
    fact = Text(f"{label.zh}不是文字", f"{label.en} is not a text")
    return Problem("bad-value", where, fact, Text("写一段文字", "Write a text"), shown(value))


def bad_text(where: Where, label: Text, error: TextError, value: object) -> Problem:
    """Return the problem of a text that cannot stand in the log."""
    if error.code == "too-long":
        fact = Text(f"{label.zh}有 {error.detail} 个字符", f"{label.en} has {error.detail} characters")
        cure = Text(f"请缩短到 {MAX_LENGTH} 个字符以内", f"Shorten it to {MAX_LENGTH}")
    else:
        fact = Text(f"{label.zh}含有不能使用的字符 {error.detail}", f"{label.en} has the character {error.detail}")
        cure = Text("请删去这个字符，或者重新输入", "Take it away, or type the text again")
    return Problem(error.code, where, fact, cure, shown(value))


def undivided_list(where: Where, label: Text, raw: object) -> Problem:
    """Return the warning about a list with commas or the like that was read as one part."""
    text = shown(raw)
    fact = Text(f"{label.zh}“{text}”读作一项", f"{text!r} is read as one value of {label.en}")
    cure = Text("如果是几项，请用分号（；）隔开", "Where there are several, put a semicolon (;) between them")
    return Problem("list-separator", where, fact, cure, text, "warning")


def no_task(where: Where, label: Text, text: str) -> Problem:
    """Return the warning about digits that are no number of a task: no rule asks for them."""
    fact = Text(f"{label.zh}“{text}”不是任务的编号，不起作用", f"{text!r} of {label.en} is no number of a task")
    cure = Text(
        "请照任务分解表写，例如 3.10；几项用分号隔开", "Write it as the table does, such as 3.10; put ; between"
    )
    return Problem("no-task", where, fact, cure, text, "warning")


def near_word(where: Where, label: Text, part: str, known: str) -> Problem:
    """Return the warning about a word of an open list that is not known and has a known one in it."""
    fact = Text(
        f"{label.zh}“{part}”不是词汇表中的名称，照写的读取，不作“{known}”计算",
        f"{part!r} of {label.en} is not in the vocabulary: it is read as written, and does not count as {known!r}",
    )
    cure = Text(f"如果就是“{known}”，请写成“{known}”", f"Write {known} where that is meant")
    return Problem("near-value", where, fact, cure, part, "warning")


def not_done(where: Where, text: str) -> Problem:
    """Return the warning about an entry whose remark says that it did not happen."""
    fact = Text(
        f"备注写的是“{shown(text)}”，这一行仍按已经发生的事读取",
        f"the remark says {shown(text)!r}; the row is read as having happened",
    )
    cure = Text(
        "没有发生的，请删去这一行；已经发生的，请改写备注", "Take the row out, or change the remark if it happened"
    )
    return Problem("note-not-done", where, fact, cure, text, "warning")


def worth_telling(where: Where, attribute: Attribute, raw: object, value: object) -> Problem | None:
    """Return the warning about a value that was read, and may have been meant otherwise; None for most."""
    if attribute.type in {"int", "number"}:
        left_out = beside(raw)
        told = figure_findings.remark if left_out == "remark" else figure_findings.footnote
        return told(where, attribute.label, raw, value) if left_out else None
    if attribute.name == _NOTE and isinstance(value, str) and _NOT_DONE.fullmatch("".join(value.split())):
        return not_done(where, value)
    if undivided(attribute, raw):
        return undivided_list(where, attribute.label, raw)
    task = odd_task(attribute, value)
    if task is not None:
        return no_task(where, attribute.label, task)
    near = near_part(attribute, value)
    return near_word(where, attribute.label, *near) if near is not None else None


def part_of_a_date(where: Where, value: object, text: str) -> Problem:
    """Return the warning about a date of which a Chinese program shows a part only, with a format of its own."""
    fact = Text(
        f"单元格的日期是 {shown(value)}，中文的表格软件只显示“{text}”",
        f"the date of the cell is {shown(value)}; a Chinese spreadsheet program shows no more than {text!r} of it",
    )
    cure = Text(
        "请核对年月日，并把单元格设为显示年月日的格式", "Check it, and format the cell to show year, month and day"
    )
    return Problem("part-of-a-date", where, fact, cure, text, "warning")
