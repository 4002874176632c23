"""The reader of workbooks as a program of its own: a workbook comes in, its sheets go out as JSON lines.

`events.formats.office.guarded` runs this file by its path. It imports nothing of the product, so that it starts quickly
and so that what a workbook does to it stays in it. Arguments: the folder of `python_calamine`, the most bytes of
memory, the most cells of all sheets, the most sheets, and the most bytes that go out.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet, CalamineWorkbook


def limit_memory(most: int) -> None:
    """Let the process end where it asks for more memory; a system without such limits has none here."""
    try:
        import resource  # noqa: PLC0415 (POSIX only)

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass


def tagged(value: object) -> dict[str, Any]:
    """Return a value that JSON has no form for with the name of its type."""
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value).__name__)


def size(sheet: CalamineSheet) -> int:
    """Return how many cells a sheet has, blank ones between others included."""
    last = sheet.end
    return (last[0] + 1) * (last[1] + 1) if last is not None else 0


def lines(book: CalamineWorkbook, cells: int, sheets: int) -> Iterator[dict[str, Any]]:
    """Yield what is said of each sheet, then a list for each of its rows."""
    metadata = book.sheets_metadata
    if len(metadata) > sheets:
        yield {"over": "sheets", "found": len(metadata)}
        return
    total = 0
    for one in metadata:
        if "Work" not in str(one.typ):
            continue
        sheet = book.get_sheet_by_name(one.name)
        total += size(sheet)
        if total > cells:
            yield {"over": "cells", "found": total, "sheet": one.name}
            return
        merged = sheet.merged_cell_ranges or []
        yield {"sheet": one.name, "hidden": "Visible" not in str(one.visible).split(".")[-1:], "merged": merged}
        for row in sheet.to_python(skip_empty_area=False):
            yield {"row": row}


def main() -> int:
    """Read the workbook from standard input."""
    folder, *numbers = sys.argv[1:]
    memory, cells, sheets, most = map(int, numbers)
    sys.path.append(folder)
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415 (its place is an argument)

    limit_memory(memory)
    out, written = sys.stdout.buffer, 0

    def put(line: dict[str, Any]) -> None:
        nonlocal written
        text = json.dumps(line, default=tagged, separators=(",", ":")).encode() + b"\n"
        written += len(text)
        out.write(text if written <= most else b'{"over":"text_bytes","found":%d}\n' % written)
        if written > most:
            raise OverflowError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for line in lines(book, cells, sheets):
            put(line)
        put({"end": True})
    except OverflowError:
        pass
    except PasswordError:
        put({"locked": True})
    except BaseException as error:  # noqa: BLE001 (a panic of the native reader is no Exception)
        put({"error": str(error)[:200]})
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
