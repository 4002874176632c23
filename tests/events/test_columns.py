from __future__ import annotations

import json
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import events.formats.json_columns
import events.formats.parquet
from events.formats import reader
from events.normalise.by_column import read_columns
from events.read import read_events
from tests.events.reading import Names, event, jsonl, read

SLOW = {"columns": {"没有这一列": "ignore"}}
"""A mapping that changes nothing, but lets every row be read by itself."""

ODD = ("", " ", "甲 ", "e\u0301", "\u200b乙", "a\nb", "丙\ufffd", "x" * 4001, "1,234", "1.3万", "是", "√", "3", "未知")
TEXTS = st.one_of(
    st.sampled_from(("甲", "乙-1", "text", 'say "hi"', "a\\b", "🎉")), st.sampled_from(ODD), st.text(max_size=5)
)
MOMENTS = st.sampled_from(
    (
        *(
            "2023-07-14",
            "2023-07-14T09:30",
            "2023-07-14T00:00",
            "2023-07-14T09:30:15.250000",
            "1949-01-01",
            "2100-12-31",
        ),
        *(
            "2023-07-14T09:30:15.25",
            "2023-07-14 09:30",
            "2023年7月14日",
            "20230714",
            "2023-02-30",
            "1900-01-01",
            "2101-01-01",
        ),
        *("2023-07-14T09", "2023-07-14T09:30:15.2", "2023-07-14T09.30", "2023-07-14:09:30:15", "2023-07-14TT9:30:15"),
        *("2023-07-14T24:00", "2023-07-14T09:60", "2023-07-14T09:30:60", "2023-07-14T09:30+08:00", "0000-00-00", "甲"),
    )
)
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "note": st.sampled_from(("甲", "乙", 'x"y')),
    "consulted": st.booleans(),
    "covers": st.lists(st.sampled_from(("collected", "adopted", "reasons")), unique=True),
    "delegates": st.integers(0, 9),
    "value": st.sampled_from((1.0, 2.5, 1e300, 1234.5)),
    "result": st.sampled_from(("pass", "fail")),
}
BAD: dict[str, st.SearchStrategy[Any]] = {
    "note": TEXTS,
    "consulted": st.one_of(TEXTS, st.integers(0, 2)),
    "covers": st.one_of(TEXTS, st.lists(st.one_of(TEXTS, st.sampled_from(("collected", "收集")))), st.just([None])),
    "delegates": st.one_of(TEXTS, st.integers(-2, 2), st.floats(), st.just(2**63)),
    "value": st.one_of(TEXTS, st.floats(), st.integers(-(2**60), 2**60)),
    "result": st.one_of(TEXTS, st.sampled_from(("通过", "不通过"))),
    "nothing": TEXTS,
}
TYPES = {
    "training.held": (),
    "decision.issued": ("consulted",),
    "consultation.feedback_published": ("covers",),
    "executive_meeting.attended": ("delegates",),
    "indicator.reported": ("value",),
    "assessment.recorded": ("result",),
}


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return rows that are mostly in form; here and there one is not."""
    found = []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(list(TYPES)))
        row = event(
            f"e{number}", type=kind, unit=draw(st.sampled_from(("县民政局", "minzheng", "金乡街道"))), subject="甲"
        )
        names = [name for name in ("note", *TYPES[kind]) if draw(st.booleans())]
        row["data"] = {name: draw(GOOD[name]) for name in names}
        if draw(st.booleans()):
            row["recorded_at"] = "2023-08-01"
        if draw(st.integers(0, 3)) == 0:
            field = draw(
                st.sampled_from(("id", "type", "unit", "subject", "occurred_at", "recorded_at", "retracts", "data"))
            )
            name = draw(st.sampled_from(list(BAD)))
            row |= (
                {"data": {name: draw(BAD[name])}}
                if field == "data"
                else {field: draw(st.one_of(TEXTS, MOMENTS, st.none()))}
            )
        else:
            row["occurred_at"] = draw(MOMENTS)
        found.append(row)
    return found


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few rows be several blocks."""
    monkeypatch.setattr(events.formats.parquet, "_BATCH", 3)
    monkeypatch.setattr(events.formats.json_columns, "_BLOCK", 400)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note of every block whether it was read column by column."""
    noted: list[bool] = []
    known = read_columns

    def noting(*arguments: Any) -> object:  # noqa: ANN401 - whatever is given is passed on
        table = known(*arguments)
        noted.append(table is not None)
        return table

    monkeypatch.setattr(reader, "read_columns", noting)
    return noted


def same_both_ways(path: Path) -> None:
    """Read a file column by column, and row by row; nothing may differ."""
    first, second = read(path), read(path, mapping=SLOW)
    assert first.table.equals(second.table)
    assert first.problems == second.problems
    assert first.files == second.files


@settings(max_examples=100, deadline=None)
@given(rows())
def test_json_lines_are_the_same_read_column_by_column(found: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as work:
        same_both_ways(jsonl(Path(work) / "log.jsonl", *found))


@settings(max_examples=100, deadline=None)
@given(rows())
def test_parquet_is_the_same_read_column_by_column(found: list[dict[str, Any]]) -> None:
    flat = [
        {
            **{name: value for name, value in row.items() if name != "data"},
            **{f"data.{k}": v for k, v in row["data"].items()},
        }
        for row in found
    ]
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in flat] for row in flat for name in row}
    with tempfile.TemporaryDirectory() as work:
        for number, typed in enumerate((True, False)):
            try:
                table = pa.table(
                    {name: values if typed else [_text(one) for one in values] for name, values in columns.items()}
                )
            except (pa.ArrowException, UnicodeError, OverflowError):
                continue  # values of several types are no column
            pq.write_table(table, Path(work) / f"{number}.parquet")
            same_both_ways(Path(work) / f"{number}.parquet")


def _text(value: object) -> str | None:
    return None if value is None else ";".join(map(str, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp("s"),
        pa.timestamp("us"),
        pa.timestamp("ns"),
        pa.timestamp("us", "Asia/Shanghai"),
        pa.date32(),
        pa.date64(),
    ],
)
def test_moments_of_every_type_are_the_same(tmp_path: Path, kind: pa.DataType) -> None:
    days = [date(2023, 7, 14), date(1949, 1, 1), date(2100, 12, 31)]
    moments = [datetime(2023, 7, 14, 9, 30), datetime(2023, 7, 14), datetime(2101, 1, 1)]
    values = pa.array(days if pa.types.is_date(kind) else moments).cast(kind)
    names = {"id": ["1", "2", "3"], "type": ["training.held"] * 3, "unit": ["minzheng"] * 3}
    pq.write_table(pa.table({**names, "occurred_at": values, "recorded_at": values}), tmp_path / "a.parquet")
    same_both_ways(tmp_path / "a.parquet")


def test_what_is_in_form_is_read_column_by_column(tmp_path: Path, quick: list[bool]) -> None:
    same = {"type": "consultation.feedback_published", "subject": "甲", "recorded_at": "2023-07-15T10:00"}
    good = [event(f"e{number}", data={"note": "甲", "covers": ["reasons"]}, **same) for number in range(9)]
    log = read(jsonl(tmp_path / "log.jsonl", *good))
    assert log.problems == ()
    assert quick
    assert all(quick)
    quick.clear()
    table = pa.Table.from_pylist(good)
    pq.write_table(table, tmp_path / "struct.parquet")
    pq.write_table(log.table, tmp_path / "own.parquet")
    for name in ("struct", "own"):
        result = read(tmp_path / f"{name}.parquet")
        assert result.table.drop_columns(["file"]).equals(log.table.drop_columns(["file"]))
    assert quick == [True] * 6


def test_whatever_is_taken_for_clean_at_a_glance_is_clean(tmp_path: Path, quick: list[bool]) -> None:
    glance = "".join(map(chr, (*range(0x21, 0x7F), *range(0x4000, 0xA000)))) + "〔〕《》“”、。，；：？！（）"
    texts = [glance[start : start + 500] for start in range(0, len(glance), 500)]
    log = jsonl(tmp_path / "log.jsonl", *(event(f"e{number}", data={"note": one}) for number, one in enumerate(texts)))
    same_both_ways(log)
    assert len(quick) > len(texts) / 3
    assert all(quick)
    assert read(log).table["data.note"].to_pylist() == texts


@pytest.mark.parametrize(
    "text", ["甲\u3000", "–", "乙 ", " 丙", "一\u200b二", "三\u2028四", "\uff08甲\uff09\u3000", "Ａ", "丽"]
)
def test_a_text_beside_clean_ones_is_looked_at(tmp_path: Path, text: str) -> None:
    rows = [event(f"e{number}", data={"note": one}) for number, one in enumerate(("甲", text, "“乙”（丙）"))]
    same_both_ways(jsonl(tmp_path / "log.jsonl", *rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "log.parquet")
    same_both_ways(tmp_path / "log.parquet")


@pytest.mark.parametrize(
    "text",
    [
        '{"id":"1","id":"2","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14"}\n',
        '{"id":"1","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14"} {"id":"2"}\n',
        '{"id":"1","type":"training.held",\n"unit":"minzheng","occurred_at":"2023-07-14"}\n',
        '{"id":"1","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14","data":{"delegates":1.0}}\n',
        '{"id":"1","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14","data":{"value":NaN}}\n',
        '\r\r\n\n{"id":"1","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14"}\r \r{"id":"2"}',
        '{"specversion":"1.0","id":"1","type":"training.held","source":"minzheng","time":"2023-07-14"}\n',
        '{"id":"\\ud800","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14"}\n',
    ],
)
def test_what_only_looks_like_the_form_is_the_same(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(text, encoding="utf-8", newline="")
    same_both_ways(path)


def test_the_line_of_every_row_is_its_place(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = [json.dumps(event(str(number))) for number in range(1, 40)]
    path.write_text("\n\n\r\n".join(lines), encoding="utf-8", newline="")
    result = read_events([path], Names())
    assert result.table["place"].to_pylist() == [str(3 * number - 2) for number in range(1, 40)]


def test_attributes_in_a_struct_are_read_over_several_row_groups(tmp_path: Path, quick: list[bool]) -> None:
    good = [event(f"e{number}", data={"note": f"第{number}次"}) for number in range(12)]
    pq.write_table(pa.Table.from_pylist(good), tmp_path / "log.parquet", row_group_size=5)
    result = read(tmp_path / "log.parquet")
    assert result.problems == ()
    assert result.table["data.note"].to_pylist() == [one["data"]["note"] for one in good]
    assert quick == [True] * 4
