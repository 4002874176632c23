"""What .xlsb and .xls workbooks say beside the values: formats, fonts, hidden rows."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from events.formats.compound_file import CompoundFile
from events.formats.office.binary_workbook import binary_marks
from events.formats.office.old_workbook import old_marks
from events.formats.office.workbooks import read_sheets
from events.read import read_events
from rules.loading.registry import UNITS, load_registry
from tests.events.binary_writer import Cell, write

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEETS = Path(__file__).parents[1] / "data" / "sheets"
HEAD = ("编号", "类型", "单位", "主题", "发生日期", "指标", "数值")


def told(path: Path) -> tuple[list[dict[str, object]], set[tuple[str, str | None]]]:
    """Return the entries of a file, and code and cell of each problem."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = read_events([path], registry)
    columns = ["id", "subject", "data.value", "data.unit_of_measure"]
    return log.table.select(columns).to_pylist(), {(one.code, one.where.cell) for one in log.problems}


def test_the_formats_of_a_binary_workbook_are_read(tmp_path: Path) -> None:
    rows: list[Sequence[Cell]] = [
        HEAD,
        ("1", "指标上报", "县医疗保障局", None, (45280.0, 1), "医保参保率", (0.97, 2)),
        ((5.0, 3), "政策文件印发", "县民政局", (12.0, 4), (45281.0, 1), None, None),
        ("9", "业务培训", "县民政局", None, (45281.0, 5), None, None),
        ((7.0, 6), None, None, None, (45281.0, 6), None, None),
    ]
    formats = ("yyyy-mm-dd", "0%", '"MZ-"0000', "000000", 'm"月"d"日"')
    path = write(tmp_path / "台账.xlsb", rows, formats, hidden=(3,))
    entries, problems = told(path)
    assert entries == [
        {"id": "1", "subject": None, "data.value": 97.0, "data.unit_of_measure": "%"},
        {"id": "MZ-0005", "subject": "000012", "data.value": None, "data.unit_of_measure": None},
    ]
    assert problems == {("bad-date", "E4"), ("hidden-rows", None), ("row-passed-over", "A5")}


def test_a_binary_workbook_whose_formats_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "台账.xlsb", [HEAD, ("1", "指标上报", "县医疗保障局", None, 45280.0, "甲", 0.97)])
    raw = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(raw, "w") as new:
        for name in old.namelist():
            # a record that says it is longer than the part
            new.writestr(name, b"\xab\x80" if name == "xl/styles.bin" else old.read(name))
    found = read_sheets(raw.getvalue(), "台账.xlsb")
    assert found is not None
    assert [one.code for one in found[1]][-1] in {"formats-unread", "bad-workbook"}
    assert binary_marks(raw.getvalue()) is None


def test_raised_and_struck_out_parts_of_a_text_are_seen_in_an_old_workbook() -> None:
    """The file is so short that its workbook lies among the small sectors."""
    path = SHEETS / "several-fonts.xls"
    assert 0 < len(CompoundFile(path.read_bytes()).find({"Workbook"})) < 4096
    entries, problems = told(path)
    assert [(one["id"], one["data.value"]) for one in entries] == [("1", 3900.0), ("4", None)]
    assert problems == {("footnote-mark", "G2"), ("struck-out", "D3"), ("row-passed-over", "A4")}


def test_a_damaged_old_workbook_has_no_marks() -> None:
    raw = (SHEETS / "several-fonts.xls").read_bytes()
    for cut in range(512, len(raw), 97):
        assert isinstance(old_marks(raw[:cut]), dict)
        assert isinstance(old_marks(raw[:cut] + b"\xff" * 64 + raw[cut + 64 :]), dict)
