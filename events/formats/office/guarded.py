"""A workbook read in a process of its own, within bounds of memory and time.

The native reader of workbooks ends its whole process where a workbook makes it ask for more memory than there is. What
`events.formats.office.xlsx` has not proven to be harmless first (.xls, .xlsb, .ods) is therefore read here: whatever
the file does to the reader, here it is a problem with the file's name.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine

from events import findings
from events.formats.checks import calamine_child
from events.formats.office.xlsx_package import locked, unreadable
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEMORY = 1 << 30
"""Bytes of address space that the reader's process may have, where the system can bound it (not on Windows)."""

SECONDS = 60.0
"""How long the reader may take."""

_TYPES: dict[str, Callable[[Any], object]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


@dataclass(slots=True)
class GuardedSheet:
    """One sheet as the reader of workbooks hands it over.

    Attributes:
        name: the sheet's name.
        hidden: whether it is hidden.
        merged: first and last cell of each merged range, as row and column from 0.
        rows: the values, from cell A1 on; "" where a cell is blank.
    """

    name: str
    hidden: bool
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    rows: list[list[object]] = field(default_factory=list)


def read_workbook(raw: bytes, file: str) -> tuple[tuple[GuardedSheet, ...], Problem | None]:
    """Return the sheets of a workbook in any format that calamine reads: .xls, .xlsb, .ods, .xlsx.

    Args:
        raw: what is in the file.
        file: the name that problems show.

    Returns:
        The sheets, and what keeps them from being read: a password, damage, a limit, too much memory or time.
    """
    answer, wrong = _ask(raw, file)
    if wrong is not None:
        return (), wrong
    sheets: list[GuardedSheet] = []
    for text in answer.splitlines():
        line = json.loads(text, object_hook=_untagged)
        if "row" in line:
            sheets[-1].rows.append(line["row"])
        elif "merged" in line:
            merged = [((top, left), (bottom, right)) for (top, left), (bottom, right) in line["merged"]]
            sheets.append(GuardedSheet(line["sheet"], line["hidden"], merged))
        elif "end" in line:
            return tuple(sheets), None
        else:
            return (), _refused(line, file)
    return (), _ended(file)


def _ask(raw: bytes, file: str) -> tuple[bytes, Problem | None]:
    """Return what the reader's process says of a workbook."""
    folder = str(Path(python_calamine.__file__).parents[1])
    bounds = (MEMORY, limits().cells, limits().sheets, limits().text_bytes)
    command = [sys.executable, "-I", str(calamine_child.__file__), folder, *map(str, bounds)]
    try:
        done = subprocess.run(  # noqa: S603 (our own file; the workbook goes in by standard input)
            command,
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return b"", _too_slow(file)
    except OSError as error:
        return b"", unreadable(file, findings.shown(error.strerror or str(error)))
    return (done.stdout, None) if done.returncode == 0 else (b"", _ended(file))


def _untagged(value: dict[str, Any]) -> object:
    """Return a value of JSON as the reader had it."""
    name = next(iter(value), "")
    return _TYPES[name](value[name]) if name in _TYPES else value


def _refused(line: Mapping[str, Any], file: str) -> Problem:
    """Return the problem of a workbook that the reader did not get through."""
    if "over" in line:
        return over_limit(Where(file, sheet=line.get("sheet")), line["over"], line["found"])
    return locked(file) if "locked" in line else unreadable(file, findings.shown(line.get("error", "?")))


def _ended(file: str) -> Problem:
    fact = Text(
        "读取这个文件的进程中途终止（文件损坏，或者要用的内存超过限额）",
        "the process that read this file ended (it is damaged, or needs more memory than is allowed)",
    )
    cure = Text(
        "请在表格软件中打开，删去表格以外的内容，另存为 .xlsx", "Open it, delete what is no table, save as .xlsx"
    )
    return findings.simple("bad-workbook", Where(file), fact, cure)


def _too_slow(file: str) -> Problem:
    fact = Text(f"读取这个文件超过 {SECONDS:.0f} 秒", f"reading this file takes more than {SECONDS:.0f} seconds")
    return findings.simple("too-slow", Where(file), fact, Text("请拆成几个文件", "Split it into several files"))
