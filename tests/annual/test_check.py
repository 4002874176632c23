from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from docx import Document

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[1] / "data" / "annual"
Checks = dict[tuple[str, str], dict[str, Any]]


def statuses(checks: Checks, check: str) -> dict[str, str]:
    return {scope: one["status"] for (name, scope), one in checks.items() if name == check}


def test_the_real_table_of_2019_passes_and_its_blanks_are_reported(check: Callable[..., tuple[int, Checks]]) -> None:
    status, checks = check(DATA / "shanghai-2019.csv")
    assert status == 0
    assert not [one for one in checks.values() if one["status"] == "fail"]
    a1, a2, a4 = (statuses(checks, name) for name in ("A1", "A2", "A4"))
    assert (a1["自然人"], a1["总计"], a1["商业企业"]) == ("pass", "pass", "uncertain")
    assert {a2[name] for name in ("自然人", "商业企业", "法律服务机构", "其他")} == {"pass"}
    assert a2["总计"] == "uncertain"  # all totals of the outcomes are blank
    assert a4 == {"行政复议": "pass", "未经复议直接起诉": "pass", "复议后起诉": "uncertain"}
    assert statuses(checks, "A3")["（一）予以公开"] == "uncertain"
    assert statuses(checks, "A3")["（七）总计"] == "pass"
    blanks = checks["A8", "第三部分的表"]
    names = {cell["name"] for cell in blanks["cells"]}
    assert blanks["status"] == "uncertain"
    assert {"（一）予以公开·总计", "四、结转下年度继续办理·商业企业"} <= names
    assert "四、结转下年度继续办理·自然人" not in names
    assert statuses(checks, "A5") == {"": "not_assessable"}


def test_the_wrong_table_fails_a2_while_a1_holds(
    check: Callable[..., tuple[int, Checks]], capsys: pytest.CaptureFixture[str]
) -> None:
    status, checks = check(DATA / "wrong-2024.csv")
    assert status == 1
    assert set(statuses(checks, "A1").values()) == {"pass"}
    assert {scope for scope, one in statuses(checks, "A2").items() if one == "fail"} == {"自然人", "总计"}
    wrong = checks["A2", "自然人"]
    assert "相差2" in wrong["text"]
    assert {cell["where"].split(":", 1)[1] for cell in wrong["cells"]} >= {"7:4", "28:4"}
    printed = gongkai(capsys, "annual-report", "check", DATA / "wrong-2024.csv", "--lang", "en").out
    assert "50+20+9+6+5+3≠95, off by 2" in printed


def test_the_second_and_third_sample_pass(check: Callable[..., tuple[int, Checks]]) -> None:
    status, checks = check(DATA / "suqian-2025.csv")
    assert status == 0
    assert set(statuses(checks, "A4").values()) == {"pass"}
    assert statuses(checks, "A3")["一、本年新收政府信息公开申请数量"] == "pass"
    status, checks = check(DATA / "longgang-2024.csv")
    assert status == 0
    a3 = statuses(checks, "A3")
    passing = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开")
    assert {a3[row] for row in passing} == {"pass"}
    assert a3["1.属于国家秘密"] == "uncertain"
    assert not [one for one in checks.values() if one["status"] == "fail"]


