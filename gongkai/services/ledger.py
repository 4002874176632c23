"""`gongkai events import`, `verify` and `export`: the ledger."""

from __future__ import annotations

import getpass
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.time.asof import CHINA
from events.formats.files import path_text
from events.ledger.chain import Head
from events.ledger.damage import DamageError
from events.ledger.entries import is_export, mapped
from events.ledger.folder import ENTRIES
from events.ledger.imports import Checks, Provenance, import_stage
from events.ledger.load import load_ledger
from events.ledger.restore import continues, import_export
from events.ledger.stage import Stage
from events.ledger.verify import verify_ledger
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.read import LogReader
from events.vocabulary import load_vocabulary
from gongkai.cli.terminal import say, say_problems, working
from gongkai.evaluation.inputs import DEFAULT_UNITS, NO_LOG
from gongkai.evaluation.receipt import product_version
from gongkai.files.mapping import load_mapping
from reports.output.folder import WriteError, write_one
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.ledger.imports import Imported
    from events.mapping import TableMapping
    from events.problems import Lang
    from rules.units import Registry

OK, DAMAGED, UNUSABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What somebody wants to import, as they wrote it.

    Attributes:
        paths: files and folders.
        ledger: the ledger.
        units: the unit registry; the packaged one without.
        mapping: the mapping file.
        by: who imports; the user of the system without.
        at: when, as ISO date-time; now without.
    """

    paths: tuple[Path, ...]
    ledger: Path
    units: Path | None = None
    mapping: Path | None = None
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class _Means:
    """What files are read with."""

    registry: Registry
    mapping: Sequence[TableMapping] | None
    provenance: Provenance


def import_files(request: ImportRequest, lang: Lang) -> int:
    """Import files into a ledger, all or none, and say what each added."""
    means, problems = _means(request)
    say_problems(problems, lang)
    if means is None:
        return UNUSABLE
    try:
        with working(Text("导入…", "Importing …").in_(lang)):
            names, imported, problems = _import(request, means, lang)
    except DamageError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    say_problems(problems, lang)
    if imported is None:
        text = Text(
            "有错误，什么也没有导入；全部文件改正后再导入", "There are errors: nothing was imported; correct them first"
        )
        say(text.in_(lang))
        return UNUSABLE
    for name, added, known in zip(names, imported.added, imported.known, strict=True):
        say(Text(f"{name}：新增{added}条，已有{known}条", f"{name}: {added} new, {known} there already").in_(lang))
    _say_head(request.ledger, imported.head, lang)
    return OK


def verify(ledger: Path, expected: str | None, lang: Lang) -> int:
    """Verify a ledger and say what state it is in, or name the first entry that is wrong."""
    verified = verify_ledger(ledger, load_vocabulary(), expected)
    say_problems(verified.problems, lang)
    if verified.head is None:
        codes = {problem.code for problem in verified.problems}
        return UNUSABLE if codes & {"no-ledger", "not-a-ledger", "ledger-unreadable", "ledger-version"} else DAMAGED
    say(Text("账本完好", "The ledger is whole").in_(lang))
    _say_head(ledger, verified.head, lang)
    return OK


def export(ledger: Path, out: Path, lang: Lang) -> int:
    """Write all entries of a ledger into one file, which can be imported again with the same head."""
    try:
        loaded = load_ledger(ledger, load_vocabulary())
        write_one(out, memoryview(mapped(ledger / ENTRIES))[: loaded.head.size])
    except (DamageError, WriteError) as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    _say_head(out, loaded.head, lang)
    return OK


def _say_head(path: Path, head: Head, lang: Lang) -> None:
    text = Text(
        f"{path}：共{head.events}条事件，链头 {head.hash}", f"{path}: {head.events} events in all, head {head.hash}"
    )
    say(text.in_(lang))


def _means(request: ImportRequest) -> tuple[_Means | None, tuple[Problem, ...]]:
    """Return what the files are read with, None where something of it cannot be used; and what is wrong."""
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    mapping, wrong = load_mapping(request.mapping)
    problems = (*problems, *wrong, *(() if request.paths else (NO_LOG,)))
    at = _moment(request.at)
    if at is None:
        fact = Text(f"“{request.at}”不是时刻", f"{request.at!r} is no moment")
        cure = Text("写作 2023-12-31T10:00", "Write 2023-12-31T10:00")
        problems = (*problems, Problem("bad-option", Where("--at"), fact, cure, request.at))
    if registry is None or at is None or has_errors(problems):
        return None, problems
    digest = None if request.mapping is None else hashlib.sha256(request.mapping.read_bytes()).hexdigest()
    by = request.by or getpass.getuser()
    return _Means(registry, mapping, Provenance(at, by, product_version(), registry.sha256, digest)), problems


def _moment(text: str | None) -> str | None:
    """Return the moment of an import as the ledger has it; this is where the clock is read."""
    try:
        moment = datetime.now(CHINA) if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    local = moment.astimezone(CHINA) if moment.tzinfo is not None else moment
    return local.replace(tzinfo=None, microsecond=0).isoformat()


def _import(
    request: ImportRequest, means: _Means, lang: Lang
) -> tuple[tuple[str, ...], Imported | None, tuple[Problem, ...]]:
    """Return the names of the files, what was done with them, and what is wrong."""

    def waiting() -> None:
        """Say why it takes longer."""
        text = Text("另一个导入正在进行，等待它完成…", "Another import is under way; waiting for it to end …")
        say_problems([Problem("waiting", Where(str(request.ledger)), text, Text("", ""), None, "warning")], lang)

    vocabulary = load_vocabulary()
    if len(request.paths) == 1 and is_export(request.paths[0]) and continues(request.ledger, request.paths[0]):
        imported, problems = import_export(request.ledger, request.paths[0], vocabulary, waiting)
        return (request.paths[0].name,), imported, problems
    log = LogReader(vocabulary, means.registry, means.mapping)
    with Stage() as stage:
        for file in (one for path in request.paths for one in log.files_of(path)):
            _put(log, file, stage)
        problems = sort_problems(log.problems)
        names = tuple(one.name for one in stage.sources)
        if has_errors(problems):
            return names, None, problems
        checks = Checks(log.rejected, means.registry.evaluates)
        imported, wrong = import_stage(request.ledger, stage, means.provenance, checks, waiting)
    return names, imported, sort_problems([*problems, *wrong])


def _put(log: LogReader, file: Path, stage: Stage) -> None:
    """Read one file onto the stage."""
    before = len(log.files), len(log.ledgers)
    for table in log.read(file):
        stage.add(table, path_text(file))
    if len(log.files) > before[0]:
        stage.end(path_text(Path(file.name)), log.files[-1].sha256, log.files[-1].rows)
    elif len(log.ledgers) > before[1]:
        stage.end(path_text(Path(file.name)), log.ledgers[-1].loaded.head.hash, log.ledgers[-1].loaded.head.events)
