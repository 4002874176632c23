"""`gongkai request`: calculators for requests for information."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Problem, ProblemError, Text, Where
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Common

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.fees import Band
    from events.problems import Lang

app = typer.Typer(
    cls=CommandGroup, help="依申请公开 · requests for information", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """依申请公开的计算 · calculators for requests for information."""


@app.command("fee", cls=Command)
@command
def fee(
    common: Common,
    pieces: Annotated[
        int | None, typer.Option("--pieces", help="按件：同一申请人当月累计件数 · requests of the month")
    ] = None,
    pages: Annotated[int | None, typer.Option("--pages", help="按量：一件申请的页数 · pages of one request")] = None,
) -> Answer:
    """推算信息处理费，逐档列出 · the fee of 国办函〔2020〕109号, band by band."""
    from engine.fees import MOST, bands_of_pages, bands_of_pieces

    if (pieces is None) == (pages is None):
        fact = Text("件数和页数要写一个，只能写一个", "exactly one of pieces and pages has to be given")
        cure = Text(
            "按件写 --pieces 38，按量写 --pages 250；两种标准不能同时用于一件申请",
            "Write --pieces 38 or --pages 250; the two standards are never both applied to one request",
        )
        raise ProblemError(Problem("bad-option", Where("request fee"), fact, cure))
    number, option = (pieces, "--pieces") if pieces is not None else (pages or 0, "--pages")
    try:
        bands = bands_of_pieces(number) if pieces is not None else bands_of_pages(number)
    except ValueError as error:
        fact = Text(f"“{number}”不在0至{MOST}之间", f"{number} is not from 0 to {MOST}")
        cure = Text("请核对件数或者页数", "Check the number")
        raise ProblemError(Problem("bad-option", Where(option), fact, cure, str(number))) from error
    unit = Text("件", "pieces") if pieces is not None else Text("页", "pages")
    return Answer(_lines(bands, unit, common.lang))


def _lines(bands: Sequence[Band], unit: Text, lang: Lang) -> Iterator[str]:
    """Yield the bands and the fee."""
    for band in bands:
        text = Text(
            f"第{band.first}至{band.last}{unit.zh}：{band.number}{unit.zh} × {band.price}元 = {band.amount}元",
            f"{unit.en} {band.first} to {band.last}: {band.number} × {band.price} yuan = {band.amount} yuan",
        )
        yield text.in_(lang)
    total = sum(band.amount for band in bands)
    basis = Text("国办函〔2020〕109号，超额累进", "国办函〔2020〕109号, progressive by band")
    yield Text(f"信息处理费 {total}元（{basis.zh}）", f"Fee {total} yuan ({basis.en})").in_(lang)
