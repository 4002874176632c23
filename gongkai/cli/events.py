"""`gongkai events`: the log."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import EventsOption, LangOption, LedgerOption, MappingOption, UnitsOption

app = typer.Typer(help="台账 · the log", no_args_is_help=True, rich_markup_mode=None)


@app.command("check")
def events_check(
    paths: Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")] = [],
    events: EventsOption = [],
    units: UnitsOption = None,
    mapping: MappingOption = None,
    show: Annotated[
        bool, typer.Option("--show", help="列出读懂了什么：列名、列、行、类型、单位、日期 · show what was understood")
    ] = False,
    lang: LangOption = "zh",
) -> int:
    """检查台账，列出全部问题 · read the log and list every problem."""
    from gongkai import commands

    return commands.events_check([*paths, *events], units, mapping, lang, show=show)


@app.command("import")
def events_import(
    paths: Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")],
    ledger: LedgerOption,
    units: UnitsOption = None,
    mapping: MappingOption = None,
    by: Annotated[str | None, typer.Option("--by", help="导入人，默认是系统用户 · who imports")] = None,
    at: Annotated[str | None, typer.Option("--at", help="导入时刻，默认是现在 · when", metavar="MOMENT")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="不导入，只列出读懂了什么 · show what was understood, add nothing")
    ] = False,
    lang: LangOption = "zh",
) -> int:
    """导入账本：要么全部导入，要么什么也不导入 · add files to a ledger, all or none."""
    if dry_run:
        from gongkai import commands

        return commands.events_check(paths, units, mapping, lang, show=True)
    from gongkai.services import ledger as ledger_commands

    request = ledger_commands.ImportRequest(tuple(paths), ledger, units, mapping, by, at)
    return ledger_commands.import_files(request, lang)


@app.command("verify")
def events_verify(
    ledger: Annotated[Path, typer.Argument(help="账本文件夹 · the ledger")],
    head: Annotated[
        str | None, typer.Option("--head", help="账本应当有过的链头，见 run.json · a head that it must have had")
    ] = None,
    lang: LangOption = "zh",
) -> int:
    """核验账本：改动、删去、调换、插入的记录都能发现，退出码为1 · find whatever was changed."""
    from gongkai.services import ledger as ledger_commands

    return ledger_commands.verify(ledger, head, lang)


@app.command("export")
def events_export(
    ledger: Annotated[Path, typer.Argument(help="账本文件夹 · the ledger")],
    out: Annotated[Path, typer.Option("--out", help="文件 · where it goes (.jsonl)")],
    lang: LangOption = "zh",
) -> int:
    """导出账本，重新导入后链头相同 · write a ledger as one file, to be imported again with the same head."""
    from gongkai.services import ledger as ledger_commands

    return ledger_commands.export(ledger, out, lang)


@app.command("convert")
def events_convert(
    paths: Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")],
    out: Annotated[Path, typer.Option("--out", help="写出的文件：.jsonl、.csv、.xlsx 或 .parquet · what to write")],
    units: UnitsOption = None,
    mapping: MappingOption = None,
    lang: LangOption = "zh",
) -> int:
    """把台账写成标准格式，内容不变 · write a log in the form of the contract, loss-free."""
    from gongkai.services import log as convert_command

    return convert_command.convert(paths, out, units, mapping, lang)


@app.command("template")
def events_template(
    out: Annotated[Path, typer.Option("--out", help="写出的文件（.xlsx） · what to write")],
    units: UnitsOption = None,
    unit: Annotated[str | None, typer.Option("--unit", help="填报单位 · the unit that fills it in")] = None,
    types: Annotated[
        list[str], typer.Option("--type", help="只列这些事件类型 · only these event types", metavar="TYPE...")
    ] = [],
    lang: LangOption = "zh",
) -> int:
    """生成台账模板：下拉选项、日期和数字检查、填写说明 · a workbook to fill in, with lists and checks."""
    from gongkai.services import log as convert_command

    return convert_command.template(out, units, unit, types, lang)
