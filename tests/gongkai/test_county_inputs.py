"""Counties of one run with units, books and waivers of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from events.vocabulary import load_vocabulary
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = ("--as-of", "2023-12-31")
BOOK = """
id: other-2023
title: {zh: 另一个县的任务（虚构）, en: Another county's tasks (made up)}
document: 另政办字〔2023〕1号
issued_on: 2023-02-01
in_force: {from: 2023-01-01, to: 2023-12-31}
extends: jinxiang-2023
changes:
  - rule: 8.4.attendance
    set: {at_least: 2}
    reason: {zh: 本县全年2次。, en: Two a year here.}
"""
UNITS = """
county: {id: other, name: 另一个县}
groups:
  units: [departments, towns]
units:
  - {id: guihua, name: 县规划局, sort: department}
"""
COUNTIES = """
counties:
  - county: c0002
    units: other/units.yaml
    books: other/book
    waivers: other/waivers.yaml
"""
WAIVERS = """
waivers:
  - {unit: 县规划局, rule: N6.training, reason: 机构改革, approver: 县政府办公室, from: 2023-01-01, until: 2023-12-31}
"""


def attended(folder: Path, unit: str, times: int) -> None:
    """Write a county's log: so many attendances of one unit."""
    from datetime import datetime  # noqa: PLC0415

    from events.table import schema  # noqa: PLC0415

    days = [datetime(2023, 3, day + 1) for day in range(times)]
    rows = [
        {
            "id": f"{folder.name}-{number}",
            "type": "executive_meeting.attended",
            "unit": unit,
            "subject": f"第{number}次",
            "occurred_at": day,
            "timed": False,
            "recorded_at": day,
            "data.delegates": 2,
        }
        for number, day in enumerate(days)
    ]
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema(load_vocabulary())), folder / "part.parquet")


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """Return a folder with the logs of two counties, and what the second has of its own."""
    attended(tmp_path / "events" / "county=c0001", "minzheng", 2)
    attended(tmp_path / "events" / "county=c0002", "guihua", 2)
    other = tmp_path / "other"
    (other / "book").mkdir(parents=True)
    for name, text in (("book/book.yaml", BOOK), ("units.yaml", UNITS), ("waivers.yaml", WAIVERS)):
        (other / name).write_text(text, encoding="utf-8")
    (tmp_path / "counties.yaml").write_text(COUNTIES, encoding="utf-8")
    return tmp_path


def verdicts(folder: Path, rule: str, unit: str) -> list[dict[str, Any]]:
    """Return the verdicts of one rule and unit."""
    rows: list[dict[str, Any]] = pq.read_table(folder / "verdicts.parquet").to_pylist()
    return [row for row in rows if row["rule"] == rule and row["unit"] == unit]


def test_each_county_goes_by_its_own_units_books_and_waivers(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two attendances are enough where the county's own book asks for two, and too few by the book of the run."""
    ask = ("evaluate", "--events", province / "events", *AS_OF, "--counties", province / "counties.yaml")
    outcome = gongkai(capsys, *ask, "--out", tmp_path / "out")
    assert outcome.status == 0, outcome.err
    [common] = verdicts(tmp_path / "out", "8.4.attendance", "minzheng")
    assert (common["obligation"], common["status"]) == ("jinxiang-2023/8.4.attendance/c0001/minzheng/2023", "violated")
    [own] = verdicts(tmp_path / "out", "8.4.attendance", "guihua")
    assert (own["obligation"], own["status"], own["required"]) == (
        "other-2023/8.4.attendance/c0002/guihua/2023",
        "met",
        2.0,
    )
    [waived] = verdicts(tmp_path / "out", "N6.training", "guihua")
    assert (waived["status"], waived["waiver"]) == ("waived", "县政府办公室：机构改革（2023-01-01至2023-12-31）")
    assert {row["status"] for row in verdicts(tmp_path / "out", "N6.training", "minzheng")} == {"violated"}
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert [book["id"] for book in run["books"]] == ["jinxiang-2023", "other-2023"]
    assert run["own"]["c0002"]["books"] == ["other-2023"]


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "place"),
    [
        ("counties.yaml", "waivers: other", "waiver: other", "unknown-key", "counties.yaml:6"),
        ("counties.yaml", "books: other", "books: othre", "unknown-book", "othre"),
        ("other/book/book.yaml", "id: other-2023", "id: jinxiang-2023", "same-book-id", "jinxiang-2023"),
        ("other/waivers.yaml", "县规划局", "县规画局", "unknown-unit", "waivers.yaml:3"),
        ("other/units.yaml", "guihua", "other", "unknown-unit", "guihua"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    province: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, code: str, place: str
) -> None:
    """A mistake in any of a county's files is told with its place."""
    file = province / name
    file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    ask = ("evaluate", "--events", province / "events", *AS_OF, "--counties", province / "counties.yaml")
    outcome = gongkai(capsys, *ask, "--out", province / "out")
    assert outcome.status == 2
    assert code in outcome.err
    assert place in outcome.err
    assert not (province / "out").exists()


def test_a_county_is_named_once(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two entries for one county are not merged in silence."""
    (province / "counties.yaml").write_text("counties:\n  - {county: a}\n  - {county: a}\n", encoding="utf-8")
    ask = ("evaluate", "--events", province / "events", *AS_OF, "--counties", province / "counties.yaml")
    outcome = gongkai(capsys, *ask, "--out", province / "out")
    assert outcome.status == 2
    assert "[same-name]" in outcome.err
    assert "counties.yaml:3" in outcome.err


def test_the_file_is_for_many_counties(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the log of one county the option would do nothing, and is refused."""
    log = province / "events" / "county=c0001" / "part.parquet"
    ask = ("evaluate", "--events", log, *AS_OF, "--counties", province / "counties.yaml")
    outcome = gongkai(capsys, *ask, "--out", province / "out")
    assert outcome.status == 2
    assert "--counties" in outcome.err


def test_a_misspelt_county_is_told(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A county that the log has nothing of may be another one's name: it is judged, and said."""
    file = province / "counties.yaml"
    file.write_text(file.read_text("utf-8") + "  - county: c001\n", encoding="utf-8")
    ask = ("evaluate", "--events", province / "events", *AS_OF, "--counties", file, "--lang", "en")
    outcome = gongkai(capsys, *ask, "--out", province / "out")
    assert outcome.status == 0, outcome.err
    assert "[silent-county]" in outcome.err
    assert "c0001" in outcome.err
    registries = province / "registries"
    registries.mkdir()
    (registries / "c0001.yaml").write_text(UNITS.replace("id: other", "id: c0001"), encoding="utf-8")
    outcome = gongkai(capsys, *ask, "--units", registries, "--out", province / "again")
    assert outcome.status == 2
    assert "[no-county]" in outcome.err
    assert "c001" in outcome.err


RULE = """
rules:
  - id: N6.sessions
    clause: N6
    title: {zh: 每年2次培训}
    quote: 每年组织本单位政务公开业务培训不少于 1 次
    owed_by: 县规化局
    kind: count
    counted: training.held
    at_least: 2
"""


def test_a_county_s_own_rule_that_binds_nobody_is_an_error_as_in_its_own_run(
    province: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (province / "other" / "book" / "more.yaml").write_text(RULE, encoding="utf-8")
    ask = ("evaluate", "--events", province / "events", *AS_OF, "--counties", province / "counties.yaml")
    outcome = gongkai(capsys, *ask, "--out", province / "out")
    assert (outcome.status, (province / "out").exists()) == (2, False)
    assert "more.yaml:7" in outcome.err
    assert "县规划局" in outcome.err
