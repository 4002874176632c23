"""`gongkai annual-report`: the yearly report on disclosure, and checking anybody's."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import EventsOption, LangOption, MappingOption, UnitsOption

app = typer.Typer(help="政府信息公开工作年度报告 · the annual report", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def annual_report(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", help="报告年度 · the report year")] = None,
    events: EventsOption = [],
    out: Annotated[Path | None, typer.Option("--out", help="输出文件夹 · where the reports go")] = None,
    unit: Annotated[
        list[str], typer.Option("--unit", help="单位，或者县名；不写为全部 · units, or the county; all without")
    ] = [],
    county: Annotated[bool, typer.Option("--county", help="县级报告：各单位之和 · the county: the sum")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="只看这时已经登记的 · only what was recorded by then")
    ] = None,
    units: UnitsOption = None,
    mapping: MappingOption = None,
    lang: LangOption = "zh",
) -> int:
    """按台账填写年度报告的三张表，写出XLSX、DOCX · fill the annual report from the log."""
    if context.invoked_subcommand is not None:
        return 0
    needed = {"--year": year, "--events": events, "--out": out}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise typer.BadParameter("缺少 · missing: " + ", ".join(missing))
    from gongkai.services import annual as annual_commands

    request = annual_commands.AnnualRequest(year or 0, tuple(events), tuple(unit), county, as_of, units, mapping)
    return annual_commands.annual_report(request, out or Path(), lang)


@app.command("check")
def annual_check(
    file: Annotated[Path, typer.Argument(help="填好的报告：XLSX、CSV、DOCX · a filled report")],
    year: Annotated[int | None, typer.Option("--year", help="报告年度，文件没有写的 · the report year")] = None,
    last_year: Annotated[Path | None, typer.Option("--last-year", help="上年的报告 · last year's report")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="报告的文字另有文件 · its text in another file")] = None,
    parts: Annotated[
        list[Path], typer.Option("--parts", help="各单位的报告或文件夹（全县合计） · reports of the units")
    ] = [],
    events: EventsOption = [],
    unit: Annotated[str | None, typer.Option("--unit", help="与这个单位的台账核对 · whose log it is held to")] = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", help="人工决定 · decisions of people")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="结果另存为JSON · write the results as JSON")] = None,
    units: UnitsOption = None,
    mapping: MappingOption = None,
    lang: LangOption = "zh",
) -> int:
    """核对填好的年度报告（勾稽关系、文字、上年、台账）；有不符时退出码为1 · check a filled report."""
    from gongkai.services import annual_check as command
    from gongkai.services.annual import AnnualRequest

    log = AnnualRequest(0, tuple(events), (unit,) if unit else (), units=units, mapping=mapping) if events else None
    request = command.CheckRequest(file, year, last_year, text, tuple(parts), decisions, log)
    return command.check(request, json_file, lang)
