"""`publish`: a version of a run for the public."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Common


@command
def publish(
    common: Common,
    run: Annotated[Path, typer.Argument(help="一次评估的文件夹 · the folder of a run")],
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 · where the publication goes")],
    status: Annotated[
        list[str],
        typer.Option("--status", help="公开哪些结论，可重复，不写即未落实、逾期完成、按期完成 · which statuses"),
    ] = [],
    reason: Annotated[
        list[str],
        typer.Option("--reason", help="公开哪些结论的理由，可重复，none 为都不公开 · whose reasons; none for none"),
    ] = [],
) -> Answer:
    """整理可以对外公开的版本：不含人名、申请人、编号、文件位置 · what can be published of a run."""
    from gongkai.services.outgoing.publish import choice_of, publish_run

    choice, problems = choice_of(status, reason)
    if problems:
        return Answer(problems=problems)
    written, told = publish_run(run, out, choice, common.lang)
    return Answer([str(path) for path in written or ()], told)
