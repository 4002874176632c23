"""The checks of the text: A7 (its figures are those of the tables), and A9–A12 as hints on quality."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.check.comparison import Level, Named, ReportComparison
from reports.annual.check.filled import FilledFigure, fold
from reports.annual.form import SECTIONS, TOTAL, four, three

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.annual.check.filled import Filled, FilledLine

_GAP = r"([^。；;，,、\d%]{0,24}?)"
_COUNT = r"(\d+)\s*(?:件|宗|起)"
_RELATIVE = re.compile("增|减|升|降|同比|较|比上年|其中|维持|纠正|其他结果|尚未审结|占|平均")
_SENTENCE = re.compile(r"[。；;\n]")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_GROWTH = re.compile("增|升|长|超|倍")
_FEE = re.compile(r"(?:信息处理费|收取费用|收费)[^。；\d]{0,12}(\d+(?:\.\d+)?)\s*(?:元|万元)")
_NOTHING = frozenset(("", "无", "没有", "无其他需要报告的事项", "没有其他需要报告的事项", "无其他事项", "暂无"))
_HOLE = re.compile("【待填写：[^】]*】")
SIMILAR, ENOUGH, MOST = 0.8, 120, 20_000
"""Texts that share more are looked at, if they have so many letters; no more of them are compared."""

PROBLEMS, OTHER = 4, 5
"""The sections that say something only a person can."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that texts give: how it is said, the sums of cells that it may be, and how sure a misfit is."""

    name: str
    pattern: re.Pattern[str]
    sums: tuple[tuple[str, ...], ...]
    level: Level = "error"


def _claim(name: str, words: str, *sums: tuple[str, ...], level: Level = "error") -> Claim:
    return Claim(name, re.compile(f"(?:{words}){_GAP}{_COUNT}"), sums, level)


RECEIVED, CARRIED_IN = three("received", TOTAL), three("carried_in", TOTAL)
LAWSUITS = (four("direct_lawsuit", TOTAL), four("lawsuit_after_reconsideration", TOTAL))
CLAIMS = (
    _claim("新收", r"(?:本年|本年度|全年|年度|20\d\d年)?(?:共)?新收(?:到)?", (RECEIVED,)),
    _claim("上年结转", r"(?:上年|上年度|去年|上一年度?)结转", (CARRIED_IN,)),
    _claim("收到", r"(?<!新)(?:收到|受理|接收)(?=[^。；;，,、]{0,14}(?:申请))", (RECEIVED,), (RECEIVED, CARRIED_IN)),
    _claim("结转下年", r"结转(?:至|到|入)?(?:下|次|20\d\d)年?(?:一)?(?:年度|年)?", (three("carried_out", TOTAL),)),
    _claim("行政复议", r"行政复议(?!机关|后)", (four("reconsideration", TOTAL),)),
    _claim("行政诉讼", r"行政诉讼", LAWSUITS),
    _claim("办结", r"办结|办理答复|予以答复", (three("handled", TOTAL),), level="hint"),
)  # fmt: skip


def check_words(filled: Filled, lines: Sequence[FilledLine]) -> Iterator[ReportComparison]:
    """Yield A7, A9, A10 and A12 of the text."""
    sections = split_sections(lines)
    said = [one for line in lines for one in _claims_in(filled, line)]
    yield from said
    if not said:
        text = Text("文字里没有找到可以核对的数字", "the text has no figure that a table has too")
        yield ReportComparison("A7", "文字中的数字", "not_assessable", text)
    yield from _problems(sections)
    yield from _fees(sections)
    yield from _percentages(lines)


def _claims_in(filled: Filled, line: FilledLine) -> Iterator[ReportComparison]:
    """Yield A7 for each figure of a line that a table has too; labels of rows are no sentences."""
    text = unicodedata.normalize("NFKC", line.text)
    for sentence in _SENTENCE.split(text):
        for claim in CLAIMS:
            for found in claim.pattern.finditer(sentence):
                if not _RELATIVE.search(found[0]):
                    yield _compare(filled, claim, FilledFigure(found[0], float(found[2]), line.where))


