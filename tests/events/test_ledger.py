from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.events.reading import codes, column, csv_file, event, jsonl, only, read, xlsx

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_event_again_is_ignored(tmp_path: Path) -> None:
    first = jsonl(tmp_path / "a.jsonl", event("1", data={"note": "甲"}), event("1", data={"note": "甲"}))
    again = csv_file(
        tmp_path / "b.csv", [("编号", "类型", "单位", "日期", "备注"), ("1", "培训", "县民政局", "2023年7月14日", "甲")]
    )
    log = read(first, again, first)
    assert log.problems == ()
    assert column(log, "place") == ["1"]


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_at": "2023-07-15"},
        {"occurred_at": "2023-07-14T00:00"},
        {"recorded_at": "2023-07-20"},
        {"subject": "甲"},
        {"type": "leading_group.met"},
        {"data": {"participants": 3}},
        {"corrects": "2"},
    ],
)
def test_one_id_for_two_events_is_an_error_that_names_the_first(tmp_path: Path, change: dict[str, Any]) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event("2"), event("1"), event("1", **change)))
    problem = only(log)
    assert (problem.code, problem.severity, problem.where.line) == ("duplicate-id", "error", 3)
    assert f"{tmp_path / 'log.jsonl'}:2" in problem.fact.zh
    assert column(log, "id") == ["2", "1"]


def test_a_conflict_between_files_names_the_cell_of_the_first(tmp_path: Path) -> None:
    rows = [("编号", "类型", "单位", "日期"), ("1", "培训", "县民政局", "2023-07-15")]
    problem = only(read(xlsx(tmp_path / "a.xlsx", rows), jsonl(tmp_path / "b.jsonl", event("1"))))
    assert "a.xlsx[台账]!A2" in problem.fact.zh
    assert problem.where.file.endswith("b.jsonl")


def test_corrections_and_withdrawals_are_kept_with_what_they_point_to(tmp_path: Path) -> None:
    log = read(
        jsonl(
            tmp_path / "log.jsonl",
            event("1"),
            event("2", corrects="1", occurred_at="2023-07-15"),
            event("3", corrects="2", occurred_at="2023-07-16"),
            event("4", retracts="3"),
        )
    )
    assert log.problems == ()
    assert column(log, "corrects") == [None, "1", "2", None]
    assert column(log, "retracts") == [None, None, None, "3"]


def test_a_withdrawal_needs_no_subject(tmp_path: Path) -> None:
    decision = {"type": "decision.issued", "unit": "县民政局", "occurred_at": "2023-07-14"}
    log = read(
        jsonl(
            tmp_path / "log.jsonl", {"id": "1", "subject": "甲", **decision}, {"id": "2", "retracts": "1", **decision}
        )
    )
    assert log.problems == ()


def test_a_withdrawal_may_itself_be_withdrawn(tmp_path: Path) -> None:
    events = (event("0"), event("1", retracts="0"), event("2", retracts="1"))
    assert read(jsonl(tmp_path / "log.jsonl", *events)).problems == ()


def test_a_target_may_stand_in_another_file_and_further_down(tmp_path: Path) -> None:
    log = read(jsonl(tmp_path / "a.jsonl", event("2", corrects="1")), jsonl(tmp_path / "b.jsonl", event("1")))
    assert log.problems == ()


@pytest.mark.parametrize("field", ["corrects", "retracts"])
def test_a_target_that_is_not_there_is_named_with_the_nearest_id(tmp_path: Path, field: str) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event("JX-2023-001"), event("x", **{field: "JX-2023-01"})))
    problem = only(log)
    assert (problem.code, problem.where.line, problem.value) == ("unknown-target", 2, "JX-2023-01")
    assert problem.fact.zh.startswith(field)
    assert "JX-2023-001" in problem.cure.zh


