"""Judge one batch of counties in the embedded database: check, judge, write a file a county."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from engine.backends.duck import DuckBackend
from engine.backends.text import quoted
from engine.batches.checks import NEEDED, check_events, checked_sql
from engine.batches.layout import COUNTY
from engine.batches.meant import settle_meaning
from engine.batches.model import PART, Outcome
from engine.batches.near import near_problems
from engine.batches.plan import damaged
from engine.batches.written import write_counties
from engine.judge import judge
from events.problems import Problem, Text, Where
from events.table import schema
from events.vocabulary import load_vocabulary, using

if TYPE_CHECKING:
    from engine.batches.model import Task

_SHARE: Final = 0.6
"""How much of a machine's memory the databases of its tasks may take together before they spill."""

_MARK: Final = "\x1e"
"""What stands between a county and an id while counties that share ids are judged together."""

_EVENTS: Final = """
SELECT e.* EXCLUDE (id, corrects, retracts),
  {own} AS id,
  CASE WHEN NOT e.corrects IS NULL THEN {corrects} END AS corrects,
  CASE WHEN NOT e.retracts IS NULL THEN {retracts} END AS retracts
FROM meant AS e
LEFT JOIN shared_ids AS s ON s.county = e.county AND s.id = e.id
LEFT JOIN shared_ids AS c ON c.county = e.county AND c.id = e.corrects
LEFT JOIN shared_ids AS r ON r.county = e.county AND r.id = e.retracts
"""
"""The events of a batch in which ids repeat: one that units of a county share is written `unit:id`."""

_SHARED: Final = "SELECT county, id FROM checked GROUP BY county, id HAVING COUNT(*) > 1"
_CROSSING: Final = "SELECT COUNT(*) > COUNT(DISTINCT id) AS found FROM checked"


def judge_batch(task: Task) -> Outcome:
    """Check and judge the counties of a task, and write `county=<id>/part.parquet` for each.

    A file is written under another name and renamed, and its content follows from the task alone: a task that is done
    again, because the process that did it was lost, leaves what one that is done once leaves.
    """
    with using(task.vocabulary):
        return _judged(task, Path(task.folder))


def _judged(task: Task, folder: Path) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="gongkai-") as scratch:
        memory, threads = _share(task.slots)
        try:
            with DuckBackend(memory=memory, scratch=Path(scratch), threads=threads) as backend:
                found, marked = _prepare(backend, task)
                problems = tuple(one for one in found if one.severity == "error")
                told = tuple(one for one in found if one.severity != "error")
                if problems or task.only_check:
                    return Outcome(task.batch.number, problems=problems, told=told)
                return Outcome(task.batch.number, _write(backend, task, folder, marked=marked), told=told)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            return Outcome(task.batch.number, problems=tuple(_unreadable(task) or [_failed(task, error)]))


