"""Reading a log: files of any of the formats become one table of events, and everything that is wrong with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from events import csvfile, findings, jsonl, parquet, xlsx
from events.decoding import decode
from events.files import FORMATS, empty, event_files, path_text, read_file
from events.headings import IGNORE, Headings
from events.hidden import hidden_problems
from events.ledger import check_ledger
from events.limits import limits, over_limit
from events.normalise import Normaliser
from events.problem_list import ProblemList, TooManyProblemsError
from events.problems import Problem, Text, Where, sort_problems
from events.rectification import read_lists
from events.rows import RowSource, UnitNames
from events.table import schema, table_of
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.grid import Grid
    from events.understood import TableRead
    from events.vocabulary import Vocabulary

__all__ = ["FORMATS", "FileRead", "ReadResult", "UnitNames", "read_events"]

_TOO_MANY = Text("请先改正已列出的，再检查一次", "Put the listed ones right and check again")


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read.

    Attributes:
        path: the file as the caller named it.
        sha256: hash of its bytes.
        rows: how many rows it had, those with problems included.
    """

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading a log gives.

    Attributes:
        table: the events that fit, in the order of the files and of the rows in them; see `events.table`.
        problems: everything that is wrong, sorted by place.
        files: the files that were read.
        tables: what each CSV file and sheet was taken for; `reports.understood` shows it.
    """

    table: pa.Table
    problems: tuple[Problem, ...]
    files: tuple[FileRead, ...]
    tables: tuple[TableRead, ...] = ()


def read_events(
    paths: Sequence[Path],
    names: UnitNames,
    vocabulary: Vocabulary | None = None,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
) -> ReadResult:
    """Read event files.

    Args:
        paths: files, or folders whose event files are all read (not those of folders inside).
        names: the unit registry.
        vocabulary: the vocabulary; that of the product by default.
        mapping: `columns` (heading to field), `constants` (field to value where a row has none), `types` (label to
            event type) and `units` (name to unit). A row whose type or unit is mapped to `ignore` is left out, with a
            warning.

    Returns:
        The table of the events that fit, every problem, and the files. Nothing that a file can have in it raises.
    """
    vocabulary = vocabulary or load_vocabulary()
    log = _Log(vocabulary, names, mapping)
    for path in paths:
        for file in log.files_of(Path(path)):
            log.read(file)
    return log.result()


class _Log:
    """The files as they are read."""

    def __init__(
        self, vocabulary: Vocabulary, names: UnitNames, mapping: Mapping[str, Mapping[str, str]] | None
    ) -> None:
        self._vocabulary = vocabulary
        self._names = names
        self._mapping = mapping
        self._headings = Headings(vocabulary, mapping)
        self._problems = ProblemList([*_mapping_problems(self._headings, vocabulary, names, mapping)])
        self._tables: list[pa.Table] = []
        self._files: list[FileRead] = []
        self._rejected: set[str] = set()
        self._understood: list[TableRead] = []

    def files_of(self, path: Path) -> list[Path]:
        """Return the event files that a path stands for."""
        files, problems = event_files(path)
        self._problems.take(problems)
        return files

    def read(self, path: Path) -> None:
        """Read one file."""
        raw, wrong = read_file(path)
        if wrong is not None:
            self._problems.take([wrong])
            return
        self._problems.start()
        normaliser = Normaliser(self._vocabulary, self._names, self._mapping)
        if not raw:
            self._problems.take([empty(path_text(path))])
        try:
            for source in self._sources(path, raw) if raw else ():
                self._tables.append(table_of(list(normaliser.events(source)), self._vocabulary))
        except TooManyProblemsError:
            most = limits().problems
            self._problems.take([over_limit(Where(path_text(path)), "problems", f"{most}+", _TOO_MANY)])
        self._problems.take(normaliser.problems)
        self._rejected |= normaliser.rejected
        self._files.append(FileRead(path_text(path), hashlib.sha256(raw).hexdigest(), normaliser.rows))

    def result(self) -> ReadResult:
        """Return everything that was read."""
        start = schema(self._vocabulary).empty_table()
        table, wrong = check_ledger(pa.concat_tables([start, *self._tables]), self._rejected)
        problems = sort_problems([*self._problems, *wrong])
        return ReadResult(table.combine_chunks(), problems, tuple(self._files), tuple(self._understood))

    def _sources(self, path: Path, raw: bytes) -> Sequence[RowSource]:
        """Return the rows of a file, by its format."""
        suffix, file = path.suffix.lower(), path_text(path)
        if suffix == ".parquet":
            table, wrong = parquet.read_table(raw, file)
            self._problems += wrong
            source = None if table is None else parquet.rows_of(table, file, self._headings, self._problems)
            return [] if source is None else [source]
        if suffix in {".xlsx", ".xlsm"}:
            grids, wrong = xlsx.read_grids(raw, file)
            self._problems += wrong
            return self._tabular(grids) if grids or wrong else self._nothing(file)
        text, wrong = decode(raw, file)
        self._problems += wrong
        if text is None:
            return []
        if suffix in {".csv", ".tsv", ".txt"}:
            grid, wrong = csvfile.read_grid(text, file, self._headings.known)
            self._problems += wrong
            return self._tabular((grid,))
        read = jsonl.read_document if suffix == ".json" else jsonl.read_lines
        source = read(text, file, self._problems)
        rows = ((number, self._headings.rename(fields)) for number, fields in source.rows)
        return [RowSource(source.places, rows)] if self._mapping else [source]

    def _nothing(self, file: str) -> list[RowSource]:
        self._problems.append(empty(file))
        return []

    def _tabular(self, grids: Sequence[Grid]) -> Sequence[RowSource]:
        """Return the rows of all tables of a file; sheets without headings are passed over where another has some."""
        lists, wrong = read_lists(grids, self._names)
        self._problems += wrong
        if lists is not None:
            return lists
        results = [self._headings.read(grid, self._problems) for grid in grids]
        sources = [source for source, _, _ in results if source is not None]
        for (source, table, problems), grid in zip(results, grids, strict=True):
            self._understood.append(table)
            for problem in problems:
                side = problem.code == "no-headings" and source is None and len(grids) > 1 and bool(sources)
                if not (side and grid.hidden):  # the lists of a template's cells stand on such sheets
                    self._problems.append(_as_warning(problem) if side else problem)
            if source is not None:
                self._problems += hidden_problems(grid)
        return sources


def _as_warning(problem: Problem) -> Problem:
    return Problem(problem.code, problem.where, problem.fact, problem.cure, problem.value, "warning")


def _mapping_problems(
    headings: Headings,
    vocabulary: Vocabulary,
    names: UnitNames,
    mapping: Mapping[str, Mapping[str, str]] | None,
) -> list[Problem]:
    """Return a problem for everything in the mapping that does not exist."""
    where = Where("mapping")
    problems = list(headings.wrong_targets(where))
    for label, target in (mapping or {}).get("types", {}).items():
        if target != IGNORE and vocabulary.find_type(target) is None:
            problems.append(findings.bad_mapping(where, label, target, vocabulary.near_type(target)))
    for name, target in (mapping or {}).get("units", {}).items():
        if target != IGNORE and names.find(target) is None:
            problems.append(findings.bad_mapping(where, name, target, names.near(target)))
    for name, value in (mapping or {}).get("constants", {}).items():
        if name not in vocabulary.fields and vocabulary.find_attribute(name) is None:
            problems.append(findings.bad_mapping(where, value, name, vocabulary.near_attribute(name)))
    return problems
