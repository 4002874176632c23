"""The judging thread: it takes all entries that wait, judges what they touch, and publishes a new snapshot."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.damage import DamageError
from events.ledger.folder import is_ledger, read_head
from events.ledger.importing.adding import adding
from gongkai.console.clock import now
from gongkai.console.folder import current
from gongkai.console.live import judging
from gongkai.console.live.snapshot import Snapshot
from gongkai.console.web.errors import keep
from gongkai.evaluation.build import sources_of

if TYPE_CHECKING:
    from datetime import datetime

    from events.ledger.chain import Head
    from gongkai.console.live.snapshot import PartKey
    from gongkai.evaluation.inputs import Inputs
    from reports.run.sources import Sources

WAIT = 3.0
"""Seconds that a page waits for its unit's own last entry."""
STALE = 60.0
"""Seconds after which rules with limits in hours are judged again."""


class Live:
    """The present snapshot, and the thread that makes the next one.

    Attributes:
        trouble: why there is no newer snapshot, or nothing.
    """

    def __init__(self) -> None:
        """Start without a snapshot."""
        self.trouble = ""
        self._snapshot: Snapshot | None = None
        self._asked = threading.Condition()
        self._poked = False
        self._stopping = False
        self._own: dict[str, int] = {}
        self._age = 0
        self._thread: threading.Thread | None = None

    @property
    def snapshot(self) -> Snapshot | None:
        """The present snapshot."""
        return self._snapshot

    def start(self) -> None:
        """Start the thread."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="judging", daemon=True)
            self._thread.start()
            self.poke()

    def stop(self) -> None:
        """End the thread."""
        thread = self._thread
        with self._asked:
            self._stopping = True
            self._asked.notify_all()
        if thread is not None:
            thread.join(30)
        self._thread = None

    def poke(self) -> None:
        """Say that there may be something new."""
        with self._asked:
            self._poked = True
            self._asked.notify_all()

    def forget(self) -> None:
        """Judge everything anew: books, readings, waivers, calendar or units are others now."""
        with self._asked:
            self._snapshot = None
            self._age += 1
        self.poke()

    def entered(self, unit: str, head: Head) -> None:
        """Take note of a unit's entry."""
        with self._asked:
            self._own[unit] = max(self._own.get(unit, 0), head.entries)
        self.poke()

    def for_unit(self, unit: str | None, timeout: float = WAIT) -> tuple[Snapshot | None, bool]:
        """Return a snapshot that has a unit's own last entry, and whether it is the present state.

        Args:
            unit: the unit, or None for no one's.
            timeout: seconds to wait at most; then the older snapshot is returned.
        """
        if self._is_behind():
            self.poke()
        with self._asked:
            self._asked.wait_for(lambda: self._has_own(unit), timeout)
            snapshot = self._snapshot
            own = self._has_own(unit)
        return snapshot, own and not self._is_behind()

    def refresh(self) -> Snapshot:
        """Judge now, in this thread, and return the snapshot.

        Raises:
            UnusableError: something cannot be used.
        """
        while True:
            with self._asked:
                before, age = self._snapshot, self._age
            made = next_snapshot(before, now())
            with self._asked:
                if age != self._age:
                    continue  # what it was judged by was forgotten meanwhile
                self._snapshot = made
                self.trouble = ""
                self._asked.notify_all()
            return made

    def _has_own(self, unit: str | None) -> bool:
        snapshot = self._snapshot
        return snapshot is not None and (unit is None or snapshot.head.entries >= self._own.get(unit, 0))

    def _is_behind(self) -> bool:
        """Say whether the ledger or the day has moved on since the snapshot."""
        snapshot = self._snapshot
        if snapshot is None:
            return True
        moment = now()
        if moment.date() != snapshot.made_at.date() or (moment - snapshot.made_at).total_seconds() > STALE:
            self.poke()
        try:
            head = read_head(current().ledger)
        except DamageError as error:
            self.trouble = error.problem.line("zh")
            return True
        return head != snapshot.head or moment.date() != snapshot.made_at.date()

    def _run(self) -> None:
        while True:
            with self._asked:
                self._asked.wait_for(lambda: self._poked or self._stopping, STALE)
                if self._stopping:
                    return
                self._poked = False
            try:
                self.refresh()
                pa.default_memory_pool().release_unused()
            except (judging.UnusableError, DamageError) as error:
                self.trouble = str(error)
            except Exception as error:  # noqa: BLE001 (the thread must live on; the page says that verdicts are old)
                self.trouble = f"核算出错，编号 {keep(error)}"


