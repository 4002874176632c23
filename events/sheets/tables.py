"""The tables of a file become rows: each sheet by its own headings, by a mapping, or as a register that is known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from events.mapping import IGNORE, TableMapping, choose
from events.problems import Problem, Text, Where
from events.rows import is_blank
from events.sheets.captions import caption_unit, contradicts, named_unit, planned_title, sheet_contradicts, sheet_unit
from events.sheets.heading_rows import SEARCHED
from events.sheets.headings import Headings
from events.sheets.returned_list import is_list, read_lists
from events.sheets.skipped import HELP, hidden_problems, unread_hidden
from events.sheets.wide import find_wide
from events.values.measures import half_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.grid import Grid, Row
    from events.rows import Fields, RowSource, UnitNames
    from events.sheets.layout import TableLayout
    from events.sheets.wide import WideTable
    from events.vocabulary import Vocabulary

OF_A_LIST = frozenset({"汇总", "整改台账", "说明", "Summary", "Rectification", "Notes", "About"})
"""The sheets beside the list in the workbook that `evaluate` writes."""

_PARTS = ((re.compile("年(?:份|度)?"), "年"), (re.compile("月份?"), "月"), (re.compile("[日号]"), "日"))
_NUMBER = re.compile(r"(\d{1,4})(?:\.0+)?\s*(?:年度?|月份?|[日号])?", re.ASCII)
_DATE = "发生日期"

Found = tuple[list["RowSource"], "TableLayout", tuple[Problem, ...]]


class Tables:
    """The tables of files as they are read.

    Attributes:
        understood: what each table was taken for.
        kept: the tables themselves, where somebody wants them (None for nobody).
    """

    def __init__(self, vocabulary: Vocabulary, names: UnitNames, mappings: Sequence[TableMapping]) -> None:
        """Start with nothing read."""
        self.understood: list[TableLayout] = []
        self._vocabulary = vocabulary
        self._names = names
        self._mappings = mappings
        self._headings: dict[int | None, Headings] = {}
        self.kept: list[Grid] | None = None
        self._given: dict[str, str] = {}
        self._headed: list[tuple[Grid, TableLayout]] = []

    @cached_property
    def _layouts(self) -> list[tuple[TableMapping, Headings]]:
        """The usual registers, each with its headings; logs of lines do without."""
        from events.layouts import load_layouts  # noqa: PLC0415

        return [(one, Headings(self._vocabulary, one)) for one in load_layouts()]

    def headings_of(self, mapping: TableMapping | None) -> Headings:
        """Return what headings stand for under a mapping."""
        key = None if mapping is None else id(mapping)
        if key not in self._headings:
            self._headings[key] = Headings(self._vocabulary, mapping)
        return self._headings[key]

    def mapping_for(self, file: str, sheet: str | None = None, cells: Sequence[object] = ()) -> TableMapping | None:
        """Return the mapping for a table, or for a file without tables."""
        return choose(self._mappings, file, sheet, cells)

    def read(self, grids: Sequence[Grid], problems: list[Problem]) -> Sequence[RowSource]:
        """Return the rows of all tables of a file; sheets without headings are passed over where another has some.

        Args:
            grids: the tables.
            problems: where to add what is wrong, also as the rows are taken.
        """
        if self.kept is not None:
            self.kept += grids
        lists, wrong = read_lists(grids, self._names)
        problems += wrong
        if lists is not None:
            added = [one for one in grids if not is_list(one) and one.sheet not in OF_A_LIST]
            return [*lists, *(self._read(added, problems) if added else ())]
        return self._read(grids, problems)

    def _read(self, grids: Sequence[Grid], problems: list[Problem]) -> Sequence[RowSource]:
        """Return the rows of tables that are no violation lists."""
        grids = [part for grid in grids for table in self._apart(self._dated(grid)) for part in self._by_unit(table)]
        results = [self._table(grid, problems) for grid in grids]
        sources = [source for found, _, _ in results for source in found]
        for (found, table, told), grid in zip(results, grids, strict=True):
            self.understood.append(table)
            if not found and grid.hidden:
                problems += unread_hidden(grid)
                continue
            for problem in told:
                side = problem.code == "no-headings" and not found and len(grids) > 1 and bool(sources)
                if not (side and grid.sheet in HELP):
                    problems.append(_as_warning(problem) if side else problem)
            if found:
                self._headed.append((grid, table))
                problems += hidden_problems(grid)
        return sources

    def without_entries(self) -> list[Problem]:
        """Return a warning for each table read since the last time, and taken, that has headings and nothing below."""
        headed, self._headed = self._headed, []
        return [_no_entries(grid, table) for grid, table in headed if not table.rows and not _to_fill_in(table)]

    def _dated(self, grid: Grid) -> Grid:
        """Return a table with the days that stand in three columns as dates; that of a mapping as it is."""
        cells = [cell for _, row in grid.rows[:SEARCHED] for cell in row]
        mapping = self.mapping_for(grid.file, grid.sheet, cells)
        return grid if mapping is not None else _with_days(grid, self.headings_of(None).field_of)

    def _apart(self, grid: Grid) -> list[Grid]:
        """Return the tables of a sheet that has several one above the other."""
        cells = [cell for _, row in grid.rows[:SEARCHED] for cell in row]
        return self.headings_of(self.mapping_for(grid.file, grid.sheet, cells)).tables(grid)

    def _by_unit(self, grid: Grid) -> list[Grid]:
        """Return the parts of a table without a column of units: one below each row that names a unit and no more."""
        headings = self.headings_of(self.mapping_for(grid.file, grid.sheet))
        at = headings.find(grid)
        if at is None or any((found := headings.field_of(one)) and found[1] == "unit" for one in at.cells):
            return [grid]
        known = caption_unit(grid, at.first, self._names) or sheet_unit(grid, self._names)
        below = range(at.last + 1, len(grid.rows))
        cuts = [index for index in below if self._names_unit(grid.rows[index][1])] if known else []
        parts = [
            replace(grid, rows=[grid.rows[first], *grid.rows[at.first : at.last + 1], *grid.rows[first + 1 : end]])
            for first, end in pairwise([*cuts, len(grid.rows)])
            if end > first + 1
        ]
        return [replace(grid, rows=grid.rows[: cuts[0]]), *parts] if parts else [grid]

    def _names_unit(self, cells: Sequence[object]) -> bool:
        """Say whether a row has nothing but the name of a unit that the registry knows."""
        filled = [one for one in cells if not is_blank(one)]
        if not filled or not all(isinstance(one, str) and one == filled[0] for one in filled):
            return False
        text = unicodedata.normalize("NFKC", str(filled[0])).strip()
        return any(self._names.find(one) is not None for one in (text, named_unit(text, self._names)) if one)

    def _table(self, grid: Grid, later: list[Problem]) -> Found:
        """Return the rows of one table, what it was taken for, and what is wrong."""
        cells = [cell for _, row in grid.rows[:SEARCHED] for cell in row]
        mapping = self.mapping_for(grid.file, grid.sheet, cells)
        headings = self.headings_of(mapping)
        if mapping is not None and mapping.headings_row(grid.sheet) == IGNORE:
            source, table, told = headings.read(grid, later)
            return [] if source is None else [source], table, told
        wide = self._wide(grid, mapping, headings)
        at = wide.at if wide is not None else headings.find(grid)
        constants, wrong = self._constants(grid, mapping, cells, at.first if at is not None else 0)
        if wide is not None:
            sources, table, told = wide.sources(later, constants)
            return sources, table, (*wrong, *told)
        source, table, told = headings.read(grid, later, constants)
        planned = planned_title(grid, at.first) if source is not None and at is not None else []
        return [] if source is None else [source], table, (*wrong, *planned, *told)

    def _wide(self, grid: Grid, mapping: TableMapping | None, headings: Headings) -> WideTable | None:
        """Return the table as a register with one row a matter, None where it is none."""
        if mapping is not None and mapping.events:
            return find_wide(grid, mapping, headings, self._vocabulary)
        at = headings.find(grid)
        known = {found[1] for cell in at.cells if (found := headings.field_of(cell)) is not None} if at else set()
        if "type" in known or (mapping is not None and "type" in mapping.constants):
            return None
        tried = (find_wide(grid, layout, own, self._vocabulary) for layout, own in self._layouts)
        return next((one for one in tried if one is not None), None)

    def _constants(
        self, grid: Grid, mapping: TableMapping | None, cells: Sequence[object], first: int
    ) -> tuple[Fields, list[Problem]]:
        """Return what holds for all rows of a table: the mapping's constants, and the unit that it names above."""
        constants: Fields = dict(mapping.constants) if mapping is not None else {}
        caption = caption_unit(grid, first, self._names)
        wrong = [] if mapping is None else self._unit_problems(grid, mapping, cells, caption)
        if wrong:
            constants.pop("unit", None)
        sheet = sheet_unit(grid, self._names)
        if caption is not None:
            constants["unit"] = caption[1]
            if sheet is not None and self._names.find(caption[1]) not in {self._names.find(sheet), None}:
                wrong.append(sheet_contradicts(caption[0], caption[1], sheet))
        elif sheet is not None:
            constant = str(constants.setdefault("unit", sheet))
            if mapping is not None and self._names.find(constant) not in {self._names.find(sheet), None}:
                wrong.append(contradicts(grid.top(), sheet, mapping.source, constant))
        return constants, wrong

    def _unit_problems(
        self, grid: Grid, mapping: TableMapping, cells: Sequence[object], caption: tuple[Where, str] | None
    ) -> list[Problem]:
        """Return why the unit that a mapping has for all rows is not that of a table."""
        unit = mapping.constants.get("unit")
        if unit is None:
            return []
        if caption is not None:
            own, other = self._names.find(caption[1]), self._names.find(unit)
            same = own == other or own is None or other is None
            return [] if same else [contradicts(caption[0], caption[1], mapping.source, unit)]
        if mapping.files:
            return []
        file = self._given.setdefault(mapping.source, grid.file)
        fits = mapping.fits(cells) or not (mapping.columns or mapping.events)
        if fits and file == grid.file:
            return []
        if not fits and file == grid.file:
            del self._given[mapping.source]
        return [_not_its_own(grid, mapping, unit, None if file == grid.file else file)]


