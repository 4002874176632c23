"""Limits of an input: bytes, cells, columns, problems. Over a limit there is a problem, not a crash.

The limits of a run are those of `using`, else the ones that stand here. The command line takes others from the
environment variable `GONGKAI_LIMITS`, for example `cells=20000000,file_bytes=1000000000`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "GONGKAI_LIMITS"
"""The environment variable that changes limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may have.

    Attributes:
        file_bytes: bytes of a file.
        unpacked_bytes: bytes that a workbook or a Parquet file unpacks to.
        text_bytes: bytes of a workbook's texts once each cell has its own; a text can stand once for many cells.
        ratio: how many times its packed size a large part of a workbook unpacks to.
        entries: parts of a workbook.
        sheets: sheets of a workbook.
        cells: cells of a workbook's sheets, blank ones between others included: they are all held in memory.
        columns: columns of a table.
        rows: rows of a Parquet file.
        problems: problems that are listed of one file; after them it is not read on.
        run_seconds: how long one run of a batch may take.
        run_bytes: memory that the process of one run of a batch may have to write in.
    """

    file_bytes: int = 512 << 20
    unpacked_bytes: int = 256 << 20
    text_bytes: int = 128 << 20
    ratio: int = 200
    entries: int = 10_000
    sheets: int = 250
    cells: int = 5_000_000
    columns: int = 2_000
    rows: int = 20_000_000
    problems: int = 10_000
    run_seconds: int = 3_600
    run_bytes: int = 16 << 30


_LIMITS: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 - it is frozen


def limits() -> Limits:
    """Return the limits that hold."""
    return _LIMITS.get()


@contextmanager
def using(changed: Limits) -> Iterator[None]:
    """Let other limits hold inside the block."""
    token = _LIMITS.set(changed)
    try:
        yield
    finally:
        _LIMITS.reset(token)


def read_limits(text: str) -> tuple[Limits, tuple[Problem, ...]]:
    """Return the limits that a text such as `cells=20000000,rows=100` changes, and what is wrong with it.

    Args:
        text: `name=value` pairs with commas between them; names are those of `Limits`, values whole numbers from 1.
    """
    names = [one.name for one in fields(Limits)]
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for pair in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = (one.strip() for one in pair.partition("="))
        digits = value.replace("_", "")
        if name not in names:
            fact = Text(f"没有名为“{name}”的限额", f"there is no limit {name!r}")
            cure = suggestion(
                did_you_mean(name, names), Text(f"可用：{'、'.join(names)}", f"There are {', '.join(names)}")
            )
            problems.append(Problem("bad-limit", Where(VARIABLE), fact, cure, name))
        elif not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits)):  # noqa: PLR2004
            fact = Text(
                f"限额 {name} 的值“{value}”不是正整数", f"the limit {name} is {value!r}, not a whole number from 1"
            )
            cure = Text(f"写成 {name}={getattr(Limits(), name)}", f"Write {name}={getattr(Limits(), name)}")
            problems.append(Problem("bad-limit", Where(VARIABLE), fact, cure, value))
        else:
            found[name] = int(digits)
    return replace(Limits(), **found), tuple(problems)


def over_limit(where: Where, name: str, found: int | str, cure: Text | None = None) -> Problem:
    """Return the problem of an input that has more of something than a limit allows.

    Args:
        where: the place.
        name: the limit, a field of `Limits`.
        found: how many there are.
        cure: what to do; by default to split the file, or to change the limit.
    """
    most = getattr(limits(), name)
    what = _WHAT[name]
    fact = Text(f"{what.zh}为 {found}，超过限额 {most}", f"{what.en}: {found}, over the limit of {most}")
    how = cure or Text("请拆成几个文件", "Split the file")
    change = Text(f"确需读取的，设置环境变量 {VARIABLE}={name}=…", f"or set {VARIABLE}={name}=…")
    return Problem("file-too-large", where, fact, Text(f"{how.zh}；{change.zh}", f"{how.en}, {change.en}"), name)


_WHAT = {
    "file_bytes": Text("文件字节数", "bytes of the file"),
    "unpacked_bytes": Text("展开后的字节数", "bytes that it unpacks to"),
    "text_bytes": Text("各格文字合计的字节数", "bytes of the texts of all cells"),
    "ratio": Text("压缩倍数", "times that it unpacks to its size"),
    "entries": Text("压缩包内的文件数", "parts of the workbook"),
    "sheets": Text("工作表数", "sheets"),
    "cells": Text("工作表的格数（含中间的空格）", "cells of the sheet, blank ones included"),
    "columns": Text("列数", "columns"),
    "rows": Text("行数", "rows"),
    "problems": Text("问题数", "problems"),
    "run_seconds": Text("批量评估中一项的秒数", "seconds of a run of a batch"),
    "run_bytes": Text("批量评估中一项可以占的内存", "memory of a run of a batch"),
}
