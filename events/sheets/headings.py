"""Tables with headings: which row has the headings, and which column is which field."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from events import findings
from events.grid import Grid
from events.limits import limits, over_limit
from events.mapping import IGNORE, TableMapping, rows_named
from events.problems import Problem, Text, Where, did_you_mean
from events.rows import Places, RowSource, cell_name, is_blank
from events.sheets.body import TIME_OF_DAY, Body, is_time_column
from events.sheets.captions import caption_measure, measures_in, other_money, unsaid_units
from events.sheets.heading_rows import CLOCKS, SEARCHED, HeadingRows, find_headings, is_planned
from events.sheets.layout import ColumnLayout, TableLayout
from events.sheets.stacked import tables_of
from events.values.attributes import MONEY
from events.values.measures import measure_of
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from events.grid import Row
    from events.rows import Fields
    from events.vocabulary import Vocabulary

_NEEDED = ("type", "unit", "occurred_at")
_REMARK = re.compile(r"[(\[【].*?[)\]】]|[*:]")
_REMARKED = re.compile(r"[(\[【](.*?)[)\]】]")
_ORDINAL = re.compile(
    r"^(?:\(?\d{1,2}(?:[)、.．]|(?=[^\W\d]{2}))|[①-⑳]|\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}、)"
)
"""The number of a column before its heading."""
_LONGEST = 5
"""No unit of measure has more characters."""
_WORDY = 300
"""A longer text is no heading."""
_LONG = 60
"""So many rows are looked at for headings that stand below each other."""
_HINTED = 20
"""For how many unknown columns of a table the nearest known heading is looked for."""


class Headings:
    """What the headings of tables stand for."""

    def __init__(self, vocabulary: Vocabulary, mapping: TableMapping | None = None) -> None:
        """Index every heading that is known, the caller's own ones first."""
        self._vocabulary = vocabulary
        self._mapping = mapping or TableMapping()
        self.answers = frozenset(f"data.{one.name}" for one in vocabulary.attributes.values() if one.type == "bool")
        self.figures = frozenset(
            f"data.{one.name}" for one in vocabulary.attributes.values() if one.type in {"int", "number"}
        )
        self._mapped = {
            fold(other): target.strip()
            for key, target in self._mapping.columns.items()
            for other in (key, *self._mapping.headings.get(key, ()))
        }
        self.dates = frozenset(
            [
                "occurred_at",
                "recorded_at",
                *(f"data.{one.name}" for one in vocabulary.attributes.values() if one.type == "date"),
            ]
        )
        self._ranks: dict[str, tuple[int, str]] = {}
        self._looked_up = lru_cache(maxsize=4096)(self._look_up)  # many sheets of a log have the same ones
        self._fallbacks = {fold(one): name for name, known in vocabulary.fields.items() for one in known.fallback}
        for key, target in self._mapped.items():
            self._ranks[key] = (0, self._target(target) or IGNORE)
        fields = [(name, known.label, known.synonyms) for name, known in vocabulary.fields.items()]
        attributes = [(f"data.{one.name}", one.label, one.synonyms) for one in vocabulary.attributes.values()]
        for name, label, synonyms in (*fields, *attributes):
            for rank, words in enumerate(((name, name.removeprefix("data.")), (label.zh, label.en), synonyms), 1):
                for word in words:
                    self._ranks.setdefault(fold(word), (rank, name))

    def wrong_targets(self, where: Where) -> tuple[Problem, ...]:
        """Return a problem for everything that the mapping points to and that does not exist."""
        return tuple(
            findings.bad_mapping(where, key, target, self._vocabulary.near_attribute(target))
            for key, target in self._mapped.items()
            if self._target(target) is None
        )

    @staticmethod
    def bare(heading: str) -> str:
        """Return a heading as headings are compared: folded, without a remark in brackets where it is not all of it."""
        folded = fold(heading)
        return _REMARK.sub("", folded) or folded

    def chosen_rows(self, grid: Grid) -> tuple[int, int] | None:
        """Return the rows in which the mapping says that the headings of a sheet stand."""
        chosen = self._mapping.headings_row(grid.sheet)
        return rows_named(chosen) if chosen and chosen != IGNORE else None

    def field_of(self, heading: object) -> tuple[int, str] | None:
        """Return rank and field of a heading; the lower rank is the better match. None where it is not known."""
        text = str(heading)
        return self._looked_up(text) if len(text) <= _WORDY else None

    def _look_up(self, text: str) -> tuple[int, str] | None:
        folded = fold(text)
        found = self._ranks.get(folded)
        if found is None and not is_planned(folded):
            found = self._ranks.get(_REMARK.sub("", folded))
        if found is None:
            found = self._numbered(folded)
        return (0, IGNORE) if found is None and folded in self._vocabulary.ignored else found

    def _numbered(self, folded: str) -> tuple[int, str] | None:
        """Return what a heading stands for without the number before it (`4、主题`), 实际完成日期 as 完成日期."""
        bare = _ORDINAL.sub("", folded)
        plain = _REMARK.sub("", bare).removeprefix("实际") if not is_planned(bare) else bare
        found = None if plain == folded else self._ranks.get(bare) or self._ranks.get(plain)
        if found is None and (parts := self._measured(bare)) is not None:
            found = self._ranks[parts[0]]
        return found

    def _measured(self, folded: str) -> tuple[str, str] | None:
        """Return the heading and the unit that one without brackets is made of (`数值/万人次`), None for any other."""
        for at in range(max(len(folded) - _LONGEST, 1), len(folded)):
            name, unit = folded[:at].rstrip("/,、:-"), folded[at:]
            found = self._ranks.get(name)
            if found is not None and found[1] in self.figures and measure_of(unit) is not None:
                return name, unit
        return None

    def read(
        self, grid: Grid, later: list[Problem], constants: Fields | None = None
    ) -> tuple[RowSource | None, TableLayout, tuple[Problem, ...]]:
        """Return the rows below the headings.

        Args:
            grid: the table.
            later: where to add what is worth telling of the rows, as they are taken.
            constants: values of fields where a row has none; those of the mapping without.

        Returns:
            The rows, None where there are no headings or some that every event needs are missing; what the table was
            taken for; and the problems.
        """
        table = TableLayout(grid.file, grid.sheet, hidden=grid.hidden)
        chosen = self._mapping.headings_row(grid.sheet)
        if chosen == IGNORE:
            return None, table, ()
        constants = dict(self._mapping.constants) if constants is None else constants
        at = self.find(grid)
        if at is None:
            turned = None if chosen else self._turned(grid)
            return None, table, (_turned_round(turned) if turned is not None else _no_headings(grid, chosen),)
        width = max((index for index, one in enumerate(at.cells, 1) if not is_blank(one)), default=0)
        if width > limits().columns:
            return None, table, (over_limit(grid.cell(grid.rows[at.last][0], width), "columns", width),)
        columns, problems = self._columns(grid, at, table)
        measures = self.measures(at, columns, caption_measure(grid, at.first))
        problems += unsaid_units(grid, at, columns, measures, self._vocabulary)
        number = grid.rows[at.last][0]
        table.headings = tuple(row for row, _ in grid.rows[at.first : at.last + 1])
        missing = self._missing({*columns, *constants}, grid.cell(number, 1))
        problems += missing
        if missing:
            return None, table, tuple(problems)
        places = Places(
            grid.file,
            grid.sheet,
            {name: column + 1 for name, column in columns.items()},
            measures=measures,
        )
        needed = tuple(name for name in _NEEDED if name in columns)
        written = all(one.heading == one.field for one in table.columns)
        body = Body(
            grid, at, columns, self.dates, needed, table, later, written, answers=self.answers, figures=self.figures
        )
        wide = [_too_wide(grid, row, len(at.cells)) for row, _ in _wider(grid, at)]
        source = RowSource(places, body.rows(), "id" in columns, mapping=self._mapping, constants=constants)
        return source, table, (*problems, *wide)

    def find(self, grid: Grid) -> HeadingRows | None:
        """Return the row or the rows with the headings, None where there are none."""
        return find_headings(grid, self.known, self._meant, self.chosen_rows(grid))

    def _turned(self, grid: Grid) -> Where | None:
        """Return the place of the first heading of a table whose headings stand below each other; None for others."""
        for column in range(2):
            down = [(row, cells[column]) for row, cells in grid.rows[:_LONG] if column < len(cells)]
            known = [(row, cell) for row, cell in down if isinstance(cell, str) and self.known([cell])]
            if self.known([cell for _, cell in known]) >= len(_NEEDED):
                return grid.cell(known[0][0], column + 1)
        return None

    def tables(self, grid: Grid) -> list[Grid]:
        """Return the tables of a sheet that has several one above the other; those of a mapping are not looked for."""
        if self._mapping.headings_row(grid.sheet) is not None:
            return [grid]
        return tables_of(grid, self.known, self._meant)

    def measures(self, at: HeadingRows, columns: Mapping[str, int], above: str) -> dict[str, str]:
        """Return the unit of measure of each column of figures: that of its heading, else that above the table."""
        measures = {}
        for name in self.figures & columns.keys():
            attribute = self._vocabulary.attributes[name.removeprefix("data.")]
            heading = fold(str(at.cells[columns[name]]))
            remarks = _REMARKED.findall(heading)
            stated = next((one[0] for one in map(measures_in, remarks) if len(one) == 1), "")
            if not stated and (attribute.per or attribute.name in MONEY):
                stated = next(filter(None, map(other_money, remarks)), "")
            parts = None if stated or heading in self._ranks else self._measured(_ORDINAL.sub("", heading))
            stated = stated or (parts[1] if parts is not None else "")
            if stated or (above and (attribute.measured_by or attribute.per)):
                measures[name] = stated or above
        return measures

    def read_names(self, names: Sequence[str], file: str) -> tuple[dict[str, str] | None, tuple[Problem, ...]]:
        """Return the field of each column of a file whose columns have names of their own.

        Args:
            names: the names, each one once.
            file: the name that problems show.

        Returns:
            The field by name, None where some that every event needs are missing; and the problems.
        """
        at = HeadingRows(names, 0, 0)
        columns, problems = self._columns(Grid(file, None, [(1, names)]), at, TableLayout(file, None))
        missing = self._missing({*columns, *self._mapping.constants}, Where(file))
        fields = {names[column]: field for field, column in columns.items()}
        return (None if missing else fields), tuple(replace(one, where=Where(file)) for one in [*problems, *missing])

    def rename(self, fields: Fields) -> Fields:
        """Return fields under the names that the mapping gives them, without those that it ignores."""
        renamed = {self._target(self._mapped.get(fold(name), "")) or name: value for name, value in fields.items()}
        renamed.pop(IGNORE, None)
        return renamed

    def known(self, cells: Sequence[object]) -> int:
        """Return how many fields the headings among some cells stand for."""
        found = {match[1] for one in cells if isinstance(one, str) and one.strip() and (match := self.field_of(one))}
        return len(found - {IGNORE})

    def _columns(self, grid: Grid, at: HeadingRows, table: TableLayout) -> tuple[dict[str, int], list[Problem]]:
        """Return the column of each field, and what is wrong with the headings."""
        chosen: dict[str, tuple[int, int]] = {}
        problems: list[Problem] = []
        found = [(column, str(one), self.field_of(one)) for column, one in enumerate(at.cells) if not is_blank(one)]
        self._split_time(grid, at, found)
        self._split_measure(grid, at, found)
        unknown = 0
        for column, heading, match in sorted(found, key=lambda one: (one[2] or (9, ""))[0]):
            where = grid.cell(at.row_of(grid, column), column + 1)
            if match is None and is_planned(fold(heading)):
                problems.append(_planned(where, heading))
            elif match is None:
                unknown += 1
                problems.append(
                    findings.unknown_column(where, heading, self._near(heading) if unknown <= _HINTED else ())
                )
            elif match[1] != IGNORE and match[1] in chosen:
                problem = findings.duplicate_column(where, heading, findings.field_label(self._vocabulary, match[1]))
                same = chosen[match[1]][0] == match[0]
                problems.append(problem if same else replace(problem, severity="warning"))
            elif match[1] != IGNORE:
                chosen[match[1]] = (match[0], column)
        self._fall_back(found, chosen)
        fields = {column: name for name, (_, column) in chosen.items()}
        table.columns = tuple(
            ColumnLayout(
                cell_name(at.row_of(grid, column), column + 1) if grid.sheet is not None else str(column + 1),
                heading,
                fields.get(column, IGNORE if match == (0, IGNORE) else None),
            )
            for column, heading, match in found
        )
        return {name: column for name, (_, column) in chosen.items()}, problems

    def _split_time(self, grid: Grid, at: HeadingRows, found: list[tuple[int, str, tuple[int, str] | None]]) -> None:
        """Let 时间 beside 日期 be the time of its day, where that is what stands below it."""
        dates = [index for index, (_, _, match) in enumerate(found) if match is not None and match[1] == "occurred_at"]
        clocks = [index for index in dates if fold(found[index][1]) in CLOCKS]
        clocks += [index for index, one in enumerate(found) if one[2] is None and fold(one[1]) in CLOCKS]
        if len(clocks) == 1 and set(dates) - set(clocks) and is_time_column(grid, at.last, found[clocks[0]][0]):
            column, heading, _ = found[clocks[0]]
            found[clocks[0]] = (column, heading, (1, TIME_OF_DAY))

    def _split_measure(self, grid: Grid, at: HeadingRows, found: list[tuple[int, str, tuple[int, str] | None]]) -> None:
        """Let 单位 beside 责任单位 be the unit of measure, where units of measure are what stands below it."""
        units = [index for index, (_, _, match) in enumerate(found) if match is not None and match[1] == "unit"]
        for index in units if len(units) > 1 else ():
            column, heading, _ = found[index]
            below = [cells[column] for _, cells in grid.rows[at.last + 1 :] if column < len(cells)]
            texts = [str(one) for one in below if not is_blank(one)]
            if texts and all(measure_of(one) is not None for one in texts):
                found[index] = (column, heading, (1, "data.unit_of_measure"))

    def _meant(self, heading: object) -> bool:
        """Say whether a heading is known."""
        return self.field_of(heading) is not None

    def _fall_back(
        self, found: list[tuple[int, str, tuple[int, str] | None]], chosen: dict[str, tuple[int, int]]
    ) -> None:
        """Let a column such as 文号 be the subject where no other one is."""
        for column, heading, match in found:
            name = self._fallbacks.get(fold(heading))
            if name is not None and name not in chosen and match is not None and match[0]:
                chosen.pop(match[1], None)
                chosen[name] = (9, column)

    def _target(self, target: str) -> str | None:
        """Return the field that a mapping names, `ignore`, or None."""
        if target == IGNORE or target in self._vocabulary.fields:
            return target
        attribute = self._vocabulary.find_attribute(target)
        return None if attribute is None else f"data.{attribute}"

    def _near(self, heading: str) -> tuple[str, ...]:
        words = [
            word for known in self._vocabulary.fields.values() for word in (known.name, known.label.zh, *known.synonyms)
        ]
        words += [word for one in self._vocabulary.attributes.values() for word in (f"data.{one.name}", one.label.zh)]
        return did_you_mean(heading, words)

    def _missing(self, given: Collection[str], where: Where) -> list[Problem]:
        """Return a problem for each column that every event needs and that neither table nor mapping has."""
        fields = [self._vocabulary.fields[name] for name in _NEEDED if name not in given]
        return [
            findings.missing_column(where, one.label, (one.name, one.label.zh, *one.synonyms[:3])) for one in fields
        ]


