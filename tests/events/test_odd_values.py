"""Values and columns that cannot be what they are written as: each is told, none is an exception."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from events.vocabulary import Vocabulary
from tests.events.hostile import ROW, parquet_of
from tests.events.reading import HEADINGS, codes, csv_file, event, jsonl, only, parquet, read, xlsx

if TYPE_CHECKING:
    from pathlib import Path

DATES = [
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "-2023-07-14",
    "2023-00-00",
    "1e309",
    "NaN",
    "Infinity",
    "\x002023",
]


def test_a_cell_is_quoted_as_a_person_sees_it(tmp_path: Path) -> None:
    rows = [HEADINGS, ("1", "业务培训", "县民政局", time(9, 30)), ("2", "业务培训", "县民政局", 20231)]
    told = [one.fact.zh for one in read(xlsx(tmp_path / "log.xlsx", rows)).problems]
    assert len(told) == 2
    assert "“09:30:00”" in told[0]
    assert "20231.0" not in told[1]
    assert "20231" in told[1]


@pytest.mark.parametrize("value", DATES)
def test_a_date_that_cannot_be_is_told(tmp_path: Path, value: str) -> None:
    assert codes(read(jsonl(tmp_path / "log.jsonl", event(occurred_at=value)))) == ["bad-date"]


@pytest.mark.parametrize("value", ["1e309", "-1e309", "nan", "inf", "1" * 5000, "٣", "二三"])
def test_a_figure_that_cannot_be_is_told(tmp_path: Path, value: str) -> None:
    log = read(jsonl(tmp_path / "log.jsonl", event(type="indicator.reported", data={"value": value})))
    assert codes(log) in (["bad-value"], ["too-long"])


ODD: dict[str, Any] = {
    "nested": pa.array([[{"a": 1}]]),
    "binary": pa.array([b"\xff\xfe"]),
    "duration": pa.array([5], pa.duration("s")),
    "decimal": pa.array([1], pa.decimal256(76, 0)),
    "year 300000": pa.array([9_500_000_000_000], pa.timestamp("s")),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16))),
    "null": pa.nulls(1),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("field", ["id", "unit", "occurred_at", "data.participants", "data"])
def test_a_parquet_column_of_any_type_is_events_or_problems(tmp_path: Path, field: str, name: str) -> None:
    columns = {one: pa.array([cell]) for one, cell in zip(HEADINGS, ROW, strict=True)}
    log = read(parquet(tmp_path / "log.parquet", columns | {field: ODD[name]}))
    assert log.problems or log.table.num_rows == 1
    for problem in log.problems:
        assert "\n" not in problem.line()


NESTED = pa.array([1])
for _ in range(60):
    NESTED = pa.StructArray.from_arrays([NESTED], ["a"])
PREFIXED = dict.fromkeys(HEADINGS, "PLAIN") | {"subject": "DELTA_BYTE_ARRAY"}


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ({"data": NESTED}, {}),
        ({"subject": ["x" * 1000]}, {"use_dictionary": False, "column_encoding": PREFIXED}),
    ],
)
def test_parquet_that_its_reader_cannot_be_trusted_with_is_told(
    tmp_path: Path, more: dict[str, Any], how: dict[str, Any]
) -> None:
    path = tmp_path / "log.parquet"
    parquet_of({name: [cell] for name, cell in zip(HEADINGS, ROW, strict=True)} | more, **how)(path)
    assert only(read(path)).code == "bad-parquet"


def test_a_parquet_column_that_is_there_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    table = pa.Table.from_arrays([pa.array([cell]) for cell in (*ROW, "2")], names=[*HEADINGS, "id"])
    pq.write_table(table, path)
    assert only(read(path)).code == "repeated-column"


def test_what_is_near_a_column_that_nobody_knows_is_looked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def near(_: Vocabulary, text: str) -> tuple[str, ...]:
        asked.append(text)
        return ()

    monkeypatch.setattr(Vocabulary, "near_attribute", near)
    rows = [{**event(str(number)), "modality": "must", "document": "d", "unit": "县民正局"} for number in range(200)]
    log = read(jsonl(tmp_path / "log.jsonl", *rows))
    assert {one.code for one in log.problems} == {"unknown-unit", "unknown-attribute"}
    assert sorted(asked) == ["document", "modality"]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("已取消", True),
        ("因疫情取消", True),
        ("会议推迟", True),
        ("未召开", True),
        ("尚未完成", True),
        ("作废。", True),
        ("第二次", False),
        ("取消收费的培训", False),
        ("未成年人保护", False),
        ("推迟原定的议题后召开", False),
    ],
)
def test_a_remark_that_it_did_not_happen_is_told(tmp_path: Path, note: str, *, told: bool) -> None:
    log = read(csv_file(tmp_path / "log.csv", [(*HEADINGS, "备注"), ("1", "业务培训", "县民政局", "2023-07-14", note)]))
    assert (log.table.num_rows, codes(log)) == (1, ["note-not-done"] if told else [])
