from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import docx
import pytest

from tests.events.reading import HEADINGS, codes, column, csv_file, csv_text, event, jsonl, only, parquet, read, xlsx

ROWS = [HEADINGS, ("1", "业务培训", "县民政局", "2023-07-14")]


def zipped(**files: bytes) -> bytes:
    """Return a zip file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_a_folder_stands_for_its_event_files(tmp_path: Path) -> None:
    csv_file(tmp_path / "b.CSV", ROWS)
    jsonl(tmp_path / "a.jsonl", event("2"))
    jsonl(tmp_path / ".hidden.jsonl", event("3"))
    (tmp_path / "~$b.xlsx").write_bytes(b"open in an office")
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "older").mkdir()
    jsonl(tmp_path / "older" / "c.jsonl", event("4"))
    log = read(tmp_path)
    assert (codes(log), column(log, "id")) == (["files-not-read", "folder-not-read"], ["2", "1"])
    assert "notes.txt" in log.problems[0].fact.zh
    assert not any(one.severity == "error" for one in log.problems)
    assert [Path(file.path).name for file in log.files] == ["a.jsonl", "b.CSV"]


def test_a_folder_without_logs_says_which_files_are_logs(tmp_path: Path) -> None:
    problem = only(read(tmp_path))
    assert (problem.code, str(problem.where)) == ("no-event-files", str(tmp_path))
    assert ".xlsx" in problem.cure.zh


def test_a_file_that_is_not_there_is_a_problem_with_the_nearest_name(tmp_path: Path) -> None:
    csv_file(tmp_path / "台账2023.csv", ROWS)
    problem = only(read(tmp_path / "台账2032.csv"))
    assert problem.code == "no-such-file"
    assert "台账2023.csv" in problem.cure.zh
    assert codes(read(tmp_path / "nowhere" / "log.csv", tmp_path / "log")) == ["no-such-file", "no-such-file"]


def test_a_name_that_the_system_refuses_is_a_problem(tmp_path: Path) -> None:
    assert codes(read(tmp_path / ("x" * 300 + ".csv"))) == ["unreadable-file"]


def test_all_files_are_read_where_one_of_them_is_wrong(tmp_path: Path) -> None:
    log = read(
        tmp_path / "none.csv",
        jsonl(tmp_path / "a.jsonl", event("1", unit="无")),
        jsonl(tmp_path / "b.jsonl", event("2")),
    )
    assert sorted(codes(log)) == ["no-such-file", "unknown-unit"]
    assert column(log, "id") == ["2"]


@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv", "tsv", "xlsx", "parquet"])
def test_an_empty_file_is_a_problem(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"log.{suffix}"
    path.write_bytes(b"")
    problem = only(read(path))
    assert (problem.code, str(problem.where)) == ("empty-file", str(path))
    assert problem.severity == ("warning" if suffix == "jsonl" else "error")


@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("content", [b" \r\n \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\r\n"])
def test_a_file_of_blanks_is_empty(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"log.{suffix}"
    path.write_bytes(content)
    assert codes(read(path)) == ["empty-file"]


def test_a_workbook_without_any_cell_is_empty(tmp_path: Path) -> None:
    assert codes(read(xlsx(tmp_path / "log.xlsx", []))) == ["empty-file"]


@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary-file"),
        (b"%PDF-1.7\n", "binary-file"),
        (zipped(a=b"b"), "binary-file"),
        (gzip.compress(b"text", mtime=0), "binary-file"),
        (b"PAR1", "binary-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary-file"),
        (b"\x81\xff\xff\x80", "bad-encoding"),
        ("一二三四五六七八九十".encode() * 2 + b"\xff", "bad-encoding"),
        (b"\xff\xfe\x00", "bad-encoding"),
    ],
)
def test_a_file_that_is_no_text_is_one_problem(tmp_path: Path, suffix: str, content: bytes, code: str) -> None:
    path = tmp_path / f"log.{suffix}"
    path.write_bytes(content)
    assert codes(read(path)) == [code]


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_a_nul_byte_names_its_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"log.{suffix}"
    path.write_bytes(b"id,type\n1,training\n2,\x00\n")
    assert (only(read(path)).code, only(read(path)).where.line) == ("binary-file", 3)


def test_damaged_utf8_names_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(
        csv_text([*ROWS, ("2", "业务培训", "县民政局县民政局", "2023-07-14")]).encode()[:-14] + b"\xff,2023\r\n"
    )
    problem = only(read(path))
    assert (problem.code, problem.where.line) == ("bad-encoding", 3)
    assert "UTF-8" in problem.cure.zh


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a workbook", "bad-workbook"),
        (zipped(a=b"b"), "bad-workbook"),
        (zipped(**{"xl/workbook.xml": b"<workbook>", "xl/worksheets/sheet1.xml": b"<<<"}), "bad-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "locked-file"),
        (b"PK\x03\x04", "bad-workbook"),
    ],
)
def test_a_workbook_that_cannot_be_opened_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(content)
    assert codes(read(path)) == [code]


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1\x00\x00PAR1", b"no parquet at all"])
def test_a_parquet_file_that_cannot_be_opened_is_one_problem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(content)
    assert codes(read(path)) == ["bad-parquet"]


@pytest.mark.parametrize(
    ("name", "cure"), [("log.xls", "另存为 .xlsx"), ("log.ods", ".xlsx"), ("log.doc", ".csv"), ("log", ".csv")]
)
def test_another_extension_says_what_to_do(tmp_path: Path, name: str, cure: str) -> None:
    (tmp_path / name).write_text("x")
    assert only(read(tmp_path / name)).code in {"unknown-format", "bad-workbook"}
    assert cure in only(read(tmp_path / name)).cure.zh


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['{"id": 1', "{}x", "[1]x"], [("json-syntax", 1), ("json-syntax", 2), ("json-syntax", 3)]),
        (["7", '"x"', "null"], [("not-an-object", 1), ("not-an-object", 2), ("not-an-object", 3)]),
        (['{"id": "1", "id": "2"}'], [("json-syntax", 1)]),
        (['{"id": NaN}', '{"id": 1e999}'], [("json-syntax", 1), ("json-syntax", 2)]),
        (['{"a": ' * 100_000], [("json-syntax", 1)]),
        (['{"id": ' + "9" * 5000 + "}"], [("json-syntax", 1)]),
    ],
)
def test_json_that_is_wrong_names_each_line(tmp_path: Path, lines: list[str], expected: list[tuple[str, int]]) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(["", *lines]), encoding="utf-8")
    assert [(one.code, (one.where.line or 0) - 1) for one in read(path).problems] == expected


def test_a_document_of_json_that_breaks_off_names_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text('[\n{"id": "1"},\n{"id": ', encoding="utf-8")
    assert ("json-syntax", 3) in [(one.code, one.where.line) for one in read(path).problems]


def test_a_log_of_one_column_store_without_rows_is_no_problem(tmp_path: Path) -> None:
    log = read(parquet(tmp_path / "log.parquet", {name: [] for name in HEADINGS}))
    assert (log.problems, log.table.num_rows) == ((), 0)


def test_what_else_lies_in_a_folder_is_told(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", event("1"))
    for name in (
        "县教体局.pdf",
        "县司法局.zip",
        "县水务局.wps",
        "旧.doc",
        "Thumbs.db",
        "a.xlsx.tmp",
        "说明.md",
        "b.numbers",
    ):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "县财政局" / "上半年").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    jsonl(tmp_path / "out" / "verdicts.jsonl", event("2"))
    (tmp_path / "out" / "run.json").write_text("{}")
    log = read(tmp_path)
    told = {(one.code, Path(one.where.file).name) for one in log.problems}
    assert told == {
        ("file-not-read", "县教体局.pdf"),
        ("file-not-read", "县司法局.zip"),
        ("file-not-read", "县水务局.wps"),
        ("file-not-read", "旧.doc"),
        ("unknown-format", "b.numbers"),
        ("folder-not-read", "县财政局"),
        ("files-not-read", tmp_path.name),
    }


def test_a_document_of_a_folder_needs_no_log_in_it(tmp_path: Path) -> None:
    paper = docx.Document()
    paper.add_paragraph("关于报送台账的通知")
    paper.add_table(1, 2).rows[0].cells[0].text = "联系人"
    paper.save(str(tmp_path / "通知.docx"))
    jsonl(tmp_path / "a.jsonl", event("1"))
    assert [(one.code, one.severity) for one in read(tmp_path).problems] == [("no-headings", "warning")]
    assert [(one.code, one.severity) for one in read(tmp_path / "通知.docx").problems] == [("no-headings", "error")]


def test_a_folder_of_an_office_as_it_lies_on_a_disk(tmp_path: Path) -> None:
    """Copies of one file are read once; what is open, hidden or left over is passed over; the rest is read or told."""
    rows = [HEADINGS, ("1", "业务培训", "县民政局", "2023-07-14")]
    for name in ("县民政局.xlsx", "县民政局(1).xlsx", "县民政局 - 副本.xlsx"):
        xlsx(tmp_path / name, rows)
    xlsx(tmp_path / "大写.xlsx", [HEADINGS, ("2", "业务培训", "县民政局", "2023-07-15")]).rename(tmp_path / "大写.XLSX")
    paper = docx.Document()
    table = paper.add_table(2, len(HEADINGS))
    for row, cells in zip(table.rows, (HEADINGS, ("3", "业务培训", "县民政局", "2023-07-16")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    paper.save(str(tmp_path / "县民政局补充.docx"))
    for name in (
        ".DS_Store",
        "._县民政局.xlsx",
        ".~县民政局.xlsx",
        "~$县民政局.xlsx",
        "县民政局.xlsx.tmp",
        "desktop.ini",
    ):
        (tmp_path / name).write_bytes(b"x")
    for name in ("县交通局.ett", "县交通局.xltx", "县公安局.xlsb", "县司法局.rar", "县审计局.htm"):
        (tmp_path / name).write_bytes(b"not what its name says")
    (tmp_path / "二级").mkdir()
    xlsx(tmp_path / "二级" / "下属.xlsx", [HEADINGS, ("9", "业务培训", "县民政局", "2023-07-17")])
    log = read(tmp_path)
    assert sorted(column(log, "id")) == ["1", "2", "3"]
    assert {(one.code, Path(one.where.file).name, one.severity) for one in log.problems} == {
        ("bad-workbook", "县交通局.ett", "error"),
        ("bad-workbook", "县交通局.xltx", "error"),
        ("bad-workbook", "县公安局.xlsb", "error"),
        ("file-not-read", "县司法局.rar", "warning"),
        ("file-not-read", "县审计局.htm", "warning"),
        ("folder-not-read", "二级", "warning"),
    }
    inside = next(one for one in log.problems if one.code == "folder-not-read")
    assert f"--events … {tmp_path / '二级'}" in inside.cure.zh
    assert column(read(tmp_path / "二级"), "id") == ["9"]
