"""The annual report on disclosure: the statutory tables of a year from the log, as workbook and document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.time.asof import AsOf, AsOfError
from events.problems import Problem, Text, Where, has_errors, sort_problems, suggestion
from events.read import read_events
from gongkai.files.mapping import load_mappings
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS, NO_LOG, refused
from reports.annual.files import write_reports
from reports.annual.fill import fill_report
from reports.annual.form import FIRST_YEAR, Form, form_of
from reports.annual.log import EVER, UnitLog, read_log
from reports.annual.report import AnnualReport, sum_reports
from reports.output.folder import write_folder
from rules.loading.registry import load_registry
from rules.units import fold_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gongkai.options import AnnualOptions
    from rules.units import Registry

REPORTING = ("departments", "towns", "zones")
"""Whose reports a county's is the sum of, unless its registry has a group of this name:"""
GROUP = "annual_report"
COUNTY = "county"
LAST_YEAR = 9998


@dataclass(frozen=True, slots=True)
class AnnualSources:
    """What reports are filled from."""

    registry: Registry
    form: Form
    year: int
    logs: Mapping[str, UnitLog]

    def report(self, unit: str) -> AnnualReport:
        """Return the report of a unit."""
        name = self.registry.unit(unit).name
        return fill_report(unit, name, self.year, self.form, self.logs.get(unit, UnitLog()))

    def county(self) -> AnnualReport:
        """Return the report of the county: the sum of those of its departments, towns and zones."""
        chosen = (GROUP,) if GROUP in self.registry.groups else REPORTING
        parts = [self.report(unit) for unit in self.registry.members(chosen)]
        return sum_reports(self.registry.county, self.registry.name, parts, self.year, self.form)


def _option(option: str, value: str, fact: Text, cure: Text) -> Problem:
    """Return the problem of an option's value."""
    return Problem("bad-option", Where(option), fact, cure, value)


def find_units(names: Sequence[str], registry: Registry) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the units that names mean, `county` for the county, and a problem for each name that is unknown."""
    found: dict[str, None] = {}
    problems = []
    counties = {fold_name(name) for name in (registry.county, registry.name, f"{registry.name}人民政府", COUNTY)}
    for name in names:
        unit = COUNTY if fold_name(name) in counties else registry.find(name)
        if unit is None:
            fact = Text(f"名录里没有“{name}”", f"{name!r} is not in the registry")
            cure = suggestion(registry.near(name), Text("检查名录", "Check the registry"))
            problems.append(_option("--unit", name, fact, cure))
        else:
            found[unit] = None
    return tuple(found), tuple(problems)


def form_for(year: int) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of a report year, or the problem that there is none."""
    form = form_of(year)
    if form is not None and year <= LAST_YEAR:
        return form, ()
    fact = Text(f"没有{year}年的年度报告表式", f"there is no form for the year {year}")
    cure = Text(f"表式自{FIRST_YEAR}年起", f"Forms begin with {FIRST_YEAR}")
    return None, (_option("--year", str(year), fact, cure),)


def _moment(text: str | None, year: int) -> tuple[datetime, tuple[Problem, ...]]:
    """Return the moment asked about: no earlier than the end of the year."""
    if text is None:
        return EVER, ()
    try:
        as_of = AsOf.parse(text)
    except AsOfError:
        fact = Text(f"“{text}”不是日期或时刻", f"{text!r} is neither a date nor a moment")
        return EVER, (_option("--as-of", text, fact, Text("写作 2024-01-20", "Write 2024-01-20")),)
    if as_of.day < datetime(year, 12, 31).date():  # noqa: DTZ001 - local time, as everywhere
        fact = Text(f"{text}时{year}年还没有结束", f"the year {year} is not over on {text}")
        cure = Text(f"写{year}-12-31或者之后的日期", f"Give {year}-12-31 or later")
        return EVER, (_option("--as-of", text, fact, cure),)
    return as_of.moment, ()


def load_sources(request: AnnualOptions) -> tuple[AnnualSources | None, tuple[str, ...], tuple[Problem, ...]]:
    """Read the log for reports.

    Returns:
        The sources, None where an error makes them unusable; the units asked for; and every problem.
    """
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    year = request.year or 0
    form, wrong_year = form_for(year)
    moment, wrong_moment = _moment(request.as_of, year) if form else (EVER, ())
    problems = (*problems, *refused(request), *wrong_year, *wrong_moment)
    if registry is None:
        return None, (), problems
    units, wrong = find_units(request.only, registry)
    unknown = use_words(file=request.vocabulary)
    mapping, wrong_mapping = load_mappings(request.mapping)
    log = read_events(request.events, registry, mapping=mapping)
    problems = (*problems, *wrong, *unknown, *wrong_mapping, *log.problems)
    problems = problems if request.events else (*problems, NO_LOG)
    if form is None or has_errors(problems):
        return None, units, sort_problems(problems)
    return AnnualSources(registry, form, year, read_log(log.table, moment)), units, sort_problems(problems)


def reports_of(sources: AnnualSources, units: Sequence[str], *, county: bool) -> list[AnnualReport]:
    """Return the reports asked for, in the order of the registry, the county's last."""
    asked = list(units)
    if not asked and not county:
        chosen = (GROUP,) if GROUP in sources.registry.groups else REPORTING
        asked = [*sources.registry.members(chosen), COUNTY]
    order = [unit.id for unit in sources.registry.units if unit.id in asked]
    reports = [sources.report(unit) for unit in order]
    return [*reports, sources.county()] if county or COUNTY in asked else reports


def write_annual_reports(
    request: AnnualOptions, out: Path
) -> tuple[tuple[AnnualReport, ...] | None, tuple[Problem, ...]]:
    """Write the reports of a year into a folder; other files in it stay.

    Returns:
        The reports, None where the input is not usable; and what is wrong.

    Raises:
        WriteError: the folder cannot be written.
    """
    sources, units, problems = load_sources(request)
    if sources is None:
        return None, problems
    reports = reports_of(sources, units, county=request.county)
    told = write_folder(out, lambda folder: write_reports(reports, folder), whole=False, reading=request.events)
    return tuple(reports), (*problems, *told)
