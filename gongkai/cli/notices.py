"""`notices`: a notice a unit."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import missing_option
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Common


@command
def notices(
    common: Common,
    run: Annotated[Path | None, typer.Argument(help="一次评估的文件夹 · the folder of a run")] = None,
    kind: Annotated[
        Literal["rectification", "interview", "praise", "circular"],
        typer.Option(
            "--kind",
            help="整改通知单、约谈通知、表扬通报、情况通报 · to rectify, interview, praise, circular",
        ),
    ] = "rectification",
    unit: Annotated[list[str], typer.Option("--unit", help="只看这些单位 · only these units")] = [],
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="按这份评分办法的约谈、表扬名单和名次 · lists and ranks by this scoring policy"),
    ] = None,
    template: Annotated[Path | None, typer.Option("--template", help="自己的模板 · an own template (DOCX)")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出文件夹 · where the notices go")] = None,
    rectify_by: Annotated[
        str | None, typer.Option("--rectify-by", help="整改期限（日期） · rectify by this day")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option("--today", help="发出通知的日期，不写即截至日期 · the day of issue; the as-of day without"),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save-template", help="把自带的模板存成文件，供修改 · write the template to edit it"),
    ] = None,
) -> Answer:
    """通知（DOCX，附问题清单）和全县通报 · write a notice (DOCX, with its list) for each unit, or a circular."""
    from gongkai.services.notices import Dates, write_notices
    from gongkai.services.outgoing.recipients import Choice
    from reports.notices import read_template
    from reports.output.folder import write_one

    if save is not None:
        write_one(save, read_template(None, kind))
        return Answer([Text(f"模板：{save}", f"Template: {save}").in_(common.lang)])
    if run is None or out is None:
        missing = [name for name, value in (("RUN", run), ("--out", out)) if value is None]
        return Answer(problems=[missing_option(name, "notices") for name in missing])
    written, problems = write_notices(run, kind, Choice(unit, policy), template, out, Dates(rectify_by, today))
    if written is None:
        return Answer(problems=problems)
    none = Text("没有需要发通知的单位。", "No unit needs a notice.").in_(common.lang)
    return Answer([str(path) for path in written] or [none], problems)
