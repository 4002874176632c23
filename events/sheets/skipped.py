"""Rows of a sheet that are no events: totals, notes, captions, examples; and hidden ones, read all the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

from events.problems import Problem, Text
from events.rows import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.grid import Grid
    from events.problems import Where
    from events.sheets.layout import Passed

_TOTAL = re.compile(
    r"(?:本页|本月|本季度?|全年|年度|上半年|下半年|总)?(?:合计|总计|小计|共计|累计|汇总|总数|total|sum)(?:[:(].*)?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明)[:：1-9].*|(?:填表|制表|填报|审核|审批|经办|复核|联系|负责|单位负责|分管|主要|经手|记录|登记)(?:人|人员|领导|负责人)?(?:签字|签名|签章|盖章)?[:：].*"
    r"|(?:联系电话|填报日期|填表日期|制表日期|填报单位|盖章|单位盖章)[:：(（].*"
)
_SECTION = re.compile(
    r"\(?[一二三四五六七八九十]{1,3}[)、.．].*|第[一二三四1-4]季度|(?:[1-9]|1[0-2]|[一二三四五六七八九十]{1,2})月份?|[上下]半年"
)
_EXAMPLE = re.compile(r"(?:填写)?(?:示例|样例)(?:行)?(?:[(:].*)?|example(?:[(:].*)?", re.IGNORECASE)
_NAMED = 5
HELP = frozenset({"填写说明", "填报说明", "填表说明"})
"""Sheets that say how a workbook is filled in; that they have no headings needs no telling."""

LISTS = "选项"
"""The hidden sheet of our template that its drop-down lists stand on."""
EXAMPLE_DAY = date(2023, 7, 14)
"""The day in the example row of our template."""

_CAPTION = 3
"""A note has at most this many cells."""


def why_passed(cells: Sequence[object], *, complete: bool, merged: bool) -> Passed | None:
    """Return why a row is no event, or None where it is to be read.

    Args:
        cells: its cells.
        complete: whether it has a value in every column that each event needs; such a row is an event, except an
            example.
        merged: whether one merged cell takes most of the row.
    """
    filled = [one for one in cells if one != "" and not is_blank(one)]  # most are empty
    if not filled:
        return None
    first = _fold(filled[0])
    if _EXAMPLE.fullmatch(first):
        return "example"
    if complete:
        return None
    texts = [_fold(one) for one in filled]
    if any(_TOTAL.fullmatch(one) for one in texts[:2]):
        return "total"
    if len(texts) <= _CAPTION and _NOTE.fullmatch(first):
        return "note"
    alone = len(texts) == 1 or (merged and len(set(texts)) == 1)
    return "section" if alone and (merged or _SECTION.fullmatch(first)) else None


def _fold(value: object) -> str:
    """Return a cell's text without spaces and in half width."""
    return "".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else str(value)


_FACTS = {
    "total": Text("是合计行", "it is a row of totals"),
    "note": Text("是表下的说明或者签名", "it is a note or a signature below the table"),
    "section": Text("是分段标题", "it is the caption of a part"),
    "struck": Text("整行划了删除线", "all of it is struck out"),
}


def passed_problem(where: Where, why: Passed, text: str) -> Problem | None:
    """Return the warning about a row that was passed over, or None where nothing needs to be said."""
    fact = _FACTS.get(why)
    if fact is None:
        return None
    said = Text(f"这一行（“{text}”）{fact.zh}，不作为事件读取", f"the row ({text!r}) is not read: {fact.en}")
    cure = Text("如果是一件事，请补全类型、单位和日期", "If it is an event, fill in type, unit and date")
    if why == "struck":
        cure = Text(
            "应当计入的，请去掉删除线；不计的，请删去这一行", "Take the line away if it counts, else delete the row"
        )
    return Problem("row-passed-over", where, said, cure, text, "warning")


def undone_figure(where: Where, text: str) -> Problem:
    """Return the warning about a row of a self-check that has a figure and no day."""
    fact = Text(
        f"填写了数字 {text}，没有填写发生日期，按还没有办处理", f"there is the figure {text}, but no day: not yet done"
    )
    cure = Text("已经办了的，请填写发生日期", "Where it is done, fill in the day")
    return Problem("figure-without-date", where, fact, cure, text, "warning")


def undone_row(where: Where, text: str) -> Problem:
    """Return the warning about a row of a self-check in which something was filled in, but no day."""
    fact = Text(
        f"填写了“{text}”，没有填写发生日期，按还没有办处理", f"{text!r} was filled in, but no day: it is not yet done"
    )
    cure = Text("已经办了的，请填写发生日期", "Where it is done, fill in the day")
    return Problem("not-finished", where, fact, cure, text, "warning")


def merged_figure(where: Where, text: str, top: int) -> Problem:
    """Return the warning about a figure that a merged cell gives to several rows."""
    fact = Text(
        f"数字 {text} 来自第{top}行的合并单元格，这一行也按它计算",
        f"the figure {text} is that of a merged cell of row {top}, and counts in this row too",
    )
    cure = Text(
        "如果只有一行是这个数，请取消合并，各行分别填写", "Where one row has it, unmerge the cells and fill each in"
    )
    return Problem("merged-figure", where, fact, cure, text, "warning")


def is_example_day(value: object) -> bool:
    """Say whether a cell has the day of our template's example row; one with another day was written over."""
    return value in {EXAMPLE_DAY, datetime(EXAMPLE_DAY.year, EXAMPLE_DAY.month, EXAMPLE_DAY.day)} or (  # noqa: DTZ001
        str(value) == EXAMPLE_DAY.isoformat()
    )


def example_used(where: Where) -> Problem:
    """Return the warning about an example row with a day of its own, as if somebody had written over it."""
    fact = Text(
        "示例行的日期改过，这一行仍按示例跳过", "the example row has a day of its own; it is passed over all the same"
    )
    cure = Text(
        "如果是一件事，请另起一行填写，编号不写“示例”",
        "If it is an event, write it in a row of its own with an id of its own",
    )
    return Problem("example-used", where, fact, cure, None, "warning")


def unread_hidden(grid: Grid) -> list[Problem]:
    """Return a warning about a hidden sheet that has not the columns of events; the lists of our template need none."""
    if grid.sheet == LISTS:
        return []
    fact = Text(
        "这张隐藏的工作表没有台账需要的列，没有读取", "the hidden sheet has not the columns of a log and is not read"
    )
    cure = Text("如果是台账，请取消隐藏并补全列名", "If it is a log, show it and complete its headings")
    return [Problem("hidden-sheet", grid.top(), fact, cure, None, "warning")]


def hidden_problems(grid: Grid) -> list[Problem]:
    """Return a warning where a sheet that was read is hidden, and one where some of its rows are."""
    problems: list[Problem] = []
    cure = Text("不应计入的请删除；应计入的不用处理", "Delete what must not count; leave what does")
    if grid.hidden:
        fact = Text("这是隐藏的工作表，也读取了", "the sheet is hidden; it is read all the same")
        problems.append(Problem("hidden-sheet", grid.top(), fact, cure, None, "warning"))
    rows = sorted(grid.hidden_rows)
    if rows:
        named = "、".join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
        fact = Text(
            f"有 {len(rows)} 行是隐藏的（{named}），也读取了",
            f"{len(rows)} rows are hidden ({named}); they are read all the same",
        )
        problems.append(Problem("hidden-rows", grid.top(), fact, cure, named, "warning"))
    return problems
