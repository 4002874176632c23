"""The events of files, each by the reader of its format: by columns where its rows are in the form of the log."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from events import findings
from events.formats import jsonl
from events.formats.decoding import as_utf8, decode
from events.formats.files import SHEETS, path_text, read_sheets
from events.ledger.entries import EXPORT
from events.ledger.exported import unwrapped
from events.mapping import choose
from events.normalise.by_column import read_columns
from events.normalise.by_row import Normaliser
from events.rows import RowSource
from events.table import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from events.grid import Grid
    from events.mapping import TableMapping
    from events.problem_list import ProblemList
    from events.problems import Problem
    from events.rows import Fields, UnitNames
    from events.sheets.layout import TableLayout
    from events.sheets.tables import Tables
    from events.vocabulary import Vocabulary

_BATCH = 20_000
"""How many events are held as objects at a time."""


class FileReader:
    """Reads the files of a log, one after the other; what reads tables is loaded for the first file that has some.

    Attributes:
        found: files of a folder, which need not have a log in them where they are documents.
        kept: the tables of files as they stand there, where somebody wants them (None for nobody).
    """

    def __init__(
        self, vocabulary: Vocabulary, names: UnitNames, mappings: Sequence[TableMapping], problems: ProblemList
    ) -> None:
        """Start with nothing read; what is wrong with files is added to `problems`."""
        self.found: set[Path] = set()
        self.kept: list[Grid] | None = None
        self._vocabulary = vocabulary
        self._names = names
        self._mappings = mappings
        self._problems = problems
        self._tables: Tables | None = None

    @property
    def understood(self) -> list[TableLayout]:
        """What each CSV file and sheet was taken for."""
        return [] if self._tables is None else self._tables.understood

    def without_entries(self) -> list[Problem]:
        """Return a warning for each table read since the last time that has headings and nothing below."""
        return [] if self._tables is None else self._tables.without_entries()

    def normaliser(self) -> Normaliser:
        """Return what makes events of the rows of one file, and notes what is wrong with them."""
        return Normaliser(self._vocabulary, self._names)

    def events(self, path: Path, raw: bytes, normaliser: Normaliser) -> Iterator[pa.Table]:
        """Yield the events of a file, some thousands at a time; those of an export are checked as all others are.

        Raises:
            DamageError: it is an export whose entries do not follow one from another.
            TooManyProblemsError: as many of its problems are told as may be.
        """
        if raw:
            exported = raw.startswith(EXPORT)
            for source in self._sources(path, unwrapped(path, raw) if exported else raw, lines=exported):
                yield from self._events(source, normaliser)
        else:
            self._problems.take([findings.empty(path_text(path))])
        normaliser.end()

    def _events(self, source: RowSource, normaliser: Normaliser) -> Iterator[pa.Table]:
        """Yield the events of rows: column by column where they are in the form of the log, else row by row."""
        if source.blocks is None or source.mapping is not None:
            events = normaliser.events(source)
            while batch := list(islice(events, _BATCH)):
                yield table_of(batch, self._vocabulary)
            return
        for block in source.blocks:
            table = None
            if block.columns is not None:
                table = read_columns(block.columns, source.places.file, block.numbers, self._names, self._vocabulary)
            if table is None:
                rows = replace(source, rows=block.rows())
                table = table_of(list(normaliser.events(rows)), self._vocabulary)
            else:
                normaliser.rows += table.num_rows
            yield table

    def _sources(self, path: Path, raw: bytes, *, lines: bool) -> Sequence[RowSource]:
        """Return the rows of a file, by its format; that of JSON lines whatever its name where `lines` says so."""
        suffix, file = ".jsonl" if lines else path.suffix.lower(), path_text(path)
        mapping = choose(self._mappings, file, None, ())
        constants: Fields = dict(mapping.constants) if mapping is not None else {}
        if suffix == ".parquet":
            from events.formats import parquet  # noqa: PLC0415 (each format's reader for its own files)

            source = parquet.rows_of(raw, file, self._table_reader().headings_of(mapping), self._problems)
            return [] if source is None else [replace(source, mapping=mapping, constants=constants)]
        sheets = read_sheets(raw, file) if suffix in SHEETS else None
        if sheets is not None:
            grids, wrong = sheets
            self._problems += wrong
            return self._document(path, grids) if grids or wrong else self._nothing(file)
        if suffix in {".csv", ".tsv", ".txt", *SHEETS}:
            return self._text_table(raw, file, suffix, mapping)
        content, wrong = as_utf8(raw, file)
        self._problems += wrong
        if content is None:
            return []
        read = jsonl.read_document if suffix == ".json" else jsonl.read_lines
        source = read(content, file, self._problems)
        if mapping is None:
            return [source]
        headings = self._table_reader().headings_of(mapping)
        rows = ((number, headings.rename(fields)) for number, fields in source.rows)
        return [RowSource(source.places, rows, mapping=mapping, constants=constants)]

    def _table_reader(self) -> Tables:
        """Return what reads tables and knows their headings; logs of lines do without."""
        if self._tables is None:
            from events.sheets.tables import Tables  # noqa: PLC0415 (a tenth of a start)

            self._tables = Tables(self._vocabulary, self._names, self._mappings)
        self._tables.kept = self.kept
        return self._tables

    def _text_table(self, raw: bytes, file: str, suffix: str, mapping: TableMapping | None) -> Sequence[RowSource]:
        """Return the rows of a table in a text file."""
        from events.formats import csvfile  # noqa: PLC0415 (each format's reader for its own files)

        headings = self._table_reader().headings_of(mapping)
        text, wrong = decode(raw, file)
        self._problems += wrong
        if text is None:
            return []
        grid, wrong = csvfile.read_grid(text, file, headings.known)
        if suffix in SHEETS and headings.find(grid) is None:
            from events.formats.office.xlsx_package import unreadable  # noqa: PLC0415

            self._problems.append(unreadable(file, "text"))
            return []
        self._problems += wrong
        return self._table_reader().read((grid,), self._problems)

    def _document(self, path: Path, grids: Sequence[Grid]) -> Sequence[RowSource]:
        """Return the rows of the tables of a file; a document of a folder needs not have a log in it."""
        told: list[Problem] = []
        sources = self._table_reader().read(
            grids, told if path in self.found and path.suffix.lower() == ".docx" else self._problems
        )
        self._problems += [replace(one, severity="warning") if one.code == "no-headings" else one for one in told]
        return sources

    def _nothing(self, file: str) -> list[RowSource]:
        self._problems.append(findings.empty(file))
        return []
