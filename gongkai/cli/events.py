"""`gongkai events`: the log and the ledger."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text, has_errors
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup
from gongkai.cli.edge.terminal import Answer, Exit, Working, say_problems
from gongkai.options import Common, LogOptions, TemplateOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.ledger.chain import Head
    from events.problems import Lang

app = typer.Typer(cls=CommandGroup, help="台账 · the log", no_args_is_help=True, rich_markup_mode=None)

Paths = Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")]
Ledger = Annotated[Path, typer.Option("--ledger", help="账本文件夹 · the ledger, a folder", metavar="DIR")]


@app.command("check", cls=Command)
@command
def events_check(
    options: LogOptions,
    paths: Paths = [],
    events: Annotated[
        list[Path],
        typer.Option("--events", help="台账文件或文件夹，可给多个 · event files or folders", metavar="PATH..."),
    ] = [],
    show: Annotated[
        bool, typer.Option("--show", help="列出读懂了什么：列名、列、行、类型、单位、日期 · show what was understood")
    ] = False,
) -> Answer:
    """检查台账，列出全部问题 · read the log and list every problem."""
    return _check([*paths, *events], options, show=show)


def _check(paths: Sequence[Path], options: LogOptions, *, show: bool) -> Answer:
    """Read a log and list everything that is wrong in it; `show` also says what was understood."""
    from gongkai.services.log import read_log
    from reports.log.layout import understood_lines

    log, problems = read_log(paths, options)
    if log is None:
        return Answer(problems=problems)
    lines = list(understood_lines(log.read, log.registry, options.lang)) if show else []
    errors = sum(problem.severity == "error" for problem in problems)
    rows = log.read.table.num_rows
    text = Text(
        f"读到{rows}条事件；错误{errors}处，提醒{len(problems) - errors}处",
        f"{rows} events read; {errors} errors, {len(problems) - errors} warnings",
    )
    return Answer([*lines, text.in_(options.lang)], problems)


@app.command("import", cls=Command)
@command
def events_import(
    paths: Paths,
    ledger: Ledger,
    options: LogOptions,
    by: Annotated[str | None, typer.Option("--by", help="导入人，默认是系统用户 · who imports")] = None,
    at: Annotated[str | None, typer.Option("--at", help="导入时刻，默认是现在 · when", metavar="MOMENT")] = None,
    as_unit: Annotated[
        str | None,
        typer.Option(
            "--as-unit", help="以哪个单位的名义：只能登记本单位的 · the unit that imports, its own entries only"
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="不导入，列出读懂了什么、与账本有什么不同 · show what is understood and differs"
        ),
    ] = False,
    as_correction: Annotated[
        bool, typer.Option("--as-correction", help="与账本不同的行作为更正导入 · rows that differ correct the ledger")
    ] = False,
    withdraw: Annotated[
        bool,
        typer.Option(
            "--withdraw", help="连同 --as-correction：表里少了的记录撤销 · withdraw what the sheet no longer has"
        ),
    ] = False,
) -> Answer:
    """导入账本：要么全部导入，要么什么也不导入 · add files to a ledger, all or none."""
    from gongkai.services.ledger.imports import ImportRequest, import_files

    if dry_run:
        return _dry_run(paths, ledger, options)
    lang = options.lang
    request = ImportRequest(tuple(paths), ledger, options, by, at, as_unit, as_correction, withdraw)
    done, problems = import_files(request, Working(lang), lambda waited: say_problems([waited], lang))
    if done is None:
        text = Text(
            "有错误，什么也没有导入；全部文件改正后再导入", "There are errors: nothing was imported; correct them first"
        )
        return Answer([text.in_(lang)], problems)
    lines = [
        Text(f"{name}：新增{added}条，已有{known}条", f"{name}: {added} new, {known} there already").in_(lang)
        for name, added, known in done.files
    ]
    return Answer([*lines, _head(ledger, done.head, lang)], problems)


def _dry_run(paths: Sequence[Path], ledger: Path, options: LogOptions) -> Answer:
    """Say what would be imported, and how it differs from the ledger."""
    from gongkai.services.ledger.imports import against_ledger
    from gongkai.services.log import read_log
    from reports.log.difference import difference_lines

    answer = _check(paths, options, show=True)
    log, problems = read_log(paths, options)
    if log is None or has_errors(problems):
        return answer
    found, told = against_ledger(paths, ledger, log.read)
    return Answer([*answer.lines, *difference_lines(found, options.lang)], [*answer.problems, *told])


def _head(path: Path, head: Head, lang: Lang) -> str:
    """Return the state that a ledger is in."""
    text = Text(
        f"{path}：共{head.events}条事件，链头 {head.hash}", f"{path}: {head.events} events in all, head {head.hash}"
    )
    return text.in_(lang)


@app.command("verify", cls=Command)
@command
def events_verify(
    ledger: Annotated[Path, typer.Argument(help="账本文件夹 · the ledger")],
    common: Common,
    head: Annotated[
        str | None, typer.Option("--head", help="账本应当有过的链头，见 run.json · a head that it must have had")
    ] = None,
) -> Answer:
    """核验账本：改动、删去、调换、插入的记录都能发现，退出码为1 · find whatever was changed."""
    from gongkai.services.ledger.imports import verify

    verified, problems = verify(ledger, head)
    if verified.head is None:
        return Answer(problems=problems, exit=Exit.FOUND if verified.damaged else Exit.UNUSABLE)
    whole = Text("账本完好", "The ledger is whole").in_(common.lang)
    return Answer([whole, _head(ledger, verified.head, common.lang)], problems, exit=Exit.OK)


@app.command("export", cls=Command)
@command
def events_export(
    ledger: Annotated[Path, typer.Argument(help="账本文件夹 · the ledger")],
    out: Annotated[Path, typer.Option("--out", help="文件 · where it goes (.jsonl)")],
    common: Common,
) -> Answer:
    """导出账本，重新导入后链头相同 · write a ledger as one file, to be imported again with the same head."""
    from gongkai.services.ledger.imports import export

    head, problems = export(ledger, out)
    return Answer([_head(out, head, common.lang)], problems)


@app.command("convert", cls=Command)
@command
def events_convert(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", help="写出的文件：.jsonl、.csv、.xlsx 或 .parquet · what to write")],
    options: LogOptions,
) -> Answer:
    """把台账写成标准格式，内容不变 · write a log in the form of the contract, loss-free."""
    from gongkai.services.log import convert

    rows, problems = convert(paths, out, options)
    if rows is None:
        return Answer(
            [Text("有错误，没有写出", "Nothing is written, because of the errors").in_(options.lang)], problems
        )
    return Answer([Text(f"写出{rows}条事件：{out}", f"{rows} events written: {out}").in_(options.lang)], problems)


@app.command("template", cls=Command)
@command
def events_template(
    out: Annotated[Path, typer.Option("--out", help="写出的文件（.xlsx） · what to write")],
    options: TemplateOptions,
    unit: Annotated[str | None, typer.Option("--unit", help="填报单位 · the unit that fills it in")] = None,
    types: Annotated[
        list[str], typer.Option("--type", help="只列这些事件类型 · only these event types", metavar="TYPE...")
    ] = [],
    layout: Annotated[
        str | None,
        typer.Option(
            "--layout", help="登记簿的版面：依申请、征求意见、规范性文件 · a register's layout", metavar="NAME"
        ),
    ] = None,
) -> Answer:
    """生成台账模板：下拉选项、日期和数字检查、填写说明 · a workbook to fill in, with lists and checks."""
    from gongkai.services.log import write_register, write_template

    if layout is not None:
        problems = write_register(out, layout, unit, options)
    else:
        problems = write_template(out, unit, types, options)
    written = () if has_errors(problems) else [Text(f"模板：{out}", f"Template: {out}").in_(options.lang)]
    return Answer(written, problems)


@app.command("map", cls=Command)
@command
def events_map(
    path: Annotated[Path, typer.Argument(help="一份表格 · a spreadsheet")],
    options: LogOptions,
    out: Annotated[Path | None, typer.Option("--out", help="写出的对应表（.yaml） · where the mapping goes")] = None,
) -> Answer:
    """按表头拟一份对应表，由人核对 · propose a mapping from the headings, for a person to finish."""
    from gongkai.services.log import proposed_mapping
    from reports.output.folder import write_one
    from reports.output.plain import plain

    text, problems = proposed_mapping(path, options)
    if text is None:
        return Answer(problems=problems)
    if out is None:
        return Answer([plain(line) for line in text.splitlines()], problems)
    write_one(out, text.encode("utf-8"))
    return Answer([Text(f"对应表：{out}，请核对", f"Mapping: {out}; check it").in_(options.lang)], problems)
