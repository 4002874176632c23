"""`evaluate`: verdicts, violations and pages in a folder."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer, Working
from gongkai.options import RunRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.problems import Lang
    from gongkai.services.evaluate import RunResult

NAMED = 8
"""How many units that filed nothing are named in the terminal."""


@command
def evaluate(
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 · where the reports go")], request: RunRequest
) -> Answer:
    """评估：写出结论、问题清单和网页 · evaluate and write verdicts, violations and pages."""
    from gongkai.services.evaluate import run

    result = run(request, out, Working(request.lang))
    return Answer(_lines(result, request) if result.written is not None else (), result.problems)


def _lines(result: RunResult, request: RunRequest) -> Iterator[str]:
    """Yield what was done, the counts, and where to look."""
    from reports.output.texts import SIGNS, STATUS

    lang, out = request.lang, result.written
    yield from (text.in_(lang) for text in result.said)
    yield from _unfiled(result, lang)
    for status, count in result.statuses.items():
        yield f"{SIGNS[status]} {STATUS[status].in_(lang)}\t{count}"
    if out is None:
        return
    if result.evaluation is None:
        text = Text(
            f"{result.counties}个县：{out}（县多，不写网页和表格；单独评估一个县才有）",
            f"{result.counties} counties: {out} (no pages or workbooks for many counties; evaluate one by itself for "
            "them)",
        )
    elif request.reports:
        text = Text(f"报告：{out / 'index.html'}", f"Report: {out / 'index.html'}")
    else:
        text = Text(f"结论：{out / 'verdicts.parquet'}", f"Verdicts: {out / 'verdicts.parquet'}")
    yield text.in_(lang)


def _unfiled(result: RunResult, lang: Lang) -> Iterator[str]:
    """Yield which units filed nothing, before anything else is said of them."""
    units = result.evaluation.unfiled if result.evaluation is not None else ()
    if units:
        more = len(units) - NAMED
        zh = "、".join(unit.name for unit in units[:NAMED]) + (f"等，另有{more}个" if more > 0 else "")
        en = ", ".join(unit.name for unit in units[:NAMED]) + (f" and {more} more" if more > 0 else "")
        yield Text(f"未报送台账的单位{len(units)}个：{zh}", f"Units that filed nothing, {len(units)}: {en}").in_(lang)
