"""When a duty is judged: once for its period, or once for each calendar period that it comes again in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from tests.oracle.world import Row, World

ONE_DAY = timedelta(days=1)
ON_THE_DAY = ("precede", "contain", "never")
STARTED_BY_ACTS = ("respond", "precede", "contain", "refresh", "hold", "never")


@dataclass(frozen=True)
class Days:
    """The first and the last day."""

    start: date
    end: date


@dataclass(frozen=True)
class Occasion:
    """A rule on one occasion: what it says itself, but for its days, its date and the occasion's name."""

    rule: Any
    period: Days
    slot: str
    by: date | None
    label: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rule, name)


def occasions(rule: Any, today: date, issued: date | None) -> list[Occasion]:
    """Return the occasions of a rule that start within a year of today; acts before the day of issue may not count."""
    every = getattr(rule, "every", None) if rule.kind != "refresh" else None
    by_year = rule.kind == "never" or (rule.kind == "refresh" and rule.by_calendar)
    if by_year and rule.period.start.year != rule.period.end.year:
        every = "year"
    first, last = rule.period.start, rule.period.end
    if every is None:
        found = [Occasion(rule, Days(first, last), "", getattr(rule, "by", None), "")]
    else:
        found = []
        for begin, end, name in _calendar(every, first.year, min(last.year, today.year + 1)):
            by = _date(rule, end)
            inside = begin <= last and end >= first and begin <= today + timedelta(days=366)
            if inside and not (hasattr(rule, "by") and by < max(begin, first)):
                found.append(Occasion(rule, Days(max(begin, first), min(end, last)), name, by, name))
    if issued is None or not (rule.kind in STARTED_BY_ACTS or (rule.kind == "cover" and rule.of is not None)):
        return found
    return [
        Occasion(
            one.rule,
            Days(max(issued, one.period.start), one.period.end),
            one.slot,
            one.by,
            one.label or _name(one.period),
        )
        for one in found
        if issued <= one.period.end
    ]


def _name(days: Days) -> str:
    """Return what a period is called that was not cut."""
    whole = days.start.month == days.start.day == 1 and days.end == date(days.start.year, 12, 31)
    return str(days.start.year) if whole else f"{days.start}..{days.end}"


def _calendar(every: str, first: int, last: int) -> list[tuple[date, date, str]]:
    """Return the calendar periods of these years: the first day, the last and the name."""
    names = {
        "year": [""],
        "half-year": ["-H1", "-H2"],
        "quarter": ["-Q1", "-Q2", "-Q3", "-Q4"],
        "month": [f"-{month:02}" for month in range(1, 13)],
    }[every]
    found = []
    for year in range(first, last + 1):
        for number, name in enumerate(names):
            begin = date(year, 1, 1) + relativedelta(months=number * 12 // len(names))
            end = begin + relativedelta(months=12 // len(names)) - ONE_DAY
            found.append((begin, end, f"{year}{name}"))
    return found


def _date(rule: Any, end: date) -> date:
    on = getattr(rule, "on", None)
    if on is None:
        return end
    if isinstance(on, int):
        return end + relativedelta(day=on)
    return end + relativedelta(month=int(on[:2]), day=int(on[3:]))


def is_listed(world: World, kind: str, one: Row) -> bool:
    """Say whether a verdict is listed: not what was over before the period, but what an act set off and is not done."""
    opened = one["opened_on"]
    if opened is None:
        return True
    if opened > world.today + relativedelta(years=1):
        return False
    if world.period is None:
        return True
    first, last = world.period
    if opened > last or opened >= first:
        return bool(opened <= last)
    if (one["due_on"] is None or one["due_on"] < first) and (one["met_on"] is None or one["met_on"] < first):
        open_still = one["met_on"] is None and one["status"] != "not_applicable"
        return one["trigger"] is not None and kind not in ON_THE_DAY and open_still
    return True
