"""Making rulebooks: drafted from a document, rule by rule from templates, and looked at beforehand."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text, has_errors
from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer
from gongkai.options import Common, RegistryOptions, Request, option

if TYPE_CHECKING:
    from events.problems import Problem
    from gongkai.services.rulebooks.new_rule import RuleQuestion, Wanted


@command
def rules_draft(
    notice: Annotated[Path, typer.Argument(help="文件：docx、pdf、html、xlsx、txt · the document")],
    options: RegistryOptions,
    out: Annotated[Path, typer.Option("--out", help="写到这个新文件夹 · a new folder")],
    like: Annotated[
        str | None, typer.Option("--like", help="照哪本往年的规则库 · an earlier book whose rules to take up")
    ] = None,
    book: Annotated[str | None, typer.Option("--id", help="规则库的编号 · the book's id")] = None,
) -> Answer:
    """从文件拟出规则库，留待核对 · draft a rulebook from a document, to finish."""
    from gongkai.services.rulebooks.drafts import draft_book, draft_lines

    summary, problems = draft_book(notice, out, options.units, like=like, book=book, lang=options.lang)
    return Answer(draft_lines(summary, out, options.lang) if summary is not None else (), problems)


@command
def rules_accept(
    folder: Annotated[Path, typer.Argument(help="拟出的规则库的文件夹 · the folder of a drafted book")],
    options: Common,
    rules: Annotated[list[str] | None, typer.Argument(help="规则编号 · the rules to take over")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部定下 · take all over")] = False,
) -> Answer:
    """定下拟议的规则 · take proposed rules over."""
    from gongkai.services.rulebooks.drafts import accept_rules

    taken, problems = accept_rules(folder, rules or (), every=every)
    text = Text(f"定下{len(taken)}条：{'、'.join(taken)}", f"{len(taken)} taken over: {', '.join(taken)}")
    return Answer([text.in_(options.lang)] if taken else (), problems)


@command
def rules_new(
    options: RegistryOptions,
    folder: Annotated[Path | None, typer.Argument(help="规则库的文件夹 · the folder of a book of one's own")] = None,
    template: Annotated[str | None, typer.Option("--template", help="模板，见 --templates · the template")] = None,
    clause: Annotated[str | None, typer.Option("--clause", help="条款编号 · the clause")] = None,
    name: Annotated[str | None, typer.Option("--id", help="规则编号 · the rule's id")] = None,
    title: Annotated[str | None, typer.Option("--title", help="标题 · its title")] = None,
    quote: Annotated[str | None, typer.Option("--quote", help="引文，默认整条 · the clause's own words")] = None,
    owed_by: Annotated[list[str] | None, typer.Option("--owed-by", help="谁承担 · who owes it")] = None,
    answers: Annotated[
        list[str] | None, typer.Option("--set", help="要填的 · what the template asks", metavar="KEY=VALUE")
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="逐项问 · ask for what is not given")] = False,
    listed: Annotated[bool, typer.Option("--templates", help="列出模板 · list the templates")] = False,
) -> Answer:
    """用模板加一条规则和它的用例 · add a rule and its cases, from a template."""
    from gongkai.services.rulebooks.new_rule import Wanted, template_lines, write_rule

    if listed or folder is None:
        return Answer(template_lines(options.lang))
    wanted = Wanted(template, clause, name, title, quote, tuple(owed_by or ()), tuple(answers or ()))
    if ask or (sys.stdin.isatty() and (template is None or clause is None)):
        wanted, problems = _asked(folder, wanted, options)
        if has_errors(problems):
            return Answer(problems=problems)
    made, problems = write_rule(folder, wanted, options.units, options.lang)
    if made is None:
        return Answer(problems=problems)
    fit = made.cases - len({fault.split("：")[0] for fault in made.faults})
    lines = [
        Text(f"写入 {folder / 'rules.yaml'}：{made.name}", f"Written to {folder / 'rules.yaml'}: {made.name}"),
        Text(f"用例{made.cases}个，相符{fit}个", f"{made.cases} cases, {fit} of them fit"),
    ]
    faults = [f"    {fault}" for fault in made.faults]
    return Answer([*(line.in_(options.lang) for line in lines), *faults], problems, found=bool(made.faults))


def _asked(folder: Path, wanted: Wanted, options: RegistryOptions) -> tuple[Wanted, tuple[Problem, ...]]:
    """Ask for what is not given, in two rounds: template and clause, then what follows from them."""
    from gongkai.services.rulebooks.new_rule import questions

    problems: tuple[Problem, ...] = ()
    for _ in range(2):
        asked, problems = questions(folder, wanted, options.units)
        for one in asked:
            wanted = _answered(wanted, one, typer.prompt(one.text.in_(options.lang), default=one.value))
    return wanted, problems


def _answered(wanted: Wanted, question: RuleQuestion, answer: str) -> Wanted:
    """Return what is wanted with one answer."""
    match question.name:
        case "template":
            return replace(wanted, template=answer)
        case "clause":
            return replace(wanted, clause=answer)
        case "name":
            return replace(wanted, name=answer)
        case "quote":
            return replace(wanted, quote=answer)
        case "owed_by":
            return replace(wanted, owed_by=tuple(one.strip() for one in answer.split("、") if one.strip()))
    return replace(wanted, answers=(*wanted.answers, f"{question.name}={answer}"))


@dataclass(frozen=True, kw_only=True)
class PreviewRequest(Request):
    """What a rule is looked at with, beforehand."""

    as_of: str = option(
        "--as-of",
        "截至日期或时刻，默认规则库施行期的最后一天",
        "a date or a moment; the last day of the book's time in force without",
        default="",
    )


@command
def rules_preview(
    rule: Annotated[str, typer.Argument(help="规则编号 · a rule's id")],
    request: PreviewRequest,
) -> Answer:
    """看一条规则约束谁、有多少项、这份台账得出什么 · whom a rule binds, and what a log gives."""
    from gongkai.services.preview import preview

    found, problems = preview(rule, request)
    return Answer(found.lines(request.lang) if found is not None else (), problems)


COMMANDS = {"draft": rules_draft, "accept": rules_accept, "new": rules_new, "preview": rules_preview}
"""The commands of this file, in the order of the help."""
