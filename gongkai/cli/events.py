"""`gongkai events`: the log."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import EventsOption, LangOption, MappingOption, UnitsOption

app = typer.Typer(help="台账 · the log", no_args_is_help=True, rich_markup_mode=None)


@app.command("check")
def events_check(
    paths: Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")] = [],
    events: EventsOption = [],
    units: UnitsOption = None,
    mapping: MappingOption = None,
    show: Annotated[
        bool, typer.Option("--show", help="列出读懂了什么：列名、列、行、类型、单位、日期 · show what was understood")
    ] = False,
    lang: LangOption = "zh",
) -> int:
    """检查台账，列出全部问题 · read the log and list every problem."""
    from gongkai import commands

    return commands.events_check([*paths, *events], units, mapping, lang, show=show)
