"""The command line: it joins the layers, prints and exits; each command imports what it needs when it runs."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.exceptions import Abort, Exit, TyperException

OK, FOUND, UNUSABLE = 0, 1, 2

app = typer.Typer(
    name="gongkai",
    help="政务公开落实情况评估：规则对台账，逐项给出结论、依据和理由。\n\n"
    "Checks open-government duties: rules against a log, a reasoned verdict for each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="规则库 · the rulebooks", no_args_is_help=True, rich_markup_mode=None)
events_app = typer.Typer(help="台账 · the log", no_args_is_help=True, rich_markup_mode=None)
calendar_app = typer.Typer(help="工作日 · working days", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules_app, name="rules")
app.add_typer(events_app, name="events")
app.add_typer(calendar_app, name="calendar")

LangName = Literal["zh", "en"]
EventsOption = Annotated[
    list[Path], typer.Option("--events", help="台账文件或文件夹，可给多个 · event files or folders", metavar="PATH...")
]
AsOfOption = Annotated[str, typer.Option("--as-of", help="截至日期或时刻 · a date (its end) or a moment")]
BookOption = Annotated[list[str], typer.Option("--book", help="规则库 · a rulebook, by name or folder")]
UnitsOption = Annotated[Path | None, typer.Option("--units", help="单位名录 · the unit registry (YAML)")]
OneUnit = Annotated[str, typer.Option("--unit", help="单位 · a unit, by id or name")]
ManyUnits = Annotated[list[str], typer.Option("--unit", help="只看这些单位 · only these units")]
ReadingOption = Annotated[
    list[str], typer.Option("--reading", help="选用的读法 · a chosen reading", metavar="RULE=NAME")
]
WaiversOption = Annotated[Path | None, typer.Option("--waivers", help="豁免清单 · recorded exemptions")]
CalendarOption = Annotated[Path | None, typer.Option("--calendar", help="本地日历 · closures and later arrangements")]
MappingOption = Annotated[Path | None, typer.Option("--mapping", help="字段对应表 · a mapping for another layout")]
LangOption = Annotated[LangName, typer.Option("--lang", help="语言 · language")]
EngineOption = Annotated[Literal["duckdb", "spark"], typer.Option("--engine", help="引擎 · engine")]


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit status; a mistake in the words is a sentence and status 2."""
    try:
        result = app(arguments, standalone_mode=False, prog_name="gongkai")
    except Exit as error:
        return error.exit_code
    except TyperException as error:
        sys.stderr.write(f"{error.format_message()}\n")
        return UNUSABLE
    except Abort:
        return UNUSABLE
    return result if isinstance(result, int) else OK


@app.command()
def evaluate(
    events: EventsOption,
    as_of: AsOfOption,
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 · where the reports go")],
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    unit: ManyUnits = [],
    reading: ReadingOption = [],
    waivers: WaiversOption = None,
    calendar: CalendarOption = None,
    mapping: MappingOption = None,
    engine: EngineOption = "duckdb",
    lang: LangOption = "zh",
) -> int:
    """评估：写出结论、问题清单和网页 · evaluate and write verdicts, violations and pages."""
    from gongkai import commands

    request = commands.Request(
        as_of, tuple(events), tuple(book), units, tuple(unit), tuple(reading), calendar, mapping, waivers
    )
    return commands.evaluate(request, out, lang, engine)


@app.command()
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
    lang: LangOption = "zh",
) -> int:
    """自查：本单位欠什么、几时到期、缺什么；有问题时退出码为1 · a unit's self-check."""
    from gongkai import commands

    request = commands.Request(
        as_of, tuple(events), tuple(book), units, (unit,), tuple(reading), calendar, mapping, waivers
    )
    return commands.check(request, lang)


@app.command()
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


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="先前一次评估的文件夹 · the folder of the earlier run")],
    after: Annotated[Path, typer.Argument(help="后来一次评估的文件夹 · the folder of the later run")],
    lang: LangOption = "zh",
) -> int:
    """比较两次评估：新出现的问题、已整改、期限变化 · what changed between two runs."""
    from gongkai import compare_command

    return compare_command.compare(before, after, lang)


