"""A block of JSON lines has the attributes that its lines have, wherever in it they come first."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from events.formats.json_block import BlockReader

ATTRIBUTES = {"title": pa.string(), "covers": pa.list_(pa.string()), "value": pa.float64(), "consulted": pa.bool_()}
PLAIN = [{"id": str(number), "data": {"title": "甲" * 20}} for number in range(2000)]


def reader() -> BlockReader:
    return BlockReader(
        ATTRIBUTES, lambda data: pa.schema([("id", pa.string()), ("data", data)]), unexpected_field_behavior="error"
    )


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()


def said(table: pa.Table) -> list[dict[str, Any]]:
    """The rows without what they do not say."""
    rows = []
    for row in table.to_pylist():
        data = {name: value for name, value in (row["data"] or {}).items() if value is not None}
        rows.append({"id": row["id"], **({"data": data} if data else {})})
    return rows


@pytest.mark.parametrize(
    "late",
    [
        {"id": "x", "data": {"value": 3.5, "covers": ["a", "b"]}},
        {"id": "x", "data": {"title": '有,"value":的文字'}},
        {"id": "x", "data": {"consulted": False}},
        {"id": "x"},
    ],
)
def test_what_a_later_line_has_is_read(late: dict[str, Any]) -> None:
    one = reader()
    first, second = [*PLAIN, late], [late, *PLAIN[:3]]
    assert said(one.read(lines(*first))) == first
    assert said(one.read(lines(*second))) == second
    assert said(reader().read(lines(late))) == [late]


def test_a_name_that_is_written_with_escapes_is_read() -> None:
    text = lines(PLAIN[0]) + b'{"id":"x","data":{"v\\u0061lue":2}}\n'
    assert said(reader().read(text))[1] == {"id": "x", "data": {"value": 2.0}}


@pytest.mark.parametrize(
    "wrong", [{"id": "x", "data": {"other": 1}}, {"id": "x", "data": {"value": "three"}}, {"no": "x"}]
)
def test_what_is_not_known_and_another_type_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(pa.ArrowException):
        reader().read(lines(*PLAIN, wrong))


def test_a_line_longer_than_what_one_processor_reads_is_read() -> None:
    long = {"id": "x", "data": {"title": "乙" * 400_000}}
    assert said(reader().read(lines(*PLAIN, long, PLAIN[0]))) == [*PLAIN, long, PLAIN[0]]


def test_a_wrong_line_of_a_large_block_is_counted_from_its_start() -> None:
    many = [{"id": str(number), "data": {"title": "甲" * 200}} for number in range(4000)]
    with pytest.raises(pa.ArrowException, match=r"row 3500\b"):
        reader().read(lines(*many[:3500], {"id": "x", "data": {"value": "three"}}, *many[3500:]))


def test_a_large_block_keeps_its_order_whatever_its_lines_have() -> None:
    many = [{"id": str(number), "data": {"title": "甲" * 200}} for number in range(6000)]
    many[4000]["data"] = {"value": 4.0}
    assert said(reader().read(lines(*many))) == many
