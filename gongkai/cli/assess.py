"""`assess`: the sheet that evaluators fill in."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Request

app = typer.Typer(
    cls=CommandGroup, help="评价记录表 · what a person has to judge", no_args_is_help=True, rich_markup_mode=None
)


@app.command("template", cls=Command)
@command
def template(
    request: Request,
    out: Annotated[Path, typer.Option("--out", help="写到这个文件 · the workbook to write")],
) -> Answer:
    """写出评价记录表：逐单位逐项、看什么、手头的材料、结论；填好以后当作台账读回 · the evaluators' sheet."""
    from gongkai.services.assess import assess_sheet
    from reports.output.folder import write_one

    content, rows, problems = assess_sheet(request)
    if content is None:
        return Answer(problems=problems)
    write_one(out, content)
    return Answer([Text(f"评价记录表：{out}（{rows}项）", f"To judge: {out} ({rows})").in_(request.lang)], problems)
