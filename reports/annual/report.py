"""An annual report: the figures of its cells, the gaps that a person must fill, and the county's sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.annual.form import Form
    from reports.annual.log import Note

DIGITS = 6
"""Digits behind the point that sums of amounts are rounded to."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Cells that the log cannot fill.

    Attributes:
        cells: keys of the cells.
        why: what is missing, and what to record.
        events: ids of the entries that lack something.
    """

    cells: tuple[str, ...]
    why: Text
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The report of one unit, or of a county.

    Attributes:
        unit: id of the unit, or of the county.
        name: its name.
        year: the report year.
        form: the form of that year.
        cells: the figure of each cell, by its key in the order of the form; None is blank.
        gaps: why cells are blank.
        notes: what is odd in the log.
        facts: further figures for the text, by name; what is not in it is not known.
        parts: the reports that a county's is the sum of.
        prefilled: cells that are 0 because the organ cannot have what they ask for, with the reason.
    """

    unit: str
    name: str
    year: int
    form: Form
    cells: Mapping[str, float | None]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[AnnualReport, ...] = ()
    prefilled: tuple[Gap, ...] = ()

    @property
    def blanks(self) -> tuple[str, ...]:
        """The keys of the cells without a figure, in the order of the form."""
        return tuple(key for key, value in self.cells.items() if value is None)


def sum_reports(county: str, name: str, parts: Sequence[AnnualReport], year: int, form: Form) -> AnnualReport:
    """Return the county's report: the sum of its units', a blank where any of theirs is blank.

    Args:
        county: id of the county.
        name: its name.
        parts: the reports of its departments, towns and zones, its own office included.
        year: the report year.
        form: the form of that year.
    """
    cells = {key: _total([part.cells[key] for part in parts]) for key in form.labels}
    gaps = []
    for part in parts:
        if part.blanks:
            why = Text(
                f"{part.name}的报告有{len(part.blanks)}格空白，合计数因此空白",
                f"{len(part.blanks)} cells of the report of {part.name} are blank, and so the sums are",
            )
            gaps.append(Gap(part.blanks, why))
    if not parts:
        gaps.append(Gap(tuple(form.labels), Text("没有任何单位的报告可以汇总", "there is no report to sum up")))
    names = {fact for part in parts for fact in part.facts}
    known = {fact for fact in names if all(fact in part.facts for part in parts)}
    facts = {fact: sum(part.facts[fact] for part in parts) for fact in sorted(known)}
    return AnnualReport(county, name, year, form, cells, tuple(gaps), (), facts, tuple(parts))


def _total(values: Sequence[float | None]) -> float | None:
    """Return the sum of figures, or None where one is not known or there are none."""
    known = [value for value in values if value is not None]
    return round(sum(known), DIGITS) if values and len(known) == len(values) else None
