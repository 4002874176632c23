"""What the oracle knows of a log as of a moment: the entries that stand, and which of them a selector selects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from tests.oracle.worked_out import worked_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.model import Event
    from rules.model import Condition, Selector

Row = dict[str, Any]
END = time(23, 59, 59, 999999)


def end_of(day: date) -> datetime:
    return datetime.combine(day, END)


@dataclass(frozen=True)
class Fact:
    """One entry as a selector sees it; `certain` is false where an attribute that decides was not recorded."""

    event: str
    root: str
    unit: str
    subject: str | None
    at: datetime
    timed: bool
    certain: bool
    elements: frozenset[str]
    value: float | None

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def latest(self) -> datetime:
        return self.at if self.timed else end_of(self.day)

    @property
    def order(self) -> tuple[datetime, str]:
        return (self.at, self.event)


def holds(condition: Condition, value: Any) -> bool | None:
    """Say whether a condition holds; None where it depends on what was not recorded."""
    if value is None:
        if condition.or_missing:
            return True
        return False if condition.only_recorded else None
    tests = [
        condition.equals is None or value == condition.equals,
        condition.one_of is None or value in condition.one_of,
        condition.at_least is None or value >= condition.at_least,
        condition.more_than is None or value > condition.more_than,
        condition.at_most is None or value <= condition.at_most,
        condition.less_than is None or value < condition.less_than,
        condition.includes is None or condition.includes in value,
        not any(word in value for word in condition.excludes),
    ]
    return all(tests)


def all_of(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def any_of(values: Sequence[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


def selects(selector: Selector, event: Event, year: int | None = None) -> bool | None:
    if event.type != selector.event:
        return False
    if selector.year_in is not None:
        own = event.occurred_at.year - (1 if selector.year_else == "before" else 0)
        if (event.data.get(selector.year_in) or own) != year:
            return False
    groups = [all_of([holds(one, event.data.get(name)) for name, one in group.items()]) for group in selector.where]
    return any_of(groups) if groups else True


def _logged_again(standing: Sequence[Event]) -> set[str]:
    """Return the receipts of requests that were on record already and had not been answered since."""
    last: dict[tuple[str, str], Event] = {}
    found = set()
    for one in sorted(standing, key=lambda event: (event.occurred_at, event.id)):
        if one.type != "request.received" or one.subject is None:
            continue
        earlier = last.get((one.unit, one.subject))
        last[one.unit, one.subject] = one
        if earlier is None:
            continue
        between = [
            answer
            for answer in standing
            if (answer.type, answer.unit, answer.subject) == ("request.answered", one.unit, one.subject)
            and earlier.occurred_at <= _latest(answer)
            and answer.occurred_at <= _latest(one)
        ]
        if not between or earlier.occurred_at == one.occurred_at:
            found.add(one.id)
    return found


def _latest(event: Event) -> datetime:
    return event.occurred_at if event.timed else end_of(event.occurred_at.date())


@dataclass
class World:
    """Everything that a verdict depends on.

    Attributes:
        events: the log.
        moment: the as-of moment.
        working: the working days, in order.
        announced: last year whose arrangement is known.
        members: for the unit names and groups that rules use, the unit ids.
        names: what units are called.
        known: the moment up to which recordings count; the as-of moment without.
        period: the first and last day whose duties are listed; all without.
        evaluators: the evaluating unit of each evaluator who is of one.
        year: the year of the duty that is being judged.
        filing: the first and last day of which something has to be filed.
        lives: the first and last day of the units that do not last.
        heirs: the units that took a unit's work over.
    """

    events: Sequence[Event]
    moment: datetime
    working: Sequence[date]
    announced: int
    members: Mapping[tuple[str, ...], tuple[str, ...]]
    names: Mapping[str, str]
    known: datetime | None = None
    period: tuple[date, date] | None = None
    filing: tuple[date, date] = (date(2023, 1, 1), date(2023, 12, 31))
    evaluators: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    lives: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    heirs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _standing: list[tuple[Event, str]] = field(init=False)

    def __post_init__(self) -> None:
        known = [event for event in self.events if event.recorded_at <= (self.known or self.moment)]
        self._by_id = {event.id: event for event in self.events}
        self._against: dict[str, list[Event]] = {}
        for event in known:
            target = event.corrects or event.retracts
            if target is not None:
                self._against.setdefault(target, []).append(event)
        self._standing = [
            (event, self._root(event))
            for event in known
            if event.occurred_at <= self.moment and event.retracts is None and self._stands(event)
        ]
        again = _logged_again([event for event, _ in self._standing])
        self._standing = [(event, root) for event, root in self._standing if event.id not in again]
        logged = [event for event, _ in self._standing]
        self._standing = [(replace(event, data=worked_out(event, logged)), root) for event, root in self._standing]
        self._of_type: dict[str, list[tuple[Event, str]]] = {}
        self._own: dict[tuple[str, str], list[tuple[Event, str]]] = {}
        for event, root in self._standing:
            self._of_type.setdefault(event.type, []).append((event, root))
            for unit in {event.unit, *self.heirs.get(event.unit, ())}:  # also of one whose work it took over
                self._own.setdefault((event.type, unit), []).append((event, root))
        first, last = self.filing
        self._filing = {
            unit
            for (kind, unit), own in self._own.items()
            if kind != "assessment.recorded" and any(first <= event.occurred_at.date() <= last for event, _ in own)
        }

    @property
    def today(self) -> date:
        return self.moment.date()

    def filed(self, unit: str) -> bool:
        """Say whether a unit itself filed anything of the period."""
        return unit in self._filing

    def over(self, day: date) -> bool:
        return self.moment >= end_of(day)

    def data(self, event: str) -> Mapping[str, Any]:
        """Return the attributes of an entry."""
        return self._by_id[event].data

    def _change_of(self, event: Event) -> Event | None:
        """Return the change that counts for an entry: of those not withdrawn, the one recorded last."""
        acting = [one for one in self._against.get(event.id, ()) if not self._withdrawn(one)]
        return max(acting, key=lambda one: (one.recorded_at, one.id), default=None)

    def _withdrawn(self, event: Event) -> bool:
        change = self._change_of(event)
        return change is not None and change.retracts is not None

    def _stands(self, event: Event) -> bool:
        return self._change_of(event) is None and self._counts(event)

    def _counts(self, event: Event) -> bool:
        """Say whether an entry is what counts for what it changes, and that in its turn, up to the first entry."""
        target = event.corrects or event.retracts
        if target is None:
            return True
        changed = self._by_id[target]
        return self._change_of(changed) is event and self._counts(changed)

    def _root(self, event: Event) -> str:
        target = event.corrects or event.retracts
        return event.id if target is None else self._root(self._by_id[target])

    def facts(self, selector: Selector, unit: str | None = None) -> list[Fact]:
        """Return what a selector selects, or may select, in the order of time."""
        found = []
        of_type = self._of_type.get(selector.event, ())
        for event, root in of_type if unit is None else self._own.get((selector.event, unit), ()):
            sure = selects(selector, event, self.year)
            if sure is False:
                continue
            elements = event.data.get(selector.elements_in) if selector.elements_in else ()
            names = frozenset(elements) if isinstance(elements, tuple) else frozenset()
            value = event.data.get("value")
            figure = float(value) if isinstance(value, int | float) else None
            found.append(
                Fact(
                    event.id,
                    root,
                    event.unit if unit is None else unit,
                    event.subject,
                    event.occurred_at,
                    event.timed,
                    sure is True,
                    names,
                    figure,
                )
            )
        return sorted(found, key=lambda fact: fact.order)

    def add_working(self, start: date, number: int) -> date:
        later = [day for day in self.working if day > start]
        return start if number == 0 else later[number - 1]

    def add(self, start: date, number: int, measure: str) -> date:
        """Return the last day of a limit that starts the day after `start`."""
        if measure == "working days":
            return self.add_working(start, number)
        if measure == "months":
            return start + relativedelta(months=number)
        return start + timedelta(days=number)


def period_name(rule: Any) -> str:
    if rule.label:
        return str(rule.label)
    start, end = rule.period.start, rule.period.end
    whole = start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    return f"{start.year}" if whole else f"{start}..{end}"


def changes(
    world: World, opened: Any, closed: Any, unit: str, last: date | None = None
) -> dict[str, list[tuple[date, bool, Fact]]]:
    """Return, by subject, the days on which it was opened or closed, and the first event that did it.

    Moments of one day are gone through one by one where all are known, else the day as a whole. What both opens and
    closes at once changes nothing.
    """
    facts = [(fact, True) for fact in world.facts(opened, unit)]
    facts += [(fact, False) for fact in (world.facts(closed, unit) if closed is not None else ())]
    by_subject: dict[str, list[tuple[Fact, bool]]] = {}
    for fact, opens in facts:
        if fact.certain and fact.subject is not None and (last is None or fact.day <= last):
            by_subject.setdefault(fact.subject, []).append((fact, opens))
    found: dict[str, list[tuple[date, bool, Fact]]] = {}
    for subject, turns in by_subject.items():
        is_open = False
        moments: dict[tuple[date, time], list[tuple[Fact, bool]]] = {}
        for fact, opens in turns:
            exact = all(other.timed for other, _ in turns if other.day == fact.day)
            moments.setdefault((fact.day, fact.at.time() if exact else time()), []).append((fact, opens))
        for (day, _), together in sorted(moments.items(), key=lambda item: item[0]):
            if len({opens for _, opens in together}) == 1 and together[0][1] != is_open:
                is_open = not is_open
                found.setdefault(subject, []).append((day, is_open, min((one for one, _ in together), key=_order)))
    return found


def _order(fact: Fact) -> tuple[datetime, str]:
    return fact.order


def row(status: str, **more: Any) -> Row:
    """Return the outcome of one obligation; what is not said is none."""
    empty = {"subject": None, "opened_on": None, "due_on": None, "met_on": None, "required": None, "measured": None}
    more_empty = {"broken_on": None, "limit_at": None, "acted_on": None, "act": None, "thing": None}
    return {**empty, **more_empty, "evidence": [], "trigger": None, "key": "none", "status": status, **more}
