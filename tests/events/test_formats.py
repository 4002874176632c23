from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.events.reading import HEADINGS, codes, column, csv_file, csv_text, event, jsonl, parquet, read, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENTS: tuple[dict[str, Any], ...] = (
    {
        "id": "1",
        "type": "consultation.feedback_published",
        "unit": "县民政局",
        "subject": "金政发〔2023〕3号",
        "occurred_at": "2023-07-14",
        "recorded_at": "2023-07-20",
        "data": {"covers": ["collected", "reasons"], "title": '关于"反馈", 续'},
    },
    {
        "id": "2",
        "type": "decision.issued",
        "unit": "金乡街道",
        "subject": "甲",
        "occurred_at": "2023-07-14T14:30:00",
        "data": {"consulted": True},
    },
    {
        "id": "3",
        "type": "indicator.reported",
        "unit": "县民政局",
        "occurred_at": "2023-12-01",
        "data": {"indicator": "就业", "value": 3900.5},
    },
    {
        "id": "4",
        "type": "executive_meeting.attended",
        "unit": "县民政局",
        "subject": "第 12 次",
        "occurred_at": "2023-03-17",
    }
    | {"data": {"delegates": 2}, "corrects": "5"},
    {
        "id": "5",
        "type": "executive_meeting.attended",
        "unit": "县民政局",
        "subject": "第 12 次",
        "occurred_at": "2023-03-18",
    },
)
HEAD = (
    *("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects"),
    *("data.covers", "data.title", "data.consulted", "data.indicator", "data.value", "data.delegates"),
)


def cells(one: dict[str, Any]) -> list[Any]:
    """Return an event as the cells of a table, its lists with semicolons."""
    values = [one.get("data", {}).get(name.removeprefix("data."), one.get(name)) for name in HEAD]
    return [";".join(value) if isinstance(value, list) else value for value in values]


def rows() -> list[list[Any]]:
    return [list(HEAD), *(cells(one) for one in EVENTS)]


def write_csv(path: Path) -> Path:
    return csv_file(path.with_suffix(".csv"), rows(), encoding="utf-8-sig")


def write_gb18030(path: Path) -> Path:
    return csv_file(path.with_suffix(".csv"), rows(), encoding="gb18030")


def write_utf16(path: Path) -> Path:
    return csv_file(path.with_suffix(".csv"), rows(), encoding="utf-16", delimiter="\t")


def write_tsv(path: Path) -> Path:
    return csv_file(path.with_suffix(".tsv"), rows(), delimiter="\t")


def write_semicolons(path: Path) -> Path:
    return csv_file(path.with_suffix(".csv"), rows(), delimiter=";")


def write_xlsx(path: Path) -> Path:
    table = rows()
    for row in table[1:]:
        row[4] = datetime.fromisoformat(row[4])
    return xlsx(path.with_suffix(".xlsx"), table)


def write_list(path: Path) -> Path:
    path = path.with_suffix(".json")
    path.write_text(json.dumps(EVENTS, ensure_ascii=False, indent=2), encoding="utf-8")
    return path


def write_cloud(path: Path) -> Path:
    names = {"unit": "source", "occurred_at": "time", "recorded_at": "recordedat"}
    clouds = [{"specversion": "1.0", **{names.get(key, key): value for key, value in one.items()}} for one in EVENTS]
    return jsonl(path.with_suffix(".jsonl"), *clouds)


