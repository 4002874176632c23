"""Registers with one row a matter and one column a date: each date that is filled in is an event."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from events import findings
from events.mapping import IGNORE
from events.problems import Problem, Text
from events.rows import Places, RowSource, is_blank
from events.sheets.body import Body
from events.sheets.captions import caption_measure
from events.sheets.heading_rows import find_headings
from events.sheets.layout import ColumnLayout, TableLayout
from events.values.dates import DateError, read_moment
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from events.grid import Grid
    from events.mapping import EventColumn, TableMapping
    from events.problems import Where
    from events.rows import Fields
    from events.sheets.heading_rows import HeadingRows
    from events.sheets.headings import Headings
    from events.vocabulary import Vocabulary

DID_NOT_HAPPEN = re.compile(r"[/／\\\-—－–]+|无|不适用|未\S{0,6}|尚未\S{0,6}|否")
"""What stands in a column of dates where nothing happened."""

_PART = "part of the subject: "
"""How the columns are called that the subject of a row is made of; no field of an event has such a name."""
_NAMED = re.compile(r"\{([^{}]+)\}")
_YEAR = "year"
_ELSEWHERE = frozenset({"occurred_at", "type", "id"})
"""Fields that such a register has no column of its own for, whatever a heading is called."""
_BOOLEANS = {"true": Text("是", "yes"), "false": Text("否", "no")}


def find_wide(grid: Grid, mapping: TableMapping, headings: Headings, vocabulary: Vocabulary) -> WideTable | None:
    """Return a table as a register of a layout, None where it is none.

    It is one if it has all headings that the layout is recognised by, or, where it says none, any that makes an event.

    Args:
        grid: the table.
        mapping: the layout.
        headings: what headings stand for under it.
        vocabulary: the vocabulary.
    """
    others: dict[str, list[str]] = defaultdict(list)
    for heading, names in mapping.headings.items():
        for other in (heading, *names):
            others[fold(other)].append(heading)
    own = mapping.own_headings() | others.keys()

    def meant(cell: object) -> bool:
        return isinstance(cell, str) and (headings.bare(cell) in own or headings.field_of(cell) is not None)

    at = find_headings(grid, lambda cells: sum(map(meant, cells)), meant, headings.chosen_rows(grid))
    if at is None:
        return None
    columns, twice = _columns(at, others, headings)
    wide = WideTable(grid, mapping, headings, vocabulary, at, columns, twice)
    known = mapping.recognised_by
    if all(one in columns for one in known) if known else wide.events():
        return wide
    return None


def _columns(
    at: HeadingRows, others: Mapping[str, Sequence[str]], headings: Headings
) -> tuple[dict[str, int], tuple[int, ...]]:
    """Return the column of each heading of a layout, and the columns that stand for one that another has already.

    A heading that may stand for several (补正日期: asked for, or received) is that which no column is called after.
    """
    columns: dict[str, int] = {}
    twice: list[int] = []
    meant = [(column, str(cell)) for column, cell in enumerate(at.cells) if not is_blank(cell)]
    meanings = [(column, others.get(headings.bare(text), ()) or (text.strip(),)) for column, text in meant]
    for column, named in sorted(meanings, key=lambda one: (len(one[1]), one[0])):
        free = next((one for one in named if one not in columns), None)
        if free is None:
            twice.append(column)
        else:
            columns[free] = column
    return dict(sorted(columns.items(), key=lambda one: one[1])), tuple(sorted(twice))


@dataclass(frozen=True, slots=True)
class WideTable:
    """A table that is read as such a register.

    Attributes:
        grid: the table.
        mapping: its layout.
        headings: what headings stand for under it.
        vocabulary: the vocabulary.
        at: its headings.
        columns: number of each column, from 0, under the heading that the layout has for it.
        twice: numbers of the columns that another one stands for already.
    """

    grid: Grid
    mapping: TableMapping
    headings: Headings
    vocabulary: Vocabulary
    at: HeadingRows
    columns: Mapping[str, int]
    twice: tuple[int, ...] = ()

    def events(self) -> list[EventColumn]:
        """Return the columns of the layout that make an event and that the table has."""
        return [one for one in self.mapping.events if one.heading in self.columns]

    def sources(self, later: list[Problem], given: Fields) -> tuple[list[RowSource], TableLayout, tuple[Problem, ...]]:
        """Return the rows of each column that makes an event, what the table was taken for, and what is wrong.

        Args:
            later: where to add what is worth telling of the rows, as they are taken.
            given: values of fields where a row has none.
        """
        grid = self.grid
        table = TableLayout(grid.file, grid.sheet, hidden=grid.hidden)
        shared, problems = self._shared(table)
        problems += self._assumed()
        if "unit" not in {*shared, *given}:
            return [], table, (*problems, _whose(grid))
        table.headings = tuple(row for row, _ in grid.rows[self.at.first : self.at.last + 1])
        sources = []
        for number, event in enumerate(self.events()):
            seen = TableLayout(grid.file, grid.sheet) if number else table
            sources.append(_Source(self, event, shared, later).rows(seen, given))
        return sources, table, tuple(problems)

    def attribute(self, name: str) -> str:
        """Return the field of an attribute, under any of its names."""
        return f"data.{self.vocabulary.find_attribute(name)}"

    def constants(self, event: EventColumn) -> dict[str, str]:
        """Return what is the same of all events of a column, by attribute, for those that its type has."""
        above = [str(cell) for _, cells in self.grid.rows[: self.at.first] for cell in cells if not is_blank(cell)]
        titles = [PurePath(self.grid.file).stem, self.grid.sheet or "", *above]
        said = [entry for word, entry in self.mapping.titled.items() if any(word in title for title in titles)]
        pairs = {name: value for entry in (*said, event.constants) for name, value in entry.items()}
        return {self.attribute(name): value for name, value in pairs.items() if self.has(event, self.attribute(name))}

    def has(self, event: EventColumn, field: str) -> bool:
        """Say whether events of a column have a field."""
        kind = self.vocabulary.find_type(event.event)
        return not field.startswith("data.") or (
            kind is not None and self.vocabulary.has(kind, field.removeprefix("data."))
        )

    def heading_cell(self, heading: str) -> Where:
        """Return the place of a heading."""
        column = self.columns[heading]
        return self.grid.cell(self.at.row_of(self.grid, column), column + 1)

    def _shared(self, table: TableLayout) -> tuple[dict[str, int], list[Problem]]:
        """Return the columns that say something of the matter of a row, and a problem for each that is not known."""
        kinds = {one.heading: self.vocabulary.find_type(one.event) for one in self.mapping.events}
        named = {name: self.attribute(target) for one in self.mapping.events for name, target in one.fields.items()}
        shared: dict[str, int] = {}
        problems: list[Problem] = []
        read: list[ColumnLayout] = []
        for heading, column in self.columns.items():
            text, where = str(self.at.cells[column]).strip(), self.heading_cell(heading)
            field = "occurred_at" if heading in kinds else named.get(heading) or self._field(heading)
            read.append(ColumnLayout(where.cell or str(column + 1), text, field, kinds.get(heading)))
            if field is None or not any(self.has(event, field) for event in self.events()):
                problems.append(findings.unknown_column(where, text, ()))
            elif field != IGNORE and heading not in kinds and heading not in named:
                shared.setdefault(field, column)
        table.columns = tuple(read)
        return shared, [*problems, *map(self._again, self.twice)]

    def _again(self, column: int) -> Problem:
        """Return the problem of a column with the meaning of another one."""
        text = str(self.at.cells[column]).strip()
        fact = Text(f"列“{text}”与另一列是同一个意思", f"the column {text!r} means the same as another one")
        cure = Text("请改成不同的列名，例如 补正告知日期、收到补正日期", "Give the two names that tell them apart")
        return findings.simple(
            "duplicate-column", self.grid.cell(self.at.row_of(self.grid, column), column + 1), fact, cure
        )

    def _field(self, heading: str) -> str | None:
        """Return the field of a column of the matter: the layout's, else the log's; None where it is not known."""
        target = {fold(key): one for key, one in self.mapping.columns.items()}.get(fold(heading))
        if target is not None:
            plain = target == IGNORE or target in self.vocabulary.fields
            return target if plain else self.attribute(target)
        if heading in _NAMED.findall(self.mapping.subject):
            return IGNORE
        match = self.headings.field_of(heading)
        return IGNORE if match is not None and match[1] in _ELSEWHERE else match and match[1]

    def _assumed(self) -> list[Problem]:
        """Return a warning for what a layout of the product takes to be so where the register does not say it."""
        found = []
        for event in self.events() if self.mapping.recognised_by else ():
            said = {self.attribute(target) for name, target in event.fields.items() if name in self.columns}
            asked = {self.attribute(target) for target in event.fields.values()} - said
            taken = {name: value for name, value in self.constants(event).items() if name in asked}
            column = self.columns[event.heading]
            body = self.grid.rows[self.at.last + 1 :]
            if taken and any(len(cells) > column and not nothing(cells[column]) for _, cells in body):
                labels = [self._label(name, value) for name, value in taken.items()]
                found.append(_taken(self.heading_cell(event.heading), event.heading, labels))
        return found

    def _label(self, field: str, value: str) -> Text:
        label, word = self.vocabulary.attributes[field.removeprefix("data.")].label, _BOOLEANS.get(value)
        word = word or Text(value, value)
        return Text(f"{label.zh} {word.zh}", f"{label.en}: {word.en}")


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows of a register in which one date is filled in."""

    wide: WideTable
    event: EventColumn
    shared: Mapping[str, int]
    later: list[Problem]

    def rows(self, table: TableLayout, given: Fields) -> RowSource:
        """Return them as events of the log."""
        wide, grid = self.wide, self.wide.grid
        columns = {name: column for name, column in self.shared.items() if wide.has(self.event, name)}
        own = {
            wide.attribute(target): wide.columns[name]
            for name, target in self.event.fields.items()
            if name in wide.columns
        }
        columns |= {**own, "occurred_at": wide.columns[self.event.heading]}
        parts = {f"{_PART}{one}": wide.columns[one] for one in self._parts() if one in wide.columns}
        needed = ("occurred_at", *(name for name in ("unit", "subject") if name in columns))
        own_words = wide.headings
        body = Body(
            grid,
            wide.at,
            columns | parts,
            own_words.dates,
            needed,
            table,
            self.later,
            written=False,
            answers=own_words.answers,
            figures=own_words.figures,
        )
        numbers = {name: column + 1 for name, column in columns.items()}
        places = Places(
            grid.file,
            grid.sheet,
            numbers,
            "occurred_at",
            own_words.measures(wide.at, columns, caption_measure(grid, wide.at.first)),
        )
        rows = self._happened(body, frozenset(own), places)
        return RowSource(places, rows, has_ids=False, mapping=wide.mapping, constants=given)

    def _parts(self) -> list[str]:
        return [one for one in _NAMED.findall(self.wide.mapping.subject) if one != _YEAR]

    def _happened(self, body: Body, own: Collection[str], places: Places) -> Iterator[tuple[int, Fields]]:
        """Yield the rows with a date; what is said of an event that has none is told."""
        cells_of = dict(self.wide.grid.rows)
        constants: Fields = dict(self.wide.constants(self.event))
        for number, row in body.rows():
            fields = {name: value for name, value in row.items() if not name.startswith(_PART)}
            if nothing(fields.get("occurred_at")):
                said = [name for name in sorted(own & fields.keys()) if not nothing(fields[name])]
                self.later.extend(self._without_date(places.cell(number, name), fields[name]) for name in said)
                continue
            if (start := self._not_begun(number, cells_of[number])) is not None:
                self.later.append(start)
            if "subject" not in fields:
                parts = {name.removeprefix(_PART): _text(row[name]) for name in row if name.startswith(_PART)}
                subject = self._subject(parts, cells_of[number])
                fields |= {"subject": subject} if subject else {}
            yield number, {**constants, **fields, "type": self.event.event}

    def _not_begun(self, number: int, cells: Sequence[object]) -> Problem | None:
        """Return the warning about a row that has a date and not that of what it follows, such as 收到日期."""
        wide = self.wide
        kind = wide.vocabulary.types.get(wide.vocabulary.find_type(self.event.event) or "")
        follows = kind.follows if kind is not None else ()
        before = [one for one in wide.events() if wide.vocabulary.find_type(one.event) in follows]
        columns = [wide.columns[one.heading] for one in before]
        if not before or any(column < len(cells) and not nothing(cells[column]) for column in columns):
            return None
        ours, first = self.event.heading, before[0].heading
        fact = Text(f"填写了{ours}，没有填写{first}", f"{ours} is filled in, {first} is blank")
        cure = Text(f"请填写{first}", f"Fill in {first}")
        return Problem("not-finished", wide.grid.cell(number, columns[0] + 1), fact, cure, None, "warning")

    def _subject(self, parts: Mapping[str, str], cells: Sequence[object]) -> str | None:
        """Return what names the matter of a row, None where something that it is made of is missing."""
        columns = [self.wide.columns[one.heading] for one in self.wide.events()]
        years = (_year(cells[column]) for column in columns if column < len(cells))
        year = next((one for one in years if one is not None), None)
        values = {**parts, **({_YEAR: year} if year is not None else {})}
        names = _NAMED.findall(self.wide.mapping.subject)
        if not names or any(name not in values for name in names):
            return None
        return _NAMED.sub(lambda found: values[found[1]], self.wide.mapping.subject)

    def _without_date(self, where: Where, value: object) -> Problem:
        text, heading = findings.shown(value), self.event.heading
        fact = Text(f"填写了“{text}”，没有填写{heading}", f"it says {text!r}, but {heading} is blank")
        cure = Text(f"已经办了的，请填写{heading}", f"Fill in {heading} where it was done")
        return Problem("not-finished", where, fact, cure, text, "warning")


