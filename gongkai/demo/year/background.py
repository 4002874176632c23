"""The background of the year: requests, reports, accounts, public concern and figures, all in order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gongkai.demo.year.log import LAST, LAST_RECORDED
from gongkai.demo.year.titles import OPINIONS, REQUESTS, document_number, topics_of

if TYPE_CHECKING:
    from gongkai.demo.year.log import Log
    from rules.units import Unit

ANSWER_WITHIN = 20
OUTCOMES = ("granted", "granted", "granted", "partly_granted", "refused", "unavailable", "not_processed")
CHANNELS = ("in_person", "post", "internet", "internet", "fax")
ACCOUNT_SHARE = 0.45
ACCOUNT_GAP = (5, 10)
OPINION_SHARE = 0.3
OPEN_DAY_SHARE = 0.3

FIGURES = {
    "renshe": (("new-jobs", "城镇新增就业", 4120), ("public-posts", "城乡公益性岗位", 4260)),
    "keji": (("small-tech-firms", "入库科技型中小企业", 141),),
    "zhujian": (("old-estates", "老旧小区改造", 15),),
    "nongye": (("grain", "粮食总产量（万吨）", 23.1),),
    "yibao": (("health-insured", "医保参保率（%）", 97.3),),
    "weijian": (("care-places", "新增托位", 735),),
}
"""Figures that a department reports, as the year's total at its end."""

QUARTER_DAYS = (date(2023, 4, 7), date(2023, 7, 7), date(2023, 10, 12), date(2023, 12, 27))
QUARTER_SHARES = (0.22, 0.5, 0.78, 1.0)


def requests(log: Log, unit: Unit) -> None:
    """Answer requests for information in time; some are completed, extended, or wait for a third party first."""
    days = log.days(log.rng.randint(2, 6), date(2023, 1, 4), date(2023, 12, 15))
    for number, day in enumerate(days, start=1):
        subject = document_number(unit, "依申", number)
        title = log.rng.choice(REQUESTS).format(topic=log.rng.choice(topics_of(unit)))
        log.add("request.received", unit.id, day, subject, channel=log.rng.choice(CHANNELS), title=title)
        answered = _handled(log, unit.id, subject, day)
        if answered <= LAST_RECORDED:
            log.add("request.answered", unit.id, answered, subject, outcome=log.rng.choice(OUTCOMES))


def _handled(log: Log, unit: str, subject: str, received: date) -> date:
    """Take the steps between a request and its answer, and return the day of the answer."""
    way, rng = log.rng.random(), log.rng
    room = received <= date(2023, 9, 28)
    if room and way < 0.1:  # noqa: PLR2004
        asked = log.after(received, rng.randint(2, 6))
        corrected = log.after(asked, rng.randint(3, 10))
        log.add("request.correction_asked", unit, asked, subject)
        log.add("request.corrected", unit, corrected, subject)
        return log.after(corrected, rng.randint(5, ANSWER_WITHIN))
    if room and way < 0.2:  # noqa: PLR2004
        asked = log.after(received, rng.randint(2, 6))
        answered = log.after(asked, rng.randint(4, 14))
        log.add("request.third_party_asked", unit, asked, subject)
        log.add("request.third_party_answered", unit, answered, subject)
        return log.after(answered, rng.randint(1, 10))
    if room and way < 0.3:  # noqa: PLR2004
        extended = log.after(received, rng.randint(12, 18))
        log.add("request.extended", unit, extended, subject, working_days=15, approved=True, notified=True)
        return log.after(received, rng.randint(21, 33))
    return log.after(received, rng.randint(2, ANSWER_WITHIN - 1))


def annual_reports(log: Log, unit: Unit) -> None:
    """Hand in and publish the report on 2022 in January."""
    day = log.some_day(date(2023, 1, 9), date(2023, 1, 19))
    title = f"{unit.name}2022年政府信息公开工作年度报告"
    log.add("annual_report.submitted", unit.id, day, year=2022, title=title)
    log.add("annual_report.published", unit.id, log.after(day, log.rng.randint(0, 3)), year=2022, title=title)


