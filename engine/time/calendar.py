"""Working days as tables: which days count, and which number each has.

The 《政府信息公开条例》 counts its limits in working days (条例第33条: 20个工作日, extended by at most 20) and
leaves open whether the first day counts. Here it does not: the first counted day is the next working day, as in the
general rule that the day a period opens is not part of it. A working day is one of the State Council's yearly
arrangement: weekdays without its holidays, together with its make-up workdays (调休) at weekends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import TypeAlias

from engine.time.state_council import announced_years, public_days
from events.problems import Text

Days: TypeAlias = Iterable[date] | Mapping[date, str]
Row: TypeAlias = tuple[date, bool, int, bool]

SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})
ONE_DAY = timedelta(days=1)


class CalendarRangeError(ValueError):
    """A day lies outside the calendar.

    Attributes:
        text: the sentence in both languages.
    """

    def __init__(self, text: Text) -> None:
        """Keep the sentence; the exception itself says it in English."""
        super().__init__(text.en)
        self.text = text


class Kind(StrEnum):
    """What sort of day a day is."""

    WORKDAY = "workday"
    MAKE_UP = "make-up workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


_KIND_TEXT = {
    Kind.WORKDAY: Text(zh="工作日", en="working day"),
    Kind.MAKE_UP: Text(zh="调休上班", en="make-up workday"),
    Kind.WEEKEND: Text(zh="周末", en="weekend"),
    Kind.HOLIDAY: Text(zh="节假日", en="public holiday"),
    Kind.CLOSURE: Text(zh="本地停止办公", en="local closure"),
}


@dataclass(frozen=True, slots=True)
class DayKind:
    """Why a day counts or does not.

    Attributes:
        kind: the sort of day.
        name: the holiday, or the reason of a closure.
        announced: False where the arrangement of the day's year is not announced yet, so that this is an estimate.
    """

    kind: Kind
    name: Text | None = None
    announced: bool = True

    @property
    def working(self) -> bool:
        """Whether a day of this sort is counted."""
        return self.kind in {Kind.WORKDAY, Kind.MAKE_UP}

    @property
    def estimate(self) -> bool:
        """Whether this may change when the year's arrangement is announced."""
        return not self.announced

    @property
    def text(self) -> Text:
        """The kind in words, with the name, marked where it is an estimate."""
        label = _KIND_TEXT[self.kind]
        zh, en = label.zh, label.en
        if self.name is not None:
            zh, en = f"{zh}：{self.name.zh}", f"{en}: {self.name.en}"
        if self.estimate:
            zh, en = f"{zh}（当年放假安排未公布，暂估）", f"{en} (estimate: the year's arrangement is not announced)"
        return Text(zh=zh, en=en)


