from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.files.mapping import load_mappings
from tests.events.reading import codes, column, csv_file, only, read

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ("case:concept:name", "concept:name", "time:timestamp", "org:resource")
MAPPING = """\
time_zone: UTC
columns: {"case:concept:name": subject, "concept:name": type, "time:timestamp": occurred_at, "org:resource": ignore}
constants: {unit: 县民政局}
types: {Register request: request.received, Send answer: request.answered}
"""


def _mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_activities_that_are_unknown_are_told_once_each_with_their_number(tmp_path: Path) -> None:
    found, problems = load_mappings([_mapping(tmp_path)])
    assert problems == ()
    rows = [
        ("1", "Register request", "2023-03-01 17:30", "Ann"),
        *(("1", "Check docs", f"2023-03-0{day} 10:00", "Bob") for day in range(2, 9)),
        ("1", "Send answer", "2023-03-10T08:00:00+08:00", "Ann"),
        ("2", "Call back", "2023-03-11", "Ann"),
    ]
    log = read(csv_file(tmp_path / "log.csv", [HEAD, *rows]), mapping=found)
    told = [(one.code, one.where.line, one.value, one.fact.en) for one in log.problems]
    assert told == [
        ("unknown-type", 3, "Check docs", "there is no event type 'Check docs' (7 rows)"),
        ("unknown-type", 11, "Call back", "there is no event type 'Call back'"),
    ]
    assert [one.where.line for one in log.unread] == [3, 4, 5, 6, 7, 8, 9, 11]
    assert [str(day) for day in column(log, "occurred_at")] == ["2023-03-02 01:30:00", "2023-03-10 08:00:00"]


def test_a_day_is_the_same_day_in_every_zone(tmp_path: Path) -> None:
    found, _ = load_mappings([_mapping(tmp_path)])
    log = read(csv_file(tmp_path / "log.csv", [HEAD, ("1", "Register request", "2023-03-01", "Ann")]), mapping=found)
    assert (codes(log), [str(day) for day in column(log, "occurred_at")]) == ([], ["2023-03-01 00:00:00"])


def test_a_zone_that_there_is_not_is_told(tmp_path: Path) -> None:
    found, [problem] = load_mappings([_mapping(tmp_path, "time_zone: 北京\n")])
    assert (found, problem.code, problem.where.line, "UTC" in problem.cure.zh) == (None, "bad-mapping", 1, True)


def test_one_row_of_an_unknown_type_is_told_as_such(tmp_path: Path) -> None:
    rows = [("编号", "类型", "单位", "日期"), ("1", "培训会", "县民政局", "2023-07-14")]
    problem = only(read(csv_file(tmp_path / "log.csv", rows)))
    assert (problem.code, problem.where.column, "行" in problem.fact.zh) == ("unknown-type", 2, False)
