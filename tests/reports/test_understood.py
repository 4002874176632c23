from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter

from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def workbook(path: Path) -> Path:
    """Write a sheet with a title, headings in two rows, two events, a wrong date, a blank row, a total and a note."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("上半年")
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, 6, "县民政局工作台账")
    sheet.write_row(1, 0, ["序号", "单位", "会议情况", "", "", "列席人数", "经办人", "类型"])
    sheet.write_row(2, 0, ["", "", "会议名称", "会议日期", "时间"])
    for number, day in enumerate([date(2023, 7, 14), date(2023, 8, 1), "昨天"]):
        sheet.write_row(3 + number, 0, [number + 1, "县民政局", f"第{number}次常务会"])
        sheet.write(3 + number, 3, day, days) if isinstance(day, str) else sheet.write_datetime(
            3 + number, 3, day, days
        )
        sheet.write_row(3 + number, 4, ["9:30", 3, "张三", "列席常务会议"])
    sheet.write(6, 0, 4)
    sheet.write_row(7, 0, ["合计", "", "", "", "", 9])
    sheet.write(8, 0, "填表人：张三")
    book.add_worksheet("说明").write(0, 0, "请先阅读")
    book.close()
    return path


def test_what_was_understood_is_shown_by_sheet_and_cell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = workbook(tmp_path / "台账.xlsx")
    shown = gongkai(capsys, "events", "check", path, "--show")
    assert shown.status == 2
    assert shown.out.splitlines()[:-1] == [
        str(path),
        "  工作表“上半年”：列名在第2-3行，读到3行",
        (
            "    读取的列：B2 单位 → 单位（unit），C3 会议名称 → 主题（subject），"
            "D3 会议日期 → 发生日期（occurred_at），"
            "E3 时间 → 发生日期的时刻，F2 列席人数 → 公众代表人数（data.delegates），H2 类型 → 类型（type）"
        ),
        "    不读取的列：A2 序号，G2 经办人",
        "    跳过的行：标题（第1行），合计（第8行），说明或签名（第9行），空行1行",
        "    没有读懂的1处：D6",
        "    可用的事件2条：公众代表列席政府常务会（executive_meeting.attended） 2",
        "    单位：县民政局 2",
        "    日期：2023-07-14 至 2023-08-01",
        "  工作表“说明”：没有找到列名，或者按对应表不读取",
    ]
    assert "[row-passed-over]" in shown.err
    plainly = gongkai(capsys, "events", "check", path)
    assert (plainly.out.count("\n"), plainly.err) == (1, shown.err)


def test_it_is_shown_of_lines_too_and_in_english(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.jsonl", decision("a", "2023-01-02"), decision("b", "2023-03-04"))
    shown = gongkai(capsys, "events", "check", path, "--show", "--lang", "en")
    assert (shown.status, shown.out.splitlines()[1:-1]) == (
        0,
        [
            "  2 entries",
            "    usable events, 2: decision issued (decision.issued) 2",
            "    units: 县民政局 2",
            "    days: 2023-01-02 to 2023-03-04",
        ],
    )


def test_a_dry_run_shows_it_and_makes_no_ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, ledger = workbook(tmp_path / "台账.xlsx"), tmp_path / "账本"
    dry = gongkai(capsys, "events", "import", path, "--ledger", ledger, "--dry-run")
    shown = gongkai(capsys, "events", "check", path, "--show")
    assert (dry, ledger.exists()) == (shown, False)