def rows_of(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_blank_is_not_zero_and_what_no_blank_can_mend_fails(
    check: Callable[..., tuple[int, Checks]], tmp_path: Path
) -> None:
    rows = rows_of("wrong-2024.csv")
    handled = next(row for row in rows if "（七）总计" in row)
    for blank in ("", "/", "-", "—", "－"):
        handled[3] = blank
        _, checks = check(write_rows(tmp_path / "blank.csv", rows))
        assert checks["A2", "自然人"]["status"] == "uncertain", blank
        assert checks["A1", "自然人"]["status"] == "uncertain"
        assert "空格合计应为95" in checks["A1", "自然人"]["text"]
        assert [cell["name"] for cell in checks["A8", "第三部分的表"]["cells"]] == ["（七）总计·自然人"]
    handled[3] = "95"
    next(row for row in rows if "（一）予以公开" in row)[3] = ""
    _, checks = check(write_rows(tmp_path / "leaf.csv", rows))
    assert "空格合计应为52" in checks["A2", "自然人"]["text"]
    handled[3] = "40"  # less than the outcomes that are filled in
    _, checks = check(write_rows(tmp_path / "short.csv", rows))
    assert checks["A2", "自然人"]["status"] == "fail"
    handled[3] = "九十五"
    status, checks = check(write_rows(tmp_path / "words.csv", rows))
    assert status == 1
    assert checks["A8", "（七）总计·自然人"]["status"] == "fail"


def test_tables_of_anybodys_making_are_found_by_their_labels(
    check: Callable[..., tuple[int, Checks]], tmp_path: Path
) -> None:
    """Other sheets before it, rows and columns in between, one column of short labels, full-width digits, spaces."""
    book = openpyxl.Workbook()
    book.active.title = "封面"  # type: ignore[union-attr]
    sheet = book.create_sheet("数据")
    sheet.append(["某局2024年政府信息公开工作年度报告"])
    sheet.append([])
    sheet.append(
        ["", "项　目", "", "自 然 人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总  计"]
    )
    short = {
        "新收": (100, 0), "上年结转": (10, 0), "予以公开": (50, 1), "部分公开": (20, 0), "国家秘密": (1, 0),
        "不掌握": (6, 0), "重复申请": (5, 0), "逾期不补正": (3, 0), "合计": (85, 1), "结转下年度": (25, -1),
    }  # fmt: skip
    for label, (people, firms) in short.items():
        wide = str(people).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        sheet.append(["", f" {label} ", "", f" {wide} ", firms, 0, 0, 0, 0, f"{people + firms:,} 件"])
    path = tmp_path / "某局.xlsx"
    book.save(path)
    status, checks = check(path)
    assert status == 1
    assert checks["A1", "自然人"]["status"] == "pass"
    assert checks["A2", "自然人"]["status"] == "pass"  # 85 is the sum of those filled in
    assert checks["A1", "商业企业"]["status"] == "pass"
    failing = {(one["check"], one["scope"]) for one in checks.values() if one["status"] == "fail"}
    assert failing == {("A12", "四、结转下年度继续办理·商业企业")}  # -1


def test_merged_cells_of_a_word_document_are_read(check: Callable[..., tuple[int, Checks]], tmp_path: Path) -> None:
    rows = rows_of("shanghai-2019.csv")
    document = Document()
    document.add_paragraph("2019年政府信息公开工作年度报告。本年新收政府信息公开申请859件，上年结转18件，")
    document.add_paragraph("办结805件，结转下年度继续办理73件。收到申请877件，被提起行政诉讼9件。")
    body = rows[1:27]
    table = document.add_table(rows=len(body), cols=10)
    for number, row in enumerate(body):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    table.cell(0, 0).merge(table.cell(2, 2))
    table.cell(5, 0).merge(table.cell(24, 0))
    path = tmp_path / "年报.docx"
    document.save(str(path))
    status, checks = check(path)
    assert status == 1
    assert checks["A1", "自然人"]["status"] == "pass"
    a7 = statuses(checks, "A7")
    assert a7 == {
        "新收": "pass",
        "上年结转": "pass",
        "办结": "pass",
        "结转下年": "fail",
        "收到": "pass",
    } | {"行政诉讼": "uncertain"}  # fmt: skip - the document has no table four


def test_last_year_parts_and_decisions(
    check: Callable[..., tuple[int, Checks]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wrong = DATA / "wrong-2024.csv"
    rows = rows_of("wrong-2024.csv")
    rows[0] = ["2025年政府信息公开工作年度报告"]
    rows[5][3:] = ["15", "0", "0", "0", "0", "0", "15"]
    following = write_rows(tmp_path / "2025.csv", rows)
    _, checks = check(following, "--last-year", wrong)
    assert set(statuses(checks, "A5").values()) == {"pass"}
    rows[5][3:5] = ["14", "1"]  # one applicant was counted as a firm: the total is right, so a hint
    _, checks = check(write_rows(following, rows), "--last-year", wrong)
    assert (checks["A5", "总计"]["status"], checks["A5", "自然人"]["status"]) == ("pass", "fail")
    assert checks["A5", "自然人"]["level"] == "hint"
    _, checks = check(wrong, "--parts", wrong)
    assert set(statuses(checks, "A14").values()) == {"pass"}
    _, checks = check(wrong, "--parts", wrong, "--parts", wrong)
    assert checks["A14", "（一）予以公开·自然人"]["status"] == "fail"

    _, checks = check(wrong)
    marks = [one["fingerprint"] for one in checks.values() if one["status"] == "fail"]
    decided = tmp_path / "decisions.yaml"
    lines = [
        f"  - {{fingerprint: '{mark}', decision: dismissed, by: 县政府办公室, reason: 上级另行统计}}" for mark in marks
    ]
    decided.write_text("decisions:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    status, checks = check(wrong, "--decisions", decided)
    assert status == 0
    assert checks["A2", "自然人"]["decision"] == "dismissed"
    moved = write_rows(tmp_path / "moved.csv", [[], *rows_of("wrong-2024.csv")])
    assert check(moved, "--decisions", decided)[0] == 0  # places do not matter,
    changed = rows_of("wrong-2024.csv")
    next(row for row in changed if "（一）予以公开" in row)[3] = "51"
    outcome = gongkai(
        capsys, "annual-report", "check", write_rows(tmp_path / "changed.csv", changed), "--decisions", decided
    )
    assert outcome.status == 1  # but other figures are decided anew
    assert "unknown-fingerprint" in outcome.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("年报.xlsx", b"not a workbook", "bad-workbook"),
        ("年报.docx", b"not a document", "bad-document"),
        ("年报.csv", "单位,数\n甲,1\n".encode(), "no-tables"),
        ("年报.pdf", b"%PDF", "unknown-format"),
        ("没有.csv", None, "no-such-file"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(
    name: str, content: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    outcome = gongkai(capsys, "annual-report", "check", path)
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err
    assert "Traceback" not in outcome.err