def _planned(where: Where, heading: str) -> Problem:
    text = findings.shown(heading)
    fact = Text(
        f"列“{text}”写的是计划或者要求，不是已经发生的事，没有读取",
        f"the column {text!r} says what is planned or asked for, not what happened, and is not read",
    )
    cure = Text("请增加一列实际发生的，例如 会议日期", "Add a column for what happened, such as 会议日期")
    return Problem("planned-column", where, fact, cure, text, "warning")


def _wider(grid: Grid, at: HeadingRows) -> list[Row]:
    """Return the rows with something beyond the last heading."""
    width = len(at.cells)
    return [
        (number, cells)
        for number, cells in grid.rows[at.last + 1 :]
        if len(cells) > width and not all(is_blank(one) for one in cells[width:])
    ]


def _too_wide(grid: Grid, row: int, width: int) -> Problem:
    fact = Text(f"这一行多于 {width} 列", f"the row has more than {width} cells")
    cure = Text("含有逗号的内容请加双引号", "Put text with commas in double quotes")
    return findings.simple("too-many-cells", grid.cell(row, width + 1), fact, cure)


def _turned_round(where: Where) -> Problem:
    fact = Text(
        "列名写在一列里，一件事是一列，不是一行", "the headings stand below each other: an event is a column, not a row"
    )
    cure = Text(
        "请转置后再报：复制整张表，选择性粘贴，勾选“转置”", "Turn it: copy it all, paste special, and tick transpose"
    )
    return findings.simple("no-headings", where, fact, cure)


def _no_headings(grid: Grid, chosen: str | None) -> Problem:
    if chosen:
        fact = Text(
            f"对应表说列名在第 {chosen} 行，那里没有内容",
            f"the mapping has the headings in row {chosen}, where nothing is",
        )
        cure = Text("请改正对应表的 sheets", "Put the mapping's sheets right")
        return findings.simple("no-headings", grid.top(), fact, cure, chosen)
    fact = Text(f"前 {SEARCHED} 行里没有找到列名", f"there are no headings in the first {SEARCHED} rows")
    cure = Text(
        "请加上一行列名，例如 编号、类型、单位、主题、发生日期",
        "Add a row of headings: id, type, unit, subject, occurred_at",
    )
    return findings.simple("no-headings", grid.top(), fact, cure)
