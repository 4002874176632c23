"""The rows below the headings of a table: raw values by field, and why some rows are passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from events import findings
from events.grid import Flaw
from events.rows import is_blank
from events.sheets.skipped import (
    example_used,
    is_example_day,
    merged_figure,
    passed_problem,
    undone_figure,
    undone_row,
    why_passed,
)
from events.values import figure_findings, value_findings
from events.values.dates import FIRST_YEAR, LAST_YEAR
from events.values.measures import half_width
from events.values.text import is_mark, is_placeholder, names_nothing
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.grid import Grid
    from events.problems import Problem
    from events.rows import Fields
    from events.sheets.heading_rows import HeadingRows
    from events.sheets.layout import TableLayout

TIME_OF_DAY = "occurred_at time"
"""The column that has the time of the day of another one; no field of an event has this name."""

TO_FILL_IN = frozenset({"义务编号", "obligation"})
"""Headings of a self-check to fill in (`gongkai check --xlsx`): its rows without a date are not yet done."""

_SAME = re.compile(
    """[-—(]*(?:[同与]上(?:同上|相?同|[一]?[行栏格列条项]|文|述)?|[同如]前|上同|如上|[同与]上一?[行栏格列条项]相?同?|[〃″"“”〞〝„‟々]+|(?:''|‘‘|’’|′′|丶丶?)+|,,|[↑⇑⬆]|ditto|do[.])[-—).。]*""",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\(?(?:同上(?![海虞饶栗杭高思])|与上|如上|参?照上|同前|上[一]?[行栏格]).{0,6}")
"""Begins as a reference to the row above, and goes on otherwise: 同上（略）, 同上会议."""
_FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|#{3,}")
"""What a spreadsheet that saves CSV writes for a formula that came to an error, or for a column too narrow."""
_SAME_AS_ELSEWHERE = re.compile(r"\(?同(?:[左右下后]|第?[\d一二三四五六七八九十]{1,4}[行条项号栏格]?)\)?")
"""Refers to a cell that cannot be told."""
_CLOCK = re.compile(r"(?:上午|下午)?\s*\d{1,2}\s*[:：时点].{0,12}")
_MARKED = frozenset({"id", "type", "unit", "subject", "corrects", "retracts", "data.document_number", "data.indicator"})
"""The fields of texts that a footnote's mark may stand behind; dates are looked at too."""
_FOOTNOTE = re.compile(
    "(?<![a-zA-Z米里])(?:[*※▲△★☆†‡\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207d\u207e\u2460-\u24ff\u2776-\u2793]+"
    "|[(\\[（【](?:注\\d{0,2})[)\\]）】])\\s*$"
)
"""A footnote's mark; ² behind m is none."""
_OF_THE_DONE = frozenset({"recorded_at", "data.title", "data.url", "data.document_number"})
"""What a self-check leaves blank in every row: it is filled in where something was done."""
_DAYS = 1_000_000
"""No date number is so high."""


@dataclass(frozen=True, slots=True)
class Body:
    """What is needed to read the rows of a table.

    Attributes:
        grid: the table.
        at: its headings.
        columns: number of the column of each field, from 0.
        dates: the fields that are dates.
        needed: the fields without which a row is no event.
        table: what the table was taken for; filled as the rows are taken.
        problems: where to add what is worth telling, as the rows are taken.
        answers: the fields for which 无 is an answer: those of yes and no.
        figures: the fields that are numbers.
        written: whether a program wrote the table, with the names of the contract as its headings; then every row is an
            event, and 同上 is a text.
    """

    grid: Grid
    at: HeadingRows
    columns: Mapping[str, int]
    dates: frozenset[str]
    needed: tuple[str, ...]
    table: TableLayout
    problems: list[Problem]
    written: bool
    answers: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()

    def rows(self) -> Iterator[tuple[int, Fields]]:
        """Yield number and fields of each row that is an event."""
        grid, first, last = self.grid, self.at.first, self.at.last
        self.table.passed.extend(
            (number, "title") for number, cells in grid.rows[:first] if not all(is_blank(one) for one in cells)
        )
        headings = [list(self.at.cells), *(list(cells) for _, cells in grid.rows[first : last + 1])]
        items = list(self.columns.items())
        above: Fields = {}
        duty = next(
            (at for at, one in enumerate(self.at.cells) if isinstance(one, str) and fold(one) in TO_FILL_IN), None
        )
        for number, cells in grid.rows[last + 1 :]:
            width = len(cells)
            fields: Fields = {
                name: cells[column]
                for name, column in items
                if column < width and cells[column] != "" and not self._says_nothing(name, cells[column])
            }
            if duty is not None and fields and "occurred_at" not in fields:
                self.table.passed.append((number, "undone"))
                self._check_undone(number, fields, own=duty >= width or is_blank(cells[duty]))
                continue
            if not self.written and self._passed(number, cells, fields, headings):
                continue
            if not fields:
                self.table.blank += 1
                continue
            self._leave_marks(number, fields)
            above = self._settled(number, fields, above)
            self._check_merged(number, fields)
            self._check_days(number, fields)
            self.table.rows += 1
            if duty is not None and duty < width and not is_blank(cells[duty]):
                self.table.duties[number] = str(cells[duty]).strip()
            yield number, above

    def _check_undone(self, number: int, fields: Fields, *, own: bool) -> None:
        """Tell what a person filled in where a row of a self-check has no day: it counts as not yet done.

        A row of a person's own, which is for none of the duties that were listed, is told whatever it has.
        """
        for name in sorted((self.figures - {"data.year"}) & fields.keys()):
            where = self.grid.cell(number, self.columns["occurred_at"] + 1)
            self.problems.append(undone_figure(where, findings.shown(fields[name])))
        written = sorted(_OF_THE_DONE & fields.keys()) or (
            sorted(fields, key=self.columns.__getitem__)[:1] if own else ()
        )
        for name in written:
            where = self.grid.cell(number, self.columns["occurred_at"] + 1)
            self.problems.append(undone_row(where, findings.shown(fields[name])))

    def _check_merged(self, number: int, fields: Fields) -> None:
        """Tell a figure that a merged cell gives to several rows: it is counted in each of them."""
        for name in sorted(self.figures & fields.keys()) if self.grid.filled else ():
            top = self.grid.filled.get((number, self.columns[name] + 1))
            if top is not None:
                where = self.grid.cell(number, self.columns[name] + 1)
                self.problems.append(merged_figure(where, findings.shown(fields[name]), top))

    def _check_days(self, number: int, fields: Fields) -> None:
        """Tell a date whose format shows a part of it only, where the program speaks Chinese."""
        for name in sorted(self.dates & fields.keys()) if self.grid.doubtful else ():
            text = self.grid.doubtful.get((number, self.columns[name] + 1))
            if text is not None:
                where = self.grid.cell(number, self.columns[name] + 1)
                self.problems.append(value_findings.part_of_a_date(where, fields[name], text))

    def _says_nothing(self, name: str, value: object) -> bool:
        """Say whether a cell is blank, or has a placeholder such as 无 or / where that is no answer."""
        if is_blank(value):
            return True
        if self.written or not isinstance(value, str):
            return False
        if name in self.answers:
            return is_mark(value)
        return is_placeholder(value) or (name == "subject" and names_nothing(value))

    def _passed(
        self, number: int, cells: Sequence[object], fields: Fields, headings: Sequence[Sequence[object]]
    ) -> bool:
        """Say whether a row is passed over, and keep why."""
        if fields and list(cells) in headings:
            self.table.passed.append((number, "headings"))
            return True
        complete = all(name in fields for name in self.needed)
        why = why_passed(cells, complete=complete, merged=number in self.grid.merged)
        if fields and number in self.grid.struck:
            why = "struck"
        if why is None:
            return False
        self.table.passed.append((number, why))
        if why == "example" and "occurred_at" in fields and not is_example_day(fields["occurred_at"]):
            self.problems.append(example_used(self.grid.cell(number, self.columns["occurred_at"] + 1)))
        column, text = next((at, str(one)) for at, one in enumerate(cells) if not is_blank(one))
        problem = passed_problem(self.grid.cell(number, column + 1), why, findings.shown(text.strip()))
        if problem is not None:
            self.problems.append(problem)
        return True

    def _leave_marks(self, number: int, fields: Fields) -> None:
        """Take the mark of a footnote from names, numbers and days, and say so; figures are read with theirs."""
        for name in (_MARKED | self.dates) & fields.keys() if not self.written else ():
            value = fields[name]
            marked = isinstance(value, str) and _FOOTNOTE.search(value)
            bare = _FOOTNOTE.sub("", str(value)).strip() if marked else ""
            if bare:
                fields[name] = bare
                where = self.grid.cell(number, self.columns[name] + 1)
                self.problems.append(figure_findings.footnote_behind(where, str(value).strip(), bare))

    def _settled(self, number: int, fields: Fields, above: Fields) -> Fields:
        """Return the fields with 同上 replaced, date numbers as dates, and the time of day put to its date."""
        for name, value in fields.items() if not self.written else ():
            if not isinstance(value, str):
                continue
            flaw = _referred(value)
            if flaw is not None:
                fields[name] = above.get(name, flaw) if flaw.kind == "ditto" else flaw
        if self.grid.day_zero is not None:
            for name in self.dates & fields.keys():
                self._date(number, name, fields)
        clock = fields.pop(TIME_OF_DAY, None)
        if clock is not None and "occurred_at" in fields and not isinstance(fields["occurred_at"], Flaw):
            fields["occurred_at"] = _with_time(fields["occurred_at"], clock)
        return fields

    def _date(self, number: int, name: str, fields: Fields) -> None:
        """Read the number of a day as that day, and say so."""
        value, zero = fields[name], self.grid.day_zero
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _DAYS or zero is None:
            return
        day = datetime(zero.year, zero.month, zero.day) + timedelta(days=value)  # noqa: DTZ001 - local time
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            fields[name] = day.replace(microsecond=0) if day.time() != time() else day.date()
            where = self.grid.cell(number, self.columns[name] + 1)
            self.problems.append(value_findings.date_number(where, value, fields[name]))


@lru_cache(maxsize=1024)
def _referred(text: str) -> Flaw | None:
    """Return why a text is no value of its own: an error, or it refers to another cell; None where it is one.

    Most texts of a register are in many of its rows.
    """
    folded = _folded(text)
    if _FORMULA_ERROR.fullmatch(text.strip()):
        return Flaw("error", text.strip())
    if _SAME.fullmatch(folded):
        return Flaw("ditto", text.strip())
    elsewhere = _SAME_AS_ELSEWHERE.fullmatch(folded) or _REFERS.fullmatch(folded)
    return Flaw("elsewhere", text.strip()) if elsewhere else None


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """Return a text in half width without spaces."""
    return "".join(half_width(text).split())


def _with_time(day: object, clock: object) -> object:
    """Return a date with the time of day that stands in another column; what does not fit is told as a bad date."""
    if isinstance(clock, time) and isinstance(day, date) and (not isinstance(day, datetime) or day.time() == time()):
        return datetime.combine(day, clock)
    left = day.date() if isinstance(day, datetime) and day.time() == time() else day
    return f"{left} {clock}"


def is_time_column(grid: Grid, last: int, column: int) -> bool:
    """Say whether everything below a heading is a time of day."""
    cells = [cells[column] for _, cells in grid.rows[last + 1 :] if column < len(cells) and not is_blank(cells[column])]
    return bool(cells) and all(
        isinstance(one, time) or (isinstance(one, str) and _CLOCK.fullmatch(one.strip())) for one in cells
    )
