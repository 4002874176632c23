"""`demo`: a made-up, labelled county year."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer
from gongkai.options import DEFAULT_UNITS, LARGEST, Common


@command
def demo(
    out: Annotated[Path, typer.Argument(help="文件夹 · where it goes")],
    common: Common,
    seed: Annotated[int, typer.Option("--seed", min=0, max=LARGEST, help="随机种子 · seed")] = 2023,
    counties: Annotated[
        int | None, typer.Option("--counties", min=1, max=9999, help="多少个县，写成Parquet · counties, as Parquet")
    ] = None,
    events: Annotated[
        int | None,
        typer.Option(
            "--events", min=1, max=LARGEST, help="大约多少条记录，写成Parquet · about so many events, as Parquet"
        ),
    ] = None,
) -> Answer:
    """生成演示数据：一个县的一年，或者很多个县（虚构） · make a made-up, labelled year of a county, or of many."""
    from gongkai.demo.make import make_demo
    from gongkai.demo.many import make_many
    from rules.loading.registry import load_registry

    registry, problems = load_registry(DEFAULT_UNITS)
    if registry is None:
        return Answer(problems=problems)
    if counties is None and events is None:
        return Answer(make_demo(out, registry, seed=seed).summary(common.lang), problems)
    made = make_many(out, registry, counties=counties or 1, events=events or 0, seed=seed)
    return Answer(made.summary(common.lang), problems)
