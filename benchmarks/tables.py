"""The results as tables and as a picture, in docs/."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import altair as alt

from benchmarks.measure import Failure, Figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

START, END = "<!-- measured -->", "<!-- end -->"
"""What is between them in the page is written by the benchmarks."""

SECONDS = ("wall", "work", "cpu", "effort")
HEADINGS = (
    "| | runs | wall s | work s | CPU s | work CPU s | peak MiB | wall × | work × | CPU × | work CPU × | answers |"
)
PICTURE = "benchmarks.svg"
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured, and what is to be said of it."""

    name: str
    figures: Figures | Failure
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """Things measured in turns, so that their ratios mean something.

    Attributes:
        title: what was measured.
        rows: one thing each.
        base: the row that the others are compared with.
    """

    title: str
    rows: Sequence[Row]
    base: str

    def markdown(self) -> str:
        """Return the table as Markdown: medians, and ratios to the base."""
        base = next((row.figures for row in self.rows if row.name == self.base), None)
        lines = [
            f"### {self.title}",
            "",
            HEADINGS,
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        lines += [self._line(row, base) for row in self.rows]
        return "\n".join((*lines, ""))

    @staticmethod
    def _line(row: Row, base: Figures | Failure | None) -> str:
        figures = row.figures
        if isinstance(figures, Failure):
            return f"| {row.name} | | | | | | | | | | | {figures.why} |"
        ratios = [""] * len(SECONDS)
        if isinstance(base, Figures):
            ratios = [f"{getattr(figures, name) / getattr(base, name):.2f}" for name in SECONDS]
        seconds = [f"{getattr(figures, name):.2f}" for name in SECONDS]
        cells = (*seconds, f"{figures.peak:.0f}", *ratios)
        return f"| {row.name} | {figures.runs} | {' | '.join(cells)} | {row.note} |"


def machine() -> str:
    """Return the machine in general terms, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; load average at the end (1/5/15 min, this benchmark included): {load}; "
        f"{datetime.now(UTC):%Y-%m-%d}"
    )


def write_page(tables: Sequence[Table], docs: Path) -> None:
    """Put the tables into `docs/benchmarks.md`, the figures into a JSON file and the picture beside them."""
    page = docs / "benchmarks.md"
    before, rest = page.read_text(encoding="utf-8").split(START)
    _, after = rest.split(END)
    measured = "\n".join([f"Machine: {machine()}.", "", *(table.markdown() for table in tables)])
    page.write_text(f"{before}{START}\n{measured}\n{END}{after}", encoding="utf-8")
    images = docs / "images"
    picture(tables).save(images / PICTURE)
    content = [{"title": one.title, "rows": [asdict(row) for row in one.rows]} for one in tables]
    (images / "benchmarks.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def picture(tables: Sequence[Table]) -> alt.VConcatChart:
    """Return a chart of processor seconds, a panel a table, on a scale of its own."""
    panels = []
    for table in tables:
        values = [
            {"what": row.name, "seconds": row.figures.cpu} for row in table.rows if isinstance(row.figures, Figures)
        ]
        bars = alt.Chart(alt.InlineData(values=values), title=table.title, width=520).mark_bar(color="#1f3a5f")
        what = alt.Y("what:N", sort=None, title=None)
        seconds = alt.X("seconds:Q", title="CPU seconds, median")
        figures = bars.mark_text(align="left", dx=4).encode(y=what, x=seconds, text=alt.Text("seconds:Q", format=".1f"))
        panels.append(bars.encode(y=what, x=seconds) + figures)
    return alt.vconcat(*panels)
