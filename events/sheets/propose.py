"""A mapping proposed from the headings and values of tables, for a person to finish."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from events.mapping import IGNORE
from events.rows import is_blank
from events.sheets.captions import caption_unit
from events.sheets.heading_rows import SEARCHED, HeadingRows
from events.sheets.headings import Headings
from events.values.dates import DateError, read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.grid import Grid
    from events.rows import UnitNames
    from events.vocabulary import Vocabulary

_PLAIN = re.compile(r"[\u4e00-\u9fff（）A-Za-z_][\u4e00-\u9fff（）A-Za-z0-9_.（）-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_MOST = 0.5
"""Which share of a column's cells has to be dates, units or types for it to be taken as such a column."""
_LISTED = 60
_CHECK = "请核对"
_NO_NAME = re.compile(r"[:：]$|^\d|^同上$")
"""What stands in a column of names and is none: signatures, totals, 同上."""


def propose(grids: Sequence[Grid], vocabulary: Vocabulary, names: UnitNames) -> str:
    """Return a mapping in YAML for the tables of a file; what a person has to decide is marked in remarks.

    Args:
        grids: the tables; those without headings are passed over.
        vocabulary: the words of the log.
        names: the unit registry.
    """
    tables = [found for grid in grids if (found := _table(grid, vocabulary, names)) is not None]
    file = PurePath(grids[0].file).name if grids else ""
    lines = [f"# {file} 的对应表，请核对后使用：--mapping 本文件", f"files: [{_word(file)}]"]
    if not tables:
        return "\n".join([*lines, "# 没有找到像列名的一行", ""])
    columns = {heading: said for table in tables for heading, said in table.columns().items()}
    parts = {
        "columns": columns,
        "types": {one: said for table in tables for one, said in table.types().items()},
        "units": {one: said for table in tables for one, said in table.units().items()},
        "sheets": {table.grid.sheet: str(table.row) for table in tables if table.grid.sheet and not table.found},
    }
    for name, entries in parts.items():
        if entries:
            lines += [f"{name}:", *(f"  {_word(str(key))}: {said}" for key, said in entries.items())]
    return "\n".join([*lines, *_constants(tables, columns), ""])


