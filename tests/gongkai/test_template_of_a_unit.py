from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_template_begins_with_what_the_rules_of_its_unit_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    assert gongkai(capsys, "events", "template", "--unit", "县民政局", "--out", path).status == 0
    book = openpyxl.load_workbook(path)
    lists = {column[0]: list(column[1:]) for column in book["选项"].iter_cols(values_only=True)}
    assert lists["类型"].index("指标上报") < lists["类型"].index("征收土地预公告")
    assert lists["指标"][:2].count(None) == 0
    assert "家庭养老床位" in lists["指标"]
    assert "2.4" in lists["涉及任务"]
    headings = [str(cell.value).rstrip("*") for cell in book.worksheets[0][1]]
    assert headings.index("指标") < headings.index("补偿安置方案内容")


def test_a_template_knows_the_words_of_the_county(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, path = tmp_path / "words.yaml", tmp_path / "台账.xlsx"
    words.write_text("types:\n  hearing.held: {zh: 听证会, subject: required}\n", encoding="utf-8")
    outcome = gongkai(
        capsys, "events", "template", "--type", "听证会", "--vocabulary", words, "--unit", "县民政局", "--out", path
    )
    assert (outcome.status, outcome.err) == (0, "")
    assert openpyxl.load_workbook(path)["选项"]["A2"].value == "听证会"
