"""The checks against other sources: A13 (our own register) and A14 (a county is the sum of its units)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.check.comparison import ReportComparison, equation
from reports.annual.check.filled import FilledFigure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.annual.check.filled import Filled
    from reports.annual.report import AnnualReport


def check_register(filled: Filled, report: AnnualReport) -> Iterator[ReportComparison]:
    """Yield A13 for each cell that the log can say; one for all cells that it cannot."""
    unknown = []
    for key, value in report.cells.items():
        if key.split(".")[0] not in filled.tables:
            continue
        if value is None:
            unknown.append((filled.name(key), filled.figure(key)))
            continue
        left = [(f"报告·{filled.name(key)}", filled.figure(key))]
        yield equation(
            "A13", filled.name(key), left, [(f"台账·{filled.name(key)}", FilledFigure(str(value), value, None))]
        )
    if unknown:
        text = Text(f"有{len(unknown)}格台账无从得知", f"the log cannot say {len(unknown)} cells")
        yield ReportComparison("A13", "台账没有的格", "uncertain", text, tuple(unknown))


def check_parts(filled: Filled, parts: Sequence[Filled]) -> Iterator[ReportComparison]:
    """Yield A14 for each cell of the county's tables: the sum of those of its units, its own office included."""
    for key in filled.form.labels:
        if key.split(".")[0] not in filled.tables:
            continue
        right = [(f"{part.file}·{part.name(key)}", part.figure(key)) for part in parts]
        yield equation("A14", filled.name(key), [(f"全县·{filled.name(key)}", filled.figure(key))], right)
