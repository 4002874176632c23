"""`gongkai calendar`: working days, as a calculator."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli.options import CalendarOption, LangOption

app = typer.Typer(help="工作日 · working days", no_args_is_help=True, rich_markup_mode=None)


@app.command("add")
def calendar_add(
    start: Annotated[str, typer.Argument(help="起算日（不计入） · the day it starts from, not counted")],
    duration: Annotated[str, typer.Argument(help="如 20工作日、'3 working days'、30日、1个月")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """推算到期日，逐日列出 · compute a due date and show each step."""
    from gongkai import calendar_commands

    return calendar_commands.add(start, duration, calendar, lang)


@app.command("between")
def calendar_between(
    start: Annotated[str, typer.Argument(help="起（不计入） · from, not counted")],
    end: Annotated[str, typer.Argument(help="止（计入） · to, counted")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """两日之间的工作日数 · working days between two days."""
    from gongkai import calendar_commands

    return calendar_commands.between(start, end, calendar, lang)


@app.command("show")
def calendar_show(
    year: Annotated[int, typer.Argument(help="年份 · the year")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """一年的放假和调休 · the holidays and make-up workdays of a year."""
    from gongkai import calendar_commands

    return calendar_commands.show(year, calendar, lang)
