"""What small files that mean harm take: `python -m benchmarks.hostile` prints the table of docs/hostile-files.md.

Each file is made anew and read by the command that a person would use, in a process of its own under limits of the
system: addresses and time of the processor. Peak memory is `VmHWM` of that process, or that of the largest process that
it started: what `wait4` says would begin with the memory of this one.
"""

from __future__ import annotations

import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.annual.test_hostile_documents import HOSTILE, document
from tests.events.heavy import HEAVY
from tests.events.hostile import ROW, SHEET, far_cell, packed, repeated, workbook
from tests.events.reading import HEADINGS, csv_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ADDRESSES: Final = 4 << 30
"""Bytes of addresses that a process may have: libraries map far more than they use."""

SECONDS: Final = 120
ROOT: Final = Path(__file__).parents[1]
CHECK: Final = ("events", "check")
_PROGRAM: Final = """
import resource, sys
from gongkai.__main__ import main
try:
    main()
finally:
    own = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"PEAK {max(int(own), started)}", file=sys.stderr, flush=True)
"""
_PEAK: Final = re.compile(r"^PEAK (\d+)$", re.MULTILINE)
_CODE: Final = re.compile(r"(?:错误|提醒) \[([a-z-]+)\]")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and how it is read.

    Attributes:
        about: what it is.
        suffix: the ending of its name.
        make: writes it.
        command: what reads it; the file's name comes last.
    """

    about: str
    suffix: str
    make: Callable[[Path], object]
    command: tuple[str, ...] = CHECK


def of_bytes(content: Callable[[], bytes]) -> Callable[[Path], object]:
    """Return what writes bytes."""
    return lambda path: path.write_bytes(content())


def full_sheet(path: Path) -> None:
    """Write 3.6 million cells with numbers that do not pack well, within the limits."""
    numbers = random.Random(1)  # noqa: S311 (no secret)
    rows = (
        f'<row r="{row}">' + "".join(f"<c><v>{numbers.random()}</v></c>" for _ in range(90)) + "</row>"
        for row in range(3, 40_003)
    )
    parts = workbook()
    sheet = parts[SHEET].replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>")
    path.write_bytes(packed({**parts, SHEET: sheet}))


def repeated_cells(path: Path) -> None:
    """Write an OpenDocument sheet of a cell that is repeated over all the columns of a million rows."""
    names = "office text table"
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in names.split())
    content = (
        f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="a">'
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    path.write_bytes(packed({"mimetype": kind, "content.xml": content.encode()}))


def comments(path: Path) -> None:
    """Write 288 MB of comments."""
    path.write_bytes(packed({**workbook(), "xl/comments1.xml": os.urandom(1 << 20) * 288}))


def files() -> Iterator[Hostile]:
    """Yield the files."""
    for reference in ("xfd1048576", "A4294967295", "AAAAAA5", "XFD1048576"):
        yield Hostile(f"XLSX, a cell {reference}", ".xlsx", of_bytes(partial(far_cell, reference)))
    yield Hostile("XLSX, a text of 32 kB in 4,000 cells", ".xlsx", of_bytes(lambda: repeated(4_000, 32_000)))
    yield Hostile("XLSX, 3.6 million cells", ".xlsx", full_sheet)
    yield Hostile("XLSX, 288 MB of comments", ".xlsx", comments)
    yield Hostile("ODS, a cell repeated 16,000 million times", ".ods", repeated_cells)
    for about, (suffix, make, _) in HEAVY.items():
        yield Hostile(f"{suffix[1:].upper()}, {about}", suffix, make)
    yield Hostile("CSV, 20 million commas", ".csv", of_bytes(lambda: b"id" + b"," * 20_000_000))
    yield Hostile("CSV, 10 million rows of a cell", ".csv", of_bytes(lambda: b"id\n" + b"1\n" * 10_000_000))
    yield Hostile("CSV, 300,000 events (for comparison)", ".csv", lambda path: csv_file(path, [*long_log()]))
    for about, (body, _) in HOSTILE.items():
        yield Hostile(f"DOCX, {about}", ".docx", of_bytes(partial(document, body)), ("annual-report", "check"))
    calendar = ("calendar", "add", "2023-09-28", "3 days", "--calendar")
    yield Hostile("YAML, nested 100,000 deep", ".yaml", of_bytes(lambda: b"[" * 100_000), calendar)
    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]" for n in range(10))
    yield Hostile("YAML, aliases of aliases", ".yaml", of_bytes(laughs.encode), calendar)
    yield Hostile("a pipe", ".csv", os.mkfifo)


def long_log() -> Iterator[tuple[object, ...]]:
    """Yield a sound log of 300,000 events."""
    yield HEADINGS
    yield from ((number, *ROW[1:]) for number in range(300_000))


def measured(one: Hostile, path: Path) -> str:
    """Return the line of the table for a file."""
    one.make(path)
    size = path.stat().st_size
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *one.command, str(path)],
            stdout=said,
            stderr=said,
            cwd=ROOT,
            preexec_fn=limited,  # noqa: PLW1509 (no threads here)
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    path.unlink()
    codes, peak = sorted(set(_CODE.findall(text))), _PEAK.search(text)
    outcome = "、".join(f"`{code}`" for code in codes) or "read"
    seconds = used.ru_utime + used.ru_stime
    wall = time.monotonic() - began
    shown = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"  # noqa: PLR2004
    memory = f"{int(peak[1]) // 1024} MB" if peak is not None else "ended by the system"
    taken = f"{memory} | {seconds:.1f} s ({wall:.1f} s)"
    return f"| {one.about} | {shown} | {taken} | {process.returncode} | {outcome} |"


def limited() -> None:
    """Set the limits of the system for the process that reads."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> None:
    """Print the table; words on the command line choose the files whose description has one of them."""
    wanted = sys.argv[1:]
    sys.stdout.write("| file | size | peak memory | processor (wall) | exit | what is said |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(files()):
            if not wanted or any(word in one.about for word in wanted):
                sys.stdout.write(f"{measured(one, Path(folder) / f'{number}{one.suffix}')}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
