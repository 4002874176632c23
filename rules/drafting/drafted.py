"""Parts of a draft: the clauses of a document, the phrases in them, and the rules that these propose."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from events.problems import Problem, Where

Sort: TypeAlias = Literal[
    "duration",
    "count",
    "recurrence",
    "date",
    "share",
    "figure",
    "list",
    "prohibition",
    "order",
    "state",
    "option",
    "assessment",
    "name",
]
"""What a phrase says (`rules.drafting.phrases.grammar`). A `name` has a number that is part of a name, no measure."""


@dataclass(frozen=True, slots=True)
class NoticeClause:
    """One row of the table, or one item of the letter.

    Attributes:
        id: its name in the book: `8.2`, `N6`.
        section: the heading that it stands under.
        text: its exact words, with no space between Chinese signs.
        lead: who leads, as the document names them.
        responsible: who is responsible, as the document names them.
        deadline: the column of the time, as written.
        place: where it begins.
    """

    id: str
    section: str
    text: str
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    deadline: str | None = None
    place: Where | None = field(default=None, compare=False)

    def named(self, name: str) -> NoticeClause:
        """Return the clause under another name."""
        return replace(self, id=name)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A document as a book needs it.

    Attributes:
        title: its title.
        document: its number, such as 金政办字〔2023〕26号.
        issuer: who issued it.
        issued_on: its day of issue; None where the document does not say it.
        year: the year that it is for.
        clauses: rows and items in its own order.
        text: everything, line by line.
        problems: what could not be read or is doubtful.
    """

    title: str
    document: str
    issuer: str
    issued_on: date | None
    year: int
    clauses: tuple[NoticeClause, ...]
    text: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a clause that can be measured, or that nothing can measure.

    Attributes:
        sort: what they say.
        start: where they begin in the clause's text.
        end: where they end.
        text: the words.
        values: what was read of them, by name; each sort has its own names.
        numbers: the numbers in them, as written.
    """

    sort: Sort
    start: int
    end: int
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedRule:
    """A proposed rule: as YAML has it, and what it was made from.

    Attributes:
        rule: the rule's keys and values.
        clause: the clause's name.
        phrases: the phrases that it rests on.
        open: what is left to decide, a sentence each.
    """

    rule: Mapping[str, Any]
    clause: str
    phrases: tuple[Phrase, ...] = ()
    open: tuple[str, ...] = ()
