"""`gongkai request fee`: the information fee, with every step shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.fees import MOST, bands_of_pages, bands_of_pieces
from events.problems import Problem, Text, Where
from gongkai.cli.terminal import say, say_problems

if TYPE_CHECKING:
    from events.problems import Lang

OK, UNUSABLE = 0, 2


def fee(pieces: int | None, pages: int | None, lang: Lang) -> int:
    """Print the bands of a number of pieces or of pages, and the fee."""
    if (pieces is None) == (pages is None):
        fact = Text("件数和页数要写一个，只能写一个", "exactly one of pieces and pages has to be given")
        cure = Text(
            "按件写 --pieces 38，按量写 --pages 250；两种标准不能同时用于一件申请",
            "Write --pieces 38 or --pages 250; the two standards are never both applied to one request",
        )
        say_problems([Problem("bad-option", Where("request fee"), fact, cure)], lang)
        return UNUSABLE
    number, option = (pieces, "--pieces") if pieces is not None else (pages or 0, "--pages")
    try:
        bands = bands_of_pieces(number) if pieces is not None else bands_of_pages(number)
    except ValueError:
        fact = Text(f"“{number}”不在0至{MOST}之间", f"{number} is not from 0 to {MOST}")
        cure = Text("请核对件数或者页数", "Check the number")
        say_problems([Problem("bad-option", Where(option), fact, cure, str(number))], lang)
        return UNUSABLE
    unit = Text("件", "pieces") if pieces is not None else Text("页", "pages")
    for band in bands:
        text = Text(
            f"第{band.first}至{band.last}{unit.zh}：{band.number}{unit.zh} × {band.price}元 = {band.amount}元",
            f"{unit.en} {band.first} to {band.last}: {band.number} × {band.price} yuan = {band.amount} yuan",
        )
        say(text.in_(lang))
    total = sum(band.amount for band in bands)
    basis = Text("国办函〔2020〕109号，超额累进", "国办函〔2020〕109号, progressive by band")
    say(Text(f"信息处理费 {total}元（{basis.zh}）", f"Fee {total} yuan ({basis.en})").in_(lang))
    return OK
