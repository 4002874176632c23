"""`check`, `due`, `explain`: what a unit owes, what falls due, and how a verdict follows."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Request, UnitRequest


@command
def check(
    request: UnitRequest,
    html: Annotated[Path | None, typer.Option("--html", help="另存为打印页 · also as a page to print")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存为填报表 · also as a workbook to fill in")] = None,
) -> Answer:
    """自查：本单位欠什么、几时到期、缺什么；有问题时退出码为1 · a unit's self-check."""
    from gongkai.services.self_check import check_units
    from reports.selfcheck.terminal import check_lines

    result, problems = check_units(request)
    if result is None:
        return Answer(problems=problems)
    lines: list[object] = [*check_lines(result.checks, result.evaluation)]
    if html is not None:
        _write(html, result.page())
        lines.append(Text(f"打印页：{html}", f"To print: {html}").in_(request.lang))
    if xlsx is not None:
        content, rows = result.workbook()
        _write(xlsx, content)
        lines.append(Text(f"填报表：{xlsx}（{rows}行）", f"To fill in: {xlsx} ({rows} rows)").in_(request.lang))
    return Answer(lines, problems, found=result.violated)


@command
def due(
    request: Request,
    within: Annotated[str, typer.Option("--within", help="多长时间内 · a time such as 10 working days")],
    ics: Annotated[Path | None, typer.Option("--ics", help="另存日历文件 · also write a calendar file")] = None,
) -> Answer:
    """近期到期的事项，可存为日历 · what falls due within a time."""
    from gongkai.services.due import find_due

    result, problems = find_due(request, within)
    if result is None:
        return Answer(problems=problems)
    if ics is not None:
        _write(ics, result.calendar_file())
    return Answer(result.lines(), problems)


@command
def explain(
    obligation: Annotated[str, typer.Argument(help="义务编号 · an obligation's id, as in verdicts.jsonl")],
    request: Request,
    sql: Annotated[bool, typer.Option("--sql", help="显示查询语句 · show the statements")] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", help="把各步的表存成 DuckDB 文件 · keep the tables of all steps", metavar="FILE.duckdb"),
    ] = None,
) -> Answer:
    """说明一项结论的来历：原文、依据、期限逐日推算 · the whole derivation of one verdict."""
    from gongkai.services.explain import explain as derive

    result, problems = derive(request, obligation)
    if result is None:
        return Answer(problems=problems)
    if keep is not None:
        result.keep(keep)
    return Answer([*result.lines, *("\n".join(result.sql()).split("\n") if sql else ())], problems)


def _write(path: Path, content: bytes) -> None:
    """Write a file that was asked for besides."""
    from reports.output.folder import write_one

    write_one(path, content)
