"""Rulebooks drafted from documents: clauses, every number accounted for, proposals that wait to be taken over."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import docx
import pytest
import yaml

from events.vocabulary import load_vocabulary
from rules.drafting.draft import draft_of
from rules.drafting.notice import read_notice
from rules.drafting.phrases.grammar import phrases_in
from rules.drafting.reading.files import read_document
from rules.loading.registry import UNITS
from tests.gongkai.commands import gongkai
from tests.rules.drafting.shapes import DATA, SHAPES, SOURCE, as_docx, as_html, locked_pdf, pdf_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rules.drafting.draft import Draft
    from rules.drafting.drafted import NoticeText

BOOK = SOURCE.parent
REGISTRY = UNITS / "jinxiang.yaml"


def notice_of(path: Path) -> NoticeText:
    return read_notice(read_document(path), path.name)


def drafted(path: Path) -> Draft:
    return draft_of(notice_of(path), load_vocabulary())


def rules_of(draft: Draft, clause: str) -> list[dict[str, Any]]:
    return [dict(one.rule) for each in draft.clauses if each.clause.id == clause for one in each.proposals]


def shipped() -> dict[str, dict[str, Any]]:
    """Return the clauses of the notice of 2023 as people wrote them down."""
    content = yaml.safe_load((BOOK / "book.yaml").read_text(encoding="utf-8"))
    return {clause["id"]: clause for clause in content["clauses"]}


def as_pdf(folder: Path) -> Path:
    made = as_docx(SOURCE, folder / "notice.docx")
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "notice.pdf"


FORMATS: dict[str, Callable[[Path], Path]] = {
    "txt": lambda _: SOURCE,
    "docx": lambda folder: as_docx(SOURCE, folder / "n.docx"),
    "html": lambda folder: as_html(SOURCE, folder / "n.html"),
    "pdf": as_pdf,
}


@pytest.mark.parametrize("form", [pytest.param(one, marks=pytest.mark.slow if one == "pdf" else ()) for one in FORMATS])
def test_the_clauses_of_the_notice_are_those_of_the_shipped_book(form: str, tmp_path: Path) -> None:
    """61 rows and ten items, with section, words, leads, responsible units and times."""
    notice = notice_of(FORMATS[form](tmp_path))
    assert (notice.document, str(notice.issued_on), notice.issuer) == (
        "金政办字〔2023〕26号",
        "2023-07-14",
        "金乡县人民政府办公室",
    )
    found = {
        one.id: {"section": one.section, "text": one.text, "lead": list(one.lead), "responsible": list(one.responsible)}
        for one in notice.clauses
    }
    wanted = shipped()
    assert len(found) == 71
    assert found == {
        name: {
            "section": one["section"],
            "text": one["text"],
            "lead": one.get("lead", []),
            "responsible": one.get("responsible", []),
        }
        for name, one in wanted.items()
    }
    assert {one.id: one.deadline for one in notice.clauses} == {
        name: one.get("deadline") for name, one in wanted.items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_every_number_of_another_shape_is_accounted_for_and_the_book_runs(
    shape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "book-2024"
    outcome = gongkai(capsys, "rules", "draft", SHAPES[shape](tmp_path), "--out", out)
    assert outcome.status == 0, outcome.err
    found = json.loads((out / "draft.json").read_text("utf-8"))
    numbers = found["numbers"]
    assert numbers["numbers"] == sum(numbers[name] for name in ("proposed", "names", "unproposed", "left"))
    assert numbers["left"] == sum(len(one) for one in found["left"].values())
    assert found["clauses"] >= 3
    units = out / "units" / "units.yaml"
    outcome = gongkai(capsys, "rules", "check", "--book", out, "--units", units)
    assert "错误0处" in outcome.out, outcome.out + outcome.err
    log = tmp_path / "log.jsonl"
    log.write_text("", encoding="utf-8")
    year = "2025" if shape in ("school-letter.txt", "titled.xlsx") else "2024"
    assert yaml.safe_load((out / "book.yaml").read_text("utf-8"))["in_force"]["to"].isoformat() == f"{year}-12-31"
    ask = ("evaluate", "--events", log, "--as-of", f"{year}-12-31", "--book", out, "--units", units, "--no-reports")
    outcome = gongkai(capsys, *ask, "--out", tmp_path / "refused")
    assert outcome.status == 2
    assert "[proposals-left]" in outcome.err
    outcome = gongkai(capsys, *ask, "--out", tmp_path / "tried", "--with-proposals")
    assert outcome.status == 0, outcome.err
    assert "[proposals-left]" in outcome.err
    page = (out / "review.html").read_text("utf-8")
    assert all(f'<mark class="{sort}"' in page for sort in ("duration", "count"))


def test_phrases_of_the_field_become_rules_of_their_kind() -> None:
    """Durations, counts with their recurrence, days of a month, shares, figures with their comparison, gaps, bans."""
    draft = drafted(DATA / "second-county-2024.txt")
    [one, *_] = rules_of(draft, "1")
    assert (one["kind"], one["trigger"], one["response"], one["within"]) == (
        "respond", "policy.issued", "policy.interpreted", "5 working days",
    )  # fmt: skip
    [count] = rules_of(draft, "2")
    assert (count["kind"], count["counted"], count["at_least"], count["every"]) == (
        "count", "executive_meeting.attended", 2, "quarter",
    )  # fmt: skip
    assert {rule["kind"] for rule in rules_of(draft, "4")} >= {"refresh", "never"}
    assert [rule["every"] for rule in rules_of(draft, "4") if rule["kind"] == "refresh"] == ["7 days"]
    figures = {
        rule["target"]: (rule.get("compare", "at_least"), rule["figure"]["zh"], rule.get("modality"))
        for rule in rules_of(draft, "6")
    }
    assert figures == {12: ("at_least", "家", "strive"), 8: ("about", "%", None), 30: ("more_than", "亿元", None)}
    assert all(rule["status"] == "proposed" for each in draft.clauses for rule in rules_of(draft, each.clause.id))


@pytest.mark.parametrize(
    ("text", "sort", "values"),
    [
        ("收到申请后十五个工作日内答复", "duration", {"within": "15 working days"}),
        ("在48小时内回应", "duration", {"within": "48 hours"}),
        ("当天公开", "duration", {"within": "0 days"}),
        ("全年不少于4期", "count", {"amount": 4.0, "unit": "期", "compare": "at_least", "every": "year"}),
        ("每月不超过2次", "count", {"amount": 2.0, "unit": "次", "compare": "at_most", "every": "month"}),
        ("每月25日前报送", "date", {"every": "month", "by": 25}),
        ("6月30日前完成", "date", {"month": 6, "day": 30, "year": None}),
        ("2025年9月15日之前公布", "date", {"month": 9, "day": 15, "year": "2025"}),
        ("会议召开3日前公布", "duration", {"ahead": "3 days"}),
        ("11月底前完成", "date", {"month": 11, "day": None, "year": None}),
        ("覆盖率达到95%以上", "share", {"amount": 95.0, "unit": "%", "compare": "at_least"}),
        ("实现全覆盖", "share", {"amount": 100.0, "unit": "%", "compare": "at_least"}),
        ("产值突破34亿元", "figure", {"amount": 34.0, "unit": "亿元", "compare": "more_than"}),
        ("参保率稳定在97% 左右", "share", {"amount": 97.0, "unit": "%", "compare": "about"}),
        ("每7天至少更新一次", "recurrence", {"gap": "7 days"}),
        ("不得公开涉密信息", "prohibition", {}),
        ("先审查、后公开", "order", {}),
        ("落实“人才金政20条”", "name", {}),
    ],
)
def test_a_phrase_is_read_as_a_person_reads_it(text: str, sort: str, values: dict[str, Any]) -> None:
    assert [(one.sort, dict(one.values)) for one in phrases_in(text) if one.sort == sort][:1] == [(sort, values)]


def test_prose_gives_clauses_with_what_stands_in_brackets() -> None:
    notice = notice_of(DATA / "prose-2024.txt")
    found = {one.text[:8]: one for one in notice.clauses}
    jobs = next(one for words, one in found.items() if "就业" in one.section)
    assert jobs.lead == ("区人力资源和社会保障局",)
    assert jobs.responsible == ("各街道办事处",)
    assert jobs.deadline == "12月底前"
    assert len(notice.clauses) == 6


def test_an_earlier_books_decisions_are_taken_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clause that is word for word or nearly the same gets the earlier rules, dates moved, differences shown."""
    text = (
        SOURCE.read_text("utf-8")
        .replace("2023", "2024")
        .replace("决策文件出台后的3个工作日内", "决策文件出台后的5个工作日内")
    )
    notice = tmp_path / "next.txt"
    notice.write_text(text, encoding="utf-8")
    out = tmp_path / "jinxiang-2024"
    ask = ("rules", "draft", notice, "--out", out, "--units", REGISTRY, "--like", "jinxiang-2023")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 0, outcome.err
    rules = {rule["id"]: rule for rule in yaml.safe_load((out / "rules.yaml").read_text("utf-8"))["rules"]}
    earlier = rules["8.2.feedback"]
    assert earlier["status"] == "proposed"
    assert any("原“3”，今“5”" in text for text in earlier["open"])
    assert str(rules["9.2.evaluation-published"]["by"]) == "2024-12-31"
    outcome = gongkai(capsys, "rules", "check", "--book", out, "--units", REGISTRY)
    assert "错误0处" in outcome.out, outcome.err[:2000]


