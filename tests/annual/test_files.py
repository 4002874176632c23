from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document

from reports.annual.files import file_names, stem_of, write_reports
from reports.annual.form import COLUMNS, DISPUTES, RESULTS, RULE, SECTIONS, TOTAL, form_of, four, three
from reports.annual.report import AnnualReport
from reports.annual.xlsx import GAPS

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = '=HYPERLINK("http://example.com")<script>../../x\u202e'


def made(year: int, name: str = "县民政局", blank: str | None = None) -> AnnualReport:
    """Return a report whose figures are all different, so that each has one place only."""
    form = form_of(year)
    assert form is not None
    cells: dict[str, float | None] = {key: float(number) for number, key in enumerate(form.labels, start=1000)}
    if blank is not None:
        cells[blank] = None
    return AnnualReport("minzheng", name, year, form, cells)


@pytest.mark.parametrize("year", [2020, 2023])
def test_both_files_have_the_rows_and_columns_of_the_form_with_the_figures_in_them(year: int, tmp_path: Path) -> None:
    blank = three("granted", "business")
    report = made(year, blank=blank)
    write_reports([report], tmp_path)
    book = openpyxl.load_workbook(tmp_path / f"{stem_of(report)}.xlsx")
    assert book.sheetnames == ["主动公开", "申请办理", "复议诉讼", "正文", GAPS]
    sheet = book["申请办理"]
    document = Document(str(tmp_path / f"{stem_of(report)}.docx"))
    table = document.tables[1]
    assert len(table.rows) == 3 + len(report.form.rows) == {2020: 26, 2023: 28}[year]
    assert sheet["A2"].value == table.cell(0, 0).text == RULE
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A2:C4", "D2:J2", "D3:D4", "E3:I3", "J3:J4", "A5:C5"} <= merged
    for number, row in enumerate(report.form.rows):
        label = sheet.cell(5 + number, len(row.labels)).value
        assert label == table.cell(3 + number, len(row.labels) - 1).text == row.labels[-1]
        for place, column in enumerate(COLUMNS):
            value = report.cells[three(row.id, column.id)]
            assert sheet.cell(5 + number, 4 + place).value == value
            assert table.cell(3 + number, 3 + place).text == ("" if value is None else str(int(value)))
    disputes = [report.cells[four(one.id, two.id)] for one in DISPUTES for two in RESULTS]
    assert [cell.value for cell in book["复议诉讼"][5]] == disputes
    assert [cell.text for cell in document.tables[2].rows[3].cells] == [str(int(value or 0)) for value in disputes]
    numbers = {
        cell.value for row in book["主动公开"].iter_rows() for cell in row if isinstance(cell.value, int | float)
    }
    assert numbers == {value for key, value in report.cells.items() if key.startswith("two.")}


def test_the_six_sections_stand_in_order_with_figures_and_marked_gaps(tmp_path: Path) -> None:
    report = made(2023, blank=three("carried_in", TOTAL))
    write_reports([report], tmp_path)
    document = Document(str(tmp_path / f"{stem_of(report)}.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [text for text in texts if text in SECTIONS] == list(SECTIONS)
    requests = next(text for text in texts if text.startswith("（二）依申请公开"))
    assert f"新收政府信息公开申请{report.cells[three('received', TOTAL)]:.0f}件" in requests
    assert "上年结转【待填写：二、上年结转政府信息公开申请数量·总计】件" in requests
    marked = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.font.highlight_color]
    assert marked
    assert all(text.startswith("【待填写：") for text in marked)
    assert "".join(texts).count("【待填写：") == len(marked)
    sheet = openpyxl.load_workbook(tmp_path / f"{stem_of(report)}.xlsx")[GAPS]
    assert {str(row[0].value) for row in sheet.iter_rows(min_row=2)} >= set(marked)


def test_hostile_names_stay_text_and_inside_the_folder(tmp_path: Path) -> None:
    report = made(2023, name=HOSTILE)
    write_reports([report], tmp_path / ".")
    assert {path.name for path in tmp_path.iterdir()} == {f"minzheng-2023{end}" for end in (".xlsx", ".docx", ".json")}
    book = openpyxl.load_workbook(tmp_path / "minzheng-2023.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(HOSTILE in str(cell.value) for cell in cells)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_both(tmp_path: Path) -> None:
    report = made(2023)
    write_reports([report], tmp_path)
    files = [str(tmp_path / f"{stem_of(report)}{end}") for end in (".docx", ".xlsx")]
    for number, file in enumerate(files):
        profile = f"-env:UserInstallation={(tmp_path / f'profile{number}').as_uri()}"
        out = tmp_path / str(number)
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), file]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pdf = next(out.glob("*.pdf"))
        command = ["pdftotext", "-layout", str(pdf), "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for key in (three("received", "natural_person"), three("carried_out", TOTAL), four("direct_lawsuit", "open")):
            assert f"{report.cells[key]:.0f}" in text, (file, key)


def test_units_whose_names_differ_in_case_alone_have_files_of_their_own(tmp_path: Path) -> None:
    reports = [made(2023, "A区管委会"), replace(made(2023, "a区管委会"), unit="other")]
    names = {one.casefold() for one in file_names(reports)}
    assert len(names) == 6
    write_reports(reports, tmp_path)
    assert {one.name.casefold() for one in tmp_path.iterdir()} == names
