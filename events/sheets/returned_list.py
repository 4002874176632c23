"""A violation list that comes back with its columns of rectification filled in, read as events of the log.

The list is the sheet that `evaluate` writes (`violations.xlsx`). A row with 整改情况 and 整改完成日期 is one
`rectification.reported`; a row that only names who answers for it, or by when, is one `rectification.ordered` of the
day of the list; a row in which nothing was filled in is no event.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from events import findings
from events.problems import Problem, Text
from events.rows import Places, RowSource, is_blank
from events.values.dates import DateError, read_moment
from events.values.text import is_placeholder
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.grid import Grid
    from events.problems import Where
    from events.rows import Fields, UnitNames

ORDERED, REPORTED = "rectification.ordered", "rectification.reported"
ACCEPTED, RETURNED = "rectification.accepted", "rectification.returned"

HEADINGS = {
    "unit": Text("单位", "Unit"),
    "rectify_by": Text("整改期限", "Rectify by"),
    "person": Text("责任人", "Answerable person"),
    "rectification": Text("整改情况", "Rectification"),
    "done_on": Text("整改完成日期", "Rectified on"),
    "obligation": Text("义务编号", "Obligation"),
    "listed_on": Text("清单日期", "Listed on"),
    "set_by": Text("原定整改期限", "Rectify by, as listed"),
    "outcome": Text("整改结论", "Outcome"),
}
"""The columns of the list that are read, by their headings."""

STILL_OPEN = frozenset(
    {
        *("未整改", "长期未整改", "不能补办", "退回整改"),
        *("not rectified", "long unrectified", "cannot be made good", "returned"),
    }
)
"""What a list says of a problem for which nobody had filled in that it was rectified."""

NEEDED = frozenset({"unit", "rectification", "done_on", "obligation", "listed_on"})
"""The columns that make a sheet a violation list."""

SEARCHED = 20
"""How many rows are searched for the headings."""

_FIELDS = {
    "unit": "unit",
    "obligation": "subject",
    "rectify_by": "data.rectify_by",
    "person": "data.responsible_person",
    "rectification": "data.rectification",
}
_UNIT_PART = 2


def read_lists(grids: Sequence[Grid], names: UnitNames) -> tuple[tuple[RowSource, ...] | None, tuple[Problem, ...]]:
    """Return the filled rows of the violation lists among the sheets of a file.

    Args:
        grids: the sheets.
        names: the unit registry.

    Returns:
        The rows as events of the log, two sources a sheet; None where no sheet is a violation list. And what is wrong,
        each with its cell.
    """
    found = [(grid, head) for grid in grids if (head := _find(grid)) is not None]
    if not found:
        return None, ()
    sources: list[RowSource] = []
    problems: list[Problem] = []
    for grid, (at, columns) in found:
        sheet = _List(grid, at, columns, names)
        sources += sheet.sources()
        problems += sheet.problems
    return tuple(sources), tuple(problems)


def is_list(grid: Grid) -> bool:
    """Say whether a sheet is a violation list."""
    return _find(grid) is not None


def _says(cell: object) -> bool:
    """Say whether there is an answer in a cell; 无 and / are none."""
    return not (is_blank(cell) or (isinstance(cell, str) and is_placeholder(cell)))


def _find(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return the index of the row of headings and the column of each, from 0; None where it is no violation list."""
    labels = {fold(word): name for name, label in HEADINGS.items() for word in (label.zh, label.en)}
    for at, (_, cells) in enumerate(grid.rows[:SEARCHED]):
        columns = {labels[fold(one)]: n for n, one in enumerate(cells) if isinstance(one, str) and fold(one) in labels}
        if columns.keys() >= NEEDED:
            return at, columns
    return None


