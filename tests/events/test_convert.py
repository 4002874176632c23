from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.vocabulary import load_vocabulary
from reports.log.convert import TARGETS, converted
from tests.events.reading import event, jsonl, only, read
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.vocabulary import Attribute

VOCABULARY = load_vocabulary()
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\ufffd"), min_size=1, max_size=8
) | st.sampled_from(
    [
        "=1+1",
        "'=x",
        "''-1",
        "@a",
        "同上",
        "〃",
        "示例",
        "合计",
        "a;b",
        "甲、乙",
        "[1]",
        '["a"]',
        "1.0",
        "00012",
        "_x0041_",
        "true",
        "2023-07-14",
        "45121",
        "12345678901234567890",
        "#REF!",
        "a,b",
        'say "x"',
        "97%",
        "id",
        "NaN",
        "是",
    ]
)
MOMENTS = st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2099, 12, 31))
WHEN = MOMENTS.map(lambda one: one.isoformat()) | MOMENTS.map(lambda one: one.date().isoformat())


def values(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Return what an attribute may have."""
    words = [one.value for one in attribute.values]
    text = st.sampled_from(words) if attribute.closed else (TEXTS | st.sampled_from(words) if words else TEXTS)
    return {
        "bool": st.booleans(),
        "int": st.integers(0, 2**63 - 1),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "text": text,
        "date": WHEN,
        "list": st.lists(text, max_size=3),
    }[attribute.type]


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return a few events of any type with any of its attributes."""
    events = []
    for identity in draw(st.lists(TEXTS, unique=True, min_size=1, max_size=4)):
        kind = draw(st.sampled_from(sorted(VOCABULARY.types)))
        names = draw(st.sets(st.sampled_from([*VOCABULARY.common, *VOCABULARY.types[kind].attributes]), max_size=4))
        data = {name: draw(values(VOCABULARY.attributes[name])) for name in sorted(names)}
        one = {"id": identity, "type": kind, "unit": "minzheng", "subject": draw(TEXTS), "occurred_at": draw(WHEN)}
        events.append({**one, "recorded_at": draw(WHEN | st.none()), "data": data})
    return events


def content(path: Path) -> list[Mapping[str, Any]]:
    """Return what a log says, without the places that it says it at."""
    log = read(path)
    assert [one for one in log.problems if one.severity == "error"] == []
    rows: list[Mapping[str, Any]] = log.table.drop_columns(["file", "place"]).to_pylist()
    return rows


@settings(max_examples=30, deadline=None)
@given(logs())
def test_every_format_gives_back_what_it_was_given(events: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = read(jsonl(Path(folder) / "first.jsonl", *events))
        wanted = first.table.drop_columns(["file", "place"]).to_pylist()
        for suffix in TARGETS:
            path = Path(folder) / f"log{suffix}"
            path.write_bytes(converted(first.table, suffix))
            assert content(path) == wanted, suffix
            assert converted(read(path).table, suffix) == path.read_bytes(), suffix


def test_a_log_is_converted_by_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-07-14"))
    outcome = gongkai(capsys, "events", "convert", log, "--out", tmp_path / "log.csv")
    assert (outcome.status, outcome.err) == (0, "")
    assert (tmp_path / "log.csv").read_bytes().decode("utf-8-sig").splitlines() == [
        "id,type,unit,subject,occurred_at,recorded_at,data.consulted",
        "e1,decision.issued,minzheng,甲,2023-07-14,,true",
    ]


def test_nothing_is_written_where_something_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    out.write_text("as it was")
    wrong = write_log(tmp_path / "log.jsonl", decision("甲", "2023-02-30"))
    for arguments in ((wrong, "--out", out), (wrong, "--out", tmp_path / "log.doc")):
        assert gongkai(capsys, "events", "convert", *arguments).status == 2
    assert out.read_text() == "as it was"
    assert not (tmp_path / "log.doc").exists()


def test_the_template_is_read_and_its_example_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    made = gongkai(
        capsys, "events", "template", "--out", path, "--unit", "民政局", "--type", "决策文件出台", "--type", "培训"
    )
    assert made.status == 0
    assert gongkai(capsys, "events", "check", path).err.count("no-entries") == 1
    book = openpyxl.load_workbook(path)
    sheet = book["台账"]
    headings = {str(cell.value).rstrip("*"): column for column, cell in enumerate(sheet[1], 1)}
    day = datetime(2023, 7, 14)
    rows: list[dict[str, str | int | datetime]] = [
        {"编号": "1", "类型": "决策文件出台", "单位": "县民政局", "主题": "甲", "发生日期": day, "是否征求意见": "是"},
        {"编号": "2", "类型": "业务培训", "单位": "县民政局", "发生日期": day, "参加人数": 12},
    ]
    for number, row in enumerate(rows, 3):
        for heading, value in row.items():
            sheet.cell(number, headings[heading], value)
    book.save(path)
    found = content(path)
    assert [(one["id"], one["type"], one["data.consulted"], one["data.participants"]) for one in found] == [
        ("1", "decision.issued", True, None),
        ("2", "training.held", None, 12),
    ]
    checks = {next(iter(check.sqref.ranges)).min_col: check for check in sheet.data_validations.dataValidation}
    assert checks[headings["类型"]].type == "list"
    assert checks[headings["发生日期"]].type == "date"
    assert checks[headings["参加人数"]].type == "whole"


def test_the_template_of_every_type_has_a_list_for_every_attribute_with_values(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "all.xlsx"
    assert gongkai(capsys, "events", "template", "--out", path).status == 0
    book = openpyxl.load_workbook(path)
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["选项"].columns}
    assert lists["类型"] == [one.label.zh for one in VOCABULARY.types.values()]
    for one in VOCABULARY.attributes.values():
        if one.values:
            assert lists[one.label.zh] == [value.zh for value in one.values]
    second = tmp_path / "again.xlsx"
    gongkai(capsys, "events", "template", "--out", second)
    assert second.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "t.xls"), "[bad-option]"),
        (("--out", "t.xlsx", "--unit", "民正局"), "是不是“县民政局”"),
        (("--out", "t.xlsx", "--type", "决策文件出抬"), "是不是“决策文件出台”"),
    ],
)
def test_a_template_of_what_does_not_exist_is_told(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = gongkai(capsys, "events", "template", *arguments)
    assert (outcome.status, told in outcome.err, list(tmp_path.iterdir())) == (2, True, [])


def test_a_list_with_semicolons_in_it_is_json_in_its_cell(tmp_path: Path) -> None:
    log = read(
        jsonl(tmp_path / "log.jsonl", event(type="policy.interpreted", subject="甲", data={"forms": ["a;b", "c"]}))
    )
    assert json.dumps(["a;b", "c"]).replace('"', '""') in converted(log.table, ".csv").decode()
    assert only(read(jsonl(tmp_path / "b.jsonl", event(data={"participants": "[1]"})))).code == "bad-value"