def nothing(value: object) -> bool:
    """Say whether a cell of a date says that nothing happened."""
    return is_blank(value) or (isinstance(value, str) and DID_NOT_HAPPEN.fullmatch("".join(value.split())) is not None)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _year(value: object) -> str | None:
    """Return the year of a date, None where the cell is none."""
    if is_blank(value):
        return None
    try:
        return str(read_moment(value)[0].year)
    except DateError:
        return None


def _whose(grid: Grid) -> Problem:
    fact = Text("这本登记簿没有写明是哪个单位的", "nothing says whose register it is")
    cure = Text(
        "在列名上面写“填报单位：县民政局”，或者加“单位”列，或者在对应表的 constants 里写 unit",
        "Write 填报单位：… above the headings, add a column 单位, or give unit under constants",
    )
    return Problem("missing-column", grid.top(), fact, cure)


def _taken(where: Where, heading: str, labels: Sequence[Text]) -> Problem:
    zh, en = "、".join(one.zh for one in labels), ", ".join(one.en for one in labels)
    fact = Text(f"有“{heading}”的，登记簿没有写明，按{zh}读取", f"{heading}: read with {en}, which it does not say")
    cure = Text("不是这样的，请在登记簿里加上这几列", "Add these columns where it is not so")
    return Problem("assumed-value", where, fact, cure, None, "warning")
