"""Notices of other shapes: what stands where in them, and what a draft leaves to decide instead of guessing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from rules.drafting.phrases.grammar import left_over, phrases_in
from tests.gongkai.commands import gongkai
from tests.rules.drafting.shapes import DATA, SHAPES
from tests.rules.drafting.test_draft import drafted, notice_of, rules_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_stands_above_the_headings_of_a_sheet_is_its_title_number_and_day(tmp_path: Path) -> None:
    notice = notice_of(SHAPES["titled.xlsx"](tmp_path))
    assert (notice.title, notice.document, str(notice.issued_on), notice.year) == (
        "泉山区政务公开重点任务分解表", "泉政办发〔2025〕7号", "2025-02-18", 2025,
    )  # fmt: skip
    assert [(one.id, one.section) for one in notice.clauses] == [
        ("1", "惠企政策"), ("2", "惠企政策"), ("3", "网站与新媒体"), ("4", "网站与新媒体"),
    ]  # fmt: skip
    assert [rule["by"].isoformat() for rule in rules_of(drafted(tmp_path / "z.xlsx"), "2")] == ["2025-11-30"] * 2


def test_sentences_with_numbers_of_their_own_are_clauses_of_their_heading() -> None:
    """（一） before a sentence is its number; who is to be called is no duty."""
    notice = notice_of(DATA / "school-letter-2025.txt")
    assert [(one.id, one.section) for one in notice.clauses] == [
        ("1.1", "一、招生入学公开"), ("1.2", "一、招生入学公开"), ("2.1", "二、收费与资助公开"),
        ("2.2", "二、收费与资助公开"), ("3.1", "三、安全与食堂公开"), ("3.2", "三、安全与食堂公开"),
        ("4.1", "四、工作保障"),
    ]  # fmt: skip
    assert notice.clauses[1].text.startswith("学区划分每年公布一次")
    assert "电话" not in "".join(one.text for one in notice.clauses)


def test_a_bracket_on_the_next_line_is_of_the_sentence_before_it(tmp_path: Path) -> None:
    """As a line of its own, and cut within by the lines of a page."""
    notice = tmp_path / "lines.txt"
    text = (DATA / "school-letter-2025.txt").read_text("utf-8")
    cut = text.replace("（责任单位：", "\n（责任单位：\n").replace("；完成时限：", "；完成时限：\n")
    notice.write_text(cut, encoding="utf-8")
    as_it_was = notice_of(DATA / "school-letter-2025.txt").clauses
    assert [replace(one, place=None) for one in notice_of(notice).clauses] == [
        replace(one, place=None) for one in as_it_was
    ]


def test_what_a_draft_cannot_say_as_it_stands_is_left_to_decide(tmp_path: Path) -> None:
    """A period that no rule has, a group that nothing says the units of, two steps with one type: never silently."""
    letter = drafted(DATA / "school-letter-2025.txt")
    told = {one.rule["id"]: "；".join(one.open) for each in letter.clauses for one in each.proposals}
    assert "没有按学期的周期" in told["3.2.times"]
    assert "“各中小学”是哪些单位" in told["1.2.within"] + told["3.2.times"]
    assert "先后两步各用哪一类记录证明" in told["2.2.first"]
    sheet = drafted(SHAPES["titled.xlsx"](tmp_path))
    times = next(one for each in sheet.clauses for one in each.proposals if one.rule["id"] == "3.times")
    assert "没有按周的周期" in "；".join(times.open)
    assert [rule["every"] for rule in rules_of(sheet, "3") if rule["kind"] == "refresh"] == ["14 days"]


def test_a_draft_tells_every_spelt_number_and_takes_striving_for_what_it_is() -> None:
    letter = drafted(DATA / "school-letter-2025.txt")
    [raised] = [rule for rule in rules_of(letter, "2.2") if rule["kind"] == "reach" and rule["figure"]["zh"] == "万元"]
    assert (raised["target"], raised["compare"]) == (300, "more_than")
    [covered] = [rule for rule in rules_of(letter, "3.1") if rule["kind"] == "cover"]
    assert covered["modality"] == "strive"
    assert left_over("投资三百万元", phrases_in("投资三百万元")) == ("投资三百万元",)


def test_what_no_rule_can_have_is_told_and_the_book_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = tmp_path / "odd.txt"
    words = (
        "13月40日前办结99999999999999999999次，0.5个工作日内公开，每月45日前报送，全年1.5次，4月公开2次，产值"
        + "9" * 400
        + "万元"
    )
    notice.write_text(f"2024年任务\n一、任务\n（一）{words}。（责任单位：县民政局）", encoding="utf-8")
    out = tmp_path / "odd-2024"
    assert gongkai(capsys, "rules", "draft", notice, "--out", out).status == 0
    found = json.loads((out / "draft.json").read_text("utf-8"))
    assert found["unproposed"]["1.1"] == [
        "13月40日前",
        "99999999999999999999次",
        "0.5个工作日内",
        "每月45日前",
        "全年1.5次",
        "9" * 400 + "万元",
    ]
    outcome = gongkai(capsys, "rules", "check", "--book", out, "--units", out / "units" / "units.yaml")
    assert "错误0处" in outcome.out


def test_a_proposal_does_not_prove_itself(tmp_path: Path) -> None:
    """Where one type could be both what asks and what answers, another candidate is written, and the choice is open."""
    for path in (DATA / "school-letter-2025.txt", SHAPES["titled.xlsx"](tmp_path)):
        rules = [dict(one.rule) for each in drafted(path).clauses for one in each.proposals]
        pairs = [(rule["trigger"], rule["response"]) for rule in rules if rule["kind"] == "respond"]
        pairs += [(rule["of"], rule["covered_by"]) for rule in rules if rule["kind"] == "cover" and "of" in rule]
        assert len(pairs) > 1
        assert all(one != other for one, other in pairs)


def test_the_page_says_title_number_and_day_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "school-2025"
    assert gongkai(capsys, "rules", "draft", DATA / "school-letter-2025.txt", "--out", out).status == 0
    assert "工作的通知 · 临教字〔2025〕14号 · 临河县教育局 · 2025-03-05" in (out / "review.html").read_text("utf-8")
