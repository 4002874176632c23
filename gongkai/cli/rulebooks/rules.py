"""`gongkai rules`: the rulebooks."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep as wait
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from events.problems import Text, has_errors
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup
from gongkai.cli.edge.terminal import Answer
from gongkai.cli.rulebooks import making
from gongkai.options import BookOptions, Common, RegistryOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.problems import Lang
    from gongkai.services.rulebooks.rule_cases import CaseResult
    from rules.book import Book
    from rules.diff import RuleDifference

app = typer.Typer(cls=CommandGroup, help="规则库 · the rulebooks", no_args_is_help=True, rich_markup_mode=None)

PAUSE = 0.5
"""How many seconds pass between two looks at the files that are watched."""

_SORTS = {"added": Text("新增", "added"), "dropped": Text("取消", "dropped"), "changed": Text("修改", "changed")}


@app.command("check", cls=Command)
@command
def rules_check(options: BookOptions) -> Answer:
    """检查规则库 · check the rulebooks."""
    from gongkai.services.rulebooks.views import check_books

    problems = check_books(options)
    errors = sum(problem.severity == "error" for problem in problems)
    text = Text(
        f"规则库 {'、'.join(options.books)}：错误{errors}处，提醒{len(problems) - errors}处",
        f"Rulebooks {', '.join(options.books)}: {errors} errors, {len(problems) - errors} warnings",
    )
    return Answer([text.in_(options.lang)], problems)


@app.command("test", cls=Command)
@command
def rules_test(
    options: BookOptions,
    rule: Annotated[str | None, typer.Option("--rule", help="只运行这条规则的用例 · the cases of this rule")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="JUnit报告 · write a JUnit report")] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="文件一改就再运行，Ctrl+C 结束 · again whenever a file changes")
    ] = False,
) -> Answer:
    """运行规则的测试用例 · run the rules' cases."""
    from gongkai.services.rulebooks.rule_cases import junit_report, run_book_cases
    from reports.output.folder import write_one

    if watch:
        return Answer(_watched(options, rule))
    tested, problems = run_book_cases(options, rule)
    if tested is None:
        return Answer(problems=problems)
    results = [result for _, own in tested for result in own]
    if junit is not None:
        write_one(junit, junit_report(results))
    return Answer(_case_lines(tested, options.lang), problems, found=any(result.faults for result in results))


def _watched(options: BookOptions, rule: str | None) -> Iterator[str]:
    """Yield what the cases say, again whenever a file of the books or the registry changes; Ctrl+C ends it."""
    from gongkai.services.rulebooks.rule_cases import run_book_cases, state_of_files

    try:
        while True:
            before = state_of_files(options)
            tested, problems = run_book_cases(options, rule)
            yield from (problem.line(options.lang) for problem in problems)
            yield from _case_lines(tested or (), options.lang, faults_only=True)
            yield Text("等待文件改动，按 Ctrl+C 结束", "Waiting for a change; Ctrl+C ends it").in_(options.lang)
            sys.stdout.flush()
            while state_of_files(options) == before:
                wait(PAUSE)
    except KeyboardInterrupt:
        return


def _case_lines(
    tested: Sequence[tuple[Book, Sequence[CaseResult]]], lang: Lang, *, faults_only: bool = False
) -> Iterator[str]:
    """Yield which statuses the cases of each rule reach, what failed, and how many passed."""
    for book, results in tested:
        for rule in () if faults_only else book.rules:
            own = [result for result in results if result.rule == rule.id]
            reached = sorted({status for result in own for status in result.statuses})
            yield f"{rule.id}\t{len(own)}\t{' '.join(reached) or Text('没有用例', 'no case').in_(lang)}"
    every = [result for _, results in tested for result in results]
    failed = [result for result in every if result.faults]
    for result in failed:
        yield f"{result.where}: {result.rule} “{result.name}”"
        yield from (f"    {fault}" for fault in result.faults)
    passed = len(every) - len(failed)
    yield Text(f"用例{len(every)}个，通过{passed}个", f"{len(every)} cases, {passed} passed").in_(lang)


