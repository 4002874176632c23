"""The office's import of old years: files into the console's ledger, beside the server, all or none."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import pyarrow as pa

from events.problems import has_errors
from events.table import place_of
from gongkai.console import audit
from gongkai.console.entry.personal import personal_problems
from gongkai.options import LogOptions
from gongkai.services.ledger.imports import ImportRequest, import_files
from gongkai.services.log import read_log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from events.problems import Problem, Where
    from gongkai.console.folder import DataFolder
    from gongkai.services.ledger.imports import ImportResult


def import_old(
    folder: DataFolder, paths: Sequence[Path], mapping: Sequence[Path] = (), *, as_correction: bool = False
) -> tuple[ImportResult | None, tuple[Problem, ...]]:
    """Import files into the ledger of a console, with its own registry; the server sees them at once.

    What a file says of the moment of entry is kept, as old years were entered long ago. Texts with the number of a
    person are refused, as in everything that gets into the ledger.

    Args:
        folder: the data folder.
        paths: files and folders.
        mapping: mappings for other layouts.
        as_correction: whether rows that differ from the ledger correct it.

    Returns:
        What was imported, None where nothing was; and what is wrong.

    Raises:
        ProblemError: the ledger cannot be read or written.
    """
    options = LogOptions(units=folder.beside(folder.settings.units), mapping=tuple(mapping))
    log, problems = read_log(tuple(paths), options)
    if log is None or has_errors(problems):
        return None, problems
    personal = tuple(personal_problems(_texts(log.read.table)))
    if personal:
        return None, (*problems, *personal)
    who = getpass.getuser()
    request = ImportRequest(tuple(paths), folder.ledger, options, by=who, as_correction=as_correction)
    done, told = import_files(request)
    if done is not None:
        added = sum(new for _, new, _ in done.files)
        audit.record(who, "console-import", files=[name for name, _, _ in done.files], added=added, head=done.head.hash)
    return done, told


def _texts(table: pa.Table) -> Iterator[tuple[Where, dict[str, object]]]:
    """Yield the texts of each entry with its place."""
    names = [one.name for one in table.schema if one.type == pa.string() and one.name not in {"id", "file", "place"}]
    texts = [name for name in names if table[name].null_count < table.num_rows]
    for row in table.select([*texts, "file", "place"]).to_pylist():
        yield place_of(row["file"], row["place"]), {name: row[name] for name in texts if row[name] is not None}