def test_proposals_are_taken_over_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "book-2024"
    assert gongkai(capsys, "rules", "draft", DATA / "second-county-2024.txt", "--out", out).status == 0
    before = (out / "rules.yaml").read_text("utf-8")
    outcome = gongkai(capsys, "rules", "accept", out, "2.tims")
    assert outcome.status == 2
    assert "2.times" in outcome.err
    assert (out / "rules.yaml").read_text("utf-8") == before
    outcome = gongkai(capsys, "rules", "accept", out, "2.times")
    assert outcome.status == 0, outcome.err
    rules = {rule["id"]: rule for rule in yaml.safe_load((out / "rules.yaml").read_text("utf-8"))["rules"]}
    assert {"status", "candidates", "open"}.isdisjoint(rules["2.times"])
    assert rules["1.within"]["status"] == "proposed"
    assert "# 2 会议开放" in (out / "rules.yaml").read_text("utf-8")
    assert gongkai(capsys, "rules", "accept", out, "--all").status == 0
    assert "proposed" not in (out / "rules.yaml").read_text("utf-8")
    assert gongkai(capsys, "rules", "draft", DATA / "prose-2024.txt", "--out", out).status == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("locked.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted"),
        ("broken.docx", b"PK\x03\x04 nothing", "not-readable"),
        ("broken.pdf", b"%PDF-1.4 nothing", "not-readable"),
        ("locked.pdf", locked_pdf(), "encrypted"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted"),
        ("two-columns.html", "<table><tr><td>甲</td><td>乙</td></tr></table>".encode(), "no-clauses"),
        ("empty.txt", "没有条款的一句话。".encode(), "no-clauses"),
        ("page.html", b"<html><body><p>x</p></body></html>", "no-clauses"),
        ("missing.txt", None, "not-readable"),
    ],
)
def test_a_broken_document_is_a_problem_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    outcome = gongkai(capsys, "rules", "draft", path, "--out", tmp_path / "out")
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "out").exists()


