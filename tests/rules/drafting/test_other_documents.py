"""Documents in other shapes: everything in them is a clause, a number without one, or told."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import qn

from rules.drafting.book_files import outside
from rules.drafting.deadlines import day_of, is_understood
from rules.drafting.phrases.grammar import left_over, phrases_in
from rules.drafting.reading.columns import as_usual
from tests.gongkai.commands import gongkai
from tests.rules.drafting.other_documents import LISTED, edited_docx, listed_docx, shown_xlsx
from tests.rules.drafting.shapes import DATA
from tests.rules.drafting.test_draft import drafted, notice_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MORE: dict[str, Callable[[Path], Path]] = {
    "numbered-2024": lambda _: DATA / "numbered-2024.txt",
    "times-2024": lambda _: DATA / "times-2024.txt",
    "site-2024": lambda _: DATA / "site-2024.html",
    "two-columns-2024": lambda _: DATA / "two-columns-2024.pdf",
    "listed-2024": lambda folder: listed_docx(folder / "l.docx"),
    "edited-2024": lambda folder: edited_docx(folder / "e.docx"),
    "shown-2024": lambda folder: shown_xlsx(folder / "s.xlsx"),
}


@pytest.mark.parametrize("name", MORE)
def test_each_document_loads_and_every_number_is_accounted_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    source, out = MORE[name](tmp_path), tmp_path / name
    assert gongkai(capsys, "rules", "draft", source, "--out", out).status == 0
    checked = gongkai(capsys, "rules", "check", "--book", out, "--units", out / "units" / "units.yaml")
    assert checked.status == 0
    assert "错误0处" in checked.out
    found = json.loads((out / "draft.json").read_text("utf-8"))
    numbers = found["numbers"]
    told = ("proposed", "names", "unproposed", "left")
    assert numbers["numbers"] == sum(numbers[one] for one in told) > 0
    draft = drafted(source)
    named = "\n".join([*outside(draft), draft.notice.title, draft.notice.document])
    clauses = "\n".join(f"{one.id} {one.text} {one.deadline or ''} {one.section}" for one in draft.notice.clauses)
    missing = [one for one in re.findall(r"\d+", draft.notice.text) if one not in clauses and one not in named]
    assert not missing


def texts(source: Path) -> list[str]:
    return [one.text for one in notice_of(source).clauses]


def test_items_without_headings_are_clauses() -> None:
    notice = notice_of(DATA / "numbered-2024.txt")
    assert len(notice.clauses) == 5
    assert notice.clauses[3].text == "群众来信十五日内答复，答复率百分之百，满意率不低于百分之九十。"
    assert notice.clauses[3].responsible == ("办公室",)


def test_numbers_that_word_writes_itself_make_items(tmp_path: Path) -> None:
    assert texts(listed_docx(tmp_path / "l.docx")) == list(LISTED)


def test_moved_hidden_and_controlled_words_are_read_as_they_are_seen(tmp_path: Path) -> None:
    notice = notice_of(edited_docx(tmp_path / "e.docx"))
    assert texts(tmp_path / "e.docx") == ["文件公布后3个工作日内解读。", "每月召开一次例会。", "参训不少于50人次。"]
    told = {one.code: one.fact.zh for one in notice.problems}
    assert "每周更新9次" in told["hidden-text"]
    assert "tracked-changes" in told


def test_a_page_of_two_columns_is_read_one_after_the_other() -> None:
    notice = notice_of(DATA / "two-columns-2024.pdf")
    assert [one.section for one in notice.clauses] == ["一、决策公开"] * 2 + ["二、服务公开"] * 2
    assert notice.clauses[1].text == "每季度邀请群众代表列席政府常务会议不少于一次，全年不少于四次。"
    assert notice.clauses[1].deadline == "每季度末"
    assert str(notice.issued_on) == "2024-03-15"


def test_what_stands_around_a_notice_on_its_page_is_no_clause() -> None:
    found = " ".join(texts(DATA / "site-2024.html"))
    assert not re.search("ICP|访客|分享到|12345|1024", found)
    assert len(texts(DATA / "site-2024.html")) == 3


def test_cells_are_read_as_they_are_shown_and_other_columns_told(tmp_path: Path) -> None:
    notice = notice_of(shown_xlsx(tmp_path / "s.xlsx"))
    assert [one.value for one in notice.problems if one.code == "unknown-column"] == ["目标值"]
    assert notice.clauses[1].deadline == "11月30日前"
    assert "95%" in outside(drafted(tmp_path / "s.xlsx"))


def test_a_share_in_words_is_that_share(tmp_path: Path) -> None:
    [rule] = rules_of(drafted(shown_xlsx(tmp_path / "s.xlsx")), "1")
    assert (rule["kind"], rule["target"], str(rule["by"])) == ("reach", 95, "2024-09-30")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("三分之二以上的村公开", 2),
        ("每次三至五个工作日", 2),
        ("满意率达到九成以上。", 0),
        ("提前三个工作日公告", 0),
        ("十五日内答复，二十四小时内登记", 0),
        ("次月5日前报送", 0),
        ("公示不少于三十日", 1),
    ],
)
def test_a_number_in_words_is_in_a_phrase_or_left(text: str, left: int) -> None:
    assert len(left_over(text, phrases_in(text))) == left


def test_a_spelt_number_without_a_proposal_is_told(tmp_path: Path) -> None:
    notice = tmp_path / "n.txt"
    notice.write_text(
        "2024年任务\n一、任务\n（一）提前三个工作日公告会议安排。（责任单位：县民政局）", encoding="utf-8"
    )
    draft = drafted(notice)
    assert [phrase.text for phrase in draft.clauses[0].unproposed] == ["提前三个工作日"]
    assert draft.account() == {"numbers": 1, "proposed": 0, "names": 0, "unproposed": 1, "left": 0}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024.6.30", date(2024, 6, 30)),
        ("2024-06-30", date(2024, 6, 30)),
        ("6/30前", date(2024, 6, 30)),
        ("第三季度", date(2024, 9, 30)),
        ("二季度末", date(2024, 6, 30)),
        ("下半年", date(2024, 12, 31)),
        ("次年1月31日前", date(2025, 1, 31)),
        ("2月底前", date(2024, 2, 29)),
        ("即日起", None),
    ],
)
def test_the_day_that_a_time_names(text: str, day: date | None) -> None:
    assert day_of(text, 2024) == day


@pytest.mark.parametrize("text", ["每月25日前", "次月5日前", "即日起", "每季度末", "按月"])
def test_a_time_that_names_no_day_is_left_to_decide(tmp_path: Path, text: str) -> None:
    assert not is_understood(text)
    notice = tmp_path / "n.txt"
    notice.write_text(
        f"2024年任务\n一、任务\n（一）公开率达到95%以上。（责任单位：县民政局；完成时限：{text}）", encoding="utf-8"
    )
    [rule] = drafted(notice).clauses[0].proposals
    assert any(text in one for one in rule.open)


@pytest.mark.parametrize(
    "line", ["（一）每季度培训不少于2次", "（一）每月25日前报送信息，逾期通报", "（一）每周更新9次。"]
)
def test_a_line_that_is_measured_is_a_duty_and_no_heading(tmp_path: Path, line: str) -> None:
    notice = tmp_path / "n.txt"
    notice.write_text(
        f"2024年任务\n一、2024年重点任务\n{line}\n（二）2024年其他工作\n1．按时报送总结。", encoding="utf-8"
    )
    assert texts(notice) == [line.removeprefix("（一）"), "按时报送总结。"]


@pytest.mark.parametrize("width", [150, 2_000_000_000])
def test_a_table_that_spans_more_than_there_may_be_is_told(tmp_path: Path, width: int) -> None:
    document = docx.Document()
    row = document.add_table(1, 40).rows[0]
    for cell in row.cells:
        cell._tc.get_or_add_tcPr().get_or_add_gridSpan().set(qn("w:val"), str(width))
    document.save(str(tmp_path / "wide.docx"))
    assert "file-too-large" in [one.code for one in notice_of(tmp_path / "wide.docx").problems]


def test_a_workbook_whose_merged_cells_cover_all_of_it_many_times_is_read(tmp_path: Path) -> None:
    source = shown_xlsx(tmp_path / "s.xlsx")
    spans = "".join('<mergeCell ref="A1:XFD1048576"/>' for _ in range(2000))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "m.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode("utf-8")
            new.writestr(name, re.sub(r"(<mergeCells[^>]*>)", lambda found: found[1] + spans, part))
    assert notice_of(tmp_path / "m.xlsx").problems


def test_articles_of_chapters_and_owners_without_brackets_are_read(tmp_path: Path) -> None:
    lines = (
        "固安县政务公开工作规定",
        "固政发〔2024〕3号",
        "第一章 总则",
        "第一条 各单位应当在信息形成之日起二十个工作日内公开。",
        "第二章 依申请公开",
        "第二条 征求第三方意见的，应在十五个工作日内提出意见。责任单位：县司法局；完成时限：11月底前。",
        "2024年5月6日",
    )
    (tmp_path / "n.txt").write_text("\n".join(lines), encoding="utf-8")
    notice = notice_of(tmp_path / "n.txt")
    assert notice.title == "固安县政务公开工作规定"
    assert [(one.section, one.text) for one in notice.clauses] == [
        ("第一章总则", "各单位应当在信息形成之日起二十个工作日内公开。"),
        ("第二章依申请公开", "征求第三方意见的，应在十五个工作日内提出意见。"),
    ]
    assert (notice.clauses[1].responsible, notice.clauses[1].deadline) == (("县司法局",), "11月底前")


def test_a_letter_without_numbers_is_what_its_measured_sentences_ask(tmp_path: Path) -> None:
    asked = "请贵单位于2024年4月15日前完成预算公开，公开率达到百分之百。"
    lines = (
        "关于做好2024年公开工作的函",
        "县财政局：",
        asked,
        "联系电话：0537-1234567",
        "县政府办公室",
        "2024年3月1日",
    )
    (tmp_path / "n.txt").write_text("\n".join(lines), encoding="utf-8")
    assert texts(tmp_path / "n.txt") == [asked]


def test_radicals_of_a_font_are_the_usual_signs() -> None:
    assert as_usual("⽯泉县⼆⼗⽇，⻓期，各部⻔") == "石泉县二十日，长期，各部门"
