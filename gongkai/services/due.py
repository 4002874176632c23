"""Duties that fall due within a time, and when each is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.time.durations import DurationError, due_day, parse_duration
from engine.time.period import RunPeriod, default_period
from events.problems import Problem, ProblemError, Text, Where
from gongkai.evaluation.build import build_evaluation
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.evaluation.receipt import receipt
from reports.selfcheck.due import calendar_file, due_lines, due_within

if TYPE_CHECKING:
    from datetime import date

    from engine.time.durations import Duration
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import Request
    from reports.run.evaluation import Evaluation
    from reports.selfcheck.due import DueVerdict


@dataclass(frozen=True, slots=True)
class DueResult:
    """What falls due.

    Attributes:
        found: the obligations, by due date.
        evaluation: the verdicts that they are among.
        last: the last day of the time asked about.
    """

    found: tuple[DueVerdict, ...]
    evaluation: Evaluation
    last: date

    def lines(self) -> tuple[str, ...]:
        """Return them for the terminal."""
        return tuple(due_lines(self.found, self.evaluation, self.last))

    def calendar_file(self) -> bytes:
        """Return them as a calendar file (ICS)."""
        return calendar_file(self.found, self.evaluation)


def find_due(request: Request, within: str) -> tuple[DueResult | None, tuple[Problem, ...]]:
    """Return what falls due within a time such as `10 working days`.

    Returns:
        It, None where the input or the time is not usable; and what is wrong.
    """
    try:
        _duration(within)
        inputs, problems = load_inputs(request)
        return (None if inputs is None else due_of(inputs, within, request.lang)), problems
    except ProblemError as error:
        return None, (error.problem,)


def due_of(inputs: Inputs, within: str, lang: Lang) -> DueResult:
    """Return what falls due of inputs.

    Raises:
        ProblemError: the time is none, or goes beyond the calendar.
    """
    try:
        last = due_day(inputs.as_of.day, _duration(within), inputs.calendar)
    except (ValueError, OverflowError):
        last = None
    if last is None or last > inputs.calendar.last:
        raise ProblemError(_too_far(within, inputs))
    if inputs.period is None:  # what opens after the year that is listed can fall due within the time all the same
        listed = default_period(inputs.books, inputs.as_of.day)
        inputs = replace(inputs, period=RunPeriod(listed.first, max(listed.last, last)))
    evaluation = build_evaluation(inputs, judge_inputs(inputs, lang), lang, receipt(inputs, lang=lang))
    return DueResult(tuple(due_within(evaluation, inputs.calendar, last)), evaluation, last)


def _duration(within: str) -> Duration:
    """Return the time that a text means.

    Raises:
        ProblemError: it means none.
    """
    try:
        return parse_duration(within)
    except DurationError as error:
        raise ProblemError(Problem("bad-option", Where("--within"), error.fact, error.cure, within)) from error


def _too_far(within: str, inputs: Inputs) -> Problem:
    """Return the problem of a time that goes beyond the calendar."""
    first, end = inputs.calendar.first, inputs.calendar.last
    fact = Text(
        f"“{within}”超出了日历的范围（{first}至{end}）", f"{within!r} goes beyond the calendar, {first} to {end}"
    )
    cure = Text("写短一些，例如 10 working days", "Ask for less, for example 10 working days")
    return Problem("bad-option", Where("--within"), fact, cure, within)
