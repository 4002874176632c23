"""Inputs that mean harm, and reading a file in a process of its own that says how much memory and time it took."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.events.reading import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ROW = ("1", "业务培训", "县民政局", "2023-07-14")
ROOT = Path(__file__).parents[2]
_SCRIPT = """
import json, resource, sys, time
from pathlib import Path
from tests.events.reading import read
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    began = time.process_time()
    log = read(Path(path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"codes": sorted({one.code for one in log.problems}), "count": len(log.problems),
        "seconds": time.process_time() - began, "mb": (peak - start) // 1024}))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading a file gave, and took.

    Attributes:
        codes: the codes of the problems.
        count: how many problems there are.
        seconds: time of the processor.
        mb: the most memory so far beyond that of the program itself.
    """

    codes: list[str]
    count: int
    seconds: float
    mb: int


def costs(paths: Sequence[Path]) -> list[Cost]:
    """Read files one after another in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *map(str, paths)],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return [Cost(**json.loads(line)) for line in done.stdout.splitlines()]


def workbook() -> dict[str, bytes]:
    """Return the parts of a workbook with one event."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    for number, cells in enumerate((HEADINGS, ROW)):
        sheet.write_row(number, 0, cells)
    book.close()
    with zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file of some parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def in_workbook(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return a workbook with some parts changed."""
    parts = workbook()
    change(parts)
    return packed(parts)


def bomb(parts: dict[str, bytes]) -> None:
    """Let a sheet unpack to 64 MB, from 60 KB."""
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + b" " * (64 << 20))


def lying(raw: bytes, name: str, size: int) -> bytes:
    """Return a zip file that says another unpacked size of one part than it has, in both places."""
    result = bytearray(raw)
    for magic, at, names in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = 0
        while (start := raw.find(magic, start)) >= 0:
            if raw[start + names : start + names + len(name)] == name.encode():
                struct.pack_into("<I", result, start + at, size)
            start += 4
    return bytes(result)


def far_cell(reference: str) -> bytes:
    """Return a workbook of five kilobytes with a cell under a reference that no sheet has, or its last one."""
    row = min(int("".join(one for one in reference if one.isdigit()) or 1), 1_048_576)
    cell = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    parts = workbook()
    return packed({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", cell)})


def repeated(times: int, size: int) -> bytes:
    """Return a workbook with a text that stands there once and that many cells share."""
    parts = workbook()
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, times + 3))
    sheet = parts[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    return packed({**parts, SHEET: sheet, STRINGS: parts[STRINGS].replace(b"<t>", b"<t>" + b"x" * size, 1)})


def parquet_of(columns: dict[str, Any], **how: Any) -> Callable[[Path], object]:  # noqa: ANN401
    """Return what writes a Parquet file of one row group."""
    return lambda path: pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=1 << 26, **how)
