"""All checks of one report, with the decisions that people made about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.check.comparison import ReportComparison
from reports.annual.check.others import check_parts, check_register
from reports.annual.check.tables import check_last_year, check_tables
from reports.annual.check.words import check_similarity, check_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.problems import Lang
    from reports.annual.check.filled import Filled, FilledLine
    from reports.annual.report import AnnualReport

TITLES = {
    "A1": Text("第一项加第二项之和，等于第三项加第四项之和", "received + carried in = handled + carried on"),
    "A2": Text("办理结果各项之和等于（七）总计", "the outcomes add up to (七)"),
    "A3": Text("每行自然人与各类组织之和等于总计", "each row adds up to its total"),
    "A4": Text("复议诉讼各结果之和等于总计", "the results of disputes add up to their totals"),
    "A5": Text("本年“上年结转”等于上年“结转下年度”", "what was carried in is what was carried on last year"),
    "A6": Text("现行有效等于上年现行有效加制发减废止", "in force = last year's + issued - repealed"),
    "A7": Text("文字中的数字与表格一致", "the figures of the text are those of the tables"),
    "A8": Text("数字格都填了数", "every number cell has a figure"),
    "A9": Text("第五部分写明问题和改进", "section five says something"),
    "A10": Text("收费与第六部分不矛盾", "fees and section six agree"),
    "A11": Text("文字与上年不雷同", "the text is not last year's"),
    "A12": Text("数字合理", "the figures are plausible"),
    "A13": Text("与台账一致", "the log gives the same figures"),
    "A14": Text("全县等于各单位之和", "the county is the sum of its units"),
}
"""What each check asks, in the order of the report."""

NEEDS = {
    "A5": Text("没有给出上年的报告（--last-year）", "last year's report is not given (--last-year)"),
    "A6": Text("没有给出上年的报告（--last-year）", "last year's report is not given (--last-year)"),
    "A13": Text("没有给出台账（--events、--unit）", "no log is given (--events, --unit)"),
    "A14": Text("没有给出各单位的报告（--parts）", "the units' reports are not given (--parts)"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a report is checked against besides itself.

    Attributes:
        last: last year's report.
        report: what our own log says of the year.
        parts: the reports of the units of a county.
        text: text that stands in a file of its own.
        decisions: what people decided, by fingerprint.
    """

    last: Filled | None = None
    report: AnnualReport | None = None
    parts: tuple[Filled, ...] = ()
    text: tuple[FilledLine, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)


def run_checks(filled: Filled, evidence: Evidence) -> tuple[ReportComparison, ...]:
    """Return every comparison, in the order of the checks, with what people decided."""
    lines = (*filled.lines, *evidence.text)
    found = [*check_tables(filled), *check_words(filled, lines)]
    if evidence.last is not None:
        found += check_last_year(filled, evidence.last)
        found += check_similarity(lines, evidence.last.lines)
    if evidence.report is not None:
        found += check_register(filled, evidence.report)
    if evidence.parts:
        found += check_parts(filled, evidence.parts)
    there = {one.check for one in found}
    found += [ReportComparison(check, "", "not_assessable", why) for check, why in NEEDS.items() if check not in there]
    order = list(TITLES)
    found.sort(key=lambda one: order.index(one.check))
    return tuple(replace(one, decision=evidence.decisions.get(one.fingerprint)) for one in found)


SIGNS = {"pass": "✓", "fail": "✗", "uncertain": "?", "not_assessable": "–"}
STATUS = {
    "pass": Text("通过", "pass"),
    "fail": Text("不符", "fail"),
    "uncertain": Text("存疑", "uncertain"),
    "not_assessable": Text("无法核对", "not assessable"),
}
DECISIONS = {"confirmed": Text("已确认", "confirmed"), "dismissed": Text("已排除", "dismissed")}


def check_lines(found: tuple[ReportComparison, ...], lang: Lang) -> list[str]:
    """Return the checks in lines for the terminal: a line a check, below it what is not passed."""
    lines = []
    for check, title in TITLES.items():
        own = [one for one in found if one.check == check]
        if not own:
            continue
        counts = {status: sum(one.status == status for one in own) for status in SIGNS}
        head = "  ".join(f"{SIGNS[name]} {STATUS[name].in_(lang)} {count}" for name, count in counts.items() if count)
        lines.append(f"{check} {title.in_(lang)}：{head}" if lang == "zh" else f"{check} {title.en}: {head}")
        open_ones = [one for one in own if one.status != "pass"]
        lines += [_line(one, lang) for one in open_ones if not _empty(one)]
        if empty := [one.scope for one in open_ones if _empty(one)]:
            some = "、".join(empty[:6]) + (f"……共{len(empty)}项" if len(empty) > 6 else "")  # noqa: PLR2004
            lines.append(f"  {SIGNS['uncertain']} {Text('全部空白', 'all blank').in_(lang)}：{some}")
    return lines


def _empty(one: ReportComparison) -> bool:
    """Say whether a comparison is uncertain because nothing at all was filled in."""
    sums = one.check not in {"A7", "A8"}
    return sums and one.status == "uncertain" and all(figure.value is None for _, figure in one.cells)


def _line(one: ReportComparison, lang: Lang) -> str:
    """Return a comparison as a line: sign, scope, figures, places, fingerprint."""
    hint = Text("（提示）", " (hint)").in_(lang) if one.level == "hint" and one.status == "fail" else ""
    decided = f"〔{DECISIONS[one.decision].in_(lang)}〕" if one.decision in DECISIONS else ""
    places = [str(figure.where) for _, figure in one.cells if figure.where is not None]
    where = f"  {places[0]}{' …' if len(places) > 1 else ''}" if places and one.status == "fail" else ""
    scope = f"{one.scope}：" if one.scope else ""
    return f"  {SIGNS[one.status]} {scope}{one.text.in_(lang)}{hint}{decided}{where}  [{one.fingerprint}]"
