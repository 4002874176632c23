"""Where the limit of a duty comes from, when the words of its own clause do not have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from events.problems import Text

if TYPE_CHECKING:
    from rules.book import Book
    from rules.model import Rule

_SENTENCE: Final = re.compile(r"[^。；]+[。；]?")
_CITED: Final = re.compile(r"《[^》]+》|〔\d{4}〕|第[一二三四五六七八九十百]+条")
_DATED: Final = re.compile(r"\d+\s*月|年底|年内|每年|每月|每季度|半年|年初|全年")
_NUMBER: Final = re.compile(r"\d+")
_CHINESE: Final = "〇一二三四五六七八九十"
_TEN: Final = 10
_WORDS: Final = {"0 days": ("当日", "当天"), "1 month": ("每月",), "3 months": ("季度",), "12 months": ("每年",)}
"""How documents say some limits without a number."""


def limit_source(rule: Rule, book: Book) -> Text:
    """Return the words that say where a duty's limit is from; empty where the rule's own quote has the limit.

    Looked at are, in this order: what the rule's note says of the limit, the reason of the reading in use, another
    document that the note names, the column 完成时限 of the clause, and, where none of them says anything, that the
    document has no date.

    Args:
        rule: the rule, its reading applied.
        book: its rulebook.
    """
    limit = getattr(rule, "within", None) or getattr(rule, "every", None)
    if limit is not None:
        return Text("", "") if _says(rule.quote, str(limit)) else _elsewhere(rule, book)
    return Text("", "") if _DATED.search(rule.quote) else _column(rule, book)


def _says(quote: str, limit: str) -> bool:
    """Say whether the words have a limit, its number in digits or in Chinese."""
    number = _NUMBER.search(limit)
    plain = quote.replace(" ", "")
    if number is None or any(word in plain for word in _WORDS.get(limit, ())):
        return number is not None
    value = int(number[0])
    either = f"(?:{number[0]}|{_chinese(value)})"
    return re.search(rf"(?<![\d{_CHINESE}]){either}个?(?:工作日|小时|日|天|月|年)", plain) is not None


def _chinese(value: int) -> str:
    """Return a number below a hundred in Chinese."""
    tens, ones = divmod(value, _TEN)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
    return head + (_CHINESE[ones] if ones or not tens else "")


def _elsewhere(rule: Rule, book: Book) -> Text:
    """Return what note and reading say of a limit that the quote does not have."""
    note = rule.note.text() if rule.note is not None else Text("", "")
    cited = [one for one in _SENTENCE.findall(note.zh) if _CITED.search(one)]
    chosen = book.readings.get(rule.id)
    limits = [one for one in cited if "期限" in one or "时限" in one]
    if limits:
        return Text("".join(limits), note.en)
    if rule.readings is not None and chosen is not None:
        return rule.readings.choices[chosen].reason.text()
    if cited:
        return Text("".join(cited), note.en)
    return note if note.zh else _column(rule, book)


def _column(rule: Rule, book: Book) -> Text:
    """Return the column 完成时限 of the clause, or that there is none where the last day of the book counts."""
    deadline = next((one.deadline for one in book.clauses if one.id == rule.clause), None)
    if deadline:
        return Text(f"本行“完成时限”一栏：{deadline}", f"the column of deadlines of this row: {deadline}")
    if getattr(rule, "by", None) is None and not rule.value_at_end:
        return Text("", "")
    end = rule.period.end
    return Text(
        f"原文没有写明日期，按适用期间的最后一天（{end}）计", f"no date is given: the last day in force, {end}, counts"
    )
