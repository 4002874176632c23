"""`notices`: a notice a unit."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.cli.options import LangOption, ManyUnits


def notices(
    run: Annotated[Path | None, typer.Argument(help="一次评估的文件夹 · the folder of a run")] = None,
    kind: Annotated[
        Literal["rectification", "interview"],
        typer.Option("--kind", help="整改通知单或者约谈通知 · to rectify, or of an interview"),
    ] = "rectification",
    unit: ManyUnits = [],
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="约谈通知按这份评分办法的约谈名单 · the units on this scoring policy's list"),
    ] = None,
    template: Annotated[Path | None, typer.Option("--template", help="自己的模板 · an own template (DOCX)")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出文件夹 · where the notices go")] = None,
    rectify_by: Annotated[
        str | None, typer.Option("--rectify-by", help="整改期限（日期） · rectify by this day")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save-template", help="把自带的模板存成文件，供修改 · write the template to edit it"),
    ] = None,
    lang: LangOption = "zh",
) -> int:
    """给每个单位一份通知（DOCX） · write a notice (DOCX) for each unit."""
    from gongkai.services import notices as notice_commands
    from gongkai.services import recipients as notice_units

    if save is not None:
        return notice_commands.save_template(kind, save, lang)
    if run is None or out is None:
        msg = "写明评估的文件夹和 --out · give the folder of a run, and --out"
        raise typer.BadParameter(msg)
    choice = notice_units.Choice(unit, policy)
    return notice_commands.notices(run, kind, choice, template, out, lang, rectify_by)
