"""Which files are of which county, and which counties make a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from engine.batches.layout import LEVEL, MOST_EVENTS
from engine.batches.model import Batch, CountyFiles
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def list_counties(paths: Sequence[Path]) -> tuple[tuple[CountyFiles, ...], tuple[Problem, ...]]:
    """Return the files of each county below folders with a level `county=…`, sorted by county, and what is wrong.

    A file that is no Parquet, a file that belongs to no county, and what is neither file nor folder are told.
    """
    files: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    problems: list[Problem] = []
    for path in paths:
        for file in sorted(path.rglob("*.parquet")) if path.is_dir() else [path]:
            if file.is_dir():
                continue
            county = _county_of(file)
            number = _rows_of(file, problems) if county is not None else None
            if county is None:
                problems.append(_of_no_county(file))
            elif number is not None:
                files.setdefault(county, []).append(str(file))
                rows[county] = rows.get(county, 0) + number
    found = tuple(CountyFiles(county, tuple(sorted(files[county])), rows[county]) for county in sorted(files))
    return found, tuple(problems)


def plan_batches(counties: Iterable[CountyFiles], most: int = MOST_EVENTS) -> tuple[Batch, ...]:
    """Return the batches of a run, largest counties first; a county larger than a batch is a batch by itself.

    Args:
        counties: all counties that are to be judged.
        most: events of a batch of more than one county.
    """
    groups: list[list[CountyFiles]] = []
    room = 0
    for one in sorted(counties, key=lambda county: (-county.events, county.county)):
        if groups and one.events <= room:
            groups[-1].append(one)
            room -= one.events
        else:
            groups.append([one])
            room = most - one.events
    ordered = (tuple(sorted(group, key=lambda county: county.county)) for group in groups)
    return tuple(Batch(number, group) for number, group in enumerate(ordered))


def _county_of(file: Path) -> str | None:
    """Return the county that a file's folders name, or None."""
    names = [part.removeprefix(LEVEL) for part in file.parts[:-1] if part.startswith(LEVEL)]
    return unquote(names[-1]) if names else None


def _rows_of(file: Path, problems: list[Problem]) -> int | None:
    """Return how many rows a file has; a file that cannot be opened is a problem."""
    if not file.is_file():
        fact = Text("这不是文件（管道或设备）", "this is no file (a pipe or a device)")
        problems.append(Problem("damaged-file", Where(str(file)), fact, _REPLACE))
        return None
    try:
        return int(pq.read_metadata(file).num_rows)
    except (pa.ArrowException, OSError) as error:
        problems.append(damaged(str(file), error))
        return None


_REPLACE = Text("换上完好的文件，或者移走它", "Put a sound file there, or take it away")


def damaged(file: str, error: Exception) -> Problem:
    """Return the problem of a file that is no sound Parquet."""
    why = " ".join(str(error).split())[:160]
    fact = Text(f"这个 Parquet 文件已损坏，读不出来：{why}", f"this Parquet file is damaged and cannot be read: {why}")
    return Problem("damaged-file", Where(file), fact, _REPLACE)


def _of_no_county(file: Path) -> Problem:
    fact = Text("这个文件不在任何 county=… 文件夹里", "this file is in no folder county=…")
    cure = Text("移到它所属县的文件夹里，或者移走它", "Move it into its county's folder, or take it away")
    return Problem("no-county", Where(str(file)), fact, cure)
