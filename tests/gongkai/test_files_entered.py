"""How many files a reader has to go through from a cell to a verdict: the count of a profiler, which must not grow."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from types import FrameType

    import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST = 130
"""So many are entered in a process that has read nothing before. The aim was 60; styles of cells, figures with units,
several tables in a sheet came since."""


def test_from_a_cell_to_a_verdict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "事项类型", "单位", "文号", "日期", "是否征求意见"])
    sheet.append(["e1", "决策文件出台", "县民政局", "金民发〔2023〕1号", "2023-03-02", "是"])
    sheet.append(["e2", "意见采纳情况公开", "县民政局", "金民发〔2023〕1号", "2023-03-06", None])
    book.save(tmp_path / "log.xlsx")
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(str(ROOT)):
            entered.add(code.co_filename.removeprefix(f"{ROOT}/"))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        asked = ("--events", tmp_path / "log.xlsx", "--as-of", "2023-12-31")
        outcome = gongkai(capsys, "explain", "jinxiang-2023/8.2.feedback/minzheng/e1", *asked)
    finally:
        sys.setprofile(before)
    assert outcome.status == 0, outcome.err
    packages = ("events/", "rules/", "engine/", "reports/", "gongkai/")
    found = sorted(name for name in entered if name.startswith(packages))
    assert "events/sheets/body.py" in found
    assert "engine/judge.py" in found
    assert len(found) <= MOST, found
