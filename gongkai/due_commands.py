"""`gongkai due`: what falls due within a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.time.durations import DurationError, due_day, parse_duration
from events.problems import Problem, Text, Where
from gongkai.cli.terminal import say, say_problems
from gongkai.commands import OK, UNUSABLE
from gongkai.evaluation.build import build_evaluation
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judged
from gongkai.evaluation.receipt import receipt
from reports.output.folder import WriteError, write_one
from reports.selfcheck.due import calendar_file, due_lines, due_within

if TYPE_CHECKING:
    from pathlib import Path

    from events.problems import Lang
    from gongkai.evaluation.inputs import Request


def due(request: Request, within: str, ics: Path | None, lang: Lang) -> int:
    """Print what falls due within a time, and write it as a calendar file where one is asked for."""
    try:
        duration = parse_duration(within)
    except DurationError as error:
        say_problems([Problem("bad-option", Where("--within"), error.fact, error.cure, within)], lang)
        return UNUSABLE
    inputs, problems = load_inputs(request)
    say_problems(problems, lang)
    if inputs is None:
        return UNUSABLE
    first, end = inputs.calendar.first, inputs.calendar.last
    try:
        last = due_day(inputs.as_of.day, duration, inputs.calendar)
    except (ValueError, OverflowError):
        last = None
    if last is None or last > end:
        fact = Text(
            f"“{within}”超出了日历的范围（{first}至{end}）", f"{within!r} goes beyond the calendar, {first} to {end}"
        )
        cure = Text("写短一些，例如 10 working days", "Ask for less, for example 10 working days")
        say_problems([Problem("bad-option", Where("--within"), fact, cure, within)], lang)
        return UNUSABLE
    evaluation = build_evaluation(inputs, judged(inputs, lang), lang, receipt(inputs, lang=lang))
    found = due_within(evaluation, inputs.calendar, last)
    for line in due_lines(found, evaluation, last):
        say(line)
    if ics is not None:
        try:
            write_one(ics, calendar_file(found, evaluation))
        except WriteError as error:
            say_problems([error.problem], lang)
            return UNUSABLE
    return OK
