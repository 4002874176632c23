"""Input that means harm: a problem, and no more memory or time than is stated."""

from __future__ import annotations

import os
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from events.limits import Limits, read_limits, using
from tests.events.heavy import HEAVY
from tests.events.hostile import (
    ROW,
    SHEET,
    STRINGS,
    costs,
    far_cell,
    in_workbook,
    lying,
    packed,
    repeated,
    workbook,
)
from tests.events.reading import HEADINGS, codes, column, csv_file, csv_text, only, parquet, read, xlsx
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"ha" * 50 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)) + b"]>"
)  # fmt: skip
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def entities(name: str, head: bytes, use: bytes) -> bytes:
    """Return a workbook with entities in a part."""
    text = workbook()[name].split(b"?>", 1)[1]
    return in_workbook(
        lambda parts: parts.update({name: head + text.replace(b"1</", use + b"</").replace(b">id<", b">" + use + b"<")})
    )


def twice() -> bytes:
    """Return a workbook that has its sheet twice."""
    return packed({**workbook(), SHEET.replace("sheet1", "Sheet1"): b"<worksheet/>"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (entities(SHEET, LAUGHS, b"&j;"), "bad-workbook"),
        (entities(SHEET, OUTSIDE, b"&a;"), "bad-workbook"),
        (entities(STRINGS, LAUGHS, b"&j;"), "bad-workbook"),
        (entities(STRINGS, OUTSIDE, b"&a;"), "bad-workbook"),
        (entities(SHEET, OUTSIDE.decode().encode("utf-16"), b"&a;"), "bad-workbook"),
        (lying(packed(workbook()), SHEET, 100), "bad-workbook"),
        (lying(packed(workbook()), SHEET, 10**9), "file-too-large"),
        (twice(), "bad-workbook"),
        (packed({**workbook(), **{f"xl/{n}.xml": b"" for n in range(10_001)}}), "file-too-large"),
        (in_workbook(lambda parts: parts.pop(SHEET)), "missing-sheet"),
        (in_workbook(lambda parts: parts.pop("xl/workbook.xml")), "bad-workbook"),
        (packed({"xl/workbook.xml": packed(workbook())}), "bad-workbook"),
        (packed(workbook())[:-30], "bad-workbook"),
        (packed(workbook())[:300], "bad-workbook"),
    ],
)  # fmt: skip
def test_a_workbook_with_a_trick_in_it_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(content)
    tracemalloc.start()
    problem = only(read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (problem.code, peak < 40 << 20) == (code, True)
    assert "root:" not in problem.line()


REFERENCES = [
    "xfd1048576",
    "a1",
    "A4294967295",
    "AAAAAA5",
    "xfd20000",
    "XFE1",
    "A1048577",
    "A0",
    "1",
    "A",
    "A1:B2",
    "Ａ1",
    "",
]


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_cell_that_no_sheet_has_is_told(tmp_path: Path, reference: str) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(far_cell(reference))
    problem = only(read(path))
    assert (problem.code, problem.where.sheet) == ("bad-cell-reference", "台账")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"/>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="5"><c r="A6"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1"/><c><v>1</v></c></row>',
        '<row r="x"/>',
    ],
)
def test_a_row_that_no_sheet_has_or_that_its_cells_deny_is_told(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "log.xlsx"
    parts = workbook()
    path.write_bytes(packed({**parts, SHEET: parts[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")}))
    assert only(read(path)).code == "bad-cell-reference"


def test_a_sheet_in_another_encoding_than_the_reader_of_cells_sees_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    parts = workbook()
    text = parts[SHEET].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    path.write_bytes(packed({**parts, SHEET: text.encode("utf-16")}))
    assert only(read(path)).code == "bad-workbook"


def test_a_text_that_many_cells_share_counts_once_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(repeated(40, 30_000))
    with using(Limits(text_bytes=1_000_000)):
        problem = only(read(path))
    assert (problem.code, problem.value, problem.where.sheet) == ("file-too-large", "text_bytes", "台账")
    path.write_bytes(in_workbook(lambda parts: parts.update({SHEET: parts[SHEET].replace(b"<v>0</v>", b"<v>9</v>")})))
    assert only(read(path)).code == "bad-workbook"


def test_many_sheets_that_are_one_part_count_each(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    parts = workbook()
    name = "xl/workbook.xml"
    start, end = parts[name].index(b"<sheet "), parts[name].index(b"</sheets>")
    sheet = parts[name][start:end]
    more = b"".join(sheet.replace("台账".encode(), b"s%d" % number) for number in range(20))
    path.write_bytes(packed({**parts, name: parts[name][:start] + more + parts[name][end:]}))
    with using(Limits(cells=100)):
        assert {one.code for one in read(path).problems} == {"file-too-large"}


def test_parts_that_are_not_read_may_be_anything(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    path.write_bytes(
        packed({**workbook(), "xl/media/image1.xml": OUTSIDE, "../../etc/x.xml": LAUGHS, "xl/vbaProject.bin": b"x"})
    )
    assert (read(path).problems, column(read(path), "id")) == ((), ["1"])


def test_what_is_too_much_takes_little_memory_and_time(tmp_path: Path) -> None:
    paths = []
    for number, (suffix, make, _) in enumerate(HEAVY.values()):
        paths.append(tmp_path / f"{number}{suffix}")
        make(paths[-1])
    for (name, (_, _, code)), took in zip(HEAVY.items(), costs(paths), strict=True):
        assert code in took.codes or not (code or took.codes), (name, took)
        assert took.count <= Limits().problems + 1, (name, took)
        assert took.mb < 500, (name, took)
        assert took.seconds < 20, (name, took)


def test_a_limit_can_be_changed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = xlsx(tmp_path / "log.xlsx", [HEADINGS, *((str(n), *ROW[1:]) for n in range(30))])
    assert read(path).problems == ()
    with using(Limits(cells=100)):
        problem = only(read(path))
    assert (problem.code, problem.where.sheet) == ("file-too-large", "台账")
    assert "GONGKAI_LIMITS=cells=" in problem.cure.zh
    monkeypatch.setenv("GONGKAI_LIMITS", "cells=100, problems=5")
    assert "[file-too-large]" in gongkai(capsys, "events", "check", path).err
    monkeypatch.setenv("GONGKAI_LIMITS", "cels=100,problems=0")
    outcome = gongkai(capsys, "events", "check", path)
    assert (outcome.status, outcome.err.count("[bad-limit]"), "是不是“cells”" in outcome.err) == (2, 2, True)


@pytest.mark.parametrize("name", ["file_bytes", "unpacked_bytes", "entries", "columns", "cells"])
def test_every_limit_holds(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "log.xlsx", [HEADINGS, ROW])
    with using(read_limits(f"{name}=3")[0]):
        assert codes(read(path)) == ["file-too-large"]


def test_links_pipes_and_devices_in_a_folder_are_told_and_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    csv_file(folder / "good.csv", [HEADINGS, ROW])
    secret = csv_file(tmp_path / "secret.csv", [HEADINGS, ("2", *ROW[1:])])
    (folder / "link.csv").symlink_to(secret)
    (folder / "loop.jsonl").symlink_to(folder / "loop.jsonl")
    (folder / "zero.json").symlink_to("/dev/zero")
    (folder / "up").symlink_to(tmp_path)
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    os.mkfifo(folder / "pipe.jsonl")
    log = read(folder)
    assert column(log, "id") == ["1"]
    told = ["files-not-read", *["link-not-followed"] * 3, "locked-file", "not-a-file"]
    assert sorted(codes(log)) == told
    assert codes(read(folder / "pipe.jsonl")) == ["not-a-file"]
    assert codes(read(folder / "zero.json")) == ["not-a-file"]
    assert column(read(folder / "link.csv"), "id") == ["2"]


def test_a_name_that_is_no_text_can_be_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    csv_file(path, [HEADINGS, ROW, ("2", "x", "y", "z")])
    outcome = gongkai(capsys, "events", "check", tmp_path, "--show")
    assert (outcome.status, outcome.err.count("\\xff\\xfe.csv:3:")) == (2, 3)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_a_file_that_breaks_off_anywhere_is_events_or_problems(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"log{suffix}"
    if suffix == ".parquet":
        parquet(path, {name: [cell] for name, cell in zip(HEADINGS, ROW, strict=True)})
    elif suffix == ".xlsx":
        xlsx(path, [HEADINGS, ROW])
    else:
        path.write_text(csv_text([HEADINGS, ROW]) if suffix == ".csv" else '{"id": "1", "type": "training.held"}\n')
    whole = path.read_bytes()
    last = whole.index(b"2023") if suffix == ".csv" else len(whole) - 2  # a row that is cut in its date is a row
    for end in range(0, last, max(len(whole) // 40, 1)):
        path.write_bytes(whole[:end])
        assert read(path).problems or whole[:end].split() == [",".join(HEADINGS).encode()], end