def _compare(filled: Filled, claim: Claim, said: FilledFigure) -> ReportComparison:
    """Compare a figure of the text with the cells that it may be the sum of."""
    tables: list[tuple[list[Named], float | None]] = []
    for keys in claim.sums:
        cells = [(filled.name(key), filled.figure(key)) for key in keys]
        values = [figure.value for _, figure in cells]
        known = [value for value in values if value is not None]
        tables.append((cells, sum(known) if len(known) == len(values) else None))
    fitting = next((cells for cells, value in tables if value == said.value), None)
    chosen = fitting or tables[0][0]
    named = (("文字：" + claim.name, said), *chosen)
    table = "+".join(figure.shown for _, figure in chosen)
    if fitting is None and any(value is None for _, value in tables):
        text = Text(
            f"文字写{said.shown}件（“{said.raw}”），表中没有填数", f"the text says {said.shown}, the table is blank"
        )
        return ReportComparison("A7", claim.name, "uncertain", text, named, claim.level)
    text = Text(f"文字写{said.shown}件（“{said.raw}”），表中{table}", f"the text says {said.shown}, the table {table}")
    return ReportComparison("A7", claim.name, "pass" if fitting else "fail", text, named, claim.level)


def split_sections(lines: Sequence[FilledLine]) -> dict[int, str]:
    """Return the text of each of the six sections whose heading is there, by its number from 0."""
    heads = {fold(heading): number for number, heading in enumerate(SECTIONS)}
    found: dict[int, list[str]] = {}
    current: int | None = None
    for line in lines:
        number = heads.get(fold(line.text))
        if number is not None:
            current = number
            found.setdefault(number, [])
        elif current is not None:
            found[current].append(line.text.strip())
    return {number: "\n".join(texts) for number, texts in found.items()}


def _problems(sections: dict[int, str]) -> Iterator[ReportComparison]:
    """Yield A9: section five says something."""
    if PROBLEMS not in sections:
        return
    body = _HOLE.sub("", "".join(sections[PROBLEMS].split())).strip("。")
    empty = body in _NOTHING
    text = (
        Text("第五部分没有内容", "section five is empty") if empty else Text("第五部分有内容", "section five is there")
    )
    yield ReportComparison("A9", SECTIONS[PROBLEMS], "fail" if empty else "pass", text, (), "hint")


def _fees(sections: dict[int, str]) -> Iterator[ReportComparison]:
    """Yield A10: where the text tells of fees, section six does not say that there is nothing to tell."""
    if OTHER not in sections:
        return
    fee = next((found for body in sections.values() if (found := _FEE.search(body)) and float(found[1]) > 0), None)
    nothing = "".join(sections[OTHER].split()).strip("。") in _NOTHING
    if fee is not None and nothing:
        text = Text(
            f"文字写了“{fee[0]}”，第六部分却写没有需要报告的事项", f"the text says {fee[0]!r}, section six says nothing"
        )
        yield ReportComparison("A10", SECTIONS[OTHER], "fail", text, (), "hint")


def _percentages(lines: Sequence[FilledLine]) -> Iterator[ReportComparison]:
    """Yield A12 for each share of more than 100 % that is no growth."""
    for line in lines:
        for sentence in _SENTENCE.split(unicodedata.normalize("NFKC", line.text)):
            for found in _PERCENT.finditer(sentence):
                before = sentence[max(found.start() - 12, 0) : found.start()]
                if float(found[1]) > 100 and not _GROWTH.search(before):  # noqa: PLR2004 - per cent
                    text = Text(f"“{before}{found[0]}”超过100%", f"{found[0]} is more than 100 %")
                    said = FilledFigure(found[0], float(found[1]), line.where)
                    yield ReportComparison("A12", "百分比", "fail", text, (("文字", said),), "hint")


def check_similarity(lines: Sequence[FilledLine], before: Sequence[FilledLine]) -> Iterator[ReportComparison]:
    """Yield A11: sections one, five and six are not those of last year with other figures."""
    texts = ["".join(split_sections(one).get(n, "") for n in (0, PROBLEMS, OTHER)) for one in (lines, before)]
    one, two = (re.sub(r"[\d\s]+", "", text)[:MOST] for text in texts)
    if min(len(one), len(two)) < ENOUGH:
        return
    share = difflib.SequenceMatcher(None, one, two, autojunk=False).ratio()
    text = Text(f"与上年报告的文字有{share:.0%}相同", f"{share:.0%} of the text is last year's")
    yield ReportComparison("A11", "一、五、六部分", "fail" if share > SIMILAR else "pass", text, (), "hint")
