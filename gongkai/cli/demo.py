"""`demo`: a made-up, labelled county year."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import LangOption


def demo(
    out: Annotated[Path, typer.Argument(help="文件夹 · where it goes")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 · seed")] = 2023,
    lang: LangOption = "zh",
) -> int:
    """生成演示数据：一个县的一年（虚构） · make a made-up, labelled county year."""
    from gongkai import commands

    return commands.demo(out, seed, lang)
