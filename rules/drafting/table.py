"""Clauses from the rows of a table: columns by their usual names, merged cells, section rows, rows over two pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rules.drafting.blocks import TableRow, joined_lines, squeezed
from rules.drafting.drafted import NoticeClause
from rules.drafting.phrases.named import is_cut, names_in
from rules.drafting.phrases.numerals import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("序号", "编号", "项目编号"),
    "task": (
        "工作任务",
        "主要任务",
        "重点任务",
        "任务",
        "任务名称",
        "工作项目",
        "项目",
        "任务分类",
        "事项",
        "类别",
        "任务事项",
        "一级指标",
        "工作事项",
    ),
    "text": (
        "具体要求",
        "工作要求",
        "工作措施",
        "具体措施",
        "任务要求",
        "主要内容",
        "工作内容",
        "任务内容",
        "具体内容",
        "具体任务",
        "落实措施",
        "工作标准",
        "要求",
        "措施",
        "内容",
        "目标任务",
        "工作目标",
        "具体工作",
        "任务措施",
    ),
    "lead": (
        "牵头部门",
        "牵头单位",
        "主办单位",
        "牵头科室",
        "责任部门(牵头)",
        "牵头责任单位",
        "责任领导单位",
        "主责单位",
        "牵头",
    ),
    "responsible": (
        "责任单位",
        "责任部门",
        "责任科室",
        "配合单位",
        "配合部门",
        "协办单位",
        "参与单位",
        "落实单位",
        "承办单位",
        "责任主体",
        "完成单位",
        "实施单位",
    ),
    "deadline": (
        "完成时限",
        "时限要求",
        "完成时间",
        "时间要求",
        "完成期限",
        "时限",
        "时间节点",
        "时间安排",
        "办结时限",
        "完成日期",
    ),
}
"""The headings that a column may have, by what it holds; spaces and brackets around are passed over."""

_SECTION: Final = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百]+[)）、.．]|第[一二三四五六七八九十]+(?:部分|章|项)|[（(]\d+[)）])"
)
_GROUP: Final = re.compile(r"^[（(]([一二三四五六七八九十]+)[)）]")
_ENDS: Final = ("。", "；", ";", "！", "？", "!", "?")


@dataclass(slots=True)
class TableReading:
    """Clauses as the rows of a document's tables give them.

    Attributes:
        clauses: those so far.
        used: how many rows were taken for clauses, parts of them, headings or sections.
        passed: rows of tables that have no such headings.
        unread: headings that are not known, of columns in which something stands, each with the row of headings.
    """

    clauses: list[NoticeClause] = field(default_factory=list)
    used: int = 0
    passed: list[TableRow] = field(default_factory=list)
    unread: list[tuple[str, TableRow]] = field(default_factory=list)
    _columns: dict[str, int] = field(default_factory=dict)
    _others: dict[int, tuple[str, TableRow]] = field(default_factory=dict)
    _page: int = -1
    _part: str = ""
    _section: str = ""
    _group: int = 0
    _rows: int = 0
    _last: dict[str, str] = field(default_factory=dict)
    _own: dict[str, str] = field(default_factory=dict)
    _seen: int = -1

    def add(self, row: TableRow) -> None:
        """Take one more row."""
        columns = header(row.cells)
        if columns:
            self._columns, self._page = columns, row.page
            self._others = {
                place: (cell.strip(), row)
                for place, cell in enumerate(row.cells)
                if cell.strip() and place not in columns.values()
            }
            self.used += 1
        elif not self._columns:
            self.passed.append(row)
        elif self._is_section(row):
            self._part = "".join(next(cell for cell in row.cells if cell.strip()).split())
            self.used += 1
        else:
            self._take(row)

    def _is_section(self, row: TableRow) -> bool:
        """Say whether a row has one cell only, which is a heading."""
        filled = [cell for cell in row.cells if cell.strip()]
        return len(filled) == 1 and (
            _SECTION.match(filled[0]) is not None or (bool(row.cells[0].strip()) and len(filled[0]) < 40)  # noqa: PLR2004
        )

    def _cell(self, row: TableRow, name: str) -> str:
        place = self._columns.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _take(self, row: TableRow) -> None:
        """Take a row for a clause, or for the rest of the one before it."""
        self.used += 1
        for place, other in list(self._others.items()):
            if place < len(row.cells) and row.cells[place].strip():
                self.unread.append(self._others.pop(place, other))
        has_text = "text" in self._columns
        task, text = self._cell(row, "task"), self._cell(row, "text" if has_text else "task")
        rest = {name: self._cell(row, name) for name in ("lead", "responsible", "deadline")}
        turned, self._seen = row.page != self._seen, row.page
        goes_on = self._goes_on(rest, turned=turned)
        if has_text and task.strip():
            self._open_section("".join(task.split()), rest_of_one=goes_on and turned)
        if not text.strip() or goes_on:
            self._extend(text, rest, turned=turned)
            return
        for name in ("lead", "responsible", "deadline"):
            if rest[name].strip() or name not in self._columns:
                self._last[name] = rest[name]
        self._own = dict(self._last)
        self._rows += 1
        section = self._section or self._part or "任务"
        words = joined_lines(text)
        self.clauses.append(
            NoticeClause(
                self._name(row),
                section,
                words,
                names_in(self._last.get("lead", "")),
                names_in(self._last.get("responsible", "")),
                "".join(self._last.get("deadline", "").split()) or None,
                row.place,
            )
        )

    def _open_section(self, task: str, *, rest_of_one: bool) -> None:
        """Begin the section that a cell of the column of tasks names; the same one again, or its rest, goes on."""
        if task == self._section:
            return
        if rest_of_one and not _SECTION.match(task):
            before, self._section = self._section, self._section + task
            self.clauses = [
                replace(one, section=self._section) if one.section == before else one for one in self.clauses
            ]
            return
        self._section = task
        numbered = _GROUP.match(task)
        self._group = number_of(numbered[1]) if numbered else self._group + 1
        self._rows = 0

    def _name(self, row: TableRow) -> str:
        """Return the name of the next clause: group and row, or the row's own number."""
        own = "".join(self._cell(row, "number").split())
        numbered = _GROUP.match(self._section) is not None
        if own.isdecimal() and not numbered and all(clause.id != own for clause in self.clauses):
            return own
        if self._section and "text" in self._columns:
            return f"{self._group}.{self._rows}"
        return str(len(self.clauses) + 1)

    def _goes_on(self, rest: Mapping[str, str], *, turned: bool) -> bool:
        """Say whether a row is the rest of a sentence: in cells of its own, or on a page that begins with it."""
        if not self.clauses or self.clauses[-1].text.endswith(_ENDS):
            return False
        return turned or not any(value.strip() for value in rest.values())

    def _extend(self, text: str, rest: Mapping[str, str], *, turned: bool) -> None:
        """Add the rest of a row to the clause before it; a name that the page break cut is put together again."""
        if not self.clauses:
            return
        last = self.clauses[-1]
        for name, value in rest.items():
            if value.strip():
                before = self._own.get(name, "")
                self._own[name] = before + ("" if turned and is_cut(before, value) else "\n") + value
        self.clauses[-1] = replace(
            last,
            text=squeezed(last.text + joined_lines(text)),
            lead=names_in(self._own.get("lead", "")),
            responsible=names_in(self._own.get("responsible", "")),
            deadline="".join(self._own.get("deadline", "").split()) or None,
        )


def header(cells: Sequence[str]) -> dict[str, int]:
    """Return the places of the columns by what they hold; nothing where the row is no heading of such a table."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = re.sub(r"[\s*＊:：]", "", cell)
        for name, headings in COLUMNS.items():
            if name not in found and words in headings:
                found[name] = place
                break
    enough = ("text" in found or "task" in found) and len(found) > 1
    return found if enough else {}
