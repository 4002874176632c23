"""Faults in what the year does by the rules' own words: a figure that falls short, a page that is missing, a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kinds.cover import CoverRule
from engine.kinds.due import DueRule
from engine.kinds.reach import ReachRule

if TYPE_CHECKING:
    from gongkai.demo.comply import Complier
    from gongkai.demo.log import Entry
    from gongkai.demo.planter import Planter

JOBS, JOBS_REPORTED = "3.13.new-jobs", 3700
UNPUBLISHED = ("3.7.published", "3.8.published", "3.9.published")
UNASSESSED = "2.7.assessed-schools"


def _deeds(complier: Complier, rule: str) -> list[Entry]:
    """Return what was done for a rule."""
    entries = complier.log.entries
    return [entries[entry] for entry, asked_by in complier.added.items() if asked_by == rule and entry in entries]


def _too_few_jobs(planter: Planter, complier: Complier, rule: ReachRule) -> None:
    """Let the figure that several units answer for jointly fall short."""
    log = complier.log
    units = log.registry.members(rule.owed_by)
    for unit in units:
        for report in complier.found(rule.reported, unit):
            log.amend(report, value=min(float(str(report.data["value"])), JOBS_REPORTED))
    for unit in units:
        planter.note(JOBS, unit, f"全年城镇新增就业{JOBS_REPORTED}人，没有达到3900人", str(rule.by))


def plant_shortfalls(planter: Planter, complier: Complier) -> None:
    """Plant faults in what was done for rules that the year keeps by their words; books without them get none."""
    log = complier.log
    rules = {rule.id: rule for rule in complier.rules}
    jobs = rules.get(JOBS)
    if isinstance(jobs, ReachRule):
        _too_few_jobs(planter, complier, jobs)
    for name in (*UNPUBLISHED, UNASSESSED):
        rule = rules.get(name)
        if not isinstance(rule, DueRule | CoverRule):
            continue
        for deed in _deeds(complier, name)[:1]:
            log.remove(deed)
            done = f"没有对{deed.subject}开展专项评估" if name == UNASSESSED else "没有公开任务进展情况"
            planter.note(name, deed.unit, done, str(rule.by))
