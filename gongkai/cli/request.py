"""`gongkai request`: calculators for requests for information."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli.options import LangOption

app = typer.Typer(help="依申请公开 · requests for information", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """依申请公开的计算 · calculators for requests for information."""


@app.command("fee")
def fee(
    pieces: Annotated[
        int | None, typer.Option("--pieces", help="按件：同一申请人当月累计件数 · requests of the month")
    ] = None,
    pages: Annotated[int | None, typer.Option("--pages", help="按量：一件申请的页数 · pages of one request")] = None,
    lang: LangOption = "zh",
) -> int:
    """推算信息处理费，逐档列出 · the fee of 国办函〔2020〕109号, band by band."""
    from gongkai import fee_commands

    return fee_commands.fee(pieces, pages, lang)