def _not_its_own(grid: Grid, mapping: TableMapping, unit: str, other: str | None) -> Problem:
    """Return the problem of a mapping whose unit is not said to be that of a table."""
    why = (
        Text("这张表没有对应表所说的列", "the table has none of its columns")
        if other is None
        else Text(f"它已经用于{other}", f"it was used for {other}")
    )
    fact = Text(
        f"对应表（{mapping.source}）的 constants 写着单位“{unit}”，没有用于这张表：{why.zh}",
        f"the mapping ({mapping.source}) has the unit {unit!r} under constants, which is not used here: {why.en}",
    )
    cure = Text(
        "请在表里填写单位，或者在对应表里用 files 写明它是哪些文件的",
        "Fill in the unit, or say under files which files the mapping is for",
    )
    return Problem("mapping-of-another-file", grid.top(), fact, cure, unit, "warning")


def _to_fill_in(table: TableLayout) -> bool:
    """Say whether a table is a self-check of which nothing was filled in yet."""
    return any(why == "undone" for _, why in table.passed)


def _no_entries(grid: Grid, table: TableLayout) -> Problem:
    where = grid.cell(table.headings[-1], 1)
    fact = Text("只有列名，没有一条记录", "there are headings and no entry below them")
    cure = Text(
        "确实没有的不用处理；有的请填写后再报",
        "Leave it if there is nothing to enter; else fill it in and send it again",
    )
    return Problem("no-entries", where, fact, cure, None, "warning")


