"""Targets of speed and memory: each a line with its figure, its aim, and whether it is met."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PREFIX = "TARGET"
START, END = "<!-- targets -->", "<!-- targets end -->"
"""What is between them in docs/benchmarks.md is written by `benchmarks/all.py`."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that should keep to an aim.

    Attributes:
        name: what was measured.
        value: the figure, in `unit`.
        aim: the most it should be, in `unit`.
        unit: `s`, `ms`, `µs`, `MiB`, or `×` for a ratio.
    """

    name: str
    value: float
    aim: float
    unit: str = "s"

    def line(self) -> str:
        """Return the target as a row of a table."""
        met = "met" if self.value <= self.aim else f"missed, {self.value / self.aim:.1f} × the aim"
        return f"| {self.name} | {_figure(self.value)} {self.unit} | {_figure(self.aim)} {self.unit} | {met} |"


def _figure(value: float) -> str:
    """Return a figure with three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def tell(name: str, value: float, aim: float, unit: str = "s") -> None:
    """Print a target so that it is found among what a benchmark prints."""
    sys.stdout.write(f"{PREFIX} {Target(name, value, aim, unit).line()}\n")
    sys.stdout.flush()


def told(output: str) -> list[str]:
    """Return the rows of the targets that a benchmark printed."""
    return [line.removeprefix(PREFIX).strip() for line in output.splitlines() if line.startswith(PREFIX)]


def table(rows: Sequence[str]) -> str:
    """Return the targets as a table."""
    return "\n".join(("| target | measured | at most | |", "|---|---|---|---|", *rows)) + "\n"


def put(rows: Sequence[str], machine: str, page: Path) -> None:
    """Put the targets into a page, between its marks."""
    before, rest = page.read_text(encoding="utf-8").split(START)
    _, after = rest.split(END)
    page.write_text(f"{before}{START}\n{machine}\n\n{table(rows)}{END}{after}", encoding="utf-8")
