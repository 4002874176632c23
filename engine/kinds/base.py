"""The base of all kinds of rule: rows of a rule table, and one statement over facts."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.time.durations import parse_duration
from events.problems import Text
from rules.model import Period, Rule

if TYPE_CHECKING:
    from rules.deeds import Deed

By = Literal["same_unit", "any_unit"]
Scope = Literal["unit", "county"]
Every = Literal["year", "half-year", "quarter", "month"]
Cell = str | int | float | bool | date | None

LONGEST_MONTH = 31
_HERE = Path(__file__).parent
_MONTH_AND_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

EVERYBODY = ("anyone", "county_wide")
"""Columns of rule tables, and of their parts, that let events of all units count."""
JOINTLY = "jointly"
"""The column that lets events of all units count that owe the duty."""


def check_duration(text: str) -> str:
    """Return a duration's text as it stands.

    Raises:
        ValueError: it is not a duration.
    """
    parse_duration(text)
    return text


DurationText = Annotated[str, AfterValidator(check_duration)]


def whole_days(text: str | None) -> str | None:
    """Return a duration as it stands, where it is none or not in hours.

    Raises:
        ValueError: it is in hours.
    """
    if text is not None and parse_duration(text).unit == "hours":
        msg = "within is in days, working days or months beside a date"
        raise ValueError(msg)
    return text


class KindRule(Rule):
    """A rule whose kind the engine knows.

    A kind is a subclass in a file of its own and a line in `engine.kinds.KINDS`. Its `statement` is one query over the
    tables that `engine.compile.plan` lays out, its own rules being in `rules_<kind>`; it returns `OUTCOME`.
    Its `messages` say in words what each outcome means. What does not fit into one row a rule is in further tables,
    whose columns are `parts`; a long statement reads tables made by `steps` before it, and may return the columns
    `more` of `MORE` for its messages.
    """

    columns: ClassVar[Mapping[str, str]]
    parts: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    steps: ClassVar[tuple[tuple[str, str], ...]] = ()
    statement: ClassVar[str]
    more: ClassVar[tuple[str, ...]] = ()
    messages: ClassVar[Mapping[str, Text]]
    asks_filed: ClassVar[bool] = False
    """Whether it matters if a unit filed anything at all, so that any event of a unit can change its verdict."""
    broken_on: ClassVar[str] = "CAST(NULL AS DATE)"
    """The day on which a duty is broken before its due date, of an outcome `k`, as SQL."""
    code: ClassVar[tuple[Path, ...]] = (_HERE, _HERE / "clock", _HERE / "shared", _HERE.parent / "time")
    lasts: ClassVar[bool] = False
    """Whether an obligation runs on over a change of values, so that its name has to say which version it is of."""

    @classmethod
    def steps_for(cls, rules: Sequence[KindRule]) -> tuple[tuple[str, str], ...]:
        """Return the steps that rules of this kind need, each with the name of the table that it makes."""
        del rules
        return cls.steps

    def cells(self) -> dict[str, Cell]:
        """Return the kind's own columns of the rule table, by the names of `columns`."""
        raise NotImplementedError

    def part_rows(self) -> Mapping[str, Sequence[Mapping[str, Cell]]]:
        """Return the rule's rows of the tables in `parts`, by the names of their columns, without the rule's number."""
        return {}

    def whose(self) -> tuple[str, ...] | None:
        """Return the units and groups whose events count besides a unit's own, None for those of all units."""
        rows = (self.cells(), *(row for part in self.part_rows().values() for row in part))
        flags = {name for row in rows for name in (*EVERYBODY, JOINTLY) if row.get(name)}
        if flags - {JOINTLY}:
            return None
        return (*self.helpers(), *(self.owed_by if flags else ()))

    def looks_beyond(self) -> bool:
        """Say whether what other units did counts too; then an event of another unit can change a unit's verdict."""
        return self.whose() != ()

    def helpers(self) -> tuple[str, ...]:
        """Return the units and groups whose records count besides the unit's own."""
        return ()

    def recurs(self) -> Every | None:
        """Return how often the duty comes again, each time as an obligation of its own; None where it does not."""
        return None

    def in_slot(self, period: Period, last: date) -> Self | None:
        """Return the rule for one of its periods, None where it has no day there.

        Args:
            period: the days of the period that the rule holds on.
            last: the last day of the whole period.
        """
        del last
        return self.model_copy(update={"period": period})

    def in_shares(self) -> tuple[KindRule, ...]:
        """Return the rule once for each owner that owes a number of its own; else the rule as it is."""
        return (self,)

    def starts_with_acts(self) -> bool:
        """Say whether it is acts that set the rule's obligations off, so that it may leave out those before a day."""
        return True

    def lacking(self) -> tuple[str, ...]:
        """Return the roles of the selectors whose events are missing where an obligation is not met.

        Without any, what an obligation that is not met follows from is an act.
        """
        return ()

    def paired(self) -> tuple[str, str] | None:
        """Return the roles of events that belong together by their subject; where the first is missing, so is a duty.

        None where an event of the second role may say something by itself.
        """
        return self.facets.paired

    def listed(self) -> tuple[str, ...]:
        """Return the things of which an event must name one to say anything, by its subject or its elements; or none.

        A unit among them goes by any of its names.
        """
        return ()

    def deeds(self) -> tuple[Deed, ...]:
        """Return the deeds that keep the rule; nothing where it is kept by doing nothing, or by what was before."""
        return ()

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that a fulfilment must cover."""
        return ()


def deeds_of(rule: Rule) -> tuple[Deed, ...]:
    """Return the deeds that keep a rule of a kind that the engine knows."""
    return rule.deeds() if isinstance(rule, KindRule) else ()


class Recurring(KindRule):
    """A kind whose rules may come again every year, half-year, quarter or month, each time as one obligation.

    `by` is then a day of the period: a number, in its last month, or `MM-DD` of the year; without it, the last day.
    """

    every: Every | None = Field(default=None, description="once in each such period, an obligation of its own")
    on: int | str | None = Field(default=None, description="the day within the period, as `by` says it with `every`")

    @model_validator(mode="before")
    @classmethod
    def _day_within(cls, value: object) -> object:
        """Read `by: 25` of a rule that recurs: the date follows from the period."""
        if not isinstance(value, dict) or value.get("every") is None or "on" in value:
            return value
        on, period = value.get("by"), value.get("period")
        if on is not None and not _is_day_within(on):
            msg = f"by is a day of the period where the rule recurs, 1 to 31 or MM-DD of the year: {on!r} is none"
            raise ValueError(msg)
        last = period.end if isinstance(period, Period) else period.get("to") if isinstance(period, dict) else None
        rest = {key: one for key, one in value.items() if key != "by"}
        return rest | {"on": on} | ({"by": last} if "by" in cls.model_fields else {})

    def recurs(self) -> Every | None:
        """Return how often it comes again."""
        return self.every

    def in_slot(self, period: Period, last: date) -> Self | None:
        """Return the rule for one period, its date within it."""
        if "by" not in type(self).model_fields:
            return self.model_copy(update={"period": period})
        by = day_within(self.on, last)
        return self.model_copy(update={"period": period, "by": by}) if by >= period.start else None


def _is_day_within(on: object) -> bool:
    """Say whether a value names a day of a period."""
    if isinstance(on, bool):
        return False
    if isinstance(on, int):
        return 1 <= on <= LONGEST_MONTH
    return isinstance(on, str) and _MONTH_AND_DAY.fullmatch(on) is not None


def day_within(on: int | str | None, last: date) -> date:
    """Return the day of a period that a rule names.

    Args:
        on: a day of the period's last month, `MM-DD` of the year, or None for the last day.
        last: the last day of the calendar period.
    """
    if on is None:
        return last
    if isinstance(on, str):
        month, day = (int(part) for part in on.split("-"))
        return date(last.year, month, min(day, monthrange(last.year, month)[1]))
    return last.replace(day=min(on, last.day))


OUTCOME = (
    "rule",
    "unit",
    "key",
    "subject",
    "opened_on",
    "due_on",
    "met_on",
    "status",
    "required",
    "measured",
    "evidence",
    "trigger",
    "outcome",
    "detail",
)

MORE = {
    "since": "DATE",
    "rest": "INT",
    "until": "DATE",
    "limit_at": "TIMESTAMP",
    "done_at": "TIMESTAMP",
    "acted_on": "DATE",
    "act": "TEXT",
    "thing": "TEXT",
    "early": "TEXT",
    "behind": "TEXT",
    "ahead": "TEXT",
}
"""Further columns that a kind may have.

The day since which a clock stands, and the working days that it has left; the moment at which a limit in hours
ends, and that at which it was done;
the day of the act that an obligation without a trigger is about; the event that the verdict follows from; and the thing
that is missing, where it is not the obligation's subject. And what is on record and was not enough, each as the day and
the event: what came before it could count, what came after what it had to precede, and what came before what it had to
follow.
"""
