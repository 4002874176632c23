"""The words of the rule language that every kind shares.

A kind (see `engine.kinds`) is a subclass of `Rule` with its own fields; what it needs of the events it says with
selectors. A rule here is complete and validated: its readings are applied before the engine sees it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from events.problems import Text
from rules.facets import Facets

Scalar = bool | int | float | str
Modality = Literal["must", "strive", "may"]


def _not_blank(text: str) -> str:
    """Refuse a text that only looks like one."""
    if not text.strip():
        msg = "it is blank"
        raise ValueError(msg)
    return text


Word = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_not_blank)]


LAST_DAY: Final = date(2100, 12, 31)
"""The last day that is counted with; a period to a later one, such as 9999-12-31, has no end."""


def _without_end(day: date) -> date:
    """Return the last day counted in the place of a later one."""
    return min(day, LAST_DAY)


EndDay = Annotated[date, AfterValidator(_without_end)]
"""The last day of a period, where one without an end may be written as 9999-12-31."""

YEAR_OF: Final = "@year/"
"""How the name of a year starts that is an attribute's, or else follows from the day: `@year/ATTRIBUTE/YEARS`."""

YEARS_AFTER: Final = {"same": 0, "before": 1}
"""By how many years an act comes after the year that it is for, where it does not say which."""


class Model(BaseModel):
    """A part of a rulebook: unknown keys are errors, values do not change."""

    # each model is built when something is first held to it: a run uses some of them only;
    # no figure is infinite: "inf" and 1e999 would be read as numbers that nothing reaches
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, allow_inf_nan=False)


class Bilingual(Model):
    """A text in Chinese, and in English where somebody has written it."""

    zh: Word
    en: Word | None = None

    def text(self) -> Text:
        """Return the pair of sentences; Chinese stands in for missing English."""
        return Text(zh=self.zh, en=self.en or self.zh)


class Condition(Model):
    """What one attribute must be; several bounds hold together.

    An attribute that was not recorded leaves the condition unknown, unless `or_missing` lets it pass or `only_recorded`
    fails it.
    """

    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] | None = None
    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None
    includes: str | None = Field(default=None, description="a word that the list attribute contains")
    excludes: tuple[str, ...] = Field(default=(), description="words of which the list attribute contains none")
    or_missing: bool = False
    only_recorded: bool = Field(default=False, description="an attribute that was not recorded fails the condition")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Read `consulted: true` as `consulted: {equals: true}`, and one word to exclude without a list."""
        if isinstance(value, dict) and isinstance(value.get("excludes"), str):
            return {**value, "excludes": (value["excludes"],)}
        return {"equals": value} if isinstance(value, bool | int | float | str) else value


class Selector(Model):
    """Which events count: a type, and conditions on the attributes.

    `where` holds when all its conditions hold; with a list of such groups, when any group holds. `includes` with
    several words holds when the list has any of them: it stands for a group for each.
    """

    event: Word
    where: tuple[dict[str, Condition], ...] = ()
    elements_in: Word | None = Field(
        default=None, description="the list attribute that says which elements are covered"
    )
    year_in: str | None = Field(default=None, description="the attribute that has to be the year of the period")
    year_else: Literal["same", "before"] = Field(
        default="same", description="the year of an act that says none: its own, or (for reports) the one before"
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Read `event: x` given as plain text, and a single group of conditions given without a list."""
        if isinstance(value, str):
            return {"event": value}
        if not isinstance(value, dict) or "where" not in value:
            return value
        where = [value["where"]] if isinstance(value["where"], dict) else value["where"]
        return {**value, "where": _any_of(where) if isinstance(where, list) else where}

    def for_year(self, year: int) -> Selector:
        """Return the selector for one year: where it looks at a year, as a condition on that year."""
        if self.year_in is None:
            return self
        asked = {f"{YEAR_OF}{self.year_in}/{YEARS_AFTER[self.year_else]}": Condition(equals=year)}
        groups = tuple({**group, **asked} for group in self.where or ({},))
        return self.model_copy(update={"where": groups, "year_in": None})


MOST_GROUPS = 64
"""How many groups of conditions a selector may have."""


def _any_of(groups: list[Any]) -> list[Any]:
    """Return groups of conditions with one for each word that a list may include."""
    found = list(groups)
    for place, group in enumerate(found):
        several = [name for name, one in group.items() if _includes(one)] if isinstance(group, dict) else []
        if several and len(found) < MOST_GROUPS:
            name = several[0]
            each = [{**group, name: {**group[name], "includes": word}} for word in group[name]["includes"]]
            return _any_of([*found[:place], *each, *found[place + 1 :]])
    return found


def _includes(condition: object) -> bool:
    """Say whether a condition names several words of which a list includes any."""
    words = condition.get("includes") if isinstance(condition, dict) else None
    return isinstance(words, list | tuple) and len(words) > 0


ANY_TYPE: Final = "any"
"""The type of an attribute whose values are only told apart."""


class AttributeUse(NamedTuple):
    """An attribute that a rule reads as a value: of which event, and of which type it has to be: `int`, `date`, any."""

    event: Word
    name: str
    type: str


