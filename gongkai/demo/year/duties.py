"""The year of units that do what the task table asks of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gongkai.demo.year.log import FIRST, LAST_RECORDED
from gongkai.demo.year.titles import DECISIONS, INFORMATION, POLICIES, document_number, topics_of

if TYPE_CHECKING:
    from gongkai.demo.year.log import Log
    from rules.units import Unit

ALL_COVERED = ("collected", "adopted", "reasons")
FEEDBACK_WITHIN = 3
MEETING_EVERY = timedelta(days=14)
NINE, TEN = time(9), time(10)
POLICY_SHARE = 0.8
TIMED_SHARE = 0.1


def leading_group(log: Log, body: str) -> None:
    """Let the leading group meet."""
    log.add("leading_group.met", body, log.some_day(date(2023, 3, 1), date(2023, 4, 20)), title="第一次全体会议")
    log.add("leading_group.met", body, log.some_day(date(2023, 8, 1), date(2023, 9, 20)), title="第二次全体会议")


def meetings(log: Log) -> list[tuple[str, date]]:
    """Return the year's executive meetings of the county government, names and days."""
    days = []
    day = date(2023, 1, 6)
    while day < LAST_RECORDED:
        days.append(log.calendar.next_working_day(day))
        day += MEETING_EVERY
    return [(f"县政府第{number}次常务会议", day) for number, day in enumerate(days, start=21)]


def staff(log: Log, unit: Unit) -> None:
    """Give a unit its dedicated staff, appointed before the year and never missing."""
    first = log.some_day(date(2022, 2, 10), date(2022, 12, 20))
    log.add("staff.appointed", unit.id, first, f"{unit.id}-01", note="专职")
    choice = log.rng.random()
    if choice < 0.3:  # noqa: PLR2004 - some units have two
        log.add("staff.appointed", unit.id, log.some_day(date(2022, 3, 1), date(2023, 6, 30)), f"{unit.id}-02")
    elif choice < 0.5:  # noqa: PLR2004 - and some hand over
        day = log.some_day(date(2023, 3, 1), date(2023, 10, 31))
        log.add("staff.appointed", unit.id, log.before(day, log.rng.randint(1, 5)), f"{unit.id}-02", note="接任")
        log.add("staff.released", unit.id, day, f"{unit.id}-01", note="轮岗")


def plan_and_training(log: Log, unit: Unit) -> None:
    """Issue a unit's plan and hold its trainings."""
    day = log.some_day(date(2023, 7, 20), date(2023, 9, 15))
    number = document_number(unit, "公开", 1)
    elements = ("tasks", "responsible", "deadlines", "measures")
    title = f"{unit.name}2023年政务公开工作方案"
    log.add("work_plan.issued", unit.id, day, number, elements=elements, year=2023, title=title)
    for held in log.days(log.rng.choice((1, 1, 2, 3)), date(2023, 2, 6), date(2023, 12, 15)):
        log.add("training.held", unit.id, held, participants=log.rng.randint(8, 60), title="政务公开业务培训")


def attendance(log: Log, unit: Unit, held: list[tuple[str, date]]) -> None:
    """Let members of the public attend at least ten meetings, and publish what they said."""
    chosen = sorted(log.rng.sample(range(len(held)), log.rng.randint(10, 13)))
    for name, day in (held[index] for index in chosen):
        log.add("executive_meeting.attended", unit.id, day, name, delegates=log.rng.randint(1, 5))
        published = log.after(day, log.rng.randint(2, 9))
        if published <= LAST_RECORDED:
            log.add("executive_meeting.opinions_published", unit.id, published, name)


