"""The clock of a limit in working days: what stops it, starts it anew, extends it or sets its end, as data of a rule.

The words are those of any procedure: nothing here knows what is asked of whom. How the clock runs is in
`engine.kinds.clock.sql`; what follows where an article is silent is in docs/decisions/0010.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Protocol

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from engine.kinds.base import By
from engine.time.durations import DurationError, parse_duration
from events.problems import Text
from rules.model import AttributeUse, Model, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.kinds.base import Cell

PARTS: Final = {
    "rule": "INT",
    "role": "TEXT",
    "part": "INT",
    "act": "TEXT",
    "among": "TEXT",
    "anyone": "BOOLEAN",
    "early": "INT",
    "lasts": "INT",
    "late": "BOOLEAN",
    "alone": "BOOLEAN",
    "attribute": "TEXT",
}
"""The columns of `clock_parts`: what the events of each role do to the clock of which rule."""


class ClockError(ValueError):
    """A clock that cannot run; it says the fact and the cure in both languages."""

    def __init__(self, fact: Text, cure: Text) -> None:
        """Keep the parts; the exception itself says them in English."""
        super().__init__(f"{fact.en}; {cure.en}")
        self.fact = fact
        self.cure = cure


def check_working_days(text: str) -> str:
    """Return a duration's text as it stands.

    Raises:
        DurationError: it is no duration, or none of at least one working day.
    """
    duration = parse_duration(text)
    if duration.unit != "working days" or duration.amount < 1:
        fact = Text(f"“{text}”不是一个以上的工作日", f"{text!r} is not one or more working days")
        cure = Text("时限的暂停、重算按工作日计，例如“7个工作日”", "A clock counts working days: '7 working days'")
        raise DurationError(text, fact, cure)
    return text


WorkingDays = Annotated[str, AfterValidator(check_working_days)]


def _days(text: str | None) -> int | None:
    """Return how many working days a checked text says."""
    return None if text is None else parse_duration(text).amount


def _decided(selector: Selector) -> Selector:
    """Return a selector that says of every event whether it is selected.

    Raises:
        ClockError: a condition is unknown where its attribute was not recorded.
    """
    for group in selector.where:
        for name, condition in group.items():
            if not (condition.or_missing or condition.only_recorded):
                fact = Text(
                    f"“{name}”没有登记时，时限是否受影响不能确定",
                    f"where {name!r} was not recorded, nobody knows what the clock does",
                )
                cure = Text(
                    "请写明 or_missing: true（没有登记也算）或 only_recorded: true（没有登记不算）",
                    "Say or_missing: true (it counts then too) or only_recorded: true (it does not)",
                )
                raise ClockError(fact, cure)
    return selector


Decided = Annotated[Selector, AfterValidator(_decided)]


class Start(Model):
    """Another event than the trigger starts the clock, for the triggers that `of` selects; all without it."""

    at: Decided
    of: Decided | None = None


class Pause(Model):
    """Working days from the day of one event until the day before another do not count.

    Each `from` waits for a `to` of its own. With `at_most`, a pause ends after so many working days at the latest.
    """

    since: Decided = Field(alias="from")
    until: Decided = Field(alias="to")
    by: By = "same_unit"
    at_most: WorkingDays | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Restart(Model):
    """From the first `asked` on the clock stands, until `done` starts it anew.

    `asked` counts once, and only `within` so long after the clock first started. What is not done in the time that it
    `lasts`, or by the day in the attribute `until_in` of the asking event, is abandoned; `late: counts` lets it start
    the clock all the same. With `alone: counts`, `done` starts the clock where no `asked` is on record.
    """

    asked: Decided
    done: Decided
    within: WorkingDays | None = None
    lasts: WorkingDays | None = None
    until_in: str | None = None
    late: Annotated[str, Field(pattern="^(counts|does_not_count)$")] = "does_not_count"
    alone: Annotated[str, Field(pattern="^(counts|does_not_count)$")] = "does_not_count"

    @model_validator(mode="after")
    def _one_end(self) -> Restart:
        """Refuse two ends of the wait."""
        if self.lasts is not None and self.until_in is not None:
            fact = Text("lasts 和 until_in 只能写一个", "lasts and until_in cannot both be given")
            raise ClockError(fact, Text("请去掉一个", "Leave one out"))
        return self


class Extension(Model):
    """An event extends the limit by the working days in its attribute `days_in`, by `at_most` so many in all."""

    event: Selector
    days_in: str
    at_most: Annotated[int, Field(ge=1, le=9999)]


class Deferral(Model):
    """An event sets the end of the limit to the day in its attribute `until_in`, where that is later."""

    event: Selector
    until_in: str


class Clock(Model):
    """What moves the end of a limit in working days.

    Example:
        clock:
          starts: {at: request.confirmed}
          pauses:
            - {from: request.third_party_asked, to: request.third_party_answered}
          restarts:
            - {asked: request.correction_asked, done: request.corrected, within: 7 working days}
          extended:
            event: {event: request.extended, where: {approved: true, notified: true}}
            days_in: working_days
            at_most: 20
          deferred: {event: request.deferred, until_in: until}
    """

    starts: Start | None = None
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[Restart, ...] = ()
    extended: Extension | None = None
    deferred: Deferral | None = None

    def selectors(self) -> Iterator[tuple[str, Selector]]:
        """Go through what the clock looks at, each with its role."""
        if self.starts is not None:
            yield "clock.start", self.starts.at
            if self.starts.of is not None:
                yield "clock.start.of", self.starts.of
        for number, pause in enumerate(self.pauses):
            yield f"clock.pause.{number}", pause.since
            yield f"clock.resume.{number}", pause.until
        for number, restart in enumerate(self.restarts):
            yield f"clock.ask.{number}", restart.asked
            yield f"clock.restart.{number}", restart.done
        if self.extended is not None:
            yield "clock.extend", self.extended.event
        if self.deferred is not None:
            yield "clock.defer", self.deferred.event

    def attributes(self) -> Iterator[AttributeUse]:
        """Go through the attributes that the clock reads."""
        for restart in self.restarts:
            if restart.until_in is not None:
                yield AttributeUse(restart.asked.event, restart.until_in, "date")
        if self.extended is not None:
            yield AttributeUse(self.extended.event.event, self.extended.days_in, "int")
        if self.deferred is not None:
            yield AttributeUse(self.deferred.event.event, self.deferred.until_in, "date")

    def parts(self) -> Iterator[dict[str, Cell]]:
        """Go through the rows of `clock_parts`, without the rule's number."""
        if self.starts is not None:
            yield _part("clock.start", among="clock.start.of" if self.starts.of is not None else None)
        for number, pause in enumerate(self.pauses):
            shared: dict[str, Cell] = {"part": number, "anyone": pause.by == "any_unit"}
            yield _part(f"clock.pause.{number}", lasts=_days(pause.at_most), **shared)
            yield _part(f"clock.resume.{number}", **shared)
        for number, restart in enumerate(self.restarts):
            yield _part(
                f"clock.ask.{number}",
                part=number,
                early=_days(restart.within),
                lasts=_days(restart.lasts),
                late=restart.late == "counts",
                attribute=restart.until_in,
            )
            yield _part(f"clock.restart.{number}", part=number, alone=restart.alone == "counts")
        if self.extended is not None:
            yield _part("clock.extend", attribute=self.extended.days_in)
        if self.deferred is not None:
            yield _part("clock.defer", attribute=self.deferred.until_in)


def _part(role: str, **cells: Cell) -> dict[str, Cell]:
    """Return one row of `clock_parts`; the act is the role's second word."""
    empty: dict[str, Cell] = {"part": 0, "anyone": False, "late": False, "alone": False}
    return {**empty, "role": role, "act": role.split(".")[1], **cells}


class Clocked(Protocol):
    """A rule whose limit a clock may move."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def within(self) -> str:
        """The limit, as a duration."""

    @property
    def clock(self) -> Clock | None:
        """What moves the limit, or None."""