@dataclass(frozen=True, slots=True)
class DayStep:
    """One day passed while counting.

    Attributes:
        day: the day.
        counted: whether it is one of the counted days.
        number: which counted day it is, from 1; None where it is skipped.
        kind: why it is counted or skipped.
    """

    day: date
    counted: bool
    number: int | None
    kind: DayKind


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The State Council's arrangement for one year, as announced in `notice`.

    Every weekday of the year outside `holidays` is a working day, and so is every day of `workdays`.
    A notice may name days at the edge of the neighbouring years as well.
    """

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    notice: str

    def __post_init__(self) -> None:
        """Refuse an arrangement that contradicts itself.

        Raises:
            ValueError: a day is both holiday and workday, or far from the year.
        """
        for day in sorted(self.holidays & self.workdays):
            message = f"{day} is both a holiday and a make-up workday in the arrangement for {self.year}."
            raise ValueError(message)
        for day in sorted(self.holidays | self.workdays):
            if abs(day.year - self.year) > 1:
                message = f"{day} does not belong in the arrangement for {self.year}."
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from `first` to `last`, each known as working or not, and numbered.

    Attributes:
        first: the first day.
        last: the last day.
        last_announced: the last year whose arrangement is announced, without a gap before it; None where none is.
        kinds: what each day is, in order.
        ordinals: for each day, how many working days there are from `first` up to and including it.
        working_days: the working days in order; the n-th is at n - 1.
    """

    first: date
    last: date
    last_announced: int | None
    kinds: tuple[DayKind, ...]
    ordinals: tuple[int, ...]
    working_days: tuple[date, ...]

    def is_working(self, day: date) -> bool:
        """Say whether `day` is a working day."""
        return self.kinds[self._at(day)].working

    def ordinal(self, day: date) -> int:
        """Return the number of working days from the calendar's first day up to and including `day`."""
        return self.ordinals[self._at(day)]

    def is_announced(self, day: date) -> bool:
        """Say whether the arrangement that `day` follows is announced."""
        return self.kinds[self._at(day)].announced

    def is_firm(self, start: date, end: date) -> bool:
        """Say whether every day of (start, end] follows an announced arrangement; if not, a result is provisional."""
        low, high = self._at(start), self._at(end)
        return all(kind.announced for kind in self.kinds[low + 1 : high + 1])

    def why(self, day: date) -> DayKind:
        """Return what sort of day `day` is, with the name of its holiday or the reason of its closure."""
        return self.kinds[self._at(day)]

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`, which itself is not counted; 0 gives `start` back.

        Raises:
            CalendarRangeError: the count runs past the calendar's last day.
            ValueError: n is negative.
        """
        if n < 0:
            message = f"A limit cannot be {n} working days: the number must not be negative."
            raise ValueError(message)
        before = self.ordinal(start)
        if n == 0:
            return start
        if before + n > len(self.working_days):
            text = Text(
                zh=f"从{start}起数{n}个工作日超出了工作日历的最后一天{self.last}。",
                en=f"{n} working days after {start} run past the calendar's last day, {self.last}.",
            )
            raise CalendarRangeError(text)
        return self.working_days[before + n - 1]

    def working_days_between(self, a: date, b: date) -> int:
        """Return the number of working days in (a, b]; none where `b` is not after `a`."""
        return max(0, self.ordinal(b) - self.ordinal(a))

    def next_working_day(self, day: date) -> date:
        """Return `day` where it is a working day, or the next one that is (节假日顺延)."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def steps(self, start: date, n: int) -> tuple[DayStep, ...]:
        """Return every day passed from the day after `start` to the n-th working day, and why each counts or not."""
        end = self.add_working_days(start, n)
        low, high = self._at(start), self._at(end)
        base = self.ordinals[low]
        return tuple(
            DayStep(
                day=self.first + index * ONE_DAY,
                counted=self.kinds[index].working,
                number=self.ordinals[index] - base if self.kinds[index].working else None,
                kind=self.kinds[index],
            )
            for index in range(low + 1, high + 1)
        )

    def rows(self) -> list[Row]:
        """Return (day, is working, ordinal, announced) for each day, the calendar table of a database."""
        return [
            (self.first + index * ONE_DAY, kind.working, ordinal, kind.announced)
            for index, (kind, ordinal) in enumerate(zip(self.kinds, self.ordinals, strict=True))
        ]

    def _at(self, day: date) -> int:
        if not self.first <= day <= self.last:
            text = Text(
                zh=f"{day}不在工作日历（{self.first}至{self.last}）之内。",
                en=f"{day} is outside the calendar, which runs from {self.first} to {self.last}.",
            )
            raise CalendarRangeError(text)
        return day.toordinal() - self.first.toordinal()


def calendar_from_days(
    first: date,
    last: date,
    *,
    holidays: Days = (),
    weekend: Iterable[int] = WEEKEND,
    workdays: Iterable[date] = (),
) -> Calendar:
    """Return a calendar in which the given days are all there is to know; every year counts as announced.

    Args:
        first: the first day.
        last: the last day.
        holidays: the days off, with their names where it is a mapping.
        weekend: the weekdays off, Monday being 0.
        workdays: days at weekends that are worked.
    """
    names, off, worked = _named(holidays), frozenset(weekend), frozenset(workdays)
    kinds = {day: DayKind(Kind.HOLIDAY, name) for day, name in names.items()}
    kinds |= {day: DayKind(Kind.MAKE_UP) for day in worked if day.weekday() in off}
    ordinary = (DayKind(Kind.WORKDAY), DayKind(Kind.WEEKEND))
    return _assemble(
        _range(first, last),
        lambda day: kinds.get(day) or ordinary[day.weekday() in off],
        last.year,
    )


def china_calendar(
    first: date,
    last: date,
    *,
    closures: Days = (),
    extra: Mapping[int, Arrangement] | None = None,
) -> Calendar:
    """Return the calendar of the State Council's arrangements, from the `holidays` library.

    A year without an announced arrangement has the statutory days only and is an estimate: it has no make-up workdays.

    Args:
        first: the first day.
        last: the last day.
        closures: further days on which the county does not work, with their reasons where it is a mapping.
        extra: arrangements by year that the library does not have yet; they replace what it says of their years.

    Raises:
        CalendarRangeError: `last` is before `first`.
        ValueError: an arrangement stands under another year.
    """
    days, arrangements = _range(first, last), dict(extra or {})
    for year, arrangement in arrangements.items():
        if arrangement.year != year:
            message = f"The arrangement for {arrangement.year} stands under the year {year}."
            raise ValueError(message)
    known = announced_years() | frozenset(arrangements)
    special = _special_days(first.year, last.year, arrangements)
    plain = {(off, firm): DayKind(_plain(off=off), None, firm) for off in (True, False) for firm in (True, False)}
    local = {day: DayKind(Kind.CLOSURE, name, day.year in known) for day, name in _named(closures).items()}

    def kind_of(day: date) -> DayKind:
        firm = day.year in known
        found = special.get(day)
        usual = plain[day.weekday() in WEEKEND, firm] if found is None else DayKind(*found, firm)
        return local[day] if day in local and usual.working else usual

    return _assemble(days, kind_of, _last_without_gap(known))


def _plain(*, off: bool) -> Kind:
    return Kind.WEEKEND if off else Kind.WORKDAY


def _range(first: date, last: date) -> list[date]:
    if last < first:
        text = Text(
            zh=f"工作日历的最后一天{last}早于第一天{first}。",
            en=f"The calendar ends ({last}) before it begins ({first}).",
        )
        raise CalendarRangeError(text)
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


def _named(days: Days) -> dict[date, Text | None]:
    if isinstance(days, Mapping):
        return {day: Text(zh=name, en=name) if name else None for day, name in days.items()}
    return dict.fromkeys(days)


def _assemble(days: list[date], kind_of: Callable[[date], DayKind], last_announced: int | None) -> Calendar:
    kinds = tuple(map(kind_of, days))
    return Calendar(
        first=days[0],
        last=days[-1],
        last_announced=last_announced,
        kinds=kinds,
        ordinals=tuple(accumulate(int(kind.working) for kind in kinds)),
        working_days=tuple(day for day, kind in zip(days, kinds, strict=True) if kind.working),
    )


def _last_without_gap(years: frozenset[int]) -> int | None:
    library = announced_years()
    if not library:
        return max(years, default=None)
    last = max(library)
    while last + 1 in years:
        last += 1
    return last


_Special: TypeAlias = tuple[Kind, Text | None]


def _special_days(first: int, last: int, arrangements: Mapping[int, Arrangement]) -> dict[date, _Special]:
    """Return the days that are not what their weekday says, from the library and then from the arrangements."""
    names, make_up = public_days(first, last)
    special: dict[date, _Special] = {day: (Kind.HOLIDAY, name) for day, name in names.items()}
    special |= dict.fromkeys(make_up, (Kind.MAKE_UP, None))
    for year in sorted(arrangements):
        special = {day: found for day, found in special.items() if day.year != year}
    for _, arrangement in sorted(arrangements.items()):
        notice = Text(zh=f"放假安排（{arrangement.notice}）", en=f"day off ({arrangement.notice})")
        special |= {day: (Kind.HOLIDAY, names.get(day) or notice) for day in arrangement.holidays}
        special |= {day: (_worked(day), None) for day in arrangement.workdays}
    return special


def _worked(day: date) -> Kind:
    return Kind.MAKE_UP if day.weekday() in WEEKEND else Kind.WORKDAY
