"""Deeds that the rules of a book ask for, made from the rules: a unit of the made-up year does what it owes.

A few rules are covered by hand, by what a unit does of its own accord (`gongkai.demo.year.duties`). For every other,
its kind says which deeds keep it (`rules.deeds`): an event that its selector selects, in time, with the elements that
it asks for.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from engine.kinds.base import deeds_of
from engine.time.durations import Duration, parse_duration
from gongkai.demo.match import elements_of, fitting, matches, merged, plain_answers, subject_for
from gongkai.demo.year.log import FIRST, LAST, LAST_RECORDED
from gongkai.demo.year.titles import document_number
from rules.deeds import Again, ByDay, Carry, FigureReport, First, ForEach, Judgement, Often, Reply, set_off_by
from rules.model import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gongkai.demo.year.log import Entry, Log
    from rules.deeds import Deed
    from rules.model import Selector

EARLY = timedelta(days=12)
"""How long before a due date deeds are done at the latest."""
JUDGED_SHARE = 0.8
OPTIONAL_SHARE = 0.5
OCCASION_SHARE = 0.6
ROUNDS = 6


class Complier:
    """Adds what rules ask for and the year does not have yet."""

    def __init__(self, log: Log, rules: Sequence[Rule], by_hand: frozenset[str]) -> None:
        """Take the year and the rules.

        Args:
            log: the year, which grows.
            rules: all rules that the year will be judged by.
            by_hand: ids of the rules whose deeds the year has already; only what is added here is held to them.
        """
        self.log = log
        self.rules = rules
        self.by_hand = by_hand
        self.added: dict[str, str] = {}
        self._own: set[str] = set()
        self._taken: dict[tuple[str, str], bool] = {}

    def create(self) -> None:
        """Add what is owed whatever else happens, and now and then what sets a duty."""
        for rule in self.rules:
            if rule.id not in self.by_hand:
                self._each(rule, self._occasion)
                self._each(rule, self._create)
        for rule in self.rules:
            if any(isinstance(deed, ByDay) and deed.applies_if for deed in deeds_of(rule)):
                self._each(rule, self._create)

    def react(self) -> None:
        """Add what follows from what happened, until nothing is missing.

        Raises:
            RuntimeError: deeds ask for further deeds without end.
        """
        for _ in range(ROUNDS):
            before = len(self.log.entries)
            for rule in self.rules:
                self._each(rule, self._react)
            if len(self.log.entries) == before:
                self._own.clear()
                return
        rules = sorted({self.added[entry] for entry in self._own})
        msg = f"deeds ask for further deeds without end: {', '.join(rules)}"
        raise RuntimeError(msg)

    def _each(self, rule: Rule, comply: Callable[[Rule, str], None]) -> None:
        """Let the units that owe a rule comply; one does for all where the county's total counts."""
        units = self.log.registry.members(rule.owed_by)
        together = getattr(rule, "scope", "unit") == "county" or getattr(rule, "jointly", False)
        for unit in units[:1] if together else units:
            if rule.modality == "must" or self._takes(rule, unit):
                comply(rule, unit)

    def _takes(self, rule: Rule, unit: str) -> bool:
        """Say whether a unit does what it need not: about half do, and each keeps to it."""
        return self._taken.setdefault((rule.id, unit), self.log.rng.random() < OPTIONAL_SHARE)

    def _do(
        self,
        rule: Rule,
        selector: Selector,
        unit: str,
        at: date,
        *,
        subject: str | None = None,
        elements: tuple[str, ...] = (),
    ) -> Entry:
        """Add one entry that a selector selects.

        Args:
            rule: the rule that asks for it.
            selector: the selector.
            unit: id of the unit.
            at: the day or moment.
            subject: what it is about; something new without.
            elements: what it covers.
        """
        number = len(self.added) + 1
        log = self.log
        name = f"{rule.id}-{unit}-{number}"
        if selector.event.endswith(".issued"):
            name = document_number(log.registry.unit(unit), "办", number)
        entry = log.add(selector.event, unit, at, subject_for(selector, subject or name))
        entry = log.amend(entry, **plain_answers(selector) | fitting(selector, elements), title=rule.title.zh)
        if FIRST <= entry.day <= LAST:
            entry = log.record_on(entry, max(entry.day, min(entry.recorded or entry.day, LAST_RECORDED)))
        self.added[entry.id] = rule.id
        self._own.add(entry.id)
        return entry

    def _some_day(self, rule: Rule, last: date) -> date:
        """Return a working day of the rule's period, some time before its last day."""
        start = max(rule.period.start, FIRST) + timedelta(days=5)
        return self.log.some_day(start, max(start + timedelta(days=4), min(last, LAST_RECORDED) - EARLY))

    def found(self, selector: Selector, unit: str | None, subject: str | None = None) -> list[Entry]:
        """Return the entries that a selector selects."""
        return [entry for entry in self.log.of(selector.event, unit, subject) if matches(entry, selector)]

    def _held(self, rule: Rule, entry: Entry) -> bool:
        """Say whether an entry is held to a rule here: rules kept by hand hold only what this pass has added."""
        return rule.id not in self.by_hand or entry.id in self._own

    def _occasion(self, rule: Rule, unit: str) -> None:
        """Let what sets a duty happen once in some units, where it does not happen anyway."""
        for deed in deeds_of(rule):
            selector = set_off_by(deed)
            if selector is not None and self.log.rng.random() < OCCASION_SHARE and not self.found(selector, unit):
                elements = deed.covers if isinstance(deed, Carry) else ()
                self._do(rule, selector, unit, self._some_day(rule, rule.period.end), elements=elements)

    def _create(self, rule: Rule, unit: str) -> None:
        """Do what a rule asks for whatever else happens."""
        for deed in deeds_of(rule):
            self._begin(deed, rule, unit)

    def _react(self, rule: Rule, unit: str) -> None:
        """Do what a rule asks for after what happened."""
        for deed in deeds_of(rule):
            self._follow(deed, rule, unit)

    @singledispatchmethod
    def _begin(self, deed: Deed, rule: Rule, unit: str) -> None:
        """Do what is owed whatever else happens; other deeds wait for something to happen."""

    @singledispatchmethod
    def _follow(self, deed: Deed, rule: Rule, unit: str) -> None:
        """Do what follows from what happened; other deeds wait for nothing."""

    @_begin.register
    def _count(self, deed: Often, rule: Rule, unit: str) -> None:
        """Do so many."""
        for _ in range(deed.at_least or 0):
            self._do(rule, deed.act, unit, self._some_day(rule, rule.period.end))

    @_begin.register
    def _due(self, deed: ByDay, rule: Rule, unit: str) -> None:
        """Do it by the date, unless it is not owed."""
        if deed.applies_if and not any(self.found(one, unit) for one in deed.applies_if):
            return
        everyone = None if deed.together else unit
        done = [one for one in self.found(deed.act, everyone) if rule.period.start <= one.day <= deed.by]
        missing = set(deed.covers) - {name for one in done for name in elements_of(one, deed.act)}
        if missing or not done:
            elements = tuple(name for name in deed.covers if name in missing)
            self._do(rule, deed.act, unit, self._some_day(rule, deed.by), elements=elements)

    @_begin.register
    def _cover_items(self, deed: ForEach, rule: Rule, unit: str) -> None:
        """Cover each listed item."""
        for item in deed.items:
            at = self._some_day(rule, deed.by)
            if deed.act.elements_in is not None:
                self._do(rule, deed.act, unit, at, elements=(item,))
            else:
                self._do(rule, deed.act, unit, at, subject=item)

    @_begin.register
    def _reach(self, deed: FigureReport, rule: Rule, unit: str) -> None:
        """Report a figure that reaches the target."""
        target = deed.target
        better = {"more_than": target * 1.02 + 0.01, "at_least": target * 1.02, "at_most": target * 0.9}
        value = better.get(deed.compare, target)
        whole = float(target).is_integer() and deed.compare in ("more_than", "at_least") and target >= 1
        entry = self._do(rule, deed.act, unit, self._some_day(rule, deed.by))
        self.log.amend(entry, value=round(value + 0.5) if whole else round(value, 4))

    @_begin.register
    def _assess(self, deed: Judgement, rule: Rule, unit: str) -> None:
        """Let the evaluator judge most units, but not itself: that would settle nothing."""
        if self.log.rng.random() < JUDGED_SHARE and not self.log.registry.evaluates(unit):
            entry = self._do(rule, deed.act, unit, self._some_day(rule, deed.by))
            self.log.amend(
                entry, clause=rule.id, result="pass", score=self.log.rng.randint(82, 98), evaluator="县政府办公室"
            )

    @_follow.register
    def _respond(self, deed: Reply, rule: Rule, unit: str) -> None:
        """Answer each trigger in time."""
        limit = parse_duration(deed.within)
        for trigger in self.found(deed.to, unit):
            if not rule.period.start <= trigger.day <= rule.period.end or not self._held(rule, trigger):
                continue
            anyone = None if deed.by_anyone else unit
            done = [one for one in self.found(deed.act, anyone, trigger.subject) if one.day >= trigger.day]
            missing = set(deed.covers) - {name for one in done for name in elements_of(one, deed.act)}
            late = not any(one.day <= self._latest(trigger, limit) for one in done)
            if missing or late:
                at = self._soon(trigger, limit)
                if isinstance(at, datetime) or at <= LAST_RECORDED:
                    self._do(rule, deed.act, unit, at, subject=trigger.subject, elements=deed.covers)

    def _latest(self, trigger: Entry, limit: Duration) -> date:
        """Return a day by which an answer is certainly in time."""
        if limit.unit == "working days":
            return self.log.after(trigger.day, limit.amount)
        if limit.unit == "hours":
            return (trigger.at + timedelta(hours=limit.amount)).date()
        return trigger.day + timedelta(days=limit.amount if limit.unit == "days" else 28 * limit.amount)

    def _soon(self, trigger: Entry, limit: Duration) -> date:
        """Return when an answer comes: within the limit, and within some days."""
        if limit.unit == "hours" and trigger.timed:
            return trigger.at + timedelta(minutes=60 * min(limit.amount, 20))
        days = min(limit.amount, 6) if limit.unit in ("working days", "days") else 3
        if limit.unit == "hours" or days < 1:
            return trigger.at if trigger.timed else trigger.day
        return min(self.log.after(trigger.day, self.log.rng.randint(1, days)), self._latest(trigger, limit))

    @_follow.register
    def _precede(self, deed: First, rule: Rule, unit: str) -> None:
        """Do first what must come first, once for each act where one serves one."""
        number: dict[str | None, int] = {}
        for act in sorted(self.found(deed.before, unit), key=lambda one: one.at):
            number[act.subject] = number.get(act.subject, 0) + 1
            wanted = number[act.subject] if deed.one_to_one else 1
            before = [one for one in self.found(deed.act, unit, act.subject) if one.day < act.day]
            if len(before) < wanted and self._held(rule, act):
                self._do(rule, deed.act, unit, self.log.before(act.day, 1), subject=act.subject)

    @_follow.register
    def _contain(self, deed: Carry, rule: Rule, unit: str) -> None:
        """Let each act carry what it must, itself or in a linked act on the same day."""
        for act in self.found(deed.act, unit):
            has = set(elements_of(act, deed.act))
            for selector in deed.linked:
                for one in self.found(selector, unit, act.subject):
                    has.update(elements_of(one, selector))
            missing = tuple(name for name in deed.covers if name not in has)
            if not missing or not self._held(rule, act):
                continue
            if deed.act.elements_in is not None:
                self.log.amend(act, **merged(act.data, {deed.act.elements_in: missing}))
            else:
                self._do(rule, deed.linked[0], unit, act.day, subject=act.subject, elements=missing)

    @_follow.register
    def _refresh(self, deed: Again, rule: Rule, unit: str) -> None:
        """Refresh what is open before the gap grows too long."""
        gap = parse_duration(deed.every)
        for opened in self.found(deed.opened, unit):
            closed = self.found(deed.closed, unit, opened.subject) if deed.closed is not None else []
            end = min([LAST, *(one.day for one in closed)])
            days = sorted({opened.day, *(one.day for one in self.found(deed.act, unit, opened.subject))})
            at = max(days[0], FIRST - timedelta(days=1))
            later = [day for day in days if day > at]
            each = {"days": 1.0, "working days": 1.0, "hours": 1 / 24, "months": 28.0}[gap.unit]
            step = timedelta(days=max(1, int(gap.amount * each * 2 / 3)))
            while at + step < end:
                at = later.pop(0) if later and later[0] <= at + step else at + step
                if at not in days:
                    self._do(rule, deed.act, unit, at, subject=opened.subject)

    @_follow.register
    def _cover_events(self, deed: ForEach, rule: Rule, unit: str) -> None:
        """Cover each thing that is to be covered."""
        everyone = None if deed.together else unit
        for thing in self.found(deed.of, everyone) if deed.of is not None else ():
            if not rule.period.start <= thing.day <= rule.period.end or not self._held(rule, thing):
                continue
            if not self.found(deed.act, everyone, thing.subject):
                at = min(self.log.after(thing.day, self.log.rng.randint(1, 5)), deed.by)
                self._do(rule, deed.act, unit, at, subject=thing.subject)

    @_follow.register
    def _due_at_last(self, deed: ByDay, rule: Rule, unit: str) -> None:
        """Do by the date what is owed only now that something has happened."""
        if deed.applies_if and rule.id not in self.by_hand:
            self._due(deed, rule, unit)
