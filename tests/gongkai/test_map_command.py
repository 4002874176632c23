from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from tests.events.reading import xlsx
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    import pytest

OFFICES = Path(__file__).parents[1] / "data" / "offices"


def test_a_mapping_is_proposed_and_the_file_is_read_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("县司法局2023年工作台账",),
        ("填报单位：县司法局",),
        ("序号", "工作事项", "办理时间", "文件名称或文号", "经办人"),
        (1, "培训", dt.date(2023, 3, 22), "", "刘"),
        (2, "出台决策", dt.date(2023, 6, 26), "金司决〔2023〕1号", "刘"),
        (3, "食堂采购", dt.date(2023, 7, 20), "", ""),
        ("", "负责人签字：", "", "", ""),
    ]
    book, mapping = xlsx(tmp_path / "县司法局.xlsx", rows), tmp_path / "m.yaml"
    assert gongkai(capsys, "events", "map", book, "--out", mapping).status == 0
    text = mapping.read_text(encoding="utf-8")
    assert "files: [县司法局.xlsx]" in text
    for line in ("  工作事项: type", "  办理时间: occurred_at", "  文件名称或文号: subject"):
        assert line in text.splitlines()
    assert "  出台决策: 决策出台" in text
    assert "  食堂采购: ignore" in text
    checked = gongkai(capsys, "events", "check", book, "--mapping", mapping)
    assert (checked.status, "读到2条事件" in checked.out) == (0, True)


def test_what_has_no_tables_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK nothing")
    outcome = gongkai(capsys, "events", "map", broken)
    assert (outcome.status, outcome.out) == (2, "")