def _share(slots: int) -> tuple[str, int]:
    """Return the memory and the threads of one of so many tasks on this machine."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # a system that does not tell: Windows
        memory = 8 << 30
    return f"{int(memory * _SHARE / slots) >> 20}MB", max(1, (os.cpu_count() or 1) // slots)


def _prepare(backend: DuckBackend, task: Task) -> tuple[list[Problem], bool]:
    """Make the files of a batch known as `events`.

    Returns:
        What is wrong with them and what is to be told, and whether ids got the mark of their county.
    """
    wanted = schema(load_vocabulary())
    if task.batch.files:
        backend.read_files("files", task.batch.files)
        present = backend.columns("files")
        missing = [name for name in NEEDED if name not in present]
        if missing:
            return [_lacks(task, missing)], False
        backend.create("checked", checked_sql(wanted, present))
    else:
        empty = wanted.append(pa.field(COUNTY, pa.string()))
        backend.load("checked", empty.empty_table())
    problems = check_events(backend, task.question.counties, task.batch)
    if problems:
        return problems, False
    meant, told = settle_meaning(backend, task.question.counties, task.batch)
    backend.define("meant", meant)
    told += near_problems(backend, load_vocabulary(), {one.county: one.place for one in task.batch.counties})
    return told, _name_events(backend)


def _name_events(backend: DuckBackend) -> bool:
    """Make the events known as `events`, each with an id that no other event of the batch has; say if ids were marked.

    Args:
        backend: has them as `checked`, and with the subjects and figures that are meant as `meant`.
    """
    if not backend.fetch(_CROSSING)["found"][0].as_py():
        backend.define("events", "SELECT * FROM meant")
        return False
    backend.create("shared_ids", _SHARED)
    columns = {"own": ("s", "id"), "corrects": ("c", "corrects"), "retracts": ("r", "retracts")}
    mark = f"chr({ord(_MARK)})"
    texts = {
        name: f"CONCAT(e.county, {mark}, CASE WHEN {table}.id IS NULL THEN '' ELSE e.unit || ':' END, e.{column})"
        for name, (table, column) in columns.items()
    }
    backend.create("events", _EVENTS.format(**texts))
    return True


def _shown_sql(backend: DuckBackend, *, marked: bool) -> str:
    """Return the query of the verdicts, sorted by county and obligation, ids written as they stand in their log.

    Args:
        backend: has the verdicts of all counties of the batch as `verdicts`.
        marked: whether ids got the mark of their county (`_name_events`).
    """
    prefix = f"{COUNTY} || {quoted(_MARK)}"
    columns = {
        "VARCHAR": f'replace("{{name}}", {prefix}, \'\') AS "{{name}}"',
        "VARCHAR[]": f'list_transform("{{name}}", lambda x: replace(x, {prefix}, \'\')) AS "{{name}}"',
    }
    types = zip(backend.columns("verdicts"), backend.types("verdicts"), strict=True) if marked else ()
    shown = ", ".join(
        (columns if name != COUNTY else {}).get(sort, '"{name}"').format(name=name) for name, sort in types
    )
    return f"SELECT {shown or '*'} FROM verdicts ORDER BY {COUNTY}, obligation, trigger"


def _write(backend: DuckBackend, task: Task, folder: Path, *, marked: bool) -> dict[str, dict[str, int]]:
    """Judge, and write the verdicts of each county; return the counts by county and status."""
    backend.define("verdicts", judge(backend, task.question))
    targets = {one.county: folder / f"{COUNTY}={quote(one.county, safe='')}" / PART for one in task.batch.counties}
    for target in targets.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    staged = {
        county: target.with_name(f".{PART}.{os.getpid()}.{task.batch.number}") for county, target in targets.items()
    }
    counts = write_counties(backend.stream(_shown_sql(backend, marked=marked)), staged)
    for county, target in targets.items():
        staged[county].replace(target)
    return counts


def _unreadable(task: Task) -> list[Problem]:
    """Return a problem for each file of a batch that cannot be read to its end."""
    wanted, problems = set(schema(load_vocabulary()).names), []
    for file in task.batch.files:
        try:
            with pq.ParquetFile(file) as opened:
                names = [name for name in opened.schema_arrow.names if name in wanted]
                for batch in opened.iter_batches(columns=names):
                    del batch
        except (pa.ArrowException, OSError) as error:
            problems.append(damaged(file, error))
    return problems


def _lacks(task: Task, missing: list[str]) -> Problem:
    names = "、".join(missing)
    fact = Text(f"文件缺这些列：{names}", f"the files lack these columns: {', '.join(missing)}")
    cure = Text("写成规范的列（见 docs/spark.md）", "Write the canonical columns (docs/spark.md)")
    return Problem("missing-columns", Where(task.batch.files[0]), fact, cure, names)


def _failed(task: Task, error: Exception) -> Problem:
    """Return the problem of a batch that could not be judged, though each of its files can be read."""
    counties = "、".join(one.county for one in task.batch.counties[:5])
    why = " ".join(str(error).split())[:200]
    fact = Text(f"这些县没有评估成（{counties}）：{why}", f"these counties could not be judged ({counties}): {why}")
    cure = Text("腾出内存和磁盘后再运行一次", "Make room in memory and on disk, and run again")
    return Problem("batch-failed", Where(task.folder), fact, cure)
