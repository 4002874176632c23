"""`gongkai rules`: the rulebooks."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai.cli.options import BookOption, LangOption, UnitsOption

app = typer.Typer(help="规则库 · the rulebooks", no_args_is_help=True, rich_markup_mode=None)


@app.command("check")
def rules_check(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """检查规则库 · check the rulebooks."""
    from gongkai import rule_commands

    return rule_commands.check(book, units, lang)


@app.command("test")
def rules_test(
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="JUnit报告 · write a JUnit report")] = None,
    lang: LangOption = "zh",
) -> int:
    """运行规则的测试用例 · run the rules' cases."""
    from gongkai import rule_commands

    return rule_commands.test(book, units, junit, lang)


@app.command("list")
def rules_list(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """列出规则 · list the rules."""
    from gongkai import rule_commands

    return rule_commands.list_rules(book, units, lang)


@app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="规则编号 · a rule's id")],
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """显示一条规则的全部内容 · show one rule whole."""
    from gongkai.services import rulebooks as rule_views

    return rule_views.show(rule, book, units, lang)


@app.command("coverage")
def rules_coverage(book: BookOption = ["jinxiang-2023"], units: UnitsOption = None, lang: LangOption = "zh") -> int:
    """逐条列出规则和说明 · clause by clause: its rules, or the note."""
    from gongkai.services import rulebooks as rule_views

    return rule_views.coverage(book, units, lang)


@app.command("diff")
def rules_diff(
    before: Annotated[str, typer.Argument(help="先前的规则库 · the earlier rulebook")],
    after: Annotated[str, typer.Argument(help="后来的规则库 · the later rulebook")],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """比较两个规则库：改了什么、影响谁 · what changed, and for whom."""
    from gongkai.services import rulebooks as rule_views

    return rule_views.diff(before, after, units, lang)


@app.command("reference")
def rules_reference(
    out: Annotated[Path, typer.Option("--out", help="网页文件 · where the page goes")],
    book: BookOption = ["jinxiang-2023"],
    units: UnitsOption = None,
    lang: LangOption = "zh",
) -> int:
    """把规则写成一个网页 · write the rules as one web page."""
    from gongkai.services import rulebooks as rule_views

    return rule_views.reference(book, units, out, lang)


@app.command("schema")
def rules_schema() -> int:
    """规则文件的JSON Schema，供编辑器使用 · JSON Schema of a rule file, for editors."""
    from gongkai import rule_commands

    return rule_commands.schema()
