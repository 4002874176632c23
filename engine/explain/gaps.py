"""The gap of a `refresh` rule that was too long, with its two ends, or the longest that there was."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.explain.record import day_of, moment_of, when
from engine.time.durations import parse_duration
from events.problems import Text

if TYPE_CHECKING:
    from datetime import date

    from engine.explain.beside import VerdictCase
    from engine.explain.record import Act

ONE_DAY = timedelta(days=1)
BROKEN = frozenset({"violated", "not_taken", "waived"})
"""Statuses of a gap that was too long."""


def refreshing(case: VerdictCase, most: int) -> list[Text]:
    """Return the gap that was too long with its two ends, or the longest there was."""
    del most
    rule: Any = case.rule
    if case.row["opened_on"] is None:
        return []
    return _in_hours(case) if parse_duration(rule.every).unit == "hours" else _in_days(case)


def _of_subject(case: VerdictCase) -> tuple[list[Act], list[Act]]:
    """Return what refreshed the subject while it was open, and the first that closed it."""
    row = case.row
    first: date = row["opened_on"]
    roles = [(role, act) for role, act in case.of_role("refreshed", "closed") if act["subject"] == row["subject"]]
    closed = sorted((act for role, act in roles if role == "closed" and day_of(act) >= first), key=moment_of)[:1]
    last = min([case.record.as_of.day, case.rule.period.end, *map(day_of, closed)])
    return [act for role, act in roles if role == "refreshed" and first <= day_of(act) <= last], closed


def _in_days(case: VerdictCase) -> list[Text]:
    """Return a gap in days."""
    acts, closed = _of_subject(case)
    first: date = case.row["opened_on"]
    last = min([case.record.as_of.day, case.rule.period.end, *map(day_of, closed)])
    days = [first, *sorted({day_of(act) for act in acts} - {first})]
    pairs = list(zip(days, [*days[1:], last], strict=True))
    count = Text(f"共有{len(days) - 1}天更新过", f"refreshed on {len(days) - 1} days")
    due = case.row["due_on"]
    if case.row["status"] in BROKEN and due is not None:
        start, end = max((pair for pair in pairs if pair[0] <= due), key=lambda pair: pair[0])
        said, told = "超过规定的间隔", "The gap that was too long"
    else:
        start, end = max(pairs, key=lambda pair: (pair[1] - pair[0]).days)
        said, told = "最长的间隔", "The longest gap"
    until = Text(f"{end}更新", f"{end}, when it was refreshed")
    if end == last and last not in days:
        until = Text(f"{end}（其后没有更新）", f"{end}, without being refreshed")
    length = (end - start).days
    return [
        Text(
            f"{said}：从{start}到{until.zh}，{length}天；{count.zh}",
            f"{told}: from {start} to {until.en}, {length} days; {count.en}",
        )
    ]


def _latest(act: Act) -> datetime:
    """Return the last moment that an event may have happened at."""
    return moment_of(act) if act["timed"] else datetime.combine(day_of(act) + ONE_DAY, time())


def _since(case: VerdictCase) -> tuple[datetime, str]:
    """Return the moment that the first gap is counted from, and how it is said."""
    first = datetime.combine(case.row["opened_on"], time())
    opening = case.record.named((case.row["trigger"],)).get(case.row["trigger"])
    if opening is None or day_of(opening) < first.date():
        return first, f"{first:%Y-%m-%d %H:%M}"
    return _latest(opening), when(opening)


def _in_hours(case: VerdictCase) -> list[Text]:
    """Return a gap in hours, from moment to moment."""
    acts, closed = _of_subject(case)
    since, said_since = _since(case)
    marks = sorted([(since, said_since, since), *((_latest(one), when(one), moment_of(one)) for one in acts)])
    end = min(
        [case.record.as_of.moment, datetime.combine(case.rule.period.end + ONE_DAY, time()), *map(moment_of, closed)]
    )
    gaps = []
    for number, (start, said, _) in enumerate(marks):
        following = min(marks[number + 1 :], key=lambda mark: mark[2], default=None)
        until, shown = (following[2], following[1]) if following is not None else (end, "")
        gaps.append((until - start, start, said, until, shown))
    limit = case.row["limit_at"]
    if case.row["status"] in BROKEN and limit is not None:
        length, _, start_said, until, shown = max((one for one in gaps if one[1] <= limit), key=lambda one: one[1])
        head = Text("超过规定的间隔", "The gap that was too long")
    else:
        length, _, start_said, until, shown = max(gaps)
        head = Text("最长的间隔", "The longest gap")
    hours = f"{max(length, timedelta()).total_seconds() / 3600:.1f}".removesuffix(".0")
    ended = Text(f"{shown}更新", f"{shown}, when it was refreshed")
    if not shown:
        ended = Text(f"{until:%Y-%m-%d %H:%M}（其后没有更新）", f"{until:%Y-%m-%d %H:%M}, without being refreshed")
    lines = [
        Text(
            f"{head.zh}：从{start_said}到{ended.zh}，{hours}小时；共更新过{len(acts)}次",
            f"{head.en}: from {start_said} to {ended.en}, {hours} hours; refreshed {len(acts)} times",
        )
    ]
    if " " not in start_said:
        lines.append(
            Text(
                f"  {start_said}没有登记几点，从当日结束起算",
                f"  {start_said} has no time of day: counted from the end of it",
            )
        )
    return lines