def write_parquet(path: Path) -> Path:
    table = pa.Table.from_pylist([dict(zip(HEAD, cells(one), strict=True)) for one in EVENTS])
    pq.write_table(table, path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def write_typed_parquet(path: Path) -> Path:
    columns = {name: [one.get(name) for one in EVENTS] for name in HEAD[:7]}
    moments = [datetime.fromisoformat(one["occurred_at"]) for one in EVENTS]
    data = [one.get("data") for one in EVENTS]
    kind = pa.struct(
        [
            ("covers", pa.list_(pa.string())),
            ("title", pa.string()),
            ("consulted", pa.bool_()),
            ("indicator", pa.string()),
            ("value", pa.float64()),
            ("delegates", pa.int64()),
        ]
    )
    return parquet(
        path.with_suffix(".parquet"),
        {**columns, "occurred_at": pa.array(moments, pa.timestamp("ns")), "data": pa.array(data, kind)},
    )


WRITERS = [
    write_csv,
    write_gb18030,
    write_utf16,
    write_tsv,
    write_semicolons,
    write_xlsx,
    write_list,
    write_cloud,
    write_parquet,
    write_typed_parquet,
]


@pytest.mark.parametrize("write", WRITERS)
def test_every_format_reads_the_same_events(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    expected = read(jsonl(tmp_path / "expected.jsonl", *EVENTS))
    assert expected.problems == ()
    assert expected.table.num_rows == len(EVENTS)
    result = read(write(tmp_path / "log"))
    assert [problem.line("en") for problem in result.problems] == []
    assert result.table.drop(["file", "place"]).equals(expected.table.drop(["file", "place"]))


def test_an_event_has_its_values_in_their_types(tmp_path: Path) -> None:
    first, second, *_ = read(jsonl(tmp_path / "log.jsonl", *EVENTS)).table.to_pylist()
    assert (first["unit"], first["occurred_at"], first["timed"]) == ("minzheng", datetime(2023, 7, 14), False)
    assert first["recorded_at"] == datetime(2023, 7, 20)
    assert first["data.covers"] == ["collected", "reasons"]
    assert first["data.consulted"] is None
    assert (second["occurred_at"], second["timed"]) == (datetime(2023, 7, 14, 14, 30), True)
    assert second["recorded_at"] == second["occurred_at"]
    assert second["data.consulted"] is True


def test_a_place_is_the_line_or_sheet_and_cell(tmp_path: Path) -> None:
    table = [HEADINGS, ("1", "training.held", "县民政局", date(2023, 7, 14))]
    log = read(
        csv_file(tmp_path / "a.csv", [HEADINGS, (), table[1]]),
        xlsx(tmp_path / "b.xlsx", [*table, ("2", *table[1][1:])]),
    )
    assert column(log, "place") == ["3", "台账!A3"]
    assert column(log, "file") == [str(tmp_path / "a.csv"), str(tmp_path / "b.xlsx")]


def test_the_event_table_itself_can_be_read_again(tmp_path: Path) -> None:
    first = read(jsonl(tmp_path / "log.jsonl", *EVENTS))
    path = tmp_path / "again.parquet"
    pq.write_table(first.table, path)
    again = read(path)
    assert again.problems == ()
    assert again.table.drop(["file", "place"]).equals(first.table.drop(["file", "place"]))


def test_parquet_takes_chinese_headings_maps_decimals_and_json_text(tmp_path: Path) -> None:
    columns = {"编号": [1], "类型": ["指标上报"], "单位": ["县民政局"], "日期": [20230714]}
    typed = parquet(tmp_path / "a.parquet", {**columns, "数值": pa.array(["1.5"]).cast(pa.decimal128(9, 2))})
    text = parquet(tmp_path / "b.parquet", {**columns, "编号": [2], "data": ['{"value": 1.5}']})
    kind = pa.map_(pa.string(), pa.string())
    mapped = parquet(tmp_path / "c.parquet", {**columns, "编号": [3], "data": pa.array([[("value", "1.5")]], kind)})
    log = read(typed, text, mapped)
    assert codes(log) == ["nameless-figure"] * 3
    assert column(log, "id") == ["1", "2", "3"]
    assert column(log, "data.value") == [1.5, 1.5, 1.5]


def test_a_parquet_file_without_a_column_is_one_problem(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", {"id": ["1", "2"], "type": ["training.held"] * 2, "unit": ["县民政局"] * 2})
    log = read(path)
    assert codes(log) == ["missing-column"]
    assert str(log.problems[0].where) == str(path)


def test_a_data_column_that_is_no_object_is_a_problem_of_its_row(tmp_path: Path) -> None:
    columns = {"id": ["1", "2", "3"], "type": ["training.held"] * 3, "unit": ["县民政局"] * 3}
    data = ["{", "[1]", ""]
    log = read(parquet(tmp_path / "a.parquet", {**columns, "occurred_at": ["2023-07-14"] * 3, "data": data}))
    assert [(one.code, one.where.line) for one in log.problems] == [("bad-value", 1), ("bad-value", 2)]
    assert column(log, "id") == ["3"]


def test_values_that_python_cannot_hold_are_problems_of_their_row(tmp_path: Path) -> None:
    columns = {"id": ["1", "2"], "type": ["training.held"] * 2, "unit": ["县民政局"] * 2}
    far = pa.array([2**60, 1689292800000000], pa.timestamp("us"))
    log = read(parquet(tmp_path / "a.parquet", {**columns, "occurred_at": far}))
    assert [(one.code, one.where.line) for one in log.problems] == [("bad-date", 1)]
    assert column(log, "occurred_at") == [datetime(2023, 7, 14)]
    raw = pa.array([b"\xff", b"\xe4\xb8\x80"], pa.binary())
    log = read(parquet(tmp_path / "b.parquet", {**columns, "occurred_at": ["2023-07-14"] * 2, "data.note": raw}))
    assert {one.code for one in log.problems} == {"bad-value"}


def not_utf8(*values: bytes) -> pa.Array:
    """Return texts whose bytes are as they are, which a file may have though it says that they are UTF-8."""
    raw = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())


@pytest.mark.parametrize("wrong", [(b"\xc3(", b"\xed\xa0\x80"), (b"\xe5\x80", b"\x80\xe5\xe5")])
@pytest.mark.parametrize("kind", ["id", "subject", "data.note", "data.covers", "struct", "map"])
def test_text_of_parquet_that_is_no_utf8_is_a_problem_of_its_row(
    tmp_path: Path, kind: str, wrong: tuple[bytes, bytes]
) -> None:
    kinds = ["consultation.feedback_published"] * 3
    columns: dict[str, Any] = {"id": ["1", "2", "3"], "type": kinds, "unit": ["县民政局"] * 3, "subject": ["甲"] * 3}
    texts = not_utf8(wrong[0], b"collected", wrong[1])
    column_of = {
        "data.covers": lambda: pa.ListArray.from_arrays([0, 1, 2, 3], texts),
        "struct": lambda: pa.StructArray.from_arrays([texts], ["note"]),
        "map": lambda: pa.MapArray.from_arrays([0, 1, 2, 3], pa.array(["note"] * 3), texts),
    }
    name = "data" if kind in {"struct", "map"} else kind
    columns = {**columns, "occurred_at": ["2023-07-14"] * 3, name: column_of.get(kind, lambda: texts)()}
    log = read(parquet(tmp_path / "a.parquet", columns))
    assert [(one.code, one.where.line) for one in log.problems] == [("bad-value", 1), ("bad-value", 3)]
    assert column(log, "place") == ["2"]


@pytest.mark.parametrize("ends", [("\n", "\r\n", "\r"), ("\r", "\n", "\r\n"), ("\r\n", "\r", "\n")])
def test_line_ends_may_be_mixed(tmp_path: Path, ends: tuple[str, str, str]) -> None:
    lines = [json.dumps(event(str(number))) for number in range(3)]
    path = tmp_path / "log.jsonl"
    path.write_bytes("".join(line + end for line, end in zip(lines, ends, strict=True)).encode())
    assert column(read(path), "place") == ["1", "2", "3"]
    table = [
        csv_text([row], end=end) for row, end in zip([HEADINGS, *([list(event("1").values())] * 2)], ends, strict=True)
    ]
    path = tmp_path / "log.csv"
    path.write_bytes("".join(table).replace("1,", "x,", 1).encode())
    log = read(path)
    assert log.problems == ()
    assert column(log, "place") == ["2", "3"]


def test_a_quoted_line_break_is_a_space_and_lines_are_still_counted(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "log.csv",
        [
            (*HEADINGS, "标题"),
            ("1", "training.held", "县民政局", "2023-07-14", "一\r\n二"),
            ("2", "x", "县民政局", "2023-07-14", ""),
        ],
    )
    log = read(path)
    assert column(log, "data.title") == ["一 二"]
    assert [(one.code, one.where.line, one.where.column) for one in log.problems] == [("unknown-type", 4, 2)]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    titles = ["=1+1", "+86", "-5", "@SUM(A1)", '=HYPERLINK("http://x")']
    table = [
        (*HEADINGS, "标题"),
        *((str(n), "training.held", "县民政局", "2023-07-14", one) for n, one in enumerate(titles)),
    ]
    assert column(read(csv_file(tmp_path / "a.csv", table)), "data.title") == titles
    assert column(read(xlsx(tmp_path / "a.xlsx", table)), "data.title") == titles


def test_a_file_is_named_with_its_hash_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"")
    (file,) = read(path).files
    assert (file.path, file.rows) == (str(path), 0)
    assert file.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert read(jsonl(path, event("1"), event("2", unit="无"))).files[0].rows == 2
