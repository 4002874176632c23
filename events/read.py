"""Reading a log: files of any of the formats become one table of events, and everything that is wrong with them."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from events import findings
from events.formats.files import FORMATS, event_files, path_text, read_file
from events.ledger.damage import DamageError
from events.ledger.folder import is_ledger
from events.ledger.importing.successors import with_successors
from events.ledger.load import load_further, load_ledger
from events.limits import limits, over_limit
from events.mapping import IGNORE, mappings_of
from events.normalise.entered import judgement_problems
from events.normalise.matters import matter_problems
from events.normalise.whole_log import check_whole_log, named_apart
from events.problem_list import ProblemList, TooManyProblemsError
from events.problems import Problem, Text, Where, sort_problems
from events.table import joined, schema
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.formats.reader import FileReader
    from events.grid import Grid
    from events.ledger.load import Loaded
    from events.mapping import TableMapping
    from events.model import Unread
    from events.normalise.by_row import Doubt
    from events.normalise.whole_log import WholeLog
    from events.rows import UnitNames
    from events.sheets.layout import TableLayout
    from events.vocabulary import Vocabulary

__all__ = ["FORMATS", "FileRead", "LedgerRead", "LogReader", "ReadResult", "read_events"]

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
class LedgerRead:
    """A ledger that was read.

    Attributes:
        path: the folder, as the caller named it.
        loaded: what is in it, and the state that it is in.
    """

    path: str
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading a log gives.

    Attributes:
        table: the events that fit, in the order of the files and of the rows in them; see `events.table`.
        problems: everything that is wrong, sorted by place.
        files: the files that were read.
        tables: what each CSV file and sheet was taken for; `reports.log.layout` shows it.
        ledgers: the ledgers that were read.
        doubts: cells that say something else than they seem to where a book has the other task.
        unread: the rows that could not become events.
    """

    table: pa.Table
    problems: tuple[Problem, ...]
    files: tuple[FileRead, ...]
    tables: tuple[TableLayout, ...] = ()
    ledgers: tuple[LedgerRead, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_events(
    paths: Sequence[Path],
    names: UnitNames,
    vocabulary: Vocabulary | None = None,
    mapping: Mapping[str, Any] | Sequence[TableMapping] | None = None,
    head: str | None = None,
) -> ReadResult:
    """Read event files and ledgers.

    Args:
        paths: files, ledgers, or folders whose event files are all read (not those of folders inside).
        names: the unit registry.
        vocabulary: the vocabulary; that of the product by default.
        mapping: the mappings (`events.mapping`), or one of them as plain values: `columns` (heading to field),
            `constants` (field to value where a row has none), `types` (label to event type), `units` (name to unit)
            and so on. A row whose type or unit is mapped to `ignore` is left out, with a warning.
        head: hash of an earlier state of the ledger, to read it as it was then.

    Returns:
        The table of the events that fit, every problem, and the files. Nothing that a file can have in it raises.
    """
    log = LogReader(vocabulary or load_vocabulary(), names, mapping)
    tables = [log.empty()]
    for path in map(Path, paths):
        if is_ledger(path):
            tables += log.ledger(path, head)
        else:
            tables += [table for file in log.files_of(path) for table in log.read(file)]
    return log.result(tables)


def read_further(
    ledger: Path, before: LedgerRead, names: UnitNames, vocabulary: Vocabulary | None = None
) -> ReadResult | None:
    """Return the log of a ledger that grew since it was read, reading its new entries alone.

    Args:
        ledger: the folder.
        before: what was read of it, with the same registry and vocabulary.
        names: the unit registry.
        vocabulary: the vocabulary; that of the product by default.

    Returns:
        The table and what is wrong, as `read_events` gives them but for the warnings about whole matters; None where
        it has to be read from the beginning: it does not go on from where it was, or units number their entries alike.

    Raises:
        DamageError: the ledger cannot be read.
    """
    vocabulary = vocabulary or load_vocabulary()
    loaded = load_further(ledger, vocabulary, before.loaded.head)
    if loaded is None or loaded.table.schema != before.loaded.table.schema:
        return None
    loaded, told = with_successors(loaded, names, {}, before.path)
    table = pa.concat_tables([before.loaded.table, loaded.table]).combine_chunks()
    whole = check_whole_log(table, (), names.evaluates)
    if whole.shared:
        return None
    origin = pa.concat_tables([before.loaded.origin, loaded.origin])
    heads = {**before.loaded.heads, **loaded.heads}
    grown = replace(loaded, table=table, origin=origin.combine_chunks(), heads=heads)
    problems = sort_problems([*loaded.problems, *told, *whole.problems])
    return ReadResult(joined(whole.table), problems, (), (), (LedgerRead(before.path, grown),))


def _named_as_in(whole: WholeLog, ledger: LedgerRead) -> LedgerRead:
    """Return a ledger whose entries' origins are under the ids that the entries have in the whole log."""
    if not whole.shared:
        return ledger
    loaded = ledger.loaded
    ids = named_apart(loaded.table["unit"], loaded.origin["id"], whole.shared)
    origin = loaded.origin.set_column(loaded.origin.column_names.index("id"), "id", ids)
    return replace(ledger, loaded=replace(loaded, origin=origin))


class LogReader:
    """The files as they are read.

    Attributes:
        problems: everything that is wrong with them.
        files: those that were read.
        ledgers: the ledgers that were read.
        rejected: ids of rows that could not become events.
        doubts: cells that may say something else than they seem to.
        unread: the rows that could not become events.
    """

    def __init__(
        self, vocabulary: Vocabulary, names: UnitNames, mapping: Mapping[str, Any] | Sequence[TableMapping] | None
    ) -> None:
        """Start with nothing read."""
        self._vocabulary = vocabulary
        self._names = names
        self._mappings = mappings_of(mapping)
        self.problems = ProblemList(
            [problem for one in self._mappings for problem in _mapping_problems(one, vocabulary, names)]
        )
        self.files: list[FileRead] = []
        self.ledgers: list[LedgerRead] = []
        self.rejected: set[str] = set()
        self.doubts: list[Doubt] = []
        self.unread: list[Unread] = []

    @cached_property
    def _reader(self) -> FileReader:
        """What reads files; a ledger is read without it."""
        from events.formats.reader import FileReader  # noqa: PLC0415 (a fifth of the start of a check from a ledger)

        return FileReader(self._vocabulary, self._names, self._mappings, self.problems)

    @property
    def understood(self) -> list[TableLayout]:
        """What each CSV file and sheet was taken for."""
        return self._reader.understood if self.files else []

    def grids(self, path: Path) -> list[Grid]:
        """Return the tables of a file, as they stand in it."""
        kept: list[Grid] = []
        self._reader.kept = kept
        deque(self.read(path), 0)
        self._reader.kept = None
        return kept

    def empty(self) -> pa.Table:
        """Return a table of no events."""
        return schema(self._vocabulary).empty_table()

    def result(self, tables: Sequence[pa.Table]) -> ReadResult:
        """Return the tables that were read as one log, and what is wrong with it as a whole and in its parts."""
        whole = check_whole_log(pa.concat_tables(tables), self.rejected, self._names.evaluates)
        told = [*self.problems, *whole.problems, *matter_problems(whole.table, self._vocabulary)]
        told += judgement_problems(whole.table, self._names, self._vocabulary)
        ledgers = tuple(_named_as_in(whole, one) for one in self.ledgers)
        return ReadResult(
            joined(whole.table),
            sort_problems(told),
            tuple(self.files),
            tuple(self.understood),
            ledgers,
            tuple(self.doubts),
            tuple(self.unread),
        )

    def files_of(self, path: Path) -> list[Path]:
        """Return the event files that a path stands for."""
        files, problems = event_files(path)
        self._reader.found.update(files if files != [path] else ())
        self.problems.take(problems)
        return files

    def ledger(self, path: Path, head: str | None = None) -> list[pa.Table]:
        """Return the events of a ledger; `head` is the hash of an earlier state of it."""
        try:
            loaded = load_ledger(path, self._vocabulary, head)
        except DamageError as error:
            self.problems.take([error.problem])
            return []
        name = path_text(path)
        successors = {old: new for one in self._mappings if one.is_for(name, None) for old, new in one.units.items()}
        loaded, told = with_successors(loaded, self._names, successors, name)
        self.ledgers.append(LedgerRead(name, loaded))
        self.problems.take([*loaded.problems, *told])
        return [loaded.table]

    def read(self, path: Path) -> Iterator[pa.Table]:
        """Yield the events of one file, some thousands at a time; those of an export are checked as all others are."""
        raw, wrong = read_file(path)
        if wrong is not None:
            self.problems.take([wrong])
            return
        yield from self.read_bytes(path, raw)

    def read_bytes(self, path: Path, raw: bytes) -> Iterator[pa.Table]:
        """Yield the events of a file whose bytes are at hand, under the name that its problems show.

        Args:
            path: the name; its extension says the format.
            raw: the content.
        """
        self.problems.start()
        normaliser = self._reader.normaliser()
        try:
            yield from self._reader.events(path, raw, normaliser)
        except DamageError as error:
            self.problems.take([error.problem])
        except TooManyProblemsError:
            most = limits().problems
            self.problems.take([over_limit(Where(path_text(path)), "problems", f"{most}+", _TOO_MANY)])
        self.problems.take(normaliser.problems)
        self.rejected |= normaliser.rejected
        self.doubts += normaliser.doubts
        self.unread += normaliser.unread
        self.problems.take(self._reader.without_entries())
        self.files.append(FileRead(path_text(path), hashlib.sha256(raw).hexdigest(), normaliser.rows))


def _mapping_problems(mapping: TableMapping, vocabulary: Vocabulary, names: UnitNames) -> list[Problem]:
    """Return a problem for everything in a mapping that does not exist."""
    from events.sheets.headings import Headings  # noqa: PLC0415 (most logs come without a mapping)

    where = Where(mapping.source)
    problems = list(Headings(vocabulary, mapping).wrong_targets(where))
    for label, target in [*mapping.types.items(), *((one.heading, one.event) for one in mapping.events)]:
        if target != IGNORE and vocabulary.find_type(target) is None:
            problems.append(findings.bad_mapping(where, label, target, vocabulary.near_type(target)))
    for name, target in mapping.units.items():
        if target != IGNORE and names.find(target) is None:
            problems.append(findings.bad_mapping(where, name, target, names.near(target)))
    for name, value in mapping.constants.items():
        if name not in vocabulary.fields and vocabulary.find_attribute(name) is None:
            problems.append(findings.bad_mapping(where, value, name, vocabulary.near_attribute(name)))
    problems += [
        findings.bad_mapping(where, event.heading, name, vocabulary.near_attribute(name))
        for event in mapping.events
        for name in [*event.fields.values(), *event.constants]
        if vocabulary.find_attribute(name) is None
    ]
    return problems