def decisions(log: Log, unit: Unit) -> None:
    """Take decisions; opinions asked for are answered within three working days."""
    days = log.days(log.rng.randint(2, 5), date(2023, 2, 20), date(2023, 12, 15))
    for number, day in enumerate(days, start=1):
        subject = document_number(unit, "决", number)
        title = log.rng.choice(DECISIONS).format(topic=log.rng.choice(topics_of(unit)))
        consulted = log.rng.random() < 0.85  # noqa: PLR2004
        if consulted:
            consult(log, unit.id, subject, day)
        log.add("decision.issued", unit.id, day, subject, consulted=consulted, title=title)
        if consulted:
            answered = log.after(day, log.rng.randint(0, FEEDBACK_WITHIN))
            log.add("consultation.feedback_published", unit.id, answered, subject, covers=ALL_COVERED)


def consult(log: Log, unit: str, subject: str, decided_on: date) -> None:
    """Ask the public for at least 30 days, some days before the decision."""
    closed = log.before(decided_on, log.rng.randint(5, 15))
    opened = log.before(closed - timedelta(days=31), log.rng.randint(1, 4))
    channels = ("website", *log.rng.sample(("new_media", "newspaper", "television"), log.rng.randint(1, 2)))
    log.add("consultation.opened", unit, opened, subject, channels=channels)
    log.add("consultation.closed", unit, closed, subject)


def policies(log: Log, unit: Unit) -> None:
    """Issue policies, interpret them within three working days, and publish an evaluation by the end of the year."""
    if log.rng.random() >= POLICY_SHARE:
        return
    days = log.days(log.rng.randint(1, 4), date(2023, 1, 9), date(2023, 11, 20))
    for number, day in enumerate(days, start=1):
        subject = document_number(unit, "发", number)
        title = log.rng.choice(POLICIES).format(topic=log.rng.choice(topics_of(unit)))
        normative, rights = log.rng.random() < 0.4, log.rng.random() < 0.5  # noqa: PLR2004
        log.add("policy.issued", unit.id, day, subject, normative=normative, affects_rights=rights, title=title)
        if normative or rights:
            forms = ("text", *log.rng.sample(("picture", "video", "questions", "on_site"), log.rng.randint(0, 2)))
            log.add("policy.interpreted", unit.id, log.after(day, log.rng.randint(0, 3)), subject, forms=forms)
    evaluated = log.some_day(date(2023, 10, 9), date(2023, 11, 30))
    log.add("policy.evaluated", unit.id, evaluated, document_number(unit, "发", 1))
    published = log.after(evaluated, log.rng.randint(3, 18))
    log.add("policy.evaluation_published", unit.id, published, document_number(unit, "发", 1))


def publications(log: Log, unit: Unit) -> None:
    """Make items of information, review each, and publish each after its own review."""
    days = log.days(log.rng.randint(14, 20), FIRST, date(2023, 11, 30))
    for number, created in enumerate(days, start=1):
        subject = f"{unit.id}-2023-{number:03d}"
        title = log.rng.choice(INFORMATION).format(topic=log.rng.choice(topics_of(unit)))
        log.add("information.created", unit.id, created, subject, title=title)
        reviewed = log.after(created, log.rng.randint(0, 8))
        if log.rng.random() < TIMED_SHARE:
            at = [datetime.combine(reviewed, start) for start in (NINE, TEN)]
            log.add("review.completed", unit.id, at[0] + timedelta(minutes=log.rng.randint(1, 59)), subject)
            published = at[1] + timedelta(minutes=log.rng.randint(1, 400))
            log.add("information.published", unit.id, published, subject, title=title)
            continue
        log.add("review.completed", unit.id, reviewed, subject)
        day = log.after(reviewed, log.rng.randint(0, 5))
        log.add("information.published", unit.id, day, subject, title=title)


def catalogue(log: Log, justice: str) -> None:
    """Publish the year's catalogue of major decisions early in the year."""
    day = log.some_day(date(2023, 2, 6), date(2023, 3, 17))
    title = "金乡县2023年度重大行政决策事项目录"
    log.add("decision_catalogue.published", justice, day, "2023年度重大行政决策事项目录", year=2023, title=title)
