"""The table of section two: reported figures, and normative documents counted from the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.log import REGISTERS

if TYPE_CHECKING:
    from reports.annual.form import Form
    from reports.annual.log import UnitLog

DOCUMENTS = REGISTERS[2]
COUNTED = {"normative_issued": "policy.issued", "normative_repealed": "policy.repealed"}
CANNOT = ("rules_issued", "rules_repealed", "rules_in_force", "rules_published", "rules_public")
"""Figures of what no county organ and no town can have: 规章 are made by ministries, provinces and cities (立法法)."""

WHY_NOT = Text(
    "预填0：规章由国务院部门、省级和设区的市级政府制定（立法法），县级机关和镇街没有制定权",
    "prefilled 0: 规章 are made by ministries, provinces and cities; organs of a county and towns cannot make any",
)

STOCKS = {
    "normative_in_force": ("normative_issued", "normative_repealed"),
}
"""Figures that go on from the last one: last year's, and what was issued, less what was repealed (check A6)."""


def fill_figures(form: Form, log: UnitLog, year: int) -> tuple[dict[str, float], dict[str, Text]]:
    """Return the figures of section two by cell key, and why the others are not known."""
    known: dict[str, float] = {}
    doubts: dict[str, Text] = {}
    for block in form.blocks:
        for row in block.rows:
            for head, figure in zip(block.heads, row.cells, strict=True):
                value = figure_of(figure, log, year)
                if value is not None:
                    known[f"two.{figure}"] = value
                    continue
                doubts[f"two.{figure}"] = Text(
                    f"{year}年的“{row.label}{head}”没有上报：登记一条“年报数据上报”",
                    f"{figure} of {year} was not reported: log report_figure.reported",
                )
    return known, doubts


def prefilled(form: Form, log: UnitLog, year: int) -> tuple[str, ...]:
    """Return the cells that have a 0 because the organ cannot have what they ask for, and nobody reported any."""
    figures = [figure for block in form.blocks for row in block.rows for figure in row.cells]
    return tuple(f"two.{one}" for one in figures if one in CANNOT and (year, one) not in log.figures)


def figure_of(figure: str, log: UnitLog, year: int) -> float | None:
    """Return a figure of a year: as reported, else as counted where the log covers that, else None."""
    reported = log.figures.get((year, figure))
    if reported is not None:
        return reported
    if figure in CANNOT:
        return 0.0
    if figure in STOCKS:
        return _stock(figure, log, year)
    if not log.covers(DOCUMENTS, year):
        return None
    if figure in COUNTED:
        return float(sum(day.year == year for day in log.normative.get(COUNTED[figure], ())))
    return None


def _stock(figure: str, log: UnitLog, year: int) -> float | None:
    """Return what is in force at the end of a year, from the last year that a figure was reported for."""
    bases = [one for one, name in log.figures if name == figure and one < year]
    if not bases:
        return None
    base = max(bases)
    value = log.figures[base, figure]
    issued, repealed = STOCKS[figure]
    for one in range(base + 1, year + 1):
        more, less = figure_of(issued, log, one), figure_of(repealed, log, one)
        if more is None or less is None:
            return None
        value += more - less
    return value
