"""Mappings: how tables of other layouts become events, and which mapping is for which file and sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IGNORE = "ignore"
ANY_SHEET = "*"
EVENT, DATE, CONSTANTS = "event", "date", "constants"
"""What an entry of a column that makes an event says besides the columns that go with it."""


@dataclass(frozen=True, slots=True)
class EventColumn:
    """A column of dates each of which is an event, in a register with one row a matter.

    Attributes:
        heading: the column; where it is blank nothing happened.
        event: the type of the event.
        fields: further columns that say something of this event, and as what.
        constants: what is the same of all of them.
    """

    heading: str
    event: str
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How the tables of one layout become events.

    Attributes:
        columns: heading to field.
        events: the columns that make an event each, in a register with one row a matter.
        constants: field to value where a row has none.
        types: label to event type.
        units: name to unit.
        sheets: sheet to the row of its headings, or to `ignore`; `*` is every other one.
        headings: a heading to the others that mean the same.
        subject: what names the matter of a row that has no column for it, such as `{year}-{序号}`.
        titled: a word of the title, the sheet's or the file's name, to what then is the same of all events.
        time_zone: the zone of times that name none, such as UTC; Asia/Shanghai without.
        files: names of the files that it is for, with `*` for any part; all files without.
        recognised_by: headings by which a table without a mapping is known to be of this layout.
        source: the file it was read from, or the name of a layout.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    events: tuple[EventColumn, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subject: str = ""
    titled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    time_zone: str = ""
    files: tuple[str, ...] = ()
    recognised_by: tuple[str, ...] = ()
    source: str = "mapping"

    def is_for(self, file: str, sheet: str | None) -> bool:
        """Say whether the mapping is for a file, and for a sheet in it."""
        name = PurePath(file).name
        if self.files and not any(fnmatchcase(fold(name), fold(one)) for one in self.files):
            return False
        return sheet is None or not self.sheets or ANY_SHEET in self.sheets or self.names(sheet) or not self.files

    def names(self, sheet: str | None) -> bool:
        """Say whether the mapping names a sheet."""
        return sheet is not None and sheet.strip() in {one.strip() for one in self.sheets}

    def headings_row(self, sheet: str | None) -> str | None:
        """Return where the headings of a sheet stand, `ignore` where it is not read, None where nothing is said."""
        sheets = {key.strip(): value.strip() for key, value in self.sheets.items()}
        return sheets.get(sheet or ANY_SHEET, sheets.get(ANY_SHEET))

    def own_headings(self) -> frozenset[str]:
        """Return the headings that the mapping speaks of, folded."""
        named = [*self.columns, *(one.heading for one in self.events)]
        named += [name for one in self.events for name in one.fields]
        return frozenset(fold(other) for one in named for other in (one, *self.headings.get(one, ())))

    def fits(self, cells: Iterable[object]) -> int:
        """Return how many of the headings of a table the mapping speaks of."""
        own = self.own_headings()
        return len({fold(one) for one in cells if isinstance(one, str)} & own)


def mapping_of(content: Mapping[str, Any], source: str = "mapping") -> TableMapping:
    """Return a mapping from its parts as plain values, as a file of YAML has them."""
    columns = {str(key): value for key, value in content.get("columns", {}).items()}
    files = content.get("files", ())
    return TableMapping(
        {key: str(value) for key, value in columns.items() if not isinstance(value, dict)},
        tuple(_event_column(key, value) for key, value in columns.items() if isinstance(value, dict)),
        **{name: _texts(content.get(name, {})) for name in ("constants", "types", "units", "sheets")},
        headings={str(key): tuple(map(str, others)) for key, others in content.get("headings", {}).items()},
        subject=str(content.get("subject", "")),
        titled={str(word): _texts(entry) for word, entry in content.get("titled", {}).items()},
        time_zone=str(content.get("time_zone", "")),
        files=(files,) if isinstance(files, str) else tuple(map(str, files)),
        recognised_by=tuple(map(str, content.get("recognised_by", ()))),
        source=source,
    )


def mappings_of(given: Mapping[str, Any] | Sequence[TableMapping] | None) -> tuple[TableMapping, ...]:
    """Return mappings, be they given as such or one of them as plain values."""
    if isinstance(given, Mapping):
        return (mapping_of(given),)
    return tuple(given or ())


def _event_column(heading: str, entry: Mapping[str, Any]) -> EventColumn:
    fields = {str(key): str(value) for key, value in entry.items() if key not in {EVENT, DATE, CONSTANTS}}
    return EventColumn(heading, str(entry[EVENT]), fields, _texts(entry.get(CONSTANTS, {})))


def _texts(pairs: Mapping[str, Any]) -> dict[str, str]:
    """Return values as they would stand in a cell."""
    return {str(key): str(value).lower() if isinstance(value, bool) else str(value) for key, value in pairs.items()}


def rows_named(text: str) -> tuple[int, int] | None:
    """Return the first and the last row of headings that `4` or `3-4` names, or None where it names none."""
    found = re.fullmatch(r"(\d{1,7})(?:-(\d{1,7}))?", text.strip())
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if 1 <= first <= last <= first + 1 else None


def choose(
    mappings: Sequence[TableMapping], file: str, sheet: str | None, cells: Iterable[object]
) -> TableMapping | None:
    """Return the mapping for a table: of those for its file, the one that names its sheet, or knows most headings.

    Args:
        mappings: those that were given.
        file: the file of the table.
        sheet: its sheet.
        cells: the cells of its first rows.
    """
    cells = list(cells)
    ranked = [
        (one.names(sheet), bool(one.files), one.fits(cells), -number)
        for number, one in enumerate(mappings)
        if one.is_for(file, sheet)
    ]
    return mappings[-max(ranked)[3]] if ranked else None
