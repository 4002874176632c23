"""A rulebook as the engine gets it: validated, its readings chosen, its clauses accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from rules.model import Period, Rule

WHOLE_YEAR: Final = "whole-year"
"""The reading of a book that looks at acts of all its days, those before the document's day of issue included."""

FROM_ISSUE: Final = "from-issue"
"""The reading of a book that leaves out acts before the document's day of issue."""

BOOK_READINGS: Final = (WHOLE_YEAR, FROM_ISSUE)


_ARTICLE: Final = re.compile(r"art([1-9]\d{0,2})")
_DIGITS: Final = "零一二三四五六七八九"


def clause_name(clause: str) -> Text:
    """Return a clause's name by its id alone.

    >>> clause_name("art33").zh, clause_name("art10").en, clause_name("8.2").zh
    ('第三十三条', 'Article 10', '8.2')
    """
    article = _ARTICLE.fullmatch(clause)
    if article is None:
        return Text(clause, clause)
    return Text(f"第{_chinese(int(article[1]))}条", f"Article {article[1]}")


def _chinese(number: int) -> str:
    """Return a number from 1 to 999 as articles are counted: 十, 二十一, 一百零一, 一百一十."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class Clause:
    """One row, item or article of the document.

    Attributes:
        id: such as `8.2`, `N6`, `art33`.
        section: the heading it stands under.
        text: its words.
        lead: who leads, as the document names them.
        responsible: who is responsible, as the document names them.
        deadline: the column 完成时限, or None.
        note: why no rule can check it (or what of it), or None.
        document: number of the document whose words it is, where that is not the book's own; else empty.
        cited: how people cite it, where its id does not say.
        inherited: whether the book took it over from the one that it builds on.
    """

    id: str
    section: str
    text: str
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    deadline: str | None = None
    note: Text | None = None
    document: str = ""
    cited: Text | None = None
    inherited: bool = False

    @property
    def name(self) -> Text:
        """How people cite it: as said, else by its id."""
        return self.cited or clause_name(self.id)


@dataclass(frozen=True, slots=True)
class Book:
    """The rules made from one document.

    Attributes:
        id: such as `jinxiang-2023`.
        title: the document's title.
        document: its number, such as 金政办字〔2023〕26号.
        issued_on: ISO date of issue.
        in_force: the days that the book's rules hold on.
        clauses: every clause of the document, in its order.
        rules: the rules, in the order of the clauses.
        readings: the reading in use, by rule id, for rules that have several.
        source: the document's text, for checking quotes.
        sha256: hash of the files that the book was read from.
        earlier: versions of its rules that ended within the book's time, a value of theirs having changed.
        versioned: whether the whole book has such versions, where this one is a part of it (`only`).
        reading: the reading of the whole book, `whole-year` or `from-issue`.
    """

    id: str
    title: Text
    document: str
    issued_on: str
    in_force: Period
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    readings: Mapping[str, str]
    source: str
    sha256: str
    earlier: tuple[Rule, ...] = ()
    reading: str = WHOLE_YEAR
    versioned: bool = False

    @property
    def has_versions(self) -> bool:
        """Whether obligations are told apart by versions of rules: a part of a book names them as the whole does."""
        return self.versioned or bool(self.earlier)

    def only(self, keep: Callable[[Rule], bool]) -> Book:
        """Return the book with some of its rules, which judges them as the whole does.

        A book without a rule left is still one of the run, whose days are those of all its books.
        """
        rules, earlier = tuple(filter(keep, self.rules)), tuple(filter(keep, self.earlier))
        return replace(self, rules=rules, earlier=earlier, versioned=self.has_versions)

    def versions(self) -> tuple[Rule, ...]:
        """Return all rules at all times: those that hold last, and the earlier versions."""
        return (*self.rules, *self.earlier)

    def document_of(self, clause: str) -> str:
        """Return the number of the document whose words a clause is; the book's own where nothing else is said."""
        own = next((one.document for one in self.clauses if one.id == clause), "")
        return own or self.document

    def lent(self, clause: str) -> Text | None:
        """Return how the book came by words of another document, taken over or referred to; None for its own."""
        own = next((one for one in self.clauses if one.id == clause), None)
        if own is None or not own.document or own.document == self.document:
            return None
        return Text("沿用", "taken over") if own.inherited else Text("引用", "referred to")

    def cited(self, clause: str) -> Text:
        """Return how people cite a clause; an id that the book does not have is its own name."""
        return next((one.name for one in self.clauses if one.id == clause), clause_name(clause))

    def version(self, rule: str, day: date | None) -> Rule:
        """Return a rule as it held on a day, or as it holds last.

        Raises:
            KeyError: the book has no such rule.
        """
        same = [one for one in self.versions() if one.id == rule]
        if not same:
            raise KeyError(rule)
        return next((one for one in same if day is not None and one.period.start <= day <= one.period.end), same[0])


@dataclass(frozen=True, slots=True)
class RuleReadings:
    """A rule in each of its readings, none chosen yet.

    Attributes:
        readings: by reading, the rule's versions in the order of time; under the empty name where it has one reading.
        default: name of its default reading, empty where it has only one.
    """

    readings: Mapping[str, tuple[Rule, ...]]
    default: str = ""

    @property
    def rule(self) -> Rule:
        """Return the rule in its default reading, as it holds last."""
        return self.readings[self.default][-1]


@dataclass(frozen=True, slots=True)
class BookReadings:
    """A rulebook before its readings are chosen.

    Attributes:
        bare: the book without its rules.
        rules: the usable rules, in the order of the clauses.
        written: the ids of all rules that the files have, usable or not.
    """

    bare: Book
    rules: tuple[RuleReadings, ...]
    written: tuple[str, ...]

    def choose(self, wanted: Mapping[str, str]) -> Book:
        """Return the book with the chosen readings, by the id of a rule or of the book; the default of all others."""
        chosen = {one.rule.id: wanted.get(one.rule.id, one.default) for one in self.rules}
        versions = [one.readings[chosen[one.rule.id]] for one in self.rules]
        return replace(
            self.bare,
            title=_title(self.bare.title, sum(one.rule.status is not None for one in self.rules)),
            rules=tuple(each[-1] for each in versions),
            readings={rule: reading for rule, reading in chosen.items() if reading},
            earlier=tuple(rule for each in versions for rule in each[:-1]),
            reading=wanted.get(self.bare.id, WHOLE_YEAR),
        )


def _title(title: Text, proposed: int) -> Text:
    """Return a book's title, which says wherever it stands that some of its rules are proposals."""
    if not proposed:
        return title
    return Text(f"{title.zh}（含{proposed}条未定的拟议规则）", f"{title.en} ({proposed} proposed rules not taken over)")