def _as_warning(problem: Problem) -> Problem:
    return Problem(problem.code, problem.where, problem.fact, problem.cure, problem.value, "warning")


def _with_days(grid: Grid, field_of: Callable[[object], tuple[int, str] | None]) -> Grid:
    """Return a table whose columns 年, 月 and 日 are one column of dates; itself where it has no such columns.

    The date stands in the first of the three, under the heading above them (会议日期), else as the day of the event.

    Args:
        grid: the table.
        field_of: rank and field of a heading.
    """
    for index, (_, cells) in enumerate(grid.rows[:SEARCHED]):
        for column in range(len(cells) - 2):
            if all(_is_part(cells[column + at], part) for at, (part, _) in enumerate(_PARTS)):
                heading = _heading(grid.rows, index, column, field_of)
                return replace(grid, rows=_joined(grid.rows, index, column, heading)) if heading else grid
    return grid


def _is_part(cell: object, part: re.Pattern[str]) -> bool:
    return isinstance(cell, str) and part.fullmatch("".join(half_width(cell).split())) is not None


def _heading(rows: Sequence[Row], index: int, column: int, field_of: Callable[[object], tuple[int, str] | None]) -> str:
    """Return the heading of the date: the one above; 发生日期 where none is and no other column has it; else blank."""
    above = rows[index - 1][1] if index else ()
    group = above[column] if column < len(above) else ""
    if isinstance(group, str) and not is_blank(group) and field_of(group) is not None:
        return group
    others = [one for at, one in enumerate(rows[index][1]) if not column <= at <= column + 2]
    fields = {found[1] for one in others if isinstance(one, str) and (found := field_of(one)) is not None}
    return "" if "occurred_at" in fields or not fields else _DATE


def _joined(rows: Sequence[Row], index: int, column: int, heading: str) -> list[Row]:
    """Return the rows with one date for each three cells."""
    found: list[Row] = list(rows[:index])
    own = rows[index][1]
    if index and column < len(rows[index - 1][1]) and rows[index - 1][1][column] == heading:
        number, cells = rows[index - 1]
        spanned = ["" if one == heading else one for one in cells[column + 1 : column + 3]]
        found[-1] = (number, [*cells[: column + 1], *spanned, *cells[column + 3 :]])
        if all(is_blank(one) for at, one in enumerate(own) if not column <= at <= column + 2):
            heading = ""
    for at, (number, cells) in enumerate(rows[index:]):
        parts = list(cells[column : column + 3])
        date = heading if not at or parts == list(own[column : column + 3]) else _joined_date(parts)
        found.append((number, [*cells[:column], date, *("" for _ in parts[1:]), *cells[column + 3 :]]))
    return found


def _joined_date(parts: Sequence[object]) -> object:
    """Return the date of three cells; what is missing or no number is left as it is, to be told as a date would be."""
    filled = [(one, sign) for one, (_, sign) in zip(parts, _PARTS, strict=False) if not is_blank(one)]
    if len(filled) == 1 and filled[0][1] == "年":
        return filled[0][0]  # a caption or a remark that begins in this column
    numbers = [_NUMBER.fullmatch(half_width(str(one)).strip()) for one, _ in filled]
    texts = [
        str(one).strip() if number is None else number[1] for (one, _), number in zip(filled, numbers, strict=True)
    ]
    return "".join(f"{text}{sign}" for text, (_, sign) in zip(texts, filled, strict=True))
