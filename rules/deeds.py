"""Deeds that keep a rule, as its kind says them: what a made-up year does, and which figures are asked for.

A kind says its deeds in these few shapes (`engine.kinds.base.KindRule.deeds`), so that what plays a year
(`gongkai.demo`) or holds a figure to its target knows shapes and no kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import date

    from rules.model import Selector


class Often(NamedTuple):
    """An act so many times in the period.

    Attributes:
        act: the act.
        at_least: how often at least, or None.
        at_most: how often at most, or None.
    """

    act: Selector
    at_least: int | None = None
    at_most: int | None = None


class ByDay(NamedTuple):
    """An act by a day, with the elements that it must have.

    Attributes:
        act: the act.
        by: the day.
        covers: the elements.
        applies_if: acts of which one sets the duty; without any it is owed whatever happens.
        together: whether that of any unit counts.
    """

    act: Selector
    by: date
    covers: tuple[str, ...] = ()
    applies_if: tuple[Selector, ...] = ()
    together: bool = False


class ForEach(NamedTuple):
    """An act by a day for each thing of a list, or for each that an act of the year is about.

    Attributes:
        act: the act.
        by: the day.
        items: the things listed.
        of: the acts whose subjects are the things, or None.
        together: whether those of any unit count.
    """

    act: Selector
    by: date
    items: tuple[str, ...] = ()
    of: Selector | None = None
    together: bool = False


class FigureReport(NamedTuple):
    """A report of a figure by a day.

    Attributes:
        act: the report.
        by: the day.
        target: the figure that is asked for.
        compare: how the figure is held to it: `at_least`, `more_than`, `at_most`, `equal`, `about`.
        counted_in: the unit that it is counted in, in Chinese.
    """

    act: Selector
    by: date
    target: float
    compare: str
    counted_in: str


class Judgement(NamedTuple):
    """A person's judgement, recorded by a day.

    Attributes:
        act: the record.
        by: the day.
    """

    act: Selector
    by: date


class Reply(NamedTuple):
    """An act after each act that asks for it, on the same subject and within a time.

    Attributes:
        to: the act that asks for it.
        act: the answer.
        within: the time, as a duration.
        covers: the elements that it must have.
        by_anyone: whether that of any unit counts.
    """

    to: Selector
    act: Selector
    within: str
    covers: tuple[str, ...] = ()
    by_anyone: bool = False


class First(NamedTuple):
    """An act before another on the same subject.

    Attributes:
        before: the act that it comes before.
        act: what comes first.
        one_to_one: whether it serves one act only.
    """

    before: Selector
    act: Selector
    one_to_one: bool = False


class Carry(NamedTuple):
    """The elements that an act carries, itself or by linked acts.

    Attributes:
        act: the act.
        linked: the acts on the same subject that count besides.
        covers: the elements.
    """

    act: Selector
    linked: tuple[Selector, ...]
    covers: tuple[str, ...]


class Again(NamedTuple):
    """An act again and again while its subject is open.

    Attributes:
        opened: what opens it.
        closed: what closes it, or None.
        act: the act.
        every: the longest time between two, as a duration.
    """

    opened: Selector
    closed: Selector | None
    act: Selector
    every: str


Deed: TypeAlias = Often | ByDay | ForEach | FigureReport | Judgement | Reply | First | Carry | Again


def set_off_by(deed: Deed) -> Selector | None:
    """Return the act that a deed waits for, or None where it is owed whatever happens."""
    match deed:
        case Reply():
            return deed.to
        case First():
            return deed.before
        case Carry():
            return deed.act
        case Again():
            return deed.opened
        case ForEach():
            return deed.of
        case _:
            return None