class _Table:
    """One table: its headings, and what each column seems to be."""

    def __init__(self, grid: Grid, at: HeadingRows, vocabulary: Vocabulary, names: UnitNames, *, found: bool) -> None:
        self.grid = grid
        self.at = at
        self.found = found
        self.row = grid.rows[at.last][0]
        self._vocabulary = vocabulary
        self.names = names
        headings = Headings(vocabulary)
        self.fields: dict[int, str] = {}
        for column, cell in enumerate(at.cells):
            match = None if is_blank(cell) else headings.field_of(cell)
            if match is not None and (match[1] == IGNORE or match[1] not in self.fields.values()):
                self.fields[column] = match[1]
        self._guess("occurred_at", _is_date)
        self._guess("unit", lambda value: names.find(str(value)) is not None)
        self._guess("type", lambda value: isinstance(value, str) and bool(self._type_like(value)))
        self._guess_subject()

    def columns(self) -> dict[str, str]:
        """Return what is said of each heading."""
        said = {}
        for column, cell in enumerate(self.at.cells):
            if is_blank(cell):
                continue
            field = self.fields.get(column)
            near = self._vocabulary.near_attribute(str(cell)) if field is None else ()
            hint = f"是不是 {'、'.join(near)}？" if near else "不读取；要读取的写字段名"
            said[str(cell).strip()] = field if field is not None else f"{IGNORE}    # {hint}"
        return said

    def types(self) -> dict[str, str]:
        """Return the event type that each value of the column of types may mean, where it is none itself."""
        known = self._vocabulary.find_type
        return self._meant("type", lambda text: known(text) is not None, self._type_like)

    def units(self) -> dict[str, str]:
        """Return the unit that each value of the column of units may mean, where it is none itself."""
        return self._meant("unit", lambda text: self.names.find(text) is not None, self.names.near)

    def values(self, field: str) -> list[object]:
        """Return what stands below the heading of a field."""
        column = next((at for at, name in self.fields.items() if name == field), None)
        return [] if column is None else self._below(column)

    def _below(self, column: int) -> list[object]:
        rows = self.grid.rows[self.at.last + 1 :]
        return [cells[column] for _, cells in rows if column < len(cells) and not is_blank(cells[column])]

    def _guess_subject(self) -> None:
        """Take a column as the subject whose heading has a word for it, such as 文件名称或文号; 文号 before others."""
        known = self._vocabulary.fields["subject"]
        for word in (*known.fallback, *known.synonyms):
            for column, cell in enumerate(self.at.cells):
                taken = column in self.fields or "subject" in self.fields.values()
                if not taken and len(word) > 1 and not is_blank(cell) and word in str(cell):
                    self.fields[column] = "subject"

    def _guess(self, field: str, fits: Callable[[object], bool]) -> None:
        """Take the column whose cells fit best as a field that no heading stands for."""
        if field in self.fields.values():
            return
        shares: dict[int, float] = {}
        for column, cell in enumerate(self.at.cells):
            values = [] if column in self.fields or is_blank(cell) else self._below(column)
            if values:
                shares[column] = sum(map(fits, values)) / len(values)
        best = max(shares, key=lambda column: shares[column], default=None)
        if best is not None and shares[best] >= _MOST:
            self.fields[best] = field

    def _type_like(self, text: str) -> tuple[str, ...]:
        """Return the event types that a text may mean: by its name, or because one is in the other."""
        found = self._vocabulary.find_type(text)
        if found is not None:
            return (self._vocabulary.label_of(found).zh,)
        inside = [
            kind.label.zh
            for kind in self._vocabulary.types.values()
            for word in (kind.label.zh, *kind.synonyms)
            if len(text) > 1 and (text in word or word in text)
        ]
        return tuple(dict.fromkeys(inside)) or self._vocabulary.near_type(text)

    def _meant(
        self, field: str, known: Callable[[str], bool], near: Callable[[str], tuple[str, ...]]
    ) -> dict[str, str]:
        said = {}
        texts = dict.fromkeys(str(one).strip() for one in self.values(field) if isinstance(one, str))
        for text in list(texts)[:_LISTED]:
            if not known(text) and _NO_NAME.search(text) is None:
                others = near(text)
                more = f"，或者 {'、'.join(others[1:3])}" if len(others) > 1 else ""
                said[text] = f"{others[0]}    # {_CHECK}{more}" if others else f"{IGNORE}    # 不读取；要读取的写名称"
        return said


def _table(grid: Grid, vocabulary: Vocabulary, names: UnitNames) -> _Table | None:
    """Return a table with its headings: the row that is known, else the one with the most texts."""
    texts = [sum(isinstance(one, str) and not is_blank(one) for one in cells) for _, cells in grid.rows[:SEARCHED]]
    most = max(texts, default=0)
    at = Headings(vocabulary).find(grid)
    if at is not None and 2 * len([one for one in at.cells if not is_blank(one)]) >= most:
        return _Table(grid, at, vocabulary, names, found=True)
    if most < 2:  # noqa: PLR2004 (one text is a title)
        return None
    index = texts.index(most)
    return _Table(grid, HeadingRows(grid.rows[index][1], index, index), vocabulary, names, found=False)


def _constants(tables: Sequence[_Table], columns: dict[str, str]) -> list[str]:
    """Return the lines of what is the same in all rows, as far as it is known."""
    lines = []
    if not any(said == "unit" for said in columns.values()):
        table = tables[0]
        caption = caption_unit(table.grid, table.at.first, table.names)
        if caption is None:
            unit = PurePath(table.grid.file).stem
            known = table.names.find(unit) is not None
            lines.append(f"  unit: {_word(unit)}" if known else "  # unit: 县民政局    表里没有单位，请写明")
    if not any(said == "type" for said in columns.values()):
        lines.append("  # type: 业务培训    表里没有类型，请写明；一行有几个日期的，见说明“登记簿”")
    return (
        ["constants:" if any(not one.startswith("  #") for one in lines) else "# constants:", *lines] if lines else []
    )


def _is_date(value: object) -> bool:
    try:
        read_moment(value)
    except DateError:
        return False
    return True


def _word(text: str) -> str:
    """Return a text as YAML has it."""
    plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
