"""The plan of the made-up year, unit by unit, before faults are planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.demo.year import background, duties
from gongkai.demo.year.log import Log

if TYPE_CHECKING:
    import random

    from engine.time.calendar import Calendar
    from rules.units import Registry

GROUP, OFFICE, JUSTICE = "lingdao-xiaozu", "zhengfuban", "sifa"


def demo_units(registry: Registry) -> tuple[str, ...]:
    """Return the ids of the departments and towns, in the order of the registry."""
    return registry.members(("departments", "towns"))


def plan_year(registry: Registry, calendar: Calendar, rng: random.Random) -> Log:
    """Return a year in which every unit does what it has to.

    Args:
        registry: the units; its groups `departments` and `towns` get a register each, and so does the leading group.
        calendar: working days from January 2022 to March 2024 at least.
        rng: the seeded source of all choices.
    """
    log = Log(registry, calendar, rng)
    held = duties.meetings(log)
    for unit in (registry.unit(unit_id) for unit_id in demo_units(registry)):
        duties.staff(log, unit)
        duties.plan_and_training(log, unit)
        duties.attendance(log, unit, held)
        duties.decisions(log, unit)
        duties.policies(log, unit)
        duties.publications(log, unit)
        background.requests(log, unit)
        background.annual_reports(log, unit)
        background.accounts(log, unit)
        background.opinions(log, unit)
        background.figures(log, unit)
        background.open_days(log, unit)
    duties.leading_group(log, GROUP)
    duties.catalogue(log, JUSTICE)
    background.office(log, OFFICE)
    return log
