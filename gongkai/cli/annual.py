"""`gongkai annual-report`: the yearly report on disclosure, and checking anybody's."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text
from gongkai.cli.edge.command import command
from gongkai.cli.edge.mistakes import Command, CommandGroup, missing_option
from gongkai.cli.edge.terminal import Answer
from gongkai.options import AnnualCheckOptions, AnnualOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.problems import Lang
    from reports.annual.check.comparison import ReportComparison
    from reports.annual.report import AnnualReport

app = typer.Typer(cls=CommandGroup, help="政府信息公开工作年度报告 · the annual report", rich_markup_mode=None)

SHOWN = 12


@app.callback(invoke_without_command=True)
@command
def annual_report(
    context: typer.Context,
    options: AnnualOptions,
    out: Annotated[Path | None, typer.Option("--out", help="输出文件夹 · where the reports go")] = None,
) -> Answer:
    """按台账填写年度报告的三张表，写出XLSX、DOCX · fill the annual report from the log."""
    if context.invoked_subcommand is not None:
        return Answer()
    needed = {"--year": options.year, "--events": options.events, "--out": out}
    missing = [name for name, value in needed.items() if not value]
    if missing or out is None:
        return Answer(problems=[missing_option(name, "annual-report") for name in missing])
    from gongkai.services.annual.filling import write_annual_reports

    reports, problems = write_annual_reports(options, out)
    return Answer(() if reports is None else _lines(reports, out, options.lang), problems)


def _lines(reports: Sequence[AnnualReport], out: Path, lang: Lang) -> Iterator[str]:
    """Yield what was filled and what was not, and where the reports are."""
    for report in reports:
        yield from summary_lines(report, lang, all_gaps=len(reports) == 1)
    yield Text(f"年度报告：{out}", f"Reports: {out}").in_(lang)


def summary_lines(report: AnnualReport, lang: Lang, *, all_gaps: bool) -> list[str]:
    """Return what was filled and what was not, in lines for the terminal."""
    from reports.annual.prose import title_of

    total, blank = len(report.cells), len(report.blanks)
    head = Text(
        f"{title_of(report)}：{total}格，填{total - blank}格，空白{blank}格",
        f"{report.name} {report.year}: {total} cells, {total - blank} filled, {blank} blank",
    )
    if not all_gaps:
        return [head.in_(lang)]
    lines = [head.in_(lang)]
    cells = Text("格", " cells")
    for gap in (*report.prefilled, *report.gaps[:SHOWN]):
        lines.append(f"  · {gap.why.in_(lang)}（{len(gap.cells)}{cells.in_(lang)}）")
        lines += [f"      {', '.join(gap.events[:5])}{' …' if len(gap.events) > 5 else ''}"] if gap.events else []  # noqa: PLR2004
    if len(report.gaps) > SHOWN:
        lines.append(f"  … {len(report.gaps) - SHOWN}")
    lines += [f"  ! {note.text.in_(lang)}（{', '.join(note.events)}）" for note in report.notes[:SHOWN]]
    return lines


@app.command("check", cls=Command)
@command
def annual_check(
    file: Annotated[Path, typer.Argument(help="填好的报告：XLSX、CSV、DOCX · a filled report")],
    options: AnnualCheckOptions,
    unit: Annotated[str | None, typer.Option("--unit", help="与这个单位的台账核对 · whose log it is held to")] = None,
    last_year: Annotated[Path | None, typer.Option("--last-year", help="上年的报告 · last year's report")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="报告的文字另有文件 · its text in another file")] = None,
    parts: Annotated[
        list[Path], typer.Option("--parts", help="各单位的报告或文件夹（全县合计） · reports of the units")
    ] = [],
    decisions: Annotated[Path | None, typer.Option("--decisions", help="人工决定 · decisions of people")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="结果另存为JSON · write the results as JSON")] = None,
) -> Answer:
    """核对填好的年度报告（勾稽关系、文字、上年、台账）；有不符时退出码为1 · check a filled report."""
    from gongkai.services.annual.checking import CheckRequest, check_report
    from reports.annual.check.run import check_lines
    from reports.output.folder import write_one

    lang = options.lang
    log = options.log(unit) if options.events else None
    request = CheckRequest(file, options.year, last_year, text, tuple(parts), decisions, log)
    checked, problems = check_report(request)
    if checked is None:
        return Answer(problems=problems)
    if json_file is not None:
        write_one(json_file, (json.dumps(checked.content(), ensure_ascii=False, indent=2) + "\n").encode())
    filled = checked.filled
    form = Text(f"按{filled.form.first}年起的表式", f"form of {filled.form.first}")
    head = f"{file}：{filled.year or '?'}，{form.in_(lang)}（{filled.form.source}）"
    lines = [head, *check_lines(checked.comparisons, lang), _verdict(checked.comparisons).in_(lang)]
    return Answer(lines, problems, found=checked.fails)


def _verdict(found: Sequence[ReportComparison]) -> Text:
    """Return what the checks come to."""
    fails = sum(one.fails for one in found)
    hints = sum(one.status == "fail" and not one.fails for one in found)
    doubts = sum(one.status == "uncertain" for one in found)
    return Text(
        f"不符{fails}处，提示{hints}处，存疑{doubts}处" if fails else f"没有不符，提示{hints}处，存疑{doubts}处",
        f"{fails} fail, {hints} hints, {doubts} uncertain",
    )
