"""What a kind of rule is to the engine: rows of a rule table, and one statement over facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from engine.time.durations import parse_duration
from events.problems import Text
from rules.model import Rule

By = Literal["same_unit", "any_unit"]
Scope = Literal["unit", "county"]
Cell = str | int | float | bool | date | None

BEYOND = ("anyone", "county_wide", "jointly")
"""Columns of rule tables, and of their parts, that let events of other units count."""


def check_duration(text: str) -> str:
    """Return a duration's text as it stands.

    Raises:
        ValueError: it is not a duration.
    """
    parse_duration(text)
    return text


DurationText = Annotated[str, AfterValidator(check_duration)]


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

    def looks_beyond(self) -> bool:
        """Say whether what other units did counts too; then an event of any unit can change any unit's verdict."""
        rows = (self.cells(), *(row for part in self.part_rows().values() for row in part))
        return any(row.get(name) for row in rows for name in BEYOND)

    def helpers(self) -> tuple[str, ...]:
        """Return the units and groups whose records count besides the unit's own."""
        return ()

    def required_elements(self) -> tuple[str, ...]:
        """Return the elements that a fulfilment must cover."""
        return ()


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

MORE = {"since": "DATE", "rest": "INT"}
"""Further columns that a kind may have: the day since which a clock stands, and the working days that it has left."""
