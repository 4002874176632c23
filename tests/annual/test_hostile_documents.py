"""A Word document that means harm is a problem, and takes little memory and time."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest

from reports.annual.check.docx_document import read_document
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = "</w:body></w:document>"


def cell(text: str, form: str = "") -> str:
    """Return a cell of a table."""
    return f"<w:tc><w:tcPr>{form}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows: str) -> str:
    """Return a table of rows."""
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def document(body: str, part: str = "word/document.xml") -> bytes:
    """Return a Word document."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr(part, HEAD + body + TAIL)
    return content.getvalue()


HOSTILE = {
    "a cell over 2,000 million columns": (table(cell("甲", '<w:gridSpan w:val="2000000000"/>')), "file-too-large"),
    "rows that are all wide": (table(*([cell("甲", '<w:gridSpan w:val="2000"/>')] * 5000)), "file-too-large"),
    "broken XML": ("<w:tbl><w:tr>", "bad-document"),
    "entities": ('<!DOCTYPE x [<!ENTITY a "b">]>', "bad-document"),
    "tables in tables": ("<w:tbl><w:tr><w:tc>" * 5000, "bad-document"),
    "a part that unpacks to 64 MB": (" " * (64 << 20), "file-too-large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_with_a_trick_in_it_is_one_problem(name: str) -> None:
    body, code = HOSTILE[name]
    raw = document(body)
    tracemalloc.start()
    began = time.process_time()
    found, problem = read_document(raw, "报告.docx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is None
    assert problem is not None
    assert (problem.code, problem.where.file) == (code, "报告.docx")
    assert peak < 200 << 20
    assert time.process_time() - began < 10


def test_merged_cells_have_their_text_in_each_place_and_stray_merges_their_own() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (cell("甲", down) + cell("乙", '<w:gridSpan w:val="2"/>'), cell("", on) + cell("丙", on) + cell("丁"))
    found, problem = read_document(document(table(*rows) + table(cell("戊", on))), "a.docx")
    assert problem is None
    assert found is not None
    assert found.tables == [[["甲", "乙", "乙"], ["甲", "乙", "丁"]], [["戊"]]]


def test_the_check_of_a_hostile_document_ends_with_its_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(document(HOSTILE["a cell over 2,000 million columns"][0]))
    outcome = gongkai(capsys, "annual-report", "check", path)
    assert (outcome.status, "[file-too-large]" in outcome.err) == (2, True)
    path.write_bytes(document(table(cell("戊", "<w:vMerge/>"))))
    assert "[no-tables]" in gongkai(capsys, "annual-report", "check", path).err


def test_a_pipe_in_the_place_of_a_report_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    os.mkfifo(path)
    outcome = gongkai(capsys, "annual-report", "check", path)
    assert (outcome.status, "管道" in outcome.err) == (2, True)