class _List:
    """One sheet that is a violation list."""

    def __init__(self, grid: Grid, at: int, columns: dict[str, int], names: UnitNames) -> None:
        self.problems: list[Problem] = []
        self._grid = grid
        self._at = at
        self._columns = columns
        self._names = names

    def sources(self) -> tuple[RowSource, RowSource]:
        """Return the reports and the orders of the sheet."""
        reports: list[tuple[int, Fields]] = []
        orders: list[tuple[int, Fields]] = []
        for number, cells in self._grid.rows[self._at + 1 :]:
            row = {name: cells[n] for name, n in self._columns.items() if n < len(cells) and _says(cells[n])}
            self._check_order(number, row)
            if "rectification" in row and "done_on" in row:
                reports.append((number, self._event(number, row, REPORTED, "done_on")))
                continue
            self._check(number, row)
            if "done_on" not in row and self._is_order(row):
                order = {name: value for name, value in row.items() if name != "rectification"}
                orders.append((number, self._event(number, order, ORDERED, "listed_on")))
        return RowSource(self._places("done_on"), reports), RowSource(self._places("listed_on"), orders)

    def _check_order(self, number: int, row: dict[str, object]) -> None:
        """Say where a rectification is older than the list that it answers; one that was carried over is not."""
        if "outcome" in row and row["outcome"] not in STILL_OPEN:
            return
        try:
            done, listed = (read_moment(row[name])[0] for name in ("done_on", "listed_on"))
        except (KeyError, DateError):
            return
        if done < listed:
            shown = done.date().isoformat()
            fact = Text(
                f"整改完成日期 {shown} 早于清单日期 {listed.date().isoformat()}",
                f"the day of rectification, {shown}, is before that of the list, {listed.date().isoformat()}",
            )
            cure = Text(
                "请核对年份和日期；清单以前已经办好的，请补登台账",
                "Check the date; what was done before belongs in the log",
            )
            where = self._cell(number, "done_on")
            self.problems.append(Problem("before-list", where, fact, cure, shown, "warning"))

    def _check(self, number: int, row: dict[str, object]) -> None:
        """Say what is missing in a row that is filled by halves."""
        if "done_on" in row:
            label = HEADINGS["rectification"]
            fact = Text(
                f"填写了整改完成日期，没有填写{label.zh}", "there is a day of rectification, but not what was done"
            )
            cure = Text("请写明做了什么", "Say what was done")
            self.problems.append(Problem("missing-value", self._cell(number, "rectification"), fact, cure))
        elif "rectification" in row:
            fact = Text(
                "填写了整改情况，没有填写整改完成日期，按尚未整改完成处理，这一格未读取",
                "it says what is being done, but no day on which it was done: it counts as not yet rectified",
            )
            cure = Text("已经整改的，请填写整改完成日期", "Where it is done, fill in the day")
            value = findings.shown(row["rectification"])
            where = self._cell(number, "done_on")
            self.problems.append(Problem("not-finished", where, fact, cure, value, "warning"))

    @staticmethod
    def _is_order(row: dict[str, object]) -> bool:
        """Say whether somebody named a person, or another day than the one the list came with."""
        return "person" in row or ("rectify_by" in row and _said(row["rectify_by"]) != _said(row.get("set_by")))

    def _event(self, number: int, row: dict[str, object], kind: str, day: str) -> Fields:
        """Return a row under the names of the log; its id is made of what it says, so that reading it again is safe."""
        self._check_unit(number, row)
        fields: Fields = {field: row[name] for name, field in _FIELDS.items() if name in row}
        if day in row:
            fields["occurred_at"] = row[day]
        unit = self._names.find(str(row.get("unit", ""))) or ""
        said = [
            kind,
            unit,
            *(_said(fields.get(name)) for name in ("subject", "occurred_at", *list(_FIELDS.values())[2:])),
        ]
        digest = hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()
        return {"id": f"rect-{digest[:16]}", "type": kind, **fields}

    def _check_unit(self, number: int, row: dict[str, object]) -> None:
        """Say where the obligation is not one of the unit: a row was sorted or pasted apart from its id."""
        obligation, unit = row.get("obligation"), self._names.find(str(row.get("unit", "")))
        if obligation is None or unit is None:
            return
        parts = str(obligation).strip().split("/")
        if len(parts) <= _UNIT_PART or parts[_UNIT_PART] != unit:
            text = findings.shown(str(obligation))
            fact = Text(
                f"义务编号“{text}”不是“{row['unit']}”的", f"the obligation {text!r} is not one of {row['unit']}"
            )
            cure = Text(
                "请从清单中原样复制这一行的义务编号", "Copy the obligation of this row from the list as it was issued"
            )
            self.problems.append(Problem("wrong-obligation", self._cell(number, "obligation"), fact, cure, text))

    def _places(self, day: str) -> Places:
        """Return where the fields stand, `occurred_at` being the column of the given day."""
        columns = {field: self._columns[name] + 1 for name, field in _FIELDS.items() if name in self._columns}
        return Places(self._grid.file, self._grid.sheet, {**columns, "occurred_at": self._columns[day] + 1})

    def _cell(self, number: int, name: str) -> Where:
        return self._grid.cell(number, self._columns[name] + 1)


def _said(value: object) -> str:
    """Return what a cell says, the same for a date however it is written."""
    if value is None:
        return ""
    try:
        moment, timed = read_moment(value)
    except DateError:
        return " ".join(str(value).split())
    return moment.isoformat() if timed else moment.date().isoformat()