def accounts(log: Log, unit: Unit) -> None:
    """Keep a new-media account updated at least every ten days."""
    if log.rng.random() >= ACCOUNT_SHARE:
        return
    subject = f"{unit.name.removeprefix('县')}发布"
    day = date(2022, 12, 19) + timedelta(days=log.rng.randrange(10))
    log.add("account.opened", unit.id, day, subject)
    while True:
        day += timedelta(days=log.rng.randint(*ACCOUNT_GAP))
        if day > LAST:
            return
        log.add("account.updated", unit.id, day, subject, recorded=day)


def opinions(log: Log, unit: Unit) -> None:
    """Answer public concern within a day of noticing it."""
    if log.rng.random() >= OPINION_SHARE:
        return
    days = log.days(log.rng.randint(1, 2), date(2023, 2, 1), date(2023, 12, 12))
    for number, day in enumerate(days, start=1):
        subject = f"{unit.id}-舆情-2023-{number:02d}"
        title = log.rng.choice(OPINIONS).format(topic=log.rng.choice(topics_of(unit)))
        noticed = datetime.combine(day, time(8)) + timedelta(minutes=log.rng.randint(10, 500))
        log.add("opinion.detected", unit.id, noticed, subject, title=title)
        answered = noticed + timedelta(minutes=log.rng.randint(90, 1380))
        log.add("opinion.answered", unit.id, answered, subject, title=title)


def figures(log: Log, unit: Unit) -> None:
    """Report a department's figures each quarter, as totals since the beginning of the year."""
    for indicator, title, total in FIGURES.get(unit.id, ()):
        for day, share in zip(QUARTER_DAYS, QUARTER_SHARES, strict=True):
            value = round(total * share, 0 if float(total).is_integer() else 1)
            log.add("indicator.reported", unit.id, day, indicator=indicator, value=value, title=f"{title}（累计）")


def open_days(log: Log, unit: Unit) -> None:
    """Open the doors to the public once, in some units."""
    if log.rng.random() < OPEN_DAY_SHARE:
        day = log.some_day(date(2023, 4, 3), date(2023, 11, 24))
        log.add("open_day.held", unit.id, day, participants=log.rng.randint(15, 80), title="政府开放日活动")


def office(log: Log, unit: str) -> None:
    """Let the county office show two meetings live."""
    for held in log.of("executive_meeting.attended", unit)[2:4]:
        log.add("executive_meeting.livestreamed", unit, held.day, held.subject)


SECTIONS = ("proactive_disclosure", "requests_handled", "disputes", "problems", "accountability", "other_matters")
"""What a government's annual report has to say."""


def government(log: Log, office: str) -> None:
    """Publish what the county government owes: every decision within days, and its own report on 2022 by 31 March."""
    withdrawn = {entry.retracts for entry in log}
    for decision in [one for one in log.of("decision.issued") if one.retracts is None and one.id not in withdrawn]:
        published = log.after(decision.day, 5)
        if decision.subject is not None and published <= LAST:
            log.add("review.completed", office, log.after(decision.day, 3), decision.subject, recorded=published)
            log.add("information.published", office, published, decision.subject, recorded=published)
    day = date(2023, 3, 20)
    log.add(
        "annual_report.published",
        office,
        day,
        recorded=day,
        title="2022年政府信息公开工作年度报告",
        year=2022,
        report_of="government",
        sections=SECTIONS,
    )


def evaluated_first(log: Log) -> None:
    """Publish an evaluation only after it was made: what was laid earlier moves."""
    for entry in log.of("policy.evaluation_published"):
        made = [one.day for one in log.of("policy.evaluated", entry.unit)]
        if made and entry.day < min(made):
            log.move(entry, min(log.after(min(made), 5), LAST))