@app.command("list", cls=Command)
@command
def rules_list(options: BookOptions) -> Answer:
    """列出规则 · list the rules."""
    from gongkai.services.rulebooks.views import load_for, taken_from

    loaded, problems = load_for(options.books, options.units)
    if has_errors(problems):
        return Answer(problems=problems)
    lines = (
        f"{one.id}\t{one.kind}\t{one.modality}\t{one.title.text().in_(options.lang)}"
        f"{taken_from(book, one.clause, options.lang)}"
        for book in loaded.books
        for one in book.rules
    )
    return Answer(lines, problems)


@app.command("show", cls=Command)
@command
def rules_show(rule: Annotated[str, typer.Argument(help="规则编号 · a rule's id")], options: BookOptions) -> Answer:
    """显示一条规则的全部内容 · show one rule whole."""
    from gongkai.services.rulebooks.views import rule_lines

    return Answer(*rule_lines(rule, options))


@app.command("coverage", cls=Command)
@command
def rules_coverage(options: BookOptions) -> Answer:
    """逐条列出规则和说明 · clause by clause: its rules, or the note."""
    from gongkai.services.rulebooks.views import coverage_lines

    return Answer(*coverage_lines(options))


@app.command("diff", cls=Command)
@command
def rules_diff(
    before: Annotated[str, typer.Argument(help="先前的规则库 · the earlier rulebook")],
    after: Annotated[str, typer.Argument(help="后来的规则库 · the later rulebook")],
    options: RegistryOptions,
    earlier_units: Annotated[
        Path | None, typer.Option("--units-before", help="先前规则库的名录 · the registry of the earlier rulebook")
    ] = None,
) -> Answer:
    """比较两个规则库：改了什么、影响谁 · what changed, and for whom."""
    from gongkai.services.rulebooks.views import compare_books

    changes, problems = compare_books(before, after, options.units, earlier_units)
    return Answer(() if changes is None else _change_lines(changes, options.lang), problems)


def _change_lines(changes: Sequence[RuleDifference], lang: Lang) -> Iterator[str]:
    """Yield each rule that differs: what, and for whom."""
    for change in changes:
        yield f"{_SORTS[change.sort].in_(lang)}  {change.rule}"
        yield from (f"    {name}：{old} → {new}" for name, old, new in change.fields)
        more, fewer = Text("新承担", "owed now by"), Text("不再承担", "no more by")
        for label, units in ((more, change.more), (fewer, change.fewer)):
            if units:
                yield f"    {label.in_(lang)}：{'、'.join(units)}"
    yield Text(f"有变化的规则{len(changes)}条", f"{len(changes)} rules differ").in_(lang)


@app.command("reference", cls=Command)
@command
def rules_reference(
    out: Annotated[Path, typer.Option("--out", help="网页文件 · where the page goes")], options: BookOptions
) -> Answer:
    """把规则写成一个网页 · write the rules as one web page."""
    from gongkai.services.rulebooks.views import reference
    from reports.output.folder import write_one

    page, problems = reference(options)
    if page is None:
        return Answer(problems=problems)
    write_one(out, page)
    return Answer([str(out)], problems)


@app.command("schema", cls=Command)
@command
def rules_schema(
    _common: Common,
    what: Annotated[
        Literal["rules", "book", "cases", "vocabulary", "snippets"],
        typer.Argument(help="哪种文件；snippets 是代码片段 · of which file; snippets for the editor"),
    ] = "rules",
) -> Answer:
    """规则文件的JSON Schema，供编辑器使用 · JSON Schema of a rule file, for editors."""
    from gongkai.services.rulebooks.views import schema_text

    return Answer(schema_text(what).split("\n"))


for name, function in making.COMMANDS.items():
    app.command(name, cls=Command)(function)