def test_the_pages_of_a_pdf_that_are_pictures_are_told(tmp_path: Path) -> None:
    """A letter whose annex was scanned: what has text is read, and the pages that have none are named."""
    path = tmp_path / "annex.pdf"
    path.write_bytes(pdf_of("Duties of 2024", None, "Day of issue", None))
    found = read_document(path)
    assert [getattr(one, "text", "") for one in found.blocks] == ["Duties of 2024", "Day of issue"]
    [problem] = found.problems
    assert (problem.code, problem.severity, problem.where.line) == ("pages-without-text", "warning", 2)
    assert "第2、4页" in problem.fact.zh
    assert problem.cure.zh


@pytest.mark.slow
def test_a_scanned_pdf_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page that is a picture has no text."""
    from PIL import Image  # noqa: PLC0415 (comes with pdfplumber)

    Image.new("RGB", (200, 200), "white").save(tmp_path / "scan.pdf")
    outcome = gongkai(capsys, "rules", "draft", tmp_path / "scan.pdf", "--out", tmp_path / "out")
    assert outcome.status == 2
    assert "[no-text]" in outcome.err


def test_tracked_changes_and_nested_tables_are_told(tmp_path: Path) -> None:
    tracked = read_document(SHAPES["tracked.docx"](tmp_path))
    assert [one.code for one in tracked.problems] == ["tracked-changes"]
    assert not any("99" in getattr(one, "text", "") for one in tracked.blocks)
    page = tmp_path / "nested.html"
    page.write_text(
        "<table><tr><td>任务<table><tr><td>x</td></tr></table></td><td>y</td></tr></table>", encoding="utf-8"
    )
    assert [one.code for one in read_document(page).problems] == ["nested-table"]


def test_a_table_within_a_table_of_a_word_document_is_told(tmp_path: Path) -> None:
    document = docx.Document()
    outer = document.add_table(2, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = "工作任务", "工作要求"
    outer.cell(1, 1).add_table(1, 1).cell(0, 0).text = "每季度公开1次。"
    document.save(str(tmp_path / "nested.docx"))
    [problem] = read_document(tmp_path / "nested.docx").problems
    assert (problem.code, problem.where.line) == ("nested-table", 1)
    assert problem.cure.zh


def test_names_that_the_registry_lacks_are_told_with_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = tmp_path / "n.txt"
    shutil.copy(SOURCE, notice)
    notice.write_text(notice.read_text("utf-8").replace("县商务局", "县商物局"), encoding="utf-8")
    outcome = gongkai(capsys, "rules", "draft", notice, "--out", tmp_path / "book", "--units", REGISTRY)
    assert outcome.status == 0
    assert "县商物局" in outcome.err
    assert "县商务局" in outcome.err


def test_twelve_rows_of_another_county_are_said_in_yaml(capsys: pytest.CaptureFixture[str]) -> None:
    """Quarterly and monthly duties, proposals, validity, pictures or videos, criticised units, shares: with cases."""
    home = DATA / "twelve-rows-2024"
    asked = ("--book", home, "--units", home / "units" / "units.yaml")
    outcome = gongkai(capsys, "rules", "check", *asked)
    assert (outcome.status, outcome.err) == (0, "")
    outcome = gongkai(capsys, "rules", "test", *asked)
    assert outcome.status == 0, outcome.out
    rows = [line.split("\t") for line in outcome.out.splitlines() if "\t" in line]
    assert len(rows) == 12
    assert all("met" in row[2].split() and {"violated", "late"} & set(row[2].split()) for row in rows)


@pytest.mark.parametrize(
    ("words", "shares"),
    [
        ("其中县人社局1800人，县工信局1200人", {"县人力资源和社会保障局": 1800, "县工业和信息化局": 1200}),
        (
            "其中县人力资源和社会保障局1800人、县工业和信息化局1200人",
            {"县人力资源和社会保障局": 1800, "县工业和信息化局": 1200},
        ),
        ("其中县人社局1800人", None),
        ("其中农村劳动力1800人，高校毕业生1200人", None),
    ],
)
def test_figures_of_the_owners_are_shares_of_the_figure_before_them(
    tmp_path: Path, words: str, shares: dict[str, int] | None
) -> None:
    """Short names are understood; where not every owner has a part, each figure stays a proposal of its own."""
    notice = tmp_path / "notice.txt"
    text = f"2024年工作要点\n一、就业\n（一）稳就业。全年城镇新增就业3000人以上，{words}。"
    notice.write_text(f"{text}（牵头单位：县人力资源和社会保障局、县工业和信息化局；完成时限：12月底前）\n", "utf-8")
    draft = drafted(notice)
    reached = [rule for one in draft.clauses for rule in rules_of(draft, one.clause.id) if rule["kind"] == "reach"]
    assert reached[0].get("shares") == shares
    assert len(reached) == (1 if shares else 1 + words.count("人，") + words.count("人、") + 1)
    numbers = draft.account()
    assert numbers["unproposed"] == numbers["left"] == 0
