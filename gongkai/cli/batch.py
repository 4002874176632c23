"""`batch`: many counties or years from a manifest."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import LangOption


def batch(
    manifest: Annotated[Path, typer.Argument(help="清单（YAML） · the manifest")],
    out: Annotated[Path, typer.Option("--out", help="输出文件夹，每项一个子文件夹 · where the reports go")],
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="同时运行几个进程 · processes at once")] = 1,
    again: Annotated[bool, typer.Option("--again", help="没有变化的也重做 · evaluate what is unchanged, too")] = False,
    lang: LangOption = "zh",
) -> int:
    """批量评估：多个县、多个年度；一个县的输入有误不影响其他县 · many counties or years from a manifest."""
    from gongkai import batch_commands

    return batch_commands.batch(manifest, out, jobs, lang, again=again)
