"""Phrases of a clause that can be measured, found by a grammar of the field's words, and every number accounted for.

The forms are tried in one order, and each takes the words that no earlier one took: names first (a number within
quotation marks, the number of a document), then limits, counts, dates, shares and figures, then words without numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rules.drafting.drafted import Phrase
from rules.drafting.phrases.numerals import NUMERAL, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rules.drafting.drafted import Sort

_N: Final = rf"(?:\d+(?:\.\d+)?|{NUMERAL})"
_D: Final = r"\d+(?:\.\d+)?"
_NN: Final = rf"{_D}|(?<=[至超为达在到破过]){NUMERAL}|[两]"
_LEAST: Final = "不少于|至少|不低于|不得少于|不得低于|最少|不下于"
_MOST: Final = "不超过|不多于|不得超过|至多|最多|控制在"
_TIMES: Final = "场次|次|篇|期|场|轮|批次|批|例|条次"
_THINGS: Final = (
    "亿元|万元|万人次|人次|万吨|万亩|万人|万户|公里|平方米|个百分点|百分点|元|吨|亩|家|个|人|套|台|名|张|户|所|项|条|类|处|辆|座|件|位|支|部|种|"
    "幅|份|块|门|宗|起|本|间|床|千瓦|兆瓦|米"
)
_ENDS: Final = "以上|左右|以下|以内|以外"
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
"""Every number of digits: what the account of numbers is about."""

_MEASURED: Final = "工作日|小时|次|篇|期|场|天|日|名|家|项|类|个|所|人|条|种|套|台|处|份|张|件|位|支|部|辆|座"
_COUNTED: Final = rf"个?(?:{_MEASURED})|[万亿]|元|吨|亩|公里|户|周|轮|批次"
_SPELT: Final = re.compile(
    rf"(?<![第一二三四五六七八九十百千]){NUMERAL}(?={_COUNTED}|个?月[内前后]|个月|年[内前]|分之[一二三四五六七八九十百]"
    rf"|成(?:以上|以下|左右|以内|[，。；、]|$)|[至到—～-]{NUMERAL}(?:{_COUNTED}))"
    rf"|(?<=分之){NUMERAL}"
)


def _amount(text: str) -> float:
    """Return a number as written, in digits or as a Chinese numeral."""
    return float(text) if NUMBER.fullmatch(text) else float(number_of(text))


def _duration(found: re.Match[str]) -> dict[str, Any]:
    measure = {"工作日": "working days", "小时": "hours", "个月": "months", "月": "months", "周": "days", "年": "days"}
    amount = _amount(found["n"])
    factor = {"周": 7, "年": 365}.get(found["unit"], 1)
    return {"within": f"{amount * factor:g} {measure.get(found['unit'], 'days')}"}


def _ahead(found: re.Match[str]) -> dict[str, Any]:
    return {"ahead": _duration(found)["within"]}


def _same_day(found: re.Match[str]) -> dict[str, Any]:
    del found
    return {"within": "0 days"}


def _count(found: re.Match[str]) -> dict[str, Any]:
    bound = found["bound"] or ""
    values: dict[str, Any] = {"amount": _amount(found["n"]), "unit": found["unit"]}
    values["compare"] = "at_most" if re.fullmatch(_MOST, bound) or found["end"] in ("以下", "以内") else "at_least"
    if found["every"]:
        values["every"] = _EVERY[found["every"]]
    return values


_EVERY: Final = {
    "每年": "year",
    "年内": "year",
    "全年": "year",
    "每半年": "half-year",
    "半年": "half-year",
    "每季度": "quarter",
    "每季": "quarter",
    "每月": "month",
    "按月": "month",
    "按季": "quarter",
    "按季度": "quarter",
    "按年": "year",
    "每年度": "year",
    "每周": "week",
    "每学期": "term",
    "每个月": "month",
    "每个季度": "quarter",
    "逐月": "month",
    "逐季": "quarter",
    "年度": "year",
    "一年": "year",
}


def _recurrence(found: re.Match[str]) -> dict[str, Any]:
    if found["every"] and ("旬" in found["every"] or found["every"] == "双月"):
        return {"gap": "2 months" if found["every"] == "双月" else "10 days"}
    return {"every": _EVERY.get(found["every"])}


def _gap(found: re.Match[str]) -> dict[str, Any]:
    measure = {"工作日": "working days", "天": "days", "日": "days", "周": "days", "月": "months", "小时": "hours"}
    return {"gap": f"{_amount(found['n']) * (7 if found['unit'] == '周' else 1):g} {measure[found['unit']]}"}


def _month_end(found: re.Match[str]) -> dict[str, Any]:
    return {"month": int(found["month"]), "day": int(found["day"]) if found["day"] else None, "year": found["year"]}


def _following(found: re.Match[str]) -> dict[str, Any]:
    return {"every": "quarter" if "季" in found["period"] else "month", "by": int(found["day"])}


def _tenths(found: re.Match[str]) -> dict[str, Any]:
    return {"amount": _amount(found["n"]) * 10, "unit": "%", "compare": _compare(found["bound"], found["end"])}


def _monthly(found: re.Match[str]) -> dict[str, Any]:
    return {"every": _EVERY[found["every"]], "by": int(found["day"])}


def _year_part(found: re.Match[str]) -> dict[str, Any]:
    return {"part": found["part"]}


def _share(found: re.Match[str]) -> dict[str, Any]:
    groups = found.groupdict()
    amount = _amount(groups["n"]) if groups.get("n") else 100.0
    return {"amount": amount, "unit": "%", "compare": _compare(groups.get("bound"), groups.get("end"))}


def _figure(found: re.Match[str]) -> dict[str, Any]:
    return {"amount": _amount(found["n"]), "unit": found["unit"], "compare": _compare(found["bound"], found["end"])}


def _compare(bound: str | None, end: str | None) -> str:
    bound, end = bound or "", end or ""
    if end == "左右" or bound in ("约", "大约", "接近"):
        return "about"
    if re.fullmatch(_MOST, bound) or end in ("以下", "以内"):
        return "at_most"
    return "more_than" if bound in ("突破", "超过", "超", "高于", "大于") else "at_least"


def _nothing(found: re.Match[str]) -> dict[str, Any]:
    del found
    return {}


_BOUND: Final = (
    rf"(?P<bound>{_LEAST}|{_MOST}|突破|超过|达到|增长|提高|稳定在|保持在|达|超|约|大约|接近|高于|大于|不低于)?\s*"
)
_MONTHLY: Final = (
    r"(?P<every>每个?月|每个?季度?|每半年|每年)(?:的|首月|末月)?\s*(?P<day>\d{1,2})\s*[日号](?:之?前|以前)?"
)
_IN_YEAR: Final = r"(?:(?P<year>20\d\d)年\s*|[次翌明]年\s*)?"
_MONTH_END: Final = rf"{_IN_YEAR}(?P<month>\d{{1,2}})\s*月\s*(?:(?P<day>\d{{1,2}})\s*[日号]|底|末)\s*(?:之?前|以前)?"
_EACH: Final = (
    rf"每\s*(?P<n>{_N})\s*个?\s*(?P<unit>工作日|小时|周|天|日|月)(?:至少|不少于)?"
    r"(?:[^，。；、]{0,6}?(?:一次|1\s*次)|更新)?"
)
_LIMIT: Final = (
    rf"(?:自.{{1,16}}之日起\s*)?(?P<n>{_N})\s*个?\s*(?P<unit>工作日|小时|个月|月|周|天|日|年)"
    r"\s*(?:之内|以内|内)(?!容)"
)
_AHEAD: Final = rf"(?:提前|提早|至少提前)\s*(?P<n>{_N})\s*个?\s*(?P<unit>工作日|小时|个月|月|周|天|日)"
_BEFORE: Final = rf"(?<![月\d.])(?P<n>{_N})\s*个?\s*(?P<unit>工作日|小时|个月|周|天|日)\s*(?:之前|以前|前)"
_OFTEN: Final = "每年度?|每半年|每个?季度?|每个?月|每周|双月|逐?旬报?|每旬|按月|按季度?|逐月|逐季|按年"
_AGAIN: Final = rf"(?P<every>{_OFTEN}|定期|常态化|动态|实时|及时)"
_TIMED: Final = (
    rf"(?:(?P<every>每年度?|年内|全年|每半年|半年|每个?季度?|每个?月|每周|每学期|一年)[^，。；、\d]{{0,24}}?)?"
    rf"(?:(?P<bound>{_LEAST}|{_MOST})\s*)?(?!一批|一次性|一批批)(?P<n>{_N})\s*(?:个)?(?P<unit>{_TIMES})"
    rf"\s*(?P<end>{_ENDS})?(?![元级])"
)
_FORMS: Final[tuple[tuple[Sort, str, Callable[[re.Match[str]], dict[str, Any]]], ...]] = (
    ("name", r"《[^》]*\d[^》]*》|[一-鿿]{2,8}[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号", _nothing),
    ("name", r"(?:\d+(?:\.\d+)?)?[亿万]元以上(?=大?项目|的?企业)", _nothing),
    ("name", r"“[^”]*\d[^”]*”|\d+\s*[+＋]\s*[NnXx]|(?<![\d.])\d+\s*[xX×*]\s*\d+\s*小时", _nothing),
    (
        "date",
        r"(?P<every>每个?月|每个?季度?|每半年|每年)(?:的|首月|末月)?\s*(?P<day>\d{1,2})\s*[日号](?:之?前|以前)?",
        _monthly,
    ),
    ("date", _MONTH_END, _month_end),
    (
        "date",
        r"(?P<period>次月|下月|翌月|(?:次|下)(?:一)?(?:个)?季度?(?:首月)?|季度首月)(?:的)?\s*(?P<day>\d{1,2})\s*[日号](?:之?前|以前)?",
        _following,
    ),
    ("duration", _AHEAD, _ahead),
    ("duration", _BEFORE, _ahead),
    ("duration", _LIMIT, _duration),
    ("duration", r"当天|当日|即日", _same_day),
    ("recurrence", _EACH, _gap),
    ("count", _TIMED, _count),
    ("date", r"(?P<part>年底前?|年末前?|年初|上半年|下半年|年中|季度末|月底前|月末前|年内)", _year_part),
    ("name", r"(?:20|19)\d\d\s*年度?|“?十[一二三四五]五”?", _nothing),
    ("share", rf"{_BOUND}(?P<n>{_D})\s*[%％]\s*(?P<end>{_ENDS})?", _share),
    ("share", rf"{_BOUND}百分之(?P<n>{_N})(?P<end>{_ENDS})?", _share),
    ("share", rf"{_BOUND}(?P<n>[一二三四五六七八九])成(?P<end>{_ENDS})?(?=[，。；、]|$)", _tenths),
    ("figure", rf"{_BOUND}(?P<n>{_NN})\s*(?:余)?(?P<unit>{_THINGS})(?!工作日|月|小时)\s*(?P<end>{_ENDS})?", _figure),
    ("share", r"全覆盖|全量(?:覆盖|公开)|应[一-鿿]尽[一-鿿]|均[要应须]|一律|全部", _share),
    ("recurrence", _AGAIN, _recurrence),
    ("assessment", r"第一时间|即时|立即|马上|随时|显著|大幅|明显|高质量|深入|有效", _nothing),
    ("prohibition", r"不得|严禁|禁止|杜绝|防止|严防|不准|[^，。；、]{2,8}不[一-鿿]{2}不[一-鿿]{2}", _nothing),
    ("order", r"先[^，。；、]{1,10}[、，]?后[^，。；、]{1,10}|[^，。；、]{2,10}之?前[应须要]", _nothing),
    ("option", r"有条件的|可以|可视情|鼓励|支持有条件|视情|探索", _nothing),
    ("state", r"配备|配齐|设立|建立健全|建立|健全完善|健全|完善", _nothing),
    ("list", r"(?:包括|公开|展示|公布|报送|含|载明|列明)[^，。；、]{2,40}(?:、[^，。；、]{2,40}){2,}", _nothing),
)
_COMPILED: Final = tuple((sort, re.compile(pattern), read) for sort, pattern, read in _FORMS)


_MOST_PHRASES: Final = 300
"""A clause has no more; the numbers of what is behind them are told as not understood."""


def phrases_in(text: str) -> tuple[Phrase, ...]:
    """Return the phrases of a clause's text, in their order; no two overlap, but for lists, which may hold others."""
    taken = [False] * len(text)
    found: list[Phrase] = []
    for sort, pattern, read in _COMPILED:
        for one in pattern.finditer(text):
            first, last = one.span()
            if sort != "list" and any(taken[first:last]):
                continue
            if sort != "list":
                taken[first:last] = [True] * (last - first)
            found.append(Phrase(sort, first, last, one[0], read(one), tuple(NUMBER.findall(one[0]))))
    return tuple(sorted(found, key=lambda phrase: (phrase.start, phrase.end)))[:_MOST_PHRASES]


def numbers_within(text: str, phrase: Phrase) -> tuple[str, ...]:
    """Return the numbers of a text that stand in a phrase, spelt ones too."""
    return tuple(number for place, number in numbers_of(text) if phrase.start <= place < phrase.end)


def numbers_of(text: str) -> Iterator[tuple[int, str]]:
    """Give every number of a text with its place: in digits, and spelt where it counts something."""
    for one in (*NUMBER.finditer(text), *_SPELT.finditer(text)):
        yield one.start(), one[0]


def left_over(text: str, phrases: tuple[Phrase, ...]) -> tuple[str, ...]:
    """Return the numbers of a text that stand in no phrase: what was not understood, with the words around each."""
    measured = [phrase for phrase in phrases if phrase.sort != "list"]
    return tuple(
        text[max(0, place - 8) : place + len(number) + 6]
        for place, number in numbers_of(text)
        if not any(phrase.start <= place < phrase.end for phrase in measured)
    )
