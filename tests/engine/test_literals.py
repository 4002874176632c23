"""Text from outside enters a statement as a literal, or as a quoted name, and comes out of the database as it was."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.text import all_of, any_of, column, listed, literal, quoted

NASTY = ("'", "''", "'; DROP TABLE events; --", "\\'", "\0", "甲\0'乙", "$$", "{x}", "\r\n", "\u2028", "%s?")
NAMED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


DATABASE = duckdb.connect(":memory:")


def answer(expression: str) -> object:
    """Return what the database makes of an expression."""
    row = DATABASE.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("text", NASTY)
def test_what_could_end_a_literal_stays_in_it(text: str) -> None:
    assert answer(quoted(text)) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    assert answer(quoted(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_comes_out_as_it_went_in(value: float) -> None:
    assert answer(f"CAST({literal(value)} AS DOUBLE)") == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_number_comes_out_as_it_went_in(value: int) -> None:
    assert answer(literal(value)) == value


def test_yes_and_no_are_themselves() -> None:
    assert [answer(literal(value)) for value in (True, False)] == [True, False]


@given(NAMED)
def test_a_name_is_a_name(name: str) -> None:
    assert answer(f"t.{column(name)} FROM (SELECT 1 AS {column(name)}) AS t") == 1


def test_nothing_asked_of_all_holds_and_of_any_does_not() -> None:
    assert (answer(all_of([])), answer(any_of([]))) == (True, False)
    assert answer(f"2 IN {listed((1, 2))}") is True
