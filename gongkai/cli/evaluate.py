"""`evaluate`: verdicts, violations and pages in a folder."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text
from gongkai.cli.edge import command
from gongkai.cli.terminal import Answer, Working
from gongkai.options import RunRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gongkai.services.evaluate import RunResult


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
