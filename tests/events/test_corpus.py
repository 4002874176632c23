"""Workbooks of the programs that offices use: what a person sees in a cell is what is read, or a problem names it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from tests.events.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from events.read import ReadResult

HEAD = ("编号", "类型", "单位", "主题", "发生日期", "指标", "数值", "参加人数")
SOFFICE = shutil.which("soffice")

CELLS: tuple[tuple[str, dict[str, Any], dict[str, str], str], ...] = (
    # what is in the cells, their number formats, and what a person sees: the subject, the day, the figure
    ("text", {"发生日期": "2023年7月14日", "数值": "9000人次"}, {}, "县|2023-07-14|9000 人次"),
    ("date", {"发生日期": date(2023, 7, 14), "数值": 12}, {"发生日期": "yyyy-mm-dd"}, "县|2023-07-14|12"),
    ("time", {"发生日期": datetime(2023, 7, 14, 9, 30)}, {"发生日期": "yyyy/m/d h:mm"}, "县|2023-07-14T09:30:00|"),
    ("month", {"发生日期": date(2023, 7, 1)}, {"发生日期": 'yyyy"年"m"月"'}, "!E"),
    ("no year", {"发生日期": date(2023, 7, 14)}, {"发生日期": 'm"月"d"日"'}, "!E"),
    ("percent", {"发生日期": "2023-07-14", "数值": 0.97}, {"数值": "0%"}, "县|2023-07-14|97 %"),
    ("ten thousands", {"发生日期": "2023-07-14", "数值": 9000}, {"数值": '0!.0,"万"'}, "县|2023-07-14|0.9 万"),
    ("noughts", {"主题": 12, "发生日期": "2023-07-14"}, {"主题": "000000"}, "000012|2023-07-14|"),
    (
        "number",
        {"主题": 26, "发生日期": "2023-07-14"},
        {"主题": '"金政办字〔2023〕"0"号"'},
        "金政办字〔2023〕26号|2023-07-14|",
    ),
    ("two decimals", {"主题": 3.1, "发生日期": "2023-07-14"}, {"主题": "0.00"}, "3.10|2023-07-14|"),
    ("thousands", {"发生日期": "2023-07-14", "数值": 1234567.5}, {"数值": "#,##0.00"}, "县|2023-07-14|1234567.5"),
)
"""Cells, and what is seen in them; `!E` is the column of the cell that has to be told."""


def cells(number: int, changes: dict[str, Any]) -> list[Any]:
    """Return a row of the corpus."""
    plain = {"编号": f"k{number}", "类型": "指标上报", "单位": "县民政局", "主题": "县", "指标": f"甲{number}"}
    return [{**plain, **changes}.get(name) for name in HEAD]


def with_xlsxwriter(path: Path) -> None:
    """Write the corpus with XlsxWriter."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, HEAD)
    for number, (_, changes, formats, _) in enumerate(CELLS, 1):
        for column, value in enumerate(cells(number, changes)):
            look = book.add_format({"num_format": formats.get(HEAD[column], "General")})
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, look)
            elif value is not None:
                sheet.write(number, column, value, look)
    book.close()


def with_openpyxl(path: Path) -> None:
    """Write the corpus with openpyxl."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("台账", 0)
    sheet.append(HEAD)
    for number, (_, changes, formats, _) in enumerate(CELLS, 2):
        for column, value in enumerate(cells(number - 1, changes), 1):
            cell = sheet.cell(number, column, value)
            if HEAD[column - 1] in formats:
                cell.number_format = formats[HEAD[column - 1]]
    book.save(path)


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the corpus as LibreOffice saves it, by format."""
    folder = tmp_path_factory.mktemp("corpus")
    source = folder / "台账.xlsx"
    with_openpyxl(source)
    found = {}
    for kind in ("xlsx", "xls", "ods"):
        out = folder / kind
        command = [str(SOFFICE), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=120)
        found[kind] = out / f"台账.{kind}"
    return found


def assert_seen(log: ReadResult, other: dict[str, str] | None = None) -> None:
    """Check that each row is read as it is seen, or its cell is told; `other` is what a program shows otherwise."""
    rows = {one["id"]: one for one in log.table.to_pylist()}
    for number, (name, _, _, usual) in enumerate(CELLS, 1):
        seen = (other or {}).get(name, usual)
        if seen.startswith("!"):
            assert f"{seen[1:]}{number + 1}" in {one.where.cell for one in log.problems if one.severity == "error"}, (
                name
            )
            assert f"k{number}" not in rows, name
            continue
        row = rows[f"k{number}"]
        moment = row["occurred_at"].isoformat() if row["timed"] else row["occurred_at"].date().isoformat()
        value = "" if row["data.value"] is None else f"{row['data.value']:.15g}"
        figure = " ".join(filter(None, (value, row["data.unit_of_measure"])))
        assert f"{row['subject']}|{moment}|{figure}" == seen, name


@pytest.mark.parametrize("write", [with_xlsxwriter, with_openpyxl])
def test_what_is_seen_in_a_workbook_is_read(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path / "台账.xlsx")
    assert_seen(read(tmp_path / "台账.xlsx"))


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_is_seen_in_a_file_of_libreoffice_is_read(converted: dict[str, Path], kind: str) -> None:
    # LibreOffice does not know ! in a format: in it the cell shows 9.0万
    assert_seen(read(converted[kind]), {"ten thousands": "县|2023-07-14|9 万"})


def struck_out(rows: Sequence[int]) -> Callable[[Path], None]:
    """Return what writes a log in which some rows, or cells of row 3, are struck out."""

    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.create_sheet("台账", 0)
        for line in (
            ("编号", "类型", "单位", "发生日期"),
            *(("abc"[n], "业务培训", "县民政局", "2023-07-14") for n in range(3)),
        ):
            sheet.append(line)
        for number in rows:
            for cell in sheet[number] if number != 3 else (sheet["C3"],):
                cell.font = Font(strike=True)
        book.save(path)

    return write


def test_what_is_struck_out_is_told(tmp_path: Path) -> None:
    struck_out((2, 3))(tmp_path / "台账.xlsx")
    log = read(tmp_path / "台账.xlsx")
    assert log.table["id"].to_pylist() == ["c"]
    assert [(one.code, one.where.cell) for one in log.problems] == [("row-passed-over", "A2"), ("struck-out", "C3")]


def test_raised_digits_lead_to_a_footnote(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "台账.xlsx")
    sheet, raised = book.add_worksheet("台账"), book.add_format({"font_script": 1})
    sheet.write_row(0, 0, ("编号", "类型", "单位", "发生日期", "参加人数"))
    sheet.write_row(1, 0, ("1", "业务培训", "县民政局", "2023-07-14"))
    sheet.write_rich_string(1, 4, "30", raised, "1")
    book.close()
    log = read(tmp_path / "台账.xlsx")
    assert log.table["data.participants"].to_pylist() == [30]
    assert [(one.code, one.where.cell) for one in log.problems] == [("footnote-mark", "E2")]
