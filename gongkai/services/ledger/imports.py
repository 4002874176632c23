"""The ledger: files are added to it, it is verified, and written as one file."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.time.asof import CHINA
from events.formats.files import path_text
from events.ledger.beyond import state_of
from events.ledger.chain import Head
from events.ledger.entries import follow, is_export
from events.ledger.importing.imports import Checks, Provenance, import_stage
from events.ledger.importing.restore import as_it_is, continues, import_export, known_already, whole_log_problems
from events.ledger.importing.stage import Stage
from events.ledger.verify import verify_ledger
from events.normalise.entered import judgement_problems
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.read import LogReader, ReadResult
from events.table import schema
from events.values.dates import DateError, read_moment
from events.vocabulary import load_vocabulary
from gongkai.evaluation.figures import default_books, figure_problems
from gongkai.evaluation.receipt import product_version
from gongkai.files.mapping import hash_of, load_mappings
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS, NO_LOG, refused
from gongkai.progress import Progress, silent
from gongkai.services.ledger.resending import corrected, has_derived, held_against, not_theirs, without_known
from reports.log.difference import difference_problems, unconfirmed
from reports.output.folder import write_one
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.ledger.importing.difference import Difference
    from events.ledger.importing.imports import Imported
    from events.mapping import TableMapping
    from gongkai.options import LogOptions
    from gongkai.services.ledger.resending import Sheet
    from rules.book import Book
    from rules.units import Registry

Problems = tuple[Problem, ...]
UNREADABLE = frozenset({"no-ledger", "not-a-ledger", "ledger-unreadable", "ledger-version"})
"""Problems of what is no ledger that could be verified."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What somebody wants to import, as they wrote it.

    Attributes:
        paths: files and folders.
        ledger: the ledger.
        options: how the files are read.
        by: who imports; the user of the system without.
        at: when, as ISO date-time; now without.
        as_unit: the unit that imports, which enters what is its own only; anybody without.
        as_correction: whether rows that differ from the ledger correct it.
        withdraw: whether entries that the files no longer have are withdrawn.
    """

    paths: tuple[Path, ...]
    ledger: Path
    options: LogOptions
    by: str | None = None
    at: str | None = None
    as_unit: str | None = None
    as_correction: bool = False
    withdraw: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was imported.

    Attributes:
        files: the name of each file, how many of its entries are new, and how many were there already.
        head: the state of the ledger.
    """

    files: tuple[tuple[str, int, int], ...]
    head: Head


@dataclass(frozen=True, slots=True)
class LedgerVerified:
    """What became of verifying a ledger.

    Attributes:
        head: its state, None where it is damaged or cannot be read.
        damaged: whether it is damaged.
    """

    head: Head | None
    damaged: bool


@dataclass(frozen=True, slots=True)
class _Means:
    """What files are read with."""

    registry: Registry
    mapping: Sequence[TableMapping] | None
    provenance: Provenance


def import_files(
    request: ImportRequest, progress: Progress = silent, waits: Callable[[Problem], None] | None = None
) -> tuple[ImportResult | None, Problems]:
    """Import files into a ledger, all or none.

    Args:
        request: what is imported, and how.
        progress: is told that it takes its time.
        waits: is told at once that another import is waited for; without it that is told with the rest.

    Returns:
        What was imported, None where an error is in the files and nothing was; and what is wrong.

    Raises:
        ProblemError: the ledger cannot be read or written.
    """
    means, problems = _means(request)
    if means is None:
        return None, problems
    waiting: list[Problem] = []
    tell = waits or waiting.append
    with progress(Text("导入…", "Importing …")):
        names, imported, wrong = _import(request, means, lambda: tell(_waits(request.ledger)))
    problems = (*problems, *dict.fromkeys(waiting), *wrong)
    if imported is None:
        return None, problems
    return ImportResult(tuple(zip(names, imported.added, imported.known, strict=True)), imported.head), problems


def _waits(ledger: Path) -> Problem:
    """Return the notice that another import had to be waited for."""
    text = Text("另一个导入正在进行，等待它完成…", "Another import is under way; waiting for it to end …")
    return Problem("waiting", Where(str(ledger)), text, Text("", ""), None, "warning")


def verify(ledger: Path, expected: str | None) -> tuple[LedgerVerified, Problems]:
    """Verify a ledger, which must have been in the state `expected`, and name the first entry that is wrong."""
    verified = verify_ledger(ledger, load_vocabulary(), expected)
    unreadable = {problem.code for problem in verified.problems} & UNREADABLE
    return LedgerVerified(verified.head, verified.head is None and not unreadable), tuple(verified.problems)


def export(ledger: Path, out: Path) -> tuple[Head, Problems]:
    """Write all entries of a ledger into one file, which can be imported again with the same head.

    Returns:
        The head, and what is to be told.

    Raises:
        ProblemError: the ledger cannot be read, or the file not be written.
    """
    head, told = state_of(ledger)
    write_one(out, follow(ledger, head))
    return head, told


def _means(request: ImportRequest) -> tuple[_Means | None, tuple[Problem, ...]]:
    """Return what the files are read with, None where something of it cannot be used; and what is wrong."""
    registry, problems = load_registry(request.options.units or DEFAULT_UNITS)
    problems = (*problems, *use_words(file=request.options.vocabulary))
    mapping, wrong = load_mappings(request.options.mapping)
    problems = (*problems, *refused(request.options), *wrong, *(() if request.paths else (NO_LOG,)))
    at = _moment(request.at)
    if at is None:
        fact = Text(f"“{request.at}”不是时刻", f"{request.at!r} is no moment")
        cure = Text("写作 2023-12-31T10:00", "Write 2023-12-31T10:00")
        problems = (*problems, Problem("bad-option", Where("--at"), fact, cure, request.at))
    if registry is None or at is None or has_errors(problems):
        return None, problems
    digest = hash_of(request.options.mapping)
    by = request.by or _login()
    return _Means(registry, mapping, Provenance(at, by, product_version(), registry.sha256, digest)), problems


