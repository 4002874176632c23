"""Limits as the rules write them: `20 working days`, `30 days`, `48 hours`, `1 month`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from dateutil.relativedelta import relativedelta

from events.problems import Text, did_you_mean

if TYPE_CHECKING:
    from engine.time.calendar import Calendar

Unit: TypeAlias = Literal["working days", "days", "hours", "months"]

HOURS_A_DAY: Final = 24
_SHAPE: Final = re.compile(r"\s*(?P<amount>\d+)\s*(?P<unit>\D+?)\s*")
_MOST: Final = 9999
_UNITS: Final[dict[str, Unit]] = {
    "working day": "working days",
    "working days": "working days",
    "day": "days",
    "days": "days",
    "hour": "hours",
    "hours": "hours",
    "month": "months",
    "months": "months",
    "个工作日": "working days",
    "工作日": "working days",
    "日": "days",
    "天": "days",
    "个自然日": "days",
    "自然日": "days",
    "小时": "hours",
    "个小时": "hours",
    "个月": "months",
}
_MULTIPLES: Final[dict[str, tuple[int, Unit]]] = {
    "week": (7, "days"),
    "weeks": (7, "days"),
    "周": (7, "days"),
    "个星期": (7, "days"),
    "year": (12, "months"),
    "years": (12, "months"),
    "年": (12, "months"),
}
_CHINESE: Final[dict[Unit, str]] = {"working days": "个工作日", "days": "日", "hours": "小时", "months": "个月"}
_EXAMPLES: Final = Text(
    zh="写作“3 working days”“30 days”“48 hours”“1 month”，或者“3个工作日”“30日”“48小时”“1个月”。",
    en="Write it as '3 working days', '30 days', '48 hours' or '1 month'.",
)


class DurationError(ValueError):
    """A text is not a duration.

    Attributes:
        value: the text as it was given.
        fact: what is the case.
        cure: what to write instead.
    """

    def __init__(self, value: str, fact: Text, cure: Text) -> None:
        """Keep the parts; the exception itself says them in English."""
        super().__init__(f"{fact.en} {cure.en}")
        self.value = value
        self.fact = fact
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as a rule states it.

    Attributes:
        amount: how many.
        unit: of what.
    """

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """Return the English form, which `parse_duration` reads."""
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @property
    def text(self) -> Text:
        """The duration in words."""
        return Text(zh=f"{self.amount}{_CHINESE[self.unit]}", en=str(self))


def parse_duration(text: str) -> Duration:
    """Read a duration such as `3 working days` or `3个工作日`.

    Raises:
        DurationError: the text is none; it says the fact and the cure.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        fact = Text(zh=f"“{text}”不是时限，应为整数加单位", en=f"{text!r} is not a whole number and a unit.")
        raise DurationError(text, fact, _EXAMPLES)
    digits, word = found["amount"], " ".join(found["unit"].lower().split())
    if len(digits) > len(str(_MOST)):
        fact = Text(zh=f"时限“{text}”过长", en=f"The duration {text!r} is too long.")
        cure = Text(zh=f"数量不要超过{_MOST}。", en=f"Use an amount of at most {_MOST}.")
        raise DurationError(text, fact, cure)
    unit = _UNITS.get(word)
    if unit is None:
        fact = Text(zh=f"不认识时限“{text}”的单位“{word}”", en=f"{text!r} has an unknown unit, {word!r}.")
        raise DurationError(text, fact, _cure(int(digits), word))
    return Duration(int(digits), unit)


def due_day(start: date, duration: Duration, calendar: Calendar, *, roll: bool = False) -> date:
    """Return the last day of the limit; the day it starts on is not counted.

    Hours are given by the day: the limit ends on the day that the last hour of a start late on `start` falls on, so
    48 hours end on the second day after. A month ends on the day with the same number, or on the month's last day.

    Args:
        start: the day of the trigger.
        duration: the limit.
        calendar: the working days.
        roll: whether a limit in days, hours or months that ends on a day off moves on to the next working day.

    Raises:
        CalendarRangeError: the calendar does not reach far enough.
    """
    if duration.unit == "working days":
        return calendar.add_working_days(start, duration.amount)
    end = _plain_end(start, duration)
    return calendar.next_working_day(end) if roll else end


def is_provisional(start: date, duration: Duration, calendar: Calendar, *, roll: bool = False) -> bool:
    """Say whether `due_day` of the same arguments rests on a year whose arrangement is not announced."""
    end = due_day(start, duration, calendar, roll=roll)
    if duration.unit == "working days":
        return not calendar.is_firm(start, end)
    if not roll:
        return False
    plain = _plain_end(start, duration)
    return not (calendar.is_announced(plain) and calendar.is_firm(plain, end))


def _plain_end(start: date, duration: Duration) -> date:
    if duration.unit == "months":
        return start + relativedelta(months=duration.amount)
    if duration.unit == "hours":
        return start + timedelta(days=-(-duration.amount // HOURS_A_DAY))
    return start + timedelta(days=duration.amount)


def _cure(amount: int, word: str) -> Text:
    if word in _MULTIPLES:
        times, unit = _MULTIPLES[word]
        meant = Duration(amount * times, unit)
    else:
        near = did_you_mean(word, _UNITS, most=1)
        if not near:
            return _EXAMPLES
        meant = Duration(amount, _UNITS[near[0]])
    return Text(zh=f"是不是“{meant.text.zh}”（{meant}）？", en=f"Did you mean '{meant}'?")
