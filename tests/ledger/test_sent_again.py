from __future__ import annotations

from typing import TYPE_CHECKING

from tests.events.reading import csv_file
from tests.gongkai.commands import gongkai, read_verdicts
from tests.ledger.ledgers import AT, events_of, import_into, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

HEAD = ("编号", "类型", "单位", "主题", "日期", "参加人数")
FIRST = [
    HEAD,
    ("1", "业务培训", "县民政局", "", "2023-03-01", "12"),
    ("2", "业务培训", "县民政局", "", "2023-04-01", "20"),
    ("3", "专职人员配备", "县民政局", "张敏", "2023-01-03", ""),
]
LATER = [
    HEAD,
    FIRST[1],
    ("2", "业务培训", "县民政局", "", "2023-04-02", "21"),
    ("4", *FIRST[3][1:3], "李静", *FIRST[3][4:]),
]
REGISTER = ("序号", "收到日期", "答复日期", "答复结果")
LATE = "2024-02-01T10:00"


def _sent(folder: Path, name: str, rows: Sequence[tuple[object, ...]]) -> Path:
    folder.mkdir(exist_ok=True)
    return csv_file(folder / name, rows)


def _again(ledger: Path, capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> tuple[int, str, str]:
    outcome = gongkai(capsys, "events", "import", file, "--ledger", ledger, "--by", "张三", "--at", LATE, *more)
    return outcome.status, outcome.out, outcome.err


def test_a_sheet_sent_again_is_shown_as_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "账本"
    import_into(ledger, capsys, _sent(tmp_path / "a", "台账.csv", FIRST))
    before = state(ledger)
    status, out, _ = _again(ledger, capsys, _sent(tmp_path / "b", "台账.csv", LATER), "--dry-run")
    assert status == 0
    assert "台账.csv：新增1条，相同1条，有改动1条，少了1条" in out
    assert "有改动 2" in out
    assert "20 → 21" in out
    assert "少了 3：专职人员配备 张敏 2023-01-03" in out
    assert state(ledger) == before


def test_as_a_correction_what_changed_is_corrected_and_what_is_gone_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "账本"
    import_into(ledger, capsys, _sent(tmp_path / "a", "台账.csv", FIRST))
    file = _sent(tmp_path / "b", "台账.csv", LATER)
    assert _again(ledger, capsys, file)[0] == 2
    assert len(events_of(ledger)) == 3
    assert _again(ledger, capsys, file, "--as-correction")[0] == 0
    new = events_of(ledger)[3:]
    assert [(one["id"], one.get("corrects"), one.get("recorded_at")) for one in new] == [
        ("4", None, None),
        ("2#2", "2", "2024-02-01T10:00:00"),
    ]
    assert new[1]["data"] == {"participants": 21}
    assert _again(ledger, capsys, file, "--as-correction")[0] == 0
    assert len(events_of(ledger)) == 5


def test_what_is_gone_is_withdrawn_where_somebody_confirms_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "账本"
    import_into(ledger, capsys, _sent(tmp_path / "a", "台账.csv", FIRST))
    file = _sent(tmp_path / "b", "台账.csv", LATER)
    assert _again(ledger, capsys, file, "--as-correction", "--withdraw")[0] == 0
    assert [one["retracts"] for one in events_of(ledger) if "retracts" in one] == ["3"]
    status, out, _ = _again(ledger, capsys, file, "--dry-run")
    assert (status, "新增0条，相同3条，有改动0条，少了0条" in out) == (0, True)
    assert gongkai(capsys, "events", "verify", ledger).status == 0


def test_without_numbers_matter_type_and_day_tell_what_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "账本"
    unit = ("填报单位：县民政局",)
    rows = [unit, REGISTER, ("1", "2023-02-06", "2023-02-24", "予以公开"), ("2", "2023-04-11", "2023-04-20", "公开")]
    import_into(ledger, capsys, _sent(tmp_path / "a", "登记簿.csv", rows))
    later = [*rows[:3], ("2", "2023-04-11", "2023-04-21", "不予公开"), ("3", "2023-05-06", "", "")]
    file = _sent(tmp_path / "b", "登记簿.csv", later)
    status, _, err = _again(ledger, capsys, file)
    assert (status, err.count("[changed-row]"), "--as-correction" in err) == (2, 1, True)
    assert _again(ledger, capsys, file, "--as-correction")[0] == 0
    new = events_of(ledger)[4:]
    assert [(one["type"], one["subject"], "corrects" in one) for one in new] == [
        ("request.received", "2023-3", False),
        ("request.answered", "2023-2", True),
    ]
    assert _again(ledger, capsys, file)[0] == 0
    assert len(events_of(ledger)) == 6


def test_a_correction_counts_from_when_it_was_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "账本"
    rows = [("编号", "类型", "单位", "主题", "日期"), ("1", "依申请公开受理", "县民政局", "申请1", "2023-02-06")]
    late = ("2", "答复申请", "县民政局", "申请1", "2023-06-30")
    import_into(ledger, capsys, _sent(tmp_path / "a", "台账.csv", [*rows, late]))
    in_time = (*late[:4], "2023-02-24")
    assert _again(ledger, capsys, _sent(tmp_path / "b", "台账.csv", [*rows, in_time]), "--as-correction")[0] == 0
    found = {}
    for known_by in ("2023-12-31", "2024-03-01"):
        out = tmp_path / known_by
        options = ("--book", "regulation-2019", "--as-of", "2023-12-31", "--known-by", known_by, "--unit", "县民政局")
        assert gongkai(capsys, "evaluate", "--events", ledger, *options, "--no-reports", "--out", out).status == 0
        [found[known_by]] = [
            one["status"] for one in read_verdicts(out) if one["rule"] == "art33.reply" and one["subject"] == "申请1"
        ]
    assert found == {"2023-12-31": "late", "2024-03-01": "met"}


def test_a_unit_enters_its_own_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "账本"
    other = _sent(tmp_path / "a", "台账.csv", [HEAD, ("1", "业务培训", "县司法局", "", "2023-03-01", "12")])
    status, _, err = _again(ledger, capsys, other, "--as-unit", "县民政局")
    assert (status, "[not-your-unit]" in err, ledger.exists()) == (2, True, False)
    assert _again(ledger, capsys, other, "--as-unit", "县政府办公室")[0] == 0
    head = ("编号", "类型", "单位", "日期", "条款", "评价结论")
    judged = csv_file(tmp_path / "self.csv", [head, ("s1", "评价记录", "县民政局", "2023-12-20", "10.1", "合格")])
    status, _, err = _again(ledger, capsys, judged, "--as-unit", "县民政局")
    assert (status, "[not-your-entry]" in err) == (2, True)
    status, _, err = _again(ledger, capsys, other, "--as-unit", "县民正局")
    assert (status, "县民政局" in err) == (2, True)


def test_two_units_number_alike_in_one_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "账本"
    one = _sent(tmp_path / "a", "台账.csv", FIRST)
    other = _sent(tmp_path / "b", "台账.csv", [HEAD, ("1", "业务培训", "县司法局", "", "2023-03-01", "9")])
    import_into(ledger, capsys, one)
    assert import_into(ledger, capsys, other).status == 0
    assert [(row["unit"], row["id"]) for row in events_of(ledger)] == [
        *(("minzheng", number) for number in "123"),
        ("sifa", "1"),
    ]
    checked = gongkai(capsys, "events", "check", ledger)
    assert (checked.status, "4条事件" in checked.out) == (0, True)
    again = _again(ledger, capsys, other, "--dry-run")
    assert "新增0条，相同1条，有改动0条，少了0条" in again[1], AT


def test_a_sheet_sent_again_under_another_name_is_still_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "账本"
    head = ("类型", "单位", "主题", "日期", "参加人数")
    first = [
        ("业务培训", "县民政局", "", "2023-03-01", "12"),
        ("政策文件印发", "县民政局", "金民字〔2023〕1号", "2023-03-05", ""),
        ("专职人员配备", "县民政局", "张敏", "2023-01-03", ""),
    ]
    import_into(ledger, capsys, _sent(tmp_path / "a", "台账.csv", [head, *first]))
    later = [
        ("业务培训", "县民政局", "", "2023-03-01", "21"),
        ("政策文件印发", "县民政局", "金民字[2023]1号", "2023-03-05", ""),
        ("业务培训", "县民政局", "", "2023-08-01", "9"),
    ]
    file = _sent(tmp_path / "b", "台账（9月最终版）.csv", [head, *later])
    status, out, _ = _again(ledger, capsys, file, "--dry-run", "--as-correction")
    assert status == 0
    assert "台账（9月最终版）.csv：新增1条，相同0条，有改动2条，少了1条" in out
    assert "与“台账.csv”大部分相同" in out
    assert _again(ledger, capsys, file)[0] == 2
    assert _again(ledger, capsys, file, "--as-correction", "--withdraw")[0] == 0
    new = events_of(ledger)[3:]
    assert sorted((one["type"], "corrects" in one, "retracts" in one) for one in new) == [
        ("policy.issued", True, False),
        ("staff.appointed", False, True),
        ("training.held", False, False),
        ("training.held", True, False),
    ]


def test_another_sheet_of_the_same_unit_is_none_sent_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "账本"
    import_into(ledger, capsys, _sent(tmp_path / "a", "一季度.csv", FIRST))
    rows = [
        HEAD,
        ("7", "业务培训", "县民政局", "", "2023-06-01", "5"),
        ("8", "业务培训", "县民政局", "", "2023-06-20", "5"),
    ]
    status, out, _ = _again(ledger, capsys, _sent(tmp_path / "b", "二季度.csv", rows), "--dry-run")
    assert (status, "二季度.csv：新增2条，相同0条，有改动0条，少了0条" in out) == (0, True)
