"""`evaluate`, `check`, `due`, `compare`, `explain`: what is owed and who kept it."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import (
    AsOfOption,
    BookOption,
    CalendarOption,
    CountiesOption,
    EngineOption,
    EventsOption,
    HeadOption,
    IncrementalOption,
    JobsOption,
    LangOption,
    ManyUnits,
    MappingOption,
    MasterOption,
    NoReportsOption,
    OneUnit,
    PreviousOption,
    ReadingOption,
    RectifyOption,
    SheetsOption,
    SinceOption,
    UnitsOption,
    WaiversOption,
)


def evaluate(
    events: EventsOption,
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 · where the reports go")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="截至日期或时刻，用预设时可不写 · a date or a moment")
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", help="mid-year、annual 或文件 · a preset or its file")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="评分办法 · a scoring policy")] = None,
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    counties: CountiesOption = None,
    unit: ManyUnits = [],
    reading: ReadingOption = [],
    waivers: WaiversOption = None,
    calendar: CalendarOption = None,
    mapping: MappingOption = None,
    rectify_within: RectifyOption = None,
    previous: PreviousOption = [],
    sheets_per_unit: SheetsOption = False,
    no_reports: NoReportsOption = False,
    head: HeadOption = None,
    since: SinceOption = None,
    backfill_days: Annotated[
        int, typer.Option("--backfill-days", min=0, help="发生几天后才登记算补记 · recorded late after so many days")
    ] = 30,
    incremental: IncrementalOption = False,
    engine: EngineOption = "duckdb",
    master: MasterOption = None,
    jobs: JobsOption = 1,
    lang: LangOption = "zh",
) -> int:
    """评估：写出结论、问题清单和网页 · evaluate and write verdicts, violations and pages."""
    from engine.batches.plan import is_many
    from gongkai import commands
    from gongkai.cli.terminal import say_problems
    from gongkai.evaluation import scoring
    from gongkai.evaluation.rectification import ListOptions

    asked = scoring.Asked(preset, policy, tuple(previous))
    moment, chosen, problems = scoring.as_of_text(asked, as_of, tuple(book))
    if moment is None:
        say_problems(problems, lang)
        return commands.UNUSABLE
    paths = (tuple(events), tuple(book), units, tuple(unit), tuple(reading), calendar, mapping, waivers)
    request = commands.Request(moment, *paths, head, since, backfill_days, incremental, not no_reports, counties)
    lists = ListOptions(rectify_within, tuple(previous), sheets_per_unit)
    if is_many(request.events):
        from gongkai.evaluation.counties import Machinery, evaluate_many

        return evaluate_many(request, out, lang, Machinery(engine, master, jobs))
    return commands.evaluate(request, out, lang, engine, lists, asked, chosen, master)


def check(
    events: EventsOption,
    as_of: AsOfOption,
    unit: OneUnit,
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    reading: ReadingOption = [],
    waivers: WaiversOption = None,
    calendar: CalendarOption = None,
    mapping: MappingOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="另存为打印页 · also as a page to print")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存为填报表 · also as a workbook to fill in")] = None,
    lang: LangOption = "zh",
) -> int:
    """自查：本单位欠什么、几时到期、缺什么；有问题时退出码为1 · a unit's self-check."""
    from gongkai import check_command, commands

    request = commands.Request(
        as_of, tuple(events), tuple(book), units, (unit,), tuple(reading), calendar, mapping, waivers
    )
    return check_command.check(request, html, xlsx, lang)


def due(
    events: EventsOption,
    as_of: AsOfOption,
    within: Annotated[str, typer.Option("--within", help="多长时间内 · a time such as 10 working days")],
    unit: ManyUnits = [],
    ics: Annotated[Path | None, typer.Option("--ics", help="另存日历文件 · also write a calendar file")] = None,
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    reading: ReadingOption = [],
    waivers: WaiversOption = None,
    calendar: CalendarOption = None,
    mapping: MappingOption = None,
    lang: LangOption = "zh",
) -> int:
    """近期到期的事项，可存为日历 · what falls due within a time."""
    from gongkai import commands, due_commands

    request = commands.Request(
        as_of, tuple(events), tuple(book), units, tuple(unit), tuple(reading), calendar, mapping, waivers
    )
    return due_commands.due(request, within, ics, lang)


def compare(
    before: Annotated[Path, typer.Argument(help="先前一次评估的文件夹 · the folder of the earlier run")],
    after: Annotated[Path, typer.Argument(help="后来一次评估的文件夹 · the folder of the later run")],
    html: Annotated[Path | None, typer.Option("--html", help="另存网页 · also write a page")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存工作簿 · also write a workbook")] = None,
    lang: LangOption = "zh",
) -> int:
    """比较两次评估：新出现的问题、已整改、期限变化和各自的原因 · what changed between two runs, and why."""
    from gongkai import compare_command

    return compare_command.compare(before, after, lang, html, xlsx)


def explain(
    obligation: Annotated[str, typer.Argument(help="义务编号 · an obligation's id, as in verdicts.jsonl")],
    events: EventsOption,
    as_of: AsOfOption,
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    reading: ReadingOption = [],
    waivers: WaiversOption = None,
    calendar: CalendarOption = None,
    mapping: MappingOption = None,
    head: HeadOption = None,
    sql: Annotated[bool, typer.Option("--sql", help="显示查询语句 · show the statement")] = False,
    lang: LangOption = "zh",
) -> int:
    """说明一项结论的来历：原文、依据、期限逐日推算 · the whole derivation of one verdict."""
    from gongkai import commands

    request = commands.Request(
        as_of, tuple(events), tuple(book), units, (), tuple(reading), calendar, mapping, waivers, head
    )
    return commands.explain(request, obligation, lang, show_sql=sql)
