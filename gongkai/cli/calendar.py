"""`gongkai calendar`: working days as a calculator that shows its steps."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup
from gongkai.cli.edge.terminal import Answer
from gongkai.options import CalendarOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.problems import Lang
    from gongkai.services.working_days import Reckoned, Year

app = typer.Typer(cls=CommandGroup, help="工作日 · working days", no_args_is_help=True, rich_markup_mode=None)


@app.command("add", cls=Command)
@command
def calendar_add(
    start: Annotated[str, typer.Argument(help="起算日（不计入） · the day it starts from, not counted")],
    duration: Annotated[str, typer.Argument(help="如 20工作日、'3 working days'、30日、1个月")],
    options: CalendarOptions,
) -> Answer:
    """推算到期日，逐日列出 · compute a due date and show each step."""
    from gongkai.services.working_days import add

    reckoned, problems = add(start, duration, options.calendar)
    return Answer(() if reckoned is None else _steps(reckoned, options.lang), problems)


def _steps(reckoned: Reckoned, lang: Lang) -> Iterator[str]:
    """Yield each day from the start to the due date, whether it counts, and the due date."""
    for step in reckoned.steps:
        number = f"{step.number:>3}" if step.number is not None else "  –"
        yield f"{step.day} {number}  {step.kind.text.in_(lang)}"
    note = Text("（暂定：该年放假安排尚未公布）", " (provisional: that year's arrangement is not announced)")
    due = Text(f"到期日 {reckoned.due}", f"Due {reckoned.due}")
    yield due.in_(lang) + (note.in_(lang) if reckoned.provisional else "")


@app.command("between", cls=Command)
@command
def calendar_between(
    start: Annotated[str, typer.Argument(help="起（不计入） · from, not counted")],
    end: Annotated[str, typer.Argument(help="止（计入） · to, counted")],
    options: CalendarOptions,
) -> Answer:
    """两日之间的工作日数 · working days between two days."""
    from gongkai.services.working_days import between

    span, problems = between(start, end, options.calendar)
    if span is None:
        return Answer(problems=problems)
    first, last, count = span
    text = Text(f"{first}之后至{last}：{count}个工作日", f"After {first} up to {last}: {count} working days")
    return Answer([text.in_(options.lang)], problems)


@app.command("show", cls=Command)
@command
def calendar_show(
    year: Annotated[int, typer.Argument(help="年份 · the year")],
    options: CalendarOptions,
) -> Answer:
    """一年的放假和调休 · the holidays and make-up workdays of a year."""
    from gongkai.services.working_days import show

    shown, problems = show(year, options.calendar)
    return Answer(() if shown is None else _days(year, shown, options.lang), problems)


def _days(year: int, shown: Year, lang: Lang) -> Iterator[str]:
    """Yield the days of a year that are not what their weekday says, and how many working days it has."""
    for day, kind in shown.odd:
        yield f"{day}  {kind.text.in_(lang)}"
    yield Text(f"{year}年共{shown.count}个工作日", f"{year}: {shown.count} working days").in_(lang)
    if not shown.announced:
        yield Text("暂定：该年放假安排尚未公布", "Provisional: the arrangement is not announced").in_(lang)
