"""Things in the made-up year that look like faults and are none."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from gongkai.demo.faults.planter import EVALUATION, PLAN, STAFF, TRAINING
from gongkai.demo.year.duties import ALL_COVERED, consult
from gongkai.demo.year.titles import DECISIONS, document_number, topics_of

if TYPE_CHECKING:
    from gongkai.demo.faults.planter import Planter
    from gongkai.demo.year.log import Entry

BEFORE_HOLIDAYS = (date(2023, 1, 19), date(2023, 4, 27), date(2023, 9, 28))
"""Days whose third working day lies behind a public holiday, in part on a make-up workday."""

LAST_DECISION = date(2023, 12, 29)


class Decoys:
    """Adds what is in order though it does not look so."""

    def __init__(self, planter: Planter) -> None:
        """Start without any.

        Args:
            planter: the year with its faults, which knows the units that have none.
        """
        self._planter = planter
        self._log = planter.log
        self.notes: list[str] = []

    def _decision(self, day: date, number: int, *, consulted: bool) -> Entry:
        """Let some unit take a decision."""
        log = self._log
        unit = log.registry.unit(log.rng.choice(self._planter.free_units(PLAN)))
        title = log.rng.choice(DECISIONS).format(topic=log.rng.choice(topics_of(unit)))
        subject = document_number(unit, "决", number)
        return log.add("decision.issued", unit.id, day, subject, consulted=consulted, title=title)

    def _note(self, unit: str, text: str) -> None:
        self.notes.append(f"{self._log.registry.unit(unit).name}：{text}")

    def over_holidays(self) -> None:
        """Publish feedback on the last day of the limit, which holidays have put off."""
        for number, day in enumerate(BEFORE_HOLIDAYS, start=101):
            decision = self._decision(day, number, consulted=True)
            due = self._log.after(day, 3)
            consult(self._log, decision.unit, str(decision.subject), day)
            kind = "consultation.feedback_published"
            self._log.add(kind, decision.unit, due, decision.subject, covers=ALL_COVERED, recorded=due)
            self._note(decision.unit, f"{decision.subject}于{day}出台，期限跨假期，{due}最后一天反馈，按时")

    def still_open(self) -> None:
        """Take a decision whose limit lies in the next year."""
        decision = self._decision(LAST_DECISION, 111, consulted=True)
        consult(self._log, decision.unit, str(decision.subject), LAST_DECISION)
        due = self._log.after(LAST_DECISION, 3)
        kind = "consultation.feedback_published"
        self._log.add(kind, decision.unit, due, decision.subject, covers=ALL_COVERED, recorded=due)
        self._log.record_on(decision, LAST_DECISION)
        self._note(decision.unit, f"{decision.subject}于{LAST_DECISION}出台，{due}到期，年底尚未到期")

    def not_consulted(self) -> None:
        """Take a decision without asking for opinions, so that none are owed an answer."""
        for number, day in enumerate((date(2023, 5, 16), date(2023, 10, 24)), start=121):
            decision = self._decision(day, number, consulted=False)
            self._note(decision.unit, f"{decision.subject}没有征求意见，不需要反馈")

    def withdrawn(self) -> None:
        """Enter a decision by mistake and withdraw the entry."""
        log = self._log
        for number, day in enumerate((date(2023, 6, 13), date(2023, 11, 14)), start=131):
            decision = self._decision(day, number, consulted=True)
            log.record_on(decision, day)
            gone = log.after(day, 6)
            log.add(
                "decision.issued",
                decision.unit,
                gone,
                decision.subject,
                recorded=gone,
                retracts=decision.id,
                note="误登，撤销",
            )
            self._note(decision.unit, f"{decision.subject}为误登，{gone}已撤销，不需要反馈")

    def corrected(self) -> None:
        """Enter a publication under a day before its review and put the day right."""
        log, units = self._log, self._planter.free_units(PLAN)
        for number, day in enumerate((date(2023, 4, 11), date(2023, 8, 22), date(2023, 9, 12)), start=901):
            unit = log.rng.choice(units)
            subject, title = f"{unit}-2023-{number}", "更正登记的信息"
            reviewed, published, noticed = log.after(day, 3), log.after(day, 5), log.after(day, 9)
            log.add("information.created", unit, day, subject, title=title)
            log.add("review.completed", unit, reviewed, subject)
            wrong = log.add("information.published", unit, log.after(day, 1), subject, title=title, recorded=published)
            kind, note = "information.published", "公开日期登记有误，更正"
            log.add(kind, unit, published, subject, title=title, note=note, recorded=noticed, corrects=wrong.id)
            self._note(unit, f"{subject}原登记的公开日期早于审查，{noticed}已更正为{published}")

    def reviewed_the_same_day(self) -> None:
        """Review in the morning and publish in the afternoon of one day."""
        log, unit = self._log, self._log.rng.choice(self._planter.free_units(PLAN))
        day, subject, title = date(2023, 7, 18), f"{unit}-2023-911", "当日审查当日公开的信息"
        log.add("information.created", unit, day, subject, title=title)
        log.add("review.completed", unit, datetime.combine(day, time(9, 30)), subject)
        log.add("information.published", unit, datetime.combine(day, time(9, 45)), subject, title=title)
        self._note(unit, f"{subject}当天先审查后公开，相隔15分钟")

    def recorded_late(self) -> None:
        """Log feedback that came in time only weeks later."""
        log = self._log
        decision = self._decision(date(2023, 5, 23), 141, consulted=True)
        day, logged = log.after(decision.day, 2), log.after(decision.day, 25)
        consult(log, decision.unit, str(decision.subject), decision.day)
        kind = "consultation.feedback_published"
        log.add(kind, decision.unit, day, decision.subject, covers=ALL_COVERED, recorded=logged)
        self._note(decision.unit, f"{decision.subject}于{day}按时反馈，{logged}才补登")

    def on_the_last_day(self) -> None:
        """Hold the training, or publish the evaluation, on 31 December."""
        log, last = self._log, date(2023, 12, 31)
        unit = self._planter.pick_unit(TRAINING)
        first, *others = log.of("training.held", unit)
        log.record_on(log.move(first, last), last)
        for entry in others:
            log.remove(entry)
        self._note(unit, "培训在12月31日举办，仍在年内")
        unit = self._planter.pick_unit(EVALUATION, [one.unit for one in log.of("policy.evaluation_published")])
        (entry,) = log.of("policy.evaluation_published", unit)
        log.record_on(log.move(entry, last), last)
        self._note(unit, "政策评价结果在12月31日公开，按时")

    def plan_supplemented(self) -> None:
        """Issue a plan without deadlines and add them in a supplement."""
        log, unit = self._log, self._planter.pick_unit(PLAN)
        (plan,) = log.of("work_plan.issued", unit)
        log.amend(plan, elements=("tasks", "responsible"))
        day = log.after(plan.day, 30)
        log.add("work_plan.issued", unit, day, plan.subject, elements=("deadlines",), year=2023, title="补充通知")
        self._note(unit, f"工作方案缺少时限，{day}补充通知已补齐")

    def handed_over(self) -> None:
        """Let the next member of staff start on the day that the last one leaves."""
        log, unit = self._log, self._planter.pick_unit(STAFF)
        for entry in (*log.of("staff.appointed", unit), *log.of("staff.released", unit)):
            log.remove(entry)
        day = date(2023, 6, 1)
        log.add("staff.appointed", unit, date(2022, 5, 9), f"{unit}-01")
        log.add("staff.appointed", unit, day, f"{unit}-02", note="接任")
        log.add("staff.released", unit, day, f"{unit}-01", note="轮岗")
        self._note(unit, f"{day}交接，接任人员当天到岗，没有空缺")


def add_decoys(planter: Planter) -> tuple[str, ...]:
    """Add everything that looks like a fault and is none; return what was added, a sentence each."""
    decoys = Decoys(planter)
    decoys.over_holidays()
    decoys.still_open()
    decoys.not_consulted()
    decoys.withdrawn()
    decoys.corrected()
    decoys.reviewed_the_same_day()
    decoys.recorded_late()
    decoys.on_the_last_day()
    decoys.plan_supplemented()
    decoys.handed_over()
    return tuple(decoys.notes)
