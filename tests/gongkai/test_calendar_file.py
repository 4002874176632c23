"""A county's calendar file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gongkai.files.calendar import load_calendar_file

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
closures:
  - 2023-08-14
  - {date: 2023-08-15, reason: 台风停工}
arrangements:
  - year: 2027
    notice: 通知
    holidays: [2027-01-01, {from: 2027-02-05, to: 2027-02-11}]
    workdays: [2027-02-20]
"""
BAD = """\
closures:
  - 2023-02-30
  - {day: 2023-08-15}
arrangement: []
arrangements:
  - year: MMXXVII
    holidays: [{from: 2027-02-11, to: 2027-02-05}]
  - year: 2028
    notice: 通知
    holidays: [2028-01-01, 2031-01-01]
    workdays: [2028-01-01]
  - 2029
"""


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(GOOD, encoding="utf-8")
    closures, arrangements, problems = load_calendar_file(path)
    assert {problem.severity for problem in problems} <= {"warning"}
    assert closures == {date(2023, 8, 14): "", date(2023, 8, 15): "台风停工"}
    assert len(arrangements[2027].holidays) == 8
    assert arrangements[2027].workdays == {date(2027, 2, 20)}
    assert arrangements[2027].notice == "通知"


def test_all_problems_are_collected_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(BAD, encoding="utf-8")
    closures, arrangements, problems = load_calendar_file(path)
    assert (closures, arrangements) == ({}, {})
    assert [(problem.where.line, problem.code) for problem in problems] == [
        (2, "not-a-date"),
        (3, "missing-key"),
        (3, "unknown-key"),
        (4, "unknown-key"),
        (6, "missing-key"),
        (6, "not-a-year"),
        (7, "bad-range"),
        (10, "wrong-year"),
        (11, "two-kinds"),
        (12, "not-a-mapping"),
    ]
    assert problems[0].value == "2023-02-30"
    assert problems[3].cure.en == "Did you mean 'arrangements'?"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"closures: [", "yaml-syntax"),
        (b"closures: \xff", "not-utf8"),
        (b"closures: 2023-08-14", "not-a-list"),
        (b"- 2023-08-14", "not-a-mapping"),
        (b"a: \x00", "yaml-syntax"),
        (b"? [a, b]\n: 1", "bad-key"),
        (b"closures: [[2023-08-14]]", "not-a-mapping"),
        (b"closures: []\nclosures: []", "duplicate-key"),
        (b"closures: " + b"[" * 5000, "nested-too-deep"),
        (b"a: &a [" + b"x," * 5000 + b"]\nclosures: [" + b"*a," * 500 + b"]", "file-too-large"),
        (b"x" * 2_000_001, "file-too-large"),
        (b"closures: [!!python/object:os.system x]", "yaml-tag"),
        (b"closures: [{date: 2023-08-14, reason: [a]}]", "not-a-text"),
        (b"arrangements: [{year: 10000, notice: a, holidays: []}]", "not-a-year"),
    ],
)
def test_unusable_files_give_a_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_bytes(content)
    assert code in {problem.code for problem in load_calendar_file(path).problems}


def test_a_missing_file_and_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    assert [problem.code for problem in load_calendar_file(path).problems] == ["unreadable-file"]
    path.write_text("# nothing yet\nclosures:\n", encoding="utf-8")
    assert load_calendar_file(path) == ({}, {}, ())


def test_a_year_arranged_twice(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    year = "  - {year: 2027, notice: a, holidays: [2027-01-01]}\n"
    path.write_text(f"arrangements:\n{year}{year}", encoding="utf-8")
    loaded = load_calendar_file(path)
    assert [(problem.where.line, problem.code) for problem in loaded.problems if problem.severity == "error"] == [
        (3, "repeated-year")
    ]
    assert set(loaded.arrangements) == {2027}


FULL = """
arrangements:
  - year: 2027
    notice: 通知
    holidays:
      - 2027-01-01
      - {from: 2027-02-05, to: 2027-02-11}
      - 2027-04-05
      - {from: 2027-05-01, to: 2027-05-05}
      - 2027-06-09
      - 2027-09-15
      - {from: 2027-10-01, to: 2027-10-07}
    workdays: [2027-02-20]
"""


def _warned(tmp_path: Path, text: str) -> list[tuple[str, str | None]]:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return [(one.code, one.value) for one in load_calendar_file(path).problems]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("      - {from: 2027-10-01, to: 2027-10-07}\n", "国庆节"),
        ("      - {from: 2027-02-05, to: 2027-02-11}\n", "春节"),
        ("      - 2027-04-05\n", "清明节"),
        ("      - 2027-09-15\n", "中秋节"),
    ],
)
def test_a_usual_holiday_that_is_left_out_is_told(tmp_path: Path, lines: str, name: str) -> None:
    assert _warned(tmp_path, FULL) == []
    assert ("missing-holiday", name) in _warned(tmp_path, FULL.replace(lines, ""))
