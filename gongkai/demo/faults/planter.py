"""The list of what is wrong in the made-up year, and what a fault may still be planted into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from gongkai.demo.year.plan import demo_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongkai.demo.year.log import Entry, Log

FEEDBACK, REVIEW, STAFF, TRAINING = "8.2.feedback", "10.1.review-first", "N2.dedicated-staff", "N6.training"
PLAN, ATTENDANCE, EVALUATION = "N7.work-plan", "8.4.attendance", "9.2.evaluation-published"
GROUP_MEETING, CATALOGUE = "N1.leading-group", "7.1.catalogue"
KEYS = {STAFF: "2023-07-14..2023-12-31", PLAN: "2023-12-31", EVALUATION: "2023-12-31", CATALOGUE: "2023-12-31"}
"""What a unit owes some rules for; the others for the year."""

BY_HAND = frozenset((FEEDBACK, REVIEW, STAFF, TRAINING, PLAN, ATTENDANCE, EVALUATION, GROUP_MEETING, CATALOGUE))
"""Rules that the year keeps, or breaks, of its own accord."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that an evaluation as of the end of the year has to find.

    Attributes:
        rule: id of the rule that is broken.
        unit: id of the unit.
        unit_name: its name.
        subject: what the obligation is about, or None where the unit owes one for the year.
        done: what was done.
        status: the verdict that has to come out.
        key: last part of the obligation's id: the entry that opened it, or what the unit owes it for.
    """

    rule: str
    unit: str
    unit_name: str
    subject: str | None
    done: str
    status: Literal["violated", "late"]
    key: str

    def obligation(self, book: str) -> str:
        """Return the id of the obligation that is broken."""
        return f"{book}/{self.rule}/{self.unit}/{self.key}"


class Planter:
    """Plants faults, no two of them on one obligation."""

    def __init__(self, log: Log, leave: frozenset[str] = frozenset()) -> None:
        """Start without faults.

        Args:
            log: the year, which is changed.
            leave: ids of entries that no fault is made of.
        """
        self.log = log
        self._leave = leave
        self.faults: list[Fault] = []
        self._taken: set[tuple[str, str, str | None]] = set()

    def free_units(self, rule: str) -> list[str]:
        """Return the ids of the units without a fault under a rule, in the order of the registry."""
        return [unit for unit in demo_units(self.log.registry) if (rule, unit, None) not in self._taken]

    def pick_unit(self, rule: str, among: Sequence[str] | None = None) -> str:
        """Return a unit without a fault under a rule and keep it for one."""
        unit = self.log.rng.choice([one for one in self.free_units(rule) if among is None or one in among])
        self._taken.add((rule, unit, None))
        return unit

    def pick_entry(self, rule: str, among: Sequence[Entry]) -> Entry:
        """Return an entry whose subject has no fault under a rule and keep it for one."""
        free = [one for one in among if (rule, one.unit, one.subject) not in self._taken]
        entry = self.log.rng.choice([one for one in free if one.id not in self._leave])
        self._taken.add((rule, entry.unit, entry.subject))
        return entry

    def note(self, rule: str, unit: str, done: str, key: str | None = None) -> None:
        """Note a fault of an obligation that a unit has for the year, or by a date, which then is the key."""
        name = self.log.registry.unit(unit).name
        self.faults.append(Fault(rule, unit, name, None, done, "violated", key or KEYS.get(rule, "2023")))

    def note_entry(self, rule: str, entry: Entry, done: str, status: Literal["violated", "late"] = "violated") -> None:
        """Note a fault of the obligation that an entry opened."""
        name = self.log.registry.unit(entry.unit).name
        self.faults.append(Fault(rule, entry.unit, name, entry.subject, done, status, entry.id))

    def consulted_decision(self) -> tuple[Entry, Entry]:
        """Return a decision that opinions were asked for, and its feedback."""
        log = self.log
        asked = [one for one in log.of("decision.issued") if one.data.get("consulted") and one.day <= date(2023, 12, 8)]
        decision = self.pick_entry(FEEDBACK, asked)
        (feedback,) = log.of("consultation.feedback_published", decision.unit, decision.subject)
        return decision, feedback

    def publication(self) -> tuple[Entry, Entry]:
        """Return a publication without a time of day and without a sibling, and its review."""
        log = self.log
        entry = self.pick_entry(REVIEW, [one for one in log.of("information.published") if not one.timed])
        (review,) = log.of("review.completed", entry.unit, entry.subject)
        return entry, review
