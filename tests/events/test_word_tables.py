"""Ledgers in Word: content controls, accepted changes, and cells that claim to span more than there is."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import OxmlElement

from tests.events.reading import column, read

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (("类型", "单位", "发生日期"), ("业务培训", "县民政局", "2023-07-14"))
CELL = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>单位</w:t></w:r></w:p></w:tc>"


def with_body(path: Path, body: str) -> Path:
    """Write a Word document with a body of its own."""
    sound = io.BytesIO()
    docx.Document().save(sound)
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                head = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                part = f"{head}{body}</w:body></w:document>".encode()
            target.writestr(name, part)
    return path


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (CELL.format('<w:gridSpan w:val="2000000000"/>'), "file-too-large"),
        (CELL.format('<w:gridSpan w:val="99999999999999999999999999"/>'), "file-too-large"),
        (CELL.format('<w:gridSpan w:val="150"/>') * 40, "file-too-large"),
        (CELL.format("<w:vMerge/>"), "no-headings"),
        (CELL.format('<w:gridSpan w:val="-3"/><w:vMerge w:val="continue"/>'), "no-headings"),
    ],
)
def test_cells_that_span_too_much_or_nothing_are_told(tmp_path: Path, cells: str, code: str) -> None:
    path = with_body(tmp_path / "log.docx", f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
    assert [one.code for one in read(path).problems] == [code]


def test_rows_that_are_wide_together_are_told(tmp_path: Path) -> None:
    row = "<w:tr>" + CELL.format('<w:gridSpan w:val="1999"/>') + "</w:tr>"
    path = with_body(tmp_path / "log.docx", f"<w:tbl>{row * 2600}</w:tbl>")
    assert [one.code for one in read(path).problems] == ["file-too-large"]


def test_a_table_in_a_content_control_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for number, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            table.cell(number, place).text = cell
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    table._tbl.addprevious(control)
    content.append(table._tbl)
    control.append(content)
    document.save(str(tmp_path / "log.docx"))
    assert column(read(tmp_path / "log.docx"), "unit") == ["minzheng"]


def test_a_cell_is_read_with_its_changes_accepted(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for number, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            table.cell(number, place).text = cell
    paragraph = table.cell(1, 2).paragraphs[0]
    paragraph.runs[0].text = "2023-07-"
    for tag, name, text in (("w:del", "w:delText", "14"), ("w:ins", "w:t", "15")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(name)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    document.save(str(tmp_path / "log.docx"))
    assert [str(one)[:10] for one in column(read(tmp_path / "log.docx"), "occurred_at")] == ["2023-07-15"]
