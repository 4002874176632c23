"""Rows as Python has them are those of Arrow, whatever the columns hold and wherever a table was cut."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from events.table import python_rows, python_values

COLUMNS = {
    "text": pa.array(["甲", None, "甲", "", "乙"]),
    "blank": pa.nulls(5, pa.string()),
    "sure": pa.array([True, False, None, True, False]),
    "number": pa.array([1.0, 0.5, None, 1.0, -2.0]),
    "whole": pa.array([1, 2, 1, None, 2**40]),
    "day": pa.array([date(2023, 1, 1), None, date(2023, 1, 1), date(2023, 12, 31), date(2024, 2, 29)]),
    "moment": pa.array([datetime(2023, 1, 1, 9, 30), None, None, datetime(2023, 1, 1), datetime(2023, 1, 1, 9, 30)]),
    "list": pa.array([["a", "b"], None, [], ["b", None], ["a"]]),
}


@pytest.mark.parametrize("start", [0, 1, 3])
@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_rows_are_those_of_the_table(start: int, length: int) -> None:
    table = pa.concat_tables([pa.table(COLUMNS), pa.table(COLUMNS).slice(1, 3)]).slice(start, length)
    assert python_rows(table) == table.to_pylist()


def test_a_value_that_repeats_is_one_object() -> None:
    first, _, again, *_ = python_values(pa.chunked_array([COLUMNS["text"]]))
    assert first is again