def test_a_target_that_could_not_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    assert codes(read(jsonl(tmp_path / "a.jsonl", event("1", unit="无"), event("2", corrects="1")))) == ["unknown-unit"]
    rows = [
        ("编号", "类型", "单位", "日期", "更正"),
        (1, "培训", "某局", "2023-07-15", None),
        (2, "培训", "县民政局", "2023-07-15", 1),
    ]
    assert codes(read(xlsx(tmp_path / "b.xlsx", rows))) == ["unknown-unit"]


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        ([event("1", corrects="1")], {1: "它自己"}),
        ([event("1", retracts="1")], {1: "它自己"}),
        ([event("1", corrects="2"), event("2", corrects="1")], {1: "一个圈", 2: "一个圈"}),
        (
            [event("1", corrects="3"), event("2", retracts="1"), event("3", corrects="2"), event("4", corrects="1")],
            {1: "一个圈", 2: "一个圈", 3: "一个圈"},
        ),
        ([event("0"), event("1", corrects="0", retracts="0")], {2: "同时"}),
        ([event("0"), event("1", retracts="0"), event("2", corrects="1")], {3: "撤销记录"}),
    ],
)
def test_chains_that_lead_nowhere_are_errors(
    tmp_path: Path, events: list[dict[str, Any]], wrong: dict[int, str]
) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", *events))
    assert {one.where.line: one.code for one in log.problems} == dict.fromkeys(wrong, "bad-correction")
    for problem in log.problems:
        assert wrong[problem.where.line or 0] in problem.fact.zh


def test_a_chain_of_many_thousands_is_followed(tmp_path: Path) -> None:
    events = [event("0"), *(event(str(number), corrects=str(number - 1)) for number in range(1, 6000))]
    assert read(jsonl(tmp_path / "log.jsonl", *events)).problems == ()


def test_two_units_may_number_alike_and_are_told_apart_by_their_names(tmp_path: Path) -> None:
    one = jsonl(tmp_path / "a.jsonl", event("1"), event("2", corrects="1"), event("甲"))
    other = jsonl(tmp_path / "b.jsonl", event("1", unit="金乡街道"), event("9", unit="金乡街道", retracts="1"))
    log = read(one, other)
    assert codes(log) == []
    assert column(log, "id") == ["minzheng:1", "2", "甲", "jinxiang-jiedao:1", "9"]
    assert column(log, "corrects") == [None, "minzheng:1", None, None, None]
    assert column(log, "retracts") == [None, None, None, None, "jinxiang-jiedao:1"]


def test_an_id_that_reads_like_the_name_of_another_entry_is_told_apart_too(tmp_path: Path) -> None:
    log = read(
        jsonl(tmp_path / "a.jsonl", event("1"), event("1", unit="金乡街道"), event("minzheng:1", unit="金乡街道"))
    )
    assert column(log, "id") == ["minzheng:1", "jinxiang-jiedao:1", "jinxiang-jiedao:minzheng:1"]


def test_only_a_unit_that_evaluates_corrects_the_entry_of_another(tmp_path: Path) -> None:
    log = read(jsonl(tmp_path / "a.jsonl", event("1", unit="金乡街道"), event("2", corrects="1")))
    assert (codes(log), only(log).where.line) == (["foreign-entry"], 2)
    assert column(log, "id") == ["1"]
    allowed = read(jsonl(tmp_path / "b.jsonl", event("1"), event("2", unit="金乡街道", corrects="1")))
    assert (codes(allowed), column(allowed, "corrects")) == ([], [None, "1"])


def test_a_correction_of_an_id_that_others_share_has_to_say_whose(tmp_path: Path) -> None:
    rows = [event("1"), event("1", unit="金乡街道")]
    own = read(jsonl(tmp_path / "own.jsonl", *rows, event("2", unit="金乡街道", corrects="1")))
    assert column(own, "corrects")[2] == "jinxiang-jiedao:1"
    named = read(jsonl(tmp_path / "named.jsonl", *rows, event("2", unit="金乡街道", corrects="minzheng:1")))
    assert column(named, "corrects")[2] == "minzheng:1"
