"""Faults in what the year does by the rules' own words: a figure that falls short, a page that is missing, a gap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.kinds.base import deeds_of
from gongkai.demo.match import elements_of
from rules.deeds import ByDay, Carry, FigureReport, ForEach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gongkai.demo.comply import Complier
    from gongkai.demo.faults.planter import Planter
    from gongkai.demo.year.log import Entry
    from rules.deeds import Deed
    from rules.model import Rule

JOBS, JOBS_REPORTED = "3.13.new-jobs", 3700
UNPUBLISHED = ("3.7.published", "3.8.published", "3.9.published")
UNASSESSED = "2.7.assessed-schools"
ASPECTS, PRIVACY, TIMING, ACCOUNTS = (
    "9.1.aspects",
    "10.1.no-private-matters",
    "10.1.timing",
    "12.2.accounts-updated",
)
SILENCE = timedelta(days=30)
SILENT_FROM = date(2023, 7, 3)


def _deeds(complier: Complier, rule: str) -> list[Entry]:
    """Return what was done for a rule."""
    entries = complier.log.entries
    return [entries[entry] for entry, asked_by in complier.added.items() if asked_by == rule and entry in entries]


def _asked(rules: Mapping[str, Rule], name: str) -> tuple[Deed, ...]:
    """Return what a rule asks for, nothing where the books do not have it."""
    return deeds_of(rules[name]) if name in rules else ()


def _too_few_jobs(planter: Planter, complier: Complier, rule: Rule, figure: FigureReport) -> None:
    """Let the figure that several units answer for jointly fall short."""
    log = complier.log
    units = log.registry.members(rule.owed_by)
    for unit in units:
        for report in complier.found(figure.act, unit):
            log.amend(report, value=min(float(str(report.data["value"])), JOBS_REPORTED))
    for unit in units:
        planter.note(JOBS, unit, f"全年城镇新增就业{JOBS_REPORTED}人，没有达到3900人", str(figure.by))


def _leave_out_an_aspect(planter: Planter, complier: Complier) -> None:
    """Let an evaluation of a policy leave out one of the aspects that it has to look at."""
    carried = [deed for one in complier.rules if one.id == ASPECTS for deed in deeds_of(one) if isinstance(deed, Carry)]
    for deed in carried[:1]:
        entry = planter.pick_entry(ASPECTS, complier.found(deed.act, None))
        kept = [name for name in elements_of(entry, deed.act) if name != deed.covers[-1]]
        planter.log.amend(entry, **{str(deed.act.elements_in): tuple(kept)})
        planter.note_entry(ASPECTS, entry, "评价没有涉及存在问题")


def _publish_a_private_matter(planter: Planter, _: Complier) -> None:
    """Let a publication have a private matter in it."""
    entry, _review = planter.publication()
    planter.log.amend(entry, sensitive=("privacy",))
    planter.note(PRIVACY, entry.unit, f"“{entry.subject}”公开的内容里有个人隐私")


def _fail_a_unit(planter: Planter, _: Complier) -> None:
    """Let the evaluator find a unit wanting."""
    log = planter.log
    entry = log.rng.choice([one for one in log.of("assessment.recorded") if one.data.get("clause") == TIMING])
    log.amend(entry, result="fail", score=48)
    planter.note(TIMING, entry.unit, "评定为不合格", "2023-12-31")


def _leave_an_account_silent(planter: Planter, _: Complier) -> None:
    """Let an account be silent for more than two weeks."""
    log = planter.log
    opened = planter.pick_entry(ACCOUNTS, log.of("account.opened"))
    for entry in log.of("account.updated", opened.unit, opened.subject):
        if SILENT_FROM <= entry.day < SILENT_FROM + SILENCE:
            log.remove(entry)
    planter.note_entry(ACCOUNTS, opened, f"账号自{SILENT_FROM}起一个月没有更新")


def plant_shortfalls(planter: Planter, complier: Complier) -> None:
    """Plant faults in what was done for rules that the year keeps by their words; books without them get none."""
    log = complier.log
    rules = {rule.id: rule for rule in complier.rules}
    for figure in (deed for deed in _asked(rules, JOBS) if isinstance(deed, FigureReport)):
        _too_few_jobs(planter, complier, rules[JOBS], figure)
    for name in (*UNPUBLISHED, UNASSESSED):
        days = [deed.by for deed in _asked(rules, name) if isinstance(deed, ByDay | ForEach)]
        for entry in _deeds(complier, name)[:1] if days else ():
            log.remove(entry)
            done = f"没有对{entry.subject}开展专项评估" if name == UNASSESSED else "没有公开任务进展情况"
            planter.note(name, entry.unit, done, str(days[0]))
    for name, plant in FURTHER:
        if name in rules:
            plant(planter, complier)


FURTHER: tuple[tuple[str, Callable[[Planter, Complier], None]], ...] = (
    (ASPECTS, _leave_out_an_aspect),
    (PRIVACY, _publish_a_private_matter),
    (TIMING, _fail_a_unit),
    (ACCOUNTS, _leave_an_account_silent),
)
"""Further faults, by the rule that they break."""
