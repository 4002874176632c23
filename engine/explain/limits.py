"""How a due date, or a moment, follows from a limit: day by day, hour by hour, or by an act's own limit."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.explain.record import day_of, in_order, moment_of, when
from engine.time.durations import due_day, parse_duration
from events.problems import Text

if TYPE_CHECKING:
    from datetime import date

    from engine.explain.beside import VerdictCase
    from engine.explain.record import Act
    from engine.time.calendar import Calendar, DayStep
    from engine.time.durations import Duration
    from rules.model import Rule


def _step_line(step: DayStep) -> Text:
    """Return one day of a working-day count."""
    if step.number is not None:
        return Text(
            f"  {step.day} 第{step.number}个工作日（{step.kind.text.zh}）",
            f"  {step.day} working day {step.number} ({step.kind.text.en})",
        )
    return Text(f"  {step.day} 不计（{step.kind.text.zh}）", f"  {step.day} not counted ({step.kind.text.en})")


def limit_lines(
    rule: Rule, opened_on: date, due_on: date, calendar: Calendar, trigger: Act | None = None
) -> list[Text]:
    """Return how the due date follows from the day, or the moment, that the obligation opened at."""
    within_text = getattr(rule, "within", None) if rule.facets.limited else None
    if within_text is None:
        return [Text(f"期限：{due_on}", f"Due: {due_on}")]
    within = parse_duration(within_text)
    if within.unit == "hours" and trigger is not None:
        return _hours(within, trigger)
    return [*_counted(within, opened_on, calendar), Text(f"到期日：{due_on}", f"Due: {due_on}")]


def _counted(within: Duration, start: date, calendar: Calendar) -> list[Text]:
    """Return a limit in days from a day, working days one by one."""
    first = Text(
        f"期限：{within.text.zh}，自{start}起算，当日不计",
        f"Limit: {within.text.en} from {start}, which is not counted",
    )
    steps = calendar.steps(start, within.amount) if within.unit == "working days" else ()
    return [first, *(_step_line(step) for step in steps)]


def own_limit_lines(case: VerdictCase, calendar: Calendar) -> list[Text]:
    """Return the date of a duty, or the moment; where an act's own limit ends later, that it decides, and how."""
    row, rule = case.row, case.rule
    at, due_on = row["limit_at"], row["due_on"]
    if at is not None:
        return [Text(f"期限：{at:%Y-%m-%d %H:%M}（节假日也计）", f"Due: {at:%Y-%m-%d %H:%M} (days off count)")]
    plain = [Text(f"期限：{due_on}", f"Due: {due_on}")]
    within_text, by = getattr(rule, "within", None), getattr(rule, "by", None)
    if within_text is None or due_on == by:
        return plain
    within = parse_duration(within_text)
    act = next((one for one in _limiting(case) if due_day(day_of(one), within, calendar) == due_on), None)
    if act is None:
        return plain
    why = Text(
        f"到期日：{due_on}（{act['id']}的时限在{by}以后届满，以这一时限为准）",
        f"Due: {due_on} (the limit of {act['id']} ends after {by}, and decides)",
    )
    return [*_counted(within, day_of(act), calendar), why]


def _limiting(case: VerdictCase) -> list[Act]:
    """Return the acts whose own limits a duty may go by."""
    trigger = case.row["trigger"]
    if trigger is not None:
        return list(case.record.named((trigger,)).values())
    period = case.rule.period
    return in_order([act for _, act in case.of_role("of", "applies_if") if period.start <= day_of(act) <= period.end])


def _hours(within: Duration, trigger: Act) -> list[Text]:
    """Return how a limit in hours follows from a moment; of a day without a clock time, from its end."""
    start, ends = moment_of(trigger), when(trigger)
    if not trigger["timed"]:
        start = datetime.combine(start.date() + timedelta(days=1), time())
        ends = f"{start:%Y-%m-%d %H:%M}"
    end = start + timedelta(hours=within.amount)
    lines = []
    if not trigger["timed"]:
        lines.append(
            Text("没有登记几点，从当日结束起算", "no time of day is recorded: it counts from the end of the day")
        )
    text = Text(
        f"期限：{within.text.zh}，自{ends}起，到{end:%Y-%m-%d %H:%M}为止（逐小时计，节假日也计）",
        f"Limit: {within.text.en} from {ends}, until {end:%Y-%m-%d %H:%M} (by the hour, days off count)",
    )
    return [text, *lines]
