"""Tables with headings: which row has the headings, and which column is which field."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from events import findings
from events.problems import Problem, Text, Where, did_you_mean
from events.rows import Places, RowSource, cell_name, is_blank
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.rows import Fields
    from events.vocabulary import Vocabulary

SEARCHED = 20
"""How many rows are searched for the headings; titles and notes may stand above them."""

IGNORE = "ignore"
_LEAST = 2
_NEEDED = ("type", "unit", "occurred_at")
_REMARK = re.compile(r"[(\[【].*?[)\]】]|[*:]")

Row = tuple[int, "Sequence[object]"]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a CSV file or a sheet.

    Attributes:
        file: the file.
        sheet: the sheet, or None of a CSV file.
        rows: line or row number, and the cells.
    """

    file: str
    sheet: str | None
    rows: Sequence[Row]

    def cell(self, row: int, column: int) -> Where:
        """Return the place of a cell; both numbers count from 1."""
        if self.sheet is None:
            return Where(self.file, row, column)
        return Where(self.file, sheet=self.sheet, cell=cell_name(row, column))

    def top(self) -> Where:
        """Return the place of the whole."""
        return Where(self.file, 1) if self.sheet is None else Where(self.file, sheet=self.sheet)


class Headings:
    """What the headings of tables stand for."""

    def __init__(self, vocabulary: Vocabulary, mapping: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Index every heading that is known, the caller's own ones first."""
        self._vocabulary = vocabulary
        self._mapped = {fold(key): target.strip() for key, target in (mapping or {}).get("columns", {}).items()}
        self._constants = {key.strip() for key in (mapping or {}).get("constants", {})}
        self._ranks: dict[str, tuple[int, str]] = {}
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

    def field_of(self, heading: object) -> tuple[int, str] | None:
        """Return rank and field of a heading; the lower rank is the better match. None where it is not known."""
        folded = fold(str(heading))
        found = self._ranks.get(folded) or self._ranks.get(_REMARK.sub("", folded))
        return (0, IGNORE) if found is None and folded in self._vocabulary.ignored else found

    def read(self, grid: Grid) -> tuple[RowSource | None, tuple[Problem, ...]]:
        """Return the rows below the headings.

        Args:
            grid: the table.

        Returns:
            The rows, None where there are no headings or some that every event needs are missing; and the problems.
        """
        at = self._find(grid)
        if at is None:
            return None, (_no_headings(grid),)
        columns, problems = self._columns(grid, at)
        number, cells = grid.rows[at]
        missing = self._missing(columns, grid.cell(number, 1))
        problems += missing
        if missing:
            return None, tuple(problems)
        places = Places(grid.file, grid.sheet, {name: column + 1 for name, column in columns.items()})
        rows = _rows(grid, at, columns)
        wide = [_too_wide(grid, row, len(cells)) for row, _ in _wider(grid, at)]
        return RowSource(places, rows, has_ids="id" in columns), (*problems, *wide)

    def read_names(self, names: Sequence[str], file: str) -> tuple[dict[str, str] | None, tuple[Problem, ...]]:
        """Return the field of each column of a file whose columns have names of their own.

        Args:
            names: the names, each one once.
            file: the name that problems show.

        Returns:
            The field by name, None where some that every event needs are missing; and the problems.
        """
        columns, problems = self._columns(Grid(file, None, [(1, names)]), 0)
        missing = self._missing(columns, Where(file))
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

    def _find(self, grid: Grid) -> int | None:
        """Return the index of the row with the most headings that are known."""
        counts = [self.known(cells) for _, cells in grid.rows[:SEARCHED]]
        most = max(counts, default=0)
        return counts.index(most) if most >= _LEAST else None

    def _columns(self, grid: Grid, at: int) -> tuple[dict[str, int], list[Problem]]:
        """Return the column of each field, and what is wrong with the headings."""
        number, cells = grid.rows[at]
        chosen: dict[str, tuple[int, int]] = {}
        problems: list[Problem] = []
        found = [(column, str(one), self.field_of(one)) for column, one in enumerate(cells) if not is_blank(one)]
        for column, heading, match in sorted(found, key=lambda one: (one[2] or (9, ""))[0]):
            where = grid.cell(number, column + 1)
            if match is None:
                problems.append(findings.unknown_column(where, heading, self._near(heading)))
            elif match[1] != IGNORE and match[1] in chosen:
                problem = findings.duplicate_column(where, heading, findings.field_label(self._vocabulary, match[1]))
                same = chosen[match[1]][0] == match[0]
                problems.append(problem if same else replace(problem, severity="warning"))
            elif match[1] != IGNORE:
                chosen[match[1]] = (match[0], column)
        self._fall_back(found, chosen)
        return {name: column for name, (_, column) in chosen.items()}, problems

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

    def _missing(self, columns: Mapping[str, int], where: Where) -> list[Problem]:
        """Return a problem for each column that every event needs and that neither table nor mapping has."""
        fields = [self._vocabulary.fields[name] for name in _NEEDED if name not in {*columns, *self._constants}]
        return [
            findings.missing_column(where, one.label, (one.name, one.label.zh, *one.synonyms[:3])) for one in fields
        ]


def _rows(grid: Grid, at: int, columns: dict[str, int]) -> Iterator[tuple[int, Fields]]:
    """Yield the rows below the headings that are neither blank nor the headings again."""
    headings = list(grid.rows[at][1])
    items = list(columns.items())
    for number, cells in grid.rows[at + 1 :]:
        width = len(cells)
        fields: Fields = {
            name: cells[column] for name, column in items if column < width and not is_blank(cells[column])
        }
        if fields and list(cells) != headings:
            yield number, fields


def _wider(grid: Grid, at: int) -> list[Row]:
    """Return the rows with something beyond the last heading."""
    width = len(grid.rows[at][1])
    return [
        (number, cells)
        for number, cells in grid.rows[at + 1 :]
        if len(cells) > width and not all(is_blank(one) for one in cells[width:])
    ]


def _too_wide(grid: Grid, row: int, width: int) -> Problem:
    fact = Text(f"这一行多于 {width} 列", f"the row has more than {width} cells")
    cure = Text("含有逗号的内容请加双引号", "Put text with commas in double quotes")
    return findings.simple("too-many-cells", grid.cell(row, width + 1), fact, cure)


def _no_headings(grid: Grid) -> Problem:
    fact = Text(f"前 {SEARCHED} 行里没有找到列名", f"there are no headings in the first {SEARCHED} rows")
    cure = Text(
        "请加上一行列名，例如 编号、类型、单位、主题、发生日期",
        "Add a row of headings: id, type, unit, subject, occurred_at",
    )
    return findings.simple("no-headings", grid.top(), fact, cure)