def next_snapshot(before: Snapshot | None, moment: datetime) -> Snapshot:
    """Return the snapshot of the ledger as it is now, built on an earlier one of the same day where there is one.

    Raises:
        UnusableError: something cannot be used.
    """
    ledger = current().ledger
    if not is_ledger(ledger):
        with adding(ledger, lambda: None):
            pass
    if before is None or before.made_at.date() != moment.date():
        return _from_the_beginning(moment)
    if read_head(ledger) == before.head:
        inputs, new = before.inputs, before.inputs.table.slice(0, 0)
    else:
        inputs = judging.reread(before.inputs)
        new = judging.grown_by(before.inputs.table, inputs.table)
    days, day = _days(before, inputs, new)
    hours, hour = _hours(before, inputs, new, moment)
    if inputs is before.inputs and hours is before.hour_inputs:
        return replace(before, made_at=moment)  # with all that pages made of it
    sources = _sources(before.sources, before.inputs, inputs, new)
    hour_sources = _sources(before.hour_sources, before.hour_inputs, hours, new)
    made = Snapshot(judging.head_of(inputs), inputs, days, hours, sources, hour_sources, day, hour, moment)
    if new is not None:
        made.parts.update(_untouched_parts(before, made, new))
    return made


def _untouched_parts(before: Snapshot, made: Snapshot, new: pa.Table) -> dict[PartKey, Any]:
    """Return the parts of pages that are in a snapshot what they were in the one before: others filed something."""
    units = judging.touched_units(made.inputs, new, (made.day, made.hour))
    pairs = ((before.sources, made.sources), (before.hour_sources, made.hour_sources))
    if units is None or not made.hour.equals(before.hour) or any(one.filed != other.filed for one, other in pairs):
        return {}
    return {key: part for key, part in dict(before.parts).items() if key[0] not in units}


def _from_the_beginning(moment: datetime) -> Snapshot:
    """Return the snapshot of the ledger as it is now, with everything read and judged."""
    inputs = judging.load(moment)
    days, hours = judging.by_day(inputs), judging.at_hour(inputs, moment)
    day = judging.judge_all(days)
    hour = judging.judge_all(hours) if judging.judges(hours) else day.slice(0, 0)
    sources = (sources_of(inputs, judging.LANG), sources_of(hours, judging.LANG))
    return Snapshot(judging.head_of(inputs), inputs, days, hours, *sources, day, hour, moment)


def _days(before: Snapshot, inputs: Inputs, new: pa.Table | None) -> tuple[Inputs, pa.Table]:
    """Return the verdicts of the day rules, and what they are made of; what new entries do not touch is taken over."""
    if inputs is before.inputs:
        return before.day_inputs, before.day
    days = replace(before.day_inputs, table=inputs.table, ledgers=inputs.ledgers)
    if new is None:
        return days, judging.judge_all(days)
    return days, judging.judge_new(before.day, days, pc.unique(new["id"]))


def _hours(before: Snapshot, inputs: Inputs, new: pa.Table | None, moment: datetime) -> tuple[Inputs, pa.Table]:
    """Return the verdicts of the rules with limits in hours, and what they are made of.

    They are judged anew each minute, and at once where an entry touches them.
    """
    if new is not None and (moment - before.hour_inputs.as_of.moment).total_seconds() < STALE:
        if inputs is before.inputs:
            return before.hour_inputs, before.hour
        same = replace(before.hour_inputs, table=inputs.table, ledgers=inputs.ledgers)
        if not judging.touches(same, pc.unique(new["id"])):
            return same, before.hour
    hours = judging.at_hour(inputs, moment)
    return hours, judging.judge_all(hours) if judging.judges(hours) else before.hour


def _sources(known: Sources, before: Inputs, inputs: Inputs, new: pa.Table | None) -> Sources:
    """Return what explanations look at, with what is known already of the entries that were there before."""
    if new is None or inputs.as_of != before.as_of:
        return sources_of(inputs, judging.LANG)
    return known if inputs.table is before.table else known.with_more(inputs.table, new)


LIVE = Live()
"""The snapshot of this process."""

__all__ = ["LIVE", "STALE", "WAIT", "Live", "next_snapshot"]
