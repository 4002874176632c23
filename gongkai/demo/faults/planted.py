"""Faults planted into the made-up year, in known number, each on an obligation of its own."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from gongkai.demo.faults.planter import (
    ATTENDANCE,
    CATALOGUE,
    EVALUATION,
    FEEDBACK,
    GROUP_MEETING,
    PLAN,
    REVIEW,
    STAFF,
    TRAINING,
    Planter,
)
from gongkai.demo.year.duties import FEEDBACK_WITHIN
from gongkai.demo.year.log import LAST_RECORDED
from gongkai.demo.year.plan import GROUP, JUSTICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from gongkai.demo.year.log import Entry, Log

ENOUGH = 10
NEXT_YEAR = date(2024, 1, 8)


def late_feedback(planter: Planter) -> None:
    """Publish feedback one working day late."""
    decision, feedback = planter.consulted_decision()
    day = planter.log.after(decision.day, FEEDBACK_WITHIN + 1)
    planter.log.move(feedback, day)
    planter.note_entry(FEEDBACK, decision, f"意见采纳情况于{day}公开，超过3个工作日的期限1个工作日", "late")


def feedback_in_parts(planter: Planter) -> None:
    """Publish the reasons later than the rest, after the limit."""
    decision, feedback = planter.consulted_decision()
    log = planter.log
    log.move(log.amend(feedback, covers=("collected", "adopted")), log.after(decision.day, 2))
    day = log.after(decision.day, FEEDBACK_WITHIN + 3)
    log.add("consultation.feedback_published", decision.unit, day, decision.subject, covers=("reasons",))
    planter.note_entry(FEEDBACK, decision, f"不采纳原因迟至{day}才补充公开，超过期限3个工作日", "late")


def feedback_missing(planter: Planter) -> None:
    """Publish no feedback."""
    decision, feedback = planter.consulted_decision()
    planter.log.remove(feedback)
    planter.note_entry(FEEDBACK, decision, "决策征求过意见，出台后没有公开意见采纳情况")


def feedback_without_reasons(planter: Planter) -> None:
    """Publish feedback that does not say why opinions were not adopted."""
    decision, feedback = planter.consulted_decision()
    planter.log.amend(feedback, covers=("collected", "adopted"))
    planter.note_entry(FEEDBACK, decision, "按时公开了意见收集、采纳情况，但没有公开不采纳的原因")


def staff_gap(planter: Planter) -> None:
    """Leave a unit without dedicated staff for some working days."""
    log, unit = planter.log, planter.pick_unit(STAFF)
    for entry in (*log.of("staff.appointed", unit), *log.of("staff.released", unit)):
        log.remove(entry)
    left = log.some_day(date(2023, 7, 17), date(2023, 10, 31))
    back = log.after(left, log.rng.randint(1, 20))
    log.add("staff.appointed", unit, log.some_day(date(2022, 2, 10), date(2022, 12, 20)), f"{unit}-01")
    log.add("staff.released", unit, left, f"{unit}-01", note="调离")
    log.add("staff.appointed", unit, back, f"{unit}-02", note="接任")
    planter.note(STAFF, unit, f"唯一的专职人员{left}离岗，接任人员{back}才到岗，其间无人")


def staff_gone(planter: Planter) -> None:
    """Release a unit's only member of staff and appoint nobody."""
    log, unit = planter.log, planter.pick_unit(STAFF)
    for entry in (*log.of("staff.appointed", unit), *log.of("staff.released", unit)):
        log.remove(entry)
    left = log.some_day(date(2023, 11, 1), date(2023, 12, 15))
    log.add("staff.appointed", unit, log.some_day(date(2022, 2, 10), date(2022, 12, 20)), f"{unit}-01")
    log.add("staff.released", unit, left, f"{unit}-01", note="退休")
    planter.note(STAFF, unit, f"唯一的专职人员{left}离岗，年内没有再配备")


def no_training(planter: Planter) -> None:
    """Hold no training."""
    log, unit = planter.log, planter.pick_unit(TRAINING)
    for entry in log.of("training.held", unit):
        log.remove(entry)
    planter.note(TRAINING, unit, "全年没有举办本单位政务公开业务培训")


def training_next_year(planter: Planter) -> None:
    """Put the training off into January."""
    log, unit = planter.log, planter.pick_unit(TRAINING)
    held = log.of("training.held", unit)
    log.move(held[0], NEXT_YEAR)
    for entry in held[1:]:
        log.remove(entry)
    planter.note(TRAINING, unit, f"业务培训拖到{NEXT_YEAR}才举办，2023年没有举办")


def plan_without_deadlines(planter: Planter) -> None:
    """Issue a work plan that says who but not by when."""
    log, unit = planter.log, planter.pick_unit(PLAN)
    (entry,) = log.of("work_plan.issued", unit)
    log.amend(entry, elements=("tasks", "responsible", "measures"))
    planter.note(PLAN, unit, "年度工作方案写明了责任主体，没有写时限")


def no_plan(planter: Planter) -> None:
    """Issue no work plan."""
    log, unit = planter.log, planter.pick_unit(PLAN)
    (entry,) = log.of("work_plan.issued", unit)
    log.remove(entry)
    planter.note(PLAN, unit, "没有制定年度政务公开工作方案")


def _keep_attended(planter: Planter, unit: str, number: int) -> list[Entry]:
    """Let a unit's delegates attend only so many meetings, and return these."""
    log = planter.log
    attended = log.of("executive_meeting.attended", unit)
    for entry in attended[number:]:
        log.remove(entry)
        for opinions in log.of("executive_meeting.opinions_published", unit, entry.subject):
            log.remove(opinions)
    return attended[:number]