@app.command()
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
    sql: Annotated[bool, typer.Option("--sql", help="显示查询语句 · show the statement")] = False,
    lang: LangOption = "zh",
) -> int:
    """说明一项结论的来历：原文、依据、期限逐日推算 · the whole derivation of one verdict."""
    from gongkai import commands

    request = commands.Request(as_of, tuple(events), tuple(book), units, (), tuple(reading), calendar, mapping, waivers)
    return commands.explain(request, obligation, lang, show_sql=sql)


@app.command()
def demo(
    out: Annotated[Path, typer.Argument(help="文件夹 · where it goes")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 · seed")] = 2023,
    lang: LangOption = "zh",
) -> int:
    """生成演示数据：一个县的一年（虚构） · make a made-up, labelled county year."""
    from gongkai import commands

    return commands.demo(out, seed, lang)


@rules_app.command("check")
def rules_check(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """检查规则库 · check the rulebooks."""
    from gongkai import rule_commands

    return rule_commands.check(book, units, lang)


@rules_app.command("test")
def rules_test(
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="JUnit报告 · write a JUnit report")] = None,
    lang: LangOption = "zh",
) -> int:
    """运行规则的测试用例 · run the rules' cases."""
    from gongkai import rule_commands

    return rule_commands.test(book, units, junit, lang)


@rules_app.command("list")
def rules_list(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """列出规则 · list the rules."""
    from gongkai import rule_commands

    return rule_commands.list_rules(book, units, lang)


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="规则编号 · a rule's id")],
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """显示一条规则的全部内容 · show one rule whole."""
    from gongkai import rule_views

    return rule_views.show(rule, book, units, lang)


@rules_app.command("coverage")
def rules_coverage(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """逐条列出规则和说明 · clause by clause: its rules, or the note."""
    from gongkai import rule_views

    return rule_views.coverage(book, units, lang)


@rules_app.command("diff")
def rules_diff(
    before: Annotated[str, typer.Argument(help="先前的规则库 · the earlier rulebook")],
    after: Annotated[str, typer.Argument(help="后来的规则库 · the later rulebook")],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """比较两个规则库：改了什么、影响谁 · what changed, and for whom."""
    from gongkai import rule_views

    return rule_views.diff(before, after, units, lang)


@rules_app.command("reference")
def rules_reference(
    out: Annotated[Path, typer.Option("--out", help="网页文件 · where the page goes")],
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """把规则写成一个网页 · write the rules as one web page."""
    from gongkai import rule_views

    return rule_views.reference(book, units, out, lang)


@rules_app.command("schema")
def rules_schema() -> int:
    """规则文件的JSON Schema，供编辑器使用 · JSON Schema of a rule file, for editors."""
    from gongkai import rule_commands

    return rule_commands.schema()


@events_app.command("check")
def events_check(
    paths: Annotated[list[Path], typer.Argument(help="台账文件或文件夹 · event files or folders")] = [],
    events: EventsOption = [],
    units: UnitsOption = None,
    mapping: MappingOption = None,
    lang: LangOption = "zh",
) -> int:
    """检查台账，列出全部问题 · read the log and list every problem."""
    from gongkai import commands

    return commands.events_check([*paths, *events], units, mapping, lang)


@calendar_app.command("add")
def calendar_add(
    start: Annotated[str, typer.Argument(help="起算日（不计入） · the day it starts from, not counted")],
    duration: Annotated[str, typer.Argument(help="如 20工作日、'3 working days'、30日、1个月")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """推算到期日，逐日列出 · compute a due date and show each step."""
    from gongkai import calendar_commands

    return calendar_commands.add(start, duration, calendar, lang)


@calendar_app.command("between")
def calendar_between(
    start: Annotated[str, typer.Argument(help="起（不计入） · from, not counted")],
    end: Annotated[str, typer.Argument(help="止（计入） · to, counted")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """两日之间的工作日数 · working days between two days."""
    from gongkai import calendar_commands

    return calendar_commands.between(start, end, calendar, lang)


@calendar_app.command("show")
def calendar_show(
    year: Annotated[int, typer.Argument(help="年份 · the year")],
    calendar: CalendarOption = None,
    lang: LangOption = "zh",
) -> int:
    """一年的放假和调休 · the holidays and make-up workdays of a year."""
    from gongkai import calendar_commands

    return calendar_commands.show(year, calendar, lang)