class Period(Model):
    """The days that a rule looks at, both ends included."""

    start: date = Field(alias="from")
    end: EndDay = Field(alias="to")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        """Refuse a period that ends before it starts."""
        if self.end < self.start:
            msg = f"the period ends on {self.end}, before it starts on {self.start}"
            raise ValueError(msg)
        return self


class Reading(Model):
    """One interpretation of an ambiguous clause: its reason, and what it sets in the rule."""

    reason: Bilingual
    set: dict[str, Any] = Field(default_factory=dict)


class Readings(Model):
    """The interpretations of a clause, one of them the default."""

    default: str
    choices: dict[str, Reading]

    @model_validator(mode="after")
    def _default_exists(self) -> Readings:
        """Refuse a default that is not one of the choices."""
        if self.default not in self.choices:
            msg = f"the default reading {self.default!r} is none of {', '.join(sorted(self.choices))}"
            raise ValueError(msg)
        return self


class Basis(Model):
    """The answer to who owes a rule, by which words, from when, and what proves it; in Chinese, as the document is.

    Attributes:
        owed: who owes it, and by which words.
        since: from when, and until when.
        proof: the records that prove it.
        also: what else proves it, or what does not.
    """

    owed: Word
    since: Word = Field(alias="from")
    proof: Word
    also: Word

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def said(self) -> tuple[tuple[Text, str], ...]:
        """Return the four answers, each under its question."""
        return (
            (Text("谁承担：", "Who owes it: "), self.owed),
            (Text("从何时起：", "From when: "), self.since),
            (Text("什么记录证明：", "What proves it: "), self.proof),
            (Text("还有什么算、什么不算：", "What else does, and does not: "), self.also),
        )


def _chosen(owner: object) -> object:
    """Return what `{sort: town, tag: 沿河}` asks of units as one word; what is no such thing stays for the model."""
    if (
        not isinstance(owner, dict)
        or not owner
        or not all(isinstance(one, str) for pair in owner.items() for one in pair)
    ):
        return owner
    return "+".join(f"{key}:{value}" for key, value in owner.items())


class Rule(Model):
    """One checkable duty: what every kind of rule says of itself.

    Attributes:
        id: name of the rule in its book, such as `8.2.feedback`.
        clause: the row, item or article that it comes from.
        title: what it asks, in a few words.
        quote: the clause's exact words that it rests on.
        owed_by: units and groups of the registry that owe it.
        kind: the kind of rule; each kind adds its own fields.
        modality: `must` can be violated; a missed `strive` is a shortfall; `may` is optional.
        period: the days it looks at; a book gives its own time of force where a rule says nothing.
        readings: interpretations of an ambiguous clause.
        duty: name of the duty where several rules, of this book or others, say the same one; it is counted once.
        basis: who owes it, by which words, from when, proved by which records, and by what else.
        note: what an evaluator should know, such as what the words leave open.
        from_issue: acts before the book's day of issue are left out.
        status: `proposed` while a drafted rule waits for somebody to take it over.
        candidates: of a proposed rule, the event types to choose from, by the key that names one.
        open: of a proposed rule, what is left to decide.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(\.[a-z0-9-]+)+$")]
    clause: Word
    title: Bilingual
    quote: Word
    owed_by: tuple[Word, ...]
    kind: str
    modality: Modality = "must"
    period: Period
    readings: Readings | None = None
    duty: Word | None = None
    basis: Basis | None = None
    note: Bilingual | None = None
    from_issue: bool = False
    status: Literal["proposed"] | None = Field(
        default=None, description="a drafted rule that nobody has taken over yet"
    )
    candidates: dict[str, tuple[Word, ...]] = Field(
        default_factory=dict,
        description="of a proposed rule: the event types to choose from, by the key that names one",
    )
    open: tuple[Word, ...] = Field(default=(), description="of a proposed rule: what is left to decide")

    summary: ClassVar[str] = ""
    facets: ClassVar[Facets] = Facets()
    value_at_end: ClassVar[bool] = True
    """Whether a value that changes in time is that of the period's last day; else each day has its own."""
    code: ClassVar[tuple[Path, ...]] = ()
    """The folders of the modules that decide how a rule of the kind is read, besides the kind's own file."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Read `owed_by: towns` as `owed_by: [towns]`, and `{sort: town, tag: 沿河}` as `sort:town+tag:沿河`."""
        if not isinstance(value, dict) or "owed_by" not in value:
            return value
        written = value["owed_by"]
        several = written if isinstance(written, list | tuple) else [written]
        return {**value, "owed_by": [_chosen(one) for one in several]}

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the selectors of the rule, each with its role; each kind says which it has."""
        raise NotImplementedError

    def settling(self) -> Selector | None:
        """Return the selector whose events settle the rule's duties; None where recording something does not."""
        if self.facets.counts and getattr(self, "at_least", None) is None:
            return None
        roles = dict(self.selectors())
        return next((roles[role] for role in self.facets.settled_by if role in roles), None)

    def attributes(self) -> tuple[AttributeUse, ...]:
        """Return the attributes whose values the rule reads; conditions and elements are not among them."""
        return ()
