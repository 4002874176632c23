"""Where limits come from that a clause's own words do not have."""

from __future__ import annotations

import re

import pytest

from engine.kinds import KINDS
from rules.limits import limit_source
from rules.load import load_books


def test_every_limit_of_the_shipped_books_is_in_the_words_or_has_its_source() -> None:
    books, _ = load_books(["jinxiang-2023", "regulation-2019"], KINDS)
    bare = {
        rule.id: rule.quote
        for book in books
        for rule in book.rules
        if (getattr(rule, "within", None) or getattr(rule, "every", None)) and not limit_source(rule, book).zh
    }
    assert "8.2.feedback" in bare
    number = re.compile(r"[0-9一二三四五六七八九十]+个?(?:工作日|小时|日|天)|当日|季度|每月")
    assert [name for name, quote in bare.items() if not number.search(quote)] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("14.1.reply", "第三十三条"),
        ("5.2.released-together", "国办发〔2016〕80号"),
        ("1.1.published-in-time", "第二十六条"),
        ("2.7.assessed-schools", "完成时限"),
        ("8.2.feedback", ""),
    ],
)
def test_the_source_is_the_note_s_the_reading_s_or_the_column_s(rule: str, source: str) -> None:
    (book,), _ = load_books(["jinxiang-2023"], KINDS)
    said = limit_source(next(one for one in book.rules if one.id == rule), book).zh
    assert source in said
    assert bool(source) == bool(said)


def test_another_reading_has_its_own_source() -> None:
    (book,), _ = load_books(["jinxiang-2023"], KINDS, readings={"1.1.published-in-time": "next-working-day"})
    rule = next(one for one in book.rules if one.id == "1.1.published-in-time")
    assert limit_source(rule, book).zh == "按字面从严理解，最迟下一个工作日。"
