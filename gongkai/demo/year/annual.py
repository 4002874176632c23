"""Entries for the annual report of the made-up year: applicants, outcomes, disputes, figures, confirmed registers.

It draws from a source of its own, so that the rest of the year stays what it is.
"""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from gongkai.demo.year.log import LAST_RECORDED
from gongkai.demo.year.titles import REQUESTS, document_number, topics_of

if TYPE_CHECKING:
    from gongkai.demo.year.log import Entry, Log

REPORTING = ("departments", "towns", "zones")
APPLICANTS = {
    "natural_person": 78,
    "business": 12,
    "legal_services": 5,
    "public_welfare": 3,
    "research_institution": 1,
    "other_organisation": 1,
}
"""Who applies, by how often."""

LEAVES = {
    "refused": ("refused_internal", "refused_process", "refused_third_party", "refused_enforcement_file"),
    "unavailable": ("unavailable_not_held", "unavailable_not_held", "unavailable_to_be_made"),
    "not_processed": ("not_processed_petition", "not_processed_petition", "not_processed_repeated"),
}
"""Which row of table three an answer may be in, by its sort."""

CARRIED_SHARE, DISPUTE_SHARE, LICENSING = 0.2, 0.12, ("shenpi", "zhujian", "ziran", "gongan", "weijian", "jiaotong")
RESULTS = ("result_upheld", "result_upheld", "result_corrected", "result_other")
YEAR, BEFORE = 2023, 2022


def _chance(*about: str) -> random.Random:
    """Return a source of choices that depends on what they are about only."""
    return random.Random("/".join(about))  # noqa: S311 - a made-up year, no secret


def carry_over(log: Log) -> None:
    """Let some units answer in January what they received in December."""
    for unit in log.registry.members(REPORTING):
        chance = _chance(unit, "carried")
        if chance.random() >= CARRIED_SHARE:
            continue
        named = log.registry.unit(unit)
        subject = document_number(named, "依申", 9, BEFORE)
        title = chance.choice(REQUESTS).format(topic=chance.choice(topics_of(named)))
        received = log.after(date(BEFORE, 12, 12), chance.randint(1, 8))
        log.add("request.received", unit, received, subject, recorded=received, channel="internet", title=title)
        answered = log.after(date(YEAR, 1, 3), chance.randint(1, 4))
        # what is not granted needs no review for publication
        outcome = chance.choice(LEAVES["unavailable"])
        log.add("request.answered", unit, answered, subject, recorded=answered, outcome=outcome)


def complete(log: Log) -> None:
    """Say of every request who applied and which row its answer belongs to; report figures; confirm the registers."""
    _receive_unreceived(log)
    for entry in log.of("request.answered"):
        log.amend(entry, outcome=_leaf(entry))
    for unit in log.registry.members(REPORTING):
        _last_of_year(log, unit)
        _disputes(log, unit)
        _figures(log, unit)
        log.add("register.confirmed", unit, date(2023, 1, 6), recorded=date(2023, 1, 6), year=BEFORE)
        log.add("register.confirmed", unit, LAST_RECORDED, recorded=LAST_RECORDED, year=YEAR)
    for entry in log.of("request.received"):
        if "applicant" not in entry.data:
            kinds, weights = list(APPLICANTS), list(APPLICANTS.values())
            log.amend(entry, applicant=_chance(entry.id, "applicant").choices(kinds, weights)[0])


def _receive_unreceived(log: Log) -> None:
    """Log the receipt of requests that so far were only answered."""
    received = {(entry.unit, entry.subject) for entry in log.of("request.received")}
    for entry in log.of("request.answered"):
        if (entry.unit, entry.subject) not in received:
            day = log.before(entry.day, 5)
            log.add("request.received", entry.unit, day, entry.subject, recorded=day, channel="internet")


def _last_of_year(log: Log, unit: str) -> None:
    """Let some units receive a request in the last days of the year, which they answer in the next."""
    chance = _chance(unit, "last")
    if chance.random() < CARRIED_SHARE:
        named = log.registry.unit(unit)
        title = chance.choice(REQUESTS).format(topic=chance.choice(topics_of(named)))
        day = log.some_day_of(chance, date(YEAR, 12, 20), date(YEAR, 12, 28))
        subject = document_number(named, "依申", 29)
        log.add("request.received", unit, day, subject, recorded=day, channel="post", title=title)


def _leaf(entry: Entry) -> str:
    """Return the row of table three that an answer belongs to."""
    outcome = str(entry.data.get("outcome") or "unavailable")
    return _chance(entry.id, "outcome").choice(LEAVES[outcome]) if outcome in LEAVES else outcome


def _disputes(log: Log, unit: str) -> None:
    """Let a few units be taken to reconsideration or to court."""
    chance = _chance(unit, "disputes")
    if chance.random() >= DISPUTE_SHARE:
        return
    opened = log.some_day_of(chance, date(2023, 3, 1), date(2023, 9, 28))
    kind = chance.choice(("reconsideration", "reconsideration", "direct_lawsuit"))
    subject = f"{unit}-{'复' if kind == 'reconsideration' else '诉'}〔2023〕1号"
    log.add("dispute.opened", unit, opened, subject, recorded=opened, dispute=kind)
    if chance.random() < 0.7:  # noqa: PLR2004
        closed = log.after(opened, chance.randint(25, 55))
        result = chance.choice(RESULTS)
        log.add("dispute.closed", unit, closed, subject, recorded=closed, dispute=kind, dispute_result=result)


def _figures(log: Log, unit: str) -> None:
    """Report the figures of section two at the end of the year."""
    chance = _chance(unit, "figures")
    decides = unit in LICENSING
    figures = {
        "rules_in_force": 0,
        "licence_decisions": chance.randint(800, 4200) if decides else 0,
        "penalty_decisions": chance.randint(20, 400) if decides else 0,
        "coercion_decisions": chance.randint(0, 12) if decides else 0,
        "fees_collected": round(chance.uniform(3, 90), 2) if decides else 0,
    }
    base = chance.randint(0, 6)
    log.add(
        "report_figure.reported", unit, date(2023, 1, 6), recorded=date(2023, 1, 6),
        figure="normative_in_force", value=base, year=BEFORE,
    )  # fmt: skip
    for figure, value in figures.items():
        log.add(
            "report_figure.reported", unit, LAST_RECORDED, recorded=LAST_RECORDED,
            figure=figure, value=value, year=YEAR,
        )  # fmt: skip
