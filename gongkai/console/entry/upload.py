"""A unit's own workbook: what was understood of it, cell by cell, and its rows as those of a submission."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from events.formats.office.xlsx import read_grids
from events.mapping import IGNORE, TableMapping
from events.normalise.by_row import Normaliser
from events.problem_list import ProblemList, TooManyProblemsError
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.read import FileRead, ReadResult
from events.rows import cell_name, is_blank
from events.sheets.tables import Tables
from events.table import table_of
from events.vocabulary import load_vocabulary
from gongkai.console.entry.attachments import path_of
from gongkai.console.entry.content import COUNTY_TYPES
from gongkai.console.entry.personal import personal_problems
from gongkai.console.models.store import mapping_of
from gongkai.console.registry import registry
from reports.log.layout import understood_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.grid import Grid
    from events.model import Event
    from events.rows import RowSource
    from events.sheets.layout import TableLayout
    from gongkai.console.entry.content import Row
    from gongkai.console.models import Submission

KEY, PLACE = "_key", "_place"
"""Fields of a stored row that are no fields of the event: the id that the sheet gives it, and where it stood."""
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Upload:
    """What a workbook was taken for.

    Attributes:
        grids: its sheets, with the cells that were mended.
        tables: what each sheet was taken for.
        rows: its rows, as a submission keeps them.
        problems: everything that is wrong, by place.
        lines: what was understood, in words.
    """

    grids: tuple[Grid, ...]
    tables: tuple[TableLayout, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing has to be mended."""
        return bool(self.rows) and not has_errors(self.problems)


def read_upload(
    raw: bytes, name: str, unit: str, *, edits: Mapping[str, str], columns: Mapping[str, str], now: datetime
) -> Upload:
    """Return what a workbook of a unit was taken for.

    Args:
        raw: its bytes.
        name: the name that problems show.
        unit: id of the unit.
        edits: texts of cells that were mended, by `sheet!cell`.
        columns: fields of headings that were chosen by hand.
        now: the moment of entry.
    """
    grids, wrong = read_grids(raw, name)
    grids = tuple(_mended(grid, edits) for grid in grids)
    problems: list[Problem] = [*wrong]
    if not grids and not wrong:
        fact, cure = Text("工作簿是空的", "the workbook is empty"), Text("填上内容再传", "Fill it in")
        problems.append(Problem("empty", Where(name), fact, cure))
    reader = _Reader(unit, columns, now)
    try:
        reader.read(grids)
    except TooManyProblemsError:
        fact, cure = Text("问题太多", "too many problems"), Text("先改正已列出的", "Mend the listed ones first")
        problems.append(Problem("file-too-large", Where(name), fact, cure))
    problems += reader.problems
    if not reader.rows and not has_errors(problems):
        fact, cure = Text("没有读到一行", "there is no row"), Text("表头下面写上内容", "Fill in the rows")
        problems.append(Problem("no-rows", Where(name), fact, cure))
    files = (FileRead(name, sha256(raw).hexdigest(), len(reader.rows)),)
    result = ReadResult(
        table_of(reader.events, load_vocabulary()), sort_problems(problems), files, tuple(reader.tables)
    )
    lines = tuple(understood_lines(result, registry()))
    return Upload(grids, tuple(reader.tables), tuple(reader.rows), result.problems, lines)


def upload_of(submission: Submission, now: datetime) -> Upload:
    """Return what the workbook of a submission is taken for."""
    raw = path_of(submission.file_digest).read_bytes()
    columns = mapping_of(submission.unit)
    return read_upload(raw, submission.file_name, submission.unit, edits=submission.edits, columns=columns, now=now)


class _Reader:
    """The sheets as they are read."""

    def __init__(self, unit: str, columns: Mapping[str, str], now: datetime) -> None:
        self._unit = unit
        self._now = now
        mapping = TableMapping(columns=dict(columns), constants={"unit": unit})
        self._tables = Tables(load_vocabulary(), registry(), [mapping])
        self._normaliser = Normaliser(load_vocabulary(), registry())
        self.problems: list[Problem] = ProblemList()
        self.events: list[Event] = []
        self.rows: list[Row] = []

    @property
    def tables(self) -> list[TableLayout]:
        """What each sheet was taken for."""
        return self._tables.understood

    def read(self, grids: Sequence[Grid]) -> None:
        """Read the sheets."""
        for source in self._tables.read(grids, self.problems):
            self._rows(source)
        for table in self.tables:
            self.problems += _own_dates(table)

    def _rows(self, source: RowSource) -> None:
        rows = list(source.rows)
        events: list[Event] = []
        for row in rows:  # each by itself, so that each cell is told of a type that there is not
            events += self._normaliser.events(replace(source, rows=[row], has_ids=False, blocks=None))
            self._normaliser.end()
        self.problems += self._normaliser.problems
        self._normaliser.problems = ProblemList()
        for event in events:
            self.problems += self._of_entry(event)
        self.events += [event for event in events if event.unit == self._unit]
        self.problems += personal_problems((source.places.row(number), _texts(fields)) for number, fields in rows)
        self.rows += [_stored(fields, source.places.sheet, number) for number, fields in rows]

    def _of_entry(self, event: Event) -> Iterator[Problem]:
        """Yield what a unit may not enter."""
        if event.unit != self._unit:
            fact = Text("这一行不是本单位的", "this row is another unit's")
            yield Problem("other-unit", event.where, fact, Text("由那个单位自己登记", "That unit logs it"), event.unit)
        if event.type in COUNTY_TYPES:
            yield Problem(
                "county-only", event.where, Text("由县里登记", "the county enters it"), Text("删去", "Delete")
            )
        if event.occurred_at.date() > self._now.date():
            fact = Text(f"发生日期 {event.occurred_at.date()} 还没有到", "the day is in the future")
            yield Problem("future-day", event.where, fact, Text("核对日期", "Check the date"))


def _own_dates(table: TableLayout) -> Iterator[Problem]:
    """Yield a problem for a column with moments of entry, which the console alone sets."""
    for column in table.columns:
        if column.field == "recorded_at":
            fact = Text("登记日期由控制台写，不收表里的", "the console sets this itself")
            cure = Text("在下面把这一列选成“不读”", "Leave this column out")
            yield Problem("own-date", Where(table.file, sheet=table.sheet, cell=column.cell), fact, cure)


def _mended(grid: Grid, edits: Mapping[str, str]) -> Grid:
    """Return a sheet with the texts of mended cells."""
    wanted = {
        key.rpartition("!")[2]: text for key, text in edits.items() if key.rpartition("!")[0] == (grid.sheet or "")
    }
    if not wanted:
        return grid
    rows = []
    for number, cells in grid.rows:
        changed = list(cells)
        for index in range(len(changed)):
            name = cell_name(number, index + 1)
            if name in wanted:
                changed[index] = wanted[name]
        rows.append((number, changed))
    return replace(grid, rows=rows)


def _texts(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if isinstance(value, (str, int, float))}


def _stored(fields: Mapping[str, object], sheet: str | None, number: int) -> Row:
    """Return a row as a submission keeps it: texts, without what the console sets itself."""
    row: Row = {}
    for name, value in fields.items():
        if name in {"unit", "recorded_at"} or is_blank(value):
            continue
        row[KEY if name == "id" else name] = text_of(value)
    row[PLACE] = f"{sheet}!{number}"
    return row


def text_of(value: object) -> str:
    """Return the value of a cell as text that means the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def chosen_ignored() -> str:
    """Return what a column that is not read is mapped to."""
    return IGNORE