DEPARTMENTS = "departments"
"""Who owes attendances: towns owe none by the sentence's own words."""


def meeting_logged_twice(planter: Planter) -> None:
    """Attend nine meetings and log one of them twice."""
    unit = planter.pick_unit(ATTENDANCE, planter.log.registry.groups[DEPARTMENTS])
    entry = planter.log.rng.choice(_keep_attended(planter, unit, ENOUGH - 1))
    again = planter.log.add("executive_meeting.attended", unit, entry.day, entry.subject)
    planter.log.amend(again, **entry.data)
    planter.note(ATTENDANCE, unit, f"只列席9次会议，“{entry.subject}”重复登记成10条")


def meeting_without_delegates(planter: Planter) -> None:
    """Attend ten meetings, one of them without a member of the public."""
    unit = planter.pick_unit(ATTENDANCE, planter.log.registry.groups[DEPARTMENTS])
    entry = planter.log.rng.choice(_keep_attended(planter, unit, ENOUGH))
    planter.log.amend(entry, delegates=0)
    planter.note(ATTENDANCE, unit, f"登记10次列席，其中“{entry.subject}”没有公众代表参加")


def evaluation_unpublished(planter: Planter) -> None:
    """Evaluate a policy and publish nothing about it."""
    log = planter.log
    unit = planter.pick_unit(EVALUATION, [one.unit for one in log.of("policy.evaluation_published")])
    for entry in log.of("policy.evaluation_published", unit):
        log.remove(entry)
    planter.note(EVALUATION, unit, "开展了政策评价，年底前没有公开评价结果和运用情况")


def evaluation_next_year(planter: Planter) -> None:
    """Publish the evaluation in January."""
    log = planter.log
    unit = planter.pick_unit(EVALUATION, [one.unit for one in log.of("policy.evaluation_published")])
    for entry in log.of("policy.evaluation_published", unit):
        log.move(entry, NEXT_YEAR)
    planter.note(EVALUATION, unit, f"政策评价结果拖到{NEXT_YEAR}才公开")


def published_first(planter: Planter) -> None:
    """Publish first and review some days later."""
    entry, review = planter.publication()
    day = planter.log.after(entry.day, planter.log.rng.randint(1, 4))
    planter.log.move(review, min(day, LAST_RECORDED))
    planter.note_entry(REVIEW, entry, f"{entry.day}先公开，{day}才完成审查")


def published_hours_first(planter: Planter) -> None:
    """Publish in the morning and review in the afternoon of one day."""
    entry, review = planter.publication()
    log = planter.log
    log.move(entry, datetime.combine(entry.day, time(9, 20)))
    log.move(review, datetime.combine(entry.day, time(15, 40)))
    planter.note_entry(REVIEW, entry, f"{entry.day}上午9时20分公开，当天下午3时40分才审查")


def review_missing(planter: Planter) -> None:
    """Publish without a review."""
    entry, review = planter.publication()
    planter.log.remove(review)
    planter.note_entry(REVIEW, entry, "没有经过审查就公开")


def review_used_twice(planter: Planter) -> None:
    """Publish an item again under the review of its first publication."""
    entry, _ = planter.publication()
    log = planter.log
    day = log.some_day(log.after(entry.day, 1), LAST_RECORDED)
    again = log.add("information.published", entry.unit, day, entry.subject, note="更新后再次公开")
    again = log.amend(again, **entry.data)
    planter.note_entry(REVIEW, again, f"{day}更新后再次公开，沿用{entry.day}首次公开的审查，没有另行审查")


def _put_off(log: Log, kind: str, unit: str) -> None:
    """Let what a unit did in the year happen once, in January of the next."""
    first, *_ = done = log.of(kind, unit)
    for entry in done:
        log.remove(entry)
    again = log.add(kind, unit, NEXT_YEAR, first.subject, recorded=NEXT_YEAR)
    log.amend(again, **first.data)


def group_meets_next_year(planter: Planter) -> None:
    """Put the leading group's meeting off into January."""
    _put_off(planter.log, "leading_group.met", GROUP)
    planter.note(GROUP_MEETING, GROUP, f"领导小组会议拖到{NEXT_YEAR}才召开，2023年没有开会")


def catalogue_next_year(planter: Planter) -> None:
    """Publish the year's catalogue of major decisions when the year is over."""
    _put_off(planter.log, "decision_catalogue.published", JUSTICE)
    planter.note(CATALOGUE, JUSTICE, f"年度重大行政决策事项目录拖到{NEXT_YEAR}才公开")


PLANTED: tuple[tuple[Callable[[Planter], None], int], ...] = (
    (late_feedback, 3),
    (feedback_in_parts, 1),
    (feedback_missing, 3),
    (feedback_without_reasons, 3),
    (staff_gap, 3),
    (staff_gone, 1),
    (no_training, 3),
    (training_next_year, 1),
    (plan_without_deadlines, 3),
    (no_plan, 1),
    (meeting_logged_twice, 3),
    (meeting_without_delegates, 1),
    (evaluation_unpublished, 3),
    (evaluation_next_year, 1),
    (published_first, 3),
    (published_hours_first, 1),
    (review_missing, 3),
    (review_used_twice, 3),
    (group_meets_next_year, 1),
    (catalogue_next_year, 1),
)
"""Each sort of fault and how many are planted."""


def plant_faults(log: Log, leave: frozenset[str] = frozenset()) -> Planter:
    """Plant every fault into the year and return the planter, which knows them and the units that have none.

    Args:
        log: the year, which is changed.
        leave: ids of entries that no fault is made of.
    """
    planter = Planter(log, leave)
    for plant, number in PLANTED:
        for _ in range(number):
            plant(planter)
    return planter
