"""The entries of the made-up year while they are being planned, and the days that they may lie on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from engine.time.calendar import Calendar
    from events.model import AttributeValue
    from rules.units import Registry

FIRST = date(2023, 1, 1)
LAST = date(2023, 12, 31)
LAST_RECORDED = date(2023, 12, 29)
"""What happens in the year is recorded by its last working day, but for entries that say so."""


def midnight(day: date) -> datetime:
    """Return the first moment of a day, as a date without a time of day is kept."""
    return datetime.combine(day, time())


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a unit's register.

    Attributes:
        id: unique text.
        type: event type of the vocabulary.
        unit: id of the unit.
        at: when it happened; midnight where only the day is known.
        subject: what it is about, or None.
        recorded: the day that it was logged on, or None where the register does not say.
        data: the attributes of the type.
        corrects: id of the entry that this one replaces.
        retracts: id of the entry that this one withdraws.
    """

    id: str
    type: str
    unit: str
    at: datetime
    subject: str | None = None
    recorded: date | None = None
    data: Mapping[str, AttributeValue] = field(default_factory=dict)
    corrects: str | None = None
    retracts: str | None = None

    @property
    def day(self) -> date:
        """The day that it happened on."""
        return self.at.date()

    @property
    def timed(self) -> bool:
        """Whether its time of day is known."""
        return self.at.time() != time()


class Log:
    """The entries of the year, which planting a fault may still change.

    Attributes:
        registry: the units.
        calendar: the working days, from 2022 to early 2024.
        rng: the seeded source of all choices.
        entries: the entries by id, in the order of their making.
    """

    def __init__(self, registry: Registry, calendar: Calendar, rng: random.Random) -> None:
        """Start with no entries."""
        self.registry = registry
        self.calendar = calendar
        self.rng = rng
        self.entries: dict[str, Entry] = {}
        self._by_type: dict[str, dict[str, Entry]] = {}
        self._numbers: dict[str, int] = {}

    def add(
        self,
        kind: str,
        unit: str,
        at: date,
        subject: str | None = None,
        *,
        recorded: date | None = None,
        corrects: str | None = None,
        retracts: str | None = None,
        **data: AttributeValue,
    ) -> Entry:
        """Add an entry and return it; without `recorded` it is logged on the day or soon after.

        Args:
            kind: the event type.
            unit: id of the unit.
            at: the day, or the moment where its time of day is known.
            subject: what it is about.
            recorded: the day that it was logged on.
            corrects: id of the entry that it replaces.
            retracts: id of the entry that it withdraws.
            data: the attributes.
        """
        number = self._numbers[unit] = self._numbers.get(unit, 0) + 1
        moment = at if isinstance(at, datetime) else midnight(at)
        logged = recorded or self._soon_after(moment.date(), timed=isinstance(at, datetime))
        entry_id = f"JX-{unit.upper()}-{number:04d}"
        entry = Entry(entry_id, kind, unit, moment, subject, logged, data, corrects, retracts)
        return self._keep(entry)

    def remove(self, entry: Entry) -> None:
        """Take an entry out; its number stays unused."""
        del self.entries[entry.id]
        del self._by_type[entry.type][entry.id]

    def move(self, entry: Entry, at: date) -> Entry:
        """Let an entry happen at another time, and be logged soon after that."""
        moment = at if isinstance(at, datetime) else midnight(at)
        logged = self._soon_after(moment.date(), timed=isinstance(at, datetime))
        return self._keep(replace(entry, at=moment, recorded=logged))

    def amend(self, entry: Entry, **data: AttributeValue) -> Entry:
        """Change attributes of an entry."""
        return self._keep(replace(entry, data={**entry.data, **data}))

    def record_on(self, entry: Entry, day: date) -> Entry:
        """Let an entry be logged on another day."""
        return self._keep(replace(entry, recorded=day))

    def of(self, kind: str, unit: str | None = None, subject: str | None = None) -> list[Entry]:
        """Return the entries of a type, of one unit and about one subject where these are given."""
        return [
            entry
            for entry in self._by_type.get(kind, {}).values()
            if (unit is None or entry.unit == unit) and (subject is None or entry.subject == subject)
        ]

    def __iter__(self) -> Iterator[Entry]:
        """Go through the entries in the order of their making."""
        return iter(self.entries.values())

    def after(self, start: date, working_days: int) -> date:
        """Return the so-many-th working day after `start`."""
        return self.calendar.add_working_days(start, working_days)

    def before(self, day: date, working_days: int) -> date:
        """Return the so-many-th working day before `day`."""
        calendar = self.calendar
        at = calendar.ordinal(day) - (1 if calendar.is_working(day) else 0)
        return calendar.working_days[at - working_days]

    def some_day(self, first: date, last: date) -> date:
        """Return a working day of [first, last]."""
        return self.some_day_of(self.rng, first, last)

    def some_day_of(self, rng: random.Random, first: date, last: date) -> date:
        """Return a working day of [first, last] that another source of choices draws."""
        low = self.calendar.ordinal(first) - (1 if self.calendar.is_working(first) else 0)
        return self.calendar.working_days[rng.randrange(low, self.calendar.ordinal(last))]

    def days(self, number: int, first: date, last: date) -> list[date]:
        """Return so many working days of [first, last] in order; one may come up twice."""
        return sorted(self.some_day(first, last) for _ in range(number))

    def _keep(self, entry: Entry) -> Entry:
        self.entries[entry.id] = entry
        self._by_type.setdefault(entry.type, {})[entry.id] = entry
        return entry

    def _soon_after(self, day: date, *, timed: bool) -> date | None:
        """Return the day that an entry is logged on: within two working days, and no later than the year."""
        if self.rng.random() < 0.4:  # noqa: PLR2004 - many registers leave the column empty
            return None
        logged = day if not self.rng.randrange(3) else self.after(day, self.rng.randint(1, 2))
        if FIRST <= day <= LAST:
            logged = max(day, min(logged, LAST_RECORDED))
        return None if timed and logged == day else logged
