"""The county's year as `docs/howto-county.md` tells it, each command run on six offices' logs as they are."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from tests.gongkai.commands import gongkai, read_verdicts

if TYPE_CHECKING:
    import pytest

    from tests.gongkai.commands import Outcome

    Capsys = pytest.CaptureFixture[str]

HOME = Path(__file__).parents[2]
OFFICES = HOME / "tests" / "data" / "offices"
SIX = (
    "县交通运输局.csv",
    "县教育和体育局.xlsx",
    "县政府办公室.xlsx",
    "县民政局.xlsx",
    "县司法局.xlsx",
    "羊山镇.xlsx",
)


def commands() -> list[list[str]]:
    """Return the commands of the page, in their order."""
    text = (HOME / "docs" / "howto-county.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("gongkai ")]


def fill_in(path: Path, back: Path) -> None:
    """Fill the first row of a list in, as a unit does, and hand it back."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    for head, value in (("责任人", "张三"), ("整改情况", "已补办"), ("整改完成日期", datetime(2023, 7, 10))):
        sheet.cell(2, heads.index(head) + 1, value)
    back.mkdir()
    book.save(back / path.name)


def test_every_command_of_the_county_s_year_runs_on_six_messy_files(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("台账").mkdir()
    for name in SIX:
        shutil.copy(OFFICES / name, Path("台账") / name)
    shutil.copy(OFFICES / "县司法局.yaml", "县司法局.yaml")
    told: dict[str, Outcome] = {}
    for command in commands():
        if "收回" in command:
            fill_in(Path("通知/问题清单_县民政局.xlsx"), Path("收回"))
        outcome = gongkai(capsys, *command)
        wrong = command[:2] == ["events", "check"]  # five cells of the six files cannot be read, and it says so
        assert outcome.status == (2 if wrong else 0), f"{command}: {outcome.err}"
        told[" ".join(command[:2])] = outcome
    left = json.loads(Path("年中/run.json").read_text(encoding="utf-8"))["left_out"]
    assert {one["unit"] for one in left} == {"jiaotong", "yangshan"}
    overview = Path("年度/index.html").read_text(encoding="utf-8")
    assert "没有读取的台账" in overview
    first = overview[overview.index('<h2 id="unfiled">') : overview.index('<h2 id="worst">')]
    assert "县财政局" in first, "who filed nothing is told first"
    records = [json.loads(line) for line in Path("年度/rectification.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["person"] for one in records if one["rectification"] == "已补办"] == ["张三"]
    assert told["compare 年中"].out.splitlines()[0].startswith("输入的变化：")
    assert Path("比较.xlsx").stat().st_size > 0
    assert {path.name for path in Path("通报").iterdir()} == {"情况通报.docx"}
    published = Path("公开/index.html").read_text(encoding="utf-8")
    assert "张三" not in published
    assert json.loads(Path("公开/receipt.json").read_text(encoding="utf-8"))["as_of"] == "2023-12-31"
    assert any(row["unit"] == "jiaoti" for row in read_verdicts(Path("另一读法")))
    assert max(path.stat().st_size for path in Path("年度").rglob("*.html")) < 350_000
    assert max(path.stat().st_size for path in Path("年度/units").iterdir()) < 150_000