def _moment(text: str | None) -> str | None:
    """Return the moment of an import as the ledger has it; this is where the clock is read."""
    try:
        moment = datetime.now(CHINA) if text is None else _written(text)
    except (ValueError, DateError):
        return None
    local = moment.astimezone(CHINA) if moment.tzinfo is not None else moment
    return local.replace(tzinfo=None, microsecond=0).isoformat()


def _written(text: str) -> datetime:
    """Return a moment as it is written, in the form of a computer or as sheets have it.

    Raises:
        DateError: it is none.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return read_moment(text)[0]


def _import(
    request: ImportRequest, means: _Means, waiting: Callable[[], None]
) -> tuple[tuple[str, ...], Imported | None, tuple[Problem, ...]]:
    """Return the names of the files, what was done with them, and what is wrong."""
    vocabulary = load_vocabulary()
    single = request.paths[0] if len(request.paths) == 1 and is_export(request.paths[0]) else None
    if (
        single is not None
        and not request.as_correction
        and (known := known_already(request.ledger, single)) is not None
    ):
        return (path_text(Path(single.name)),), known, ()
    log = LogReader(vocabulary, means.registry, means.mapping)
    books = cache(default_books)
    read = [_read(log, file, books) for path in request.paths for file in log.files_of(path)]
    sources = [one for one in read if one is not None]
    problems = sort_problems(log.problems)
    names = tuple(source.name for source, _ in sources)
    if has_errors(problems):
        return names, None, problems
    tables, wrong = _settled(request, means, [(source.name, table) for source, table in sources])
    if has_errors(wrong):
        return names, None, sort_problems([*problems, *wrong])
    with Stage() as stage:
        for (source, _), (_, table) in zip(sources, tables, strict=True):
            stage.add(table, source.path)
            stage.end(source.name, source.sha256, source.rows)
        checks = Checks(log.rejected, means.registry.evaluates)
        if single is not None and not request.as_correction and continues(request.ledger, single):
            imported, more = _restored(request.ledger, single, stage, checks, waiting)
            if imported is not None or more:
                return names, imported, sort_problems([*problems, *wrong, *more])
        imported, more = import_stage(request.ledger, stage, means.provenance, checks, waiting)
    return names, imported, sort_problems([*problems, *wrong, *more])


def _restored(
    ledger: Path, export_file: Path, stage: Stage, checks: Checks, waiting: Callable[[], None]
) -> tuple[Imported | None, Sequence[Problem]]:
    """Add the entries of an export as they are, where they are what a ledger writes of its events; and what is wrong.

    Nothing of both where it has to be imported as any other file.
    """
    if not as_it_is(export_file, stage):
        return None, ()
    wrong = whole_log_problems(stage, checks)
    return (None, wrong) if wrong else import_export(ledger, export_file, waiting)


def _login() -> str:
    """Return the login of whoever runs it; one that the system has no name for (`docker -u`) is its number."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "?"


def _settled(request: ImportRequest, means: _Means, sheets: list[Sheet]) -> tuple[list[Sheet], list[Problem]]:
    """Return what is added of files: their rows, or with `--as-correction` what makes the ledger say the same."""
    problems = not_theirs(sheets, request.as_unit, means.registry)
    for _, table in sheets:
        problems += judgement_problems(table, means.registry, load_vocabulary())
    if not request.as_correction and not has_derived(sheets):
        return sheets, problems
    found = held_against(request.ledger, sheets)
    problems += difference_problems(found)
    if request.as_correction:
        return corrected(found, sheets, means.provenance.at, withdraw=request.withdraw), problems
    return without_known(found, sheets), [*problems, *unconfirmed(found)]


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that was read, as the record of the import has it."""

    path: str
    name: str
    sha256: str
    rows: int


def _read(log: LogReader, file: Path, books: Callable[[], Sequence[Book]]) -> tuple[_Source, pa.Table] | None:
    """Read one file; None where it cannot be read. Its figures stay as written, what books tell is told."""
    before = len(log.files)
    tables = list(log.read(file))
    table = pa.concat_tables([schema(load_vocabulary()).empty_table(), *tables])
    log.problems.take(figure_problems(ReadResult(table, (), (), tuple(log.understood)), books))
    doubts = ReadResult(log.empty(), (), (), doubts=tuple(log.doubts))
    log.problems.take(figure_problems(doubts, books))
    path, name = path_text(file), path_text(Path(file.name))
    if len(log.files) > before:
        return _Source(path, name, log.files[-1].sha256, log.files[-1].rows), table
    return None


def against_ledger(paths: Sequence[Path], ledger: Path, log: ReadResult) -> tuple[list[Difference], list[Problem]]:
    """Return what files that were read say against a ledger, for somebody to look at before they are imported.

    Raises:
        ProblemError: the ledger cannot be read.
    """
    if not paths or log.ledgers:
        return [], []
    sheets = [(Path(file.path).name, log.table.filter(pc.equal(log.table["file"], file.path))) for file in log.files]
    found = held_against(ledger, sheets)
    return found, difference_problems(found)
