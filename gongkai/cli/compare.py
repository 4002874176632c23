"""`compare`: what changed between two runs, and why."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Common


@command
def compare(
    before: Annotated[Path, typer.Argument(help="先前一次评估的文件夹 · the folder of the earlier run")],
    after: Annotated[Path, typer.Argument(help="后来一次评估的文件夹 · the folder of the later run")],
    common: Common,
    html: Annotated[Path | None, typer.Option("--html", help="另存网页 · also write a page")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存工作簿 · also write a workbook")] = None,
) -> Answer:
    """比较两次评估：新出现的问题、已整改、期限变化和各自的原因 · what changed between two runs, and why."""
    from gongkai.services.compare import compare_folders, comparison_workbook
    from reports.comparison.compare import compare_lines
    from reports.comparison.page import compare_page
    from reports.output.folder import write_one

    comparison, problems = compare_folders(before, after)
    if comparison is None:
        return Answer(problems=problems)
    if html is not None:
        write_one(html, compare_page(comparison, common.lang))
    if xlsx is not None:
        write_one(xlsx, comparison_workbook(comparison, common.lang))
    return Answer(compare_lines(comparison, common.lang), problems)
